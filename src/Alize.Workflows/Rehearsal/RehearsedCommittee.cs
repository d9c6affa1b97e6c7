using Alize.Data;
using Alize.Domain;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Alize.Workflows.Committee;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Rehearsal;

/// <summary>
/// The committee of a rehearsal: everybody is there and votes as assumed. The rules of the vote and of article 6.2 are the real ones;
/// what they refuse is refused here too.
/// </summary>
internal sealed class RehearsedCommittee(RehearsalWorld world, Guid programmeId, FrenchCalendar calendar)
{
    public const string Approved = "Approved";
    public const string Conditional = "Conditional";
    public const string Deferred = "Deferred";
    public const string Rejected = "Rejected";

    private const int DaysToSession = 14;
    private const int HourOfSession = 14;
    private const int HalfDaysLent = 10;
    private const string By = "Comité supposé";

    /// <summary>The programme's working days.</summary>
    public FrenchCalendar Calendar => calendar;

    /// <summary>When the committee sees a project: the planned session that has it on its agenda, else one in a fortnight.</summary>
    public async Task<DateTimeOffset> NextSessionAsync(Guid projectId, CancellationToken cancel)
    {
        var now = world.Clock.GetUtcNow();
        return await PlannedAsync(projectId, cancel) is { } session && session.StartsAt > now.UtcDateTime
            ? new(DateTime.SpecifyKind(session.StartsAt, DateTimeKind.Utc))
            : Afternoon(calendar.OnOrAfter(world.Days.Today.AddDays(DaysToSession)));
    }

    /// <summary>A session for procedures that are about one.</summary>
    public async Task<Guid> PlanAsync(CommitteeKind kind, Guid projectId, CancellationToken cancel)
    {
        var session = await NewAsync(kind, Afternoon(calendar.OnOrAfter(world.Days.Today.AddDays(DaysToSession))), cancel);
        if (kind == CommitteeKind.Approval) session.Add(projectId);
        await world.ReadAsync(db =>
        {
            db.CommitteeSessions.Add(session);
            return db.SaveChangesAsync(cancel);
        });
        return session.Id;
    }

    /// <summary>Decides on a project in a session of today. Null when it is decided, else what stands against it.</summary>
    public async Task<string?> DecideAsync(Guid projectId, string decision, CancellationToken cancel)
    {
        var sessionId = await SessionOfTodayAsync(projectId, cancel);
        if (await OpenAsync(sessionId, cancel) is { } notOpened) return notOpened;
        var form = await FormAsync(sessionId, projectId, decision, cancel);
        var result = await world.DoAsync<CommitteeVotes, DecisionResult>(v => v.DecideAsync(sessionId, projectId, form, By, cancel));
        if (result.Decision is not null) return null;
        return "Le comité ne pourrait pas en décider ainsi : " + string.Join(" ", result.Problems.Select(p => p.Sentence).Concat(result.Refusals.Select(r => r.ToString())));
    }

    /// <summary>Opens and closes a session with everybody present.</summary>
    public async Task<string?> HoldAsync(Guid sessionId, CancellationToken cancel) => await OpenAsync(sessionId, cancel)
        ?? (await world.DoAsync<CommitteeSessions, IReadOnlyList<Problem>>(s => s.CloseAsync(sessionId, By, cancel)) is [var problem, ..] ? problem.Sentence : null);

    public async Task<string?> CallOffAsync(Guid sessionId, CancellationToken cancel) =>
        await world.DoAsync<SessionPlans, IReadOnlyList<Problem>>(s => s.CallOffAsync(sessionId, "Annulation supposée pour l’essai", By, cancel)) is [var problem, ..] ? problem.Sentence : null;

    private async Task<string?> OpenAsync(Guid sessionId, CancellationToken cancel)
    {
        var invited = await world.ReadAsync(async db => (await db.CommitteeSessions.AsNoTracking().SingleAsync(s => s.Id == sessionId, cancel)).Invitees.Select(i => i.ContactId).Distinct().ToList());
        var refusals = await world.DoAsync<CommitteeSessions, IReadOnlyList<Refusal>>(s => s.OpenAsync(sessionId, invited.ToDictionary(i => i, _ => Presence.Room), null, By, cancel));
        return refusals.Count == 0 ? null : "La séance ne pourrait pas s’ouvrir : " + string.Join(" ", refusals);
    }

    private Task<CommitteeSession?> PlannedAsync(Guid projectId, CancellationToken cancel) => world.ReadAsync(async db =>
        (await db.CommitteeSessions.AsNoTracking().Where(s => s.ProgrammeId == programmeId && s.Kind == CommitteeKind.Approval).ToListAsync(cancel))
            .Where(s => s.IsAhead && s.Agenda.Any(a => a.ProjectId == projectId)).MinBy(s => s.StartsAt));

