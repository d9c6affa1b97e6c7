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

/// <summary>Décision du comité d'agrément on one project (R2, art. 5.2), with the means it gives. Never edited: a later one replaces it.</summary>
public sealed class CommitteeDecision
{
    private readonly List<Vote> votes = [];

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

    /// <summary>Who voted how.</summary>
    public IReadOnlyList<Vote> Votes => votes;

    /// <summary>Records a vote; each member has one.</summary>
    /// <exception cref="InvalidOperationException">The member has voted already: a bug of the caller.</exception>
    public void Record(Guid contactId, VoteChoice choice)
    {
        if (votes.Any(v => v.ContactId == contactId))
            throw new InvalidOperationException($"Contact '{contactId}' has voted already in decision '{Id}'.");
        votes.Add(new() { DecisionId = Id, ProgrammeId = ProgrammeId, ContactId = contactId, Choice = choice });
    }
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
}
