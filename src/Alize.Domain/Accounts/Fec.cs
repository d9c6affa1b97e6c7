using System.Globalization;
using System.Text;

namespace Alize.Domain.Accounts;

/// <summary>A line of the file; the fields of lettering and of foreign currency are always empty here.</summary>
/// <param name="JournalCode">Code of the journal.</param>
/// <param name="JournalLib">Its name.</param>
/// <param name="EcritureNum">Number of the entry, continuous.</param>
/// <param name="EcritureDate">Day of the movement.</param>
/// <param name="CompteNum">Account of the plan comptable.</param>
/// <param name="CompteLib">Its name.</param>
/// <param name="CompAuxNum">Sub-account. Empty for none.</param>
/// <param name="CompAuxLib">Its name. Empty for none.</param>
/// <param name="PieceRef">What is written on the voucher.</param>
/// <param name="PieceDate">Its date.</param>
/// <param name="EcritureLib">What the entry is.</param>
/// <param name="Debit">Debit.</param>
/// <param name="Credit">Credit.</param>
/// <param name="ValidDate">Day the entry was written for good.</param>
public sealed record FecLine(
    string JournalCode, string JournalLib, string EcritureNum, DateOnly EcritureDate, string CompteNum, string CompteLib, string CompAuxNum, string CompAuxLib,
    string PieceRef, DateOnly PieceDate, string EcritureLib, Money Debit, Money Credit, DateOnly ValidDate);

/// <summary>Name and code of a funder or company in the file.</summary>
/// <param name="Code">Stable code.</param>
/// <param name="Name">Name.</param>
public sealed record FecParty(string Code, string Name);

/// <summary>
/// Fichier des écritures comptables (Livre des procédures fiscales, art. A47 A-1; R15, R19): eighteen fields, tab-separated, dates as
/// AAAAMMJJ, amounts with a decimal comma, entries in order of their numbers, the balances of the year before first.
/// </summary>
public static class Fec
{
    private static readonly string[] Fields =
    [
        "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib", "PieceRef", "PieceDate",
        "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise", "Idevise",
    ];

    /// <summary>Account that takes up what the year before gained or lost.</summary>
    private const string CarriedForward = "110";

    /// <summary>« 732829320FEC20261231.txt »: the SIREN of who keeps the books, and the day the year is closed on.</summary>
    public static string FileName(Siren siren, int year) => string.Create(CultureInfo.InvariantCulture, $"{siren.Digits}FEC{year:0000}1231.txt");

    /// <summary>The lines of a year's entries, by number.</summary>
    /// <param name="entries">All entries of one year.</param>
    /// <param name="parties">Funders and companies by id.</param>
    /// <param name="local">Turns an instant in UTC into the territory's day.</param>
    public static IReadOnlyList<FecLine> Lines(IEnumerable<JournalEntry> entries, IReadOnlyDictionary<Guid, FecParty> parties, Func<DateTime, DateOnly> local) =>
    [
        .. entries.OrderBy(e => e.Number).SelectMany(entry => entry.Lines.OrderBy(l => l.Id).Select(line =>
        {
            var party = line.PartyId is { } id ? parties.GetValueOrDefault(id) : null;
            return new FecLine(
                entry.Account.JournalCode(), entry.Account.French(), entry.Number.ToString(CultureInfo.InvariantCulture), entry.BookedOn, line.Ledger.NumberIn(entry.Account), line.Ledger.French(),
                party?.Code ?? "", party?.Name ?? "", entry.SourceReference, entry.SourceOn, entry.Label, line.Debit, line.Credit, local(entry.WrittenAt));
        })),
    ];

