using Alize.Engine.Runtime;

namespace Alize.Engine.Activities.Primitives;

/// <summary>Waits for an event by its name; as a trigger starts the workflow with it.</summary>
[Activity("Elsa", "Primitives", "Wait for an event to be published.", Kind = ActivityKind.Trigger)]
internal sealed class Event : Trigger<object>
{
    [Input(Description = "Name of the event.")]
    public Input<string> EventName { get; set; } = default!;

    protected override object GetTriggerPayload(TriggerIndexingContext context) => context.Get(EventName) ?? "";

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        if (context.IsTriggerOfWorkflow())
            await OnEventAsync(context);
        else
            context.CreateBookmark(EventName.Get(context), OnEventAsync);
    }

    private ValueTask OnEventAsync(ActivityExecutionContext context)
    {
        context.Set(Result, context.WorkflowInput.TryGetValue(Stimuli.PayloadKey, out var payload) ? payload : null);
        return context.CompleteActivityAsync();
    }
}

/// <summary>Publishes an event: it reaches whoever waits for it once this burst is committed.</summary>
[Activity("Elsa", "Primitives", "Publish an event.")]
internal sealed class PublishEvent : CodeActivity
{
    [Input(Description = "Name of the event.")]
    public Input<string> EventName { get; set; } = default!;

    [Input(Description = "Only instances of this correlation. Empty: all.")]
    public Input<string?>? CorrelationId { get; set; }

    [Input(Description = "Only this instance.", DisplayName = "Local event")]
    public Input<bool> IsLocalEvent { get; set; } = new(false);

    [Input(Description = "What the event brings.")]
    public Input<object?>? Payload { get; set; }

    protected override void Execute(ActivityExecutionContext context)
    {
        var workflow = context.WorkflowExecutionContext;
        var correlation = context.Get(CorrelationId);
        context.Enqueue(Stimuli.Event(
            EventName.Get(context), string.IsNullOrEmpty(correlation) ? null : correlation, context.Get(Payload), workflow.Time.GetUtcNow(),
            id: $"{context.Id}:event", instanceId: context.Get(IsLocalEvent) ? workflow.Id : null));
    }
}

/// <summary>Asks the host to do a task, and waits until it says that it is done.</summary>
[Activity("Elsa", "Primitives", "Requests a given task to be run.")]
internal sealed class RunTask : Activity<object>
{
    [Input(Description = "Name of the task.")]
    public Input<string> TaskName { get; set; } = default!;

    [Input(Description = "What the task needs.")]
    public Input<IDictionary<string, object>?>? Payload { get; set; }

    [Output(Description = "Id by which the host reports the task.")]
    public Output<string>? TaskId { get; set; }

    protected override void Execute(ActivityExecutionContext context)
    {
        context.Set(TaskId, context.Id);
        context.CreateBookmark(new { TaskId = context.Id, TaskName = TaskName.Get(context) }, OnDoneAsync);
    }

    private ValueTask OnDoneAsync(ActivityExecutionContext context)
    {
        context.Set(Result, context.WorkflowInput.TryGetValue("Result", out var result) ? result : null);
        return context.CompleteActivityAsync();
    }
}
