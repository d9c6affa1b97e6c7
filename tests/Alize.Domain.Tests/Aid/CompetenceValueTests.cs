using Alize.Domain.Aid;

namespace Alize.Domain.Tests.Aid;

[Trait("Rule", "R11")]
public class CompetenceValueTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 350)]
    [InlineData(2, 700)]
    [InlineData(15, 5_250)]
    public void A_day_of_competences_is_worth_700_euros(int halfDays, int euros) =>
        Assert.Equal(Money.Euros(euros), CompetenceValue.Of(halfDays));

    [Fact]
    public void Time_keeps_the_rate_of_its_day()
    {
        CompetenceDayRate[] rates = [new(new DateOnly(2026, 1, 1), Money.Euros(800)), new(new DateOnly(2025, 1, 1), Money.Euros(750))];
        Assert.Equal(Money.Euros(700), CompetenceValue.RateOn(rates, new DateOnly(2024, 12, 31)));
        Assert.Equal(Money.Euros(750), CompetenceValue.RateOn(rates, new DateOnly(2025, 12, 31)));
        Assert.Equal(Money.Euros(800), CompetenceValue.RateOn(rates, new DateOnly(2026, 1, 1)));
        Assert.Equal(
            Money.Euros(700 + 375 + 1_200),
            CompetenceValue.Of([(new DateOnly(2024, 5, 2), 2), (new DateOnly(2025, 5, 2), 1), (new DateOnly(2026, 5, 4), 3)], rates));
    }

    [Fact]
    public void Half_a_cent_goes_to_the_even_cent_once_for_each_rate()
    {
        Assert.Equal(new Money(100), CompetenceValue.Of(1, new Money(201)));
        Assert.Equal(new Money(102), CompetenceValue.Of(1, new Money(203)));
        CompetenceDayRate[] rates = [new(new DateOnly(2025, 1, 1), new Money(201))];
        Assert.Equal(new Money(201), CompetenceValue.Of([(new DateOnly(2025, 5, 2), 1), (new DateOnly(2025, 5, 5), 1)], rates));
    }

    [Fact]
    public void Negative_time_is_a_bug() => Assert.Throws<ArgumentOutOfRangeException>(() => CompetenceValue.Of(-1));
}
