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

/// <summary>In which capacity somebody signs (R8).</summary>
public enum SignatoryCapacity
{
    /// <summary>Responsable de la PME bénéficiaire.</summary>
    CompanyHead,

    /// <summary>Président du comité d'agrément.</summary>
    CommitteeChair,

    /// <summary>Entreprise partenaire mettant des compétences à disposition.</summary>
    LendingPartner,

    /// <summary>Mandataire, where it is another partner.</summary>
    LeadPartner,
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

    /// <summary>The text, Markdown.</summary>
    public required string Text { get; init; }

    /// <summary>SHA-256 of the text's UTF-8 bytes, hex; each signatory sees it.</summary>
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

    /// <summary>Adds somebody who must sign, once.</summary>
    public void Require(Guid signatoryId, Guid contactId, SignatoryCapacity capacity)
    {
        if (signatories.Any(s => s.ContactId == contactId)) return;
        signatories.Add(new() { Id = signatoryId, ConventionId = Id, ProgrammeId = ProgrammeId, ContactId = contactId, Capacity = capacity });
    }

    /// <summary>Records a signature; the last one seals the convention. Signing twice changes nothing.</summary>
    public void Sign(Guid contactId, string initials, string evidence, DateTime at)
    {
        var signatory = signatories.Single(s => s.ContactId == contactId);
        if (signatory.SignedAt is not null || State != ConventionState.AwaitingSignatures) return;
        signatory.Sign(initials, evidence, at);
        Version++;
        if (signatories.Any(s => s.SignedAt is null)) return;
        State = ConventionState.Signed;
        SignedAt = at;
    }

    /// <summary>Records that somebody will not sign, or that time ran out.</summary>
    public void Refuse(Guid? contactId, string reason)
    {
        if (State != ConventionState.AwaitingSignatures) return;
        signatories.SingleOrDefault(s => s.ContactId == contactId)?.Refuse(reason);
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
