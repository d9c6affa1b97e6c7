using Alize.Domain.Repayment;

namespace Alize.Domain.Tests.Repayment;

[Trait("Rule", "R6")]
public class ArrearsTests
{
    [Theory]
    [InlineData(-5, ArrearsAge.None)]
    [InlineData(0, ArrearsAge.None)]
    [InlineData(1, ArrearsAge.UpTo30Days)]
    [InlineData(30, ArrearsAge.UpTo30Days)]
    [InlineData(31, ArrearsAge.UpTo60Days)]
    [InlineData(60, ArrearsAge.UpTo60Days)]
    [InlineData(61, ArrearsAge.UpTo90Days)]
    [InlineData(90, ArrearsAge.UpTo90Days)]
    [InlineData(91, ArrearsAge.Over90Days)]
    public void Arrears_are_sorted_by_age(int days, ArrearsAge age)
    {
        var collectOn = new DateOnly(2026, 1, 30);
        Assert.Equal(age, Arrears.Age(collectOn, collectOn.AddDays(days)));
    }

    [Fact]
    public void Arrears_add_up_what_is_overdue_and_nothing_else()
    {
        var today = new DateOnly(2026, 6, 30);
        var arrears = Arrears.ByAge(
            [
                (today.AddDays(10), Money.Euros(1)), (today, Money.Euros(2)), (today.AddDays(-1), Money.Euros(4)),
                (today.AddDays(-30), Money.Euros(8)), (today.AddDays(-45), Money.Euros(16)), (today.AddDays(-90), Money.Euros(32)), (today.AddDays(-400), Money.Euros(64)),
            ],
            today);
        Assert.Equal(new Arrears(Money.Euros(12), Money.Euros(16), Money.Euros(32), Money.Euros(64)), arrears);
        Assert.Equal(Money.Euros(124), arrears.Total);
    }
}
