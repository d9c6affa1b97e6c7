using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime.Descriptors;
using Jint.Runtime.Interop;

namespace Alize.Engine.Expressions;

/// <summary>What a script can call: Elsa's functions by Elsa's names, and a few for dates.</summary>
internal sealed partial class ScriptFunctions
{
    private readonly Jint.Engine engine;
    private readonly ExpressionScope scope;
    private readonly IReadOnlyDictionary<string, Func<object?[], object?>>? extra;
    private readonly ExpressionOptions limits;

    // A structure read twice is the same object in the script, and what the script changed in it is written back at the end.
    private readonly Dictionary<string, (JsValue Seen, JsonNode? Before)> read = new(StringComparer.Ordinal);
    private ObjectInstance? container;

    public ScriptFunctions(Jint.Engine engine, ExpressionScope scope, IReadOnlyDictionary<string, Func<object?[], object?>>? extra, ExpressionOptions limits)
    {
        this.engine = engine;
        this.scope = scope;
        this.extra = extra;
        this.limits = limits;
    }

    /// <summary>Names that are always there, for the check of definitions and the Studio's completion.</summary>
    public static IReadOnlyCollection<string> Names { get; } =
    [
        "getVariable", "setVariable", "variables", "getInput", "getOutput", "setOutput", "getOutputFrom", "getLastResult",
        "getWorkflowInstanceId", "getWorkflowInstanceName", "setWorkflowInstanceName", "getWorkflowDefinitionId", "getWorkflowDefinitionVersion", "getWorkflowDefinitionVersionId",
        "getCorrelationId", "setCorrelationId", "isNullOrWhiteSpace", "isNullOrEmpty", "toJson", "parseJson", "parseGuid",
        "newGuid", "newGuidString", "newShortGuid", "getGuidString", "getShortGuid",
        "bytesToString", "bytesFromString", "bytesToBase64", "bytesFromBase64", "stringToBase64", "stringFromBase64",
        "now", "today", "addDays", "addMonths", "daysBetween",
    ];

    /// <summary>Elsa's form of a name in an accessor: <c>due-day</c> is read with <c>getDueDay()</c>.</summary>
    public static string Pascal(string name) => WordStart().Replace(name, match => match.Groups[1].Value.ToUpperInvariant());

    /// <summary>Makes what the script names; building all of it for each expression would cost more than most expressions.</summary>
    public void Install(IEnumerable<string> globals)
    {
        foreach (var name in globals)
        {
            // A script that takes the global object apart may name anything later.
            if (name == "globalThis") foreach (var known in Names) Install(known);
            Install(name);
        }
    }

    /// <summary>Writes back structures the script changed in place, and properties it added to <c>variables</c>.</summary>
    public void SaveChangedVariables()
    {
        foreach (var (name, (seen, before)) in read)
        {
            var after = ValueConversion.ToJson(ScriptValues.Out(seen, limits.ListLength));
            if (!JsonNode.DeepEquals(before, after)) scope.SetVariable(name, after);
        }

        if (container is null) return;
        foreach (var (key, property) in container.GetOwnProperties())
        {
            if (property.Get is null && property.Value is { } value) scope.SetVariable(key.ToString(), ScriptValues.Out(value, limits.ListLength));
        }
    }

    private void Install(string name)
    {
        if (name == "variables") engine.Global.FastSetDataProperty(name, container ??= Container());
        else if (extra?.TryGetValue(name, out var added) == true) Add(name, a => In(added([.. a.Select(Out)])));
        else if (Named(name) is { } function) Add(name, function);
        else if (Accessor(name) is { } accessor) Add(name, accessor);
    }

    private void Add(string name, Func<JsValue[], JsValue> function) =>
        engine.Global.FastSetDataProperty(name, new ClrFunction(engine, name, (_, arguments) => function(arguments)));

