using Alize.Domain.Accounts;

namespace Alize.Domain.Tests.Accounts;

[Trait("Rule", "R10")]
public class CdcCeilingTests
{
    [Theory]
    [InlineData(200_000_00, true, 50_000_00)]     // 50 of 250 is 20 % exactly
    [InlineData(200_000_00, false, 40_000_00)]
    [InlineData(180_000_03, true, 45_000_00)]     // rounded down: a cent more would pass the limit
    [InlineData(0, true, 0)]
    public void It_may_give_20_percent_of_the_total(long others, bool countsOwn, long highest)
    {
        Assert.Equal(new Money(highest), CdcCeiling.Highest(new(others), countsOwn));
        Assert.Empty(CdcCeiling.Refusals(new(highest), new(others), countsOwn));
        Assert.Single(CdcCeiling.Refusals(new(highest + 1), new(others), countsOwn));
    }

    [Fact]
    public void A_cent_too_much_is_refused_with_the_figure_that_would_pass() =>
        Assert.Contains("50 000,00 € au plus".Replace(" 0", "\u202F0").Replace(" €", "\u00A0€"), Assert.Single(CdcCeiling.Refusals(new(50_000_01), Money.Euros(200_000), true)).ToString(), StringComparison.Ordinal);
}

public class OperatingCostsTests
{
    [Theory]
    [Trait("Rule", "R12")]
    [InlineData(6_000, 0, 0, 0)]
    [InlineData(6_001, 0, 0, 1)]
    [InlineData(1, 6_000, 6_000, 1)]
    [InlineData(6_000, 0, 18_000, 1)]      // a fourth calendar year
    [InlineData(6_000, 0, 12_000, 0)]
    [InlineData(1, 6_000, 18_000, 2)]
    public void ASTREES_gets_6_000_a_calendar_year_and_18_000_in_all(int amount, int inYear, int inAll, int refusals) =>
        Assert.Equal(refusals, OperatingCosts.Refusals(LedgerAccount.NetworkContribution, Money.Euros(amount), Money.Euros(inYear), Money.Euros(inAll), 2026).Count());

    [Theory]
    [Trait("Rule", "R12")]
    [InlineData(0, 0, 6_000)]
    [InlineData(2_000, 8_000, 4_000)]
    [InlineData(0, 15_000, 3_000)]
    [InlineData(0, 18_000, 0)]      // a fourth calendar year
    public void What_ASTREES_is_still_to_get_is_the_least_of_what_both_ceilings_leave(int inYear, int inAll, int due) =>
        Assert.Equal(Money.Euros(due), OperatingCosts.NetworkDue(Money.Euros(inYear), Money.Euros(inAll)));

    [Theory]
    [Trait("Rule", "R13")]
    [InlineData(10_000, 0, true)]
    [InlineData(10_001, 0, false)]
    [InlineData(1, 10_000, false)]
    public void The_operators_fee_is_10_000_a_year_at_most(int amount, int inYear, bool passes) =>
        Assert.Equal(passes, !OperatingCosts.Refusals(LedgerAccount.OperatorFee, Money.Euros(amount), Money.Euros(inYear), Money.Euros(inYear), 2026).Any());

    [Fact]
    public void Other_costs_have_no_ceiling() =>
        Assert.Empty(OperatingCosts.Refusals(LedgerAccount.Communication, Money.Euros(1_000_000), Money.Zero, Money.Zero, 2026));
}
