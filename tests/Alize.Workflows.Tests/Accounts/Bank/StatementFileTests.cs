using System.Text;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Workflows.Accounts.Bank;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Alize.Workflows.Tests.Accounts.Bank;

[Trait("Rule", "R19")]
public sealed class StatementFileTests
{
    private static readonly DateOnly From = new(2026, 2, 27);
    private static readonly DateOnly To = new(2026, 3, 2);

    private static readonly MadeLine[] Three =
    [
        new(new(2026, 3, 2), new(83_333), "TOURNERIE DES AULNES", "VIR SEPA AV-2026-003 ECHEANCE 4", BankReference: "REF0001"),
        new(new(2026, 3, 2), new(-3_000_000), "Mécanique du Lac", "VIR EMIS", new string('A', 32), "REF0002"),
        new(new(2026, 2, 28), new(-1_250), "", "FRAIS DE TENUE DE COMPTE"),
    ];

    public static Arbitrary<MadeLine[]> Lines => (
        from count in Gen.Choose(0, 12)
        from lines in Gen.ArrayOf(
            from cents in Gen.OneOf(Gen.Choose(1, 9_999_999), Gen.Choose(-9_999_999, -1))
            from day in Gen.Choose(0, 3)
            from party in Gen.Elements("", "Tournerie des Aulnes", "SARL Béton & Fils", "Scierie du Lac")
            from text in Gen.Elements("VIR SEPA AV-2026-003", "FRAIS", "PRLV 'EDF'", "Échéance no 4")
            from reference in Gen.Elements("", "AV-2026-003", "0123456789ABCDEF0123456789ABCDEF")
            select new MadeLine(From.AddDays(day), new(cents), party, text, reference, $"B{cents & 0xFFFF}"), count)
        select lines).ToArbitrary();

    [Theory]
    [InlineData("02")]
    [InlineData("08")]
    public void A_camt_statement_is_read_in_both_generations(string version)
    {
        var statement = Read(MadeStatements.Camt(MadeStatements.AdvancesIban, "2026-12", From, To, Money.Euros(50_000), Three, version));

        Assert.Equal((StatementFormat.Camt053, "2026-12", MadeStatements.AdvancesIban), (statement.Format, statement.Number, statement.Account));
        Assert.Equal((Money.Euros(50_000), new Money(2_082_083)), (statement.Opening, statement.Closing));
        Assert.Equal(Three.Select(Told), statement.Lines.Select(Told));
    }

    [Fact]
    public void A_CFONB_statement_is_read_with_its_complements()
    {
        var statement = Read(MadeStatements.Cfonb(MadeStatements.AdvancesIban, From, To, Money.Euros(50_000), Three));

        Assert.True(statement.IsOf(MadeStatements.AdvancesIban));
        Assert.False(statement.IsOf(MadeStatements.CostsIban));
        Assert.Equal((From, To, new Money(2_082_083)), (statement.From, statement.To, statement.Closing));
        Assert.Equal(Three.Select(Told), statement.Lines.Select(Told));
        Assert.Equal([2, 4, 7], statement.Lines.Select(l => l.Row));
    }

    [Theory]
    [InlineData(0, "0000000000000{")]
    [InlineData(1_234, "0000000000123D")]
    [InlineData(-1_234, "0000000000123M")]
    [InlineData(-10, "0000000000001}")]
    [InlineData(9, "0000000000000I")]
    [InlineData(-9, "0000000000000R")]
    public void An_amount_carries_its_sign_in_its_last_character(long cents, string written) => Assert.Equal(written, Cfonb120.Amount(new(cents)));

    [Property(Arbitrary = [typeof(StatementFileTests)], MaxTest = 60)]
    public void What_a_bank_writes_in_either_format_is_read_as_it_was(MadeLine[] lines)
    {
        var cfonb = Read(MadeStatements.Cfonb(MadeStatements.CostsIban, From, To, new(-77), lines));
        var camt = Read(MadeStatements.Camt(MadeStatements.CostsIban, "S1", From, To, new(-77), lines));

        Assert.Equal(lines.Select(Told), cfonb.Lines.Select(Told));
        Assert.Equal(lines.Select(Told), camt.Lines.Select(Told));
        Assert.Equal((camt.Opening, camt.Closing), (cfonb.Opening, cfonb.Closing));
    }

    [Property(Arbitrary = [typeof(StatementFileTests)], MaxTest = 400)]
    public void No_damage_of_one_byte_changes_an_amount_or_a_balance_unseen(MadeLine[] lines, PositiveInt place, byte value)
    {
        var whole = MadeStatements.Cfonb(MadeStatements.AdvancesIban, From, To, Money.Euros(1_000), lines);
        var damaged = whole.ToArray();
        damaged[place.Get % damaged.Length] = value;

        AssertSameAmountsOrRefused(whole, damaged);
    }

