using Alize.Engine.Activities;
using Alize.Engine.Definitions;

namespace Alize.Engine.Runtime;

/// <summary>Scheduling of children, completion and cancellation.</summary>
public sealed partial class ActivityExecutionContext
{
    /// <summary>Children that run, wait or have faulted.</summary>
    internal IEnumerable<ActivityExecutionContext> OpenChildren =>
        WorkflowExecutionContext.Contexts.Where(c => c.ParentActivityExecutionContext == this && c.IsOpen);

    internal IEnumerable<ActivityExecutionContext> Ancestors
    {
        get
        {
            for (var context = ParentActivityExecutionContext; context is not null; context = context.ParentActivityExecutionContext)
                yield return context;
        }
    }

    /// <summary>Schedules a child behind all that is scheduled already.</summary>
    /// <param name="activity">The child. Null: the callback runs at once.</param>
    /// <param name="completionCallback">Method of this activity told when the child has completed.</param>
    /// <param name="tag">Marks this execution of the child among others.</param>
    /// <param name="variables">Variables in sight of the child only.</param>
    public ValueTask ScheduleActivityAsync(
        IActivity? activity, ActivityCompletionCallback? completionCallback, object? tag = null, IEnumerable<Variable>? variables = null) =>
        ScheduleActivityAsync(activity, new ScheduleWorkOptions { CompletionCallback = completionCallback, Tag = tag, Variables = variables });

    /// <summary>Schedules a child behind all that is scheduled already.</summary>
    public async ValueTask ScheduleActivityAsync(IActivity? activity, ScheduleWorkOptions? options = null)
    {
        if (activity is null)
        {
            if (options?.CompletionCallback is { } callback)
                await callback(new ActivityCompletedContext(this, this, null));
            return;
        }

        var node = (activity as Activity)?.Node ?? throw new InvalidOperationException(
            $"Activity '{activity.Id}' ({activity.Type}) is not part of the definition that runs. Schedule an activity of one of your ports.");
        WorkflowExecutionContext.Schedule(new WorkItem(node, this)
        {
            CompletionCallback = options?.CompletionCallback is { } completion ? Node.Callbacks.NameOf(completion) : null,
            Tag = options?.Tag,
            Variables = options?.Variables,
            Input = options?.Input,
            ScheduledBy = options?.SchedulingActivityExecutionId ?? Id,
        });
    }

    /// <summary>Completes the execution.</summary>
    /// <param name="result">What the container is told: <see cref="Outcomes"/>, or any object.</param>
    public async ValueTask CompleteActivityAsync(object? result = null)
    {
        if (Status != ActivityStatus.Running)
            return;

        SetStatus(ActivityStatus.Completed);
        ClearBookmarks();
        WorkflowExecutionContext.Resolve(this);
        foreach (var child in OpenChildren.ToList())
            await child.CancelActivityAsync();

        CompletedOutcomes = (result as Outcomes)?.Names;
        WorkflowExecutionContext.Journal.Completed(this);
        WorkflowExecutionContext.Complete(new Completion(this, result));
    }

    /// <summary>Completes the execution by named ways of the flowchart.</summary>
    public ValueTask CompleteActivityWithOutcomesAsync(params string[] outcomes) => CompleteActivityAsync(new Outcomes(outcomes));

    /// <summary>Cancels the execution with everything within it: its bookmarks and deadlines go, nothing it scheduled runs.</summary>
    public async ValueTask CancelActivityAsync()
    {
        if (!IsOpen)
            return;

        SetStatus(ActivityStatus.Canceled);
        WorkflowExecutionContext.Withdraw(this);
        ClearBookmarks();
        WorkflowExecutionContext.Resolve(this);
        WorkflowExecutionContext.Journal.Canceled(this);
        await ((Activity)Activity).OnCanceledAsync(this);

        if (ParentActivityExecutionContext is { Status: ActivityStatus.Running } parent)
            await ((Activity)parent.Activity).OnChildCanceledAsync(parent, this);

        foreach (var child in OpenChildren.ToList())
            await child.CancelActivityAsync();
    }

    internal string[]? CompletedOutcomes { get; private set; }

    private void SetStatus(ActivityStatus status)
    {
        var before = Status;
        WorkflowExecutionContext.Step.Undo(() => Status = before);
        Status = status;
    }

    /// <summary>Whether something within still runs or is going to: then a container must not complete yet.</summary>
    internal bool HasPendingWork() =>
        WorkflowExecutionContext.Contexts.Exists(c => c.ParentActivityExecutionContext == this && c.Status == ActivityStatus.Running)
        || WorkflowExecutionContext.Queue.Any(item => IsWithin(item.Owner))
        || WorkflowExecutionContext.Completions.Exists(c => IsWithin(c.Child.ParentActivityExecutionContext));

    private bool IsWithin(ActivityExecutionContext? owner) => owner == this || (owner is not null && owner.Ancestors.Contains(this));
}

/// <summary>How to schedule a child.</summary>
public sealed class ScheduleWorkOptions
{
    /// <summary>Method of the scheduling activity told when the child has completed.</summary>
    public ActivityCompletionCallback? CompletionCallback { get; set; }

    /// <summary>Marks this execution of the child among others.</summary>
    public object? Tag { get; set; }

    /// <summary>Variables in sight of the child only.</summary>
    public IEnumerable<Variable>? Variables { get; set; }

    /// <summary>Read by the child as <see cref="ActivityExecutionContext.ActivityInput"/>.</summary>
    public IDictionary<string, object>? Input { get; set; }

    /// <summary>The execution that led here, for the record. Null: the scheduling one.</summary>
    public string? SchedulingActivityExecutionId { get; set; }
}

/// <summary>An activity that is going to run.</summary>
internal sealed class WorkItem(ActivityNode node, ActivityExecutionContext? owner)
{
    public ActivityNode Node { get; } = node;

    public ActivityExecutionContext? Owner { get; } = owner;

    public string? CompletionCallback { get; init; }

    public object? Tag { get; init; }

    public IEnumerable<Variable>? Variables { get; init; }

    public IDictionary<string, object>? Input { get; init; }

    public string? ScheduledBy { get; init; }
}

/// <summary>A completed execution whose container is still to be told.</summary>
internal sealed record Completion(ActivityExecutionContext Child, object? Result);
