using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Accounts;

/// <summary>Balance of a ledger account, or of one sub-account of it.</summary>
/// <param name="Account">The books.</param>
/// <param name="Ledger">The ledger account.</param>
/// <param name="PartyId">The funder or company; null for none.</param>
/// <param name="Debits">Sum of the debits.</param>
/// <param name="Credits">Sum of the credits.</param>
/// <param name="HalfDays">Half-days, debits less credits.</param>
public sealed record LedgerBalance(FundAccount Account, LedgerAccount Ledger, Guid? PartyId, Money Debits, Money Credits, int HalfDays)
{
    /// <summary>Debits less credits.</summary>
    public Money Balance => Debits - Credits;
}

/// <summary>Reads balances from the journal (R9, R19) and books movements into it, each once by its key.</summary>
public sealed class Ledger(AlizeDb db, TimeProvider time)
{
    /// <summary>Debits less credits of one ledger account; of one sub-account when a party is given.</summary>
    public async Task<Money> BalanceAsync(
        Guid programmeId, FundAccount account, LedgerAccount ledger, CancellationToken cancel, Guid? partyId = null) =>
        new(await db.JournalLines.Where(l => l.ProgrammeId == programmeId && l.Account == account && l.Ledger == ledger && (partyId == null || l.PartyId == partyId))
            .SumAsync(l => l.DebitCents - l.CreditCents, cancel));

    /// <summary>Debits less credits of one ledger account for one project, what the unit of work at hand books included.</summary>
    public async Task<Money> BalanceOfProjectAsync(Guid projectId, LedgerAccount ledger, CancellationToken cancel)
    {
        var written = await db.JournalEntries.Where(e => e.ProjectId == projectId).SelectMany(e => e.Lines).Where(l => l.Ledger == ledger)
            .SumAsync(l => l.DebitCents - l.CreditCents, cancel);
        var added = db.ChangeTracker.Entries<JournalEntry>().Where(e => e.State == EntityState.Added && e.Entity.ProjectId == projectId)
            .SelectMany(e => e.Entity.Lines).Where(l => l.Ledger == ledger).Sum(l => l.DebitCents - l.CreditCents);
        return new(written + added);
    }

    /// <summary>
    /// Every balance of a programme by account, ledger account and party, as the database adds them up; through a day, or of all days.
    /// </summary>
    public async Task<IReadOnlyList<LedgerBalance>> BalancesAsync(Guid programmeId, DateOnly? through, CancellationToken cancel)
    {
        var lines = db.JournalLines.Where(l => l.ProgrammeId == programmeId);
        if (through is { } last) lines = lines.Where(l => db.JournalEntries.Any(e => e.Id == l.EntryId && e.BookedOn <= last));
        var sums = await lines.GroupBy(l => new { l.Account, l.Ledger, l.PartyId })
            .Select(g => new
            {
                g.Key.Account,
                g.Key.Ledger,
                g.Key.PartyId,
                Debits = g.Sum(l => l.DebitCents),
                Credits = g.Sum(l => l.CreditCents),
                HalfDays = g.Sum(l => l.DebitHalfDays - l.CreditHalfDays),
            })
            .ToListAsync(cancel);
        return [.. sums.Select(s => new LedgerBalance(s.Account, s.Ledger, s.PartyId, new(s.Debits), new(s.Credits), s.HalfDays))
            .OrderBy(b => b.Account).ThenBy(b => b.Ledger.NumberIn(b.Account), StringComparer.Ordinal)];
    }

