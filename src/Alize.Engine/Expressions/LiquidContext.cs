using System.Globalization;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Alize.Engine.Expressions;

/// <summary>One rendering: limits, the clock, and how values become text.</summary>
internal sealed class LiquidContext : LiquidTemplateContext
{
    private readonly LiquidBuiltins builtins;
    private readonly Func<string, string>? encode;

    public LiquidContext(LiquidBuiltins builtins, ExpressionOptions limits, TimeProvider clock, Func<string, string>? encode, CancellationToken cancel)
    {
        this.builtins = builtins;
        this.encode = encode;
        Clock = clock;
        CancellationToken = cancel;
        LoopLimit = limits.TemplateLoops;
        RecursiveLimit = limits.Recursion;
        ObjectRecursionLimit = limits.Recursion;
        LimitToString = limits.TemplateLength;
        OutputLimit = limits.TemplateLength;
        OnStringLimit = ScriptLimitBehavior.Throw;
        OnOutputLimit = ScriptLimitBehavior.Throw;
        RegexTimeOut = limits.RegexTime;
        EnableRelaxedTargetAccess = true;
        foreach (var name in LiquidBuiltins.Removed) BuiltinObject.Remove(name);
        PushGlobal(builtins.Filters);
    }

    public TimeProvider Clock { get; }

    public override TemplateContext Write(SourceSpan span, object? textAsObject)
    {
        if (textAsObject is null) return this;
        var text = ObjectToString(textAsObject);
        // Inside a capture nothing is encoded: the captured text is encoded where it is written.
        return Write(encode is null || OutputCount > 1 || textAsObject is EncodedText ? text : encode(text));
    }

    public override string ObjectToString(object? value, bool nested = false) => value switch
    {
        null => "",
        string text => text,
        DateTimeOffset or DateTime or DateOnly or TimeOnly or TimeSpan or double or float or decimal or Guid or Uri or Enum => ValueConversion.Text(value),
        EncodedText encoded => encoded.Text,
        _ => base.ObjectToString(value, nested) ?? "",
    };
}

/// <summary>Filters beside Liquid's own: <c>date</c> with a format, and those of the host.</summary>
internal sealed class LiquidBuiltins
{
    /// <summary>Scriban's own extras which a Liquid template has no business with: they run text as a template.</summary>
    public static readonly string[] Removed = ["object", "include", "regex"];

    public LiquidBuiltins(ExpressionOptions limits)
    {
        Add("date", (context, value, arguments) => LiquidDates.Format(value, arguments, context.Clock));
        Add("base64", (_, value, _) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(ValueConversion.Text(LiquidValues.Out(value)))));
        Add("keys", (_, value, _) => value is ScriptObject keys ? new ScriptArray(keys.Keys) : null);
        Add("json", (_, value, _) => ValueConversion.ToJson(LiquidValues.Out(value))?.ToJsonString(ValueConversion.Json) ?? "null");
        foreach (var (name, filter) in limits.Filters)
            Add(name, (_, value, arguments) => LiquidValues.In(filter(LiquidValues.Out(value), [.. arguments.Select(LiquidValues.Out)])));
    }

    public ScriptObject Filters { get; } = new() { IsReadOnly = false };

    public HashSet<string> Own { get; } = new(StringComparer.Ordinal);

    private void Add(string name, Func<LiquidContext, object?, object?[], object?> filter)
    {
        Own.Add(name);
        Filters.SetValue(name, new Filter(filter), readOnly: true);
    }

    private sealed class Filter(Func<LiquidContext, object?, object?[], object?> filter) : IScriptCustomFunction
    {
        public int RequiredParameterCount => 1;

        public int ParameterCount => 1;

        public ScriptVarParamKind VarParamKind => ScriptVarParamKind.Direct;

        public Type ReturnType => typeof(object);

        public ScriptParameterInfo GetParameterInfo(int index) => new(typeof(object), "value");

        public object? Invoke(TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement) =>
            filter((LiquidContext)context, arguments.Count > 0 ? arguments[0] : null, [.. arguments.Skip(1)]);

        public ValueTask<object?> InvokeAsync(TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement) =>
            new(Invoke(context, callerContext, arguments, blockStatement));
    }
}

/// <summary>Liquid's <c>date</c>: <c>{{ x | date: "%d/%m/%Y" }}</c>; a format without % is .NET's, e.g. "dd/MM/yyyy".</summary>
internal static class LiquidDates
{
    public static object? Format(object? value, object?[] arguments, TimeProvider clock)
    {
        var moment = Moment(value, clock);
        if (moment is not { } at) return value;
        var format = arguments.Length > 0 ? ValueConversion.Text(arguments[0]) : "";
        if (format.Length == 0) return ValueConversion.Text(value is DateOnly ? DateOnly.FromDateTime(at.DateTime) : at);
        return format.Contains('%', StringComparison.Ordinal) ? Strftime(at, format) : at.ToString(format.Length == 1 ? "%" + format : format, CultureInfo.InvariantCulture);
    }

    private static DateTimeOffset? Moment(object? value, TimeProvider clock) => value switch
    {
        null => null,
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
