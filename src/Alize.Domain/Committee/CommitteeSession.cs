namespace Alize.Domain.Committee;

/// <summary>Which committee sits.</summary>
public enum CommitteeKind
{
    /// <summary>Comité d'agrément (art. 5.2).</summary>
    Approval,

    /// <summary>Comité local de pilotage et d'évaluation (art. 5.1).</summary>
    Steering,
}

/// <summary>Where a session stands.</summary>
public enum SessionState
{
    /// <summary>Planned, invitations may still be missing.</summary>
    Planned,

    /// <summary>Everybody who must be was invited (R4).</summary>
    Invited,

    /// <summary>Opened by its chair: attendance and votes are taken.</summary>
    Open,

    /// <summary>Over; its decisions stand.</summary>
    Closed,

    /// <summary>Minutes approved and sent to all members and ASTREES (R4).</summary>
    MinutesSent,
}

/// <summary>How someone attends.</summary>
public enum Presence
{
    /// <summary>Not there; a proxy is not a presence.</summary>
    Absent,

    /// <summary>In the room.</summary>
    Room,

    /// <summary>By video: present (R2).</summary>
    Video,

    /// <summary>Left before the vote: not present for it.</summary>
    Left,
}

/// <summary>Séance of a committee.</summary>
public sealed class CommitteeSession
{
    private readonly List<SessionInvitee> invitees = [];
    private readonly List<AgendaItem> agenda = [];

    /// <summary>Id; also the correlation id of its workflow.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>Which committee.</summary>
    public required CommitteeKind Kind { get; init; }

    /// <summary>Start, UTC.</summary>
    public required DateTime StartsAt { get; set; }

    /// <summary>Room, address or link.</summary>
    public required string Place { get; set; }

    /// <summary>Président of the session (R3). Null until named.</summary>
    public Guid? ChairContactId { get; set; }

    /// <summary>Where it stands.</summary>
    public SessionState State { get; set; } = SessionState.Planned;

    /// <summary>Minutes as approved, Markdown. Null until drafted.</summary>
    public string? Minutes { get; set; }

    /// <summary>Everybody invited, and how they attend.</summary>
    public IReadOnlyList<SessionInvitee> Invitees => invitees;

    /// <summary>Projects to decide on, in order.</summary>
    public IReadOnlyList<AgendaItem> Agenda => [.. agenda.OrderBy(a => a.Position)];

    /// <summary>Voting members present (R2).</summary>
    public int PresentCount => invitees.Count(i => i.IsPresentForVote);

    /// <summary>Invites a person once; a second call changes nothing.</summary>
    public void Invite(Guid contactId, Guid? partnerId, bool isVotingMember, bool isAstrees, DateTime at)
    {
        if (invitees.Any(i => i.ContactId == contactId)) return;
        invitees.Add(new()
        {
            SessionId = Id,
            ProgrammeId = ProgrammeId,
            ContactId = contactId,
            PartnerId = partnerId,
            IsVotingMember = isVotingMember,
            IsAstrees = isAstrees,
            InvitedAt = at,
        });
    }

    /// <summary>Puts a project on the agenda once.</summary>
    public void Add(Guid projectId)
    {
        if (agenda.Any(a => a.ProjectId == projectId)) return;
        agenda.Add(new() { SessionId = Id, ProgrammeId = ProgrammeId, ProjectId = projectId, Position = agenda.Count + 1 });
    }
}

/// <summary>Somebody invited to a session.</summary>
public sealed class SessionInvitee
{
    /// <summary>Id, ascending.</summary>
    public long Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The session.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>The person.</summary>
    public required Guid ContactId { get; init; }

    /// <summary>For whom. Null for none.</summary>
    public Guid? PartnerId { get; init; }

    /// <summary>Whether this person has a vote; ASTREES and guests have none.</summary>
    public required bool IsVotingMember { get; init; }

    /// <summary>Whether this person stands for ASTREES (R4).</summary>
    public required bool IsAstrees { get; init; }

    /// <summary>When the invitation went out, UTC.</summary>
    public required DateTime InvitedAt { get; init; }

    /// <summary>How this person attends.</summary>
    public Presence Presence { get; set; } = Presence.Absent;

    /// <summary>A voting member in the room or by video.</summary>
    public bool IsPresentForVote => IsVotingMember && Presence is (Presence.Room or Presence.Video);
}

/// <summary>A project on a session's agenda.</summary>
public sealed class AgendaItem
{
    /// <summary>Id, ascending.</summary>
    public long Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The session.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>The project.</summary>
    public required Guid ProjectId { get; init; }

    /// <summary>Order, from 1.</summary>
    public required int Position { get; init; }
}