    [Fact]
    public void No_single_byte_of_an_amount_or_a_balance_can_be_another()
    {
        var whole = MadeStatements.Cfonb(MadeStatements.AdvancesIban, From, To, Money.Euros(1_000), Three);
        var refused = 0;
        foreach (var row in Enumerable.Range(0, whole.Length / 122).Where(r => whole[(r * 122) + 1] is (byte)'1' or (byte)'4' or (byte)'7'))
        {
            foreach (var column in Enumerable.Range(90, 14))
            {
                foreach (var value in Enumerable.Range(0, 256).Select(v => (byte)v).Where(v => v != whole[(row * 122) + column]))
                {
                    var damaged = whole.ToArray();
                    damaged[(row * 122) + column] = value;
                    var (read, problem) = StatementFile.Read(damaged);
                    Assert.Empty(read);
                    Assert.Contains("Rien n’a été importé", problem!.Sentence, StringComparison.Ordinal);
                    refused++;
                }
            }
        }

        Assert.Equal(5 * 14 * 255, refused);
    }

    [Fact]
    public void A_CFONB_file_with_a_wrong_balance_says_by_how_much()
    {
        var problem = Refused(MadeStatements.Cfonb(MadeStatements.AdvancesIban, From, To, Money.Euros(50_000), Three, closing: new(2_082_084)));

        Assert.Contains("Ligne 8", problem, StringComparison.Ordinal);
        Assert.Contains("0,01\u00A0€ d’écart", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cut_at_any_line_is_refused()
    {
        var rows = Encoding.Latin1.GetString(MadeStatements.Cfonb(MadeStatements.AdvancesIban, From, To, Money.Euros(50_000), Three)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        foreach (var kept in Enumerable.Range(1, rows.Length - 1))
            Assert.Contains("coupé", Refused(Encoding.Latin1.GetBytes(string.Join("\r\n", rows.Take(kept)))), StringComparison.Ordinal);
    }

    [Fact]
    public void Several_accounts_in_one_file_are_several_statements()
    {
        byte[] both =
        [
            .. MadeStatements.Cfonb(MadeStatements.AdvancesIban, From, To, Money.Zero, Three),
            .. MadeStatements.Cfonb(MadeStatements.CostsIban, From, To, Money.Euros(10), []),
        ];

        var (statements, problem) = StatementFile.Read(both);

        Assert.Null(problem);
        Assert.Equal([3, 0], statements.Select(s => s.Lines.Count));
    }

    [Fact]
    public void An_operation_of_another_account_inside_a_statement_is_refused()
    {
        var rows = Encoding.Latin1.GetString(MadeStatements.Cfonb(MadeStatements.AdvancesIban, From, To, Money.Euros(50_000), Three));
        var at = rows.IndexOf("\r\n04", StringComparison.Ordinal) + 4;

        Assert.Contains("compte", Refused(Encoding.Latin1.GetBytes(rows[..at] + "99999" + rows[(at + 5)..])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<!DOCTYPE Document>", "DOCTYPE")]
    [InlineData("<!DOCTYPE Document [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>", "DOCTYPE")]
    [InlineData("<!DOCTYPE Document SYSTEM \"http://example.org/x.dtd\">", "DOCTYPE")]
    public void A_document_type_is_refused_before_anything_is_read(string doctype, string says)
    {
        var file = MadeStatements.Camt(MadeStatements.AdvancesIban, "1", From, To, Money.Zero, Three).Replace("?>\n", $"?>\n{doctype}", StringComparison.Ordinal);

        Assert.Contains(says, Refused(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("camt.053.001.08", "camt.054.001.08", "camt.054")]
    [InlineData("camt.053.001.08", "pain.001.001.09", "pain.001")]
    [InlineData("urn:iso:std:iso:20022:tech:xsd:camt.053.001.08", "urn:somebody", "espace de noms")]
    [InlineData("</Stmt>", "", "mal formé")]
    [InlineData("<Ntry>", "<Ntry xmlns=\"urn:other\">", "n’appartient pas")]
    [InlineData("Ccy=\"EUR\"", "Ccy=\"USD\"", "USD")]
    [InlineData("833.33", "833.333", "833.333")]
    [InlineData("833.33", "-833.33", "-833.33")]
    [InlineData("833.33", "833.34", "écart")]
    [InlineData("<Cd>CLBD</Cd>", "<Cd>ITBD</Cd>", "CLBD")]
    [InlineData("<Cd>OPBD</Cd>", "<Cd>CLBD</Cd>", "OPBD")]
    [InlineData("<CdtDbtInd>CRDT</CdtDbtInd><Sts>", "<CdtDbtInd>MAYBE</CdtDbtInd><Sts>", "MAYBE")]
    [InlineData("<BookgDt><Dt>2026-03-02</Dt></BookgDt>", "<BookgDt><Dt>2026-02-30</Dt></BookgDt>", "2026-02-30")]
    [InlineData("<Cd>BOOK</Cd>", "<Cd>ROOK</Cd>", "ROOK")]
    [InlineData("<Id>1</Id>", "", "manque dans")]
    [InlineData("FR1420041010050500013M02606", "FR1420041010050500013M02607", "IBAN")]
    public void A_camt_file_that_is_not_as_the_standard_says_is_refused_whole(string found, string put, string says)
    {
        var file = MadeStatements.Camt(MadeStatements.AdvancesIban, "1", From, To, Money.Zero, Three);
        Assert.Contains(found, file, StringComparison.Ordinal);

        Assert.Contains(says, Refused(file.Replace(found, put, StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_is_refused() =>
        Assert.Contains("niveaux", Refused(string.Concat(Enumerable.Repeat("<a>", 5_000)) + string.Concat(Enumerable.Repeat("</a>", 5_000))), StringComparison.Ordinal);

    [Fact]
    public void A_pending_operation_is_in_no_balance_and_no_line()
    {
        var file = MadeStatements.Camt(MadeStatements.AdvancesIban, "1", From, To, Money.Zero, [Three[0]]);
        var pending = file[file.IndexOf("<Ntry>", StringComparison.Ordinal)..(file.IndexOf("</Ntry>", StringComparison.Ordinal) + 7)].Replace("BOOK", "PDNG", StringComparison.Ordinal);

        Assert.Single(Read(file.Replace("</Stmt>", pending + "</Stmt>", StringComparison.Ordinal)).Lines);
    }

    [Fact]
    public void A_gathered_entry_gives_a_line_for_each_of_its_transfers()
    {
        var file = MadeStatements.Camt(MadeStatements.AdvancesIban, "1", From, To, Money.Zero, [Three[0]])
            .Replace("</TxDtls>", "<Amt Ccy=\"EUR\">800.00</Amt></TxDtls><TxDtls><Amt Ccy=\"EUR\">33.33</Amt></TxDtls>", StringComparison.Ordinal);

        Assert.Equal([new Money(80_000), new Money(3_333)], Read(file).Lines.Select(l => l.Amount));
        Assert.Contains("détails", Refused(file.Replace("800.00", "800.01", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("%PDF-1.7 …", "PDF")]
    [InlineData("PK\u0003\u0004", "archive")]
    [InlineData("Date;Libellé;Montant", "CFONB 120")]
    [InlineData("", "vide")]
    public void A_file_of_another_kind_says_what_to_fetch(string content, string says) => Assert.Contains(says, Refused(content), StringComparison.Ordinal);

    [Fact]
    public void UTF_16_is_read_and_Latin_accents_too()
    {
        var file = MadeStatements.Camt(MadeStatements.AdvancesIban, "1", From, To, Money.Zero, Three);
        var (utf16, _) = StatementFile.Read([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(file.Replace("UTF-8", "UTF-16", StringComparison.Ordinal))]);
        var (latin, _) = StatementFile.Read(Encoding.Latin1.GetBytes(file.Replace("UTF-8", "ISO-8859-1", StringComparison.Ordinal)));

        Assert.Equal("Mécanique du Lac", utf16.Single().Lines[1].Counterparty);
        Assert.Equal("Mécanique du Lac", latin.Single().Lines[1].Counterparty);
    }

    private static void AssertSameAmountsOrRefused(byte[] whole, byte[] damaged)
    {
        var (read, problem) = StatementFile.Read(damaged);
        if (problem is not null)
        {
            Assert.Empty(read);
            return;
        }

        var (before, after) = (StatementFile.Read(whole).Statements.Single(), read.Single());
        Assert.Equal((before.Opening, before.Closing), (after.Opening, after.Closing));
        Assert.Equal(before.Lines.Select(l => l.Amount), after.Lines.Select(l => l.Amount));
    }

    private static object Told(MadeLine line) => (line.On, line.Amount, line.Party, line.Text, line.EndToEndId, line.BankReference);

    private static object Told(LineRead line) => (line.BookedOn, line.Amount, line.Counterparty, line.Text, line.EndToEndId, line.BankReference);

    private static StatementRead Read(string xml) => Read(Encoding.UTF8.GetBytes(xml));

    private static StatementRead Read(byte[] content)
    {
        var (statements, problem) = StatementFile.Read(content);
        Assert.Null(problem?.Sentence);
        return statements.Single();
    }

    private static string Refused(string text) => Refused(Encoding.UTF8.GetBytes(text));

    private static string Refused(byte[] content)
    {
        var (statements, problem) = StatementFile.Read(content);
        Assert.Empty(statements);
        return problem!.Sentence;
    }
}
