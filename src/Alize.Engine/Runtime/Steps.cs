using Alize.Engine.Activities;
using Alize.Engine.Storage;

namespace Alize.Engine.Runtime;

/// <summary>
/// Runs what is scheduled, first in, first out, until nothing is left. Each step (an activity's start, its going on after a
/// bookmark, a container told of a child) succeeds as a whole or is taken back as a whole.
/// </summary>
internal sealed class Steps(WorkflowExecutionContext workflow, IWorkflowStore store, EngineOptions options)
{
    private int _count;

    /// <summary>Evaluates an input in the scope of an execution.</summary>
    /// <exception cref="InputException">The expression threw, or its value does not fit.</exception>
    public static async ValueTask<object?> EvaluateAsync(ActivityExecutionContext context, Input input)
    {
        if (input.IsConstant)
            return input.Constant;
        if (input.Compute is { } compute)
            return compute(context.ExpressionExecutionContext);
        if (input.Expression is not { } expression)
            return null;

        try
        {
            return await context.WorkflowExecutionContext.Expressions.EvaluateAsync(expression, input.Type, new RunningScope(context), context.CancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !context.CancellationToken.IsCancellationRequested)
        {
            throw new InputException($"Failed to evaluate activity input '{input.Name}': {e.Message}", e);
        }
    }

    /// <summary>Runs until nothing is scheduled.</summary>
    public async Task RunAsync()
    {
        while (workflow.Ending is not (WorkflowSubStatus.Finished or WorkflowSubStatus.Cancelled))
        {
            workflow.CancellationToken.ThrowIfCancellationRequested();
            if (IsAtCommitPoint())
            {
                workflow.IsSplit = true;
                return;
            }

            if (workflow.Completions.Count > 0)
            {
                var completion = workflow.Completions[0];
                workflow.Completions.RemoveAt(0);
                await TellAsync(completion);
            }
            else if (workflow.Queue.Count > 0)
            {
                var item = workflow.Queue[0];
                workflow.Queue.RemoveAt(0);
                await BeginAsync(item);
            }
            else
            {
                return;
            }
        }

        workflow.Queue.Clear();
        workflow.Completions.Clear();
    }

    /// <summary>Whether what comes next is to begin in a transaction of its own. What a burst begins with does: else it would never run.</summary>
    private bool IsAtCommitPoint() => _count > 0 && workflow.Ending is null && (workflow.Completions.Count > 0
        ? workflow.Completions[0].Child.Node.Commits?.After == true
        : workflow.Queue.Count > 0 && workflow.Queue[0].Node.Commits?.Before == true);

    /// <summary>Goes on with the execution that waits at a bookmark. False when it does not wait any more.</summary>
    public async Task<bool> ResumeAsync(Bookmark bookmark, IDictionary<string, object> input)
    {
        if (workflow.FindContext(bookmark.ActivityInstanceId) is not { Status: ActivityStatus.Running or ActivityStatus.Faulted } context)
            return false;

        workflow.Step = new Step();
        if (bookmark.AutoBurn)
            workflow.Remove(bookmark);
        workflow.Journal.Resumed(context);
        await StepAsync(context, new PendingStep(PendingKind.Resume) { Callback = bookmark.CallbackMethodName, Input = input });
        await RunAsync();
        return true;
    }

    /// <summary>Runs the failed steps of an execution again.</summary>
    public async Task RetryAsync(ActivityExecutionContext context)
    {
        workflow.Step = new Step();
        workflow.RemoveRetryTimer(context);
        workflow.Resolve(context);
        var pending = context.Pending.ToList();
        context.Pending.Clear();
        context.Status = ActivityStatus.Running;
        foreach (var step in pending)
        {
            // The one before ended it: what follows from its end still has to be run.
            if (!context.IsOpen)
                break;

            workflow.Journal.Retried(context);
            await StepAsync(context, step, isRetry: true);
        }

        Forgive(context);
        await RunAsync();
    }

    private async Task BeginAsync(WorkItem item)
    {
        // Work already queued still runs after its container completed; after it was cancelled it does not.
        if (item.Owner is { Status: ActivityStatus.Canceled })
            return;

        await StepAsync(Open(item), new PendingStep(PendingKind.Execute));
    }

    /// <summary>Begins an activity and leaves it as failed, without running it: a retry runs it.</summary>
    public void BeginFailed(WorkItem item, Exception reason) =>
        new Faults(workflow, options).Note(Open(item), new PendingStep(PendingKind.Execute), reason);

    private ActivityExecutionContext Open(WorkItem item)
    {
        var context = new ActivityExecutionContext(workflow, item.Node, item.Owner, ++workflow.Counter, workflow.Time.GetUtcNow())
        {
            CompletionCallback = item.CompletionCallback,
            Tag = item.Tag,
            ScheduledBy = item.ScheduledBy,
        };
        if (item.Input is { } input)
            context.ActivityInput = input;
        foreach (var variable in item.Variables ?? [])
            context.Declare(variable.Id, variable.Name, null, variable.Value);
        foreach (var variable in item.Node.Variables)
            context.Declare(variable);

        workflow.Contexts.Add(context);
        workflow.Step = new Step();
        workflow.Journal.Started(context);
        return context;
    }

    private async Task TellAsync(Completion completion)
    {
        var child = completion.Child;
        if (child.ParentActivityExecutionContext is not { Status: ActivityStatus.Running or ActivityStatus.Faulted } parent || child.CompletionCallback is not { } callback)
            return;

        workflow.Step = new Step();
        await StepAsync(parent, new PendingStep(PendingKind.Completion) { Callback = callback, Child = child, Result = completion.Result });
    }

    /// <summary>An execution that is well again has all its tries before it: one that waits for years would use them up fault by fault.</summary>
    private static void Forgive(ActivityExecutionContext context)
    {
        if (context.Pending.Count == 0)
            context.Failures = 0;
    }

    private async Task StepAsync(ActivityExecutionContext context, PendingStep pending, bool isRetry = false)
    {
        var isOurs = context.Node.Descriptor.IsEngineOwn;
        if (!isOurs)
            await store.FlushAsync(workflow.CancellationToken);

        // What happened before this point (the consumed bookmark, the line that says so) stays, whatever becomes of the step.
        var step = workflow.Step = new Step();
        var lines = workflow.Journal.Lines.Count;
        var waiting = workflow.AddedBookmarks.Count;
        context.Status = ActivityStatus.Running;
        try
        {
            if (++_count > options.MaxStepsPerBurst)
                throw new InvalidOperationException($"The workflow took more than {options.MaxStepsPerBurst} steps without waiting for anything. Does it loop for ever?");

            await RunAsync(context, pending);
            foreach (var stimulus in step.Stimuli)
                store.Enqueue(stimulus);
            if (context.Status == ActivityStatus.Running && context.Bookmarks.Any() && (pending.Kind != PendingKind.Completion || workflow.AddedBookmarks.Count > waiting))
                workflow.Journal.Suspended(context);

            // Of several to be retried one says nothing of the others yet.
            if (!isRetry)
                Forgive(context);
        }
        catch (Exception e) when (e is not StaleInstanceException && (e is not OperationCanceledException || !workflow.CancellationToken.IsCancellationRequested))
        {
            step.TakeBack();
            workflow.Journal.Truncate(lines);
            if (!isOurs)
                await store.DiscardAsync(workflow.CancellationToken);
            new Faults(workflow, options).Record(context, pending, e);
        }

        context.ResumeInput = null;
        workflow.Journal.Touch(context);

        // Another step of this execution still is to be run again: the execution as a whole is not well.
        if (context.Status == ActivityStatus.Running && context.Pending.Count > 0)
            context.Status = ActivityStatus.Faulted;
    }

    private static async ValueTask RunAsync(ActivityExecutionContext context, PendingStep pending)
    {
        var activity = (Activity)context.Activity;
        switch (pending.Kind)
        {
            case PendingKind.Execute:
                foreach (var (input, descriptor) in context.Node.Inputs)
                    if (!input.IsConstant && descriptor.AutoEvaluate)
                        context.InputValues[input.Slot] = await EvaluateAsync(context, input);

                if (await ((IActivity)activity).CanExecuteAsync(context))
                    await ((IActivity)activity).ExecuteAsync(context);
                if (activity.CompletesItself)
                    await context.CompleteActivityAsync();
                break;

            case PendingKind.Resume:
                context.ResumeInput = pending.Input;
                if (pending.Callback is { } resume)
                    await context.Node.Callbacks.Resume(resume)(context);
                else
                    await context.CompleteActivityAsync();
                break;

            case PendingKind.Completion when pending.Child is { } child && pending.Callback is { } callback:
                await context.Node.Callbacks.Completion(callback)(new ActivityCompletedContext(context, child, pending.Result));
                break;
        }
    }
}

/// <summary>An input whose expression failed.</summary>
public sealed class InputException(string message, Exception inner) : Exception(message, inner);

/// <summary>What kind of step failed.</summary>
internal enum PendingKind
{
    /// <summary>The activity's start.</summary>
    Execute,

