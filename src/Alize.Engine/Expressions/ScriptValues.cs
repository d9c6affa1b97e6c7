using System.Text.Json.Nodes;
using Jint;
using Jint.Native;
using Jint.Native.Function;
using Jint.Native.Object;
using Jint.Runtime;

namespace Alize.Engine.Expressions;

/// <summary>
/// Values on their way into a script and out again. Structures are copied both ways: a script gets no object of ours in its hands.
/// </summary>
internal static class ScriptValues
{
    private const int MaxDepth = 60;

    public static JsValue In(Jint.Engine engine, object? value) => ValueConversion.Plain(value) switch
    {
        null => JsValue.Null,
        bool yes => yes ? JsBoolean.True : JsBoolean.False,
        string text => new JsString(text),
        int or long or short or byte or sbyte or ushort or uint or ulong or float or double or decimal => new JsNumber(ValueConversion.To<double>(value)),
        DateTimeOffset instant => new JsDate(engine, instant.ToUnixTimeMilliseconds()),
        DateTime instant => In(engine, ValueConversion.To<DateTimeOffset>(instant)),
        JsonArray list => new JsArray(engine, [.. list.Select(item => In(engine, item))]),
        JsonObject properties => InObject(engine, properties),
        Guid or DateOnly or TimeOnly or TimeSpan or Uri or Enum => new JsString(ValueConversion.Text(value)),
        var other => In(engine, ValueConversion.ToJson(other)),
    };

    /// <summary>The value as null, bool, string, long, double, <see cref="DateTimeOffset"/> or <see cref="JsonNode"/>.</summary>
    /// <exception cref="ExpressionException">A function, a symbol, or a structure too large or too deep.</exception>
    public static object? Out(JsValue value, int maxItems)
    {
        var left = maxItems;
        return Out(value, 0, ref left, maxItems);
    }

    private static JsObject InObject(Jint.Engine engine, JsonObject properties)
    {
        var copy = new JsObject(engine);
        foreach (var (name, value) in properties) copy.FastSetDataProperty(name, In(engine, value));
        return copy;
    }

    private static object? Out(JsValue value, int depth, ref int left, int maxItems)
    {
        if (depth > MaxDepth) throw Failed($"the result is nested more than {MaxDepth} deep, or holds itself. Give back plain values, lists and objects");
        if (--left < 0) throw Failed($"the result holds more than {maxItems} values ({nameof(ExpressionOptions)}.{nameof(ExpressionOptions.ListLength)}). Give back only what the workflow needs");
        switch (value.Type)
        {
            case Types.Empty or Types.Undefined or Types.Null: return null;
            case Types.Boolean: return value.AsBoolean();
            case Types.String: return value.AsString();
            case Types.Number when IsWhole(value.AsNumber()): return (long)value.AsNumber();
            case Types.Number: return value.AsNumber();
            case Types.Symbol or Types.BigInt: throw Failed($"the result is a {value.Type}, which no variable can hold. Turn it into text with String(…)");
        }

        if (value is JsDate date) return Instant(date);
        if (value is Function) throw Failed("the result is a function. Call it: write f() instead of f");
        return OutStructure(value.AsObject(), depth, ref left, maxItems);
    }

    private static JsonNode OutStructure(ObjectInstance structure, int depth, ref int left, int maxItems)
    {
        if (structure is JsArray list)
        {
            var items = new JsonArray();
            for (uint i = 0; i < list.Length; i++) items.Add(Node(Out(list[i], depth + 1, ref left, maxItems)));
            return items;
        }

        var properties = new JsonObject();
        foreach (var key in structure.GetOwnPropertyKeys(Types.String))
        {
            if (!structure.GetOwnProperty(key).Enumerable) continue;
            var value = structure.Get(key);
            // As JSON.stringify does: methods and undefined are no part of a value.
            if (value.IsUndefined() || value is Function || value.IsSymbol()) continue;
            properties[key.ToString()] = Node(Out(value, depth + 1, ref left, maxItems));
        }

        return properties;
    }

    private static bool IsWhole(double number) => number == Math.Truncate(number) && Math.Abs(number) <= 9_007_199_254_740_991;

    private static DateTimeOffset Instant(JsDate date)
    {
        var milliseconds = date.DateValue;
        if (double.IsNaN(milliseconds) || milliseconds < DateTimeOffset.MinValue.ToUnixTimeMilliseconds() || milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
            throw Failed("the result is not a valid date. Write dates as ISO 8601, e.g. new Date('2026-03-31T09:00:00Z')");
        return DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);
    }

    private static JsonNode? Node(object? value) => value switch
    {
        null => null,
        JsonNode node => node,
        bool yes => JsonValue.Create(yes),
        string text => JsonValue.Create(text),
        long whole => JsonValue.Create(whole),
        double number when double.IsFinite(number) => JsonValue.Create(number),
        double number => throw Failed($"the result holds the number {ValueConversion.Text(number)}, which JSON cannot write. Look for a division by zero or a text that is no number"),
        DateTimeOffset instant => JsonValue.Create(instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture)),
        _ => ValueConversion.ToJson(value),
    };

    private static ExpressionException Failed(string problem) => new(Script.Kind, problem + ".");
}
