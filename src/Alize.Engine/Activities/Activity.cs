using Alize.Engine.Definitions;
using Alize.Engine.Runtime;

namespace Alize.Engine.Activities;

/// <summary>A step of a workflow. One object per node of a compiled definition, shared by all its executions: it holds no state.</summary>
public interface IActivity
{
    /// <summary>Id within the definition.</summary>
    string Id { get; set; }

    /// <summary>Path of ids from the workflow, e.g. <c>Workflow1:Flowchart1:a1</c>.</summary>
    string NodeId { get; set; }

    /// <summary>Name for people and for expressions. Null for none.</summary>
    string? Name { get; set; }

    /// <summary>Type name, e.g. <c>Elsa.SetVariable</c>.</summary>
    string Type { get; set; }

    /// <summary>Version of the type.</summary>
    int Version { get; set; }

    /// <summary>What the designer keeps about the activity.</summary>
    IDictionary<string, object> CustomProperties { get; set; }

    /// <summary>Properties of the JSON that the class has no member for.</summary>
    IDictionary<string, object> SyntheticProperties { get; set; }

    /// <summary>Position and text in the designer.</summary>
    IDictionary<string, object> Metadata { get; set; }

    /// <summary>Whether the activity may run now.</summary>
    ValueTask<bool> CanExecuteAsync(ActivityExecutionContext context);

    /// <summary>Runs the activity.</summary>
    ValueTask ExecuteAsync(ActivityExecutionContext context);
}

/// <summary>A step that completes when it says so.</summary>
public abstract class Activity : IActivity
{
    private const string CanStartWorkflowKey = "canStartWorkflow";
    private const string RunAsynchronouslyKey = "runAsynchronously";

    /// <inheritdoc />
    public string Id { get; set; } = "";

    /// <inheritdoc />
    public string NodeId { get; set; } = "";

    /// <inheritdoc />
    public string? Name { get; set; }

    /// <inheritdoc />
    public string Type { get; set; } = "";

    /// <inheritdoc />
    public int Version { get; set; } = 1;

    /// <summary>Whether the workflow may start here.</summary>
    public bool CanStartWorkflow
    {
        get => CustomProperties.TryGetValue(CanStartWorkflowKey, out var value) && value is true;
        set => CustomProperties[CanStartWorkflowKey] = value;
    }

    /// <summary>Elsa's wish to run in the background. Kept, not followed: a burst is one transaction.</summary>
    public bool? RunAsynchronously
    {
        get => CustomProperties.TryGetValue(RunAsynchronouslyKey, out var value) ? value as bool? : null;
        set => CustomProperties[RunAsynchronouslyKey] = value ?? false;
    }

    /// <inheritdoc />
    public IDictionary<string, object> CustomProperties { get; set; } = new Dictionary<string, object>();

    /// <inheritdoc />
    public IDictionary<string, object> SyntheticProperties { get; set; } = new Dictionary<string, object>();

    /// <inheritdoc />
    public IDictionary<string, object> Metadata { get; set; } = new Dictionary<string, object>();

    /// <summary>Its place in the compiled definition. Null before compilation.</summary>
    internal ActivityNode? Node { get; set; }

    /// <summary>Whether the runtime completes it after it ran.</summary>
    internal virtual bool CompletesItself => false;

    /// <summary>Whether the flowchart it stands in is over when it completes.</summary>
    internal virtual bool IsTerminal => false;

    /// <summary>Whether the activity may run now; an activity that may not waits until it is resumed.</summary>
    protected virtual ValueTask<bool> CanExecuteAsync(ActivityExecutionContext context) => ValueTask.FromResult(true);

    /// <summary>Runs the activity.</summary>
    protected virtual ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        Execute(context);
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs an activity that waits for nothing.</summary>
    protected virtual void Execute(ActivityExecutionContext context)
    {
    }

    /// <summary>Tells a container that one of its steps was cancelled.</summary>
    internal virtual ValueTask OnChildCanceledAsync(ActivityExecutionContext self, ActivityExecutionContext child) => ValueTask.CompletedTask;

    /// <summary>Lets an activity undo what it asked of others, when its execution is cancelled.</summary>
    internal virtual ValueTask OnCanceledAsync(ActivityExecutionContext self) => ValueTask.CompletedTask;

    /// <summary>How the activity answers a break within it.</summary>
    internal virtual BreakAnswer OnBreak(ActivityExecutionContext self) => BreakAnswer.Ignore;

    ValueTask<bool> IActivity.CanExecuteAsync(ActivityExecutionContext context) => CanExecuteAsync(context);

    ValueTask IActivity.ExecuteAsync(ActivityExecutionContext context) => ExecuteAsync(context);
}

/// <summary>What a container does with a break from within.</summary>
internal enum BreakAnswer
{
    /// <summary>It is not a loop; ask the next container.</summary>
    Ignore,

    /// <summary>It ends, and so do the containers around it up to the loop.</summary>
    PassOn,

    /// <summary>It is the loop that ends.</summary>
    Stop,
}

/// <summary>A step with a result.</summary>
public abstract class Activity<T> : Activity
{
    /// <summary>Where the result goes.</summary>
    [Output]
    public Output<T>? Result { get; set; }
}

/// <summary>A step that is complete when it has run.</summary>
public abstract class CodeActivity : Activity
{
    internal override bool CompletesItself => true;
}

/// <summary>A step with a result that is complete when it has run.</summary>
public abstract class CodeActivity<T> : CodeActivity
{
    /// <summary>Where the result goes.</summary>
    [Output]
    public Output<T>? Result { get; set; }
}
