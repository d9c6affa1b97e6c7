namespace Alize.Engine.Expressions;

/// <summary>
/// What an expression can see and change, given by the runtime at the moment of evaluation.
/// Values are null, bool, string, long, double, decimal, or <see cref="System.Text.Json.Nodes.JsonNode"/> for structures.
/// </summary>
public abstract class ExpressionScope
{
    /// <summary>The running instance's id.</summary>
    public abstract string InstanceId { get; }

    /// <summary>The definition's id.</summary>
    public abstract string DefinitionId { get; }

    /// <summary>The id of the definition's version.</summary>
    public abstract string DefinitionVersionId { get; }

    /// <summary>The definition's version number.</summary>
    public abstract int DefinitionVersion { get; }

    /// <summary>What the instance is about; a script may set it.</summary>
    public abstract string? CorrelationId { get; set; }

    /// <summary>The instance's name; a script may set it.</summary>
    public abstract string? InstanceName { get; set; }

    /// <summary>The instance's input by name.</summary>
    public abstract IReadOnlyDictionary<string, object?> Input { get; }

    /// <summary>Names of the inputs that the definition declares, given or not.</summary>
    public virtual IEnumerable<string> InputNames => Input.Keys;

    /// <summary>What the container gave to the activity under that name; templates see it before the instance's input. Null for nothing.</summary>
    public virtual object? Given(string name) => null;

    /// <summary>The instance's output by name, so far.</summary>
    public abstract IDictionary<string, object?> Output { get; }

    /// <summary>Names of all variables in sight, innermost scope first, each once.</summary>
    public abstract IEnumerable<string> VariableNames { get; }

    /// <summary>Reads the variable of that name nearest to the activity. False when there is none.</summary>
    public abstract bool TryGetVariable(string name, out object? value);

    /// <summary>Writes the nearest variable of that name, or makes a new one in the flow around the activity where there is none.</summary>
    public abstract void SetVariable(string name, object? value);

    /// <summary>Reads a variable by its id in the definition. False when there is none.</summary>
    public abstract bool TryGetVariableById(string id, out object? value);

    /// <summary>The newest output of an activity in sight, by its id or name; null when it gave none.</summary>
    public abstract object? OutputOf(string activityIdOrName, string? outputName);

    /// <summary>The result of the activity completed last in this burst.</summary>
    public abstract object? LastResult { get; }

    /// <summary>Where scripts read the time.</summary>
    public abstract TimeProvider Time { get; }
}
