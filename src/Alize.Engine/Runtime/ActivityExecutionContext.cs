using Alize.Engine.Activities;
using Alize.Engine.Definitions;
using Alize.Engine.Expressions;
using Alize.Engine.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Alize.Engine.Runtime;

/// <summary>One execution of one activity: what the activity sees and may ask for.</summary>
public sealed partial class ActivityExecutionContext
{


    internal ActivityExecutionContext(WorkflowExecutionContext workflow, ActivityNode node, ActivityExecutionContext? parent, int number, DateTimeOffset startedAt)
    {
        WorkflowExecutionContext = workflow;
        Node = node;
        ParentActivityExecutionContext = parent;
        Number = number;
        StartedAt = startedAt;
        InputValues = node.Inputs.Count == 0 ? [] : new object?[node.Inputs.Count];
    }

    /// <summary>Id of the execution, the same when a step is retried or a burst repeated.</summary>
    public string Id => field ??= $"{WorkflowExecutionContext.Id}:{Number}";

    /// <summary>The activity.</summary>
    public IActivity Activity => Node.Activity;

    /// <summary>Its place in the definition.</summary>
    public string NodeId => Node.NodeId;

    /// <summary>Status.</summary>
    public ActivityStatus Status { get; internal set; } = ActivityStatus.Running;

    /// <summary>Stops the burst.</summary>
    public CancellationToken CancellationToken => WorkflowExecutionContext.CancellationToken;

    /// <summary>The running workflow.</summary>
    public WorkflowExecutionContext WorkflowExecutionContext { get; }

    /// <summary>The container's execution. Null for the workflow itself.</summary>
    public ActivityExecutionContext? ParentActivityExecutionContext { get; }

    /// <summary>The workflow's input; after a resume, what the resume brought on top of it.</summary>
    public IDictionary<string, object> WorkflowInput => ResumeInput ?? WorkflowExecutionContext.Input;

    /// <summary>What the container gave when it scheduled this execution.</summary>
    public IDictionary<string, object> ActivityInput { get; internal set; } = new Dictionary<string, object>();

    /// <summary>Notes for the journal line of the completion.</summary>
    public IDictionary<string, object> JournalData => field ??= new Dictionary<string, object>();

    /// <summary>The evaluated inputs by name.</summary>
    public IDictionary<string, object> ActivityState => EvaluatedInputs();

    /// <summary>Kept with the execution until it completes.</summary>
    public IDictionary<string, object> Properties => PropertyBag ??= [];

    /// <summary>Marks one of several executions of the same child. Null for none.</summary>
    public object? Tag { get; internal set; }

    /// <summary>Start.</summary>
    public DateTimeOffset StartedAt { get; internal set; }

    /// <summary>Open bookmarks of this execution.</summary>
    public IEnumerable<Bookmark> Bookmarks => WorkflowExecutionContext.Bookmarks.Where(b => b.ActivityInstanceId == Id);

    /// <summary>Evaluates inputs in code.</summary>
    public ExpressionExecutionContext ExpressionExecutionContext => field ??= new ExpressionExecutionContext(this);

    internal ActivityNode Node { get; }

    internal int Number { get; }

    internal object?[] InputValues { get; set; }

    internal Dictionary<string, object>? PropertyBag { get; set; }

    internal IDictionary<string, object>? ResumeInput { get; set; }

    internal Dictionary<string, object?>? Outputs { get; set; }

    internal string? ScheduledBy { get; set; }

    internal string? CompletionCallback { get; set; }

    /// <summary>End. Null while it is open.</summary>
    internal DateTimeOffset? EndedAt { get; set; }

    /// <summary>Steps of this execution that failed and are to be run again, oldest first.</summary>
    internal List<PendingStep> Pending { get; } = [];

    /// <summary>How often a step of this execution has failed.</summary>
    internal int Failures { get; set; }

    internal bool IsOpen => Status is ActivityStatus.Pending or ActivityStatus.Running or ActivityStatus.Faulted;

    /// <summary>A service of the burst: the same scope, database context and transaction as the runtime's own writes.</summary>
    public T GetRequiredService<T>()
        where T : notnull => WorkflowExecutionContext.Services.GetRequiredService<T>();

