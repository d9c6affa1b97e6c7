using System.Text.Json;
using System.Text.Json.Nodes;
using Alize.Engine.Expressions;

namespace Alize.Engine.Runtime;

/// <summary>Values between their .NET form, what expressions see, and JSON.</summary>
internal static class Values
{
    /// <summary>Converts to a declared type where that is possible; keeps the value where it is not.</summary>
    public static object? Convert(object? value, Type? type)
    {
        if (value is null || type is null || type.IsInstanceOfType(value))
            return value;

        try
        {
            return ValueConversion.To(value, type);
        }
        catch (ExpressionException)
        {
            return value;
        }
    }

    /// <summary>What an expression sees: null, bool, string, long, double, decimal or a JSON node.</summary>
    public static object? Seen(object? value) => value switch
    {
        null or bool or string or long or double or decimal or JsonNode => value,
        byte or sbyte or short or ushort or int or uint => System.Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture),
        float number => (double)number,
        Enum name => name.ToString(),
        _ => FromJson(ValueConversion.ToJson(value)),
    };

    /// <summary>A JSON value as string, number or boolean; structures stay JSON.</summary>
    public static object? FromJson(JsonNode? node) => ValueConversion.Plain(node);

    public static object? FromJson(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => Number(element),
        JsonValueKind.Array => JsonArray.Create(element.Clone()),
        _ => JsonObject.Create(element.Clone()),
    };

    private static object Number(JsonElement element)
    {
        if (element.TryGetInt64(out var whole))
            return whole;
        return element.TryGetDecimal(out var exact) ? exact : element.GetDouble();
    }

    public static Dictionary<string, object> Dictionary(string? json)
    {
        var values = new Dictionary<string, object>();
        if (json is null)
            return values;

        using var document = JsonDocument.Parse(json);
        foreach (var property in document.RootElement.EnumerateObject())
            if (FromJson(property.Value) is { } value)
                values[property.Name] = value;
        return values;
    }

    public static string? Json(IEnumerable<KeyValuePair<string, object?>> values)
    {
        var json = new JsonObject();
        foreach (var (name, value) in values)
            json[name] = ValueConversion.ToJson(value);
        return json.Count == 0 ? null : json.ToJsonString();
    }

    public static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool boolean:
                writer.WriteBooleanValue(boolean);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case IStateValue own:
                own.Write(writer);
                break;
            default:
                if (ValueConversion.ToJson(value) is { } node)
                    node.WriteTo(writer);
                else
                    writer.WriteNullValue();
                break;
        }
    }
}

/// <summary>A value that writes itself into the state.</summary>
internal interface IStateValue
{
    void Write(Utf8JsonWriter writer);
}
