using System.Security.Claims;
using System.Text.Json.Nodes;
using Alize.Engine.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Alize.Web.Elsa.Instances;

/// <summary>Executions of activities: what each got, gave, and how it ended.</summary>
internal static class ActivityExecutions
{
    public static void Map(RouteGroupBuilder api)
    {
        var executions = api.MapGroup("/activity-executions");
        executions.MapGet("/list", ListAsync);
        executions.MapGet("/count", CountAsync);
        executions.MapGet("/by-id", FindAsync);
        executions.MapGet("/{id}", FindAsync);
        executions.MapGet("/{id}/call-stack", CallStackAsync);
        executions.MapPost("/report", ReportAsync);
        api.MapGet("/activity-execution-summaries/list", SummariesAsync);
    }

    private static async Task<Ok<ListAnswer<ExecutionAnswer>>> ListAsync(
        string? workflowInstanceId, string? activityNodeId, bool? completed, ExecutionReader reader, ClaimsPrincipal user, CancellationToken cancel)
    {
        var all = await reader.OfInstanceAsync(workflowInstanceId, user, cancel);
        return TypedResults.Ok(new ListAnswer<ExecutionAnswer>([.. all.Where(e => Holds(e, activityNodeId, completed)).Select(e => ExecutionAnswer.Of(e, all))]));
    }

    private static async Task<Ok<Counted>> CountAsync(
        string? workflowInstanceId, string? activityId, string? activityNodeId, bool? completed, ExecutionReader reader, ClaimsPrincipal user, CancellationToken cancel) =>
        TypedResults.Ok(new Counted((await reader.OfInstanceAsync(workflowInstanceId, user, cancel))
            .Count(e => Holds(e, activityNodeId, completed) && (string.IsNullOrEmpty(activityId) || e.ActivityId == activityId))));

    private static async Task<Ok<ListAnswer<ExecutionSummary>>> SummariesAsync(
        string? workflowInstanceId, string? activityNodeId, bool? completed, ExecutionReader reader, ClaimsPrincipal user, CancellationToken cancel) =>
        TypedResults.Ok(new ListAnswer<ExecutionSummary>([.. (await reader.OfInstanceAsync(workflowInstanceId, user, cancel))
            .Where(e => Holds(e, activityNodeId, completed)).Select(ExecutionSummary.Of)]));

    private static async Task<Results<Ok<ExecutionAnswer>, NotFound>> FindAsync(string id, ExecutionReader reader, ClaimsPrincipal user, CancellationToken cancel)
    {
        var all = await reader.OfInstanceAsync(ExecutionReader.InstanceOf(id), user, cancel);
        return all.FirstOrDefault(e => e.Id == id) is { } found ? TypedResults.Ok(ExecutionAnswer.Of(found, all)) : TypedResults.NotFound();
    }

    /// <summary>How the flow came here, from the workflow itself on; with the workflows that started this one in front where asked.</summary>
    private static async Task<Results<Ok<CallStack>, NotFound>> CallStackAsync(
        string id, bool? includeCrossWorkflowChain, int? skip, int? take, ExecutionReader reader, ClaimsPrincipal user, CancellationToken cancel)
    {
        if (await reader.CallStackAsync(id, includeCrossWorkflowChain == true, user, cancel) is not { } stack) return TypedResults.NotFound();
        IEnumerable<ExecutionAnswer> page = stack.Skip(Math.Max(skip ?? 0, 0));
        if (take is >= 0 and var most) page = page.Take(most);
        return TypedResults.Ok(new CallStack(id, [.. page], stack.Count));
    }

    /// <summary>The numbers on the diagram.</summary>
    private static async Task<Ok<Report>> ReportAsync(ReportQuestion? asked, ExecutionReader reader, ClaimsPrincipal user, CancellationToken cancel)
    {
        var all = await reader.OfInstanceAsync(asked?.WorkflowInstanceId, user, cancel);
        return TypedResults.Ok(new Report(ActivityStats.Of(asked?.ActivityNodeIds is { } nodes ? all.Where(e => nodes.Contains(e.NodeId)) : all)));
    }

