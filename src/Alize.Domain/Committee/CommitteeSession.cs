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

    /// <summary>Called off before it opened; everybody invited was told.</summary>
    Cancelled,
}

/// <summary>Réponse to an invitation, as a calendar program or the person's own page gives it (RFC 5545, PARTSTAT).</summary>
public enum InvitationReply
{
    /// <summary>Not answered.</summary>
    None,

    /// <summary>Will come.</summary>
    Accepted,

    /// <summary>May come.</summary>
    Tentative,

    /// <summary>Will not come.</summary>
    Declined,
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

    /// <summary>How long a session lasts unless somebody says otherwise.</summary>
    public const int DefaultMinutes = 120;

    /// <summary>Start, UTC.</summary>
    public required DateTime StartsAt { get; set; }

    /// <summary>Planned length in minutes.</summary>
    public int DurationMinutes { get; set; } = DefaultMinutes;

    /// <summary>Planned end, UTC.</summary>
    public DateTime EndsAt => StartsAt.AddMinutes(DurationMinutes);

    /// <summary>Room or address; "visioconférence" alone where nobody meets.</summary>
    public required string Place { get; set; }

    /// <summary>Address of the video meeting. Empty for none.</summary>
    public string VideoLink { get; set; } = "";

    /// <summary>Points of the agenda that are no project, one a line.</summary>
    public string Topics { get; set; } = "";

    /// <summary>
    /// How often day, hour, place or agenda changed: the SEQUENCE of its calendar entry (RFC 5545, 3.8.7.4). Who was told of a lower
    /// one is told again.
    /// </summary>
    public int Sequence { get; private set; }

    /// <summary>Why it was called off. Null otherwise.</summary>
    public string? CancelledBecause { get; private set; }

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

    /// <summary>Whether day, place and agenda may still change.</summary>
    public bool IsAhead => State is SessionState.Planned or SessionState.Invited;

    /// <summary>Invites a person once; who was invited before is told of what changed since.</summary>
    public SessionInvitee Invite(Guid contactId, Guid? partnerId, bool isVotingMember, bool isAstrees, DateTime at)
    {
        var invitee = invitees.FirstOrDefault(i => i.ContactId == contactId);
        if (invitee is null)
        {
            invitee = new()
            {
                SessionId = Id,
                ProgrammeId = ProgrammeId,
                ContactId = contactId,
                PartnerId = partnerId,
                IsVotingMember = isVotingMember,
                IsAstrees = isAstrees,
                InvitedAt = at,
            };
            invitees.Add(invitee);
        }

        invitee.ToldSequence = Sequence;
        return invitee;
    }

    /// <summary>Moves the session. What people answered to another day is no answer to this one.</summary>
    /// <exception cref="InvalidOperationException">It has opened, or was called off.</exception>
    public void Move(DateTime startsAt, int durationMinutes, string place, string videoLink)
    {
        RefuseUnlessAhead();
        if (startsAt != StartsAt)
            foreach (var invitee in invitees) invitee.Answer(InvitationReply.None, null);
        (StartsAt, DurationMinutes, Place, VideoLink) = (startsAt, durationMinutes, place, videoLink);
        Sequence++;
    }

    /// <summary>Sets the points and the projects of the agenda anew, in this order.</summary>
    /// <exception cref="InvalidOperationException">It has opened, or was called off.</exception>
    public void SetAgenda(IReadOnlyList<Guid> projectIds, string topics)
    {
        RefuseUnlessAhead();
        agenda.RemoveAll(a => !projectIds.Contains(a.ProjectId));
        foreach (var projectId in projectIds) Add(projectId);
        foreach (var item in agenda) item.Position = projectIds.ToList().IndexOf(item.ProjectId) + 1;
        Topics = topics;
        Sequence++;
    }

    /// <summary>Calls the session off.</summary>
    /// <exception cref="InvalidOperationException">It has opened, or was called off already.</exception>
    public void CallOff(string reason)
    {
        RefuseUnlessAhead();
        (State, CancelledBecause) = (SessionState.Cancelled, reason);
        Sequence++;
    }

    private void RefuseUnlessAhead()
    {
        if (!IsAhead) throw new InvalidOperationException($"Session '{Id}' is {State}: only one that is ahead changes.");
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

    /// <summary>The <see cref="CommitteeSession.Sequence"/> this person was told of.</summary>
    public int ToldSequence { get; internal set; }

    /// <summary>What this person answered.</summary>
    public InvitationReply Reply { get; private set; }

    /// <summary>When, UTC. Null before.</summary>
    public DateTime? RepliedAt { get; private set; }

    /// <summary>How this person attends.</summary>
    public Presence Presence { get; set; } = Presence.Absent;

    /// <summary>Notes the answer; the last one counts.</summary>
    public void Answer(InvitationReply reply, DateTime? at) => (Reply, RepliedAt) = (reply, at);

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
    public required int Position { get; set; }
}
