using System.Text;
using Alize.Domain;
using Alize.Domain.Accounts;

namespace Alize.Workflows.Accounts.Bank;

/// <summary>One statement of a file, read and found to be whole: opening balance + lines = closing balance.</summary>
/// <param name="Format">How it came.</param>
/// <param name="Key">Its identity, whatever file it comes in.</param>
/// <param name="Number">The bank's number or the days, for people.</param>
/// <param name="Account">IBAN, or bank, branch and account number without key where the format has no IBAN.</param>
/// <param name="From">Day of the opening balance.</param>
/// <param name="To">Day of the closing balance.</param>
/// <param name="Opening">Opening balance.</param>
/// <param name="Closing">Closing balance.</param>
/// <param name="Lines">Lines in order.</param>
public sealed record StatementRead(
    StatementFormat Format, string Key, string Number, string Account, DateOnly From, DateOnly To, Money Opening, Money Closing, IReadOnlyList<LineRead> Lines)
{
    /// <summary>Whether it is a statement of the account with that IBAN.</summary>
    public bool IsOf(string iban) => Account == iban || (iban.Length == 27 && Account == iban[4..25]);
}

/// <summary>One line of a statement. <paramref name="Row"/> is its line in the file, for whoever looks it up.</summary>
public sealed record LineRead(
    int Row, DateOnly BookedOn, DateOnly ValueOn, Money Amount, string Counterparty, string CounterpartyIban, string Text, string EndToEndId, string BankReference);

/// <summary>The file is refused whole: a French sentence says which line, what is wrong and what to do.</summary>
internal sealed class UnreadableStatement(string sentence) : Exception(sentence)
{
    public static UnreadableStatement At(int row, string what) => new($"Ligne {row} : {what} Rien n’a été importé. Demandez à la banque un nouveau fichier.");
}

/// <summary>Reads a statement file of either format. A pure function of the bytes.</summary>
public static class StatementFile
{
    /// <summary>Largest file taken: a year of a busy account has a few megabytes.</summary>
    public const int MostBytes = 20 * 1024 * 1024;

    /// <summary>The statements, or the one reason why the whole file is refused.</summary>
    public static (IReadOnlyList<StatementRead> Statements, Problem? Problem) Read(byte[] content)
    {
        try
        {
            if (content.Length == 0) throw new UnreadableStatement("Le fichier est vide. Téléchargez-le de nouveau depuis le site de la banque.");
            if (content.Length > MostBytes)
                throw new UnreadableStatement($"Le fichier dépasse {MostBytes / 1024 / 1024} Mo. Demandez à la banque des relevés plus courts, par mois par exemple.");
            return (IsXml(content) ? Camt053.Read(content) : StartsWith(content, "01") ? Cfonb120.Read(content) : throw Unknown(content), null);
        }
        catch (UnreadableStatement refused)
        {
            return ([], new Problem("file", refused.Message));
        }
    }

    /// <summary>Opening balance + lines = closing balance, or the file is refused: a line is missing, or an amount is not the bank's.</summary>
    internal static void DemandBalance(int row, Money opening, IEnumerable<LineRead> lines, Money closing)
    {
        var sum = opening + Money.Sum(lines.Select(l => l.Amount));
        if (sum != closing)
            throw UnreadableStatement.At(row, $"le nouveau solde est de {closing} alors que l’ancien solde ({opening}) et les opérations donnent {sum}, soit {closing - sum} d’écart. Il manque une opération ou un montant est faux.");
    }

    private static UnreadableStatement Unknown(byte[] content) => new(
        StartsWith(content, "%PDF") ? "Ce fichier est un PDF. Téléchargez le relevé au format CFONB 120 ou camt.053 depuis le site de la banque."
        : StartsWith(content, "PK") ? "Ce fichier est une archive ou un classeur. Décompressez-le, ou téléchargez le relevé au format CFONB 120 ou camt.053."
        : "Ce fichier n’est ni un relevé CFONB 120 (première ligne « 01 ») ni un relevé camt.053 (XML). Choisissez l’un de ces deux formats sur le site de la banque.");

    private static bool StartsWith(byte[] content, string start)
    {
        var from = content.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        return content.AsSpan(from).StartsWith(Encoding.ASCII.GetBytes(start));
    }

    // UTF-16 has a zero beside each sign; the XML reader finds the encoding, here only the first « < » counts.
    private static bool IsXml(byte[] content) =>
        content.Take(16).Where(b => b is not (0 or 0xEF or 0xBB or 0xBF or 0xFE or 0xFF or (byte)' ' or (byte)'\r' or (byte)'\n' or (byte)'\t')).FirstOrDefault() == '<';
}
