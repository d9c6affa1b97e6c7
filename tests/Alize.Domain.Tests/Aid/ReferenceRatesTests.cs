using Alize.Domain.Aid;

namespace Alize.Domain.Tests.Aid;

[Trait("Rule", "R7")]
public class ReferenceRatesTests
{
    [Theory]
    [InlineData("2006-08-31", null)]
    [InlineData("2006-09-01", 8.36)]
    [InlineData("2008-06-30", 8.36)]
    [InlineData("2008-07-01", 8.59)]
    [InlineData("2010-03-31", 5.77)]
    [InlineData("2010-04-01", 5.24)]
    public void The_rate_is_the_one_in_force_on_the_grant_date(string grantedOn, double? percent) =>
        Assert.Equal((decimal?)percent / 100, ReferenceRates.On(ReferenceRates.KnownFrench, DateOnly.Parse(grantedOn)));

    [Theory]
    [InlineData("2005-01-01", "base-rate-missing")]
    [InlineData("2010-12-31", "")]
    [InlineData("2011-04-01", "base-rate-too-old")]
    [InlineData("2026-06-01", "base-rate-too-old")]
    public void A_table_nobody_kept_is_not_trusted(string grantedOn, string reason) =>
        Assert.Equal(reason, string.Concat(ReferenceRates.Refusals(ReferenceRates.KnownFrench, DateOnly.Parse(grantedOn)).Select(refusal => refusal.Reason)));
}
