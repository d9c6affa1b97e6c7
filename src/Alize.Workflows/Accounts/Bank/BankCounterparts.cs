using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Workflows.Repayment;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Accounts.Bank;

/// <summary>
/// Reads from the books what bank lines may turn out to be: what companies owe, or pay though they owe nothing any more, transfers on
/// their way, dotations expected, repayments taken back and excess given back.
/// </summary>
public sealed class BankCounterparts(AlizeDb db, Ledger ledger, ProgrammeClock clock)
{
    /// <summary>Days in which a bank takes a transfer back: a direct debit, eight weeks; a recall, thirteen months, is found by hand.</summary>
    private const int DaysToTakeBack = 70;

    public async Task<IReadOnlyList<Counterpart>> OfAsync(Guid programmeId, CancellationToken cancel)
    {
        var balances = await ledger.BalancesAsync(programmeId, null, cancel);
        var advances = await AdvancesAsync(programmeId, cancel);
        return
        [
            .. await RepaymentsAsync(programmeId, advances, cancel),
            .. await SettledAsync(programmeId, advances, balances, cancel),
            .. await TransfersAsync(programmeId, cancel),
            .. await EndowmentsAsync(programmeId, balances, cancel),
            .. await TakenBackAsync(programmeId, advances, cancel),
            .. await BookedAsync(programmeId, cancel),
        ];
    }

    private sealed record AdvanceKnown(Guid Id, string Reference, Guid CompanyId, string Company, string Iban);

    private async Task<IReadOnlyList<AdvanceKnown>> AdvancesAsync(Guid programmeId, CancellationToken cancel)
    {
        var advances = await db.Advances.AsNoTracking().IgnoreAutoIncludes().Where(a => a.ProgrammeId == programmeId)
            .Select(a => new { a.Id, a.Reference, a.CompanyId }).ToListAsync(cancel);
        var names = await db.Companies.AsNoTracking().Where(c => c.ProgrammeId == programmeId).ToDictionaryAsync(c => c.Id, c => c.Name, cancel);
        var ibans = (await db.PayeeAccounts.AsNoTracking().Where(p => p.ProgrammeId == programmeId).OrderBy(p => p.RecordedAt).ThenBy(p => p.Id)
            .Select(p => new { p.CompanyId, p.Iban }).ToListAsync(cancel)).ToLookup(p => p.CompanyId, p => p.Iban);
        return [.. advances.OrderBy(a => a.Reference, StringComparer.Ordinal)
            .Select(a => new AdvanceKnown(a.Id, a.Reference, a.CompanyId, names[a.CompanyId], ibans[a.CompanyId].LastOrDefault() ?? ""))];
    }

    private async Task<IReadOnlyList<Counterpart>> RepaymentsAsync(Guid programmeId, IReadOnlyList<AdvanceKnown> advances, CancellationToken cancel)
    {
        var owed = (await db.Installments.AsNoTracking().Where(i => i.ProgrammeId == programmeId && i.SettledOn == null && i.SupersededOn == null)
            .Select(i => new { i.AdvanceId, i.Number, i.CollectOn, i.Amount, i.Repaid }).ToListAsync(cancel)).ToLookup(i => i.AdvanceId);

        var counterparts = new List<Counterpart>();
        foreach (var advance in advances.Where(a => owed.Contains(a.Id)))
        {
            var installments = owed[advance.Id].OrderBy(i => i.Number).ToList();
            var next = installments[0];
            var due = installments.Where(i => i.CollectOn <= clock.Today).ToList();
            var all = Money.Sum(installments.Select(i => i.Amount - i.Repaid));
            List<ExpectedAmount> amounts = [new(next.Amount - next.Repaid, $"l’échéance {next.Number} du {FrenchText.Date(next.CollectOn)}")];
            if (due.Count > 1) amounts.Add(new(Money.Sum(due.Select(i => i.Amount - i.Repaid)), $"ses {due.Count} échéances échues"));
            if (installments.Count > 1) amounts.Add(new(all, "tout ce qui reste dû"));
            if (next.Repaid > Money.Zero) amounts.Add(new(next.Amount, $"une échéance entière"));
            counterparts.Add(new(
                CounterpartKind.Repayment, advance.Id, FundAccount.Advances, $"Remboursement de l’avance {advance.Reference}", advance.Reference,
                advance.Company, advance.Iban, "", amounts, all));
        }

        return counterparts;
    }

