namespace Alize.Domain.Results;

/// <summary>Enquête emploi 12, 24 or 36 months after the decision (R17, art. 3): the jobs are counted within three years of it.</summary>
public sealed class JobSurvey
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The project.</summary>
    public required Guid ProjectId { get; init; }

    /// <summary>Months after the decision: 12, 24 or 36.</summary>
    public required int MonthsAfter { get; init; }

    /// <summary>Day the question was asked.</summary>
    public required DateOnly AskedOn { get; init; }

    /// <summary>Jobs created since the decision, as the company declares. Null: not answered.</summary>
    public int? JobsCreated { get; private set; }

    /// <summary>Day of the answer. Null: not answered.</summary>
    public DateOnly? AnsweredOn { get; private set; }

    /// <summary>Records the answer.</summary>
    public void Answer(int jobsCreated, DateOnly on) => (JobsCreated, AnsweredOn) = (jobsCreated, on);
}
