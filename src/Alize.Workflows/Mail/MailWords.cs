using System.Globalization;
using Alize.Domain;
using Scriban.Runtime;

namespace Alize.Workflows.Mail;

/// <summary>
/// How a day, an hour, an amount and a number read in a mail. A value without a filter takes the form of the mail's language.
/// </summary>
internal static class MailWords
{
    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    /// <summary>The Liquid filters: <c>date_fr</c>, <c>date_en</c>, <c>time_fr</c>, <c>time_en</c>, <c>money</c>.</summary>
    public static readonly ScriptObject Filters = MakeFilters();

    /// <summary>The form of a value in a language. Null for what writes itself.</summary>
    public static string? TryWrite(object value, string language)
    {
        var isFrench = language != "en";
        return value switch
        {
            DateOnly day => isFrench ? FrenchText.Date(day) : EnglishDate(day),
            TimeOnly time => isFrench ? FrenchText.Time(time) : EnglishTime(time),
            DateTime moment => isFrench
                ? $"{FrenchText.Date(DayOf(moment))} à {FrenchText.Time(TimeOf(moment))}"
                : $"{EnglishDate(DayOf(moment))} at {EnglishTime(TimeOf(moment))}",
            Money money => money.ToString(),
            bool yes => isFrench ? yes ? "oui" : "non" : yes ? "yes" : "no",
            // Four digits may be a year, which takes no separator; an amount is Money.
            int number => Number(number, isFrench),
            long number => Number(number, isFrench),
            decimal number => isFrench ? FrenchText.Number(number, 2) : number.ToString("#,0.##", CultureInfo.InvariantCulture),
            _ => null,
        };
    }

    private static ScriptObject MakeFilters()
    {
        var filters = new ScriptObject();
        filters.Import("date_fr", (object? value) => OfDay(value, FrenchText.Date));
        filters.Import("date_en", (object? value) => OfDay(value, EnglishDate));
        filters.Import("time_fr", (object? value) => OfTime(value, FrenchText.Time));
        filters.Import("time_en", (object? value) => OfTime(value, EnglishTime));
        filters.Import("money", (object? value) => value switch
        {
            null => "",
            Money money => money.ToString(),
            _ => throw new ArgumentException($"the filter money takes an amount, not a {value.GetType().Name}"),
        });
        filters.IsReadOnly = true;
        return filters;
    }

    private static string Number(long number, bool isFrench) =>
        Math.Abs((decimal)number) < 10_000 ? number.ToString(CultureInfo.InvariantCulture)
        : isFrench ? FrenchText.Number(number)
        : number.ToString("#,0", CultureInfo.InvariantCulture);

    private static string OfDay(object? value, Func<DateOnly, string> write) => value switch
    {
        null => "",
        DateOnly day => write(day),
        DateTime moment => write(DayOf(moment)),
        _ => throw new ArgumentException($"a date filter takes a day or a moment, not a {value.GetType().Name}"),
    };

    private static string OfTime(object? value, Func<TimeOnly, string> write) => value switch
    {
        null => "",
        TimeOnly time => write(time),
        DateTime moment => write(TimeOf(moment)),
        _ => throw new ArgumentException($"a time filter takes an hour or a moment, not a {value.GetType().Name}"),
    };

    // A moment is stored in UTC and read where the programme is.
    private static DateTime Local(DateTime moment) => moment.Kind == DateTimeKind.Utc ? TimeZoneInfo.ConvertTimeFromUtc(moment, Paris) : moment;

    private static DateOnly DayOf(DateTime moment) => DateOnly.FromDateTime(Local(moment));

    private static TimeOnly TimeOf(DateTime moment) => TimeOnly.FromDateTime(Local(moment));

    /// <summary>"3 June 2026".</summary>
    private static string EnglishDate(DateOnly day) => day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>"14:30".</summary>
    private static string EnglishTime(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);
}