    /// <summary>
    /// Who owes nothing any more may pay all the same: on what was lost, or once too often; what it paid too much goes back to it.
    /// </summary>
    private async Task<IReadOnlyList<Counterpart>> SettledAsync(
        Guid programmeId, IReadOnlyList<AdvanceKnown> advances, IReadOnlyList<LedgerBalance> balances, CancellationToken cancel)
    {
        LedgerAccount[] left = [LedgerAccount.Losses, LedgerAccount.Recoveries, LedgerAccount.ExcessRepayments];
        var looked = balances.Where(b => left.Contains(b.Ledger) && b.Balance != Money.Zero).Select(b => b.PartyId).ToHashSet();
        var companies = advances.Where(a => looked.Contains(a.CompanyId)).Select(a => a.CompanyId).ToList();
        var positions = (await db.Advances.AsNoTracking().Where(a => a.ProgrammeId == programmeId && companies.Contains(a.CompanyId)).ToListAsync(cancel)).ToDictionary(a => a.Id, a => a.Position);
        var owing = (await db.Installments.Where(i => i.ProgrammeId == programmeId && i.SettledOn == null && i.SupersededOn == null).Select(i => i.AdvanceId).Distinct().ToListAsync(cancel)).ToHashSet();
        var counterparts = new List<Counterpart>();
        foreach (var advance in advances)
        {
            var position = positions.GetValueOrDefault(advance.Id);
            var lost = position is null ? Money.Zero : position.Lost - position.Recovered;
            if (!owing.Contains(advance.Id))
                counterparts.Add(new(
                    CounterpartKind.Repayment, advance.Id, FundAccount.Advances,
                    lost > Money.Zero ? $"Récupération sur l’avance {advance.Reference}, passée en perte" : $"Trop-perçu sur l’avance {advance.Reference}, soldée", advance.Reference,
                    advance.Company, advance.Iban, "", lost > Money.Zero ? [new(lost, "la perte constatée")] : [], lost));
            if (position is { Excess: { Cents: > 0 } excess })
                counterparts.Add(new(
                    CounterpartKind.ReturnedExcess, advance.Id, FundAccount.Advances, $"Trop-perçu rendu, avance {advance.Reference}", advance.Reference, advance.Company, advance.Iban, "",
                    [new(excess, "le trop-perçu à rendre")], excess));
        }

        return counterparts;
    }

    /// <summary>What came in lately may be taken back by the bank.</summary>
    private async Task<IEnumerable<Counterpart>> TakenBackAsync(Guid programmeId, IReadOnlyList<AdvanceKnown> advances, CancellationToken cancel)
    {
        var since = clock.Today.AddDays(-DaysToTakeBack);
        var byId = advances.ToDictionary(a => a.Id);
        var receipts = await db.RepaymentsReceived.AsNoTracking().Where(r => r.ProgrammeId == programmeId && r.CancelledOn == null && r.ReceivedOn >= since)
            .OrderByDescending(r => r.ReceivedOn).ThenBy(r => r.Id).ToListAsync(cancel);
        return receipts.Select(r => (Receipt: r, Advance: byId[r.AdvanceId])).Select(r => new Counterpart(
            CounterpartKind.ReturnedRepayment, r.Receipt.Id, FundAccount.Advances, $"Remboursement du {FrenchText.Date(r.Receipt.ReceivedOn)} rejeté, avance {r.Advance.Reference}", r.Advance.Reference,
            r.Advance.Company, r.Advance.Iban, "", [new(r.Receipt.Amount, $"le remboursement du {FrenchText.Date(r.Receipt.ReceivedOn)}")], r.Receipt.Amount));
    }

