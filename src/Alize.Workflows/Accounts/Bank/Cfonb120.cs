using System.Globalization;
using System.Text;
using Alize.Domain;
using Alize.Domain.Accounts;

namespace Alize.Workflows.Accounts.Bank;

/// <summary>
/// Relevé de compte CFONB 120: records of 120 characters, 01 ancien solde, 04 mouvement, 05 complément, 07 nouveau solde. An amount
/// is thirteen digits and an overpunched one, which carries the sign: <c>{ A…I</c> for +0…9, <c>} J…R</c> for −0…9.
/// </summary>
public static class Cfonb120
{
    private const int Width = 120;
    private const string Positive = "{ABCDEFGHI";
    private const string Negative = "}JKLMNOPQR";

    /// <summary>The statements of a file: one 01 … 07 after the other.</summary>
    internal static IReadOnlyList<StatementRead> Read(byte[] content)
    {
        var statements = new List<StatementRead>();
        StatementBeingRead? open = null;
        foreach (var (row, line) in Rows(content))
        {
            switch (line[..2])
            {
                case "01":
                    if (open is not null) throw UnreadableStatement.At(row, "un relevé commence (01) alors que le précédent n’a pas de nouveau solde (07).");
                    open = new(row, new Fields(row, line));
                    break;
                case "04" or "05" or "07" when open is null:
                    throw UnreadableStatement.At(row, $"un enregistrement {line[..2]} vient avant l’ancien solde (01).");
                case "04":
                    open!.Operation(new(row, line));
                    break;
                case "05":
                    open!.Complement(new(row, line));
                    break;
                case "07":
                    statements.Add(open!.Close(new(row, line)));
                    open = null;
                    break;
                default:
                    throw UnreadableStatement.At(row, $"« {line[..2]} » n’est pas un enregistrement de relevé (01, 04, 05 ou 07).");
            }
        }

        if (open is not null) throw UnreadableStatement.At(open.Row, "le relevé qui commence ici n’a pas de nouveau solde (07) : le fichier est coupé.");
        return statements;
    }

    /// <summary>An amount in the notation of the format, fourteen characters.</summary>
    public static string Amount(Money amount)
    {
        var cents = Math.Abs(amount.Cents);
        return (cents / 10).ToString("D13", CultureInfo.InvariantCulture) + (amount.Cents < 0 ? Negative : Positive)[(int)(cents % 10)];
    }

    private static IEnumerable<(int Row, string Line)> Rows(byte[] content)
    {
        var text = Decode(content);
        var rows = text.Contains('\n', StringComparison.Ordinal)
            ? text.Split('\n').Select(line => line.TrimEnd('\r')).ToList()
            : [.. text.Chunk(Width).Select(chunk => new string(chunk))];   // some banks send one block without line ends
        for (var i = 0; i < rows.Count; i++)
        {
            var line = rows[i];
            if (line.Trim(' ', '\u001A').Length == 0) continue;
            if (line.Any(char.IsControl)) throw UnreadableStatement.At(i + 1, "elle contient un signe de commande.");
            // Editors drop blanks at the end; what comes after the amount, or after the beginning of a complement, may be blank.
            var least = line.StartsWith("05", StringComparison.Ordinal) ? 48 : 104;
            if (line.Length > Width || line.Length < least)
                throw UnreadableStatement.At(i + 1, $"elle a {line.Length} caractères au lieu de {Width}.");
            yield return (i + 1, line.PadRight(Width));
        }
    }

