namespace Alize.Domain.Tests;

public class FrenchCalendarTests
{
    private readonly FrenchCalendar _calendar = new();

    [Fact]
    public void The_eleven_holidays_of_2026()
    {
        string[] expected =
        [
            "2026-01-01", "2026-04-06", "2026-05-01", "2026-05-08", "2026-05-14", "2026-05-25",
            "2026-07-14", "2026-08-15", "2026-11-01", "2026-11-11", "2026-12-25",
        ];
        Assert.Equal(expected, Holidays(_calendar, 2026));
    }

    [Fact]
    public void Alsace_and_Moselle_add_Good_Friday_and_26_December()
    {
        var added = Holidays(new FrenchCalendar(alsaceMoselle: true), 2026).Except(Holidays(_calendar, 2026));
        Assert.Equal(["2026-04-03", "2026-12-26"], added);
    }

    [Theory]
    [InlineData("2013-04-01")]
    [InlineData("2011-04-25")]
    [InlineData("2019-04-22")]
    [InlineData("2024-04-01")]
    [InlineData("2027-03-29")]
    [InlineData("2038-04-26")]
    public void Easter_Monday_moves(string day)
    {
        var monday = DateOnly.Parse(day);
        Assert.Equal("lundi de Pâques", _calendar.HolidayName(monday));
        Assert.Equal("Ascension", _calendar.HolidayName(monday.AddDays(38)));
        Assert.Equal("lundi de Pentecôte", _calendar.HolidayName(monday.AddDays(49)));
    }

    [Fact]
    public void Ascension_fell_on_1_May_in_2008_and_made_one_holiday_less()
    {
        Assert.Equal(10, Holidays(_calendar, 2008).Count());
        Assert.Equal(11, Holidays(_calendar, 2026).Count());
    }

    [Theory]
    [InlineData("2026-01-31", 1, "2026-03-02")]   // 28 February is a Saturday
    [InlineData("2026-01-30", 1, "2026-03-02")]
    [InlineData("2024-01-31", 1, "2024-02-29")]
    [InlineData("2026-04-01", 1, "2026-05-04")]   // 1 May, then a weekend
    [InlineData("2026-02-28", 1, "2026-03-30")]   // same day number, no end-of-month rule: 28 March is a Saturday
    public void A_deadline_in_months_keeps_the_day_number_and_ends_on_a_working_day(string from, int months, string end) =>
        Assert.Equal(DateOnly.Parse(end), _calendar.DeadlineInMonths(DateOnly.Parse(from), months));

    [Theory]
    [InlineData("2026-04-24", 7, "2026-05-04")]   // 1 May, then a weekend
    [InlineData("2026-06-01", 15, "2026-06-16")]
    [InlineData("2026-05-01", 0, "2026-05-04")]
    [InlineData("2026-12-24", 1, "2026-12-28")]
    public void A_deadline_in_days_does_not_count_the_first_day(string from, int days, string end) =>
        Assert.Equal(DateOnly.Parse(end), _calendar.DeadlineInDays(DateOnly.Parse(from), days));

    [Theory]
    [InlineData("2026-04-30", 20, "2026-06-03")]
    [InlineData("2026-05-02", 1, "2026-05-04")]
    [InlineData("2026-05-02", 0, "2026-05-04")]
    [InlineData("2026-05-04", -1, "2026-04-30")]
    public void Working_days_skip_weekends_and_holidays(string from, int days, string end) =>
        Assert.Equal(DateOnly.Parse(end), _calendar.AddWorkingDays(DateOnly.Parse(from), days));

    [Fact]
    public void Working_days_there_and_back_lead_to_the_same_working_day()
    {
        for (var day = new DateOnly(2026, 1, 2); day.Year == 2026; day = day.AddDays(1))
        {
            if (_calendar.IsWorkingDay(day))
                Assert.Equal(day, _calendar.AddWorkingDays(_calendar.AddWorkingDays(day, 13), -13));
            Assert.True(_calendar.IsWorkingDay(_calendar.OnOrAfter(day)));
        }
    }

    [Fact]
    public void Alsace_and_Moselle_have_their_own_deadlines() =>
        Assert.Equal(new DateOnly(2026, 4, 7), new FrenchCalendar(alsaceMoselle: true).DeadlineInDays(new DateOnly(2026, 4, 1), 2));

    private static IEnumerable<string> Holidays(FrenchCalendar calendar, int year)
    {
        for (var day = new DateOnly(year, 1, 1); day.Year == year; day = day.AddDays(1))
            if (calendar.IsHoliday(day)) yield return day.ToString("yyyy-MM-dd");
    }
}
