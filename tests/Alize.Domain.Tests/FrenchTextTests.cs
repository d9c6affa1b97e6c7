namespace Alize.Domain.Tests;

public class FrenchTextTests
{
    [Theory]
    [InlineData("2026-06-03", "3 juin 2026", "03/06/2026", "mercredi 3 juin 2026")]
    [InlineData("2026-08-01", "1er août 2026", "01/08/2026", "samedi 1er août 2026")]
    public void Dates_are_written_in_French(string day, string date, string brief, string withWeekday)
    {
        Assert.Equal(date, FrenchText.Date(DateOnly.Parse(day)));
        Assert.Equal(brief, FrenchText.Short(DateOnly.Parse(day)));
        Assert.Equal(withWeekday, FrenchText.DateWithWeekday(DateOnly.Parse(day)));
    }

    [Theory]
    [InlineData(0, "0 voix")]
    [InlineData(2, "2 voix")]
    public void Some_nouns_do_not_change(int count, string text) => Assert.Equal(text, FrenchText.Plural(count, "voix", "voix"));

    [Theory]
    [InlineData(0, "0 jour")]
    [InlineData(1, "1 jour")]
    [InlineData(2, "2 jours")]
    [InlineData(1234, "1\u202F234 jours")]
    public void The_plural_begins_at_two(int count, string text) => Assert.Equal(text, FrenchText.Plural(count, "jour"));

    [Theory]
    [InlineData(2_500, "25\u00A0%")]
    [InlineData(2_490, "24,9\u00A0%")]
    [InlineData(859, "8,59\u00A0%")]
    public void Percentages_have_a_comma_and_a_space(int basisPoints, string text) =>
        Assert.Equal(text, FrenchText.PercentOfBasisPoints(basisPoints));

    [Theory]
    [InlineData(1, "0,5 journée")]
    [InlineData(3, "1,5 journée")]
    [InlineData(4, "2 journées")]
    public void Half_days_are_read_as_days(int halfDays, string text) => Assert.Equal(text, FrenchText.Days(halfDays));

    [Fact]
    public void Lists_end_with_and()
    {
        Assert.Equal("", FrenchText.List([]));
        Assert.Equal("A", FrenchText.List(["A"]));
        Assert.Equal("A, B et C", FrenchText.List(["A", "B", "C"]));
    }

    [Fact]
    public void Typography_sets_no_break_spaces_and_curved_apostrophes() =>
        Assert.Equal(
            "L’avis\u00A0: «\u00A0non\u00A0»\u00A0; pourquoi\u00A0? 12:30, 5\u00A0%",
            FrenchText.Typeset("L'avis : « non » ; pourquoi ? 12:30, 5 %"));

    [Fact]
    public void Hours_are_written_in_French()
    {
        Assert.Equal("14\u00A0h\u00A005", FrenchText.Time(new TimeOnly(14, 5)));
        Assert.Equal("9\u00A0h", FrenchText.Time(new TimeOnly(9, 0)));
    }

    [Fact]
    public void Nothing_is_never_negative() => Assert.Equal("0", FrenchText.Number(-0.001m, 2));
}
