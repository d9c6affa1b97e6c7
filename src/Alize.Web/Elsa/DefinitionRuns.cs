using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Engine.Definitions;
using Alize.Engine.Runtime;
using Alize.Engine.Storage;
using Alize.Web.Elsa.Instances;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Elsa;

/// <summary>
/// Starting instances. <c>execute</c> runs the first burst and answers with where it stands; <c>dispatch</c> writes the wish to start
/// and answers at once. A start by hand is in the trail, with who did it.
/// </summary>
internal static class DefinitionRuns
{
    private const int MostAtOnce = 1000;
    private const string InstanceIdHeader = "x-elsa-workflow-instance-id";
    private const string CannotStartHeader = "x-elsa-workflow-cannot-start";
    private const string ElsasHeader = "x-elsa-response";

    public static void Map(RouteGroupBuilder api)
    {
        var definitions = api.MapGroup("/workflow-definitions/{definitionId}");
        definitions.MapPost("/execute", ExecuteAsync);   // not by GET, as Elsa also takes it: a GET never acts
        definitions.MapPost("/dispatch", DispatchAsync);
        definitions.MapPost("/bulk-dispatch", BulkDispatchAsync);
    }

    private static async Task<Results<JsonHttpResult<Executed>, NotFound, JsonHttpResult<ElsaProblem>>> ExecuteAsync(
        string definitionId, RunRequest? request, HttpContext http, DefinitionStart start, StartBounds bounds, WorkflowRuntime runtime, CancellationToken cancel)
    {
        var asked = request ?? new();
        if (await bounds.RefusalAsync(asked, http.User, cancel) is { } refusal) return ElsaErrors.Invalid(refusal);
        if (await start.FindAsync(definitionId, asked, cancel) is not { } version) return TypedResults.NotFound();
        var headers = http.Response.Headers;
        headers[ElsasHeader] = "true";
        try
        {
            var wanted = await start.OfAsync(version, asked, cancel);
            await start.NoteAsync(version, 1, cancel);
            var result = await runtime.StartAsync(wanted, cancel);
            headers[InstanceIdHeader] = result.InstanceId;
            headers[CannotStartHeader] = "False";

            // Elsa says 500 for a run that faulted in its first burst; the Studio opens the instance either way.
            return TypedResults.Json(new Executed(await start.StateAsync(result, cancel)),
                statusCode: result.SubStatus == WorkflowSubStatus.Faulted ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK);
        }
        catch (DefinitionException cannotRun)
        {
            headers[CannotStartHeader] = "True";
            return ElsaErrors.Invalid(cannotRun.Sentence.French);
        }
    }

    private static async Task<Results<Ok<Dispatched>, NotFound, JsonHttpResult<ElsaProblem>>> DispatchAsync(
        string definitionId, RunRequest? request, ClaimsPrincipal user, DefinitionStart start, StartBounds bounds, CancellationToken cancel)
    {
        var asked = request ?? new();
        if (await bounds.RefusalAsync(asked, user, cancel) is { } refusal) return ElsaErrors.Invalid(refusal);
        return await start.FindAsync(definitionId, asked, cancel) is { } version
            ? TypedResults.Ok(new Dispatched((await start.DispatchAsync(version, asked, 1, cancel))[0]))
            : TypedResults.NotFound();
    }

    private static async Task<Results<Ok<BulkDispatched>, NotFound, JsonHttpResult<ElsaProblem>>> BulkDispatchAsync(
        string definitionId, BulkRunRequest? request, ClaimsPrincipal user, DefinitionStart start, StartBounds bounds, CancellationToken cancel)
    {
        var asked = request ?? new();
        if (await bounds.RefusalAsync(asked, user, cancel) is { } refusal) return ElsaErrors.Invalid(refusal);
        if (asked.Count is < 1 or > MostAtOnce) return ElsaErrors.Invalid($"« count » est un nombre d’instances de 1 à {MostAtOnce}. Rien n’a été démarré.");
        return await start.FindAsync(definitionId, asked, cancel) is { } version
            ? TypedResults.Ok(new BulkDispatched(await start.DispatchAsync(version, asked, asked.Count, cancel)))
            : TypedResults.NotFound();
    }

