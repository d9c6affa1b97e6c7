namespace Alize.Domain.Signatures;

/// <summary>Where a convention stands.</summary>
public enum ConventionState
{
    /// <summary>Its text is frozen, signatures are asked.</summary>
    AwaitingSignatures,

    /// <summary>Everyone has signed: the operator may pay (R8).</summary>
    Signed,

    /// <summary>Somebody refused, or did not sign in time.</summary>
    Refused,
}

/// <summary>Convention de coopération et développement (R8, art. 6.2): text frozen by its hash, signed and initialled by several parties.</summary>
public sealed class CooperationConvention
{
    private readonly List<ConventionSignatory> signatories = [];

    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The project.</summary>
    public required Guid ProjectId { get; init; }

    /// <summary>The decision it carries out.</summary>
    public required Guid DecisionId { get; init; }

    /// <summary>The document that is signed: a PDF, frozen.</summary>
    public required Guid DocumentId { get; init; }

    /// <summary>The same text, Markdown, for who reads it on a page.</summary>
    public required string Text { get; init; }

    /// <summary>SHA-256 of the document's bytes, hex; each signatory sees it.</summary>
    public required string Sha256 { get; init; }

    /// <summary>When the text was frozen, UTC.</summary>
    public required DateTime FrozenAt { get; init; }

    /// <summary>Where it stands.</summary>
    public ConventionState State { get; private set; } = ConventionState.AwaitingSignatures;

    /// <summary>Last signature, UTC. Null before.</summary>
    public DateTime? SignedAt { get; private set; }

    /// <summary>Raised at each signature, so that the last two of them cannot both miss that they are the last.</summary>
    public int Version { get; private set; }

    /// <summary>Who must sign.</summary>
    public IReadOnlyList<ConventionSignatory> Signatories => signatories;

    /// <summary>Adds somebody who must sign in one capacity, once.</summary>
    public void Require(Guid signatoryId, Guid contactId, SignatoryCapacity capacity)
    {
        if (signatories.Any(s => s.ContactId == contactId && s.Capacity == capacity)) return;
        signatories.Add(new() { Id = signatoryId, ConventionId = Id, ProgrammeId = ProgrammeId, ContactId = contactId, Capacity = capacity });
    }

    /// <summary>
    /// Records a person's signature, in all capacities this person has; the last one seals the convention. Signing twice changes
    /// nothing.
    /// </summary>
    /// <exception cref="InvalidOperationException">The person is not among the signatories: a bug of the caller.</exception>
    public void Sign(Guid contactId, string initials, string evidence, DateTime at)
    {
        var asked = signatories.Where(s => s.ContactId == contactId).ToList();
        if (asked.Count == 0) throw new InvalidOperationException($"Contact '{contactId}' is not asked to sign convention '{Id}'.");
        if (asked.All(s => s.SignedAt is not null) || State != ConventionState.AwaitingSignatures) return;
        foreach (var signatory in asked) signatory.Sign(initials, evidence, at);
        Version++;
        if (signatories.Any(s => s.SignedAt is null)) return;
        State = ConventionState.Signed;
        SignedAt = at;
    }

    /// <summary>Records that somebody will not sign, or that time ran out.</summary>
    public void Refuse(Guid? contactId, string reason)
    {
        if (State != ConventionState.AwaitingSignatures) return;
        foreach (var signatory in signatories.Where(s => s.ContactId == contactId)) signatory.Refuse(reason);
        State = ConventionState.Refused;
        Version++;
    }
}

/// <summary>Signataire of a convention.</summary>
public sealed class ConventionSignatory
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The convention.</summary>
    public required Guid ConventionId { get; init; }

    /// <summary>The person.</summary>
    public required Guid ContactId { get; init; }

    /// <summary>In which capacity (R8).</summary>
    public required SignatoryCapacity Capacity { get; init; }

    /// <summary>Signature, UTC. Null before.</summary>
    public DateTime? SignedAt { get; private set; }

    /// <summary>Paraphe: initials given on the text.</summary>
    public string? Initials { get; private set; }

    /// <summary>Address, user agent and hash seen, for the evidence.</summary>
    public string? Evidence { get; private set; }

    /// <summary>Why the person will not sign. Null otherwise.</summary>
    public string? RefusedBecause { get; private set; }

    internal void Sign(string initials, string evidence, DateTime at) => (Initials, Evidence, SignedAt) = (initials, evidence, at);

    internal void Refuse(string reason) => RefusedBecause = reason;
}
