using System.Globalization;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Workflows.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Demo.Years;

/// <summary>Reads the fichiers des écritures comptables as a tax inspector's program would, and adds them up against the journal's balances.</summary>
internal static class FecAgreement
{
    public static async Task<IReadOnlyList<string>> AtAsync(FecExport export, YearsWorld world, Guid programmeId, DateOnly on, CancellationToken cancel)
    {
        var disagreements = new List<string>();
        foreach (var year in (await export.YearsAsync(programmeId, cancel)).Where(y => y <= on.Year).Order())
        {
            var (name, content, problems) = await export.OfYearAsync(programmeId, year, Agreement.Holder, cancel);
            YearsWorld.Accept(problems);
            var rows = Rows(content);
            if (rows.Sum(r => r.Debit) != rows.Sum(r => r.Credit)) disagreements.Add($"{name}: debits {rows.Sum(r => r.Debit)}, credits {rows.Sum(r => r.Credit)}");
            var numbers = rows.Where(r => r.Journal != "AN").Select(r => int.Parse(r.Number, CultureInfo.InvariantCulture)).Distinct().ToList();
            if (!numbers.SequenceEqual(Enumerable.Range(1, numbers.Count))) disagreements.Add($"{name}: the numbers have a gap");
            if (rows.Any(r => r.On.Year != year)) disagreements.Add($"{name}: an entry of another year");

            var file = rows.GroupBy(r => (r.Account, r.Party)).ToDictionary(g => g.Key, g => g.Sum(r => r.Debit - r.Credit));
            var books = await BooksAsync(world, programmeId, year, cancel);
            foreach (var key in file.Keys.Union(books.Keys).Order())
                if (file.GetValueOrDefault(key) != books.GetValueOrDefault(key))
                    disagreements.Add($"{name}: {key.Account} {key.Party} is {new Money(file.GetValueOrDefault(key))}, and {new Money(books.GetValueOrDefault(key))} in the journal");
        }

        return disagreements;
    }

    /// <summary>What the file of a year must add up to: balances carried, charges and income of the year alone.</summary>
    private static Task<Dictionary<(string Account, string Party), long>> BooksAsync(YearsWorld world, Guid programmeId, int year, CancellationToken cancel) => world.ReadAsync(async db =>
    {
        var names = await db.Companies.Where(c => c.ProgrammeId == programmeId).Select(c => new { c.Id, c.Name })
            .Concat(db.Partners.Where(p => p.ProgrammeId == programmeId).Select(p => new { p.Id, p.Name })).ToDictionaryAsync(p => p.Id, p => p.Name, cancel);
        var sums = new Dictionary<(string, string), long>();
        foreach (var balance in await ThroughAsync(new(year, 12, 31))) Add(balance, balance.Ledger.NumberIn(balance.Account), balance.Balance);
        foreach (var balance in await ThroughAsync(new(year - 1, 12, 31)))
        {
            var number = balance.Ledger.NumberIn(balance.Account);
            if (!(number[0] is '6' or '7' || number.StartsWith("86", StringComparison.Ordinal) || number.StartsWith("87", StringComparison.Ordinal))) continue;
            Add(balance, number, -balance.Balance);
            Add(balance with { PartyId = null }, "110", balance.Balance);
        }

        return sums;

        Task<IReadOnlyList<LedgerBalance>> ThroughAsync(DateOnly last) => world.AskAsync<Ledger, IReadOnlyList<LedgerBalance>>(l => l.BalancesAsync(programmeId, last, cancel));

        void Add(LedgerBalance balance, string number, Money amount)
        {
            var key = (number, balance.PartyId is { } party ? names[party] : "");
            sums[key] = sums.GetValueOrDefault(key) + amount.Cents;
        }
    });

    private static List<Row> Rows(string content) =>
    [
        .. content.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split('\t')).Select(f => new Row(
            f[0], f[2], DateOnly.ParseExact(f[3], "yyyyMMdd", CultureInfo.InvariantCulture), f[4], f[7], Cents(f[11]), Cents(f[12]))),
    ];

    private static long Cents(string euros) => long.Parse(euros.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    private sealed record Row(string Journal, string Number, DateOnly On, string Account, string Party, long Debit, long Credit);
}
