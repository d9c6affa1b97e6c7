using Alize.Domain;

namespace Alize.Workflows.Tasks;

/// <summary>When those who have not answered are written to again: on working days, once a day, never on the day they were asked.</summary>
internal static class ReminderPlan
{
    /// <summary>The days of the reminders. Two that fall on one working day are one.</summary>
    /// <param name="after">Days after the request, as the definition has them.</param>
    /// <param name="askedOn">Day of the request.</param>
    /// <param name="calendar">The programme's working days.</param>
    public static IEnumerable<DateOnly> Days(IEnumerable<int>? after, DateOnly askedOn, FrenchCalendar calendar) =>
        (after ?? []).Where(days => days > 0).Select(days => calendar.OnOrAfter(askedOn.AddDays(days))).Where(day => day > askedOn).Distinct().Order();

    /// <summary>The days of reminders counted from a deadline: before it, or after it while no answer has come.</summary>
    /// <param name="offsets">Days from the deadline, as the definition has them; a negative number counts before.</param>
    /// <param name="due">The deadline.</param>
    /// <param name="askedOn">Day of the request.</param>
    /// <param name="calendar">The programme's working days.</param>
    public static IEnumerable<DateOnly> DaysAround(IEnumerable<int>? offsets, DateOnly due, DateOnly askedOn, FrenchCalendar calendar) =>
        (offsets ?? []).Select(days => calendar.OnOrAfter(due.AddDays(days))).Where(day => day > askedOn).Distinct().Order();

    /// <summary>A deadline has passed when its day is over; what follows is written on the next working day.</summary>
    public static DateOnly MorningAfter(DateOnly due, FrenchCalendar calendar) => calendar.OnOrAfter(due.AddDays(1));
}
