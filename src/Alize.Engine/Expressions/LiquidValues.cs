using System.Collections;
using System.Text.Json.Nodes;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;

namespace Alize.Engine.Expressions;

/// <summary>Values on their way into a template: copies, made when they are first read, so that a template reaches no object of ours.</summary>
internal static class LiquidValues
{
    public static ScriptObject Model(IReadOnlyDictionary<string, object?> model) => new Lazily(name => model.TryGetValue(name, out var value) ? (true, value) : (false, null));

    /// <summary>An object whose members are looked up when the template names them.</summary>
    public static ScriptObject Named(Func<string, (bool Found, object? Value)> find) => new Lazily(find);

    public static object? In(object? value) => In(value, 0);

    /// <summary>A value of a template as a filter of the host gets it.</summary>
    public static object? Out(object? value) => value switch
    {
        int whole => (long)whole,
        LiquidMoment moment => moment.At,
        ScriptArray list => new JsonArray([.. list.Select(item => ValueConversion.ToJson(Out(item)))]),
        ScriptObject members => new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, ValueConversion.ToJson(Out(m.Value))))),
        _ => value,
    };

    private static object? In(object? value, int depth)
    {
        if (depth > 60) throw new ExpressionException(LiquidTemplates.Kind, "a value is nested more than 60 deep. Give the template only what it shows.");
        switch (ValueConversion.Plain(value))
        {
            case null: return null;
            case ScriptObject or ScriptArray or EncodedText or string or bool or DateTimeOffset or DateTime or DateOnly or TimeOnly or TimeSpan or Guid or Uri: return ValueConversion.Plain(value);
            case Enum or char: return ValueConversion.Text(value);
            case JsonObject members: return Object(members.Select(m => KeyValuePair.Create(m.Key, (object?)m.Value)), depth);
            case IReadOnlyDictionary<string, object?> members: return Object(members, depth);
            case IEnumerable list and not IDictionary: return new ScriptArray(list.Cast<object?>().Select(item => In(item, depth + 1)));
            case var plain when plain.GetType().IsPrimitive || plain is decimal: return plain;
            case var structure: return In(ValueConversion.ToJson(structure), depth + 1);
        }
    }

    private static ScriptObject Object(IEnumerable<KeyValuePair<string, object?>> members, int depth)
    {
        var copy = new ScriptObject();
        foreach (var (name, value) in members) copy[name] = In(value, depth + 1);
        return copy;
    }

    private sealed class Lazily(Func<string, (bool Found, object? Value)> find) : ScriptObject
    {
        public override bool Contains(string member) => base.Contains(member) || find(member).Found;

        public override bool TryGetValue(TemplateContext? context, SourceSpan span, string member, out object? value)
        {
            if (base.TryGetValue(context, span, member, out value)) return true;
            var (found, known) = find(member);
            if (!found) return false;
            var copy = In(known);
            if (copy is null) return false;
            SetValue(member, copy, readOnly: false);
            value = copy;
            return true;
        }
    }
}
