using System.Security.Claims;
using System.Text.Json.Nodes;
using Alize.Data.Workflow;
using Alize.Engine.Runtime;
using Alize.Engine.Storage;
using Alize.Workflows.Programmes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Alize.Web.Elsa.Instances;

/// <summary>Looking at instances. One of a programme out of reach is not found, as if it did not exist.</summary>
internal static class Instances
{
    public static void Map(RouteGroupBuilder api)
    {
        var instances = api.MapGroup("/workflow-instances");
        instances.MapGet("", ([AsParameters] InstanceQuestion asked, InstanceQueries queries, ProgrammeReach reach, ClaimsPrincipal user, CancellationToken cancel) =>
            ListAsync(asked, queries, reach, user, cancel));
        instances.MapPost("", (InstanceSearch? asked, InstanceQueries queries, ProgrammeReach reach, ClaimsPrincipal user, CancellationToken cancel) =>
            ListAsync(asked ?? new InstanceSearch(), queries, reach, user, cancel));
        instances.MapGet("/{id}", FindAsync);
        instances.MapGet("/{id}/execution-state", StateAsync);
        instances.MapGet("/{id}/variables", VariablesAsync);
        instances.MapPost("/{id}/variables", SetVariablesAsync);
    }

    private static async Task<Results<Ok<PagedAnswer<InstanceLine>>, JsonHttpResult<ElsaProblem>>> ListAsync(
        InstanceQuestion asked, InstanceQueries queries, ProgrammeReach reach, ClaimsPrincipal user, CancellationToken cancel)
    {
        if (asked.IsSystem == true) return TypedResults.Ok(new PagedAnswer<InstanceLine>([], 0));
        var (order, descending) = asked.Sorting();
        var size = asked.PageSize is > 0 and var asks ? asks : InstanceQueries.LongestPage;
        var page = await queries.PageAsync(asked.Filter(await reach.TenantsAsync(user, cancel)), order, descending, Math.Max(asked.Page ?? 0, 0), size, cancel);
        return TypedResults.Ok(new PagedAnswer<InstanceLine>([.. page.Items.Select(InstanceLine.Of)], page.Count.Value));
    }

    private static async Task<Results<Ok<InstanceAnswer>, NotFound>> FindAsync(string id, InstancesInReach instances, WorkflowStates states, ClaimsPrincipal user, CancellationToken cancel) =>
        await instances.FindAsync(id, user, cancel) is { } instance
            ? TypedResults.Ok(InstanceAnswer.Of(instance, await states.OfAsync(instance, cancel)))
            : TypedResults.NotFound();

    /// <summary>Asked for every few seconds while an instance is watched: nothing but the row is read.</summary>
    private static async Task<Results<Ok<ExecutionState>, NotFound>> StateAsync(string id, InstancesInReach instances, ClaimsPrincipal user, CancellationToken cancel) =>
        await instances.FindAsync(id, user, cancel) is { } instance
            ? TypedResults.Ok(new ExecutionState(instance.Status, instance.SubStatus, instance.SubStatus, ElsaTime.Of(instance.UpdatedAt)))
            : TypedResults.NotFound();

    private static async Task<Results<Ok<ListAnswer<VariableValue>>, NotFound>> VariablesAsync(string id, InstancesInReach instances, WorkflowStates states, ClaimsPrincipal user, CancellationToken cancel)
    {
        if (await instances.FindAsync(id, user, cancel) is not { } instance) return TypedResults.NotFound();
        var snapshot = await states.InspectAsync(instance, cancel);
        return TypedResults.Ok(new ListAnswer<VariableValue>([.. snapshot?.Variables.Select(v => new VariableValue(v.Id, v.Name, v.Value)) ?? []]));
    }

