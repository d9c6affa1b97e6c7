using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Workflows.Accounts.Bank;

namespace Alize.Workflows.Demo.Years;

/// <summary>What a movement truly is: the bank does not say it, the people of the story know it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="TargetId">Advance, order, receipt or partner. Null for a cost.</param>
/// <param name="Cost">The charge, for a cost.</param>
public sealed record Truth(CounterpartKind Kind, Guid? TargetId = null, LedgerAccount? Cost = null);

/// <summary>A movement as the bank prints it.</summary>
public sealed record BankMove(DateOnly On, Money Amount, string Party, string Iban, string Text, string EndToEndId, string Reference, Truth Truth);

/// <summary>
/// A bank with the programme's two accounts: it executes the files of transfers it is handed, takes in what others pay, and prints
/// statements, camt.053 for the advances and CFONB 120 for the costs.
/// </summary>
public sealed class StoryBank
{
    private static readonly FrenchCalendar OpenDays = new(alsaceMoselle: true);
    private readonly Dictionary<string, Account> accounts = [];
    private readonly Dictionary<string, Truth> truths = [];
    private int references;

    public StoryBank(DateOnly openedOn, params IReadOnlyList<string> ibans)
    {
        foreach (var iban in ibans) accounts[iban] = new(openedOn);
    }

    /// <summary>First day on or after one on which banks move money.</summary>
    public static DateOnly OpenDay(DateOnly day) => OpenDays.OnOrAfter(day);

    /// <summary>What a line of a statement truly is.</summary>
    public Truth TruthOf(string reference) => truths[reference];

    /// <summary>Somebody pays the programme, or the bank takes something from it.</summary>
    public void Move(string iban, DateOnly on, Money amount, string party, string partyIban, string text, Truth truth, string endToEndId = "")
    {
        var reference = string.Create(CultureInfo.InvariantCulture, $"B{++references:000000}");
        truths[reference] = truth;
        accounts[iban].Moves.Add(new(OpenDay(on), amount, SepaText.Of(party, 70).ToUpperInvariant(), partyIban, SepaText.Of(text, 140), endToEndId, reference, truth));
    }

    /// <summary>Executes a file of transfers, as it is written and on the day it asks for.</summary>
    /// <returns>How many, and their sum.</returns>
    public (int Transfers, Money Total) Execute(string pain, Func<string, Guid> orderOf)
    {
        var root = XDocument.Parse(pain).Root!;
        var ns = root.Name.Namespace;
        var payment = root.Descendants(ns + "PmtInf").Single();
        var debtor = payment.Element(ns + "DbtrAcct")!.Descendants(ns + "IBAN").Single().Value;
        var on = DateOnly.ParseExact(payment.Element(ns + "ReqdExctnDt")!.Value, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        var total = Money.Zero;
        var transfers = payment.Elements(ns + "CdtTrfTxInf").ToList();
        foreach (var transfer in transfers)
        {
            var amount = new Money((long)(decimal.Parse(transfer.Descendants(ns + "InstdAmt").Single().Value, CultureInfo.InvariantCulture) * 100));
            var endToEnd = transfer.Descendants(ns + "EndToEndId").Single().Value;
            Move(
                debtor, on, -amount, transfer.Element(ns + "Cdtr")!.Element(ns + "Nm")!.Value, transfer.Element(ns + "CdtrAcct")!.Descendants(ns + "IBAN").Single().Value,
                transfer.Descendants(ns + "Ustrd").Single().Value, new(CounterpartKind.Transfer, orderOf(endToEnd)), endToEnd);
            total += amount;
        }

        var announced = decimal.Parse(payment.Element(ns + "CtrlSum")!.Value, CultureInfo.InvariantCulture);
        if (announced * 100 != total.Cents || int.Parse(payment.Element(ns + "NbOfTxs")!.Value, CultureInfo.InvariantCulture) != transfers.Count)
            throw new InvalidOperationException($"The bank refuses the file: it announces {announced} and holds {total}.");
        return (transfers.Count, total);
    }

    /// <summary>Everything since the last statement, through a day.</summary>
    public byte[] Statement(string iban, DateOnly through)
    {
        var account = accounts[iban];
        var moves = account.Moves.Where(m => m.On <= through).OrderBy(m => m.On).ThenBy(m => m.Reference, StringComparer.Ordinal).ToList();
        account.Moves.RemoveAll(m => m.On <= through);
        var closing = account.Balance + Money.Sum(moves.Select(m => m.Amount));
        if (closing < Money.Zero) throw new InvalidOperationException($"The account {iban} would be overdrawn on {through:O}: {closing}.");
        account.Number++;
        var content = iban == YearsTerritory.CostsIban
            ? Encoding.Latin1.GetBytes(BankPaper.Cfonb(iban, account.PrintedThrough, through, account.Balance, moves))
            : BankPaper.Camt(iban, account.Number, account.PrintedThrough, through, account.Balance, moves);
        (account.Balance, account.PrintedThrough) = (closing, through);
        return content;
    }

    private sealed class Account(DateOnly openedOn)
    {
        public List<BankMove> Moves { get; } = [];

        public Money Balance { get; set; }

        public DateOnly PrintedThrough { get; set; } = openedOn;

        public int Number { get; set; }
    }
}

/// <summary>How banks print their statements.</summary>
internal static class BankPaper
{
    private static readonly XNamespace Camt053 = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08";

