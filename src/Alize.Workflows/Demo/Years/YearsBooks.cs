using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Eligibility;
using Alize.Domain.Repayment;
using Alize.Workflows.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Demo.Years;

/// <summary>Everything the comparison needs, read once, and what each part of it holds against another.</summary>
internal sealed class YearsBooks
{
    public required DateOnly On { get; init; }

    public required IReadOnlyList<LedgerBalance> Now { get; init; }

    public required IReadOnlyList<LedgerBalance> Through { get; init; }

    public required IReadOnlyList<GrantedAdvance> All { get; init; }

    public required IReadOnlyDictionary<Guid, string> Names { get; init; }

    public required IReadOnlyList<BankStatement> Statements { get; init; }

    public required IReadOnlyList<BankLine> Lines { get; init; }

    public required Money Executed { get; init; }

    /// <summary>What the books have paid and no line has shown yet, orders left out.</summary>
    public required IReadOnlyDictionary<FundAccount, Money> NotAtBank { get; init; }

    public required IReadOnlyList<PaymentOrder> Orders { get; init; }

    public required IReadOnlyList<TransferFile> Files { get; init; }

    public required IReadOnlyList<FundsCall> Calls { get; init; }

    public required IReadOnlyDictionary<Guid, (int Logged, int Left)> Days { get; init; }

    public required IReadOnlyList<(string Number, ProjectStage Stage, long HeldCents, int HeldHalfDays)> Projects { get; init; }

    public required DateOnly Today { get; init; }

    public static Task<YearsBooks> ReadAsync(YearsWorld world, Guid programmeId, DateOnly on, CancellationToken cancel) => world.ReadAsync(async db =>
    {
        var projects = await db.Projects.AsNoTracking().Where(p => p.ProgrammeId == programmeId).OrderBy(p => p.Number).ToListAsync(cancel);
        LedgerAccount[] credits = [LedgerAccount.AdvancesDecided, LedgerAccount.AdvancesCommitted];
        var held = (await db.JournalEntries.AsNoTracking().IgnoreAutoIncludes().Where(e => e.ProgrammeId == programmeId && e.ProjectId != null)
            .SelectMany(e => e.Lines, (e, l) => new { e.ProjectId, l.Ledger, Cents = l.CreditCents - l.DebitCents, HalfDays = l.DebitHalfDays - l.CreditHalfDays })
            .GroupBy(l => new { l.ProjectId, l.Ledger }).Select(g => new { g.Key.ProjectId, g.Key.Ledger, Cents = g.Sum(l => l.Cents), HalfDays = g.Sum(l => l.HalfDays) }).ToListAsync(cancel)).ToLookup(h => h.ProjectId);
        var commitments = await db.CompetenceCommitments.AsNoTracking().Where(c => c.ProgrammeId == programmeId).ToListAsync(cancel);
        var files = await db.TransferFiles.AsNoTracking().Where(f => f.ProgrammeId == programmeId).ToListAsync(cancel);
        var seen = (await db.BankMatches.Where(m => m.ProgrammeId == programmeId && m.UndoneAt == null && db.BankLines.Any(l => l.Id == m.LineId && l.BookedOn <= on)).Select(m => m.EntryKey).ToListAsync(cancel)).ToHashSet();
        var paid = await db.JournalEntries.AsNoTracking()
            .Where(e => e.ProgrammeId == programmeId && e.BookedOn <= on && (e.Kind == MovementKind.Expense || e.Kind == MovementKind.EndowmentReturned)).ToListAsync(cancel);
        return new YearsBooks
        {
            On = on,
            Today = world.Today,
            Now = await world.AskAsync<Ledger, IReadOnlyList<LedgerBalance>>(l => l.BalancesAsync(programmeId, null, cancel)),
            Through = await world.AskAsync<Ledger, IReadOnlyList<LedgerBalance>>(l => l.BalancesAsync(programmeId, on, cancel)),
            All = await db.Advances.AsNoTracking().Where(a => a.ProgrammeId == programmeId).OrderBy(a => a.Reference).ToListAsync(cancel),
            Names = await db.Companies.Where(c => c.ProgrammeId == programmeId).Select(c => new { c.Id, c.Name })
                .Concat(db.Partners.Where(p => p.ProgrammeId == programmeId).Select(p => new { p.Id, p.Name })).ToDictionaryAsync(p => p.Id, p => p.Name, cancel),
            Statements = await db.BankStatements.AsNoTracking().Where(s => s.ProgrammeId == programmeId && s.To <= on).OrderBy(s => s.To).ToListAsync(cancel),
            Lines = await db.BankLines.AsNoTracking().Where(l => l.ProgrammeId == programmeId && l.BookedOn <= on).ToListAsync(cancel),
            Executed = Money.Sum(await db.BankMatches.Where(m => m.ProgrammeId == programmeId && m.Kind == CounterpartKind.Transfer && m.UndoneAt == null
                && db.BankLines.Any(l => l.Id == m.LineId && l.BookedOn <= on)).Select(m => m.Amount).ToListAsync(cancel)),
            NotAtBank = paid.Where(e => !seen.Contains(e.Key)).GroupBy(e => e.Account)
                .ToDictionary(g => g.Key, g => Money.Sum(g.SelectMany(e => e.Lines).Where(l => l.Ledger == LedgerAccount.Bank).Select(l => l.Credit - l.Debit))),
            Orders = await db.PaymentOrders.AsNoTracking().Where(o => o.ProgrammeId == programmeId).ToListAsync(cancel),
            Files = files,
            Calls = await db.FundsCalls.AsNoTracking().Where(c => c.ProgrammeId == programmeId).ToListAsync(cancel),
            Days = commitments.GroupBy(c => c.PartnerId).ToDictionary(g => g.Key, g => (
                g.Sum(c => c.HalfDaysLogged), g.Where(c => c.CompletedOn is null).Sum(c => Math.Max(0, c.HalfDays - c.HalfDaysLogged)))),
            Projects = [.. projects.Select(p => (
                p.Number, p.Stage, held[p.Id].Where(h => credits.Contains(h.Ledger)).Sum(h => h.Cents),
                held[p.Id].Where(h => h.Ledger == LedgerAccount.DaysCommitted).Sum(h => h.HalfDays)))],
        };
    });

