using Alize.Data;
using Alize.Domain;
using Alize.Domain.Aid;
using Alize.Domain.Signatures;
using Alize.Workflows.Accounts;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Aid;

/// <summary>Time to be logged, as a page read it.</summary>
/// <param name="Key">The form's own key: sent twice, it logs once.</param>
/// <param name="On">The day it was spent.</param>
/// <param name="HalfDays">Half-days.</param>
/// <param name="Note">What was done.</param>
/// <param name="SaysBeyond">Whether it is said to go beyond the commitment, where it does.</param>
public sealed record TimeForm(string Key, DateOnly On, int HalfDays, string Note, bool SaysBeyond);

/// <summary>
/// Where partners log the half-days they spend (R11, R20; art. 5.2), and where a wrong line is taken back: the commitment and the
/// journal in one transaction, or neither.
/// </summary>
public sealed class TimeSheets(AlizeDb db, StaffDays days, Ledger ledger, Trail trail, ProgrammeClock clock)
{
    /// <summary>Kind of the task whose page is the time sheet of one commitment, its subject.</summary>
    public const string TaskKind = "time";

    /// <summary>Answer that ends the support.</summary>
    public const string Finished = "Finished";

    /// <summary>Logs time. An empty list means: logged, now or by the same form before.</summary>
    public async Task<IReadOnlyList<Refusal>> LogAsync(Guid programmeId, Guid commitmentId, TimeForm form, string by, CancellationToken cancel)
    {
        // Two lines that each fit the commitment may together exceed it: one at a time.
        await using var transaction = await db.LockProgrammeAsync(programmeId, cancel);
        var commitment = await db.CompetenceCommitments.SingleAsync(c => c.ProgrammeId == programmeId && c.Id == commitmentId, cancel);
        if (commitment.Time.Any(t => t.Key == form.Key)) return [];

        var refusals = commitment.TimeRefusals(
            form.On, form.HalfDays, form.SaysBeyond, clock.Today, await InForceOnAsync(commitment, cancel), await ledger.ClosedThroughAsync(programmeId, cancel)).ToList();
        if (refusals.Count > 0) return refusals;

        var programme = await db.Programmes.AsNoTracking().SingleAsync(p => p.Id == programmeId, cancel);
        var line = commitment.Log(
            Guid.CreateVersion7(), form.Key, form.On, form.HalfDays, form.Note.Trim(), programme.SettingsOn(form.On).DayRate, by, clock.UtcNow);
        await days.SpentAsync(commitment, line, by, cancel);
        trail.Add(
            programmeId, "time-logged",
            $"{commitment.Field} : {FrenchText.Days(line.HalfDays)} le {FrenchText.Short(line.On)}, soit {FrenchText.Days(commitment.HalfDaysLogged)} sur {FrenchText.Days(commitment.HalfDays)}",
            by, commitment.ProjectId, commitment.Id);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return [];
    }

    /// <summary>Takes a wrong line back by a line and a reversing entry (R19). An empty list means: taken back.</summary>
    public async Task<IReadOnlyList<Problem>> TakeBackAsync(Guid programmeId, Guid commitmentId, Guid lineId, string reason, string by, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(reason)) return [new("reason", "Dites pourquoi la ligne est fausse : le motif reste au journal.")];
        await using var transaction = await db.LockProgrammeAsync(programmeId, cancel);
        var commitment = await db.CompetenceCommitments.SingleAsync(c => c.ProgrammeId == programmeId && c.Id == commitmentId, cancel);
        var wrong = commitment.Time.SingleOrDefault(t => t.Id == lineId && t.CorrectsId is null);
        if (wrong is null) return [new("", "Cette ligne n’est pas de cet appui. Rechargez la page.")];
        if (commitment.IsTakenBack(wrong)) return [];

        commitment.TakeBack(wrong, Guid.CreateVersion7(), reason.Trim(), by, clock.UtcNow);
        await days.TakenBackAsync(commitment, wrong, reason.Trim(), clock.Today, by, clock.UtcNow, cancel);
        trail.Add(
            programmeId, "time-taken-back",
            $"{commitment.Field} : {FrenchText.Days(wrong.HalfDays)} du {FrenchText.Short(wrong.On)} retirées ({reason.Trim()})", by, commitment.ProjectId, commitment.Id);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return [];
    }

    /// <summary>Day of the last signature under the convention that carries out the decision. Null while there is none in force.</summary>
    public async Task<DateOnly?> InForceOnAsync(CompetenceCommitment commitment, CancellationToken cancel)
    {
        var signedAt = await db.Conventions.AsNoTracking()
            .Where(c => c.DecisionId == commitment.DecisionId && c.State == ConventionState.Signed && db.DecisionsInForce.Any(d => d.Id == c.DecisionId))
            .MinAsync(c => c.SignedAt, cancel);
        return signedAt is { } at ? DateOnly.FromDateTime(clock.ToLocal(at)) : null;
    }
}