    public static byte[] Camt(string iban, int number, DateOnly from, DateOnly to, Money opening, IReadOnlyList<BankMove> moves)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{to.Year}-{number:000}");
        var document = new XDocument(new XElement(Camt053 + "Document", new XElement(Camt053 + "BkToCstmrStmt",
            new XElement(Camt053 + "GrpHdr", E("MsgId", $"M-{id}"), E("CreDtTm", $"{to:yyyy-MM-dd}T20:00:00")),
            new XElement(Camt053 + "Stmt",
                E("Id", id), E("CreDtTm", $"{to:yyyy-MM-dd}T20:00:00"),
                new XElement(Camt053 + "Acct", new XElement(Camt053 + "Id", E("IBAN", iban)), E("Ccy", "EUR")),
                Balance("OPBD", from, opening), Balance("CLBD", to, opening + Money.Sum(moves.Select(m => m.Amount))),
                moves.Select(Entry)))));
        using var stream = new MemoryStream();
        document.Save(stream);
        return stream.ToArray();
    }

    public static string Cfonb(string iban, DateOnly from, DateOnly to, Money opening, IReadOnlyList<BankMove> moves)
    {
        var (bank, branch, account) = (iban[4..9], iban[9..14], iban[14..25]);
        var rows = new List<string> { Total("01", from, opening) };
        foreach (var move in moves)
        {
            rows.Add($"04{bank}    {branch}EUR2 {account}05{Day(move.On)}  {Day(move.On)}{Fit(move.Text, 31)}  0000000  {Cfonb120.Amount(move.Amount)}{Fit(move.Reference, 16)}");
            if (move.Party.Length > 0) rows.Add($"05{bank}    {branch}EUR2 {account}05{Day(move.On)}     {(move.Amount > Money.Zero ? "NPY" : "NBE")}{Fit(move.Party, 70)}  ");
        }

        rows.Add(Total("07", to, opening + Money.Sum(moves.Select(m => m.Amount))));
        return string.Concat(rows.Select(row => row + "\r\n"));

        string Total(string code, DateOnly on, Money amount) =>
            $"{code}{bank}    {branch}EUR2 {account}  {Day(on)}{new string(' ', 50)}{Cfonb120.Amount(amount)}{new string(' ', 16)}";
    }

    private static XElement Entry(BankMove move)
    {
        var role = move.Amount > Money.Zero ? "Dbtr" : "Cdtr";
        return new(Camt053 + "Ntry",
            Amount(move.Amount), Direction(move.Amount), new XElement(Camt053 + "Sts", E("Cd", "BOOK")),
            new XElement(Camt053 + "BookgDt", E("Dt", $"{move.On:yyyy-MM-dd}")), new XElement(Camt053 + "ValDt", E("Dt", $"{move.On:yyyy-MM-dd}")),
            E("AcctSvcrRef", move.Reference), new XElement(Camt053 + "BkTxCd"),
            new XElement(Camt053 + "NtryDtls", new XElement(Camt053 + "TxDtls",
                new XElement(Camt053 + "Refs", E("EndToEndId", move.EndToEndId.Length > 0 ? move.EndToEndId : "NOTPROVIDED")),
                new XElement(Camt053 + "RltdPties",
                    new XElement(Camt053 + role, new XElement(Camt053 + "Pty", E("Nm", move.Party))),
                    move.Iban.Length == 0 ? null : new XElement(Camt053 + (role + "Acct"), new XElement(Camt053 + "Id", E("IBAN", move.Iban)))),
                new XElement(Camt053 + "RmtInf", E("Ustrd", move.Text)))));
    }

    private static XElement Balance(string code, DateOnly on, Money amount) => new(Camt053 + "Bal",
        new XElement(Camt053 + "Tp", new XElement(Camt053 + "CdOrPrtry", E("Cd", code))), Amount(amount), Direction(amount), new XElement(Camt053 + "Dt", E("Dt", $"{on:yyyy-MM-dd}")));

    private static XElement Amount(Money amount) =>
        new(Camt053 + "Amt", new XAttribute("Ccy", "EUR"), (Math.Abs(amount.Cents) / 100m).ToString("0.00", CultureInfo.InvariantCulture));

    private static XElement Direction(Money amount) => E("CdtDbtInd", amount < Money.Zero ? "DBIT" : "CRDT");

    private static XElement E(string name, string value) => new(Camt053 + name, value);

    private static string Day(DateOnly day) => day.ToString("ddMMyy", CultureInfo.InvariantCulture);

    private static string Fit(string text, int length) => text.Length > length ? text[..length] : text.PadRight(length);
}
