using System.IO.Compression;
using System.Text.Json.Nodes;
using Alize.Data.People;
using Alize.Domain.Programmes;
using Alize.Web.Tests.Shell;
using Alize.Workflows.Demo;

namespace Alize.Web.Tests.Elsa.Instances;

public class InstancesTests(ElsaSite site) : IClassFixture<ElsaSite>
{
    private static readonly JsonNode Theirs = Recorded.Read("instances.json");

    [Fact]
    public async Task A_suspended_instance_is_told_as_Elsa_tells_it()
    {
        var (program, id) = await SuspendedAsync();
        using var _ = program;

        var answer = await program.GetAsync($"/workflow-instances/{id}");

        Assert.Equal(200, answer.Status);
        Assert.Empty(Recorded.Differences(Theirs["suspended"], answer.Json));
        Assert.Equal(("Running", "Suspended"), (answer.Json.Text("status"), answer.Json.Text("subStatus")));
        Assert.Equal("""{"eventName":"Go"}""", answer.Json!["workflowState"]!["bookmarks"]![0]!["payload"]!.ToJsonString());
        var itself = answer.Json["workflowState"]!["activityExecutionContexts"]!.AsArray().Single(c => c!["parentContextId"] is null);
        Assert.Equal("Workflow1", itself.Text("scheduledActivityNodeId"));
    }

    [Fact]
    public async Task A_faulted_instance_names_its_incident_without_a_stack()
    {
        await site.PublishAsync("echouer", Script.Failing.Replace("STRATEGY", "FaultStrategy", StringComparison.Ordinal));
        var id = await site.StartAsync("echouer");
        using var program = await site.OperatorAsync();

        var answer = await program.GetAsync($"/workflow-instances/{id}");

        // Of an ended instance the engine keeps what is looked at again: the workflow itself and its incidents.
        Assert.Empty(Recorded.Differences(Theirs["faulted"], answer.Json,
            "/workflowState/activityExecutionContexts/*/parentContextId", "/workflowState/activityExecutionContexts/*/ownerActivityNodeId",
            "/workflowState/activityExecutionContexts/*/activityState", "/workflowState/completionCallbacks"));
        var incident = answer.Json!["workflowState"]!["incidents"]!.AsArray().Single();
        Assert.Equal(("bad", "boom", "FaultException"), (incident.Text("activityId"), incident.Text("message"), incident!["exception"].Text("type")));
        Assert.Null(incident["exception"]!["stackTrace"]);
    }

    [Fact]
    public async Task The_list_sorts_searches_and_pages_as_the_Studio_asks()
    {
        var (program, id) = await SuspendedAsync();
        using var _ = program;

        var listed = await program.PostAsync("/workflow-instances", new JsonObject
        {
            ["page"] = 0, ["pageSize"] = 5, ["definitionIds"] = new JsonArray("attendre-go"), ["statuses"] = new JsonArray("Running"), ["orderBy"] = null, ["timestampFilters"] = new JsonArray(),
        });
        Assert.Equal(200, listed.Status);
        Assert.Empty(Recorded.Differences(Theirs["list"], listed.Json, "/items/*/finishedAt"));
        Assert.Contains(id, listed.Json!["items"]!.AsArray().Select(i => i.Text("id")));

        Assert.Equal(1, (int)(await program.GetAsync($"/workflow-instances?searchTerm={id}&pageSize=10")).Json!["totalCount"]!);
        Assert.Equal("""{"items":[],"totalCount":0}""", (await program.GetAsync("/workflow-instances?correlationId=c-77")).Text);
        Assert.Equal(0, (int)(await program.GetAsync("/workflow-instances?isSystem=True")).Json!["totalCount"]!);
        Assert.Equal(400, (await program.GetAsync("/workflow-instances?orderBy=Couleur")).Status);
    }

    [Fact]
    public async Task Unknown_instances_are_told_with_Elsas_status()
    {
        using var program = await site.OperatorAsync();
        Assert.Equal((404, ""), ((await program.GetAsync("/workflow-instances/nope")).Status, (await program.GetAsync("/workflow-instances/nope")).Text));
        Assert.Equal(404, (await program.GetAsync("/workflow-instances/nope/execution-state")).Status);
        Assert.Equal("""{"items":[],"totalCount":0}""", (await program.GetAsync("/workflow-instances/nope/journal")).Text);
        Assert.Equal(404, (await program.DeleteAsync("/workflow-instances/nope")).Status);
        Assert.Equal(404, (await program.PostAsync("/cancel/workflow-instances/nope")).Status);
        Assert.Equal("""{"items":[],"count":0}""", (await program.GetAsync("/activity-executions/list?WorkflowInstanceId=nope")).Text);
        Assert.Equal(404, (await program.GetAsync("/activity-executions/by-id?id=nope")).Status);
    }

