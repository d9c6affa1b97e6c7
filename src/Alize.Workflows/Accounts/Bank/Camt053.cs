using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Alize.Domain;
using Alize.Domain.Accounts;

namespace Alize.Workflows.Accounts.Bank;

/// <summary>
/// ISO 20022 bank-to-customer statement, camt.053 of any version: what is read here has had the same structure since 001.02, but
/// for the parties (<c>Pty</c> since 001.04) and the status (<c>Cd</c> since 001.08).
/// </summary>
internal static partial class Camt053
{
    // The deepest message of the standard has some twenty levels.
    private const int MostDepth = 64;

    public static IReadOnlyList<StatementRead> Read(byte[] content)
    {
        var root = Load(content).Root!;
        var space = root.Name.NamespaceName;
        if (root.Name.LocalName != "Document" || !Namespace().IsMatch(space))
        {
            throw new UnreadableStatement(OtherMessage().Match(space) is { Success: true } other
                ? $"Ce fichier est un message {other.Groups[1].Value}, et non un relevé camt.053. Choisissez « relevé de compte » sur le site de la banque."
                : $"Ce fichier XML n’est pas un relevé camt.053 : son espace de noms est « {Cut(space)} ». Choisissez « relevé de compte camt.053 » sur le site de la banque.");
        }

        DemandOneNamespace(root, root.Name.Namespace);
        var message = One(root, "BkToCstmrStmt");
        One(One(message, "GrpHdr"), "MsgId");
        var statements = Many(message, "Stmt").Select(Statement).ToList();
        return statements.Count > 0 ? statements : throw UnreadableStatement.At(Row(message), "le message ne contient aucun relevé (Stmt).");
    }

