namespace Alize.Engine.Storage;

/// <summary>A place where an instance waits. Consuming it is deleting it, in the transaction of the burst it starts.</summary>
public sealed class StoredBookmark
{
    /// <summary>Id.</summary>
    public required string Id { get; init; }

    /// <summary>The waiting instance.</summary>
    public required string InstanceId { get; init; }

    /// <summary>What kind of stimulus wakes it, by default the activity's type, e.g. <c>Elsa.Event</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Hash of the name and of the stimulus it waits for, hex SHA-256 over canonical JSON.</summary>
    public required string Hash { get; init; }

    /// <summary>The instance's correlation id at the moment of waiting.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Node of the waiting activity in the definition.</summary>
    public required string ActivityNodeId { get; init; }

    /// <summary>The execution of that activity that waits.</summary>
    public required string ActivityInstanceId { get; init; }

    /// <summary>The stimulus as JSON, for people. Null for none.</summary>
    public string? Payload { get; init; }

    /// <summary>When it began to wait, UTC.</summary>
    public required DateTime CreatedAt { get; init; }
}

/// <summary>A published definition's activity that starts an instance when its stimulus comes.</summary>
public sealed class StoredTrigger
{
    /// <summary>Id.</summary>
    public required string Id { get; init; }

    /// <summary>Definition it starts.</summary>
    public required string DefinitionId { get; init; }

    /// <summary>Version it starts.</summary>
    public required string DefinitionVersionId { get; init; }

    /// <summary>The triggering activity.</summary>
    public required string ActivityId { get; init; }

    /// <summary>As <see cref="StoredBookmark.Name"/>.</summary>
    public required string Name { get; init; }

    /// <summary>As <see cref="StoredBookmark.Hash"/>.</summary>
    public required string Hash { get; init; }

    /// <summary>The stimulus as JSON, for people.</summary>
    public string? Payload { get; init; }
}

/// <summary>The due moment of a bookmark (or of the retry of a faulted step). One row a deadline; whoever wakes it looks here first.</summary>
public sealed class StoredTimer
{
    /// <summary>Id.</summary>
    public required string Id { get; init; }

    /// <summary>The waiting instance.</summary>
    public required string InstanceId { get; init; }

    /// <summary>The bookmark it resumes. Null when it retries a faulted activity.</summary>
    public string? BookmarkId { get; init; }

    /// <summary>The execution of the activity it wakes.</summary>
    public required string ActivityInstanceId { get; init; }

    /// <summary>Never fired before this moment, UTC.</summary>
    public required DateTime DueAt { get; init; }

    /// <summary>For people: what will happen, e.g. "Avant échéance 3".</summary>
    public string? Label { get; init; }

    /// <summary>The instance's correlation id.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Whose timer it is. Null for none.</summary>
    public string? TenantId { get; init; }

    /// <summary>Job of the scheduler that will wake it, so that a cancelled timer deletes its own job. Null: not scheduled yet.</summary>
    public string? JobId { get; set; }

    /// <summary>Runs begun and not ended, see <see cref="IWorkflowStore.MarkAsync"/>.</summary>
    public int Crashes { get; set; }
}

/// <summary>What a queued stimulus asks for.</summary>
public enum StimulusKind
{
    /// <summary>Start an instance of <see cref="Stimulus.DefinitionId"/>.</summary>
    Start,

    /// <summary>Wake the bookmarks that wait for it, and start the definitions it triggers.</summary>
    Deliver,

    /// <summary>Cancel <see cref="Stimulus.InstanceId"/>.</summary>
    Cancel,

    /// <summary>Go on with <see cref="Stimulus.InstanceId"/> after a commit point.</summary>
    Continue,

    /// <summary>Run the faulted activities of <see cref="Stimulus.InstanceId"/> again.</summary>
    Retry,
}

/// <summary>
/// A message to the runtime, written in the transaction of whoever sends it and deleted in the transaction of the burst it starts:
/// so it is neither lost nor delivered twice. One that matches nothing yet is kept until <see cref="ExpiresAt"/>, because
/// the bookmark it is meant for may be about to be committed.
/// </summary>
public sealed class Stimulus
{
    /// <summary>Id, unique; a sender that may repeat itself chooses a deterministic one.</summary>
    public required string Id { get; init; }

    /// <summary>What it asks for.</summary>
    public required StimulusKind Kind { get; init; }

    /// <summary>Kind of bookmark or trigger meant (<see cref="StimulusKind.Deliver"/>), e.g. <c>Elsa.Event</c>.</summary>
    public string? Name { get; init; }

    /// <summary>Hash of what bookmark or trigger is meant; see <see cref="StoredBookmark.Hash"/>.</summary>
    public string? Hash { get; init; }

    /// <summary>Only this bookmark. Null: every match.</summary>
    public string? BookmarkId { get; init; }

    /// <summary>Start: id of the new instance. Deliver: only this instance, null for every match.</summary>
    public string? InstanceId { get; init; }

    /// <summary>Start: what to start.</summary>
    public string? DefinitionId { get; init; }

    /// <summary>Start: the activity it begins at. Null: the drawn start, or the one that what was sent triggers.</summary>
    public string? ActivityId { get; init; }

    /// <summary>Start: correlation of the new instance. Deliver: only instances of that correlation, null for every one.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Start: the instance that starts it.</summary>
    public string? ParentInstanceId { get; init; }

