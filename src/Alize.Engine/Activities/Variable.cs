using System.Text.Json;
using System.Text.Json.Nodes;
using Alize.Engine.Expressions;
using Alize.Engine.Runtime;

namespace Alize.Engine.Activities;

/// <summary>A variable as a definition or a loop declares it; its value lives in the execution of the container that declares it.</summary>
public class Variable
{
    /// <summary>Without a name yet.</summary>
    public Variable()
    {
    }

    /// <summary>A named variable; its id is its name.</summary>
    public Variable(string name, object? value = null)
    {
        Id = name;
        Name = name;
        Value = value;
    }

    /// <summary>Id within the definition.</summary>
    public string Id { get; set; } = "";

    /// <summary>Name in expressions.</summary>
    public string Name { get; set; } = "";

    /// <summary>First value.</summary>
    public object? Value { get; set; }

    /// <summary>Declared type, Elsa's name, e.g. <c>Int32</c>. Null: any.</summary>
    public string? TypeName { get; set; }

    /// <summary>Whether it holds a list of that type.</summary>
    public bool IsArray { get; set; }

    /// <summary>The first value; the designer sends it as text, also where it means a number or a structure.</summary>
    internal object? InitialValue() => Value is string text && (IsArray || TypeName is "Object" or "ObjectDictionary" or "JsonNode" or "JsonObject" or "JsonArray")
        ? JsonOrText(text)
        : Value;

    private static object? JsonOrText(string text)
    {
        if (text.AsSpan().TrimStart() is not ['{' or '[', ..])
            return text;

        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }

    /// <summary>Reads the value nearest to the activity.</summary>
    public object? Get(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.TryGetVariableById(Id, out var value) || context.TryGetVariable(Name, out value) ? value : Value;
    }

    /// <summary>Writes the value nearest to the activity.</summary>
    public void Set(ActivityExecutionContext context, object? value)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.SetVariableByIdOrName(Id, Name, value);
    }
}

/// <summary>A typed variable.</summary>
public sealed class Variable<T> : Variable
{
    /// <summary>Without a name yet.</summary>
    public Variable()
    {
    }

    /// <summary>A named variable; its id is its name.</summary>
    public Variable(string name, T? value = default)
        : base(name, value)
    {
    }

    /// <summary>Reads the value nearest to the activity.</summary>
    public new T? Get(ActivityExecutionContext context) => ValueConversion.To<T>(base.Get(context));
}
