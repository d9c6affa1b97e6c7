using Alize.Data;
using Alize.Domain;
using Alize.Domain.Committee;
using Alize.Domain.Programmes;
using Alize.Engine.Storage;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Alize.Workflows.Committee;

/// <summary>Séances on their day: opened, attended and closed by the operator; what is decided in them is <see cref="CommitteeVotes"/>.</summary>
public sealed class CommitteeSessions(
    AlizeDb db, Trail trail, Signals signals, IWorkflowStore store, WorkflowRuntime runtime, CommitteeMembers members, ProgrammeClock clock)
{
    /// <summary>Opens a session once everybody who must be was invited (R4) and its chair may preside (R3).</summary>
    public async Task<IReadOnlyList<Refusal>> OpenAsync(
        Guid sessionId, IReadOnlyDictionary<Guid, Presence> presences, Guid? chairContactId, string by, CancellationToken cancel)
    {
        await using var transaction = await db.LockSessionAsync(sessionId, cancel);
        var session = await db.CommitteeSessions.SingleAsync(s => s.Id == sessionId, cancel);
        if (!session.IsAhead) return [new("R4", "5.2", "session-not-openable")];
        var refusals = SessionOpening.Refusals(
            [.. (await NotInvitedAsync(session, cancel)).Select(m => m.FullName)], session.Invitees.Any(i => i.IsAstrees)).ToList();
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
        await using var transaction = await db.LockSessionAsync(sessionId, cancel);
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

    /// <summary>Ends a session; its procedure goes on with the minutes. Projects left undecided wait for the next one.</summary>
    public async Task<IReadOnlyList<Problem>> CloseAsync(Guid sessionId, string by, CancellationToken cancel)
    {
        await using var transaction = await db.LockSessionAsync(sessionId, cancel);
        var session = await db.CommitteeSessions.SingleAsync(s => s.Id == sessionId, cancel);
        if (session.State != SessionState.Open) return [new("", "Cette séance n’est pas ouverte : elle ne peut pas être levée.")];
        if (await db.Ballots.AnyAsync(b => b.SessionId == sessionId && b.State == BallotState.Open, cancel))
            return [new("", "Un vote est en cours. Comptez-le ou retirez-le avant de lever la séance.")];
        session.State = SessionState.Closed;
        trail.Add(session.ProgrammeId, "session", "Séance levée", by, subjectId: session.Id);
        var signal = signals.For(Signals.SessionClosed, session.Id);
        store.Enqueue(signal);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        await runtime.DeliverAsync(signal.Id, cancel);
        return [];
    }

    /// <summary>Members in office who have no invitation: the session cannot open without it (R4).</summary>
    public async Task<IReadOnlyList<Contact>> NotInvitedAsync(CommitteeSession session, CancellationToken cancel)
    {
        var ids = session.Invitees.Select(i => i.ContactId).ToList();
        var invited = (await db.Contacts.AsNoTracking().Where(c => ids.Contains(c.Id)).Select(c => c.Email).ToListAsync(cancel)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. (await members.OfAsync(session.ProgrammeId, session.Kind, cancel)).Where(m => !invited.Contains(m.Email))];
    }

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

/// <summary>Attendance, votes and closing wait for one another: a vote counts those who are present when it is recorded.</summary>
internal static class SessionLock
{
    public static async Task<IDbContextTransaction> LockSessionAsync(this AlizeDb db, Guid sessionId, CancellationToken cancel) => await db.LockProgrammeAsync(
        await db.CommitteeSessions.Where(s => s.Id == sessionId).Select(s => s.ProgrammeId).SingleAsync(cancel), cancel);
}
