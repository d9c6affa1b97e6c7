using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Accounts;

/// <summary>
/// Keeps what the Caisse des dépôts pays within its ceiling (R10, art. 4): its pledge was held to it when it was recorded, and what
/// reaches the bank may be more than was pledged.
/// </summary>
public sealed class CdcShare(AlizeDb db, Ledger ledger)
{
    /// <summary>
    /// What forbids an endowment received. The others count with what each of them promised, or gave where that is more: who pays
    /// first is not held against anybody.
    /// </summary>
    public async Task<IReadOnlyList<Refusal>> RefusalsAsync(Guid programmeId, Guid funderId, FundAccount account, Money amount, DateOnly on, CancellationToken cancel)
    {
        var cdc = await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == programmeId && p.Kind == PartnerKind.Cdc).Select(p => p.Id).ToListAsync(cancel);
        if (account != FundAccount.Advances || !cdc.Contains(funderId)) return [];

        var pledged = (await db.Pledges.AsNoTracking().Where(p => p.ProgrammeId == programmeId && p.Account == account).ToListAsync(cancel))
            .GroupBy(p => p.PartnerId).ToDictionary(g => g.Key, g => Money.Sum(g.Select(p => p.Amount)));
        var received = (await ledger.BalancesAsync(programmeId, null, cancel))
            .Where(b => b.Account == account && b.Ledger == LedgerAccount.Endowments && b.PartyId is not null)
            .GroupBy(b => b.PartyId!.Value).ToDictionary(g => g.Key, g => -Money.Sum(g.Select(b => b.Balance)));
        var others = Money.Sum(pledged.Keys.Union(received.Keys).Where(id => !cdc.Contains(id)).Select(id => Larger(pledged.GetValueOrDefault(id), received.GetValueOrDefault(id))));
        var programme = await db.Programmes.AsNoTracking().SingleAsync(p => p.Id == programmeId, cancel);
        return [.. CdcCeiling.Refusals(Money.Sum(cdc.Select(id => received.GetValueOrDefault(id))) + amount, others, programme.SettingsOn(on).CdcCountsOwn)];
    }

    private static Money Larger(Money one, Money other) => one > other ? one : other;
}