    /// <summary>
    /// À-nouveaux: the balances a year begins with, one entry for each of the books. Charges and income of the years before are in
    /// the report à nouveau; staff-days lent are counted anew each year.
    /// </summary>
    /// <param name="year">The year that begins.</param>
    /// <param name="balances">Debits less credits at the end of the year before, by books, account and party.</param>
    /// <param name="parties">Funders and companies by id.</param>
    public static IReadOnlyList<FecLine> Opening(
        int year, IEnumerable<(FundAccount Account, LedgerAccount Ledger, Guid? PartyId, Money Balance)> balances, IReadOnlyDictionary<Guid, FecParty> parties)
    {
        var on = new DateOnly(year, 1, 1);
        var lines = new List<FecLine>();
        foreach (var (books, at) in balances.Where(b => b.Balance != Money.Zero).GroupBy(b => b.Account).OrderBy(g => g.Key).Select((g, i) => (g, i + 1)))
        {
            var carried = Money.Zero;
            var number = $"AN{at}";
            foreach (var (account, ledger, partyId, balance) in books.OrderBy(b => b.Ledger.NumberIn(b.Account), StringComparer.Ordinal).ThenBy(b => b.PartyId))
            {
                if (IsOfTheYear(ledger.NumberIn(account)))
                {
                    carried += balance;
                    continue;
                }

                var party = partyId is { } id ? parties.GetValueOrDefault(id) : null;
                lines.Add(Line(number, ledger.NumberIn(account), ledger.French(), party, balance));
            }

            if (carried != Money.Zero) lines.Add(Line(number, CarriedForward, "Report à nouveau", null, carried));
        }

        return lines;

        FecLine Line(string number, string account, string name, FecParty? party, Money balance) => new(
            "AN", "À nouveaux", number, on, account, name, party?.Code ?? "", party?.Name ?? "", $"Soldes au 31/12/{year - 1}", on, $"À nouveau {year}",
            balance > Money.Zero ? balance : Money.Zero, balance < Money.Zero ? -balance : Money.Zero, on);
    }

    /// <summary>The file.</summary>
    /// <exception cref="InvalidOperationException">An entry is not balanced, or a number is missing: the journal was tampered with, and no file is handed out.</exception>
    public static string Write(IReadOnlyList<FecLine> lines)
    {
        foreach (var entry in lines.GroupBy(l => (l.JournalCode == "AN", l.EcritureNum)))
        {
            if (Money.Sum(entry.Select(l => l.Debit)) != Money.Sum(entry.Select(l => l.Credit)))
                throw new InvalidOperationException($"Entry {entry.Key.EcritureNum} is not balanced: its debits are not its credits.");
        }

        var expected = 1;
        foreach (var number in lines.Where(l => l.JournalCode != "AN").Select(l => int.Parse(l.EcritureNum, CultureInfo.InvariantCulture)).Distinct())
        {
            if (number != expected++) throw new InvalidOperationException($"Entry {expected - 1} is missing before entry {number}: numbers are continuous.");
        }

        var text = new StringBuilder();
        text.AppendJoin('\t', Fields).Append("\r\n");
        foreach (var l in lines)
        {
            text.AppendJoin('\t',
                Clean(l.JournalCode), Clean(l.JournalLib), Clean(l.EcritureNum), Date(l.EcritureDate), Clean(l.CompteNum), Clean(l.CompteLib), Clean(l.CompAuxNum), Clean(l.CompAuxLib),
                Clean(l.PieceRef), Date(l.PieceDate), Clean(l.EcritureLib), Amount(l.Debit), Amount(l.Credit), "", "", Date(l.ValidDate), "", "").Append("\r\n");
        }

        return text.ToString();
    }

    // Classes 6 and 7, and 86 and 87 for what is given in kind.
    private static bool IsOfTheYear(string number) =>
        number[0] is '6' or '7' || number.StartsWith("86", StringComparison.Ordinal) || number.StartsWith("87", StringComparison.Ordinal);

    // The separator, the alternative one, and line ends may stand in no field.
    private static string Clean(string text) => string.Concat(text.Select(c => char.IsControl(c) || c is '|' ? ' ' : c)).Trim();

    private static string Date(DateOnly day) => day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private static string Amount(Money amount) => string.Create(CultureInfo.InvariantCulture, $"{amount.Cents / 100},{Math.Abs(amount.Cents % 100):00}");
}
