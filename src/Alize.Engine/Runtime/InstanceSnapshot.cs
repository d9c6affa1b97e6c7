using System.Text.Json.Nodes;

namespace Alize.Engine.Runtime;

/// <summary>Where an instance stands between two bursts, for people and designers. Values of secret inputs are not in it.</summary>
public sealed class InstanceSnapshot
{
    /// <summary>Input of the instance, by name.</summary>
    public required JsonObject Input { get; init; }

    /// <summary>Output so far, by name.</summary>
    public required JsonObject Output { get; init; }

    /// <summary>What is kept with the instance.</summary>
    public required JsonObject Properties { get; init; }

    /// <summary>Open executions and the containers they stand in, newest first; of a finished instance only the workflow itself.</summary>
    public required IReadOnlyList<SnapshotContext> Contexts { get; init; }

    /// <summary>Failed steps not yet done.</summary>
    public required IReadOnlyList<SnapshotIncident> Incidents { get; init; }

    /// <summary>Where it waits.</summary>
    public required IReadOnlyList<SnapshotBookmark> Bookmarks { get; init; }

    /// <summary>Variables of the definition, and of the containers that are open.</summary>
    public required IReadOnlyList<SnapshotVariable> Variables { get; init; }

    /// <summary>Lines of the journal so far.</summary>
    public required long JournalLines { get; init; }
}

/// <summary>An execution of an activity that is not over.</summary>
/// <param name="Id">Id of the execution.</param>
/// <param name="ParentId">The container's execution. Null for the workflow itself.</param>
/// <param name="NodeId">The activity's node.</param>
/// <param name="ParentNodeId">The container's node. Null for the workflow itself.</param>
/// <param name="Depth">Containers around it.</param>
/// <param name="Status">Status.</param>
/// <param name="StartedAt">Start, UTC.</param>
/// <param name="Failures">How often a step of it has failed.</param>
/// <param name="State">Evaluated inputs by name.</param>
/// <param name="Properties">What the activity keeps.</param>
/// <param name="CompletionCallback">How the container is told of its end. Null: not at all.</param>
public sealed record SnapshotContext(
    string Id, string? ParentId, string NodeId, string? ParentNodeId, int Depth, ActivityStatus Status, DateTimeOffset StartedAt, int Failures,
    JsonObject State, JsonObject Properties, string? CompletionCallback);

/// <summary>A failed step.</summary>
/// <param name="ActivityInstanceId">The execution.</param>
/// <param name="ActivityId">The activity.</param>
/// <param name="NodeId">Its node.</param>
/// <param name="ActivityType">Its type.</param>
/// <param name="Message">What went wrong.</param>
/// <param name="ExceptionType">Kind of exception.</param>
/// <param name="At">When, UTC.</param>
/// <param name="RetryTimerId">The deadline that tries it again. Null for none.</param>
/// <param name="IsTriedAgain">Whether it is tried again by itself, at that deadline or now and then. Else somebody has to.</param>
public sealed record SnapshotIncident(
    string ActivityInstanceId, string ActivityId, string NodeId, string ActivityType, string Message, string ExceptionType, DateTimeOffset At, string? RetryTimerId, bool IsTriedAgain);

/// <summary>A place where an instance waits.</summary>
/// <param name="Id">Id of the bookmark.</param>
/// <param name="Name">Kind of stimulus it waits for.</param>
/// <param name="Hash">Hash of name and stimulus.</param>
/// <param name="Payload">The stimulus. Null for none.</param>
/// <param name="ActivityId">The waiting activity.</param>
/// <param name="ActivityType">Its type.</param>
/// <param name="ActivityName">Its name. Null for none.</param>
/// <param name="NodeId">Its node.</param>
/// <param name="ActivityInstanceId">The execution.</param>
/// <param name="CreatedAt">Since when, UTC.</param>
/// <param name="AutoBurn">Whether resuming consumes it.</param>
/// <param name="CallbackMethodName">Method of the activity that goes on. Null: it completes.</param>
/// <param name="DueAt">Its deadline, UTC. Null for none.</param>
/// <param name="DueLabel">What the deadline is, for people. Null for none.</param>
public sealed record SnapshotBookmark(
    string Id, string Name, string Hash, JsonNode? Payload, string ActivityId, string ActivityType, string? ActivityName, string NodeId, string ActivityInstanceId,
    DateTimeOffset CreatedAt, bool AutoBurn, string? CallbackMethodName, DateTimeOffset? DueAt, string? DueLabel);

/// <summary>A variable and its value.</summary>
/// <param name="Id">Id in the definition.</param>
/// <param name="Name">Name in expressions.</param>
/// <param name="Value">Value. Null for none.</param>
public sealed record SnapshotVariable(string Id, string Name, JsonNode? Value);
