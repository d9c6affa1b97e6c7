using Alize.Domain.Accounts;

namespace Alize.Domain.Tests.Accounts;

[Trait("Rule", "R19")]
public sealed class BankLineMatchingTests
{
    private const string Iban = "FR1420041010050500013M02606";

    private static readonly Counterpart Turnery = Advance("AV-2026-003", "Tournerie des Aulnes", Iban);
    private static readonly Counterpart Cannery = Advance("AV-2026-004", "Conserverie du Pré-Haut");

    private static readonly Counterpart Order = new(
        CounterpartKind.Transfer, Guid.Parse("00000000-0000-0000-0000-0000000000aa"), FundAccount.Advances, "Virement AV-2026-005", "AV-2026-005", "Scierie du Lac", "",
        new string('A', 32), [new(Money.Euros(15_000), "l’ordre")], Money.Euros(15_000));

    [Theory]
    [InlineData("VIR SEPA AV-2026-003")]
    [InlineData("AV 2026 003 16/10")]
    [InlineData("Remb. av2026003 tournerie")]
    public void A_reference_is_found_however_it_is_punctuated(string text)
    {
        var found = For(Line(83_333, text));
        Assert.Equal(Turnery.TargetId, found[0].Counterpart.TargetId);
        Assert.Contains(found[0].Reasons, r => r.StartsWith("la référence AV-2026-003", StringComparison.Ordinal));
        Assert.True(found[0].IsSure);
    }

    [Fact]
    public void A_reference_that_goes_on_with_a_digit_is_another() => Assert.DoesNotContain(For(Line(999, "AV-2026-0031")), s => s.Score >= 60);

    [Fact]
    public void An_amount_alone_is_proposed_and_not_sure()
    {
        var found = For(Line(83_333, "VIREMENT RECU"));
        Assert.Equal(2, found.Count);
        Assert.All(found, s => Assert.False(s.IsSure));
        Assert.Equal(["le montant est celui de l’échéance 4"], found[0].Reasons);
    }

    [Fact]
    public void The_account_number_and_the_amount_of_a_known_name_are_sure()
    {
        var found = For(Line(83_333, "VIREMENT", "STE TOURNERIE AULNES", Iban));
        Assert.True(found[0].IsSure);
        Assert.Equal(80, found[0].Score);
    }

    [Fact]
    public void More_than_is_owed_is_proposed_and_left_to_the_operator()
    {
        var found = For(Line(9_900_000, "AV-2026-003 tournerie des aulnes"));
        Assert.Equal(Turnery.TargetId, found[0].Counterpart.TargetId);
        Assert.False(found[0].IsSure);
        Assert.Contains(found[0].Reasons, r => r.StartsWith("mais le montant dépasse", StringComparison.Ordinal));
    }

    [Fact]
    public void A_part_of_what_is_owed_with_reference_and_name_is_sure() => Assert.True(For(Line(10_000, "AV-2026-003", "Tournerie des Aulnes"))[0].IsSure);

    [Fact]
    public void A_transfer_is_known_by_the_reference_it_was_sent_with()
    {
        Assert.True(For(Line(-1_500_000, "VIR EMIS", endToEnd: new string('A', 32)))[0].IsSure);
        Assert.False(For(Line(-1_499_999, "VIR EMIS", endToEnd: new string('A', 32)))[0].IsSure);
    }

    [Fact]
    public void Money_received_is_no_transfer_and_money_paid_no_repayment()
    {
        Assert.Empty(For(Line(1_500_000, "VIR", endToEnd: new string('A', 32))));
        Assert.Empty(For(Line(-83_333, "AV-2026-003 TOURNERIE DES AULNES")));
    }

    [Fact]
    [Trait("Rule", "R9")]
    public void A_line_of_the_operating_account_is_no_repayment() => Assert.Empty(For(Line(83_333, "AV-2026-003", account: FundAccount.OperatingCosts)));

    [Fact]
    public void Two_advances_named_on_one_line_are_not_sure()
    {
        var found = For(Line(166_666, "AV-2026-003 ET AV-2026-004"));
        Assert.Equal(2, found.Count);
        Assert.All(found, s => Assert.False(s.IsSure));
    }

    [Fact]
    public void What_is_matched_already_is_proposed_nothing()
    {
        var line = Line(83_333, "AV-2026-003");
        line.Match(new(83_333));
        Assert.Empty(For(line));
        Assert.Throws<ArgumentOutOfRangeException>(() => line.Match(new(1)));
        line.Unmatch(new(83_333));
        Assert.NotEmpty(For(line));
    }

    [Fact]
    public void The_order_of_the_counterparts_changes_nothing()
    {
        var line = Line(83_333, "VIREMENT");
        Assert.Equal(
            new BankLineMatching([Turnery, Cannery, Order]).For(line).Select(s => (s.Counterpart.TargetId, s.Score)),
            new BankLineMatching([Order, Cannery, Turnery]).For(line).Select(s => (s.Counterpart.TargetId, s.Score)));
    }

    private static IReadOnlyList<MatchSuggestion> For(BankLine line) => new BankLineMatching([Turnery, Cannery, Order]).For(line);

    private static Counterpart Advance(string reference, string party, string iban = "") => new(
        CounterpartKind.Repayment, Guid.CreateVersion7(), FundAccount.Advances, $"Avance {reference}", reference, party, iban, "",
        [new(new(83_333), "l’échéance 4"), new(new(166_666), "deux échéances")], Money.Euros(20_000));

    private static BankLine Line(long cents, string text, string party = "", string iban = "", string endToEnd = "", FundAccount account = FundAccount.Advances) => new()
    {
        Id = Guid.NewGuid(),
        ProgrammeId = Guid.Empty,
        StatementId = Guid.Empty,
        Account = account,
        Number = 1,
        Identity = "",
        BookedOn = new(2026, 3, 2),
        ValueOn = new(2026, 3, 2),
        Amount = new(cents),
        Counterparty = party,
        CounterpartyIban = iban,
        Text = text,
        EndToEndId = endToEnd,
    };
}
