using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Aid;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Accounts;

/// <summary>
/// The days partners lend, in the journal (R11, R19; art. 4): committed by a decision at its rate, spent at the rate of their day,
/// released when the support ends before they are used up.
/// </summary>
public sealed class StaffDays(AlizeDb db, Ledger ledger)
{
    /// <summary>A decision commits days.</summary>
    public Task CommittedAsync(CompetenceCommitment commitment, DateOnly decidedOn, string by, CancellationToken cancel) => ledger.BookAsync(
        commitment.ProgrammeId,
        Movements.CommittedDays(
            commitment.Id, commitment.DecisionId, commitment.Field, commitment.PartnerId, commitment.ProjectId, commitment.HalfDays, commitment.Value, decidedOn),
        by, cancel);

    /// <summary>A member has logged time; it is already in the commitment.</summary>
    /// <param name="key">Key of the step that records it.</param>
    /// <param name="commitment">The commitment, the new time in it.</param>
    /// <param name="on">The day.</param>
    /// <param name="halfDays">The time.</param>
    /// <param name="by">Who logged it.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task SpentAsync(string key, CompetenceCommitment commitment, DateOnly on, int halfDays, string by, CancellationToken cancel)
    {
        var programme = await db.Programmes.SingleAsync(p => p.Id == commitment.ProgrammeId, cancel);
        var before = commitment.HalfDaysLogged - halfDays;
        var fulfilled = Math.Clamp(commitment.HalfDays - before, 0, halfDays);
        await ledger.BookAsync(
            commitment.ProgrammeId,
            Movements.SpentDays(
                $"spent:{key}", commitment.Field, commitment.PartnerId, commitment.ProjectId, halfDays,
                CompetenceValue.Of(halfDays, programme.SettingsOn(on).DayRate), fulfilled, Part(commitment, before, fulfilled),
                await ledger.OpenDayAsync(commitment.ProgrammeId, on, cancel), new(SourceKind.Person, commitment.Id, $"Temps déclaré par {by}", on)),
            by, cancel);
    }

    /// <summary>The support has ended: what is left of the commitment will not be spent.</summary>
    public Task EndedAsync(CompetenceCommitment commitment, DateOnly on, string by, CancellationToken cancel) =>
        ReleasedAsync(commitment, "appui terminé", $"Fin de l’appui, {by}", on, by, cancel);

    /// <summary>The decision that committed them was reopened: they are committed anew by the next one, or not at all.</summary>
    public Task ReopenedAsync(CompetenceCommitment commitment, DateOnly on, string by, CancellationToken cancel) =>
        ReleasedAsync(commitment, "décision rouverte", $"Décision rouverte, {by}", on, by, cancel);

    /// <summary>The project is over: what its partners had committed and not spent will not be. Nothing happens when nothing is held.</summary>
    public async Task ProjectEndedAsync(Guid projectId, string reason, DateOnly on, string by, CancellationToken cancel)
    {
        foreach (var commitment in await db.CompetenceCommitments.Where(c => c.ProjectId == projectId && c.CompletedOn == null).OrderBy(c => c.Id).ToListAsync(cancel))
            await ReleasedAsync(commitment, reason, $"Fin du projet, {by}", on, by, cancel);
    }

    private async Task ReleasedAsync(CompetenceCommitment commitment, string reason, string source, DateOnly on, string by, CancellationToken cancel)
    {
        var left = commitment.HalfDays - commitment.HalfDaysLogged;
        if (left <= 0) return;
        await ledger.BookAsync(
            commitment.ProgrammeId,
            Movements.ReleasedDays(
                $"days-released:{commitment.Id:N}", commitment.Field, commitment.PartnerId, commitment.ProjectId, left, Part(commitment, commitment.HalfDaysLogged, left),
                reason, on, new(SourceKind.Person, commitment.Id, source)),
            by, cancel);
    }

    // The difference of two rounded values, so that the parts add up to the whole commitment.
    private static Money Part(CompetenceCommitment commitment, int before, int halfDays) =>
        CompetenceValue.Of(Math.Min(before + halfDays, commitment.HalfDays), commitment.DayRate) - CompetenceValue.Of(Math.Min(before, commitment.HalfDays), commitment.DayRate);
}
