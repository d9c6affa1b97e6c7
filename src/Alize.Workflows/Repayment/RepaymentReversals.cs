using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Workflows.Accounts;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Repayment;

/// <summary>Takes back a repayment recorded on the wrong advance (R6, R19): the advance owes again, and a reversing entry says so.</summary>
public sealed class RepaymentReversals(AlizeDb db, Ledger ledger, Trail trail, ProgrammeClock clock)
{
    /// <summary>Puts the reversal into the unit of work at hand, or says why it cannot be.</summary>
    /// <param name="advanceId">The advance.</param>
    /// <param name="entryKey">Key of the entry it was booked with.</param>
    /// <param name="reason">Why, French.</param>
    /// <param name="by">Who.</param>
    /// <param name="cancel">Stops it.</param>
    internal async Task<Problem?> StageAsync(Guid advanceId, string entryKey, string reason, string by, CancellationToken cancel)
    {
        var advance = await db.Advances.SingleAsync(a => a.Id == advanceId, cancel);
        var repayment = advance.Received.SingleOrDefault(r => $"repayment:{advance.Id:N}:{r.BankReference}" == entryKey);
        var entry = await db.JournalEntries.AsNoTracking().SingleOrDefaultAsync(e => e.ProgrammeId == advance.ProgrammeId && e.Key == entryKey, cancel);
        if (repayment is null || repayment.TakenBackOn is not null || entry is null)
            return new("", $"Ce remboursement n’est plus inscrit sur l’avance {advance.Reference}. Rechargez la page.");

        var on = await ledger.OpenDayAsync(advance.ProgrammeId, clock.Today, cancel);
        var (repaid, booked) = (advance.Repaid, Money.Sum(entry.Lines.Where(l => l.Ledger == LedgerAccount.AdvancesOutstanding).Select(l => l.Credit)));
        advance.TakeBack(repayment, on);
        // A later repayment stood in the books as an excess, and would now pay what is owed: its own entry has to be put right first.
        if (repaid - advance.Repaid != booked)
            return new("", $"Un trop-perçu a été inscrit depuis sur l’avance {advance.Reference}. Annulez d’abord le rapprochement le plus récent, puis celui-ci.");
        if (await ledger.BalanceAsync(advance.ProgrammeId, entry.Account, LedgerAccount.Bank, cancel) is var balance && repayment.Amount > balance)
            return new("", $"{RefusalSentences.French(new("R9", "4", "account-overdrawn", $"{repayment.Amount}", entry.Account.French(), $"{balance}"))}");

        db.JournalEntries.Add(entry.Reverse(Guid.CreateVersion7(), on, reason, by, clock.UtcNow));
        trail.Add(
            advance.ProgrammeId, "repayment-taken-back", $"Remboursement de {repayment.Amount} retiré de l’avance {advance.Reference} : {reason}. Reste dû {advance.Outstanding}",
            by, advance.ProjectId, advance.Id);
        return null;
    }
}
