using System.Globalization;
using Alize.Domain.Accounts;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Alize.Domain.Tests.Accounts;

[Trait("Rule", "R19")]
public sealed class FecTests
{
    private static readonly Guid Programme = Guid.NewGuid();
    private static readonly Guid Company = Guid.NewGuid();
    private static readonly DateOnly Day = new(2026, 3, 16);
    private static readonly Dictionary<Guid, FecParty> Parties = new() { [Company] = new("C-732829320", "Mécanique\tdu | Lac") };

    [Fact]
    public void The_file_is_named_for_who_keeps_the_books_and_the_day_they_are_closed_on()
    {
        Assert.True(Siren.TryParse("732829320", out var siren, out _));
        Assert.Equal("732829320FEC20261231.txt", Fec.FileName(siren, 2026));
    }

    [Fact]
    public void An_entry_has_its_eighteen_fields_and_no_separator_in_a_label()
    {
        var read = FecFile.Read(Fec.Write(Lines(Paid(1, 1_234_56, "Versement | de\tl’avance\r\nAV-2026-003"))));

        Assert.Equal(2, read.Count);
        Assert.Equal(
            ["AV", "Fonds d’avances remboursables", "1", "20260316", "2748", "Avances à recevoir", "C-732829320", "Mécanique du   Lac", "Ordre AV-2026-003", "20260316", "Versement   de l’avance  AV-2026-003", "1234,56", "0,00", "", "", "20260317", "", ""],
            read[0]);
        Assert.Equal(("5121", "0,00", "1234,56"), (read[1][4], read[1][11], read[1][12]));
    }

    [Property(MaxTest = 50)]
    public void Any_journal_is_read_again_balanced_and_numbered_without_a_gap(PositiveInt[] amounts)
    {
        var entries = amounts.Select((a, i) => Paid(i + 1, a.Get, $"Versement {i}")).Reverse().ToArray();

        var read = FecFile.Read(Fec.Write(Lines(entries)));

        Assert.Equal(2 * amounts.Length, read.Count);
        Assert.Equal(amounts.Sum(a => (decimal)a.Get) / 100, read.Sum(fields => FecFile.Amount(fields[11])));
    }

    [Fact]
    public void A_missing_number_or_an_unbalanced_entry_gives_no_file()
    {
        Assert.Contains("Entry 2 is missing", Assert.Throws<InvalidOperationException>(() => Fec.Write(Lines(Paid(1, 100, "A"), Paid(3, 100, "B")))).Message);
        Assert.Contains("not balanced", Assert.Throws<InvalidOperationException>(() => Fec.Write([.. Lines(Paid(1, 100, "A")).Skip(1)])).Message);
    }

    [Fact]
    public void A_year_begins_with_the_balances_of_the_one_before()
    {
        (FundAccount, LedgerAccount, Guid?, Money)[] balances =
        [
            (FundAccount.Advances, LedgerAccount.Bank, null, Money.Euros(200_000)), (FundAccount.Advances, LedgerAccount.AdvancesOutstanding, Company, Money.Euros(24_000)),
            (FundAccount.Advances, LedgerAccount.Losses, Company, Money.Euros(1_000)), (FundAccount.Advances, LedgerAccount.Endowments, null, -Money.Euros(225_000)),
            (FundAccount.Competences, LedgerAccount.DaysSpent, null, Money.Euros(700)), (FundAccount.Competences, LedgerAccount.DaysContributed, null, -Money.Euros(700)),
        ];

        var read = FecFile.Read(Fec.Write([.. Fec.Opening(2027, balances, Parties), .. Lines(Paid(1, 100, "A"))]));

        Assert.Equal(["1034", "110", "2748", "5121"], read.Where(f => f[0] == "AN").Select(f => f[4]).Order(StringComparer.Ordinal));
        Assert.Equal("1000,00", read.Single(f => f[4] == "110")[11]);
        Assert.All(read.Where(f => f[0] == "AN"), f => Assert.Equal("20270101", f[3]));
    }

    private static IReadOnlyList<FecLine> Lines(params JournalEntry[] entries) => Fec.Lines(entries, Parties, at => DateOnly.FromDateTime(at));

    private static JournalEntry Paid(int number, long cents, string label)
    {
        var movement = new Movement(
            MovementKind.AdvancePaid, FundAccount.Advances, $"k{number}", label, Day, new(SourceKind.Document, null, "Ordre AV-2026-003"), null,
            new Posting(LedgerAccount.AdvancesOutstanding, LedgerAccount.Bank, new(cents), Company));
        var entry = JournalEntry.Of(movement, Guid.NewGuid(), Programme, "Opératrice", new(2026, 3, 17, 9, 0, 0, DateTimeKind.Utc));
        entry.Place(number, number, "");
        return entry;
    }
}

/// <summary>Reads a FEC as a tax auditor's program does, from the law's text and not from the writer, and refuses what is not as it says.</summary>
internal static class FecFile
{
    private const string Header =
        "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\tPieceRef\tPieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise";

    public static List<string[]> Read(string content)
    {
        Assert.EndsWith("\r\n", content);
        var rows = content[..^2].Split("\r\n");
        Assert.Equal(Header, rows[0]);
        var lines = rows.Skip(1).Select(r => r.Split('\t')).ToList();
        foreach (var line in lines)
        {
            Assert.Equal(18, line.Length);
            Assert.All(new[] { 0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 15 }, i => Assert.NotEmpty(line[i]));
            Assert.All(new[] { 3, 9, 15 }, i => Assert.True(DateOnly.TryParseExact(line[i], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _), line[i]));
            Assert.Matches("^[0-9]{3,}$", line[4]);
            Assert.True(Amount(line[11]) == 0 || Amount(line[12]) == 0);
            Assert.Equal(line[6].Length == 0, line[7].Length == 0);
            Assert.DoesNotContain(line, field => field.Contains('|', StringComparison.Ordinal));
        }

        foreach (var entry in lines.GroupBy(l => (l[0] == "AN", l[2])))
        {
            Assert.Equal(entry.Sum(l => Amount(l[11])), entry.Sum(l => Amount(l[12])));
            Assert.Single(entry.Select(l => (l[3], l[8], l[15])).Distinct());
        }

        var numbers = lines.Where(l => l[0] != "AN").Select(l => int.Parse(l[2], CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(numbers.Order(), numbers);
        Assert.Equal(Enumerable.Range(1, numbers.Distinct().Count()), numbers.Distinct());
        return lines;
    }

    public static decimal Amount(string written)
    {
        Assert.Matches("^[0-9]+,[0-9]{2}$", written);
        return decimal.Parse(written.Replace(',', '.'), CultureInfo.InvariantCulture);
    }
}
