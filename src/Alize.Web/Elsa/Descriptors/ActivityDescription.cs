namespace Alize.Web.Elsa.Descriptors;

/// <summary>An activity type as the Studio reads it. Type name and version together are its key.</summary>
internal sealed record ActivityDescription
{
    public required string TypeName { get; init; }

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required int Version { get; init; }

    public required string Category { get; init; }

    public string? DisplayName { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<InputDescription> Inputs { get; init; } = [];

    public IReadOnlyList<OutputDescription> Outputs { get; init; } = [];

    public string Kind { get; init; } = nameof(Engine.Activities.ActivityKind.Action);

    public bool RunAsynchronously { get; init; }

    public IReadOnlyList<PortDescription> Ports { get; init; } = [];

    public IReadOnlyDictionary<string, object> CustomProperties { get; init; } = new Dictionary<string, object>();

    /// <summary>Copied into every new activity of this type.</summary>
    public IReadOnlyDictionary<string, object> ConstructionProperties { get; init; } = new Dictionary<string, object>();

    public bool IsContainer { get; init; }

    public bool IsBrowsable { get; init; }

    public bool IsStart { get; init; }

    public bool IsTerminal { get; init; }
}

/// <summary>An input of an activity type.</summary>
internal sealed record InputDescription
{
    public required string Name { get; init; }

    public required string TypeName { get; init; }

    public string? DisplayName { get; init; }

    public string? Description { get; init; }

    public float Order { get; init; }

    public bool IsBrowsable { get; init; } = true;

    public bool IsSerializable { get; init; } = true;

    public bool IsSynthetic { get; init; }

    public bool IsWrapped { get; init; } = true;

    public required string UiHint { get; init; }

    public string? Category { get; init; }

    public object? DefaultValue { get; init; }

    public string? DefaultSyntax { get; init; }

    public bool IsReadOnly { get; init; }

    public bool IsSensitive { get; init; }

    public bool AutoEvaluate { get; init; } = true;

    /// <summary>What the editor shows, by its name. Enums are numbers in there: a name breaks the whole panel.</summary>
    public IDictionary<string, object> UiSpecifications { get; init; } = new Dictionary<string, object>();
}

/// <summary>An output of an activity type.</summary>
internal sealed record OutputDescription(string Name, string TypeName, string? DisplayName, string? Description, bool IsSynthetic = false)
{
    public float Order { get; init; }

    public bool IsBrowsable { get; init; } = true;
}

/// <summary>A way out of an activity (<c>Flow</c>), or a place for an activity in it (<c>Embedded</c>).</summary>
internal sealed record PortDescription(string Name, string DisplayName, string Type, bool IsBrowsable = true);
