using Alize.Engine.Storage;

namespace Alize.Data.Workflow;

/// <summary>Which instances a list shows. Everything given must hold; empty means "any".</summary>
public sealed record InstanceFilter
{
    /// <summary>The programme whose instances these are. Null: every programme's, for tools of the machine only.</summary>
    public string? TenantId { get; init; }

    /// <summary>Several programmes, null among them for instances of no programme. Null: as <see cref="TenantId"/> says.</summary>
    public IReadOnlyCollection<string?>? Tenants { get; init; }

    /// <summary>Part of an id, a name, a correlation or a definition's id, in any case.</summary>
    public string? SearchTerm { get; init; }

    /// <summary>Definitions.</summary>
    public IReadOnlyCollection<string> DefinitionIds { get; init; } = [];

    /// <summary>What the instances are about.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Number of the definition's version.</summary>
    public int? Version { get; init; }

    /// <summary>With incidents not yet resolved, or without.</summary>
    public bool? HasIncidents { get; init; }

    /// <summary>Running, finished.</summary>
    public IReadOnlyCollection<WorkflowStatus> Statuses { get; init; } = [];

    /// <summary>Finer states.</summary>
    public IReadOnlyCollection<WorkflowSubStatus> SubStatuses { get; init; } = [];

    /// <summary>Limits in time.</summary>
    public IReadOnlyCollection<InstanceMoment> Moments { get; init; } = [];
}

/// <summary>A limit in time.</summary>
/// <param name="Column">Which moment.</param>
/// <param name="Operator">How it is compared. Names are Elsa's.</param>
/// <param name="At">With what, UTC.</param>
public sealed record InstanceMoment(InstanceMomentColumn Column, InstanceMomentOperator Operator, DateTime At);

/// <summary>A moment in an instance's life. Names are Elsa's.</summary>
public enum InstanceMomentColumn
{
    CreatedAt,
    UpdatedAt,
    FinishedAt,
}

/// <summary>A comparison. Names are Elsa's.</summary>
public enum InstanceMomentOperator
{
    Is,
    IsNot,
    LessThan,
    GreaterThan,
    LessThanOrEqual,
    GreaterThanOrEqual,
}

/// <summary>What a list is sorted by; ties by id.</summary>
public enum InstanceOrder
{
    Created,
    LastExecuted,
    Finished,
    Name,
}

/// <summary>One line of a list of instances: all but the state.</summary>
public sealed record InstanceSummary
{
    public required string Id { get; init; }
    public required string DefinitionId { get; init; }
    public required string DefinitionVersionId { get; init; }
    public required int Version { get; init; }
    public required WorkflowStatus Status { get; init; }
    public required WorkflowSubStatus SubStatus { get; init; }
    public required string? CorrelationId { get; init; }
    public required string? Name { get; init; }
    public required string? TenantId { get; init; }
    public required string? ParentInstanceId { get; init; }
    public required int IncidentCount { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime UpdatedAt { get; init; }
    public required DateTime? FinishedAt { get; init; }
}

/// <summary>How many instances there are, as far as it was worth counting.</summary>
/// <param name="Value">At most <see cref="InstanceQueries.Bound"/>.</param>
/// <param name="IsExact">False: there are, or may be, more.</param>
public sealed record InstanceCount(int Value, bool IsExact);

/// <summary>A page by number.</summary>
/// <param name="Items">Its lines.</param>
/// <param name="Count">Of the whole list.</param>
public sealed record InstancePage(IReadOnlyList<InstanceSummary> Items, InstanceCount Count);

/// <summary>A page by cursor.</summary>
/// <param name="Items">Its lines; may be fewer than asked for, even none, while there is a next page.</param>
/// <param name="Next">Where the next page begins. Null at the end.</param>
public sealed record InstanceSlice(IReadOnlyList<InstanceSummary> Items, string? Next);
