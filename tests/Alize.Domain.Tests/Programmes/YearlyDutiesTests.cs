using Alize.Domain.Programmes;

namespace Alize.Domain.Tests.Programmes;

public sealed class YearlyDutiesTests
{
    private static readonly DateOnly Signed = new(2026, 1, 31);

    [Theory]
    [Trait("Rule", "R14")]
    [InlineData(2026, 10, 30, DutyState.Done)]
    [InlineData(2026, 10, 31, DutyState.Due)]       // nine months
    [InlineData(2027, 1, 31, DutyState.Due)]
    [InlineData(2027, 2, 1, DutyState.Overdue)]     // twelve months and a day
    public void The_steering_committee_is_warned_at_nine_months_and_overdue_after_twelve(int year, int month, int day, DutyState state)
    {
        var rhythm = new SteeringRhythm(null, Signed);

        Assert.Equal(state, rhythm.On(new(year, month, day)));
        Assert.Equal(state == DutyState.Overdue, rhythm.Refusals(new(year, month, day)).Any());
    }

    [Fact]
    [Trait("Rule", "R14")]
    public void A_meeting_begins_another_year()
    {
        var rhythm = new SteeringRhythm(new(2026, 11, 30), Signed);

        Assert.Equal((new DateOnly(2027, 8, 30), new DateOnly(2027, 11, 30)), (rhythm.WarnOn, rhythm.MeetBy));
        Assert.Equal(DutyState.Done, rhythm.On(new(2027, 2, 1)));
    }

    [Fact]
    [Trait("Rule", "R15")]
    public void A_years_duties_begin_when_it_is_over_and_have_six_months()
    {
        var duties = YearlyDuties.Of(2026, new Dictionary<YearlyDutyKind, DateOnly> { [YearlyDutyKind.AccountsClosed] = new(2027, 3, 10) });

        Assert.Equal(Enum.GetValues<YearlyDutyKind>(), duties.Select(d => d.Kind));
        Assert.Equal([DutyState.NotYet, DutyState.NotYet, DutyState.NotYet, DutyState.NotYet], duties.Select(d => d.On(new(2026, 12, 31))));
        Assert.Equal([DutyState.Done, DutyState.Due, DutyState.Due, DutyState.Due], duties.Select(d => d.On(new(2027, 6, 30))));
        Assert.Equal([DutyState.Done, DutyState.Overdue, DutyState.Overdue, DutyState.Overdue], duties.Select(d => d.On(new(2027, 7, 1))));
    }

    [Fact]
    [Trait("Rule", "R15")]
    public void A_convention_of_three_years_may_touch_four_calendar_years()
    {
        Assert.Equal([2026, 2027, 2028, 2029], YearlyDuties.Years(Signed, new(2029, 1, 30)));
        Assert.Equal([2026, 2027, 2028], YearlyDuties.Years(new(2026, 1, 1), new(2028, 12, 31)));
    }

    [Fact]
    [Trait("Rule", "R15")]
    public void A_call_for_funds_has_the_report_on_the_year_before_as_its_annexe()
    {
        Assert.Empty(YearlyDuties.CallRefusals(2026, Signed, isReportReady: false));
        Assert.Equal(["2026"], Assert.Single(YearlyDuties.CallRefusals(2027, Signed, isReportReady: false)).Figures);
        Assert.Empty(YearlyDuties.CallRefusals(2027, Signed, isReportReady: true));
    }
}