    private static string Decode(byte[] content)
    {
        var bytes = content.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? content[Encoding.UTF8.Preamble.Length..] : content;
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    /// <summary>The fields of one record, counted from 1 as the format's description counts.</summary>
    private sealed record Fields(int Row, string Line)
    {
        public string Account => Text(3, 5) + Text(12, 5) + Text(22, 11);

        public string Text(int from, int length) => Line.Substring(from - 1, length).Trim();

        public DateOnly Date(int from, string what)
        {
            var written = Line.Substring(from - 1, 6);
            return DateOnly.TryParseExact(written, "ddMMyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read)
                ? new DateOnly(2000 + (read.Year % 100), read.Month, read.Day)
                : throw UnreadableStatement.At(Row, $"« {written} » n’est pas une date ({what}).");
        }

        public Money Amount()
        {
            var written = Line.Substring(90, 14);
            var (plus, minus) = (Positive.IndexOf(written[13], StringComparison.Ordinal), Negative.IndexOf(written[13], StringComparison.Ordinal));
            if (!written[..13].All(char.IsAsciiDigit) || (plus < 0 && minus < 0))
                throw UnreadableStatement.At(Row, $"« {written.Trim()} » n’est pas un montant signé.");
            var cents = (long.Parse(written[..13], CultureInfo.InvariantCulture) * 10) + Math.Max(plus, minus);
            return new(minus >= 0 ? -cents : cents);
        }

        public void DemandEuros()
        {
            if (Text(17, 3) != "EUR" || Text(20, 1) != "2")
                throw UnreadableStatement.At(Row, $"le compte est en « {Text(17, 3)} » à {Text(20, 1)} décimales ; seul l’euro à deux décimales est tenu ici.");
        }
    }

    private sealed class StatementBeingRead
    {
        private readonly Fields head;
        private readonly DateOnly from;
        private readonly Money opening;
        private readonly List<(Fields Movement, List<Fields> Complements)> operations = [];

        public StatementBeingRead(int row, Fields head)
        {
            head.DemandEuros();
            (Row, this.head, from, opening) = (row, head, head.Date(35, "ancien solde"), head.Amount());
            if (head.Account.Length != 21) throw UnreadableStatement.At(row, "le numéro de compte est incomplet.");
        }

        public int Row { get; }

        public void Operation(Fields movement)
        {
            DemandSame(movement);
            operations.Add((movement, []));
        }

        public void Complement(Fields complement)
        {
            DemandSame(complement);
            if (operations.Count == 0) throw UnreadableStatement.At(complement.Row, "un complément (05) vient avant son opération (04).");
            operations[^1].Complements.Add(complement);
        }

        public StatementRead Close(Fields tail)
        {
            DemandSame(tail);
            var to = tail.Date(35, "nouveau solde");
            if (to < from) throw UnreadableStatement.At(tail.Row, $"le nouveau solde ({FrenchText.Short(to)}) est daté d’avant l’ancien ({FrenchText.Short(from)}).");
            var lines = operations.Select(o => Line(o.Movement, o.Complements, to)).ToList();
            var closing = tail.Amount();
            StatementFile.DemandBalance(tail.Row, opening, lines, closing);
            return new(
                StatementFormat.Cfonb120,
                string.Create(CultureInfo.InvariantCulture, $"cfonb:{head.Account}:{from:yyyyMMdd}:{to:yyyyMMdd}:{opening.Cents}:{closing.Cents}"),
                $"du {FrenchText.Short(from)} au {FrenchText.Short(to)}", head.Account, from, to, opening, closing, lines);
        }

        private LineRead Line(Fields movement, List<Fields> complements, DateOnly to)
        {
            var bookedOn = movement.Date(35, "date de comptabilisation");
            if (bookedOn < from || bookedOn > to)
                throw UnreadableStatement.At(movement.Row, $"l’opération est datée du {FrenchText.Short(bookedOn)}, hors du relevé ({FrenchText.Short(from)} – {FrenchText.Short(to)}).");
            var valueOn = movement.Text(43, 6) is "" or "000000" ? bookedOn : movement.Date(43, "date de valeur");
            var amount = movement.Amount();
            var texts = new List<string> { movement.Text(49, 31) };
            var (party, iban, endToEnd, bankReference) = ("", "", "", movement.Text(105, 16));
            foreach (var complement in complements)
            {
                var (qualifier, words) = (complement.Text(46, 3), complement.Text(49, 70));
                switch (qualifier)
                {
                    case "NPY" when amount > Money.Zero:
                    case "NBE" when amount < Money.Zero:
                        party = words;
                        break;
                    case "RCN":
                        // Reference of 35 characters, then its nature.
                        endToEnd = complement.Text(49, 35);
                        texts.Add(complement.Text(84, 35));
                        break;
                    case "REF" when bankReference.Length == 0:
                        bankReference = words;
                        break;
                    default:
                        if (words.Length > 14 && Iban.TryParse(words.Split(' ')[0], out var read, out _)) iban = read.Compact;
                        else texts.Add(words);
                        break;
                }
            }

            var number = movement.Text(82, 7).Trim('0');
            return new(
                movement.Row, bookedOn, valueOn, amount, party, iban, string.Join(' ', texts.Where(t => t.Length > 0)), endToEnd,
                bankReference.Length > 0 ? bankReference : number);
        }

        private void DemandSame(Fields record)
        {
            record.DemandEuros();
            if (record.Account != head.Account)
                throw UnreadableStatement.At(record.Row, $"elle porte le compte {record.Account} au milieu du relevé du compte {head.Account}.");
        }
    }
}