    /// <summary>Start: whose instance it will be. Deliver: only instances of that tenant and of none, null for every one.</summary>
    public string? TenantId { get; init; }

    /// <summary>Start: name of the new instance.</summary>
    public string? InstanceName { get; init; }

    /// <summary>Input as a JSON object. Null for none.</summary>
    public string? Input { get; init; }

    /// <summary>When it was sent, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>Not tried before this moment, UTC; moves forward after each failed try.</summary>
    public required DateTime NotBefore { get; set; }

    /// <summary>A Deliver that has matched nothing by then is dropped, and a Start that could not be delivered, UTC. Null: never.</summary>
    public DateTime? ExpiresAt { get; init; }

    /// <summary>Failed tries.</summary>
    public int Attempts { get; set; }

    /// <summary>Why the last try failed. Null for none.</summary>
    public string? LastError { get; set; }

    /// <summary>Runs begun and not ended, see <see cref="IWorkflowStore.MarkAsync"/>.</summary>
    public int Crashes { get; set; }
}

/// <summary>One line of an instance's journal. Never changed.</summary>
public sealed class JournalRecord
{
    /// <summary>Id.</summary>
    public required string Id { get; init; }

    /// <summary>The instance.</summary>
    public required string InstanceId { get; init; }

    /// <summary>Order within the instance, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>The execution of the activity.</summary>
    public required string ActivityInstanceId { get; init; }

    /// <summary>The execution that owns it. Null for the workflow itself.</summary>
    public string? ParentActivityInstanceId { get; init; }

    /// <summary>The activity's id in the definition.</summary>
    public required string ActivityId { get; init; }

    /// <summary>The activity's node id in the definition.</summary>
    public required string NodeId { get; init; }

    /// <summary>The activity's type.</summary>
    public required string ActivityType { get; init; }

    /// <summary>The activity's name. Null for none.</summary>
    public string? ActivityName { get; init; }

    /// <summary><c>Started</c>, <c>Suspended</c>, <c>Resumed</c>, <c>Completed</c>, <c>Faulted</c>, <c>Canceled</c>…</summary>
    public required string EventName { get; init; }

    /// <summary>For people. Null for none.</summary>
    public string? Message { get; init; }

    /// <summary>What the activity noted, as JSON. Null for none.</summary>
    public string? Payload { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTime At { get; init; }
}

/// <summary>One execution of one activity: what it got, gave and how it ended. Written anew at each burst that touches it.</summary>
public sealed class ActivityExecutionRecord
{
    /// <summary>Id of the execution.</summary>
    public required string Id { get; init; }

    /// <summary>The instance.</summary>
    public required string InstanceId { get; init; }

    /// <summary>The activity's id in the definition.</summary>
    public required string ActivityId { get; init; }

    /// <summary>The activity's node id in the definition.</summary>
    public required string NodeId { get; init; }

    /// <summary>The activity's type.</summary>
    public required string ActivityType { get; init; }

    /// <summary>Version of the type.</summary>
    public int ActivityTypeVersion { get; init; } = 1;

    /// <summary>The activity's name. Null for none.</summary>
    public string? ActivityName { get; init; }

    /// <summary><c>Pending</c>, <c>Running</c>, <c>Completed</c>, <c>Canceled</c> or <c>Faulted</c>.</summary>
    public required string Status { get; set; }

    /// <summary>Whether it waits.</summary>
    public bool HasBookmarks { get; set; }

    /// <summary>Evaluated inputs as JSON. Null for none.</summary>
    public string? Inputs { get; set; }

    /// <summary>Outputs as JSON. Null for none.</summary>
    public string? Outputs { get; set; }

    /// <summary>Outcomes as a JSON array. Null for none.</summary>
    public string? Outcomes { get; set; }

    /// <summary>The exception's type and message as JSON. Null for none.</summary>
    public string? Exception { get; set; }

    /// <summary>The execution that scheduled it. Null for the root.</summary>
    public string? ScheduledBy { get; init; }

    /// <summary>Start, UTC.</summary>
    public required DateTime StartedAt { get; init; }

    /// <summary>End, UTC. Null while it runs.</summary>
    public DateTime? CompletedAt { get; set; }
}

/// <summary>One version of a definition.</summary>
public sealed class StoredDefinition
{
    /// <summary>Version id.</summary>
    public required string Id { get; init; }

    /// <summary>Id shared by all versions.</summary>
    public required string DefinitionId { get; init; }

    /// <summary>Number, from 1.</summary>
    public required int Version { get; init; }

    /// <summary>Name for people.</summary>
    public required string Name { get; set; }

    /// <summary>What it is for. Null for none.</summary>
    public string? Description { get; set; }

    /// <summary>The definition itself, Elsa's JSON, every property kept.</summary>
    public required string Json { get; set; }

    /// <summary>The newest version.</summary>
    public required bool IsLatest { get; set; }

    /// <summary>The version that new instances run.</summary>
    public required bool IsPublished { get; set; }

    /// <summary>Hash of the file it was loaded from, hex SHA-256. Null: it was made in the designer.</summary>
    public string? FileHash { get; init; }

    /// <summary>When this version was made, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When it was published last, UTC: a clock starts nothing for a moment before. Null: never.</summary>
    public DateTime? PublishedAt { get; set; }
}
