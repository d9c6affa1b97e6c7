using System.Text;
using System.Xml.Linq;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Workflows.Accounts.Bank;

namespace Alize.Workflows.Tests.Accounts.Bank;

[Trait("Rule", "R19")]
public sealed class CreditTransferFileTests
{
    private static readonly XNamespace Pain = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";
    private static readonly DateOnly Day = new(2026, 3, 16);
    private static readonly DateTime At = new(2026, 3, 13, 11, 5, 30);

    [Fact]
    public void The_file_obeys_the_schema_and_counts_and_adds_up()
    {
        var document = Read(CreditTransferFile.Write(Account(), [Order(3_000_000, "Mécanique de l’Ombrelle & Fils"), Order(1_234_56, "Scierie du Lac", bic: "AGRIFRPP")], Day, At));

        var header = document.Descendants(Pain + "GrpHdr").Single();
        Assert.Equal("2", header.Element(Pain + "NbOfTxs")!.Value);
        Assert.Equal("31234.56", header.Element(Pain + "CtrlSum")!.Value);
        Assert.Equal(["30000.00", "1234.56"], document.Descendants(Pain + "InstdAmt").Select(a => a.Value).OrderDescending(StringComparer.Ordinal));
        Assert.Equal("2026-03-16", document.Descendants(Pain + "ReqdExctnDt").Single().Value);
        Assert.Contains("Mecanique de l'Ombrelle + Fils", document.Descendants(Pain + "Nm").Select(n => n.Value));
        Assert.Equal(["AGRIFRPP"], document.Descendants(Pain + "CdtrAgt").Select(a => a.Value));
        Assert.Empty(document.Descendants(Pain + "PstlAdr"));
        Assert.Equal(["AV-2026-003", "AV-2026-003"], document.Descendants(Pain + "Ustrd").Select(u => u.Value));
    }

    [Fact]
    public void Every_text_is_in_the_characters_banks_take()
    {
        var document = Read(CreditTransferFile.Write(Account(), [Order(100, "Café « Le Bœuf » – 100 % pêche @ œuvre")], Day, At));

        Assert.All(document.Descendants().Where(e => !e.HasElements), e => Assert.True(SepaText.IsAllowed(e.Value), e.Value));
    }

    [Fact]
    public void The_same_orders_have_the_same_message_and_each_its_own_reference_for_life()
    {
        var (first, second) = (Order(100, "A"), Order(200, "B"));

        Assert.Equal(CreditTransferFile.MessageId([first, second]), CreditTransferFile.MessageId([second, first]));
        Assert.NotEqual(CreditTransferFile.MessageId([first]), CreditTransferFile.MessageId([first, second]));
        Assert.InRange(CreditTransferFile.MessageId([first]).Length, 1, 35);
        Assert.Contains(first.EndToEndId, Encoding.UTF8.GetString(CreditTransferFile.Write(Account(), [first], Day, At)), StringComparison.Ordinal);
        Assert.Equal(32, first.EndToEndId.Length);
    }

    [Theory]
    [InlineData("<CtrlSum>", "<CtrlSum>x")]
    [InlineData("<ChrgBr>SLEV</ChrgBr>", "<ChrgBr>NONE</ChrgBr>")]
    [InlineData("<PmtMtd>TRF</PmtMtd>", "")]
    [InlineData("FR1420041010050500013M02606", "FR14 2004 1010 0505 0001 3M02 606")]
    [InlineData("pain.001.001.09", "pain.001.001.03")]
    public void A_file_that_breaks_the_schema_never_leaves(string found, string put)
    {
        var content = Encoding.UTF8.GetString(CreditTransferFile.Write(Account(), [Order(100, "A")], Day, At));
        Assert.Contains(found, content, StringComparison.Ordinal);

        Assert.ThrowsAny<InvalidOperationException>(() => CreditTransferFile.Validate(Encoding.UTF8.GetBytes(content.Replace(found, put, StringComparison.Ordinal))));
    }

    [Fact]
    [Trait("Rule", "R9")]
    public void An_order_of_the_other_account_is_never_in_the_file() =>
        Assert.Throws<InvalidOperationException>(() => CreditTransferFile.Write(Account(FundAccount.OperatingCosts), [Order(100, "A")], Day, At));

    private static XDocument Read(byte[] content)
    {
        Assert.NotEqual(0xEF, content[0]);
        return XDocument.Load(new MemoryStream(content));
    }

    private static BankAccount Account(FundAccount account = FundAccount.Advances) => new()
    {
        Id = Guid.NewGuid(),
        ProgrammeId = Guid.Empty,
        Account = account,
        Holder = "Ombrelle Développement – fonds d’avances",
        Iban = MadeStatements.AdvancesIban,
        From = Day,
        RecordedBy = "Opératrice",
        RecordedAt = At,
    };

    private static PaymentOrder Order(long cents, string payee, string bic = "") => new()
    {
        Id = Guid.NewGuid(),
        ProgrammeId = Guid.Empty,
        Account = FundAccount.Advances,
        Payee = payee,
        PayeeIban = MadeStatements.CostsIban,
        PayeeBic = bic,
        Amount = new(cents),
        Reference = "AV-2026-003",
        PreparedBy = "Opératrice",
        PreparedAt = At,
    };
}
