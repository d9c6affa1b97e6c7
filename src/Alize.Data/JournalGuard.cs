using Alize.Domain;
using Alize.Domain.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Alize.Data;

/// <summary>
/// The last gate of the journal (R7a, R9, R15, R19), whoever books: new entries are balanced, in an open period, and take their
/// number and seal one programme at a time; no account is overdrawn, and nothing is committed beyond the credits. Who books asks for
/// the refusals first; what is stopped here is a bug or the second of two hands.
/// </summary>
internal static class JournalGuard
{
    /// <summary>Whether there is anything for <see cref="PlaceAsync"/> to do.</summary>
    public static bool HasNewEntries(AlizeDb db) => db.ChangeTracker.Entries<JournalEntry>().Any(e => e.State == EntityState.Added);

    /// <summary>
    /// Checks and places the new entries within the transaction at hand. The programme's row is held until its end, so that numbers
    /// follow each other without a gap and two hands never commit the same credits.
    /// </summary>
    /// <exception cref="InvalidOperationException">An entry breaks a rule of the journal; nothing is written.</exception>
    public static async Task PlaceAsync(AlizeDb db, CancellationToken cancel)
    {
        var added = db.ChangeTracker.Entries<JournalEntry>().Where(e => e.State == EntityState.Added).Select(e => e.Entity).ToList();
        foreach (var programme in added.GroupBy(e => e.ProgrammeId).OrderBy(g => g.Key))
        {
            // A write that changes nothing: the one way to hold a row that all three databases share. There is none to hold when
            // the programme itself is new.
            await db.Programmes.Where(p => p.Id == programme.Key)
                .ExecuteUpdateAsync(set => set.SetProperty(p => p.TargetProjects, p => p.TargetProjects), cancel);
            await CheckAsync(db, programme.Key, [.. programme], cancel);
            await NumberAsync(db, programme.Key, [.. programme], cancel);
        }
    }

    private static async Task CheckAsync(AlizeDb db, Guid programmeId, IReadOnlyList<JournalEntry> entries, CancellationToken cancel)
    {
        var closed = await db.PeriodClosings.Where(c => c.ProgrammeId == programmeId).MaxAsync(c => (DateOnly?)c.Through, cancel);
        foreach (var entry in entries)
        {
            if (!entry.IsBalanced || entry.Lines.Any(l => l.Account != entry.Account))
                throw new InvalidOperationException($"Entry '{entry.Key}' is not balanced within the books of {entry.Account}; it was not written.");
            if (PeriodClosing.Refusals(closed, entry.BookedOn).FirstOrDefault() is { } refusal)
                throw new InvalidOperationException($"Entry '{entry.Key}' was not written: {RefusalSentences.English(refusal)}");
        }

        foreach (var account in entries.Where(e => Change(e, LedgerAccount.Bank) < 0).Select(e => e.Account).Distinct())
            if (await BalanceAsync(db, programmeId, account, [LedgerAccount.Bank], entries, cancel) is var balance and < 0)
                throw new InvalidOperationException($"The books of {account} would be overdrawn by {-balance} cents; nothing was written.");

        if (entries.Any(e => e.Kind == MovementKind.AdvanceDecided)
            && await BalanceAsync(db, programmeId, FundAccount.Advances, [LedgerAccount.Bank, LedgerAccount.AdvancesDecided, LedgerAccount.AdvancesCommitted], entries, cancel) is var credits and < 0)
            throw new InvalidOperationException($"An advance is decided beyond the credits (R7): {-credits} cents are missing; nothing was written.");
    }

    private static async Task NumberAsync(AlizeDb db, Guid programmeId, IReadOnlyList<JournalEntry> entries, CancellationToken cancel)
    {
        var last = await db.JournalEntries.AsNoTracking().IgnoreAutoIncludes().Where(e => e.ProgrammeId == programmeId)
            .OrderByDescending(e => e.Sequence).Select(e => new { e.Sequence, e.Seal }).FirstOrDefaultAsync(cancel);
        var (sequence, seal) = (last?.Sequence ?? 0, last?.Seal ?? "");
        var numbers = new Dictionary<int, int>();
        foreach (var entry in entries)
        {
            var year = entry.BookedOn.Year;
            if (!numbers.TryGetValue(year, out var number))
                number = await db.JournalEntries.Where(e => e.ProgrammeId == programmeId && e.Year == year).MaxAsync(e => (int?)e.Number, cancel) ?? 0;
            numbers[year] = ++number;
            entry.Place(++sequence, number, seal);
            seal = entry.Seal;
        }
    }

    private static async Task<long> BalanceAsync(
        AlizeDb db, Guid programmeId, FundAccount account, LedgerAccount[] ledgers, IReadOnlyList<JournalEntry> added, CancellationToken cancel)
    {
        var written = await db.JournalLines.Where(l => l.ProgrammeId == programmeId && l.Account == account && ledgers.Contains(l.Ledger))
            .SumAsync(l => l.DebitCents - l.CreditCents, cancel);
        return written + added.Where(e => e.Account == account).Sum(e => ledgers.Sum(ledger => Change(e, ledger)));
    }

    private static long Change(JournalEntry entry, LedgerAccount ledger) =>
        entry.Lines.Where(l => l.Ledger == ledger).Sum(l => l.DebitCents - l.CreditCents);
}