    [Fact]
    public async Task The_journal_pages_filters_and_finds_the_last_line()
    {
        await site.PublishAsync("echouer-journal", Script.Failing.Replace("STRATEGY", "FaultStrategy", StringComparison.Ordinal));
        var id = await site.StartAsync("echouer-journal");
        using var program = await site.OperatorAsync();

        var page = await program.GetAsync($"/workflow-instances/{id}/journal?page=0&pageSize=3");
        Assert.Empty(Recorded.Differences(Theirs["journal"], page.Json));
        Assert.Equal(3, page.Json!["items"]!.AsArray().Count);

        var faults = (await program.PostAsync($"/workflow-instances/{id}/journal?skip=0&take=110", new JsonObject
        {
            ["filter"] = new JsonObject { ["activityIds"] = null, ["activityNodeIds"] = null, ["excludedActivityTypes"] = new JsonArray("Elsa.Workflow", "Elsa.Flowchart"), ["eventNames"] = new JsonArray("Faulted") },
        })).Json!;
        Assert.Equal((1, "bad"), ((int)faults["totalCount"]!, faults["items"]![0].Text("activityId")));

        var last = await program.GetAsync($"/workflow-instances/{id}/journal/bad");
        Assert.Empty(Recorded.Differences(Theirs["last"], last.Json, "/payload"));
        Assert.Equal(404, (await program.GetAsync($"/workflow-instances/{id}/journal/never")).Status);
    }

    [Fact]
    public async Task Executions_summaries_report_and_call_stack_have_the_shape_of_Elsas()
    {
        await site.PublishAsync("echouer-pas", Script.Failing.Replace("STRATEGY", "FaultStrategy", StringComparison.Ordinal));
        var id = await site.StartAsync("echouer-pas");
        using var program = await site.OperatorAsync();
        var bad = (await program.GetAsync($"/activity-executions/list?WorkflowInstanceId={id}&ActivityNodeId=Workflow1:root:bad")).Json!["items"]!.AsArray().Single()!;

        Assert.Empty(Recorded.Differences(Theirs["execution"], (await program.GetAsync($"/activity-executions/by-id?id={bad["id"]}")).Json, "/properties", "/metadata", "/tenantId", "/activityState"));
        Assert.Equal("E42", bad["activityState"].Text("Code"));
        Assert.Equal(1, (int)(await program.GetAsync($"/activity-executions/count?workflowInstanceId={id}&activityId=bad")).Json!["count"]!);
        Assert.Empty(Recorded.Differences(Theirs["summaries"], (await program.GetAsync($"/activity-execution-summaries/list?WorkflowInstanceId={id}")).Json, "/items/*/metadata"));

        var report = (await program.PostAsync("/activity-executions/report", new JsonObject { ["workflowInstanceId"] = id, ["activityNodeIds"] = new JsonArray("Workflow1:root:start", "Workflow1:root:bad") })).Json!;
        Assert.Empty(Recorded.Differences(Theirs["report"], report, "/stats/*/metadata"));
        Assert.Equal([("start", 1, false), ("bad", 0, true)], report["stats"]!.AsArray().Select(s => (s.Text("activityId"), (int)s!["completedCount"]!, (bool)s["isFaulted"]!)));

        var stack = (await program.GetAsync($"/activity-executions/{bad["id"]}/call-stack?includeCrossWorkflowChain=True")).Json!;
        Assert.Empty(Recorded.Differences(Theirs["stack"], stack, "/items/*/outputs", "/items/*/properties", "/items/*/metadata", "/items/*/tenantId"));
        Assert.Equal(("Workflow1", "bad"), (stack["items"]![0].Text("activityId"), stack["items"]!.AsArray()[^1].Text("activityId")));
    }

    [Fact]
    public async Task Variables_come_with_id_name_and_value()
    {
        await site.PublishAsync("variables", Script.Failing.Replace("STRATEGY", "ContinueWithIncidentsStrategy", StringComparison.Ordinal));
        var id = await site.StartAsync("variables");
        using var program = await site.OperatorAsync();

        var variables = await program.GetAsync($"/workflow-instances/{id}/variables");

        Assert.Empty(Recorded.Differences(Theirs["variables"], variables.Json));
        Assert.Equal("""{"id":"v_J","name":"J","value":"un"}""", variables.Json!["items"]![0]!.ToJsonString());
    }

