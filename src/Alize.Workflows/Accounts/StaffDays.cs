using Alize.Data;
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

    /// <summary>A member has logged time.</summary>
    /// <param name="commitment">The commitment, the new line in it.</param>
    /// <param name="line">The line; its day is in an open period.</param>
    /// <param name="by">Who logged it.</param>
    /// <param name="cancel">Cancels.</param>
    public Task SpentAsync(CompetenceCommitment commitment, TimeLogged line, string by, CancellationToken cancel) => ledger.BookAsync(
        commitment.ProgrammeId,
        Movements.SpentDays(
            KeyOf(line), commitment.Field, commitment.PartnerId, commitment.ProjectId, line.HalfDays, line.Value, line.Fulfils, line.FulfilledValue, line.On,
            new(SourceKind.Person, commitment.Id, $"Temps déclaré par {by}", line.On)),
        by, cancel);

    /// <summary>
    /// A wrong line is taken back: its entry is reversed in the open period. What it had fulfilled of a support that has ended will not
    /// be spent any more, and is released.
    /// </summary>
    public async Task TakenBackAsync(CompetenceCommitment commitment, TimeLogged wrong, string reason, DateOnly today, string by, DateTime at, CancellationToken cancel)
    {
        var key = KeyOf(wrong);
        var entry = await db.JournalEntries.AsNoTracking().SingleAsync(e => e.ProgrammeId == commitment.ProgrammeId && e.Key == key, cancel);
        var on = await ledger.OpenDayAsync(commitment.ProgrammeId, today, cancel);
        db.JournalEntries.Add(entry.Reverse(Guid.CreateVersion7(), on, reason, by, at));
        if (commitment.CompletedOn is null || wrong.Fulfils == 0) return;
        await ledger.BookAsync(
            commitment.ProgrammeId,
            Movements.ReleasedDays(
                $"days-released:{commitment.Id:N}:{wrong.Id:N}", commitment.Field, commitment.PartnerId, commitment.ProjectId, wrong.Fulfils, wrong.FulfilledValue,
                "appui terminé", on, new(SourceKind.Person, commitment.Id, $"Correction du temps déclaré, {by}")),
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
        {
            await ReleasedAsync(commitment, reason, $"Fin du projet, {by}", on, by, cancel);
            commitment.Complete(on);
        }
    }

    private async Task ReleasedAsync(CompetenceCommitment commitment, string reason, string source, DateOnly on, string by, CancellationToken cancel)
    {
        if (commitment.HalfDaysLeft == 0) return;
        await ledger.BookAsync(
            commitment.ProgrammeId,
            Movements.ReleasedDays(
                $"days-released:{commitment.Id:N}", commitment.Field, commitment.PartnerId, commitment.ProjectId, commitment.HalfDaysLeft, commitment.ValueLeft,
                reason, on, new(SourceKind.Person, commitment.Id, source)),
            by, cancel);
    }

    private static string KeyOf(TimeLogged line) => $"spent:{line.Id:N}";
}