    private async Task<Guid> SessionOfTodayAsync(Guid projectId, CancellationToken cancel)
    {
        var planned = await PlannedAsync(projectId, cancel);
        var made = planned is null ? await NewAsync(CommitteeKind.Approval, world.Clock.GetUtcNow().UtcDateTime, cancel) : null;
        var members = await world.DoAsync<CommitteeMembers, IReadOnlyList<Contact>>(m => m.OfAsync(programmeId, CommitteeKind.Approval, cancel));
        var astrees = await world.DoAsync<Addressees, IReadOnlyList<Contact>>(a => a.FindAsync("astrees", programmeId, null, cancel));
        return await world.ReadAsync(async db =>
        {
            var session = made ?? await db.CommitteeSessions.SingleAsync(s => s.Id == planned!.Id, cancel);
            if (made is not null)
            {
                session.Add(projectId);
                db.CommitteeSessions.Add(session);
            }

            var now = world.Days.UtcNow;
            foreach (var person in members.Concat(astrees).Where(p => session.Invitees.All(i => i.ContactId != p.Id)))
                session.Invite(person.Id, person.PartnerId, members.Contains(person), astrees.Any(a => a.Id == person.Id), now);
            session.State = SessionState.Invited;

            // A procedure that does not tell the stages itself must not fail for it.
            var project = await db.Projects.SingleAsync(p => p.Id == projectId, cancel);
            if (project.Stage != ProjectStage.Committee) project.Enter(ProjectStage.Committee, now, By, "Présenté au comité pour l’essai");
            if (project.SchemesConsidered.Length == 0) project.SchemesConsidered = "Dispositifs examinés, supposé pour l’essai.";
            await db.SaveChangesAsync(cancel);
            return session.Id;
        });
    }

    private async Task<CommitteeSession> NewAsync(CommitteeKind kind, DateTimeOffset at, CancellationToken cancel) => new()
    {
        Id = Guid.CreateVersion7(),
        ProgrammeId = programmeId,
        Kind = kind,
        StartsAt = at.UtcDateTime,
        Place = "Salle supposée",
        Topics = kind == CommitteeKind.Steering ? "Bilan de l’année" : "",
        ChairContactId = (await world.DoAsync<CommitteeMembers, Contact?>(m => m.ChairAsync(programmeId, kind, cancel)))?.Id,
    };

    private Task<DecisionForm> FormAsync(Guid sessionId, Guid projectId, string decision, CancellationToken cancel) => world.ReadAsync(async db =>
    {
        var session = await db.CommitteeSessions.AsNoTracking().SingleAsync(s => s.Id == sessionId, cancel);
        var project = await db.Projects.AsNoTracking().SingleAsync(p => p.Id == projectId, cancel);
        var today = world.Days.Today;
        var proposal = decision switch
        {
            Deferred => DecisionOutcome.Deferred,
            Rejected => DecisionOutcome.Rejected,
            _ => DecisionOutcome.Approved,
        };
        return new DecisionForm(
            proposal, session.Invitees.Where(i => i.IsPresentForVote).ToDictionary(i => i.ContactId, _ => VoteChoice.Yes),
            project.RequestedAdvance, project.RequestedMonths, project.RequestedDeferralMonths,
            await LenderAsync(db, today, cancel) is { } lender ? [new(lender, "Appui supposé", HalfDaysLent)] : [], project.LeadPartnerId ?? project.DetectedByPartnerId, "Décision supposée pour l’essai.")
        {
            Condition = decision == Conditional ? "Condition supposée pour l’essai" : "",
        };
    });

    /// <summary>A partner company that has somebody to sign for it.</summary>
    private async Task<Guid?> LenderAsync(AlizeDb db, DateOnly today, CancellationToken cancel)
    {
        var companies = await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == programmeId && p.Kind == PartnerKind.Company).OrderBy(p => p.Name).Select(p => p.Id).ToListAsync(cancel);
        var people = await db.Contacts.AsNoTracking().Where(c => c.ProgrammeId == programmeId && c.PartnerId != null).ToListAsync(cancel);
        return companies.Cast<Guid?>().FirstOrDefault(id => people.Any(c => c.PartnerId == id && c.IsActiveOn(today)));
    }

    private DateTimeOffset Afternoon(DateOnly day) => new(world.Days.ToUtc(day.ToDateTime(new TimeOnly(HourOfSession, 0))), TimeSpan.Zero);
}