    [Fact]
    public async Task A_watched_instance_says_when_it_moves()
    {
        var (program, id) = await SuspendedAsync();
        using var _ = program;
        var before = await program.GetAsync($"/workflow-instances/{id}/execution-state");
        Assert.Empty(Recorded.Differences(Theirs["state"], before.Json));

        site.Time.Advance(TimeSpan.FromMinutes(1));
        await program.PostAsync("/events/Go/trigger", new JsonObject { ["workflowInstanceId"] = id });

        var after = await program.GetAsync($"/workflow-instances/{id}/execution-state");
        Assert.True(DateTimeOffset.Parse(after.Json.Text("updatedAt")) > DateTimeOffset.Parse(before.Json.Text("updatedAt")));
    }

    [Fact]
    public async Task A_part_of_the_drawing_and_the_way_to_a_node_are_found()
    {
        await site.PublishAsync("dessin", """
            {"name":"Dessin","root":{"id":"root","type":"Elsa.Flowchart","version":1,"connections":[],"activities":[
             {"id":"if1","name":"if1","type":"Elsa.If","version":1,"then":{"id":"inner","type":"Elsa.Flowchart","version":1,"connections":[],"activities":[{"id":"x","name":"x","type":"Elsa.Start","version":1}]}}]}}
            """);
        using var program = await site.OperatorAsync();

        var part = (await program.GetAsync("/workflow-definitions/subgraph/dessin-1?parentNodeId=Workflow1:root")).Json!;
        Assert.Equal(("Workflow1:root", "Root", "root"), (part.Text("nodeId"), part.Text("port"), part["activity"].Text("id")));

        var way = (await program.GetAsync("/workflow-definitions/subgraph/segments/dessin-1?childNodeId=Workflow1:root:if1:inner:x")).Json!;
        Assert.Empty(Recorded.Differences(Theirs["segments"], way, "/childNode/activity", "/container/activity"));
        Assert.Equal(("x", "if1"), (way["childNode"]!["activity"].Text("id"), way["container"]!["activity"].Text("id")));
        Assert.Equal("""[{"activityNodeId":"Workflow1:root:if1","activityId":"if1","activityType":"Elsa.If","portName":"Then","activityName":"if1"}]""", way["pathSegments"]!.ToJsonString());
        Assert.Equal(404, (await program.GetAsync("/workflow-definitions/subgraph/dessin-1?parentNodeId=Workflow1:nothing")).Status);
    }

