namespace Alize.Engine.Activities;

/// <summary>What an activity is to the designer and the journal.</summary>
public enum ActivityKind
{
    /// <summary>Does something.</summary>
    Action,

    /// <summary>Can start a workflow.</summary>
    Trigger,

    /// <summary>Long work.</summary>
    Job,

    /// <summary>Short or long work, as the designer chooses.</summary>
    Task,
}

/// <summary>Makes a class an activity of a namespace.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ActivityAttribute(string @namespace, string? category, string? description = null) : Attribute
{
    /// <summary>Prefix of the type name.</summary>
    public string Namespace { get; } = @namespace;

    /// <summary>Group in the designer. Null: the namespace.</summary>
    public string? Category { get; } = category;

    /// <summary>What it does, one sentence.</summary>
    public string? Description { get; } = description;

    /// <summary>Name after the namespace. Null: the class's name.</summary>
    public string? Type { get; set; }

    /// <summary>Version of the type.</summary>
    public int Version { get; set; } = 1;

    /// <summary>Name in the designer. Null: the type's words.</summary>
    public string? DisplayName { get; set; }

    /// <summary>Kind.</summary>
    public ActivityKind Kind { get; set; }
}

/// <summary>Describes an input to the designer.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class InputAttribute : Attribute
{
    /// <summary>Label. Null: the property's words.</summary>
    public string? DisplayName { get; set; }

    /// <summary>What to write there.</summary>
    public string? Description { get; set; }

    /// <summary>Tab. Null: the first.</summary>
    public string? Category { get; set; }

    /// <summary>Editor, one of <see cref="InputUIHints"/>. Null: by type.</summary>
    public string? UIHint { get; set; }

    /// <summary>Values of a list editor.</summary>
    public object? Options { get; set; }

    /// <summary>Position.</summary>
    public float Order { get; set; }

    /// <summary>Value shown when none is given.</summary>
    public object? DefaultValue { get; set; }

    /// <summary>Kind of expression the editor starts with.</summary>
    public string? DefaultSyntax { get; set; }

    /// <summary>An <see cref="IPropertyUIHandler"/> that gives the editor its values.</summary>
    public Type? UIHandler { get; set; }

    /// <summary>Whether the designer shows it.</summary>
    public bool IsBrowsable { get; set; } = true;

    /// <summary>Whether its value must not be kept in records.</summary>
    public bool CanContainSecrets { get; set; }

    /// <summary>Whether its values are also outcomes of the activity, e.g. the status codes expected.</summary>
    public bool GivesOutcomes { get; set; }

    /// <summary>Whether it is evaluated before the activity runs.</summary>
    public bool AutoEvaluate { get; set; } = true;
}

/// <summary>Describes an output to the designer.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OutputAttribute : Attribute
{
    /// <summary>Label. Null: the property's words.</summary>
    public string? DisplayName { get; set; }

    /// <summary>What it gives.</summary>
    public string? Description { get; set; }
}

/// <summary>A property that holds an embedded activity.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PortAttribute : Attribute
{
    /// <summary>Name. Null: the property's.</summary>
    public string? Name { get; set; }

    /// <summary>Label. Null: the name.</summary>
    public string? DisplayName { get; set; }
}

/// <summary>Outcomes by which a flowchart leaves the activity.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class FlowNodeAttribute(params string[] outcomes) : Attribute
{
    /// <summary>Outcomes, in the designer's order.</summary>
    public IReadOnlyList<string> Outcomes { get; } = outcomes;
}