    /// <summary>Debits are credits, in each of the books and in both units.</summary>
    public IEnumerable<string> Balance() => Now.GroupBy(b => b.Account)
        .Where(g => Money.Sum(g.Select(b => b.Balance)) != Money.Zero || g.Sum(b => b.HalfDays) != 0)
        .Select(g => $"the books of {g.Key} are not balanced: {Money.Sum(g.Select(b => b.Balance))}, {g.Sum(b => b.HalfDays)} half-days");

    /// <summary>What each advance says is what the sub-accounts of its company say.</summary>
    public IEnumerable<string> Advances()
    {
        foreach (var company in All.GroupBy(a => a.CompanyId))
        {
            var positions = company.Select(a => a.Position).ToList();
            foreach (var p in positions.Where(p => p.Outstanding < Money.Zero || p.Outstanding != p.PaidOut - p.Repaid - p.Lost || p.Excess < Money.Zero))
                yield return $"{Names[company.Key]}: {p}";
            foreach (var (account, expected) in new[]
            {
                (LedgerAccount.AdvancesOutstanding, Money.Sum(positions.Select(p => p.Outstanding))),
                (LedgerAccount.Losses, Money.Sum(positions.Select(p => p.Lost))),
                (LedgerAccount.Recoveries, -Money.Sum(positions.Select(p => p.Recovered))),
                (LedgerAccount.ExcessRepayments, -Money.Sum(positions.Select(p => p.Excess))),
                (LedgerAccount.InstallmentsDue, Money.Sum(company.SelectMany(a => a.Installments).Where(i => i.CollectOn <= Today).Select(i => i.Outstanding))),
            })
            {
                if (Of(Now, FundAccount.Advances, account, company.Key) is var booked && booked != expected)
                    yield return $"{Names[company.Key]}: {account.French()} is {booked} in the journal, and {expected} on the advances";
            }

            foreach (var advance in company.Where(a => Money.Sum(a.Installments.Select(i => i.Outstanding)) != a.Outstanding))
                yield return $"{advance.Reference}: the schedule asks for {Money.Sum(advance.Installments.Select(i => i.Outstanding))}, and {advance.Outstanding} is owed";
        }
    }

