using Alize.Domain.Aid;

namespace Alize.Domain.Tests.Aid;

[Trait("Rule", "R7")]
public class DeMinimisTests
{
    private static readonly DeMinimisGrant[] Grants =
    [
        new(new DateOnly(2022, 3, 15), Money.Euros(120_000)),
        new(new DateOnly(2023, 6, 1), Money.Euros(100_000)),
    ];

    [Theory]
    [InlineData("2025-03-15", 80_000, false)]
    [InlineData("2025-03-16", 200_000, true)]
    [InlineData("2026-06-01", 200_000, true)]
    [InlineData("2026-06-02", 300_000, true)]
    public void Since_2024_three_years_roll_day_by_day(string grantedOn, int room, bool accepted)
    {
        var position = DeMinimis.PositionOn(DateOnly.Parse(grantedOn), Grants);
        Assert.Equal(Money.Euros(room), position.Room);
        Assert.Equal(accepted, !position.Refusals(Money.Euros(90_000)).Any());
    }

    [Theory]
    [InlineData("2023-12-31", "2021-01-01", 200_000)]
    [InlineData("2024-01-01", "2021-01-01", 300_000)]
    [InlineData("2008-05-15", "2006-01-01", 200_000)]
    [InlineData("2028-02-29", "2025-02-28", 300_000)]
    public void The_regulation_is_the_one_of_the_grant_date(string grantedOn, string from, int ceiling)
    {
        var position = DeMinimis.PositionOn(DateOnly.Parse(grantedOn), []);
        Assert.Equal(DateOnly.Parse(from), position.From);
        Assert.Equal(Money.Euros(ceiling), position.Ceiling);
    }

    [Theory]
    [InlineData("2010-06-30", 6, 30, "2007-07-01")]
    [InlineData("2010-07-01", 6, 30, "2008-07-01")]
    [InlineData("2010-03-01", 2, 31, "2008-03-01")]
    [InlineData("2008-02-29", 2, 31, "2005-03-01")]
    public void Before_2024_the_fiscal_year_and_the_two_before_it_count(string grantedOn, int month, int day, string from) =>
        Assert.Equal(DateOnly.Parse(from), DeMinimis.CountedFrom(DateOnly.Parse(grantedOn), new FiscalYearEnd(month, day)));

    [Fact]
    public void Before_2024_the_ceiling_is_200_000()
    {
        var position = DeMinimis.PositionOn(new DateOnly(2023, 7, 1), Grants);
        Assert.Equal(Money.Zero, position.Room);
        Assert.Equal(["de-minimis-exceeded"], position.Refusals(new Money(1)).Select(refusal => refusal.Reason));
        Assert.Empty(position.Refusals(Money.Zero));
    }

    [Fact]
    public void Aid_granted_later_does_not_count_and_aid_of_the_same_day_does()
    {
        Assert.Equal(Money.Euros(180_000), DeMinimis.PositionOn(new DateOnly(2024, 1, 1), [Grants[0], new(new DateOnly(2024, 1, 2), Money.Euros(9))]).Room);
        Assert.Equal(Money.Euros(299_991), DeMinimis.PositionOn(new DateOnly(2024, 1, 1), [new(new DateOnly(2024, 1, 1), Money.Euros(9))]).Room);
    }

    [Fact]
    public void Competence_days_are_counted_or_not_and_both_totals_are_kept()
    {
        DeMinimisGrant[] grants = [new(new DateOnly(2025, 1, 6), Money.Euros(4_000), Competences: Money.Euros(7_000))];
        var counted = DeMinimis.PositionOn(new DateOnly(2026, 1, 6), grants);
        var notCounted = DeMinimis.PositionOn(new DateOnly(2026, 1, 6), grants, competencesCount: false);
        Assert.Equal(Money.Euros(289_000), counted.Room);
        Assert.Equal(Money.Euros(296_000), notCounted.Room);
        Assert.Equal(Money.Euros(7_000), notCounted.GrantedCompetences);
    }
}