    /// <summary>All are written or none; the answer is what the instance holds then.</summary>
    private static async Task<Results<Ok<ListAnswer<VariableValue>>, NotFound, JsonHttpResult<ElsaProblem>>> SetVariablesAsync(
        string id, VariablesGiven? given, Hands hands, InstancesInReach instances, WorkflowStates states, VariableDesk desk, ClaimsPrincipal user, CancellationToken cancel)
    {
        if (await instances.FindAsync(id, user, cancel) is not { } instance) return TypedResults.NotFound();
        if (given?.Variables is not { Count: > 0 } variables || variables.Any(v => string.IsNullOrEmpty(v.Id)) || variables.DistinctBy(v => v.Id).Count() < variables.Count)
            return ElsaErrors.Invalid("Nommez chaque variable une fois : {\"variables\":[{\"id\":…,\"value\":…}]}. Rien n’a été changé.");
        var written = await desk.WriteAsync(instance, variables.ToDictionary(v => v.Id!, v => v.Value), await hands.OfAsync(user, null, cancel), cancel);
        if (written is null) return TypedResults.NotFound();
        if (written.IsEnded) return ElsaErrors.Refused(StatusCodes.Status409Conflict, "Cette procédure est terminée : ses variables ne changent plus.");
        if (!written.IsDone)
            return ElsaErrors.Invalid(
                [.. written.Unknown.Select(v => $"Cette instance n’a pas de variable « {v} ». Rien n’a été changé."),
                 .. written.WrongType.Select(v => $"La valeur donnée n’entre pas dans la variable « {v} », qui est d’un autre type. Rien n’a été changé.")]);
        var snapshot = await states.InspectAsync((await instances.FindAsync(id, user, cancel)) ?? instance, cancel);
        return TypedResults.Ok(new ListAnswer<VariableValue>([.. snapshot?.Variables.Select(v => new VariableValue(v.Id, v.Name, v.Value)) ?? []]));
    }

    private sealed record VariablesGiven(IReadOnlyList<VariableGiven>? Variables);

    private sealed record VariableGiven(string? Id, JsonNode? Value);

    /// <summary>The finer state under both names: Elsa's server writes one, its client reads the other as well.</summary>
    private sealed record ExecutionState(WorkflowStatus Status, WorkflowSubStatus SubStatus, WorkflowSubStatus WorkflowSubStatus, DateTimeOffset UpdatedAt);

    private sealed record VariableValue(string Id, string Name, object? Value);
}

/// <summary>Writes variables by hand, with a line in the trail that is saved with them.</summary>
internal sealed class VariableDesk(WorkflowRuntime runtime)
{
    public Task<VariablesWritten?> WriteAsync(WorkflowInstance instance, IReadOnlyDictionary<string, JsonNode?> values, ByHand hand, CancellationToken cancel) => runtime.SetVariablesAsync(
        instance.Id, values, hand.By,
        (scope, token) => scope.GetRequiredService<ProcedureRepair>().NoteAsync(instance, hand, "procedure-variables", $"variables modifiées à la main ({string.Join(", ", values.Keys)})", token), cancel);
}

/// <summary>Finds instances for somebody: only those within reach.</summary>
internal sealed class InstancesInReach(IWorkflowStore store, ProgrammeReach reach)
{
    /// <summary>The instance; null when there is none or it is another programme's.</summary>
    public async Task<WorkflowInstance?> FindAsync(string? id, ClaimsPrincipal user, CancellationToken cancel) =>
        !string.IsNullOrEmpty(id) && await store.FindInstanceAsync(id, cancel) is { } instance && await reach.HoldsAsync(user, instance, cancel) ? instance : null;
}

/// <summary>Which instances a list shows, as the Studio asks: in the query or in the body.</summary>
internal record InstanceQuestion
{
    public int? Page { get; init; }

    public int? PageSize { get; init; }

    public string? SearchTerm { get; init; }

    public string? DefinitionId { get; init; }

    public string[]? DefinitionIds { get; init; }

    public string? CorrelationId { get; init; }

    public int? Version { get; init; }

    public bool? HasIncidents { get; init; }

    public bool? IsSystem { get; init; }

    public WorkflowStatus? Status { get; init; }

    public WorkflowStatus[]? Statuses { get; init; }

    public WorkflowSubStatus? SubStatus { get; init; }

    public WorkflowSubStatus[]? SubStatuses { get; init; }

    public string? OrderBy { get; init; }

    public string? OrderDirection { get; init; }

    /// <summary>Limits in time. Null: none.</summary>
    protected virtual IEnumerable<InstanceMoment> Moments => [];

