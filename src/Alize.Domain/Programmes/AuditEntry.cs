namespace Alize.Domain.Programmes;

/// <summary>
/// One line of the append-only trail (R19, art. 5.3): who did what, when, on which thing. Never changed, never deleted; a
/// project's timeline is the lines that name it.
/// </summary>
public sealed class AuditEntry
{
    /// <summary>Id, ascending.</summary>
    public long Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTime At { get; init; }

    /// <summary>Who: a contact's or an operator's name, or « Service » for what a workflow did by itself.</summary>
    public required string Actor { get; init; }

    /// <summary>Kind of event for filters and icons, e.g. <c>stage</c>, <c>vote</c>, <c>signature</c>, <c>payment-refused</c>, <c>mail</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>What happened, a French sentence.</summary>
    public required string Text { get; init; }

    /// <summary>The project concerned. Null for none.</summary>
    public Guid? ProjectId { get; init; }

    /// <summary>The thing itself: session, decision, convention, advance, task… Null for none.</summary>
    public Guid? SubjectId { get; init; }
}
