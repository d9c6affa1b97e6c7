using Alize.Domain.Aid;

namespace Alize.Domain.Tests.Aid;

[Trait("Rule", "R6")]
public class RepayableAdvanceTests
{
    [Theory]
    [InlineData(36, 6, "")]
    [InlineData(1, 0, "")]
    [InlineData(37, 0, "advance-too-long")]
    [InlineData(0, 0, "advance-without-duration")]
    [InlineData(36, 7, "deferral-out-of-range")]
    [InlineData(36, -1, "deferral-out-of-range")]
    [InlineData(6, 6, "no-time-to-repay")]
    [InlineData(int.MaxValue, int.MinValue, "advance-too-long deferral-out-of-range")]
    public void At_most_36_months_with_a_deferral_of_0_to_6(int months, int deferral, string reasons) =>
        Assert.Equal(reasons, string.Join(' ', new RepayableAdvance(Money.Euros(1_000), months, deferral).Refusals().Select(refusal => refusal.Reason)));

    [Theory]
    [InlineData(36, 6, true, RepaymentPeriod.Monthly, 30)]
    [InlineData(36, 6, false, RepaymentPeriod.Monthly, 36)]
    [InlineData(24, 3, true, RepaymentPeriod.Monthly, 21)]
    [InlineData(36, 6, true, RepaymentPeriod.Quarterly, 10)]
    [InlineData(36, 6, false, RepaymentPeriod.Quarterly, 12)]
    [InlineData(36, 4, true, RepaymentPeriod.Quarterly, 10)]  // two months left unused
    [InlineData(6, 6, false, RepaymentPeriod.Monthly, 6)]
    public void The_deferral_counts_inside_or_outside_the_duration(int months, int deferral, bool inside, RepaymentPeriod period, int count)
    {
        var advance = new RepayableAdvance(Money.Euros(1_000), months, deferral, inside, period);
        Assert.Equal(count, advance.InstallmentCount);
        Assert.Empty(advance.Refusals());
    }

    [Fact]
    public void The_amount_is_more_than_zero()
    {
        Assert.Equal("advance-not-positive", new RepayableAdvance(Money.Zero, 36, 0).Refusals().Single().Reason);
        Assert.Equal("advance-not-positive", new RepayableAdvance(Money.Euros(-5), 36, 0).Refusals().Single().Reason);
    }

    [Theory]
    [InlineData(18)]  // 35 instalments of nothing
    [InlineData(54)]  // 35 of two cents are more than it all
    public void No_instalment_is_zero_or_negative(long cents) =>
        Assert.Equal("advance-too-small", new RepayableAdvance(new Money(cents), 36, 0).Refusals().Single().Reason);
}
