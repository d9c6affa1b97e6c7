namespace Alize.Domain.Results;

/// <summary>Where a target stands.</summary>
/// <param name="Target">X or Y; zero when none was agreed.</param>
/// <param name="Reached">Projects supported, or jobs created.</param>
/// <param name="ExpectedByNow">The target in proportion to the time gone; for jobs, to the time in which they could be counted.</param>
public sealed record ObjectiveProgress(int Target, int Reached, int ExpectedByNow)
{
    /// <summary>Hundredths of the target; null when none was agreed. May exceed 100.</summary>
    public int? Percent => Target > 0 ? (int)((long)Reached * 100 / Target) : null;

    /// <summary>Whether it is met.</summary>
    public bool IsMet => Target > 0 && Reached >= Target;

    /// <summary>Whether it is behind the time gone.</summary>
    public bool IsBehind => Reached < ExpectedByNow;
}

/// <summary>A supported project, for the count of its jobs.</summary>
/// <param name="ProjectId">The project.</param>
/// <param name="DecidedOn">Day of the decision.</param>
/// <param name="Surveys">Its surveys.</param>
public sealed record SupportedProject(Guid ProjectId, DateOnly DecidedOn, IReadOnlyList<JobSurvey> Surveys);

/// <summary>
/// Objectifs of the programme (R17, art. 3): X projects supported over the term, Y jobs created, « à évaluer dans les 3 ans qui
/// suivent la décision et l'appui d'un projet ».
/// </summary>
/// <param name="TargetProjects">X.</param>
/// <param name="TargetJobs">Y.</param>
/// <param name="From">First day of the term.</param>
/// <param name="To">Last day of the term.</param>
public sealed record Objectives(int TargetProjects, int TargetJobs, DateOnly From, DateOnly To)
{
    /// <summary>Years after a decision in which its jobs are counted.</summary>
    public const int YearsCounted = 3;

    /// <summary>Months after a decision at which the company is asked.</summary>
    public static IReadOnlyList<int> SurveyMonths { get; } = [12, 24, 36];

    /// <summary>
    /// Jobs of one project on a day: what its latest answered survey says, a later one replacing an earlier one, since each counts
    /// from the decision on. A survey asked for after the three years counts for nothing.
    /// </summary>
    public static int JobsOf(SupportedProject project, DateOnly on) =>
        project.Surveys.Where(s => s.MonthsAfter <= YearsCounted * 12 && s.JobsCreated is not null && s.AnsweredOn <= on)
            .OrderByDescending(s => s.MonthsAfter).Select(s => s.JobsCreated ?? 0).FirstOrDefault();

    /// <summary>Last day on which jobs of that decision may still be counted.</summary>
    public static DateOnly CountedUntil(DateOnly decidedOn) => decidedOn.AddYears(YearsCounted);

    /// <summary>Projects against X on a day: those decided in the term and up to that day.</summary>
    public ObjectiveProgress Projects(IEnumerable<SupportedProject> projects, DateOnly on) =>
        new(TargetProjects, projects.Count(p => p.DecidedOn >= From && p.DecidedOn <= To && p.DecidedOn <= on), Expected(TargetProjects, From, To, on));

    /// <summary>Jobs against Y on a day. The last decision of the term is counted for three years more: so long is the time to reach it.</summary>
    public ObjectiveProgress Jobs(IEnumerable<SupportedProject> projects, DateOnly on) => new(
        TargetJobs, projects.Where(p => p.DecidedOn >= From && p.DecidedOn <= To && p.DecidedOn <= on).Sum(p => JobsOf(p, on)),
        Expected(TargetJobs, From, To.AddYears(YearsCounted), on));

    // Rounded down: nobody is behind by a part of a project.
    private static int Expected(int target, DateOnly from, DateOnly to, DateOnly on)
    {
        var days = Math.Clamp(on.DayNumber - from.DayNumber + 1, 0, to.DayNumber - from.DayNumber + 1);
        return (int)((long)target * days / (to.DayNumber - from.DayNumber + 1));
    }
}
