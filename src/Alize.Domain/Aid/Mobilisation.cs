namespace Alize.Domain.Aid;

/// <summary>
/// Mobilisation des compétences « dans les meilleurs délais » (R20, art. 4): the convention gives no figure, so the deadline is a
/// number of working days after the decision that the programme agrees on.
/// </summary>
public static class Mobilisation
{
    /// <summary>Working days between the decision and the first intervention, unless the programme decides otherwise.</summary>
    public const int DefaultWorkingDays = 20;

    /// <summary>Last day on which the competences are mobilised in time; the day of the decision does not count.</summary>
    public static DateOnly Deadline(DateOnly decidedOn, FrenchCalendar calendar, int workingDays = DefaultWorkingDays)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(workingDays);
        return calendar.AddWorkingDays(decidedOn, workingDays);
    }

    /// <summary>Whether the deadline has passed without a first intervention, or the first one came after it.</summary>
    /// <param name="deadline">Last day in time.</param>
    /// <param name="mobilisedOn">Day of the first intervention, null while there is none.</param>
    /// <param name="today">The day of the question.</param>
    public static bool IsLate(DateOnly deadline, DateOnly? mobilisedOn, DateOnly today) => (mobilisedOn ?? today) > deadline;
}
