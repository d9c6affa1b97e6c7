using System.Text.Json.Nodes;
using Alize.Engine.Definitions;
using Alize.Engine.Runtime;
using Alize.Engine.Storage;
using Alize.Web.Tests.Shell;
using Alize.Workflows.Demo;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Tests.Elsa;

/// <summary>Definitions and instances for the tests of what a script sees.</summary>
internal static class Script
{
    /// <summary>Waits for the event Go, then a second, then ends.</summary>
    public const string EventThenDelay = """
        {"name":"Attendre Go","variables":[],"inputs":[],"outputs":[],"outcomes":[],"customProperties":{},"options":{},
         "root":{"id":"root","name":"root","type":"Elsa.Flowchart","version":1,"activities":[
          {"id":"co","name":"co","type":"Elsa.Correlate","version":1,"correlationId":{"typeName":"String","expression":{"type":"Literal","value":"corr-1"}}},
          {"id":"sn","name":"sn","type":"Elsa.SetName","version":1,"value":{"typeName":"String","expression":{"type":"Literal","value":"my-name"}}},
          {"id":"ev","name":"ev","type":"Elsa.Event","version":1,"eventName":{"typeName":"String","expression":{"type":"Literal","value":"Go"}}},
          {"id":"d","name":"d","type":"Elsa.Delay","version":1,"timeSpan":{"typeName":"TimeSpan","expression":{"type":"Literal","value":"00:00:01"}}},
          {"id":"fin","name":"fin","type":"Elsa.Finish","version":1}],
          "connections":[
          {"source":{"activity":"co","port":"Done"},"target":{"activity":"sn","port":"In"}},{"source":{"activity":"sn","port":"Done"},"target":{"activity":"ev","port":"In"}},
          {"source":{"activity":"ev","port":"Done"},"target":{"activity":"d","port":"In"}},{"source":{"activity":"d","port":"Done"},"target":{"activity":"fin","port":"In"}}]}}
        """;

    /// <summary>Fails in its second step; the strategy is to be filled in.</summary>
    public const string Failing = """
        {"name":"Échouer","variables":[{"id":"v_J","name":"J","typeName":"String","isArray":false,"value":"un"}],"inputs":[],"outputs":[],"outcomes":[],"customProperties":{},"options":{"incidentStrategyType":"STRATEGY"},
         "root":{"id":"root","name":"root","type":"Elsa.Flowchart","version":1,"activities":[
          {"id":"start","name":"start","type":"Elsa.Start","version":1},
          {"id":"bad","name":"bad","type":"Elsa.Fault","version":1,"code":{"typeName":"String","expression":{"type":"Literal","value":"E42"}},"message":{"typeName":"String","expression":{"type":"Literal","value":"boom"}}}],
          "connections":[{"source":{"activity":"start","port":"Done"},"target":{"activity":"bad","port":"In"}}]}}
        """;

    /// <summary>Asks for a task and keeps its result.</summary>
    public const string Task = """
        {"name":"Tâche","variables":[{"id":"v_R","name":"R","typeName":"Object","isArray":false}],"inputs":[],"outputs":[],"outcomes":[],"customProperties":{},"options":{},
         "root":{"id":"root","name":"root","type":"Elsa.Flowchart","version":1,"activities":[
          {"id":"t","name":"t","type":"Elsa.RunTask","version":1,"taskName":{"typeName":"String","expression":{"type":"Literal","value":"Compter"}},"result":{"typeName":"Object","memoryReference":{"id":"v_R"}}},
          {"id":"ev","name":"ev","type":"Elsa.Event","version":1,"eventName":{"typeName":"String","expression":{"type":"Literal","value":"Fin"}}}],
          "connections":[{"source":{"activity":"t","port":"Done"},"target":{"activity":"ev","port":"In"}}]}}
        """;

    /// <summary>Publishes a definition, once.</summary>
    public static Task<bool> PublishAsync(this ElsaSite site, string definitionId, string json) => site.DoAsync<IWorkflowStore, bool>(async store =>
    {
        if (await store.FindDefinitionAsync(definitionId, published: true, TestSite.Cancel) is not null) return false;
        var document = DefinitionDocument.Parse(json);
        document.DefinitionId = definitionId;
        return await store.AddDefinitionAsync(
            new StoredDefinition
            {
                Id = $"{definitionId}-1",
                DefinitionId = definitionId,
                Version = 1,
                Name = document.Name ?? definitionId,
                Json = document.Normalise().ToJson(),
                IsLatest = true,
                IsPublished = true,
                CreatedAt = site.Time.GetUtcNow().UtcDateTime,
            },
            [],
            TestSite.Cancel);
    });

    /// <summary>Starts an instance; without a programme it is a trial.</summary>
    public static async Task<string> StartAsync(this ElsaSite site, string definitionId, string? tenantId = null, string? correlationId = null) =>
        (await site.DoAsync<WorkflowRuntime, RunResult>(runtime => runtime.StartAsync(
            new StartWorkflow { DefinitionId = definitionId, TenantId = tenantId, CorrelationId = correlationId }, TestSite.Cancel))).InstanceId;

    /// <summary>Id of the demonstration's programme, as instances have it.</summary>
    public static Task<string> TenantAsync(this ElsaSite site) =>
        site.ReadAsync(async db => (await db.Programmes.SingleAsync(p => p.Slug == DemoTerritory.Slug, TestSite.Cancel)).Id.ToString());

    public static Task<IReadOnlyList<(string Kind, string Actor, string Text)>> TrailAsync(this ElsaSite site, string kind) => site.ReadAsync(async db =>
        (IReadOnlyList<(string, string, string)>)[.. (await db.AuditEntries.AsNoTracking().Where(e => e.Kind == kind).OrderBy(e => e.Id).ToListAsync(TestSite.Cancel))
            .Select(e => (e.Kind, e.Actor, e.Text))]);

    public static string Text(this JsonNode? node, string name) => (string?)node?[name] ?? "";
}