    /// <summary>What the journal moved up to a year's end, by account, party, project, kind of movement and year: what a report is made of.</summary>
    public async Task<IReadOnlyList<JournalSum>> SumsAsync(Guid programmeId, int throughYear, CancellationToken cancel)
    {
        var sums = await db.JournalEntries.Where(e => e.ProgrammeId == programmeId && e.Year <= throughYear)
            .SelectMany(e => e.Lines, (e, l) => new { l.Account, l.Ledger, e.Kind, e.Year, l.PartyId, e.ProjectId, l.DebitCents, l.CreditCents, HalfDays = l.DebitHalfDays - l.CreditHalfDays })
            .GroupBy(l => new { l.Account, l.Ledger, l.Kind, l.Year, l.PartyId, l.ProjectId })
            .Select(g => new { g.Key, Debits = g.Sum(l => l.DebitCents), Credits = g.Sum(l => l.CreditCents), HalfDays = g.Sum(l => l.HalfDays) })
            .ToListAsync(cancel);
        return [.. sums.Select(s => new JournalSum(
            s.Key.Account, s.Key.Ledger, s.Key.Kind, s.Key.Year, s.Key.PartyId, s.Key.ProjectId, new(s.Debits), new(s.Credits), s.HalfDays))];
    }

    /// <summary>Balance of the advances account less what is decided or committed and not yet paid (R7a).</summary>
    public async Task<Money> CreditsAvailableAsync(Guid programmeId, CancellationToken cancel)
    {
        LedgerAccount[] counted = [LedgerAccount.Bank, LedgerAccount.AdvancesDecided, LedgerAccount.AdvancesCommitted];
        return new(await db.JournalLines.Where(l => l.ProgrammeId == programmeId && l.Account == FundAccount.Advances && counted.Contains(l.Ledger))
            .SumAsync(l => l.DebitCents - l.CreditCents, cancel));
    }

    /// <summary>What was spent on one of the costs, in a calendar year or over the whole convention (R12, R13).</summary>
    public async Task<Money> CostAsync(Guid programmeId, LedgerAccount cost, int? year, CancellationToken cancel) => new(
        await db.JournalEntries.Where(e => e.ProgrammeId == programmeId && (year == null || e.Year == year)).SelectMany(e => e.Lines)
            .Where(l => l.Ledger == cost).SumAsync(l => l.DebitCents - l.CreditCents, cancel));

    /// <summary>Last day of the closed periods; null while none is closed.</summary>
    public Task<DateOnly?> ClosedThroughAsync(Guid programmeId, CancellationToken cancel) =>
        db.PeriodClosings.Where(c => c.ProgrammeId == programmeId).MaxAsync(c => (DateOnly?)c.Through, cancel);

    /// <summary>The day itself where its period is open, else the first open day: for what the bank did before and is only known now.</summary>
    public async Task<DateOnly> OpenDayAsync(Guid programmeId, DateOnly on, CancellationToken cancel) =>
        PeriodClosing.OpenDay(await ClosedThroughAsync(programmeId, cancel), on);

    /// <summary>What forbids a movement now: its period is closed, or its account would be overdrawn. To be asked while the programme is locked.</summary>
    public async Task<IReadOnlyList<Refusal>> RefusalsAsync(Guid programmeId, Movement movement, CancellationToken cancel)
    {
        var refusals = PeriodClosing.Refusals(await ClosedThroughAsync(programmeId, cancel), movement.On).ToList();
        if (movement.LeavesBank > Money.Zero
            && await BalanceAsync(programmeId, movement.Account, LedgerAccount.Bank, cancel) is var balance && movement.LeavesBank > balance)
            refusals.Add(new("R9", "4", "account-overdrawn", $"{movement.LeavesBank}", movement.Account.French(), $"{balance}"));
        return refusals;
    }

    /// <summary>Books a movement in the unit of work at hand, unless its key was booked already.</summary>
    /// <returns>The new entry, or null when the movement is in the journal.</returns>
    public async Task<JournalEntry?> BookAsync(Guid programmeId, Movement movement, string by, CancellationToken cancel)
    {
        if (db.JournalEntries.Local.Any(e => e.ProgrammeId == programmeId && e.Key == movement.Key)
            || await db.JournalEntries.AnyAsync(e => e.ProgrammeId == programmeId && e.Key == movement.Key, cancel)) return null;
        var entry = JournalEntry.Of(movement, Guid.CreateVersion7(time.GetUtcNow()), programmeId, by, time.GetUtcNow().UtcDateTime);
        db.JournalEntries.Add(entry);
        return entry;
    }
}