    private static bool Holds(ActivityExecutionRecord execution, string? nodeId, bool? completed) =>
        (string.IsNullOrEmpty(nodeId) || execution.NodeId == nodeId) && (completed is null || (execution.CompletedAt is not null) == completed);

    private sealed record Counted(int Count);

    private sealed record CallStack(string ActivityExecutionId, IReadOnlyList<ExecutionAnswer> Items, int TotalCount);

    private sealed record ReportQuestion(string? WorkflowInstanceId, IReadOnlyList<string>? ActivityNodeIds);

    private sealed record Report(IReadOnlyList<ActivityStats> Stats);
}

/// <summary>Reads executions of instances within reach.</summary>
internal sealed class ExecutionReader(InstancesInReach instances, IWorkflowStore store)
{
    // A workflow that starts itself for ever has no end to show.
    private const int MostWorkflows = 32;

    /// <summary>The instance an execution belongs to: its id says it.</summary>
    public static string? InstanceOf(string executionId) => executionId.LastIndexOf(':') is > 0 and var end ? executionId[..end] : null;

    /// <summary>The executions of an instance in order of their start; none of one out of reach.</summary>
    public async Task<IReadOnlyList<ActivityExecutionRecord>> OfInstanceAsync(string? instanceId, ClaimsPrincipal user, CancellationToken cancel) =>
        await instances.FindAsync(instanceId, user, cancel) is { } instance ? await store.ExecutionsAsync(instance.Id, cancel) : [];

    /// <summary>From the workflow itself to the execution; null when it is unknown.</summary>
    public async Task<IReadOnlyList<ExecutionAnswer>?> CallStackAsync(string executionId, bool crossWorkflows, ClaimsPrincipal user, CancellationToken cancel)
    {
        var all = await OfInstanceAsync(InstanceOf(executionId), user, cancel);
        if (!all.Any(e => e.Id == executionId)) return null;

        List<ExecutionAnswer> stack = Stack(executionId, all);
        var child = InstanceOf(executionId);
        for (var depth = 0; crossWorkflows && depth < MostWorkflows; depth++)
        {
            if (await instances.FindAsync(child, user, cancel) is not { ParentInstanceId: { } parent }) break;
            var above = await OfInstanceAsync(parent, user, cancel);

            // The id of a workflow that another one starts begins with the execution that starts it.
            if (above.Where(e => child!.StartsWith(e.Id, StringComparison.Ordinal)).MaxBy(e => e.Id.Length) is not { } starter) break;
            stack = [.. Stack(starter.Id, above), .. stack];
            child = parent;
        }

        return stack;
    }

    private static List<ExecutionAnswer> Stack(string id, IReadOnlyList<ActivityExecutionRecord> all)
    {
        var byId = all.ToDictionary(e => e.Id);
        var stack = new List<ExecutionAnswer>();
        for (var at = byId.GetValueOrDefault(id); at is not null && stack.Count <= all.Count; at = at.ScheduledBy is { } by ? byId.GetValueOrDefault(by) : null)
            stack.Insert(0, ExecutionAnswer.Of(at, all));
        return stack;
    }
}

/// <summary>An execution as Elsa writes it.</summary>
internal sealed record ExecutionAnswer
{
    public required string Id { get; init; }

    public required string WorkflowInstanceId { get; init; }

    public required string ActivityId { get; init; }

    public required string ActivityNodeId { get; init; }

    public required string ActivityType { get; init; }

    public required int ActivityTypeVersion { get; init; }

    public string? ActivityName { get; init; }

    /// <summary>Evaluated inputs by name; an empty object of what has ended, or the viewer would ask again every second.</summary>
    public JsonNode? ActivityState { get; init; }

    public JsonNode? Payload { get; init; }

    public JsonNode? Outputs { get; init; }

    public JsonObject Properties { get; init; } = [];

    public JsonObject Metadata { get; init; } = [];

