using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using Alize.Domain;
using Alize.Domain.Accounts;

namespace Alize.Workflows.Accounts.Bank;

/// <summary>
/// Writes a file of transfers, ISO 20022 pain.001.001.09, and holds it against the standard's own schema before anybody sees it.
/// Parties bear no postal address: banks refuse unstructured ones since 15 November 2026, and a transfer in euros needs none.
/// </summary>
public static class CreditTransferFile
{
    private static readonly XNamespace Pain = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";
    private static readonly Lazy<XmlSchemaSet> Schema = new(ReadSchema);

    /// <summary>
    /// The message id of these orders: the same orders, in whatever sequence, always have the same, so that a bank that gets them
    /// twice knows it.
    /// </summary>
    public static string MessageId(IEnumerable<PaymentOrder> orders)
    {
        var ids = string.Join(',', orders.Select(o => o.EndToEndId).Order(StringComparer.Ordinal));
        return "ALIZE-" + Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(ids)))[..28];
    }

    /// <summary>The file, UTF-8 without byte order mark.</summary>
    /// <param name="debtor">The account all orders leave from.</param>
    /// <param name="orders">At least one.</param>
    /// <param name="executeOn">A working day.</param>
    /// <param name="createdAt">Local time of the territory.</param>
    /// <exception cref="InvalidOperationException">The schema refuses it, or an order is another account's: a bug.</exception>
    public static byte[] Write(BankAccount debtor, IReadOnlyCollection<PaymentOrder> orders, DateOnly executeOn, DateTime createdAt)
    {
        if (orders.Count == 0 || orders.Any(o => o.Account != debtor.Account || o.ProgrammeId != debtor.ProgrammeId))
            throw new InvalidOperationException($"A file of transfers holds orders of one account; {orders.Count} were given for {debtor.Account} (R9).");

        var count = orders.Count.ToString(CultureInfo.InvariantCulture);
        var sum = Euros(Money.Sum(orders.Select(o => o.Amount)));
        var messageId = MessageId(orders);
        var document = new XDocument(
            new XDeclaration("1.0", "UTF-8", null),
            new XElement(Pain + "Document",
                new XElement(Pain + "CstmrCdtTrfInitn",
                    new XElement(Pain + "GrpHdr",
                        new XElement(Pain + "MsgId", messageId),
                        new XElement(Pain + "CreDtTm", createdAt.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)),
                        new XElement(Pain + "NbOfTxs", count),
                        new XElement(Pain + "CtrlSum", sum),
                        new XElement(Pain + "InitgPty", Name(debtor.Holder))),
                    new XElement(Pain + "PmtInf",
                        new XElement(Pain + "PmtInfId", messageId),
                        new XElement(Pain + "PmtMtd", "TRF"),
                        new XElement(Pain + "BtchBookg", "false"),   // one line a transfer on the statement: each is matched to its order
                        new XElement(Pain + "NbOfTxs", count),
                        new XElement(Pain + "CtrlSum", sum),
                        new XElement(Pain + "PmtTpInf", new XElement(Pain + "SvcLvl", new XElement(Pain + "Cd", "SEPA"))),
                        new XElement(Pain + "ReqdExctnDt", new XElement(Pain + "Dt", executeOn.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))),
                        new XElement(Pain + "Dbtr", Name(debtor.Holder)),
                        Account("DbtrAcct", debtor.Iban),
                        Agent("DbtrAgt", debtor.Bic) ?? new XElement(Pain + "DbtrAgt", new XElement(Pain + "FinInstnId", new XElement(Pain + "Othr", new XElement(Pain + "Id", "NOTPROVIDED")))),
                        new XElement(Pain + "ChrgBr", "SLEV"),
                        orders.OrderBy(o => o.EndToEndId, StringComparer.Ordinal).Select(Transfer)))));
        var content = Bytes(document);
        Validate(content);
        return content;
    }

    /// <summary>Holds a file against the schema.</summary>
    /// <exception cref="InvalidOperationException">It is not valid; the message says where.</exception>
    public static void Validate(byte[] content)
    {
        var settings = new XmlReaderSettings { ValidationType = ValidationType.Schema, Schemas = Schema.Value, DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
        // A document of another namespace is only worth a warning to the validator, and validates nothing.
        settings.ValidationFlags |= XmlSchemaValidationFlags.ReportValidationWarnings;
        settings.ValidationEventHandler += (_, found) => throw new InvalidOperationException($"pain.001.001.09, line {found.Exception.LineNumber}: {found.Message}", found.Exception);
        using var reader = XmlReader.Create(new MemoryStream(content), settings);
        while (reader.Read())
        {
            // Reading is validating.
        }
    }

    private static XElement Transfer(PaymentOrder order) => new(Pain + "CdtTrfTxInf",
        new XElement(Pain + "PmtId",
            new XElement(Pain + "InstrId", order.EndToEndId),
            new XElement(Pain + "EndToEndId", order.EndToEndId)),
        new XElement(Pain + "Amt", new XElement(Pain + "InstdAmt", new XAttribute("Ccy", "EUR"), Euros(order.Amount))),
        Agent("CdtrAgt", order.PayeeBic),
        new XElement(Pain + "Cdtr", Name(order.Payee)),
        Account("CdtrAcct", order.PayeeIban),
        new XElement(Pain + "RmtInf", new XElement(Pain + "Ustrd", SepaText.Reference(order.Reference, 140))));

    // The standard takes 140 characters for a name, the euro payments area 70.
    private static XElement Name(string name) => new(Pain + "Nm", SepaText.Of(name, 70));

    private static XElement Account(string element, string iban) => new(Pain + element, new XElement(Pain + "Id", new XElement(Pain + "IBAN", iban)));

    private static XElement? Agent(string element, string bic) =>
        bic.Length == 0 ? null : new(Pain + element, new XElement(Pain + "FinInstnId", new XElement(Pain + "BICFI", bic)));

    private static string Euros(Money amount) => (amount.Cents / 100m).ToString("0.00", CultureInfo.InvariantCulture);

    private static byte[] Bytes(XDocument document)
    {
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\n" })) document.Save(writer);
        return stream.ToArray();
    }

    private static XmlSchemaSet ReadSchema()
    {
        using var stream = typeof(CreditTransferFile).Assembly.GetManifestResourceStream("pain.001.001.09.xsd")
            ?? throw new InvalidOperationException("The schema pain.001.001.09.xsd is not in the assembly: see Alize.Workflows.csproj.");
        using var reader = XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        var set = new XmlSchemaSet { XmlResolver = null };
        set.Add(Pain.NamespaceName, reader);
        set.Compile();
        return set;
    }
}
