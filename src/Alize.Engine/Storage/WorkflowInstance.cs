namespace Alize.Engine.Storage;

/// <summary>Whether an instance may still do something. Names are Elsa's.</summary>
public enum WorkflowStatus
{
    /// <summary>It runs or waits.</summary>
    Running,

    /// <summary>It will never do anything again.</summary>
    Finished,
}

/// <summary>What an instance is doing, or how it ended. Names are Elsa's.</summary>
public enum WorkflowSubStatus
{
    /// <summary>Accepted, nothing has run yet.</summary>
    Pending,

    /// <summary>A burst is running.</summary>
    Executing,

    /// <summary>Waits for a bookmark.</summary>
    Suspended,

    /// <summary>Ran to its end.</summary>
    Finished,

    /// <summary>Ended by a person or by its parent.</summary>
    Cancelled,

    /// <summary>Ended, or parked, by a fault.</summary>
    Faulted,

    /// <summary>The host stopped within a burst; recovered at the next start.</summary>
    Interrupted,
}

/// <summary>One life of a definition, as it is stored between two bursts.</summary>
public sealed class WorkflowInstance
{
    /// <summary>Stable id, chosen by whoever starts the instance, so that starting twice starts once.</summary>
    public required string Id { get; init; }

    /// <summary>Id of the definition, e.g. <c>repayment</c>.</summary>
    public required string DefinitionId { get; init; }

    /// <summary>Id of the definition's version this instance runs, until it is migrated.</summary>
    public required string DefinitionVersionId { get; set; }

    /// <summary>Number of that version.</summary>
    public required int DefinitionVersion { get; set; }

    /// <summary>What the instance is about, e.g. a project's id. Null for none.</summary>
    public string? CorrelationId { get; set; }

    /// <summary>Longest <see cref="Name"/>, in characters: lists are sorted by it, and an index takes no more.</summary>
    public const int LongestName = 200;

    /// <summary>Name for people; cut at <see cref="LongestName"/>. Null for none.</summary>
    public string? Name
    {
        get;
        set => field = value is { Length: > LongestName } ? value[..(char.IsHighSurrogate(value[LongestName - 1]) ? LongestName - 1 : LongestName)] : value;
    }

    /// <summary>Whose instance it is on a server with several tenants. Null for none.</summary>
    public string? TenantId { get; init; }

    /// <summary>The instance that waits for or started this one. Null for none.</summary>
    public string? ParentInstanceId { get; init; }

    /// <summary>What it claims for itself alone while it runs, hex SHA-256, unique; see the activation strategies. Null: nothing.</summary>
    public string? ActivationKey { get; set; }

    /// <summary>Running or finished.</summary>
    public WorkflowStatus Status { get; set; }

    /// <summary>Finer state.</summary>
    public WorkflowSubStatus SubStatus { get; set; }

    /// <summary>Incidents not yet resolved.</summary>
    public int IncidentCount { get; set; }

    /// <summary>Everything the runtime needs to go on: contexts, variables, bookmarks' owners, as UTF-8 JSON.</summary>
    public required byte[] State { get; set; }

    /// <summary>Start, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>End of the last burst, UTC.</summary>
    public required DateTime UpdatedAt { get; set; }

    /// <summary>End of the instance, UTC. Null while it runs.</summary>
    public DateTime? FinishedAt { get; set; }

    /// <summary>Counts the bursts committed; a commit that expected another number is refused.</summary>
    public int Revision { get; set; }
}
