using Alize.Domain.Accounts;

namespace Alize.Domain.Tests.Accounts;

[Trait("Rule", "R19")]
public class JournalEntryTests
{
    private static readonly Guid Programme = Guid.Parse("0198a000-0000-7000-8000-000000000001");
    private static readonly Guid Funder = Guid.Parse("0198a000-0000-7000-8000-000000000002");
    private static readonly DateOnly Day = new(2026, 3, 2);
    private static readonly DateTime At = new(2026, 3, 2, 8, 0, 0, DateTimeKind.Utc);
    private static readonly EntrySource Statement = new(SourceKind.BankLine, null, "VIR-1");

    private static JournalEntry Entry(params Posting[] postings) => JournalEntry.Of(
        new(MovementKind.EndowmentReceived, FundAccount.Advances, "k", "Dotation", Day, Statement, null, postings), Id(9), Programme, "Camille", At);

    private static Guid Id(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    [Fact]
    public void Debits_equal_credits_in_euros_and_in_half_days()
    {
        var spent = JournalEntry.Of(
            Movements.SpentDays("s", "Qualité", Funder, Programme, 3, Money.Euros(1_050), 2, Money.Euros(700), Day, Statement), Id(1), Programme, "Karim", At);

        Assert.True(spent.IsBalanced);
        Assert.Equal(5, spent.Lines.Sum(l => l.DebitHalfDays));
        Assert.Equal(Money.Euros(1_750), spent.Amount);
    }

    [Fact]
    [Trait("Rule", "R9")]
    public void No_account_crosses_into_the_other_books()
    {
        Assert.Throws<ArgumentException>(() => Entry(new Posting(LedgerAccount.Communication, LedgerAccount.Bank, Money.Euros(1), null)));
        Assert.Throws<ArgumentException>(() => JournalEntry.Of(
            Movements.Spent("s", LedgerAccount.AdvancesOutstanding, "Avance", Money.Euros(1), null, Day, Statement), Id(1), Programme, "Camille", At));
    }

    [Fact]
    [Trait("Rule", "R11")]
    public void Days_are_not_booked_as_money_nor_money_as_days()
    {
        Assert.Throws<ArgumentException>(() => Entry(new Posting(LedgerAccount.Bank, LedgerAccount.Endowments, Money.Euros(1), Funder, HalfDays: 1)));
        Assert.Throws<ArgumentException>(() => JournalEntry.Of(
            Movements.PledgedDays("d", Funder, "Verrerie", 0, Money.Euros(700), 2026, Day, Statement), Id(1), Programme, "Camille", At));
    }

    [Fact]
    public void An_entry_without_a_source_or_that_moves_nothing_is_not_written()
    {
        Assert.Throws<ArgumentException>(() => Entry());
        Assert.Throws<ArgumentException>(() => Entry(new Posting(LedgerAccount.Bank, LedgerAccount.Endowments, Money.Zero, Funder)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Entry(new Posting(LedgerAccount.Bank, LedgerAccount.Endowments, Money.Euros(-1), Funder)));
        Assert.ThrowsAny<ArgumentException>(() => JournalEntry.Of(
            Movements.Spent("s", LedgerAccount.Expenses, "Frais", Money.Euros(1), null, Day, new(SourceKind.Document, null, " ")), Id(1), Programme, "Camille", At));
    }

    [Fact]
    public void A_reversing_entry_names_what_it_undoes_and_undoes_all_of_it()
    {
        var entry = Entry(new Posting(LedgerAccount.Bank, LedgerAccount.Endowments, Money.Euros(60), Funder));
        entry.Place(1, 1, "");

        var reversal = entry.Reverse(Id(2), Day.AddDays(1), "mauvais financeur", "Camille", At);

        Assert.Equal(entry.Id, reversal.ReversesId);
        Assert.True(reversal.IsBalanced);
        Assert.All(entry.Lines.Concat(reversal.Lines).GroupBy(l => l.Ledger), g => Assert.Equal(0, g.Sum(l => l.DebitCents - l.CreditCents)));
        Assert.Throws<InvalidOperationException>(() => reversal.Reverse(Id(3), Day, "encore", "Camille", At));
    }

    [Fact]
    public void The_seal_changes_with_whatever_is_changed_and_with_the_entry_before()
    {
        var entry = Entry(new Posting(LedgerAccount.Bank, LedgerAccount.Endowments, Money.Euros(60), Funder));
        entry.Place(1, 1, "");
        var other = Entry(new Posting(LedgerAccount.Bank, LedgerAccount.Endowments, new Money(6_001), Funder));
        other.Place(1, 1, "");

        Assert.Equal(entry.Seal, entry.SealAfter(""));
        Assert.NotEqual(entry.Seal, other.Seal);
        Assert.NotEqual(entry.Seal, entry.SealAfter(other.Seal));
    }

    [Theory]
    [InlineData(31, true)]
    [InlineData(1, false)]   // the first open day
    [Trait("Rule", "R15")]
    public void A_movement_in_a_closed_period_is_refused(int day, bool isRefused)
    {
        DateOnly closed = new(2025, 12, 31);
        var on = isRefused ? new DateOnly(2025, 12, day) : new DateOnly(2026, 1, day);

        Assert.Equal(isRefused, PeriodClosing.Refusals(closed, on).Any());
        Assert.Equal(new DateOnly(2026, 1, 1), PeriodClosing.OpenDay(closed, on));
        Assert.Empty(PeriodClosing.Refusals(null, on));
    }

    [Fact]
    [Trait("Rule", "R9")]
    public void Every_account_has_a_number_of_its_own_and_each_bank_its_own_in_its_books()
    {
        Assert.Equal(Enum.GetValues<LedgerAccount>().Order(), ChartOfAccounts.Lines.Select(l => l.Ledger).Order());
        Assert.Distinct(ChartOfAccounts.Lines.Select(l => l.Number));
        Assert.NotEqual(LedgerAccount.Bank.NumberIn(FundAccount.Advances), LedgerAccount.Bank.NumberIn(FundAccount.OperatingCosts));
        Assert.True(LedgerAccount.AdvancesDecided.Line().IsMemorandum);
        Assert.False(LedgerAccount.AdvancesOutstanding.Line().IsMemorandum);
    }
}