    /// <summary>The instances asked for, among those of these programmes and those of none.</summary>
    public InstanceFilter Filter(IReadOnlyList<string> tenants) => new()
    {
        Tenants = [null, .. tenants],
        SearchTerm = SearchTerm,
        DefinitionIds = [.. DefinitionIds ?? [], .. string.IsNullOrEmpty(DefinitionId) ? Array.Empty<string>() : [DefinitionId]],
        CorrelationId = string.IsNullOrEmpty(CorrelationId) ? null : CorrelationId,
        Version = Version,
        HasIncidents = HasIncidents,
        Statuses = [.. Statuses ?? [], .. Status is { } status ? new[] { status } : []],
        SubStatuses = [.. SubStatuses ?? [], .. SubStatus is { } subStatus ? new[] { subStatus } : []],
        Moments = [.. Moments],
    };

    /// <summary>Newest first where nothing is asked. Elsa's client says LastExecuted for what its server calls UpdatedAt.</summary>
    public (InstanceOrder Order, bool Descending) Sorting()
    {
        var order = OrderBy switch
        {
            null or "" or "Created" => InstanceOrder.Created,
            "LastExecuted" or "UpdatedAt" => InstanceOrder.LastExecuted,
            "Finished" => InstanceOrder.Finished,
            "Name" => InstanceOrder.Name,
            _ => throw new BadHttpRequestException($"« {OrderBy} » n’est pas un ordre : Created, LastExecuted, Finished ou Name."),
        };
        return (order, OrderDirection switch
        {
            null or "" => order != InstanceOrder.Name,
            "Ascending" => false,
            "Descending" => true,
            _ => throw new BadHttpRequestException($"« {OrderDirection} » n’est pas un sens : Ascending ou Descending."),
        });
    }
}

/// <summary>The same asked in a body, where limits in time may stand.</summary>
internal sealed record InstanceSearch : InstanceQuestion
{
    public IReadOnlyList<Moment>? TimestampFilters { get; init; }

    protected override IEnumerable<InstanceMoment> Moments => (TimestampFilters ?? []).Select(m => new InstanceMoment(m.Column, m.Operator, m.Timestamp.UtcDateTime));

    internal sealed record Moment(InstanceMomentColumn Column, InstanceMomentOperator Operator, DateTimeOffset Timestamp);
}

/// <summary>A line of the list of instances.</summary>
internal sealed record InstanceLine(
    string Id, string DefinitionId, string DefinitionVersionId, int Version, WorkflowStatus Status, WorkflowSubStatus SubStatus, string? CorrelationId, string? Name,
    int IncidentCount, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? FinishedAt, string? ParentWorkflowInstanceId)
{
    public static InstanceLine Of(InstanceSummary line) => new(
        line.Id, line.DefinitionId, line.DefinitionVersionId, line.Version, line.Status, line.SubStatus, line.CorrelationId, line.Name, line.IncidentCount,
        ElsaTime.Of(line.CreatedAt), ElsaTime.Of(line.UpdatedAt), ElsaTime.Of(line.FinishedAt), line.ParentInstanceId);
}

/// <summary>An instance with where it stands.</summary>
internal sealed record InstanceAnswer(
    string Id, string DefinitionId, string DefinitionVersionId, int Version, WorkflowState WorkflowState, WorkflowStatus Status, WorkflowSubStatus SubStatus, bool IsExecuting,
    string? CorrelationId, string? Name, int IncidentCount, bool IsSystem, string? ParentWorkflowInstanceId, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? FinishedAt)
{
    public static InstanceAnswer Of(WorkflowInstance instance, WorkflowState state) => new(
        instance.Id, instance.DefinitionId, instance.DefinitionVersionId, instance.DefinitionVersion, state, instance.Status, instance.SubStatus, state.IsExecuting,
        instance.CorrelationId, instance.Name, instance.IncidentCount, false, instance.ParentInstanceId,
        ElsaTime.Of(instance.CreatedAt), ElsaTime.Of(instance.UpdatedAt), ElsaTime.Of(instance.FinishedAt));
}

/// <summary>Moments as Elsa writes them: with their offset.</summary>
internal static class ElsaTime
{
    public static DateTimeOffset Of(DateTime utc) => new(DateTime.SpecifyKind(utc, DateTimeKind.Utc));

    public static DateTimeOffset? Of(DateTime? utc) => utc is { } moment ? Of(moment) : null;
}
