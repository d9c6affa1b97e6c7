using System.ComponentModel;
using Alize.Engine.Definitions;
using Alize.Engine.Runtime;

namespace Alize.Engine.Activities;

/// <summary>An activity that holds activities drawn inside it.</summary>
internal interface IContainer
{
    /// <summary>The activities in it, in the definition's order.</summary>
    IEnumerable<Activity> Activities { get; }
}

/// <summary>An activity whose JSON has more than inputs, outputs and ports.</summary>
public interface IReadsJson
{
    /// <summary>Reads the rest, once, when the definition is compiled.</summary>
    void Read(ActivityReader reader);
}

/// <summary>An input or output that a definition declares.</summary>
/// <param name="Name">Name.</param>
/// <param name="TypeName">Elsa's name of the type. Null: any.</param>
/// <param name="IsArray">Whether it is a list of that type.</param>
public sealed record WorkflowArgument(string Name, string? TypeName, bool IsArray);

/// <summary>A definition as an activity: the outermost one of every instance.</summary>
[Activity("Elsa", "Workflows", "The definition itself.")]
[Browsable(false)]
public sealed class Workflow : Activity
{
    /// <summary>Id of the definition.</summary>
    public string DefinitionId { get; internal set; } = "";

    /// <summary>Id of the version.</summary>
    public string DefinitionVersionId { get; internal set; } = "";

    /// <summary>Number of the version.</summary>
    public int DefinitionVersion { get; internal set; }

    /// <summary>Declared inputs.</summary>
    public IReadOnlyList<WorkflowArgument> Inputs { get; internal set; } = [];

    /// <summary>Declared outputs.</summary>
    public IReadOnlyList<WorkflowArgument> Outputs { get; internal set; } = [];

    /// <summary>Declared variables.</summary>
    public IReadOnlyList<Variable> Variables { get; internal set; } = [];

    /// <summary>The activity that the definition draws.</summary>
    public IActivity? Root { get; internal set; }

    /// <inheritdoc />
    protected override ValueTask ExecuteAsync(ActivityExecutionContext context) =>
        Root is null ? context.CompleteActivityAsync() : context.ScheduleActivityAsync(Root, OnRootCompletedAsync);

    private ValueTask OnRootCompletedAsync(ActivityCompletedContext context) => context.TargetContext.CompleteActivityAsync();
}

/// <summary>A workflow used as an activity of another one: same instance, same burst.</summary>
internal sealed class DefinitionActivity : Activity, IContainer
{
    public string WorkflowDefinitionId { get; set; } = "";

    public Workflow Inner { get; set; } = new();

    public IReadOnlyList<WorkflowArgument> Outputs => Inner.Outputs;

    /// <summary>Inputs by the name that the inner definition declares.</summary>
    public Dictionary<string, Input> Arguments { get; } = [];

    /// <summary>Variables that receive the outputs, by output name.</summary>
    public Dictionary<string, string?> OutputTargets { get; } = [];

    IEnumerable<Activity> IContainer.Activities => [Inner];

    public string? OutputTarget(string name) => OutputTargets.GetValueOrDefault(name);

    protected override ValueTask ExecuteAsync(ActivityExecutionContext context) => context.ScheduleActivityAsync(Inner, OnInnerCompletedAsync);

    private ValueTask OnInnerCompletedAsync(ActivityCompletedContext context) => context.TargetContext.CompleteActivityAsync(context.Result as Outcomes);
}
