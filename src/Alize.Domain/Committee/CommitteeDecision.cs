namespace Alize.Domain.Committee;

/// <summary>What the committee decided.</summary>
public enum DecisionOutcome
{
    /// <summary>Rejeté.</summary>
    Rejected,

    /// <summary>Ajourné: comes back.</summary>
    Deferred,

    /// <summary>Agréé.</summary>
    Approved,
}

/// <summary>One member's vote.</summary>
public enum VoteChoice
{
    /// <summary>Pour.</summary>
    Yes,

    /// <summary>Contre.</summary>
    No,

    /// <summary>Abstention or blank vote: counts as present (R2).</summary>
    Abstained,
}

/// <summary>How a vote was given. Never by proxy (R2).</summary>
public enum VoteMeans
{
    /// <summary>Said in the session and noted by the operator.</summary>
    InSession,

    /// <summary>Given by the member on the page of the personal link.</summary>
    PersonalLink,
}

/// <summary>Décision du comité d'agrément on one project (R2, art. 5.2), with the means it gives. Never edited: a later one replaces it.</summary>
public sealed class CommitteeDecision
{
    private readonly List<Vote> votes = [];
    private readonly List<Recusal> recusals = [];

    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The session.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>The project.</summary>
    public required Guid ProjectId { get; init; }

    /// <summary>What was decided.</summary>
    public required DecisionOutcome Outcome { get; init; }

    /// <summary>The day: also the grant date of State aid (R7c).</summary>
    public required DateOnly DecidedOn { get; init; }

    /// <summary>Voting members present.</summary>
    public required int Present { get; init; }

    /// <summary>Votes for.</summary>
    public required int Yes { get; init; }

    /// <summary>Votes against.</summary>
    public required int No { get; init; }

    /// <summary>Abstentions and blank votes.</summary>
    public required int Abstained { get; init; }

    /// <summary>Advance granted; zero for competences alone.</summary>
    public Money Advance { get; init; }

    /// <summary>Duration of the advance in months.</summary>
    public int Months { get; init; }

    /// <summary>Deferral in months.</summary>
    public int DeferralMonths { get; init; }

    /// <summary>Why, as the minutes say it.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Condition suspensive: what must come true before the decision takes effect. Empty for none.</summary>
    public string Condition { get; init; } = "";

    /// <summary>The decision this one replaces. Null for a first one.</summary>
    public Guid? ReplacesDecisionId { get; init; }

    /// <summary>Who voted how.</summary>
    public IReadOnlyList<Vote> Votes => votes;

    /// <summary>Who stood back from the vote.</summary>
    public IReadOnlyList<Recusal> Recusals => recusals;

    /// <summary>The count, as read out and written in the minutes.</summary>
    public VoteCount Count => new(
        Present, Yes, No, Abstained, recusals.Count(r => r.CountsAsPresent), recusals.Count(r => !r.CountsAsPresent));

    /// <summary>Records that a member stood back (déport), e.g. as the project's supplier.</summary>
    /// <exception cref="InvalidOperationException">The member has voted: a bug of the caller.</exception>
    public void Recuse(Guid contactId, bool countsAsPresent)
    {
        if (votes.Any(v => v.ContactId == contactId) || recusals.Any(r => r.ContactId == contactId))
            throw new InvalidOperationException($"Contact '{contactId}' has voted or stood back already in decision '{Id}'.");
        recusals.Add(new() { DecisionId = Id, ProgrammeId = ProgrammeId, ContactId = contactId, CountsAsPresent = countsAsPresent });
    }

    /// <summary>Records a vote; each member has one.</summary>
    /// <exception cref="InvalidOperationException">The member has voted already: a bug of the caller.</exception>
    public void Record(Guid contactId, VoteChoice choice, VoteMeans means = VoteMeans.InSession)
    {
        if (votes.Any(v => v.ContactId == contactId))
            throw new InvalidOperationException($"Contact '{contactId}' has voted already in decision '{Id}'.");
        votes.Add(new() { DecisionId = Id, ProgrammeId = ProgrammeId, ContactId = contactId, Choice = choice, Means = means });
    }
}

/// <summary>Réouverture of a decision: it no longer takes effect, the project comes before the committee again. Once a decision.</summary>
public sealed class Reopening
{
    /// <summary>The decision reopened.</summary>
    public required Guid DecisionId { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Who reopened it.</summary>
    public required string By { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTime At { get; init; }
}

/// <summary>One member's vote in one decision.</summary>
public sealed class Vote
{
    /// <summary>Id, ascending.</summary>
    public long Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The decision.</summary>
    public required Guid DecisionId { get; init; }

    /// <summary>The member.</summary>
    public required Guid ContactId { get; init; }

    /// <summary>How.</summary>
    public required VoteChoice Choice { get; init; }

    /// <summary>How it was given.</summary>
    public VoteMeans Means { get; init; }
}

/// <summary>Déport: a member who stands back from one vote, e.g. as the project's supplier (R2).</summary>
public sealed class Recusal
{
    /// <summary>Id, ascending.</summary>
    public long Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The decision.</summary>
    public required Guid DecisionId { get; init; }

    /// <summary>The member.</summary>
    public required Guid ContactId { get; init; }

    /// <summary>Whether the minutes count the member among those present.</summary>
    public required bool CountsAsPresent { get; init; }
}