    private Func<JsValue[], JsValue>? Named(string name) => name switch
    {
        "getVariable" => a => Read(Text(a, 0)),
        "setVariable" => a => Write(Text(a, 0), At(a, 1)),
        "getInput" => a => In(Input(Text(a, 0))),
        "getOutput" => a => In(scope.Output.TryGetValue(Text(a, 0), out var output) ? output : null),
        "setOutput" => a => Done(() => scope.Output[Text(a, 0)] = Out(At(a, 1))),
        "getOutputFrom" => a => In(scope.OutputOf(Text(a, 0), a.Length > 1 ? Text(a, 1) : null)),
        "getLastResult" => _ => In(scope.LastResult),
        "getWorkflowInstanceId" => _ => scope.InstanceId,
        "getWorkflowInstanceName" => _ => In(scope.InstanceName),
        "setWorkflowInstanceName" => a => Done(() => scope.InstanceName = NullableText(a, 0)),
        "getWorkflowDefinitionId" => _ => scope.DefinitionId,
        "getWorkflowDefinitionVersion" => _ => scope.DefinitionVersion,
        "getWorkflowDefinitionVersionId" => _ => scope.DefinitionVersionId,
        "getCorrelationId" => _ => In(scope.CorrelationId),
        "setCorrelationId" => a => Done(() => scope.CorrelationId = NullableText(a, 0)),
        "isNullOrWhiteSpace" => a => string.IsNullOrWhiteSpace(NullableText(a, 0)),
        "isNullOrEmpty" => a => string.IsNullOrEmpty(NullableText(a, 0)),
        "toJson" => a => Bounded(ValueConversion.ToJson(Out(At(a, 0)))?.ToJsonString(ValueConversion.Json) ?? "null"),
        "parseJson" => a => In(JsonNode.Parse(Text(a, 0), documentOptions: new() { MaxDepth = 64 })),
        "parseGuid" => a => Guid.Parse(Text(a, 0)).ToString(),
        "newGuid" or "newGuidString" or "getGuidString" => _ => Guid.NewGuid().ToString(),
        "newShortGuid" or "getShortGuid" => _ => Convert.ToBase64String(Guid.NewGuid().ToByteArray()).Replace("/", "", StringComparison.Ordinal).Replace("+", "", StringComparison.Ordinal).TrimEnd('='),
        "bytesToString" => a => Encoding.UTF8.GetString(Bytes(a)),
        "bytesFromString" => a => FromBytes(Encoding.UTF8.GetBytes(Text(a, 0))),
        "bytesToBase64" => a => Convert.ToBase64String(Bytes(a)),
        "bytesFromBase64" => a => FromBytes(Convert.FromBase64String(Text(a, 0))),
        "stringToBase64" => a => Convert.ToBase64String(Encoding.UTF8.GetBytes(Text(a, 0))),
        "stringFromBase64" => a => Encoding.UTF8.GetString(Convert.FromBase64String(Text(a, 0))),
        "now" => _ => In(scope.Time.GetUtcNow()),
        "today" => _ => Today().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        "addDays" => a => Moved(a, (day, n) => day.AddDays(n)),
        "addMonths" => a => Moved(a, (day, n) => day.AddMonths(n)),
        "daysBetween" => a => Day(a, 1).DayNumber - Day(a, 0).DayNumber,
        _ => null,
    };

    /// <summary>getX and setX of a variable, getX of an input, getXFromY of an activity. A declared input wins over a variable of the same name, as in Elsa.</summary>
    private Func<JsValue[], JsValue>? Accessor(string name)
    {
        if (name.Length < 4) return null;
        var rest = name[3..];
        if (name.StartsWith("set", StringComparison.Ordinal)) return Find(scope.VariableNames, rest) is { } set ? a => Write(set, At(a, 0)) : null;
        if (!name.StartsWith("get", StringComparison.Ordinal)) return null;
        if (Find(scope.InputNames, rest) is { } declared) return _ => In(Input(declared));
        if (Find(scope.VariableNames, rest) is { } variable) return _ => Read(variable);
        if (Find(scope.Input.Keys, rest) is { } input) return _ => In(scope.Input[input]);
        var from = rest.IndexOf("From", StringComparison.Ordinal);
        return from > 0 && from + 4 < rest.Length ? _ => In(scope.OutputOf(rest[(from + 4)..], rest[..from])) : null;
    }

