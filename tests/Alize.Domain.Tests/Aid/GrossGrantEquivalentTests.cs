using Alize.Domain.Aid;

namespace Alize.Domain.Tests.Aid;

[Trait("Rule", "R7")]
public class GrossGrantEquivalentTests
{
    [Theory]
    [InlineData(30_000, 36, 6, "2008-07-01", 4_072_25, RateConversion.AnnualEquivalent)]
    [InlineData(30_000, 36, 6, "2008-07-01", 4_216_20, RateConversion.Nominal)]
    [InlineData(15_000, 24, 3, "2009-09-01", 944_62, RateConversion.AnnualEquivalent)]
    [InlineData(15_000, 24, 3, "2009-09-01", 968_33, RateConversion.Nominal)]
    public void The_interest_not_charged_is_discounted_at_the_reference_rate(
        int euros, int months, int deferral, string grantedOn, long cents, RateConversion conversion)
    {
        var rate = ReferenceRates.On(ReferenceRates.KnownFrench, DateOnly.Parse(grantedOn));
        var advance = new RepayableAdvance(Money.Euros(euros), months, deferral);
        Assert.Equal(new Money(cents), GrossGrantEquivalent.Of(advance, rate ?? 0, conversion));
    }

    [Fact]
    public void At_a_reference_rate_of_zero_an_advance_at_zero_is_no_aid()
    {
        Assert.Equal(Money.Zero, GrossGrantEquivalent.Of(new RepayableAdvance(new Money(1_234_567), 36, 5), 0m));
        Assert.Equal(Money.Zero, GrossGrantEquivalent.Of(new RepayableAdvance(new Money(1_234_567), 36, 5), 0m, RateConversion.Nominal));
    }

    [Fact]
    public void One_repayment_after_a_year_is_discounted_by_the_yearly_rate() =>
        Assert.Equal(Money.Euros(100), GrossGrantEquivalent.Of(Money.Euros(1_100), [(12, Money.Euros(1_100))], 0.10m));

    [Fact]
    public void A_longer_deferral_is_more_aid_and_a_quarter_later_too()
    {
        var grants = Enumerable.Range(0, 7)
            .Select(deferral => GrossGrantEquivalent.Of(new RepayableAdvance(Money.Euros(20_000), 30, deferral, DeferralCountsInside: false), 0.0577m)).ToList();
        Assert.Equal(grants.Order(), grants);
        Assert.Equal(7, grants.Distinct().Count());
        var quarterly = new RepayableAdvance(Money.Euros(20_000), 30, 0, Period: RepaymentPeriod.Quarterly);
        Assert.True(GrossGrantEquivalent.Of(quarterly, 0.0577m) > grants[0]);
    }
}
