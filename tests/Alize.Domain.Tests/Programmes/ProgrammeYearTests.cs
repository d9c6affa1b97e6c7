using Alize.Domain.Programmes;

namespace Alize.Domain.Tests.Programmes;

[Trait("Rule", "R15")]
public sealed class ProgrammeYearTests
{
    private static readonly DateOnly Day = new(2027, 3, 1);

    [Fact]
    public void A_report_goes_out_only_once_the_chair_has_approved_it()
    {
        var year = Year();
        Assert.Throws<InvalidOperationException>(() => year.Approve("Hélène Marchand", Day));
        year.Draft(Guid.NewGuid(), "Une année pleine.", Day);
        Assert.Throws<InvalidOperationException>(() => year.Send(Day));

        year.Approve("Hélène Marchand", Day);
        year.Send(Day.AddDays(1));

        Assert.True(year.IsReportReady);
    }

    [Fact]
    public void A_report_drawn_up_anew_is_to_be_approved_anew()
    {
        var year = Year();
        year.Draft(Guid.NewGuid(), "Première version", Day);
        year.Approve("Hélène Marchand", Day);

        year.Draft(Guid.NewGuid(), "Seconde version", Day.AddDays(1));

        Assert.Equal(("", (DateOnly?)null), (year.ApprovedBy, year.ApprovedOn));
    }

    [Fact]
    public void The_four_duties_show_what_was_done_and_what_is_late()
    {
        var year = Year();
        year.Draft(Guid.NewGuid(), "", Day);
        year.Approve("Hélène Marchand", Day);
        year.Send(Day);

        var duties = year.Duties(closedOn: new(2027, 1, 20), presentedOn: null, annexedOn: null);

        Assert.Equal([DutyState.Done, DutyState.Done, DutyState.Due, DutyState.Due], duties.Select(d => d.On(new(2027, 6, 30))));
        Assert.Equal([DutyState.Done, DutyState.Done, DutyState.Overdue, DutyState.Overdue], duties.Select(d => d.On(new(2027, 7, 1))));
    }

    private static ProgrammeYear Year() => new() { Id = Guid.NewGuid(), ProgrammeId = Guid.NewGuid(), Year = 2026, OpenedOn = new(2026, 1, 1) };
}