    public StateException? Exception { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required bool HasBookmarks { get; init; }

    public required string Status { get; init; }

    public required int AggregateFaultCount { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public string? SchedulingActivityExecutionId { get; init; }

    public string? SchedulingActivityId { get; init; }

    public int CallStackDepth { get; init; }

    public static ExecutionAnswer Of(ActivityExecutionRecord execution, IReadOnlyList<ActivityExecutionRecord> all)
    {
        var scheduler = execution.ScheduledBy is { } by ? all.FirstOrDefault(e => e.Id == by) : null;
        return new ExecutionAnswer
        {
            Id = execution.Id,
            WorkflowInstanceId = execution.InstanceId,
            ActivityId = execution.ActivityId,
            ActivityNodeId = execution.NodeId,
            ActivityType = execution.ActivityType,
            ActivityTypeVersion = execution.ActivityTypeVersion,
            ActivityName = execution.ActivityName,
            ActivityState = execution.Inputs is null ? new JsonObject() : JsonNode.Parse(execution.Inputs),
            Payload = execution.Outcomes is null ? null : new JsonObject { ["Outcomes"] = JsonNode.Parse(execution.Outcomes) },
            Outputs = execution.Outputs is null ? null : JsonNode.Parse(execution.Outputs),
            Exception = execution.Exception is null ? null : JsonNode.Parse(execution.Exception) is { } e ? new StateException((string?)e["type"] ?? "Exception", (string?)e["message"] ?? "") : null,
            StartedAt = ElsaTime.Of(execution.StartedAt),
            HasBookmarks = execution.HasBookmarks,
            Status = execution.Status,
            AggregateFaultCount = ActivityStats.FaultsWithin(execution, all),
            CompletedAt = ElsaTime.Of(execution.CompletedAt),
            SchedulingActivityExecutionId = execution.ScheduledBy,
            SchedulingActivityId = scheduler?.ActivityId,
            CallStackDepth = Depth(execution, all),
        };
    }

    private static int Depth(ActivityExecutionRecord execution, IReadOnlyList<ActivityExecutionRecord> all)
    {
        var depth = 0;
        for (var by = execution.ScheduledBy; by is not null && depth < all.Count; by = all.FirstOrDefault(e => e.Id == by)?.ScheduledBy) depth++;
        return depth;
    }
}

/// <summary>A line of an activity's executions.</summary>
internal sealed record ExecutionSummary(
    string Id, string WorkflowInstanceId, string ActivityId, string ActivityNodeId, string ActivityType, int ActivityTypeVersion, string? ActivityName,
    DateTimeOffset StartedAt, bool HasBookmarks, string Status, JsonObject Metadata, int AggregateFaultCount, DateTimeOffset? CompletedAt)
{
    public static ExecutionSummary Of(ActivityExecutionRecord execution) => new(
        execution.Id, execution.InstanceId, execution.ActivityId, execution.NodeId, execution.ActivityType, execution.ActivityTypeVersion, execution.ActivityName,
        ElsaTime.Of(execution.StartedAt), execution.HasBookmarks, execution.Status, [], execution.Exception is null ? 0 : 1, ElsaTime.Of(execution.CompletedAt));
}

/// <summary>The numbers on one node of the diagram.</summary>
internal sealed record ActivityStats(
    string ActivityId, string ActivityNodeId, int StartedCount, int CompletedCount, int UncompletedCount, bool IsBlocked, bool IsFaulted, int AggregateFaultCount, JsonObject Metadata)
{
    /// <summary>One entry for each node that has run, in the order of the first start.</summary>
    public static IReadOnlyList<ActivityStats> Of(IEnumerable<ActivityExecutionRecord> executions) => [.. executions.GroupBy(e => (e.ActivityId, e.NodeId)).Select(node => new ActivityStats(
        node.Key.ActivityId,
        node.Key.NodeId,
        node.Count(),
        node.Count(e => e.CompletedAt is not null),
        node.Count(e => e.CompletedAt is null),
        node.Any(e => e.HasBookmarks),
        node.Any(e => e.Status == nameof(Engine.Runtime.ActivityStatus.Faulted)),
        node.Count(e => e.Exception is not null),
        []))];

    /// <summary>Failures of an execution and of those within it.</summary>
    public static int FaultsWithin(ActivityExecutionRecord execution, IReadOnlyList<ActivityExecutionRecord> all) =>
        all.Count(e => e.Exception is not null && (e.Id == execution.Id || e.NodeId.StartsWith($"{execution.NodeId}:", StringComparison.Ordinal)));
}
