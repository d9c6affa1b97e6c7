using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Xml;

namespace Alize.Engine.Expressions;

/// <summary>
/// Turns the values of expressions into the types of inputs and back into JSON. Never depends on the machine's culture:
/// numbers have a point, dates are ISO 8601.
/// </summary>
public static class ValueConversion
{
    /// <summary>How structures are read and written: camel case, enums by name, case ignored when reading.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        // The French text of a definition stays readable in the database and in the Studio.
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 64,
        Converters = { new JsonStringEnumConverter(), new LooseValues() },
    };

    /// <inheritdoc cref="To(object?, Type)"/>
    public static T? To<T>(object? value) => (T?)To(value, typeof(T));

    /// <summary>
    /// The value as that type. Null and empty text become null or the type's default.
    /// </summary>
    /// <exception cref="ExpressionException">The value has no such form; the message names value, type and the way out.</exception>
    public static object? To(object? value, Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var target = Nullable.GetUnderlyingType(type) ?? type;
        value = Unwrapped(value, target);
        if (value is null) return Nothing(type);
        if (target.IsInstanceOfType(value)) return value;

        try
        {
            return Converted(value, target, type);
        }
        catch (Exception cause) when (cause is FormatException or OverflowException or InvalidCastException or JsonException or ArgumentException or NotSupportedException or InvalidOperationException)
        {
            throw new ExpressionException("Value", $"'{ExpressionException.Shown(Text(value))}' ({Described(value)}) is not a {TypeAliases.NameOf(target)}. {WayOut(target)}", cause);
        }
    }

    /// <summary>The value as JSON; null for null.</summary>
    /// <exception cref="ExpressionException">The value cannot be written as JSON, e.g. an endless number or an object that holds itself.</exception>
    public static JsonNode? ToJson(object? value)
    {
        try
        {
            return value switch
            {
                null => null,
                JsonNode node => node.DeepClone(),
                JsonElement element => JsonNode.Parse(element.GetRawText()),
                string text => JsonValue.Create(text),
                // Serialised so that it reads as ISO 8601 wherever it lands, not as a value only .NET knows.
                TimeSpan span => JsonValue.Create(span.ToString("c", CultureInfo.InvariantCulture)),
                _ => JsonSerializer.SerializeToNode(value, value.GetType(), Json),
            };
        }
        catch (Exception cause) when (cause is JsonException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
            throw new ExpressionException("Value", $"a {TypeAliases.NameOf(value?.GetType() ?? typeof(object))} cannot be written as JSON: {cause.Message} Give plain values, lists and objects up to 64 levels deep.", cause);
        }
    }

    /// <summary>The value as people and templates read it: invariant, JSON for structures, "" for null.</summary>
    public static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        bool yes => yes ? "true" : "false",
        DateTimeOffset instant => instant.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture),
        DateTime instant => instant.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
        JsonValue scalar when scalar.GetValueKind() is JsonValueKind.String => scalar.GetValue<string>(),
        JsonNode node => node.ToJsonString(Json),
        IFormattable number when value.GetType().IsValueType => number.ToString(null, CultureInfo.InvariantCulture),
        Uri uri => uri.ToString(),
        _ => JsonSerializer.Serialize(value, value.GetType(), Json),
    };

    /// <summary>A JSON scalar as null, bool, string, long, double or decimal; structures stay <see cref="JsonNode"/>.</summary>
    public static object? Plain(object? value) => value switch
    {
        JsonElement element => Plain(JsonNode.Parse(element.GetRawText())),
        JsonValue scalar => scalar.GetValueKind() switch
        {
            JsonValueKind.String => scalar.TryGetValue<string>(out var text) ? text : Text(scalar.ToString()),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => Number(scalar.ToJsonString()),
            _ => null,
        },
        _ => value,
    };

    private static object? Unwrapped(object? value, Type target) =>
        value is JsonNode && typeof(JsonNode).IsAssignableFrom(target) || value is JsonElement && target == typeof(JsonElement) ? value : Plain(value);

    private static object? Nothing(Type type) =>
        type.IsValueType && Nullable.GetUnderlyingType(type) is null ? Activator.CreateInstance(type) : null;

    private static object? Converted(object value, Type target, Type declared)
    {
        if (target == typeof(string)) return Text(value);
        if (value is string text) return FromText(text, target, declared);
        if (target == typeof(bool)) return value is long or double or decimal or int ? Convert.ToDecimal(value, CultureInfo.InvariantCulture) != 0 : throw new FormatException();
        if (target.IsEnum && value is long or int) return Defined(target, Enum.ToObject(target, value));
        if (IsNumber(target) && IsNumber(value.GetType())) return ToNumber(value, target);
        if (target == typeof(DateTimeOffset) && value is DateTime at) return new DateTimeOffset(at.Kind is DateTimeKind.Unspecified ? DateTime.SpecifyKind(at, DateTimeKind.Utc) : at);
        if (target == typeof(DateTime) && value is DateTimeOffset instant) return instant.UtcDateTime;
        if (target == typeof(DateOnly) && value is DateTimeOffset ofDay) return DateOnly.FromDateTime(ofDay.DateTime);
        if (target == typeof(DateOnly) && value is DateTime of) return DateOnly.FromDateTime(of);
        if (target == typeof(DateTimeOffset) && value is DateOnly day) return new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        if (target == typeof(TimeSpan) && value is long or double or int) throw new FormatException();
        if (ToJson(value) is not { } json) return Nothing(declared);
        if (typeof(JsonNode).IsAssignableFrom(target)) return target.IsInstanceOfType(json) ? json : throw new FormatException();

        // One value where a list is expected is a list of one: a form with a single choice sends it bare.
        if (json is JsonValue && ItemType(target) is { } item) return JsonSerializer.Deserialize(new JsonArray(ToJson(To(value, item))), target, Json);
        return JsonSerializer.Deserialize(json, target, Json);
    }

    private static object? FromText(string text, Type target, Type declared)
    {
        var trimmed = text.Trim();
        if (target == typeof(Uri)) return trimmed.Length == 0 ? null : new Uri(trimmed, UriKind.RelativeOrAbsolute);
        if (target == typeof(byte[])) return Convert.FromBase64String(trimmed);
        if (typeof(JsonValue) == target) return JsonValue.Create(text);
        if (trimmed.Length == 0) return Nothing(declared);

        if (target == typeof(bool)) return bool.Parse(trimmed);
        if (IsNumber(target)) return ToNumber(Number(trimmed) ?? throw new FormatException(), target);
        if (target == typeof(char)) return trimmed.Length == 1 ? trimmed[0] : throw new FormatException();
        if (target == typeof(Guid)) return Guid.Parse(trimmed);
        if (target == typeof(DateTimeOffset)) return Instant(trimmed);
        if (target == typeof(DateTime)) return Instant(trimmed).UtcDateTime;
        if (target == typeof(DateOnly)) return trimmed.Length == 10 ? DateOnly.ParseExact(trimmed, "yyyy-MM-dd", CultureInfo.InvariantCulture) : DateOnly.FromDateTime(Instant(trimmed).DateTime);
        if (target == typeof(TimeOnly)) return TimeOnly.Parse(trimmed, CultureInfo.InvariantCulture);
        if (target == typeof(TimeSpan)) return Duration(trimmed);
        if (target.IsEnum) return Defined(target, Enum.Parse(target, trimmed, ignoreCase: true));

        var isJson = trimmed[0] is '[' or '{';
        if (typeof(JsonNode).IsAssignableFrom(target)) return Node(text, trimmed, isJson, target);
        if (isJson) return JsonSerializer.Deserialize(trimmed, target, Json);
        if (ItemType(target) is { } item) return JsonSerializer.Deserialize(new JsonArray(ToJson(To(text, item))), target, Json);
        return JsonSerializer.Deserialize(trimmed, target, Json);
    }

    private static JsonNode Node(string text, string trimmed, bool isJson, Type target)
    {
        var node = isJson ? JsonNode.Parse(trimmed, documentOptions: new() { MaxDepth = 64 }) : JsonValue.Create(text);
        return target.IsInstanceOfType(node) && node is not null ? node : throw new FormatException();
    }

    // Without an offset a time is UTC: the machine's own zone must not decide what a definition means.
    private static DateTimeOffset Instant(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static TimeSpan Duration(string text)
    {
        if (text.TrimStart('-').StartsWith('P')) return XmlConvert.ToTimeSpan(text);
        // A bare number would be days to .NET, and minutes or seconds to most people.
        if (!text.Contains(':', StringComparison.Ordinal)) throw new FormatException();
        return TimeSpan.Parse(text, CultureInfo.InvariantCulture);
    }

    private static object? Number(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) return whole;
        var isPlain = !text.Contains('e', StringComparison.OrdinalIgnoreCase);
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number)) return null;
        // A price written 0.1 must come out as 0.1: double only where it says the same, decimal where it would round.
        return isPlain && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) && !SameDigits(number, exact) ? exact : number;
    }

    private static bool SameDigits(double number, decimal exact) =>
        decimal.TryParse(number.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out var back) && back == exact;

    private static object ToNumber(object value, Type target)
    {
        var isWhole = Type.GetTypeCode(target) is >= TypeCode.SByte and <= TypeCode.UInt64;
        // Rounding 2.5 months to 2 would be a decision of ours.
        if (isWhole && value is double real && real != Math.Truncate(real)) throw new FormatException();
        if (isWhole && value is float single && single != MathF.Truncate(single)) throw new FormatException();
        if (isWhole && value is decimal exact && exact != decimal.Truncate(exact)) throw new FormatException();
        return Convert.ChangeType(value, target, CultureInfo.InvariantCulture);
    }

    private static bool IsNumber(Type type) => !type.IsEnum && Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.Decimal;

    private static object Defined(Type type, object value) =>
        Enum.IsDefined(type, value) || type.IsDefined(typeof(FlagsAttribute), inherit: false) ? value : throw new FormatException();

    private static Type? ItemType(Type type)
    {
        if (type == typeof(string) || type == typeof(byte[]) || typeof(IDictionary).IsAssignableFrom(type)) return null;
        if (type.IsArray) return type.GetElementType();
        var list = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>)
            ? type
            : type.GetInterfaces().FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>));
        return list?.GetGenericArguments()[0] is { } item && !(item.IsGenericType && item.GetGenericTypeDefinition() == typeof(KeyValuePair<,>)) ? item : null;
    }

    private static string Described(object value) => value switch
    {
        string => "text",
        JsonArray => "a list",
        JsonObject => "an object",
        _ => TypeAliases.NameOf(value.GetType()),
    };

    private static string WayOut(Type target)
    {
        if (target.IsEnum) return $"Write one of: {string.Join(", ", Enum.GetNames(target))}.";
        if (target == typeof(bool)) return "Write true or false.";
        if (Type.GetTypeCode(target) is >= TypeCode.SByte and <= TypeCode.UInt64) return "Write a whole number, e.g. 12.";
        if (IsNumber(target)) return "Write a number with a point, e.g. 12.5.";
        if (target == typeof(TimeSpan)) return "Write hh:mm:ss, e.g. 01:30:00, or an ISO 8601 duration, e.g. P2D or PT90M.";
        if (target == typeof(DateOnly)) return "Write the day as year-month-day, e.g. 2026-03-31.";
        if (target == typeof(DateTime) || target == typeof(DateTimeOffset)) return "Write the time as ISO 8601, e.g. 2026-03-31T09:00:00+02:00.";
        if (target == typeof(Guid)) return "Write 32 hexadecimal digits, e.g. 0f8fad5b-d9cb-469f-a165-70867728950e.";
        if (target == typeof(byte[])) return "Write Base64.";
        return ItemType(target) is not null ? "Write a JSON list, e.g. [\"a\", \"b\"]." : "Write a JSON object with the properties of that type, e.g. {\"name\": \"x\"}.";
    }

    /// <summary>
    /// Where a structure holds plain objects, they are the values expressions know, not <see cref="JsonElement"/>s of a document that someone must keep alive.
    /// </summary>
    private sealed class LooseValues : JsonConverter<object>
    {
        public override object? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Plain(JsonNode.Parse(ref reader));

        public override void Write(Utf8JsonWriter writer, object value, JsonSerializerOptions options)
        {
            if (value.GetType() == typeof(object))
            {
                writer.WriteStartObject();
                writer.WriteEndObject();
            }
            else
            {
                JsonSerializer.Serialize(writer, value, value.GetType(), options);
            }
        }
    }
}
