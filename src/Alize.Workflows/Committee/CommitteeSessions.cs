using Alize.Data;
using Alize.Domain;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Alize.Engine.Storage;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Alize.Workflows.Committee;

/// <summary>Séances: planned, opened, attended and closed by the operator; what is decided in them is <see cref="CommitteeVotes"/>.</summary>
public sealed class CommitteeSessions(
    AlizeDb db, Trail trail, Signals signals, IWorkflowStore store, WorkflowRuntime runtime, CommitteeVotes votes, ProgrammeClock clock)
{
    /// <summary>The procedure a session lives by.</summary>
    public const string Procedure = "committee-session";

    /// <summary>Plans a session; its procedure invites every member and ASTREES at once (R4).</summary>
    public async Task<(Guid? SessionId, IReadOnlyList<Problem> Problems)> PlanAsync(
        Guid programmeId, CommitteeKind kind, DateTime startsAtUtc, string place, IReadOnlyList<Guid> projectIds, string by, CancellationToken cancel)
    {
        var problems = new List<Problem>();
        if (startsAtUtc <= clock.UtcNow) problems.Add(new("startsAt", "La séance doit être à venir. Choisissez une date et une heure futures."));
        if (place.Trim().Length == 0) problems.Add(new("place", "Dites où se tient la séance : une salle, une adresse ou un lien de visioconférence."));
        var projects = await db.Projects.Where(p => p.ProgrammeId == programmeId && projectIds.Contains(p.Id)).ToListAsync(cancel);
        foreach (var notReady in projects.Where(p => p.Stage != ProjectStage.Committee))
            problems.Add(new("projects", $"Le projet {notReady.Number} n’est pas prêt pour le comité : il est à l’étape « {Eligibility.StageNames.French(notReady.Stage)} »."));
        if (projects.Count != projectIds.Distinct().Count()) problems.Add(new("projects", "L’un des projets choisis n’existe pas dans ce dispositif."));
        if (problems.Count > 0) return (null, problems);

        var chair = (await db.Contacts.AsNoTracking()
            .Where(c => c.ProgrammeId == programmeId && c.Role == ContactRole.CommitteeChair).ToListAsync(cancel))
            .FirstOrDefault(c => c.IsActiveOn(clock.Today));
        var session = new CommitteeSession
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = programmeId,
            Kind = kind,
            StartsAt = startsAtUtc,
            Place = place.Trim(),
            ChairContactId = chair?.Id,
        };
        foreach (var project in projects) session.Add(project.Id);
        db.CommitteeSessions.Add(session);
        var day = FrenchText.Date(DateOnly.FromDateTime(clock.ToLocal(startsAtUtc)));
        trail.Add(programmeId, "session", $"Séance prévue le {day}, {session.Place}", by, subjectId: session.Id);
        var start = signals.Start(Procedure, $"session-{session.Id:N}", session.Id, programmeId, $"Séance du {day}");
        store.Enqueue(start);
        await db.SaveChangesAsync(cancel);
        await runtime.DeliverAsync(start.Id, cancel);
        return (session.Id, []);
    }

    /// <summary>Opens a session once everybody who must be was invited (R4) and its chair may preside (R3).</summary>
    public async Task<IReadOnlyList<Refusal>> OpenAsync(
        Guid sessionId, IReadOnlyDictionary<Guid, Presence> presences, Guid? chairContactId, string by, CancellationToken cancel)
    {
        await using var transaction = await LockAsync(sessionId, cancel);
        var session = await db.CommitteeSessions.SingleAsync(s => s.Id == sessionId, cancel);
        if (session.State is not (SessionState.Planned or SessionState.Invited)) return [new("R4", "5.2", "session-not-openable")];
        var invited = session.Invitees.Select(i => i.ContactId).ToHashSet();
        var members = await MembersAsync(session.ProgrammeId, cancel);
        var refusals = SessionOpening.Refusals(
            [.. members.Where(m => !invited.Contains(m.Id)).Select(m => m.FullName)], session.Invitees.Any(i => i.IsAstrees)).ToList();
        if (session.Kind == CommitteeKind.Approval) refusals.AddRange(await ChairRefusalsAsync(session, chairContactId ?? session.ChairContactId, cancel));
        if (refusals.Count > 0)
        {
            trail.Add(session.ProgrammeId, "session-refused", $"Ouverture refusée : {string.Join(" ", refusals)}", by, subjectId: session.Id);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            return refusals;
        }

        session.ChairContactId = chairContactId ?? session.ChairContactId;
        session.State = SessionState.Open;
        Attend(session, presences);
        trail.Add(session.ProgrammeId, "session", $"Séance ouverte : {FrenchText.Plural(session.PresentCount, "membre présent", "membres présents")}", by, subjectId: session.Id);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return [];
    }

    /// <summary>Notes who is there, who came by video and who left.</summary>
    public async Task<IReadOnlyList<Problem>> AttendAsync(
        Guid sessionId, IReadOnlyDictionary<Guid, Presence> presences, string by, CancellationToken cancel)
    {
        await using var transaction = await LockAsync(sessionId, cancel);
        var session = await db.CommitteeSessions.SingleAsync(s => s.Id == sessionId, cancel);
        if (session.State != SessionState.Open) return [new("", "Les présences se notent en séance. Ouvrez d’abord la séance.")];
        if (presences.Keys.Except(session.Invitees.Select(i => i.ContactId)).Any())
            return [new("presences", "Une personne notée présente n’est pas invitée à cette séance.")];
        Attend(session, presences);
        trail.Add(session.ProgrammeId, "session", $"Présences notées : {FrenchText.Plural(session.PresentCount, "membre présent", "membres présents")}", by, subjectId: session.Id);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return [];
    }

    /// <summary>Decides on one project of the agenda.</summary>
    public Task<DecisionResult> DecideAsync(Guid sessionId, Guid projectId, DecisionForm form, string by, CancellationToken cancel) =>
        votes.DecideAsync(sessionId, projectId, form, by, cancel);

    /// <summary>Ends a session; its procedure goes on with the minutes. Projects left undecided wait for the next one.</summary>
    public async Task<IReadOnlyList<Problem>> CloseAsync(Guid sessionId, string by, CancellationToken cancel)
    {
        await using var transaction = await LockAsync(sessionId, cancel);
        var session = await db.CommitteeSessions.SingleAsync(s => s.Id == sessionId, cancel);
        if (session.State != SessionState.Open) return [new("", "Cette séance n’est pas ouverte : elle ne peut pas être levée.")];
        session.State = SessionState.Closed;
        trail.Add(session.ProgrammeId, "session", "Séance levée", by, subjectId: session.Id);
        var signal = signals.For(Signals.SessionClosed, session.Id);
        store.Enqueue(signal);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        await runtime.DeliverAsync(signal.Id, cancel);
        return [];
    }

    /// <summary>The voting members of the approval committee in office today; a person who sits twice sits once.</summary>
    internal async Task<IReadOnlyList<Contact>> MembersAsync(Guid programmeId, CancellationToken cancel)
    {
        var people = await db.Contacts.AsNoTracking().Where(c => c.ProgrammeId == programmeId
            && (c.Role == ContactRole.CommitteeMember || c.Role == ContactRole.CommitteeChair)).ToListAsync(cancel);
        return [.. people.Where(c => c.IsActiveOn(clock.Today)).OrderByDescending(c => c.Role).DistinctBy(c => c.Email.ToUpperInvariant())];
    }

    /// <summary>Attendance, votes and closing wait for one another: a vote counts those who are present when it is recorded.</summary>
    private async Task<IDbContextTransaction> LockAsync(Guid sessionId, CancellationToken cancel) => await db.LockProgrammeAsync(
        await db.CommitteeSessions.Where(s => s.Id == sessionId).Select(s => s.ProgrammeId).SingleAsync(cancel), cancel);

    private static void Attend(CommitteeSession session, IReadOnlyDictionary<Guid, Presence> presences)
    {
        foreach (var invitee in session.Invitees)
            if (presences.TryGetValue(invitee.ContactId, out var presence)) invitee.Presence = presence;
    }

    private async Task<IEnumerable<Refusal>> ChairRefusalsAsync(CommitteeSession session, Guid? chairContactId, CancellationToken cancel)
    {
        var chair = await db.Contacts.AsNoTracking().SingleOrDefaultAsync(c => c.Id == chairContactId && c.ProgrammeId == session.ProgrammeId, cancel);
        if (chair is null) return CommitteeChair.Refusals(isActive: false, representsCompany: false, "—");
        var partner = await db.Partners.AsNoTracking().SingleOrDefaultAsync(p => p.Id == chair.PartnerId, cancel);
        return CommitteeChair.Refusals(chair.IsActiveOn(clock.Today), partner?.Kind == PartnerKind.Company, chair.FullName);
    }
}
