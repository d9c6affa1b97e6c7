using Alize.Domain.Accounts;

namespace Alize.Domain.Programmes;

/// <summary>Where what remains goes when the programme is not renewed (R16, art. 8).</summary>
public enum RemainderWay
{
    /// <summary>Not decided yet.</summary>
    Open,

    /// <summary>Back to the funders, in proportion to what each gave.</summary>
    ToFunders,

    /// <summary>To a structure locale de développement économique, with the steering chair's agreement.</summary>
    ToLocalStructure,
}

/// <summary>
/// The end of a programme (R16, art. 8): whether the partners go on, and where what remains goes. What the procedure
/// <c>programme-term</c> is about.
/// </summary>
public sealed class ProgrammeTerm
{
    /// <summary>Id; also the correlation id of the term's procedure.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>Étude des conditions de poursuite, a document of the archive. Null: not drawn up yet.</summary>
    public Guid? StudyId { get; private set; }

    /// <summary>What the partners decided.</summary>
    public RenewalDecision Decision { get; private set; }

    /// <summary>When. Null: not yet.</summary>
    public DateOnly? DecidedOn { get; private set; }

    /// <summary>Who recorded it. Empty: nobody yet.</summary>
    public string DecidedBy { get; private set; } = "";

    /// <summary>Where it is written: the minutes of the steering committee, an amendment.</summary>
    public string DecidedIn { get; private set; } = "";

    /// <summary>Where what remains goes.</summary>
    public RemainderWay Way { get; private set; }

    /// <summary>The local structure. Empty: none.</summary>
    public string Structure { get; private set; } = "";

    /// <summary>Chair of the steering committee who answered. Empty: nobody yet.</summary>
    public string AgreedBy { get; private set; } = "";

    /// <summary>Day of the answer. Null: not yet.</summary>
    public DateOnly? AgreedOn { get; private set; }

    /// <summary>Reference of the written agreement.</summary>
    public string Agreement { get; private set; } = "";

    /// <summary>
    /// Clauses spécifiques signed between the funders and the operator (art. 8), by their reference: what is repaid is then given back
    /// as it comes in, without waiting for the last advance. Empty: there are none, and the convention's own rule holds.
    /// </summary>
    public string SpecificClause { get; private set; } = "";

    /// <summary>Raised at each change, so that two hands never overwrite each other.</summary>
    public int Version { get; private set; }

    /// <summary>The transfer that was agreed. Null: what remains goes to the funders.</summary>
    public TransferToLocalStructure? Transfer =>
        Way == RemainderWay.ToLocalStructure ? new(Structure, AgreedBy, AgreedOn, Agreement) : null;

    /// <summary>The rule of the renewal, for this programme.</summary>
    public Renewal RenewalOf(Programme programme) => new(programme.SignedOn, programme.EndsOn, Decision, DecidedOn);

    /// <summary>The study was drawn up.</summary>
    public void Study(Guid documentId)
    {
        StudyId = documentId;
        Version++;
    }

    /// <summary>Records what the partners decided; ask <see cref="Renewal.DecisionRefusals"/> first.</summary>
    /// <exception cref="InvalidOperationException">It was decided before: a bug of the caller.</exception>
    public void Decide(RenewalDecision decision, DateOnly on, string by, string writtenIn)
    {
        if (Decision != RenewalDecision.Open) throw new InvalidOperationException($"The renewal of programme '{ProgrammeId}' was decided on {DecidedOn:O}.");
        (Decision, DecidedOn, DecidedBy, DecidedIn) = (decision, on, by, writtenIn);
        Version++;
    }

    /// <summary>Records where what remains goes.</summary>
    public void Destine(RemainderWay way, string structure, string agreedBy, DateOnly agreedOn, string agreement)
    {
        (Way, Structure, AgreedBy, AgreedOn, Agreement) = (way, structure, agreedBy, agreedOn, agreement);
        Version++;
    }

    /// <summary>Records the clause by which what is repaid is given back as it comes in.</summary>
    public void Agree(string clause)
    {
        SpecificClause = clause;
        Version++;
    }
}