    private static XDocument Load(byte[] content)
    {
        // No document type, hence no entities; nothing fetched from elsewhere.
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = 4L * StatementFile.MostBytes,
            MaxCharactersFromEntities = 1024,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
        };
        try
        {
            using (var deep = XmlReader.Create(new MemoryStream(content), settings))
            {
                while (deep.Read())
                {
                    if (deep.Depth > MostDepth) throw new UnreadableStatement($"Le fichier XML emboîte plus de {MostDepth} niveaux : ce n’est pas un relevé. Rien n’a été importé.");
                }
            }

            using var reader = XmlReader.Create(new MemoryStream(content), settings);
            return XDocument.Load(reader, LoadOptions.SetLineInfo);
        }
        catch (XmlException wrong) when (wrong.Message.Contains("DTD", StringComparison.Ordinal))
        {
            throw new UnreadableStatement($"Ligne {wrong.LineNumber} : le fichier déclare un type de document (DOCTYPE), ce qu’aucun relevé ne fait. Il est refusé par sécurité ; rien n’a été importé.");
        }
        catch (XmlException wrong)
        {
            throw UnreadableStatement.At(wrong.LineNumber, $"le XML est mal formé à la colonne {wrong.LinePosition}.");
        }
    }

    private static StatementRead Statement(XElement statement)
    {
        var id = Text(One(statement, "Id"), 35);
        var account = One(One(statement, "Acct"), "Id");
        if (Maybe(account, "IBAN") is not { } written || !Iban.TryParse(written.Value, out var iban, out _))
            throw UnreadableStatement.At(Row(account), "le relevé ne donne pas l’IBAN de son compte, ou un IBAN faux.");

        var balances = Many(statement, "Bal").Select(Balance).ToList();
        var opening = The(balances, statement, "OPBD", "PRCD");
        var closing = The(balances, statement, "CLBD");
        var entries = Many(statement, "Ntry").ToList();
        DemandCount(statement, entries.Count);
        var lines = entries.Where(IsBooked).SelectMany(Lines).ToList();
        StatementFile.DemandBalance(Row(statement), opening.Amount, lines, closing.Amount);
        if (closing.On < opening.On) throw UnreadableStatement.At(Row(statement), "le nouveau solde est daté d’avant l’ancien.");
        return new(StatementFormat.Camt053, $"camt:{iban.Compact}:{id}", id, iban.Compact, opening.On, closing.On, opening.Amount, closing.Amount, lines);
    }

    private static (string Code, Money Amount, DateOnly On) Balance(XElement balance)
    {
        var type = One(balance, "Tp");
        var code = Text(Maybe(One(type, "CdOrPrtry"), "Cd") ?? One(One(type, "CdOrPrtry"), "Prtry"), 35);
        // An intermediate balance belongs to one page of a longer statement.
        if (Maybe(type, "SubTp") is { } sub && sub.Value.Contains("INTM", StringComparison.Ordinal)) code += "/INTM";
        return (code, Signed(balance), Day(One(balance, "Dt")));
    }

    private static (string Code, Money Amount, DateOnly On) The(List<(string Code, Money Amount, DateOnly On)> balances, XElement statement, params string[] codes)
    {
        foreach (var code in codes)
        {
            var found = balances.Where(b => b.Code == code).ToList();
            if (found.Count > 1) throw UnreadableStatement.At(Row(statement), $"le relevé a {found.Count} soldes « {code} » au lieu d’un.");
            if (found.Count == 1) return found[0];
        }

        throw UnreadableStatement.At(Row(statement), $"le relevé n’a pas de solde « {string.Join(" » ou « ", codes)} » : il est incomplet ou n’est qu’une page d’un relevé plus long.");
    }

    private static void DemandCount(XElement statement, int count)
    {
        if (Maybe(statement, "TxsSummry") is { } summary && Maybe(summary, "TtlNtries") is { } total && Maybe(total, "NbOfNtries") is { } said
            && (!int.TryParse(said.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number != count))
            throw UnreadableStatement.At(Row(said), $"le relevé annonce {Cut(said.Value)} opérations et en contient {count}.");
    }

    /// <summary>Pending and informative entries are in no balance.</summary>
    private static bool IsBooked(XElement entry)
    {
        var status = One(entry, "Sts");
        var code = (Maybe(status, "Cd") ?? status).Value.Trim();
        return code switch
        {
            "BOOK" => true,
            "PDNG" or "INFO" or "FUTR" => false,
            _ => throw UnreadableStatement.At(Row(status), $"« {Cut(code)} » n’est pas un état d’opération (BOOK, PDNG, INFO)."),
        };
    }

    /// <summary>One line for an entry, or one for each of the transfers it gathers when the bank gives the amount of each.</summary>
    private static IEnumerable<LineRead> Lines(XElement entry)
    {
        var total = Signed(entry);
        var details = Many(entry, "NtryDtls").SelectMany(d => Many(d, "TxDtls")).ToList();
        if (details.Count <= 1) return [Line(entry, details.SingleOrDefault(), total)];

        var amounts = details.Select(AmountOf).ToList();
        if (amounts.Any(a => a is null)) return [Line(entry, null, total)];
        var parts = amounts.Select(a => total < Money.Zero ? -a!.Value : a!.Value).ToList();
        if (Money.Sum(parts) != total)
            throw UnreadableStatement.At(Row(entry), $"l’opération est de {total} et ses détails font {Money.Sum(parts)}.");
        return details.Zip(parts, (detail, part) => Line(entry, detail, part));
    }

    private static Money? AmountOf(XElement detail) =>
        Maybe(detail, "Amt") is { } amount ? Euros(amount)
        : Maybe(detail, "AmtDtls") is { } amounts && Maybe(amounts, "TxAmt") is { } own ? Euros(One(own, "Amt"))
        : null;

    private static LineRead Line(XElement entry, XElement? detail, Money amount)
    {
        var booked = Maybe(entry, "BookgDt");
        var value = Maybe(entry, "ValDt");
        if ((booked ?? value) is not { } dated) throw UnreadableStatement.At(Row(entry), "l’opération n’a pas de date.");
        var references = detail is null ? null : Maybe(detail, "Refs");
        var endToEnd = references is null ? "" : Optional(references, "EndToEndId");
        var own = references is null ? "" : Optional(references, "AcctSvcrRef");
        var (party, iban) = Party(detail, amount > Money.Zero ? "Dbtr" : "Cdtr");
        var remittance = detail is null ? null : Maybe(detail, "RmtInf");
        IEnumerable<string> texts =
        [
            .. remittance is null ? [] : Many(remittance, "Ustrd").Select(u => u.Value),
            .. remittance is null ? [] : Many(remittance, "Strd").Select(s => Maybe(s, "CdtrRefInf")).OfType<XElement>().Select(c => Optional(c, "Ref")),
            detail is null ? "" : Optional(detail, "AddtlTxInf"),
            Optional(entry, "AddtlNtryInf"),
        ];
        return new(
            Row(entry), Day(dated), Day(value ?? dated), amount, party, iban, string.Join(' ', texts.Select(t => t.Trim()).Where(t => t.Length > 0).Distinct()),
            endToEnd == "NOTPROVIDED" ? "" : endToEnd, own.Length > 0 ? own : Optional(entry, "AcctSvcrRef"));
    }

    private static (string Name, string Iban) Party(XElement? detail, string role)
    {
        if (detail is null || Maybe(detail, "RltdPties") is not { } parties) return ("", "");
        var name = Maybe(parties, role) is { } party ? Optional(Maybe(party, "Pty") ?? party, "Nm") : "";
        var account = Maybe(parties, role + "Acct") is { } held ? Optional(One(held, "Id"), "IBAN") : "";
        return (name, Iban.TryParse(account, out var iban, out _) ? iban.Compact : "");
    }

    private static Money Signed(XElement holder)
    {
        var amount = Euros(One(holder, "Amt"));
        var direction = One(holder, "CdtDbtInd");
        return direction.Value.Trim() switch
        {
            "CRDT" => amount,
            "DBIT" => -amount,
            var other => throw UnreadableStatement.At(Row(direction), $"« {Cut(other)} » n’est pas un sens (CRDT ou DBIT)."),
        };
    }

    private static Money Euros(XElement amount)
    {
        if (amount.Attribute("Ccy")?.Value is not "EUR")
            throw UnreadableStatement.At(Row(amount), $"un montant est en « {Cut(amount.Attribute("Ccy")?.Value ?? "?")} » ; seul l’euro est tenu ici.");
        if (!decimal.TryParse(amount.Value.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var euros)
            || euros > 1_000_000_000_000m || euros * 100 != decimal.Truncate(euros * 100))
            throw UnreadableStatement.At(Row(amount), $"« {Cut(amount.Value)} » n’est pas un montant en euros et centimes.");
        return new((long)(euros * 100));
    }

    private static DateOnly Day(XElement date)
    {
        var written = (Maybe(date, "Dt") ?? One(date, "DtTm")).Value.Trim();
        return written.Length >= 10 && DateOnly.TryParseExact(written[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw UnreadableStatement.At(Row(date), $"« {Cut(written)} » n’est pas une date.");
    }

    private static void DemandOneNamespace(XElement element, XNamespace space)
    {
        foreach (var child in element.Elements())
        {
            if (child.Name.Namespace != space) throw UnreadableStatement.At(Row(child), $"l’élément « {Cut(child.Name.LocalName)} » n’appartient pas au relevé.");
            // What a bank adds of its own comes in an envelope, with names of its own.
            if (child.Name.LocalName != "Envlp") DemandOneNamespace(child, space);
        }
    }

    private static XElement One(XElement parent, string name) =>
        Maybe(parent, name) ?? throw UnreadableStatement.At(Row(parent), $"l’élément « {name} » manque dans « {parent.Name.LocalName} ».");

    private static XElement? Maybe(XElement parent, string name)
    {
        var found = Many(parent, name).Take(2).ToList();
        return found.Count < 2 ? found.SingleOrDefault() : throw UnreadableStatement.At(Row(found[1]), $"l’élément « {name} » est répété.");
    }

    private static IEnumerable<XElement> Many(XElement parent, string name) => parent.Elements(parent.Name.Namespace + name);

    private static string Text(XElement element, int longest)
    {
        var text = element.Value.Trim();
        return text.Length > 0 && text.Length <= longest
            ? text
            : throw UnreadableStatement.At(Row(element), $"« {element.Name.LocalName} » a {text.Length} caractères au lieu de 1 à {longest}.");
    }

    private static string Optional(XElement parent, string name) => Maybe(parent, name)?.Value.Trim() ?? "";

    private static int Row(XElement element) => ((IXmlLineInfo)element).LineNumber;

    private static string Cut(string text) => text.Length <= 60 ? text : text[..60] + "…";

    [GeneratedRegex(@"^urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.\d\d$")]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^urn:iso:std:iso:20022:tech:xsd:([a-z]{4}\.\d{3})\.\d{3}\.\d\d$")]
    private static partial Regex OtherMessage();
}