    /// <summary>A service of the burst; null when it is not registered.</summary>
    public T? GetService<T>()
        where T : notnull => WorkflowExecutionContext.Services.GetService<T>();

    /// <summary>Reads an input; the default of its type when it has no value.</summary>
    public T? Get<T>(Input<T>? input)
    {
        if (input is null)
            return default;

        if (input.IsConstant)
            return (T?)input.Constant;

        if (input.Slot < 0)
            return input.Compute is { } compute ? (T?)compute(ExpressionExecutionContext) : default;

        var value = InputValues[input.Slot];
        return value is T typed ? typed : ValueConversion.To<T>(value);
    }

    /// <summary>Reads what an output received; the default of its type when nothing was written.</summary>
    public T? Get<T>(Output<T>? output) =>
        output is not null && Outputs is not null && Outputs.TryGetValue(output.Name, out var value) ? ValueConversion.To<T>(value) : default;

    /// <summary>Writes an output to the variable or workflow output it is bound to.</summary>
    public void Set<T>(Output<T>? output, T? value)
    {
        if (output is not null)
            SetOutput(output.Name, output.Target, value);
    }

    /// <summary>Reads a property kept with the execution.</summary>
    public T? GetProperty<T>(string key) =>
        PropertyBag is not null && PropertyBag.TryGetValue(key, out var value) ? value is T typed ? typed : ValueConversion.To<T>(value) : default;

    /// <summary>Keeps a property with the execution.</summary>
    public void SetProperty<T>(string key, T? value)
    {
        if (value is null)
            RemoveProperty(key);
        else
            WorkflowExecutionContext.Step.Set(Properties, key, value);
    }

    /// <summary>Forgets a property.</summary>
    public void RemoveProperty(string key)
    {
        if (PropertyBag is not null)
            WorkflowExecutionContext.Step.Remove(PropertyBag, key);
    }

    /// <summary>Evaluates an input now, for those the runtime does not evaluate beforehand.</summary>
    public async ValueTask<T?> EvaluateAsync<T>(Input<T>? input)
    {
        if (input is null)
            return default;

        var value = await Steps.EvaluateAsync(this, input);
        if (input.Slot >= 0)
            InputValues[input.Slot] = value;
        return value is T typed ? typed : ValueConversion.To<T>(value);
    }

    /// <summary>Whether this execution is the one that the starting stimulus was meant for: then it does not wait for another.</summary>
    public bool IsTriggerOfWorkflow()
    {
        const string firedKey = "TriggerFired";
        if (WorkflowExecutionContext.TriggerActivityId != Activity.Id || WorkflowExecutionContext.Properties.ContainsKey(firedKey))
            return false;

        // In a loop the same activity waits the second time; where this step fails, its retry is the first time still.
        WorkflowExecutionContext.Step.Set(WorkflowExecutionContext.Properties, firedKey, true);
        return true;
    }

    /// <summary>
    /// Sends a message to the runtime, within the burst's transaction: it exists when the burst is committed,
    /// and not at all when the step fails.
    /// </summary>
    public void Enqueue(Stimulus stimulus)
    {
        ArgumentNullException.ThrowIfNull(stimulus);
        WorkflowExecutionContext.Step.Stimuli.Add(stimulus);
    }

    internal void SetOutput(string name, string? target, object? value)
    {
        WorkflowExecutionContext.Step.Set(Outputs ??= [], name, value);
        if (name == nameof(Activity<object>.Result))
            WorkflowExecutionContext.LastResult = value;
        if (WorkflowExecutionContext.Compiled.ReadsOutputs)
            (ParentActivityExecutionContext ?? this).RememberOutput(Activity, name, value);
        if (target is null)
            return;

        if (!TrySetVariableById(target, value))
            SetDeclaredOutput(target, value);
    }

    private Dictionary<string, object> EvaluatedInputs()
    {
        var state = new Dictionary<string, object>();
        foreach (var (input, descriptor) in Node.Inputs)
            if ((input.IsConstant ? input.Constant : InputValues[input.Slot]) is { } value)
                state[descriptor.Name] = value;
        return state;
    }
}
