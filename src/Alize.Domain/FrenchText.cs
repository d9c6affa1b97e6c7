using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Alize.Domain;

/// <summary>
/// Dates, numbers and plurals as French readers write them. By hand and not by culture: the process runs with invariant
/// globalization, and the wording of a signed document must not depend on the machine.
/// </summary>
public static partial class FrenchText
{
    private const char NoBreakSpace = '\u00A0';
    private const char NarrowNoBreakSpace = '\u202F';

    private static readonly string[] Months =
    [
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ];

    private static readonly string[] Weekdays = ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"];

    /// <summary>« 3 juin 2026 », « 1er juin 2026 ».</summary>
    public static string Date(DateOnly day) => $"{(day.Day == 1 ? "1er" : $"{day.Day}")} {Months[day.Month - 1]} {day.Year}";

    /// <summary>« mercredi 3 juin 2026 ».</summary>
    public static string DateWithWeekday(DateOnly day) => $"{Weekdays[(int)day.DayOfWeek]} {Date(day)}";

    /// <summary>« 03/06/2026 ».</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "A short date, and no 16-bit integer.")]
    public static string Short(DateOnly day) => day.ToString("dd'/'MM'/'yyyy", CultureInfo.InvariantCulture);

    /// <summary>« 14 h 05 », « 9 h » on the hour.</summary>
    public static string Time(TimeOnly time) => time.Minute == 0
        ? $"{time.Hour}{NoBreakSpace}h"
        : $"{time.Hour}{NoBreakSpace}h{NoBreakSpace}{time.Minute:00}";

    /// <summary>« 1 234 567 », with narrow no-break spaces.</summary>
    public static string Number(long number) => Number(number, 0);

    /// <summary>« 1 234,5 »: at most that many decimals, without useless zeros.</summary>
    public static string Number(decimal number, int decimals)
    {
        var format = decimals == 0 ? "#,0" : "#,0." + new string('#', decimals);
        var absolute = Math.Abs(number).ToString(format, CultureInfo.InvariantCulture);
        var sign = number < 0 && absolute.Any(c => c is >= '1' and <= '9') ? "−" : "";
        return sign + absolute.Replace(',', NarrowNoBreakSpace).Replace('.', ',');
    }

    /// <summary>« 25 % », « 24,9 % »: at most two decimals.</summary>
    /// <param name="percent">25 for 25 %.</param>
    public static string Percent(decimal percent) => $"{Number(percent, 2)}{NoBreakSpace}%";

    /// <summary>« 24,9 % » for 2,490 basis points.</summary>
    public static string PercentOfBasisPoints(int basisPoints) => Percent(basisPoints / 100m);

    /// <summary>
    /// « 0 vote », « 1 vote », « 2 votes »: in French the plural begins at two.
    /// </summary>
    /// <param name="count">How many.</param>
    /// <param name="singular">The noun.</param>
    /// <param name="plural">Its plural when it is not the noun and an s, e.g. « chevaux » or « membres présents ».</param>
    public static string Plural(long count, string singular, string? plural = null) =>
        $"{Number(count)} {(Math.Abs(count) < 2 ? singular : plural ?? singular + "s")}";

    /// <summary>« demi-journées » counted in days: « 1 journée », « 2,5 journées ».</summary>
    public static string Days(int halfDays) =>
        $"{Number(halfDays / 2m, 1)} {(Math.Abs(halfDays) < 4 ? "journée" : "journées")}";

    /// <summary>« A », « A et B », « A, B et C ».</summary>
    public static string List(IEnumerable<string> items)
    {
        var all = items.ToList();
        return all.Count < 2 ? string.Concat(all) : $"{string.Join(", ", all.SkipLast(1))} et {all[^1]}";
    }

    /// <summary>
    /// Puts the no-break spaces French typography wants before « : ; ! ? % € » and inside guillemets, where the writer typed
    /// ordinary ones, and the curved apostrophe. Sentences in the source can then be typed plainly and read in a diff.
    /// </summary>
    public static string Typeset(string sentence)
    {
        var text = new StringBuilder(SpaceBeforeHighSign().Replace(sentence, "\u00A0"));
        return text.Replace("« ", "«\u00A0").Replace('\'', '’').ToString();
    }

    /// <summary>« 1re », « 2e », « 14e », for a position.</summary>
    public static string Ordinal(int rank) => rank == 1 ? "1re" : $"{rank}e";

    [GeneratedRegex(" (?=[:;!?%€»])")]
    private static partial Regex SpaceBeforeHighSign();
}
