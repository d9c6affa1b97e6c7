using System.Text.Json.Nodes;
using Alize.Engine.Definitions;
using Alize.Engine.Runtime;
using Alize.Engine.Storage;

namespace Alize.Web.Elsa.Instances;

/// <summary>Writes where an instance stands as Elsa does.</summary>
internal sealed class WorkflowStates(WorkflowRuntime runtime, IWorkflowStore store)
{
    /// <summary>The snapshot; null when the version it runs cannot be read any more.</summary>
    public async Task<InstanceSnapshot?> InspectAsync(WorkflowInstance instance, CancellationToken cancel)
    {
        try
        {
            return await runtime.InspectAsync(instance, store, cancel);
        }
        catch (Exception unreadable) when (unreadable is DefinitionException or InvalidOperationException or UnreadableInstanceException)
        {
            return null;
        }
    }

    public async Task<WorkflowState> OfAsync(WorkflowInstance instance, CancellationToken cancel) => Of(instance, await InspectAsync(instance, cancel));

    private static WorkflowState Of(WorkflowInstance instance, InstanceSnapshot? snapshot) => new()
    {
        Id = instance.Id,
        DefinitionId = instance.DefinitionId,
        DefinitionVersionId = instance.DefinitionVersionId,
        DefinitionVersion = instance.DefinitionVersion,
        CorrelationId = instance.CorrelationId,
        Name = instance.Name,
        Status = instance.Status,
        SubStatus = instance.SubStatus,
        IsExecuting = instance is { Status: WorkflowStatus.Running, SubStatus: WorkflowSubStatus.Executing or WorkflowSubStatus.Pending },
        ParentWorkflowInstanceId = instance.ParentInstanceId,
        Bookmarks = [.. snapshot?.Bookmarks.Select(StateBookmark.Of) ?? []],
        Incidents = [.. snapshot?.Incidents.Select(StateIncident.Of) ?? []],
        CompletionCallbacks = [.. snapshot?.Contexts.Where(c => c.CompletionCallback is not null).Select(c => new StateCallback(c.ParentId, c.NodeId, c.CompletionCallback)) ?? []],

        // The viewer takes the context without a parent for the workflow itself: there is always one.
        ActivityExecutionContexts = snapshot is { Contexts.Count: > 0 } ? [.. snapshot.Contexts.Select(StateContext.Of)] : [StateContext.Missing(instance)],
        ExecutionLogSequence = snapshot?.JournalLines ?? 0,
        Input = snapshot?.Input ?? [],
        Output = snapshot?.Output ?? [],
        Properties = snapshot?.Properties ?? [],
        CreatedAt = ElsaTime.Of(instance.CreatedAt),
        UpdatedAt = ElsaTime.Of(instance.UpdatedAt),
        FinishedAt = ElsaTime.Of(instance.FinishedAt),
    };
}

/// <summary>Elsa's state of an instance.</summary>
internal sealed record WorkflowState
{
    public required string Id { get; init; }

    public required string DefinitionId { get; init; }

    public required string DefinitionVersionId { get; init; }

    public required int DefinitionVersion { get; init; }

    public string? CorrelationId { get; init; }

    public string? Name { get; init; }

    public required WorkflowStatus Status { get; init; }

    public required WorkflowSubStatus SubStatus { get; init; }

    public bool IsExecuting { get; init; }

    public string? ParentWorkflowInstanceId { get; init; }

    public IReadOnlyList<StateBookmark> Bookmarks { get; init; } = [];

    public IReadOnlyList<StateIncident> Incidents { get; init; } = [];

    public bool IsSystem { get; init; }

    public IReadOnlyList<StateCallback> CompletionCallbacks { get; init; } = [];

    public IReadOnlyList<StateContext> ActivityExecutionContexts { get; init; } = [];

    /// <summary>Nothing stays scheduled between two bursts.</summary>
    public IReadOnlyList<object> ScheduledActivities { get; init; } = [];

    public long ExecutionLogSequence { get; init; }

    public JsonObject Input { get; init; } = [];

    public JsonObject Output { get; init; } = [];

    public JsonObject Properties { get; init; } = [];

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }
}

/// <summary>A place where the instance waits; <c>metadata.dueAt</c> is its deadline.</summary>
internal sealed record StateBookmark(
    string Id, string Name, string Hash, JsonNode? Payload, string ActivityId, string ActivityNodeId, string ActivityInstanceId, DateTimeOffset CreatedAt, bool AutoBurn,
    string? CallbackMethodName, bool AutoComplete, IReadOnlyDictionary<string, string>? Metadata)
{
    public static StateBookmark Of(SnapshotBookmark bookmark) => new(
        bookmark.Id, bookmark.Name, bookmark.Hash, PayloadOf(bookmark), bookmark.ActivityId, bookmark.NodeId, bookmark.ActivityInstanceId, bookmark.CreatedAt, bookmark.AutoBurn,
        bookmark.CallbackMethodName, bookmark.CallbackMethodName is null,
        bookmark.DueAt is { } due ? new Dictionary<string, string> { ["dueAt"] = due.ToString("O"), ["dueLabel"] = bookmark.DueLabel ?? "" } : null);

    // Of an event Elsa keeps an object where the engine keeps the name.
    private static JsonNode? PayloadOf(SnapshotBookmark bookmark) =>
        bookmark is { Name: Stimuli.EventName, Payload: JsonValue name } ? new JsonObject { ["eventName"] = name.DeepClone() } : bookmark.Payload;
}

/// <summary>A failed step.</summary>
internal sealed record StateIncident(string ActivityId, string ActivityNodeId, string ActivityType, string Message, StateException Exception, DateTimeOffset Timestamp)
{
    public static StateIncident Of(SnapshotIncident incident) => new(
        incident.ActivityId, incident.NodeId, incident.ActivityType, incident.Message, new StateException(incident.ExceptionType, incident.Message), incident.At);
}

/// <summary>An exception, without the trace of the stack: it names files of the program.</summary>
internal sealed record StateException(string Type, string Message);

/// <summary>Who is told of an end.</summary>
internal sealed record StateCallback(string? OwnerInstanceId, string ChildNodeId, string? MethodName);

/// <summary>An execution that is not over.</summary>
internal sealed record StateContext(
    string Id, int CallStackDepth, string? ParentContextId, string ScheduledActivityNodeId, string? OwnerActivityNodeId, JsonObject Properties, JsonObject Metadata,
    JsonObject ActivityState, IReadOnlyList<object> DynamicVariables, ActivityStatus Status, bool IsExecuting, int FaultCount, DateTimeOffset StartedAt)
{
    public static StateContext Of(SnapshotContext context) => new(
        context.Id, context.Depth, context.ParentId, context.NodeId, context.ParentNodeId, context.Properties, [], context.State, [], context.Status, false, context.Failures, context.StartedAt);

    /// <summary>The workflow itself, where nothing more can be read.</summary>
    public static StateContext Missing(WorkflowInstance instance) =>
        new($"{instance.Id}:1", 0, null, "Workflow1", null, [], [], [], [], ActivityStatus.Running, false, 0, ElsaTime.Of(instance.CreatedAt));
}
