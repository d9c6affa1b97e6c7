namespace Alize.Domain;

/// <summary>
/// French working days and legal time limits: jours ouvrés, jours fériés (Labour code, art. L3133-1) and the computation
/// of délais (Civil procedure code, art. 641 and 642).
/// </summary>
/// <param name="alsaceMoselle">
/// Adds Good Friday and 26 December, the holidays of local law in Bas-Rhin, Haut-Rhin and Moselle (art. L3134-13).
/// A setting of the programme, since its territory decides.
/// </param>
public sealed class FrenchCalendar(bool alsaceMoselle = false)
{
    /// <summary>Whether the day is a public holiday, whatever the day of the week.</summary>
    public bool IsHoliday(DateOnly day) => HolidayName(day) is not null;

    /// <summary>The French name of the holiday, or null on an ordinary day.</summary>
    public string? HolidayName(DateOnly day) => (day.Month, day.Day) switch
    {
        (1, 1) => "jour de l’An",
        (5, 1) => "fête du Travail",
        (5, 8) => "Victoire de 1945",
        (7, 14) => "fête nationale",
        (8, 15) => "Assomption",
        (11, 1) => "Toussaint",
        (11, 11) => "Armistice de 1918",
        (12, 25) => "Noël",
        (12, 26) when alsaceMoselle => "Saint-Étienne",
        // No movable feast falls outside March to June; year 1 and year 9999 need no Easter.
        ( >= 3 and <= 6, _) => MovableFeast(day),
        _ => null,
    };

    /// <summary>Monday to Friday, holidays excepted.</summary>
    public bool IsWorkingDay(DateOnly day) =>
        day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !IsHoliday(day);

    /// <summary>The same day when it is a working day, else the next one.</summary>
    public DateOnly OnOrAfter(DateOnly day)
    {
        while (!IsWorkingDay(day)) day = day.AddDays(1);
        return day;
    }

    /// <summary>
    /// The n-th working day after the given one, which itself does not count; before it when n is negative.
    /// Zero gives the first working day on or after it.
    /// </summary>
    public DateOnly AddWorkingDays(DateOnly day, int workingDays)
    {
        if (workingDays == 0) return OnOrAfter(day);

        var step = Math.Sign(workingDays);
        for (var left = workingDays; left != 0;)
        {
            day = day.AddDays(step);
            if (IsWorkingDay(day)) left -= step;
        }

        return day;
    }

    /// <summary>
    /// End of a délai in days: the day of the act does not count (art. 641), and an end on a Saturday, a Sunday or a holiday
    /// moves to the next working day (art. 642).
    /// </summary>
    public DateOnly DeadlineInDays(DateOnly from, int days)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(days);
        return OnOrAfter(from.AddDays(days));
    }

    /// <summary>
    /// End of a délai in months: the same day number, or the last day of the month that has none (art. 641); then as for days.
    /// </summary>
    public DateOnly DeadlineInMonths(DateOnly from, int months)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(months);
        return OnOrAfter(from.AddMonths(months));
    }

    private string? MovableFeast(DateOnly day) => (day.DayNumber - Easter(day.Year).DayNumber) switch
    {
        -2 when alsaceMoselle => "Vendredi saint",
        1 => "lundi de Pâques",
        39 => "Ascension",
        50 => "lundi de Pentecôte",
        _ => null,
    };

    // Meeus, Jones and Butcher: Gregorian Easter in integers, any year.
    private static DateOnly Easter(int year)
    {
        var (golden, century, yearOfCentury) = (year % 19, year / 100, year % 100);
        var correction = (century + 8) / 25;
        var epact = ((19 * golden) + century - (century / 4) - ((century - correction + 1) / 3) + 15) % 30;
        var weekday = (32 + (2 * (century % 4)) + (2 * (yearOfCentury / 4)) - epact - (yearOfCentury % 4)) % 7;
        var late = (golden + (11 * epact) + (22 * weekday)) / 451;
        var sum = epact + weekday - (7 * late) + 114;
        return new DateOnly(year, sum / 31, (sum % 31) + 1);
    }
}
