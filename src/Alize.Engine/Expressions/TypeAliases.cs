using System.Collections;
using System.Dynamic;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Alize.Engine.Expressions;

/// <summary>Elsa's names for types, as definitions write them in <c>typeName</c>, and the types behind them.</summary>
public static class TypeAliases
{
    private static readonly Dictionary<string, Type> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Object"] = typeof(object),
        ["String"] = typeof(string),
        ["Boolean"] = typeof(bool),
        ["Byte"] = typeof(byte),
        ["Int16"] = typeof(short),
        ["Int32"] = typeof(int),
        ["Int64"] = typeof(long),
        ["Long"] = typeof(long),
        ["Single"] = typeof(float),
        ["Double"] = typeof(double),
        ["Decimal"] = typeof(decimal),
        ["Guid"] = typeof(Guid),
        ["DateTime"] = typeof(DateTime),
        ["DateTimeOffset"] = typeof(DateTimeOffset),
        ["DateOnly"] = typeof(DateOnly),
        ["TimeOnly"] = typeof(TimeOnly),
        ["TimeSpan"] = typeof(TimeSpan),
        ["Uri"] = typeof(Uri),
        ["ByteArray"] = typeof(byte[]),
        ["StringDictionary"] = typeof(Dictionary<string, string>),
        ["ObjectDictionary"] = typeof(Dictionary<string, object?>),
        ["JSON"] = typeof(ExpandoObject),
        ["ExpandoObject"] = typeof(ExpandoObject),
        ["JsonElement"] = typeof(JsonElement),
        ["JsonNode"] = typeof(JsonNode),
        ["JsonObject"] = typeof(JsonObject),
        ["JsonArray"] = typeof(JsonArray),
    };

    private static readonly Dictionary<Type, string> Names =
        Types.Where(t => t.Key is not ("Int64" or "ExpandoObject")).ToDictionary(t => t.Value, t => t.Key);

    /// <summary>Names a definition may use, in Elsa's spelling.</summary>
    public static IReadOnlyCollection<string> All => Types.Keys;

    /// <summary>
    /// The type behind a name: an alias, an alias with <c>[]</c>, <c>?</c> or as in <c>List&lt;String&gt;</c>, or the full name of a type of
    /// .NET's base library, with or without its assembly. Null when unknown. Types of the host are none of a definition's business.
    /// </summary>
    public static Type? Find(string? name)
    {
        if (string.IsNullOrWhiteSpace(name)) return null;
        name = name.Trim();
        if (Types.TryGetValue(name, out var type)) return type;
        if (name.EndsWith("[]", StringComparison.Ordinal)) return Find(name[..^2])?.MakeArrayType();
        if (name.EndsWith('?')) return Find(name[..^1]) is { IsValueType: true } value ? typeof(Nullable<>).MakeGenericType(value) : Find(name[..^1]);
        if (Generic(name) is { } generic) return generic;

        var full = name.Split(',')[0].Trim();
        return full.StartsWith("System.", StringComparison.Ordinal) && Types.Values.FirstOrDefault(t => t.FullName == full) is { } known ? known : null;
    }

    /// <summary>Elsa's name for a type; the full name with its assembly where Elsa has none.</summary>
    public static string NameOf(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying) return NameOf(underlying);
        if (Names.TryGetValue(type, out var name)) return name;
        if (type.IsArray && type.GetElementType() is { } element) return NameOf(element) + "[]";
        if (!type.IsGenericType) return type.Assembly == typeof(object).Assembly ? type.ToString() : $"{type.FullName}, {type.Assembly.GetName().Name}";
        var open = type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)];
        return $"{open}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>";
    }

    /// <summary>The type a declared variable converts its values to; null where any value is welcome.</summary>
    internal static Type? OfVariable(string? name, bool isArray) =>
        isArray || Find(name) is not { } type || type == typeof(object) || type == typeof(ExpandoObject) ? null : type;

    /// <summary>The name by which the Studio knows the type of an input or output: <c>Object</c> where Elsa has none.</summary>
    internal static string ShownAs(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain == typeof(IDictionary<string, object>)) return "ObjectDictionary";
        // Of a variable Elsa says Long.
        if (plain == typeof(long)) return "Int64";
        if (Names.TryGetValue(plain, out var name)) return name;
        if (plain.IsArray) return $"{ShownAs(plain.GetElementType() ?? typeof(object))}[]";
        if (plain.IsGenericType && plain.GetGenericArguments() is [var item] && plain.IsAssignableTo(typeof(IEnumerable))) return $"List<{ShownAs(item)}>";
        return plain.IsEnum ? plain.Name : "Object";
    }

    private static Type? Generic(string name)
    {
        var open = name.IndexOf('<', StringComparison.Ordinal);
        if (open < 1 || !name.EndsWith('>')) return null;
        if (Find(name[(open + 1)..^1]) is not { } item) return null;
        return name[..open] switch
        {
            "List" or "IList" or "ICollection" or "IEnumerable" => typeof(List<>).MakeGenericType(item),
            "Set" or "HashSet" or "ISet" => typeof(HashSet<>).MakeGenericType(item),
            _ => null,
        };
    }
}
