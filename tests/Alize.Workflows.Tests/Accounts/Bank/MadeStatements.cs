using System.Globalization;
using System.Text;
using Alize.Domain;
using Alize.Workflows.Accounts.Bank;

namespace Alize.Workflows.Tests.Accounts.Bank;

/// <summary>One operation as a bank would print it.</summary>
public sealed record MadeLine(DateOnly On, Money Amount, string Party, string Text, string EndToEndId = "", string BankReference = "");

/// <summary>Writes statements as banks do, from the formats' descriptions and not from the readers.</summary>
public static class MadeStatements
{
    /// <summary>Of the two accounts of the tests' programme, and of nobody.</summary>
    public const string AdvancesIban = "FR1420041010050500013M02606";

    public const string CostsIban = "FR7630006000011234567890189";
    public const string StrangeIban = "FR7612345987650123456789014";

    public static byte[] Cfonb(string iban, DateOnly from, DateOnly to, Money opening, IReadOnlyList<MadeLine> lines, Money? closing = null)
    {
        var (bank, branch, account) = (iban[4..9], iban[9..14], iban[14..25]);
        var rows = new List<string> { Balance("01", from, opening) };
        foreach (var line in lines)
        {
            rows.Add($"04{bank}    {branch}EUR2 {account}05{Day(line.On)}  {Day(line.On)}{Fit(line.Text, 31)}  0000000  {Cfonb120.Amount(line.Amount)}{Fit(line.BankReference, 16)}");
            if (line.Party.Length > 0) rows.Add(Complement(line, line.Amount > Money.Zero ? "NPY" : "NBE", line.Party));
            if (line.EndToEndId.Length > 0) rows.Add(Complement(line, "RCN", line.EndToEndId));
        }

        rows.Add(Balance("07", to, closing ?? opening + Money.Sum(lines.Select(l => l.Amount))));
        return Encoding.Latin1.GetBytes(string.Concat(rows.Select(r => r + "\r\n")));

        string Balance(string code, DateOnly on, Money amount) =>
            $"{code}{bank}    {branch}EUR2 {account}  {Day(on)}{new string(' ', 50)}{Cfonb120.Amount(amount)}{new string(' ', 16)}";

        string Complement(MadeLine line, string qualifier, string words) =>
            $"05{bank}    {branch}EUR2 {account}05{Day(line.On)}     {qualifier}{Fit(words, 70)}  ";
    }

    public static string Camt(
        string iban, string id, DateOnly from, DateOnly to, Money opening, IReadOnlyList<MadeLine> lines, string version = "08", Money? closing = null)
    {
        var isNew = version is "08";
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}\">\n<BkToCstmrStmt><GrpHdr><MsgId>M-{id}</MsgId><CreDtTm>2026-03-02T18:00:00</CreDtTm></GrpHdr>\n");
        text.Append(CultureInfo.InvariantCulture, $"<Stmt><Id>{id}</Id><CreDtTm>2026-03-02T18:00:00</CreDtTm><Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>\n");
        Balance("OPBD", from, opening);
        Balance("CLBD", to, closing ?? opening + Money.Sum(lines.Select(l => l.Amount)));
        foreach (var line in lines)
        {
            var (role, sign) = line.Amount > Money.Zero ? ("Dbtr", "CRDT") : ("Cdtr", "DBIT");
            var status = isNew ? "<Cd>BOOK</Cd>" : "BOOK";
            var name = $"<Nm>{Escape(line.Party)}</Nm>";
            text.Append(CultureInfo.InvariantCulture, $"<Ntry><Amt Ccy=\"EUR\">{Euros(line.Amount)}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts>{status}</Sts><BookgDt><Dt>{line.On:yyyy-MM-dd}</Dt></BookgDt><ValDt><Dt>{line.On:yyyy-MM-dd}</Dt></ValDt>");
            if (line.BankReference.Length > 0) text.Append(CultureInfo.InvariantCulture, $"<AcctSvcrRef>{Escape(line.BankReference)}</AcctSvcrRef>");
            text.Append("<BkTxCd/><NtryDtls><TxDtls>");
            text.Append(CultureInfo.InvariantCulture, $"<Refs><EndToEndId>{(line.EndToEndId.Length > 0 ? Escape(line.EndToEndId) : "NOTPROVIDED")}</EndToEndId></Refs>");
            if (line.Party.Length > 0) text.Append(CultureInfo.InvariantCulture, $"<RltdPties><{role}>{(isNew ? $"<Pty>{name}</Pty>" : name)}</{role}></RltdPties>");
            if (line.Text.Length > 0) text.Append(CultureInfo.InvariantCulture, $"<RmtInf><Ustrd>{Escape(line.Text)}</Ustrd></RmtInf>");
            text.Append("</TxDtls></NtryDtls></Ntry>\n");
        }

        return text.Append("</Stmt></BkToCstmrStmt>\n</Document>\n").ToString();

        void Balance(string code, DateOnly on, Money amount) => text.Append(
            CultureInfo.InvariantCulture,
            $"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">{Euros(amount)}</Amt><CdtDbtInd>{(amount < Money.Zero ? "DBIT" : "CRDT")}</CdtDbtInd><Dt><Dt>{on:yyyy-MM-dd}</Dt></Dt></Bal>\n");
    }

    private static string Euros(Money amount) => (Math.Abs(amount.Cents) / 100m).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Day(DateOnly day) => day.ToString("ddMMyy", CultureInfo.InvariantCulture);

    private static string Fit(string text, int length) => text.Length > length ? text[..length] : text.PadRight(length);

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