    [Fact]
    public async Task Cancelling_ends_the_instance_once_and_is_in_the_trail()
    {
        var (program, id) = await SuspendedAsync(inProgramme: true);
        using var _ = program;

        Assert.Equal((200, ""), await StatusAsync(program.PostAsync($"/cancel/workflow-instances/{id}")));
        Assert.Equal((200, ""), await StatusAsync(program.PostAsync($"/cancel/workflow-instances/{id}")));

        var state = (await program.GetAsync($"/workflow-instances/{id}/execution-state")).Json;
        Assert.Equal(("Finished", "Cancelled"), (state.Text("status"), state.Text("subStatus")));
        Assert.Equal("""{"cancelled":0}""", (await program.PostAsync("/bulk-actions/cancel/workflow-instances/", new JsonObject { ["ids"] = new JsonArray(id) })).Text);
        Assert.Contains(await site.TrailAsync("procedure-cancel"), e => e.Actor == DemoTerritory.OperatorName && e.Text.Contains("my-name", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cancelling_by_version_ends_what_runs_of_it()
    {
        await site.PublishAsync("beaucoup", Script.EventThenDelay);
        for (var i = 0; i < 3; i++) await site.StartAsync("beaucoup");
        using var program = await site.OperatorAsync();

        Assert.Equal("""{"cancelled":3}""", (await program.PostAsync("/bulk-actions/cancel/workflow-instances", new JsonObject { ["definitionVersionId"] = "beaucoup-1" })).Text);
        Assert.Equal("""{"cancelled":0}""", (await program.PostAsync("/bulk-actions/cancel/workflow-instances", new JsonObject())).Text);
    }

    [Fact]
    public async Task A_deleted_instance_leaves_nothing_behind_but_the_trail()
    {
        var (program, id) = await SuspendedAsync();
        using var _ = program;

        Assert.Equal((204, ""), await StatusAsync(program.DeleteAsync($"/workflow-instances/{id}")));

        Assert.Equal(404, (await program.GetAsync($"/workflow-instances/{id}")).Status);
        Assert.Equal("""{"items":[],"totalCount":0}""", (await program.GetAsync($"/workflow-instances/{id}/journal")).Text);
        Assert.False(await site.ReadAsync(db => Task.FromResult(db.Bookmarks.Any(b => b.InstanceId == id) || db.Timers.Any(t => t.InstanceId == id))));
        Assert.NotEmpty(await site.TrailAsync("procedure-delete"));
        Assert.Equal("""{"deleted":0}""", (await program.PostAsync("/bulk-actions/delete/workflow-instances/by-id", new JsonObject { ["ids"] = new JsonArray(id) })).Text);
    }

    [Fact]
    public async Task An_exported_instance_has_Elsas_four_parts()
    {
        var (program, id) = await SuspendedAsync();
        using var _ = program;

        var file = await program.GetAsync($"/workflow-instances/{id}/export");
        Assert.Equal(["WorkflowState", "Bookmarks", "ActivityExecutionRecords", "WorkflowExecutionLogRecords"], file.Json!.AsObject().Select(p => p.Key));
        Assert.Contains("attachment", file.Header("Content-Disposition"), StringComparison.Ordinal);
        Assert.Equal("Elsa.Event", file.Json["Bookmarks"]![0].Text("activityTypeName"));

        var answer = await program.PostAsync("/bulk-actions/export/workflow-instances", new JsonObject { ["ids"] = new JsonArray(id) });
        await using var zip = new ZipArchive(await answer.Message.Content.ReadAsStreamAsync(TestSite.Cancel));
        Assert.Single(zip.Entries);
        Assert.Equal(204, (await program.PostAsync("/bulk-actions/export/workflow-instances", new JsonObject { ["ids"] = new JsonArray("nope") })).Status);
        Assert.Equal(400, (await program.PostAsync("/bulk-actions/import/workflow-instances")).Status);
    }

    [Fact]
    public async Task Who_designs_for_one_programme_does_not_see_the_instances_of_another()
    {
        await site.PublishAsync("attendre-go", Script.EventThenDelay);
        var other = await OtherProgrammeAsync();
        var (theirs, ours, nobodys) = (await site.StartAsync("attendre-go", other), await site.StartAsync("attendre-go", await site.TenantAsync()), await site.StartAsync("attendre-go"));
        await site.AddAsync(ElsaSite.Designer, "Aline Dessin", MemberRole.Designer);
        using var designer = await site.SignInAsync(ElsaSite.Designer, ElsaSite.Password);

        Assert.Equal((404, 200, 200), (await StatusOf(theirs), await StatusOf(ours), await StatusOf(nobodys)));
        var listed = (await designer.GetAsync("/workflow-instances?definitionId=attendre-go")).Json!["items"]!.AsArray().Select(i => i.Text("id")).ToList();
        Assert.Contains(ours, listed);
        Assert.DoesNotContain(theirs, listed);
        Assert.Equal("""{"items":[],"totalCount":0}""", (await designer.GetAsync($"/workflow-instances/{theirs}/journal")).Text);
        Assert.Equal("""{"items":[],"count":0}""", (await designer.GetAsync($"/activity-executions/list?WorkflowInstanceId={theirs}")).Text);
        Assert.Equal(404, (await designer.PostAsync($"/cancel/workflow-instances/{theirs}")).Status);
        Assert.Equal(404, (await designer.DeleteAsync($"/workflow-instances/{theirs}")).Status);

        // An event of theirs does not reach another programme's instance either.
        await designer.PostAsync("/events/Go/trigger", new JsonObject());
        Assert.Equal(("Elsa.Event", "Elsa.Timer"), (await WaitsForAsync(theirs), await WaitsForAsync(ours)));
        Assert.Equal(400, (await designer.PostAsync("/events/Go/trigger", new JsonObject { ["workflowInstanceId"] = theirs })).Status);

        async Task<int> StatusOf(string id) => (await designer.GetAsync($"/workflow-instances/{id}")).Status;
    }

    private static async Task<(int, string)> StatusAsync(Task<ElsaAnswer> asked)
    {
        var answer = await asked;
        return (answer.Status, answer.Text);
    }

    private Task<string> WaitsForAsync(string id) => site.ReadAsync(db => Task.FromResult(db.Bookmarks.Single(b => b.InstanceId == id).Name));

    private async Task<(ElsaClient Program, string Id)> SuspendedAsync(bool inProgramme = false)
    {
        await site.PublishAsync("attendre-go", Script.EventThenDelay);
        return (await site.OperatorAsync(), await site.StartAsync("attendre-go", inProgramme ? await site.TenantAsync() : null));
    }

    private Task<string> OtherProgrammeAsync() => site.ReadAsync(async db =>
    {
        var programme = new Programme { Id = Guid.CreateVersion7(), Slug = $"autre-{Guid.NewGuid():N}"[..12], Name = "Autre", Territory = "Ailleurs", SignedOn = new DateOnly(2026, 1, 1) };
        db.Programmes.Add(programme);
        await db.SaveChangesAsync(TestSite.Cancel);
        return programme.Id.ToString();
    });
}
