using Alize.Data;
using Alize.Domain;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Engine.Storage;
using Alize.Workflows.Eligibility;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Committee;

/// <summary>Day, place and agenda of a session.</summary>
/// <param name="StartsAtUtc">Start, UTC.</param>
/// <param name="DurationMinutes">Planned length.</param>
/// <param name="Place">Room or address, or that it is held by video.</param>
/// <param name="VideoLink">Address of the video meeting. Empty for none.</param>
/// <param name="Topics">Points of the agenda that are no project, one a line.</param>
/// <param name="ProjectIds">Projects to decide on, in order.</param>
public sealed record SessionPlan(
    DateTime StartsAtUtc, int DurationMinutes, string Place, string VideoLink, string Topics, IReadOnlyList<Guid> ProjectIds)
{
    /// <summary>A session of usual length in one place.</summary>
    public static SessionPlan At(DateTime startsAtUtc, string place, params IReadOnlyList<Guid> projectIds) =>
        new(startsAtUtc, CommitteeSession.DefaultMinutes, place, "", "", projectIds);
}

/// <summary>Sessions before they open: planned, moved, called off; every change goes to everyone invited, in their calendars too.</summary>
public sealed class SessionPlans(
    AlizeDb db, Trail trail, Signals signals, IWorkflowStore store, WorkflowRuntime runtime, CommitteeMembers members, ProgrammeClock clock)
{
    /// <summary>The procedure a session of that committee lives by.</summary>
    public static string ProcedureOf(CommitteeKind kind) => kind == CommitteeKind.Steering ? "steering-committee" : "committee-session";

    /// <summary>Plans a session; its procedure invites every member and ASTREES at once (R4).</summary>
    public async Task<(Guid? SessionId, IReadOnlyList<Problem> Problems)> PlanAsync(
        Guid programmeId, CommitteeKind kind, SessionPlan plan, string by, CancellationToken cancel)
    {
        var problems = await ProblemsAsync(programmeId, kind, plan, [], cancel);
        if (problems.Count > 0) return (null, problems);

        var session = new CommitteeSession
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = programmeId,
            Kind = kind,
            StartsAt = plan.StartsAtUtc,
            DurationMinutes = plan.DurationMinutes,
            Place = plan.Place.Trim(),
            VideoLink = plan.VideoLink.Trim(),
            Topics = plan.Topics.Trim(),
            ChairContactId = (await members.ChairAsync(programmeId, kind, cancel))?.Id,
        };
        foreach (var projectId in plan.ProjectIds) session.Add(projectId);
        db.CommitteeSessions.Add(session);
        trail.Add(programmeId, "session", $"Séance prévue le {DayOf(session)}, {session.Place}", by, subjectId: session.Id);
        var start = signals.Start(ProcedureOf(kind), $"session-{session.Id:N}", session.Id, programmeId, $"Séance du {DayOf(session)}");
        store.Enqueue(start);
        await db.SaveChangesAsync(cancel);
        await runtime.DeliverAsync(start.Id, cancel);
        return (session.Id, []);
    }

    /// <summary>Moves a session or changes its agenda; whoever was invited is told.</summary>
    public Task<IReadOnlyList<Problem>> ChangeAsync(Guid sessionId, SessionPlan plan, string by, CancellationToken cancel) =>
        ChangeAsync(sessionId, async session =>
        {
            var problems = await ProblemsAsync(session.ProgrammeId, session.Kind, plan, [.. session.Agenda.Select(a => a.ProjectId)], cancel);
            if (problems.Count > 0) return problems;
            var (place, link, topics) = (plan.Place.Trim(), plan.VideoLink.Trim(), plan.Topics.Trim());
            var isMoved = (plan.StartsAtUtc, plan.DurationMinutes, place, link) != (session.StartsAt, session.DurationMinutes, session.Place, session.VideoLink);
            var isReordered = topics != session.Topics || !plan.ProjectIds.SequenceEqual(session.Agenda.Select(a => a.ProjectId));
            if (!isMoved && !isReordered) return [new("", "Rien n’a changé : la séance est déjà prévue ainsi.")];
            if (isMoved) session.Move(plan.StartsAtUtc, plan.DurationMinutes, place, link);
            if (isReordered) session.SetAgenda(plan.ProjectIds, topics);
            trail.Add(session.ProgrammeId, "session", $"Séance modifiée : {DayOf(session)}, {session.Place}, {FrenchText.Plural(session.Agenda.Count, "projet")}", by, subjectId: session.Id);
            return [];
        }, cancel);

    /// <summary>Calls a session off; its projects wait for another one.</summary>
    public Task<IReadOnlyList<Problem>> CallOffAsync(Guid sessionId, string reason, string by, CancellationToken cancel) =>
        ChangeAsync(sessionId, session =>
        {
            if (reason.Trim().Length == 0)
                return Task.FromResult<IReadOnlyList<Problem>>([new("reason", "Dites pourquoi la séance est annulée : chaque personne convoquée le lira.")]);
            session.CallOff(reason.Trim());
            trail.Add(session.ProgrammeId, "session", $"Séance annulée : {reason.Trim()}", by, subjectId: session.Id);
            return Task.FromResult<IReadOnlyList<Problem>>([]);
        }, cancel);

    /// <summary>Invites whoever joined the committee after the invitations went out: without them the session cannot open (R4).</summary>
    public Task<IReadOnlyList<Problem>> InviteMissingAsync(Guid sessionId, string by, CancellationToken cancel) =>
        ChangeAsync(sessionId, session =>
        {
            trail.Add(session.ProgrammeId, "session", "Convocation des personnes qui manquaient", by, subjectId: session.Id);
            return Task.FromResult<IReadOnlyList<Problem>>([]);
        }, cancel);

    /// <summary>Notes what an invited person answers; the last answer counts, and none is taken once the session has opened.</summary>
    public async Task<IReadOnlyList<Problem>> AnswerAsync(
        Guid sessionId, Guid contactId, InvitationReply reply, string by, CancellationToken cancel)
    {
        await using var transaction = await db.LockSessionAsync(sessionId, cancel);
        var session = await db.CommitteeSessions.SingleAsync(s => s.Id == sessionId, cancel);
        if (session.Invitees.FirstOrDefault(i => i.ContactId == contactId) is not { } invitee)
            return [new("", "Cette personne n’est pas convoquée à la séance.")];
        if (!session.IsAhead) return [new("", "La séance n’attend plus de réponse : elle est ouverte, terminée ou annulée.")];
        if (reply == InvitationReply.None) return [new("", "Répondez par oui, peut-être ou non.")];
        if (invitee.Reply == reply) return [];
        invitee.Answer(reply, clock.UtcNow);
        trail.Add(session.ProgrammeId, "reply", $"Convocation : {ReplyNames.French(reply)}", by, subjectId: session.Id);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return [];
    }

    private async Task<IReadOnlyList<Problem>> ChangeAsync(
        Guid sessionId, Func<CommitteeSession, Task<IReadOnlyList<Problem>>> change, CancellationToken cancel)
    {
        await using var transaction = await db.LockSessionAsync(sessionId, cancel);
        var session = await db.CommitteeSessions.SingleAsync(s => s.Id == sessionId, cancel);
        if (!session.IsAhead) return [new("", "Cette séance ne change plus : elle est ouverte, terminée ou annulée. Prévoyez-en une autre.")];
        var problems = await change(session);
        if (problems.Count > 0) return problems;
        var signal = signals.For(Signals.SessionChanged, session.Id);
        store.Enqueue(signal);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        await runtime.DeliverAsync(signal.Id, cancel);
        return [];
    }

    private async Task<IReadOnlyList<Problem>> ProblemsAsync(
        Guid programmeId, CommitteeKind kind, SessionPlan plan, IReadOnlyList<Guid> known, CancellationToken cancel)
    {
        var problems = new List<Problem>();
        if (plan.StartsAtUtc <= clock.UtcNow) problems.Add(new("startsAt", "La séance doit être à venir. Choisissez une date et une heure futures."));
        if (plan.DurationMinutes is < 15 or > 600) problems.Add(new("duration", "La durée prévue va de 15 minutes à 10 heures."));
        if (plan.Place.Trim().Length == 0) problems.Add(new("place", "Dites où se tient la séance : une salle, une adresse, ou « visioconférence »."));
        if (plan.VideoLink.Trim() is { Length: > 0 } link && !(Uri.TryCreate(link, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http"))
            problems.Add(new("videoLink", "Ce lien de visioconférence n’est pas une adresse web. Copiez-la en entier, elle commence par https://."));
        if (kind == CommitteeKind.Steering)
        {
            if (plan.ProjectIds.Count > 0) problems.Add(new("projects", "Le comité de pilotage ne décide pas des projets : ils vont au comité d’agrément (art. 5.2)."));
            if (plan.Topics.Trim().Length == 0) problems.Add(new("topics", "Dites ce que le comité de pilotage examine, un point par ligne."));
            return problems;
        }

        var projects = await db.Projects.Where(p => p.ProgrammeId == programmeId && plan.ProjectIds.Contains(p.Id)).ToListAsync(cancel);
        foreach (var notReady in projects.Where(p => p.Stage != ProjectStage.Committee && !known.Contains(p.Id)))
            problems.Add(new("projects", $"Le projet {notReady.Number} n’est pas prêt pour le comité : il est à l’étape « {StageNames.French(notReady.Stage)} »."));
        if (projects.Count != plan.ProjectIds.Distinct().Count()) problems.Add(new("projects", "L’un des projets choisis n’existe pas dans ce dispositif."));
        return problems;
    }

    private string DayOf(CommitteeSession session) => FrenchText.Date(DateOnly.FromDateTime(clock.ToLocal(session.StartsAt)));
}

/// <summary>What people read for an answer to an invitation.</summary>
public static class ReplyNames
{
    public static string French(InvitationReply reply) => reply switch
    {
        InvitationReply.None => "sans réponse",
        InvitationReply.Accepted => "sera présent(e)",
        InvitationReply.Tentative => "peut-être",
        InvitationReply.Declined => "ne viendra pas",
        _ => throw new ArgumentOutOfRangeException(nameof(reply), reply, "An answer without a name: add it here."),
    };
}