    /// <summary>
    /// The statements' last balance is the journal's, but for what the books have paid and the bank has not yet executed; no line is
    /// without its counterpart, and the files say what the orders say.
    /// </summary>
    public IEnumerable<string> Bank()
    {
        foreach (var account in FundAccountNames.WithMoney)
        {
            var chain = Statements.Where(s => s.Account == account).ToList();
            if (chain.Count == 0) continue;
            var underWay = account == FundAccount.Advances ? Money.Sum(All.SelectMany(a => a.Payouts).Where(p => p.PaidOn <= On).Select(p => p.Amount)) + Executed : Money.Zero;
            underWay += NotAtBank.GetValueOrDefault(account);
            var booked = Of(Through, account, LedgerAccount.Bank);
            if (chain[^1].Closing != booked + underWay)
                yield return $"{account.French()}: the bank has {chain[^1].Closing}, the journal {booked} and {underWay} on its way";
            var lines = Money.Sum(Lines.Where(l => l.Account == account).Select(l => l.Amount));
            if (chain[^1].Closing - chain[0].Opening != lines) yield return $"{account.French()}: the statements' balances moved by {chain[^1].Closing - chain[0].Opening}, their lines by {lines}";
        }

        foreach (var line in Lines.Where(l => l.Remaining != Money.Zero)) yield return $"« {line.Text} » of {line.BookedOn:O}: {line.Remaining} has no counterpart";
        foreach (var file in Files)
        {
            var orders = Orders.Where(o => o.TransferFileId == file.Id).ToList();
            if (file.Total != Money.Sum(orders.Select(o => o.Amount)) || file.Transfers != orders.Count) yield return $"the file {file.MessageId} announces {file.Total}, its orders make {Money.Sum(orders.Select(o => o.Amount))}";
        }

        foreach (var advance in All)
        {
            // What is paid in the course of a day is ordered on the next.
            var ordered = Money.Sum(Orders.Where(o => o.AdvanceId == advance.Id && o.State != PaymentOrderState.Withdrawn).Select(o => o.Amount));
            var before = Money.Sum(advance.Payouts.Where(p => p.PaidOn < Today).Select(p => p.Amount));
            if (ordered < before || ordered > advance.Position.PaidOut) yield return $"{advance.Reference}: {ordered} is ordered, and {advance.Position.PaidOut} was paid";
        }
    }

    /// <summary>What each partner gave: the calls, the journal and the time logged say the same.</summary>
    public IEnumerable<string> Partners()
    {
        foreach (var funder in Calls.GroupBy(c => (c.Account, c.PartnerId)))
        {
            var (received, booked) = (Money.Sum(funder.Select(c => c.Received)), Money.Sum(Now.Where(b => b.Account == funder.Key.Account && b.Ledger == LedgerAccount.Endowments && b.PartyId == funder.Key.PartnerId).Select(b => b.Credits)));
            if (received != booked) yield return $"{Names[funder.Key.PartnerId]}: {received} received on its calls, {booked} in the journal";
            var (expected, called) = (Money.Sum(funder.Select(c => c.Expected)), Of(Now, funder.Key.Account, LedgerAccount.EndowmentsCalled, funder.Key.PartnerId));
            if (expected != called) yield return $"{Names[funder.Key.PartnerId]}: {expected} expected on its calls, {called} in the journal";
        }

        foreach (var (partner, (logged, _)) in Days)
        {
            var spent = Now.Where(b => b.Ledger == LedgerAccount.DaysSpent && b.PartyId == partner).Sum(b => b.HalfDays);
            if (spent != logged) yield return $"{Names[partner]}: {logged} half-days logged, {spent} in the journal";
        }
    }

    /// <summary>A project that is over holds neither credits nor days.</summary>
    public IEnumerable<string> Ended() => Projects
        .Where(p => p.Stage is ProjectStage.Rejected or ProjectStage.Abandoned or ProjectStage.NotEligible or ProjectStage.OrientedElsewhere or ProjectStage.Closed)
        .Where(p => p.HeldCents != 0 || p.HeldHalfDays != 0)
        .Select(p => $"project {p.Number} is over ({p.Stage}) and still holds {new Money(p.HeldCents)} and {p.HeldHalfDays} half-days");

    public static Money Of(IEnumerable<LedgerBalance> balances, FundAccount account, LedgerAccount ledger, Guid? party = null) =>
        Money.Sum(balances.Where(b => b.Account == account && b.Ledger == ledger && (party is null || b.PartyId == party)).Select(b => b.Balance));
}