    /// <summary>Going on after a bookmark.</summary>
    Resume,

    /// <summary>Being told of a child.</summary>
    Completion,
}

/// <summary>A step, with what is needed to run it again.</summary>
internal sealed class PendingStep(PendingKind kind)
{
    public PendingKind Kind { get; } = kind;

    public string? Callback { get; init; }

    public IDictionary<string, object>? Input { get; init; }

    public ActivityExecutionContext? Child { get; set; }

    public object? Result { get; init; }
}

/// <summary>What the running step has done so far, to take it back when it fails.</summary>
internal sealed class Step
{
    private readonly Stack<Action> _undo = new();

    /// <summary>Messages that exist when the step succeeds.</summary>
    public List<Stimulus> Stimuli { get; } = [];

    public void Undo(Action action) => _undo.Push(action);

    /// <summary>Writes an entry.</summary>
    public void Set<T>(IDictionary<string, T> entries, string key, T value)
    {
        Restore(entries, key);
        entries[key] = value;
    }

    /// <summary>Removes an entry, if it is there.</summary>
    public void Remove<T>(IDictionary<string, T> entries, string key)
    {
        Restore(entries, key);
        entries.Remove(key);
    }

    private void Restore<T>(IDictionary<string, T> entries, string key)
    {
        if (entries.TryGetValue(key, out var before))
            Undo(() => entries[key] = before);
        else
            Undo(() => entries.Remove(key));
    }

    public void TakeBack()
    {
        while (_undo.TryPop(out var action))
            action();
    }
}