    /// <summary>
    /// What the journal holds as paid or received without a line of a statement, since the first statement began: a cost entered with its
    /// invoice, a receipt recorded on its advance, what is given back at the end. Its line is not booked a second time.
    /// </summary>
    private async Task<IReadOnlyList<Counterpart>> BookedAsync(Guid programmeId, CancellationToken cancel)
    {
        MovementKind[] orders = [MovementKind.AdvancePaid, MovementKind.Reversal];   // what is paid by an order has its own line, and what is reversed none
        var begun = (await db.BankStatements.Where(s => s.ProgrammeId == programmeId).Select(s => new { s.Account, s.From }).ToListAsync(cancel))
            .GroupBy(s => s.Account).ToDictionary(g => g.Key, g => g.Min(s => s.From));
        if (begun.Count == 0) return [];
        var first = begun.Values.Min();
        var matched = (await db.BankMatches.Where(m => m.ProgrammeId == programmeId && m.UndoneAt == null && m.EntryKey != "").Select(m => m.EntryKey).ToListAsync(cancel)).ToHashSet(StringComparer.Ordinal);
        var reversed = (await db.JournalEntries.Where(e => e.ProgrammeId == programmeId && e.ReversesId != null).Select(e => e.ReversesId!.Value).ToListAsync(cancel)).ToHashSet();
        var entries = await db.JournalEntries.AsNoTracking().IgnoreAutoIncludes()
            .Where(e => e.ProgrammeId == programmeId && e.BookedOn > first && !orders.Contains(e.Kind) && e.Lines.Any(l => l.Ledger == LedgerAccount.Bank))
            .OrderBy(e => e.Sequence)
            .Select(e => new
            {
                e.Id,
                e.Key,
                e.Account,
                e.Label,
                e.BookedOn,
                e.SourceId,
                e.SourceReference,
                Cents = e.Lines.Where(l => l.Ledger == LedgerAccount.Bank).Sum(l => l.DebitCents - l.CreditCents),
                Party = e.Lines.Where(l => l.PartyId != null).Select(l => l.PartyId).FirstOrDefault(),
                Reference = db.Advances.Where(a => a.ProjectId == e.ProjectId).Select(a => a.Reference).FirstOrDefault(),
            }).ToListAsync(cancel);

        // A receipt that was taken back before it had a line never was at the bank, nor was its taking back.
        var takenBack = entries.Where(e => e.Key.StartsWith(Repayments.TakenBackKey, StringComparison.Ordinal)).Select(e => e.SourceId).ToHashSet();
        var seen = entries.Where(e => matched.Contains(e.Key)).Select(e => e.SourceId).ToHashSet();
        var names = await db.Partners.Where(p => p.ProgrammeId == programmeId).Select(p => new { p.Id, p.Name })
            .Concat(db.Companies.Where(c => c.ProgrammeId == programmeId).Select(c => new { c.Id, c.Name })).ToDictionaryAsync(p => p.Id, p => p.Name, cancel);
        return [.. entries.Where(e => e.Cents != 0 && begun.TryGetValue(e.Account, out var from) && e.BookedOn > from && !matched.Contains(e.Key) && !reversed.Contains(e.Id)
                && (!takenBack.Contains(e.SourceId) || seen.Contains(e.SourceId)))
            .Select(e => new Counterpart(
                CounterpartKind.BookedEntry, e.Id, e.Account, $"Déjà au journal le {FrenchText.Date(e.BookedOn)} : {e.Label}", e.Reference ?? e.SourceReference,
                e.Party is { } party ? names.GetValueOrDefault(party, "") : "", "", "", [new(new(Math.Abs(e.Cents)), "l’écriture")], new(Math.Abs(e.Cents)), e.Cents > 0))];
    }

    private async Task<IEnumerable<Counterpart>> TransfersAsync(Guid programmeId, CancellationToken cancel)
    {
        var orders = await db.PaymentOrders.AsNoTracking().Where(o => o.ProgrammeId == programmeId && o.State == PaymentOrderState.Released)
            .OrderBy(o => o.Id).ToListAsync(cancel);
        return orders.Select(o => new Counterpart(
            CounterpartKind.Transfer, o.Id, o.Account, $"Virement {o.Reference} à {o.Payee}", o.Reference, o.Payee, o.PayeeIban, o.EndToEndId,
            [new(o.Amount, "l’ordre de virement")], o.Amount));
    }

    private async Task<IEnumerable<Counterpart>> EndowmentsAsync(Guid programmeId, IReadOnlyList<LedgerBalance> all, CancellationToken cancel)
    {
        LedgerAccount[] expected = [LedgerAccount.EndowmentsCalled, LedgerAccount.EndowmentsPledged];
        var balances = all.Where(b => expected.Contains(b.Ledger) && b.PartyId is not null && b.Balance > Money.Zero);
        var names = await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == programmeId).ToDictionaryAsync(p => p.Id, p => p.Name, cancel);
        return balances.GroupBy(b => (b.Account, Funder: b.PartyId!.Value)).Where(g => names.ContainsKey(g.Key.Funder)).OrderBy(g => names[g.Key.Funder], StringComparer.Ordinal)
            .Select(g => new Counterpart(
                CounterpartKind.Endowment, g.Key.Funder, g.Key.Account, $"Dotation de {names[g.Key.Funder]}", "", names[g.Key.Funder], "", "",
                [.. g.OrderBy(b => b.Ledger == LedgerAccount.EndowmentsCalled ? 0 : 1).Select(b => new ExpectedAmount(b.Balance, b.Ledger == LedgerAccount.EndowmentsCalled ? "l’appel de fonds" : "la dotation promise"))],
                Money.Sum(g.Select(b => b.Balance))));
    }
}
