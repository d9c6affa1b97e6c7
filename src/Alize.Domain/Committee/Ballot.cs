namespace Alize.Domain.Committee;

/// <summary>Where a ballot stands.</summary>
public enum BallotState
{
    /// <summary>Members present may vote.</summary>
    Open,

    /// <summary>Counted: its decision is recorded.</summary>
    Decided,

    /// <summary>Taken back by the operator before it was counted, e.g. to change what is put to the vote.</summary>
    Withdrawn,
}

/// <summary>
/// Scrutin (R2, art. 5.2): one proposal on one project, put to the members present, who vote from their personal link or aloud.
/// What is put to the vote does not change while they vote.
/// </summary>
public sealed class Ballot
{
    private readonly List<BallotVote> votes = [];

    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The session.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>The project.</summary>
    public required Guid ProjectId { get; init; }

    /// <summary>What is put to the vote, JSON.</summary>
    public required string Proposal { get; init; }

    /// <summary>When it was opened, UTC.</summary>
    public required DateTime OpenedAt { get; init; }

    /// <summary>Who opened it.</summary>
    public required string OpenedBy { get; init; }

    /// <summary>Where it stands.</summary>
    public BallotState State { get; private set; } = BallotState.Open;

    /// <summary>Raised at each vote and at its end: a vote that arrives with the count is in it or is refused, never lost.</summary>
    public int Version { get; private set; }

    /// <summary>The votes given from personal links, one a member; the last one counts.</summary>
    public IReadOnlyList<BallotVote> Votes => votes;

    /// <summary>Takes a member's vote; until the count the member may change it.</summary>
    /// <exception cref="InvalidOperationException">The ballot is over: the page says so before it comes to this.</exception>
    public void Cast(Guid contactId, VoteChoice choice, DateTime at)
    {
        RefuseUnlessOpen();
        if (votes.FirstOrDefault(v => v.ContactId == contactId) is { } given) given.Change(choice, at);
        else votes.Add(new(Id, ProgrammeId, contactId, choice, at));
        Version++;
    }

    /// <summary>Ends it: counted, or taken back.</summary>
    /// <exception cref="InvalidOperationException">It is over already.</exception>
    public void End(BallotState state)
    {
        RefuseUnlessOpen();
        State = state;
        Version++;
    }

    private void RefuseUnlessOpen()
    {
        if (State != BallotState.Open) throw new InvalidOperationException($"Ballot '{Id}' is {State}: it takes no vote and does not end twice.");
    }
}

/// <summary>One member's vote in an open ballot.</summary>
public sealed class BallotVote
{
    internal BallotVote(Guid ballotId, Guid programmeId, Guid contactId, VoteChoice choice, DateTime castAt) =>
        (BallotId, ProgrammeId, ContactId, Choice, CastAt) = (ballotId, programmeId, contactId, choice, castAt);

    /// <summary>Id, ascending.</summary>
    public long Id { get; init; }

    /// <summary>The programme.</summary>
    public Guid ProgrammeId { get; private init; }

    /// <summary>The ballot.</summary>
    public Guid BallotId { get; private init; }

    /// <summary>The member.</summary>
    public Guid ContactId { get; private init; }

    /// <summary>How.</summary>
    public VoteChoice Choice { get; private set; }

    /// <summary>When, UTC.</summary>
    public DateTime CastAt { get; private set; }

    internal void Change(VoteChoice choice, DateTime at) => (Choice, CastAt) = (choice, at);
}
