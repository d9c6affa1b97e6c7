using System.Globalization;

namespace Alize.Engine.Expressions;

/// <summary>Liquid's <c>date</c>: <c>{{ x | date: "%d/%m/%Y" }}</c>; a format without % is .NET's, e.g. "dd/MM/yyyy".</summary>
internal static class LiquidDates
{
    /// <summary>As .NET writes it, standard formats of one letter included; null when there is no date or no format.</summary>
    public static object? Net(object? value, string format, TimeProvider clock)
    {
        if (format.Length == 0 || Moment(value, clock) is not { } at) return null;
        try
        {
            return at.ToString(format, CultureInfo.InvariantCulture);
        }
        catch (FormatException cause)
        {
            throw new ExpressionException(LiquidTemplates.Kind, $"the format_date filter does not know the format '{ExpressionException.Shown(format)}'. Write e.g. dd/MM/yyyy or HH:mm.", cause);
        }
    }

    /// <summary>The same moment on another zone's clocks; without a name on the clock's own. A day stays the day it is.</summary>
    public static object? In(object? value, string zone, TimeProvider clock)
    {
        if (IsDay(value) || Moment(value, clock) is not { } at) return value;
        if (zone is "" or "local") return new LiquidMoment(TimeZoneInfo.ConvertTime(at, clock.LocalTimeZone));
        return TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var known)
            ? new LiquidMoment(TimeZoneInfo.ConvertTime(at, known))
            : throw new ExpressionException(LiquidTemplates.Kind, $"the time_zone filter knows no zone '{ExpressionException.Shown(zone)}'. Write it as the IANA list does, e.g. Europe/Paris or Indian/Reunion.");
    }

    public static object? Format(object? value, object?[] arguments, TimeProvider clock)
    {
        var moment = Moment(value, clock);
        if (moment is not { } at) return value;
        var format = arguments.Length > 0 ? ValueConversion.Text(arguments[0]) : "";
        if (format.Length == 0) return ValueConversion.Text(value is DateOnly ? DateOnly.FromDateTime(at.DateTime) : at);
        return format.Contains('%', StringComparison.Ordinal) ? Strftime(at, format) : at.ToString(format.Length == 1 ? "%" + format : format, CultureInfo.InvariantCulture);
    }

    private static bool IsDay(object? value) => value is DateOnly || (value is string { Length: <= 10 } text && text.Trim() is not ("now" or "today"));

    private static DateTimeOffset? Moment(object? value, TimeProvider clock) => value switch
    {
        null => null,
        LiquidMoment moment => moment.At,
        string text when text.Trim() is "now" or "today" => clock.GetLocalNow(),
        // A day has no zone: moving it to another one would make it the day before.
        string { Length: <= 10 } day => ValueConversion.To<DateTimeOffset?>(day),
        DateOnly day => ValueConversion.To<DateTimeOffset>(day),
        long seconds => TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(seconds), clock.LocalTimeZone),
        string text when text.Trim().Length == 0 => null,
        _ => TimeZoneInfo.ConvertTime(ValueConversion.To<DateTimeOffset>(value), clock.LocalTimeZone),
    };

    private static string Strftime(DateTimeOffset at, string format)
    {
        var text = new System.Text.StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }

            var isBare = format[i + 1] == '-' && i + 2 < format.Length;
            if (isBare) i++;
            var part = Part(at, format[++i]);
            text.Append(isBare ? part.TrimStart('0', ' ') is { Length: > 0 } trimmed ? trimmed : "0" : part);
        }

        return text.ToString();
    }

    private static string Part(DateTimeOffset at, char code) => code switch
    {
        'Y' => Written(at, "yyyy"),
        'y' => Written(at, "yy"),
        'm' => Written(at, "MM"),
        'd' => Written(at, "dd"),
        'e' => at.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'H' => Written(at, "HH"),
        'I' => Written(at, "hh"),
        'M' => Written(at, "mm"),
        'S' => Written(at, "ss"),
        'L' => Written(at, "fff"),
        'p' => Written(at, "tt"),
        'B' => Written(at, "MMMM"),
        'b' or 'h' => Written(at, "MMM"),
        'A' => Written(at, "dddd"),
        'a' => Written(at, "ddd"),
        'j' => at.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
        'u' => (at.DayOfWeek is DayOfWeek.Sunday ? 7 : (int)at.DayOfWeek).ToString(CultureInfo.InvariantCulture),
        'w' => ((int)at.DayOfWeek).ToString(CultureInfo.InvariantCulture),
        'V' => ISOWeek.GetWeekOfYear(at.DateTime).ToString("00", CultureInfo.InvariantCulture),
        'z' => Written(at, "zzz").Replace(":", "", StringComparison.Ordinal),
        's' => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        'F' => Written(at, "yyyy-MM-dd"),
        'D' => Written(at, "MM/dd/yy"),
        'T' or 'X' => Written(at, "HH:mm:ss"),
        'R' => Written(at, "HH:mm"),
        '%' => "%",
        _ => throw new ExpressionException(LiquidTemplates.Kind, $"the date filter does not know %{code}. Write e.g. %d/%m/%Y or %H:%M."),
    };

    private static string Written(DateTimeOffset at, string format) => at.ToString(format, CultureInfo.InvariantCulture);
}

/// <summary>A moment whose zone the template chose: <c>date</c> writes it there, not in the clock's own.</summary>
internal sealed record LiquidMoment(DateTimeOffset At);