    private sealed record Executed(WorkflowState WorkflowState);

    private sealed record Dispatched(string WorkflowInstanceId);

    private sealed record BulkDispatched(IReadOnlyList<string> WorkflowInstanceIds);
}

/// <summary>What a start is asked with; everything may be absent.</summary>
internal record RunRequest
{
    public string? InstanceId { get; init; }

    public string? CorrelationId { get; init; }

    public string? Name { get; init; }

    public string? TriggerActivityId { get; init; }

    public string? VersionOptions { get; init; }

    public Dictionary<string, JsonElement>? Input { get; init; }

    /// <summary>The Studio's form sends variables' values here.</summary>
    public Handle? ActivityHandle { get; init; }

    /// <summary>An activity, by one of its ids.</summary>
    internal sealed record Handle(string? ActivityId);
}

/// <summary>Several at once, all alike.</summary>
internal sealed record BulkRunRequest : RunRequest
{
    public int Count { get; init; } = 1;
}

/// <summary>Starts versions of definitions for people and programs.</summary>
internal sealed class DefinitionStart(AlizeDb db, IWorkflowStore store, WorkflowRuntime runtime, WorkflowStates states, DefinitionTrail trail, TimeProvider time)
{
    public Task<StoredDefinition?> FindAsync(string definitionId, RunRequest asked, CancellationToken cancel) =>
        Definitions.FindAsync(db, definitionId, VersionOptions.Of(asked.VersionOptions, VersionOptions.Published), cancel);

    public async Task<StartWorkflow> OfAsync(StoredDefinition version, RunRequest asked, CancellationToken cancel) => new()
    {
        DefinitionId = version.DefinitionId,
        DefinitionVersionId = version.Id,
        InstanceId = asked.InstanceId,
        CorrelationId = asked.CorrelationId,
        Name = asked.Name,
        TenantId = await StartBounds.TenantAsync(db, asked.CorrelationId, cancel),
        Input = Input(asked),
        TriggerActivityId = asked.TriggerActivityId ?? asked.ActivityHandle?.ActivityId,
    };

    /// <summary>Queues starts of a published version, or starts another one at once: a message cannot name it.</summary>
    public async Task<IReadOnlyList<string>> DispatchAsync(StoredDefinition version, RunRequest asked, int count, CancellationToken cancel)
    {
        var ids = Enumerable.Range(0, count).Select(i => i == 0 && asked.InstanceId is { Length: > 0 } given ? given : Guid.CreateVersion7(time.GetUtcNow()).ToString("N")).ToList();
        await NoteAsync(version, count, cancel);
        foreach (var id in ids)
        {
            if (!version.IsPublished || asked.TriggerActivityId is not null)
                await runtime.StartAsync(await OfAsync(version, asked with { InstanceId = id }, cancel), cancel);
            else
                store.Enqueue(Stimuli.Start(version.DefinitionId, id, asked.CorrelationId, await StartBounds.TenantAsync(db, asked.CorrelationId, cancel), asked.Name, Input(asked), time.GetUtcNow()));
        }

        await db.SaveChangesAsync(cancel);
        return ids;
    }

    /// <summary>Notes a start before it happens: the start's own transaction belongs to the instance.</summary>
    public async Task NoteAsync(StoredDefinition version, int count, CancellationToken cancel)
    {
        await trail.NoteStartAsync(version, count, cancel);
        await db.SaveChangesAsync(cancel);
    }

    public async Task<WorkflowState> StateAsync(RunResult result, CancellationToken cancel) =>
        await states.OfAsync(await db.WorkflowInstances.AsNoTracking().SingleAsync(i => i.Id == result.InstanceId, cancel), cancel);

    private static Dictionary<string, object?>? Input(RunRequest asked) =>
        asked.Input?.ToDictionary(i => i.Key, i => (object?)JsonNode.Parse(i.Value.GetRawText()));
}
