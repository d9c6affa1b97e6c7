using System.Globalization;

namespace Alize.Web.Look;

/// <summary>Reads what people type into a form's fields.</summary>
public static class Typed
{
    /// <summary>A day as a browser's date field sends it, or as people write it.</summary>
    public static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text?.Trim(), ["yyyy-MM-dd", "dd/MM/yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    /// <summary>A percentage as hundredths of a percent: « 2,18 » is 218; at most two decimals.</summary>
    public static int? BasisPoints(string? text)
    {
        var typed = (text ?? "").Replace("%", "", StringComparison.Ordinal).Replace('\u00A0', ' ').Trim().Replace(',', '.').Replace('\u2212', '-');
        return decimal.TryParse(typed, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var percent)
            && Math.Abs(percent) <= 1_000 && percent * 100 == decimal.Truncate(percent * 100) ? (int)(percent * 100) : null;
    }

    /// <summary>Days in halves as half-days: « 2,5 » is 5.</summary>
    public static int? HalfDays(string? text) => string.IsNullOrWhiteSpace(text) ? 0
        : decimal.TryParse(text.Trim().Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var days)
            && days <= 10_000 && days * 2 == decimal.Truncate(days * 2) ? (int)(days * 2) : null;
}
