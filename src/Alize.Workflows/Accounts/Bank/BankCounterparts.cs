using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Accounts.Bank;

/// <summary>Reads from the books what bank lines may turn out to be: what companies owe, transfers on their way, dotations expected.</summary>
public sealed class BankCounterparts(AlizeDb db, Ledger ledger, ProgrammeClock clock)
{
    public async Task<IReadOnlyList<Counterpart>> OfAsync(Guid programmeId, CancellationToken cancel) =>
    [
        .. await RepaymentsAsync(programmeId, cancel),
        .. await TransfersAsync(programmeId, cancel),
        .. await EndowmentsAsync(programmeId, cancel),
    ];

    private async Task<IReadOnlyList<Counterpart>> RepaymentsAsync(Guid programmeId, CancellationToken cancel)
    {
        var owed = (await db.Installments.AsNoTracking().Where(i => i.ProgrammeId == programmeId && i.SettledOn == null && i.SupersededOn == null)
            .Select(i => new { i.AdvanceId, i.Number, i.CollectOn, i.Amount, i.Repaid }).ToListAsync(cancel)).ToLookup(i => i.AdvanceId);
        var advances = await db.Advances.AsNoTracking().IgnoreAutoIncludes().Where(a => a.ProgrammeId == programmeId)
            .Select(a => new { a.Id, a.Reference, a.CompanyId }).ToListAsync(cancel);
        var names = await db.Companies.AsNoTracking().Where(c => c.ProgrammeId == programmeId).ToDictionaryAsync(c => c.Id, c => c.Name, cancel);
        var ibans = (await db.PayeeAccounts.AsNoTracking().Where(p => p.ProgrammeId == programmeId).OrderBy(p => p.RecordedAt).ThenBy(p => p.Id)
            .Select(p => new { p.CompanyId, p.Iban }).ToListAsync(cancel)).ToLookup(p => p.CompanyId, p => p.Iban);

        var counterparts = new List<Counterpart>();
        foreach (var advance in advances.Where(a => owed.Contains(a.Id)).OrderBy(a => a.Reference, StringComparer.Ordinal))
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
                names[advance.CompanyId], ibans[advance.CompanyId].LastOrDefault() ?? "", "", amounts, all));
        }

        return counterparts;
    }

    private async Task<IEnumerable<Counterpart>> TransfersAsync(Guid programmeId, CancellationToken cancel)
    {
        var orders = await db.PaymentOrders.AsNoTracking().Where(o => o.ProgrammeId == programmeId && o.State == PaymentOrderState.Released)
            .OrderBy(o => o.Id).ToListAsync(cancel);
        return orders.Select(o => new Counterpart(
            CounterpartKind.Transfer, o.Id, o.Account, $"Virement {o.Reference} à {o.Payee}", o.Reference, o.Payee, o.PayeeIban, o.EndToEndId,
            [new(o.Amount, "l’ordre de virement")], o.Amount));
    }

    private async Task<IEnumerable<Counterpart>> EndowmentsAsync(Guid programmeId, CancellationToken cancel)
    {
        LedgerAccount[] expected = [LedgerAccount.EndowmentsCalled, LedgerAccount.EndowmentsPledged];
        var balances = (await ledger.BalancesAsync(programmeId, null, cancel)).Where(b => expected.Contains(b.Ledger) && b.PartyId is not null && b.Balance > Money.Zero);
        var names = await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == programmeId).ToDictionaryAsync(p => p.Id, p => p.Name, cancel);
        return balances.GroupBy(b => (b.Account, Funder: b.PartyId!.Value)).Where(g => names.ContainsKey(g.Key.Funder)).OrderBy(g => names[g.Key.Funder], StringComparer.Ordinal)
            .Select(g => new Counterpart(
                CounterpartKind.Endowment, g.Key.Funder, g.Key.Account, $"Dotation de {names[g.Key.Funder]}", "", names[g.Key.Funder], "", "",
                [.. g.OrderBy(b => b.Ledger == LedgerAccount.EndowmentsCalled ? 0 : 1).Select(b => new ExpectedAmount(b.Balance, b.Ledger == LedgerAccount.EndowmentsCalled ? "l’appel de fonds" : "la dotation promise"))],
                Money.Sum(g.Select(b => b.Balance))));
    }
}
