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

    /// <summary>The signed document with its evidence and the seal over both. Null until everyone has signed.</summary>
    public Guid? SealedDocumentId { get; private set; }

    /// <summary>Whether it is signed by all and sealed: what the payment asks for (R8).</summary>
    public bool IsSealed => State == ConventionState.Signed && SealedDocumentId is not null;

    /// <summary>Hash of the newest line of its evidence.</summary>
    public string EvidenceHead { get; private set; } = EvidenceChain.Beginning;

    /// <summary>Lines of its evidence.</summary>
    public int EvidenceCount { get; private set; }

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

    /// <summary>Puts the signatories in groups that sign one after another; without it all sign at the same time.</summary>
    /// <param name="groupOf">The group of a capacity, from 1. Who signs in several waits for the last of them.</param>
    public void Arrange(Func<SignatoryCapacity, int> groupOf)
    {
        foreach (var signatory in signatories)
            signatory.Group = signatories.Where(s => s.ContactId == signatory.ContactId).Max(s => groupOf(s.Capacity));
    }

    /// <summary>Who must sign before this person may; empty on this person's turn.</summary>
    public IReadOnlyList<Guid> AwaitedBefore(Guid contactId)
    {
        var own = signatories.Where(s => s.ContactId == contactId && s.SignedAt is null).ToList();
        return own.Count == 0 ? [] :
            [.. signatories.Where(s => s.SignedAt is null && s.ContactId != contactId && s.Group < own.Max(o => o.Group)).Select(s => s.ContactId).Distinct()];
    }

    /// <summary>Those whose turn it is and who have not signed.</summary>
    public IReadOnlyList<Guid> OnTurn() =>
        [.. signatories.Where(s => s.SignedAt is null).Select(s => s.ContactId).Distinct().Where(id => AwaitedBefore(id).Count == 0)];

    /// <summary>Puts somebody else in the place of a signatory who has not signed.</summary>
    /// <exception cref="InvalidOperationException">The person is not awaited, or the other one signs already: a bug of the caller.</exception>
    public void Substitute(Guid contactId, Guid byContactId)
    {
        var places = signatories.Where(s => s.ContactId == contactId && s.SignedAt is null).ToList();
        if (places.Count == 0 || State != ConventionState.AwaitingSignatures || signatories.Any(s => s.ContactId == byContactId))
            throw new InvalidOperationException($"Contact '{contactId}' cannot be replaced by '{byContactId}' in convention '{Id}'.");
        foreach (var place in places) place.ContactId = byContactId;
        Version++;
    }

    /// <summary>Notes the newest line of evidence.</summary>
    public void Chain(SignatureEvidence line)
    {
        (EvidenceHead, EvidenceCount) = (line.Hash, line.Number);
        Version++;
    }

    /// <summary>Notes the sealed document.</summary>
    /// <exception cref="InvalidOperationException">A signature is missing: a bug of the caller.</exception>
    public void Seal(Guid documentId)
    {
        if (State != ConventionState.Signed) throw new InvalidOperationException($"Convention '{Id}' is {State} and cannot be sealed.");
        SealedDocumentId ??= documentId;
        Version++;
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
        if (AwaitedBefore(contactId).Count > 0)
            throw new InvalidOperationException($"Contact '{contactId}' signs convention '{Id}' before its turn: the page refuses it before it comes to this.");
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
    public required Guid ContactId { get; set; }

    /// <summary>In which capacity (R8).</summary>
    public required SignatoryCapacity Capacity { get; init; }

    /// <summary>Group that signs after those of smaller numbers, from 1.</summary>
    public int Group { get; internal set; } = 1;

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