    private static string? Find(IEnumerable<string> names, string asked)
    {
        string? pascal = null;
        foreach (var name in names)
        {
            if (name == asked) return name;
            if (pascal is null && Pascal(name) == asked) pascal = name;
        }

        return pascal;
    }

    private object? Input(string name)
    {
        if (scope.Input.TryGetValue(name, out var value)) return value;
        return scope.Input.Keys.FirstOrDefault(key => key.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } key ? scope.Input[key] : null;
    }

    private JsObject Container()
    {
        var variables = new JsObject(engine);
        foreach (var name in scope.VariableNames)
        {
            var get = new ClrFunction(engine, name, (_, _) => Read(name));
            var set = new ClrFunction(engine, name, (_, a) => Write(name, At(a, 0)));
            variables.DefineOwnProperty(name, new GetSetPropertyDescriptor(get, set, enumerable: true, configurable: false));
        }

        return variables;
    }

    private JsValue Read(string name)
    {
        if (read.TryGetValue(name, out var known)) return known.Seen;
        if (!scope.TryGetVariable(name, out var value)) return JsValue.Null;
        var seen = In(value);
        if (seen is ObjectInstance && seen is not JsDate) read[name] = (seen, ValueConversion.ToJson(ScriptValues.Out(seen, limits.ListLength)));
        return seen;
    }

    private JsValue Write(string name, JsValue value)
    {
        read.Remove(name);
        scope.SetVariable(name, Out(value));
        return JsValue.Undefined;
    }

    private DateOnly Today() => DateOnly.FromDateTime(scope.Time.GetLocalNow().DateTime);

    /// <summary>A day stays a day, a date with a time keeps its time.</summary>
    private JsValue Moved(JsValue[] arguments, Func<DateTime, int, DateTime> move)
    {
        var by = ValueConversion.To<int>(Out(At(arguments, 1)));
        if (Out(At(arguments, 0)) is DateTimeOffset instant)
        {
            var zone = scope.Time.LocalTimeZone;
            var local = move(TimeZoneInfo.ConvertTime(instant, zone).DateTime, by);
            return In(new DateTimeOffset(local, zone.GetUtcOffset(local)));
        }

        return DateOnly.FromDateTime(move(Day(arguments, 0).ToDateTime(TimeOnly.MinValue), by)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    private DateOnly Day(JsValue[] arguments, int index) => Out(At(arguments, index)) switch
    {
        DateTimeOffset instant => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, scope.Time.LocalTimeZone).DateTime),
        var value => ValueConversion.To<DateOnly?>(value) ?? throw new ExpressionException(Script.Kind, "a day is missing. Give a date, or a text such as '2026-03-31'."),
    };

    private string Bounded(string text) => text.Length <= limits.TextLength
        ? text
        : throw new ExpressionException(Script.Kind, $"toJson would give more than {limits.TextLength} characters ({nameof(ExpressionOptions)}.{nameof(ExpressionOptions.TextLength)}). Write a part of it.");

    private byte[] Bytes(JsValue[] arguments) => Out(At(arguments, 0)) is JsonArray list
        ? [.. list.Select(item => ValueConversion.To<byte>(item))]
        : throw new ExpressionException(Script.Kind, "bytes are a list of numbers from 0 to 255 here. Make them with bytesFromString or bytesFromBase64.");

    private JsArray FromBytes(byte[] bytes) => new(engine, [.. bytes.Select(b => (JsValue)new JsNumber(b))]);

    private JsValue In(object? value) => ScriptValues.In(engine, value);

    private object? Out(JsValue value) => ScriptValues.Out(value, limits.ListLength);

    private static JsValue At(JsValue[] arguments, int index) => index < arguments.Length ? arguments[index] : JsValue.Undefined;

    private string Text(JsValue[] arguments, int index) => ValueConversion.Text(Out(At(arguments, index)));

    private string? NullableText(JsValue[] arguments, int index) => Out(At(arguments, index)) is { } value ? ValueConversion.Text(value) : null;

    private static JsValue Done(Action act)
    {
        act();
        return JsValue.Undefined;
    }

    [GeneratedRegex("(?:[ _-]+|^)([a-zA-Z])")]
    private static partial Regex WordStart();
}
