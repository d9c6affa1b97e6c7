using System.Globalization;

namespace Alize.Engine.Expressions;

/// <summary>Liquid's filters of numbers, and what counts as one: a text of digits does, anything else is 0.</summary>
internal static class LiquidNumbers
{
    private const int MostDigits = 99;

    /// <summary>What a <see cref="decimal"/> can hold.</summary>
    private const int MostDecimals = 28;

    public static void AddTo(LiquidBuiltins filters)
    {
        filters.Add("abs", (_, value, _) => Result(Math.Abs(Of(value)), IsWhole(value)));
        filters.Add("ceil", (_, value, _) => Result(decimal.Ceiling(Of(value)), isWhole: true));
        filters.Add("floor", (_, value, _) => Result(decimal.Floor(Of(value)), isWhole: true));
        filters.Add("round", (_, value, arguments) => Rounded(Of(value), (int)Math.Clamp(Of(arguments.ElementAtOrDefault(0)), -MostDecimals, MostDecimals)));
        Add("plus", "1", (number, other) => number + other);
        Add("minus", "1", (number, other) => number - other);
        Add("times", "2", (number, other) => number * other);
        filters.Add("divided_by", "2", (_, value, arguments) => Divided(value, arguments[0]));
        Add("modulo", "2", (number, other) => number - (decimal.Floor(number / NotZero("modulo", other)) * other));
        Add("at_least", "0", Math.Max);
        Add("at_most", "100", Math.Min);
        filters.Add("format_number", "\"0.00\"", (context, value, arguments) =>
        {
            NoCulture("format_number", arguments);
            return arguments[0] is null ? null : Written(Of(value), context.ObjectToString(arguments[0]));
        });

        void Add(string name, string example, Func<decimal, decimal, decimal> reckon) => filters.Add(name, example, (_, value, arguments) =>
            Result(reckon(Of(value), Of(arguments[0])), IsWhole(value) && IsWhole(arguments[0])));
    }

    public static bool IsNumber(object? value) => value is not Enum && value is IConvertible number && number.GetTypeCode() is >= TypeCode.SByte and <= TypeCode.Decimal;

    public static decimal Of(object? value) => value switch
    {
        System.Numerics.BigInteger number => (decimal)number,
        string text => decimal.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0,
        _ when IsNumber(value) => Convert.ToDecimal(value, CultureInfo.InvariantCulture),
        _ => 0,
    };

    /// <summary>Whether it was written without decimals: two such numbers are divided without a rest, as in Liquid.</summary>
    public static bool IsWhole(object? value) => value switch
    {
        float or double => false,
        decimal number => number.Scale == 0,
        string text => !text.Contains('.', StringComparison.Ordinal),
        _ => true,
    };

    /// <summary>What was reckoned, as the template goes on with it.</summary>
    public static object Result(decimal number, bool isWhole)
    {
        if (isWhole && number is >= long.MinValue and <= long.MaxValue) return (long)number;
        // A double writes no zeros behind; where it would lose digits the decimal stays.
        return (double)number is var real && (decimal)real == number ? real : number;
    }

    private static object Divided(object? value, object? by)
    {
        var quotient = Of(value) / NotZero("divided_by", Of(by));
        return IsWhole(value) && IsWhole(by) ? Result(decimal.Floor(quotient), isWhole: true) : (double)quotient;
    }

    private static object Rounded(decimal number, int decimals)
    {
        if (decimals > 0) return Result(Math.Round(number, decimals, MidpointRounding.AwayFromZero), isWhole: false);
        var unit = 1m;
        for (var i = decimals; i < 0; i++) unit *= 10;
        return Result(Math.Round(number / unit, MidpointRounding.AwayFromZero) * unit, isWhole: true);
    }

    private static decimal NotZero(string filter, decimal number) => number != 0 ? number
        : throw new ExpressionException(LiquidTemplates.Kind, $"the filter '{filter}' got 0 to divide by. Ask before with if.");

    /// <summary>A number in a format of .NET, with a point.</summary>
    public static string Written(decimal number, string format)
    {
        // "N999999999" is a short format of a long text.
        if (format.Length > 1 && char.IsAsciiLetter(format[0]) && int.TryParse(format.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var digits) && digits > MostDigits)
            throw new ExpressionException(LiquidTemplates.Kind, $"the number format '{format}' asks for {digits} digits; {MostDigits} are allowed. Write fewer.");
        try
        {
            return number.ToString(format, CultureInfo.InvariantCulture);
        }
        catch (FormatException cause)
        {
            throw new ExpressionException(LiquidTemplates.Kind, $"'{ExpressionException.Shown(format)}' is no format of a number. Write e.g. 0.00 or N2.", cause);
        }
    }

    /// <summary>Numbers and days read the same on every machine, so that none brings the names and signs of a culture.</summary>
    public static void NoCulture(string filter, object?[] arguments)
    {
        if (arguments is [_, { } culture, ..] && ValueConversion.Text(LiquidValues.Out(culture)) is { Length: > 0 } name)
            throw new ExpressionException(LiquidTemplates.Kind, $"the filter '{filter}' is told the culture '{ExpressionException.Shown(name)}', and this service has none. Leave it out and write what you want in the format; for a comma add replace: \".\", \",\".");
    }
}
