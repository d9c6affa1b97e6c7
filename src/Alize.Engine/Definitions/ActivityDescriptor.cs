using System.Reflection;
using Alize.Engine.Activities;

namespace Alize.Engine.Definitions;

/// <summary>What an activity type is: read by the designer, by the check of definitions and by the compiler.</summary>
public sealed class ActivityDescriptor
{
    /// <summary>Full type name, e.g. <c>Elsa.SetVariable</c>.</summary>
    public required string TypeName { get; init; }

    /// <summary>Part before the last point.</summary>
    public required string Namespace { get; init; }

    /// <summary>Part after it.</summary>
    public required string Name { get; init; }

    /// <summary>Version of the type.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Group in the designer.</summary>
    public required string Category { get; init; }

    /// <summary>Name in the designer.</summary>
    public required string DisplayName { get; init; }

    /// <summary>What it does.</summary>
    public string? Description { get; init; }

    /// <summary>Kind.</summary>
    public ActivityKind Kind { get; init; }

    /// <summary>Whether it holds activities drawn inside it.</summary>
    public bool IsContainer { get; init; }

    /// <summary>Whether nothing leads to it.</summary>
    public bool IsStart { get; init; }

    /// <summary>Whether nothing leads away from it.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>Whether the designer offers it.</summary>
    public bool IsBrowsable { get; init; } = true;

    /// <summary>Whether the engine itself brings it: it changes nothing outside the instance.</summary>
    public bool IsEngineOwn { get; init; }

    /// <summary>Class. Null for a workflow used as an activity.</summary>
    public Type? ClrType { get; init; }

    /// <summary>Makes an empty one.</summary>
    internal Func<Activity> Create { get; init; } = static () => throw new InvalidOperationException("This type cannot be made on its own.");

    /// <summary>Inputs in order.</summary>
    public required IReadOnlyList<InputDescriptor> Inputs { get; init; }

    /// <summary>Outputs.</summary>
    public required IReadOnlyList<OutputDescriptor> Outputs { get; init; }

    /// <summary>Ways out of it and places for activities in it, without those that an input adds.</summary>
    public required IReadOnlyList<PortDescriptor> Ports { get; init; }

    /// <summary>The input whose values are outcomes too. Null for none.</summary>
    public InputDescriptor? DynamicOutcomes => Inputs.FirstOrDefault(i => i.GivesOutcomes || i.UIHint == InputUIHints.DynamicOutcomes);

    /// <summary>Names of the fixed outcomes: the flow ports, or <c>Done</c> when there are none.</summary>
    public IReadOnlyList<string> FixedOutcomes
    {
        get
        {
            var flow = Ports.Where(p => p.IsFlow).Select(p => p.Name).ToList();
            return flow.Count > 0 || IsTerminal ? flow : ["Done"];
        }
    }
}

/// <summary>An input of an activity type.</summary>
public sealed class InputDescriptor
{
    /// <summary>Property name; in the JSON in camel case.</summary>
    public required string Name { get; init; }

    /// <summary>Name in the JSON.</summary>
    public required string JsonName { get; init; }

    /// <summary>Type of the value.</summary>
    public required Type Type { get; init; }

    /// <summary>Elsa's name of the type.</summary>
    public required string TypeName { get; init; }

    /// <summary>True for an <see cref="Input{T}"/>, false for a plain JSON value.</summary>
    public required bool IsWrapped { get; init; }

    /// <summary>Whether a definition must give it: its property is not nullable and the class gives no value.</summary>
    public required bool IsRequired { get; init; }

    /// <summary>Label.</summary>
    public required string DisplayName { get; init; }

    /// <summary>What to write there.</summary>
    public string? Description { get; init; }

    /// <summary>Tab.</summary>
    public string? Category { get; init; }

    /// <summary>Position.</summary>
    public float Order { get; init; }

    /// <summary>Editor, see <see cref="InputUIHints"/>.</summary>
    public required string UIHint { get; init; }

    /// <summary>Value when none is given. Null for none.</summary>
    public object? DefaultValue { get; init; }

    /// <summary>Kind of expression the editor starts with.</summary>
    public string? DefaultSyntax { get; init; }

    /// <summary>Whether the designer shows it.</summary>
    public bool IsBrowsable { get; init; } = true;

    /// <summary>Whether its value is kept out of records.</summary>
    public bool IsSensitive { get; init; }

    /// <summary>Whether its values are also outcomes of the activity.</summary>
    public bool GivesOutcomes { get; init; }

    /// <summary>Whether it is evaluated before the activity runs.</summary>
    public bool AutoEvaluate { get; init; } = true;

    /// <summary>Values of a list editor. Null for none.</summary>
    public object? Options { get; init; }

    /// <summary>An <see cref="IPropertyUIHandler"/> type. Null for none.</summary>
    public Type? UIHandler { get; init; }

    /// <summary>The class's property, which an <see cref="IPropertyUIHandler"/> is asked about. Null for a workflow used as an activity.</summary>
    public PropertyInfo? Property { get; init; }

    internal Func<Activity, object?> Get { get; init; } = static _ => null;

    internal Action<Activity, object?> Set { get; init; } = static (_, _) => { };
}

/// <summary>An output of an activity type.</summary>
public sealed class OutputDescriptor
{
    /// <summary>Property name; in the JSON in camel case.</summary>
    public required string Name { get; init; }

    /// <summary>Name in the JSON.</summary>
    public required string JsonName { get; init; }

    /// <summary>Type of the value.</summary>
    public required Type Type { get; init; }

    /// <summary>Elsa's name of the type.</summary>
    public required string TypeName { get; init; }

    /// <summary>Label.</summary>
    public required string DisplayName { get; init; }

    /// <summary>What it gives.</summary>
    public string? Description { get; init; }

    internal Func<Activity, object?> Get { get; init; } = static _ => null;

    internal Action<Activity, object?> Set { get; init; } = static (_, _) => { };
}

/// <summary>A way out of an activity, or a place for activities in it.</summary>
/// <param name="Name">Name; of a flow port also the outcome's.</param>
/// <param name="DisplayName">Label. Null: the name.</param>
/// <param name="IsFlow">True for a way out, false for an embedded activity.</param>
public sealed record PortDescriptor(string Name, string? DisplayName, bool IsFlow)
{
    internal Func<Activity, IActivity?>? Get { get; init; }

    internal Action<Activity, IActivity?>? Set { get; init; }
}
