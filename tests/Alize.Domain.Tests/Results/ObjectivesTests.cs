using Alize.Domain.Results;

namespace Alize.Domain.Tests.Results;

[Trait("Rule", "R17")]
public sealed class ObjectivesTests
{
    private static readonly DateOnly Signed = new(2026, 1, 5);
    private static readonly Objectives Targets = new(60, 240, Signed, new(2029, 1, 4));

    [Fact]
    public void A_later_survey_replaces_an_earlier_one_and_does_not_add_to_it()
    {
        var project = Project(Signed, (12, 3, new(2027, 2, 1)), (24, 5, new(2028, 2, 1)), (36, null, null));

        Assert.Equal(0, Objectives.JobsOf(project, new(2027, 1, 31)));
        Assert.Equal(3, Objectives.JobsOf(project, new(2028, 1, 31)));
        Assert.Equal(5, Objectives.JobsOf(project, new(2029, 6, 1)));
    }

    [Fact]
    public void Jobs_lost_again_are_no_longer_counted() =>
        Assert.Equal(0, Objectives.JobsOf(Project(Signed, (12, 4, new(2027, 2, 1)), (24, 0, new(2028, 2, 1))), new(2028, 3, 1)));

    [Fact]
    public void What_is_asked_after_three_years_counts_for_nothing()
    {
        Assert.Equal(2, Objectives.JobsOf(Project(Signed, (36, 2, new(2029, 1, 20)), (48, 9, new(2030, 2, 1))), new(2031, 1, 1)));
        Assert.Equal(new DateOnly(2029, 1, 5), Objectives.CountedUntil(Signed));
    }

    [Fact]
    public void Projects_decided_in_the_term_are_counted_against_X()
    {
        SupportedProject[] projects = [Project(Signed), Project(Targets.To), Project(Targets.To.AddDays(1)), Project(Signed.AddDays(-1))];

        Assert.Equal(1, Targets.Projects(projects, new(2027, 1, 1)).Reached);
        var end = Targets.Projects(projects, new(2030, 1, 1));
        Assert.Equal((2, 60, 3, false, true), (end.Reached, end.ExpectedByNow, end.Percent, end.IsMet, end.IsBehind));
    }

    [Fact]
    public void Half_the_term_expects_half_of_X_and_jobs_have_three_years_more()
    {
        var middle = Signed.AddDays((Targets.To.DayNumber - Signed.DayNumber + 1) / 2);

        Assert.Equal(30, Targets.Projects([], middle).ExpectedByNow);
        Assert.Equal(60, Targets.Jobs([], middle).ExpectedByNow);
        Assert.Equal(0, Targets.Projects([], Signed.AddDays(-30)).ExpectedByNow);
    }

    [Fact]
    public void A_target_that_was_not_agreed_has_no_percentage()
    {
        var progress = (Targets with { TargetJobs = 0 }).Jobs([Project(Signed, (12, 4, new(2027, 1, 5)))], new(2027, 6, 1));

        Assert.Equal((4, null, false, false), (progress.Reached, progress.Percent, progress.IsMet, progress.IsBehind));
    }

    private static SupportedProject Project(DateOnly decidedOn, params (int Months, int? Jobs, DateOnly? On)[] answers)
    {
        var id = Guid.NewGuid();
        return new(id, decidedOn, [.. answers.Select(a =>
        {
            var survey = new JobSurvey { Id = Guid.NewGuid(), ProgrammeId = Guid.Empty, ProjectId = id, MonthsAfter = a.Months, AskedOn = decidedOn.AddMonths(a.Months) };
            if (a.Jobs is { } jobs) survey.Answer(jobs, a.On!.Value);
            return survey;
        })]);
    }
}
