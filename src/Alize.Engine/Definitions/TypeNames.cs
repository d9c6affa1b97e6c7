using System.Text.Json.Nodes;

namespace Alize.Engine.Definitions;

/// <summary>Elsa's names of the types of variables and inputs.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<string, Type> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["String"] = typeof(string),
        ["Boolean"] = typeof(bool),
        ["Byte"] = typeof(byte),
        ["Int16"] = typeof(short),
        ["Int32"] = typeof(int),
        ["Int64"] = typeof(long),
        ["Single"] = typeof(float),
        ["Double"] = typeof(double),
        ["Decimal"] = typeof(decimal),
        ["Guid"] = typeof(Guid),
        ["DateTime"] = typeof(DateTime),
        ["DateTimeOffset"] = typeof(DateTimeOffset),
        ["DateOnly"] = typeof(DateOnly),
        ["TimeOnly"] = typeof(TimeOnly),
        ["TimeSpan"] = typeof(TimeSpan),
        ["Object"] = typeof(object),
        ["JsonNode"] = typeof(JsonNode),
        ["JsonObject"] = typeof(JsonObject),
        ["JsonArray"] = typeof(JsonArray),
        ["ObjectDictionary"] = typeof(IDictionary<string, object>),
    };

    /// <summary>Type of a declared variable; null where any value is welcome.</summary>
    public static Type? Find(string? name, bool isArray)
    {
        if (name is null || isArray || !Known.TryGetValue(name, out var type) || type == typeof(object))
            return null;
        return type;
    }

    /// <summary>Elsa's name of a type.</summary>
    public static string Of(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        foreach (var (name, known) in Known)
            if (known == plain)
                return name;

        if (plain.IsArray)
            return $"{Of(plain.GetElementType() ?? typeof(object))}[]";
        if (plain.IsGenericType && plain.GetGenericArguments() is [var item] && plain.IsAssignableTo(typeof(System.Collections.IEnumerable)))
            return $"List<{Of(item)}>";
        return plain.IsEnum ? plain.Name : "Object";
    }
}
