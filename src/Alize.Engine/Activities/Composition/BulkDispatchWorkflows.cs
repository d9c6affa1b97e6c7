using System.Text.Json.Nodes;
using Alize.Engine.Activities.Looping;
using Alize.Engine.Runtime;
using Alize.Engine.Storage;

namespace Alize.Engine.Activities.Composition;

/// <summary>Starts a workflow for each item, and waits for all of them when asked to.</summary>
[Activity("Elsa", "Composition", "Create new workflow instances for each item in the data source and dispatch them for execution.", Kind = ActivityKind.Task)]
[FlowNode("Completed", "Canceled", "Done")]
internal sealed class BulkDispatchWorkflows : Activity
{
    private const string StartedKey = "Dispatched";
    private const string EndedKey = "Ended";

    [Input(DisplayName = "Workflow Definition", Description = "The workflow.", UIHint = InputUIHints.WorkflowDefinitionPicker)]
    public Input<string> WorkflowDefinitionId { get; set; } = default!;

    [Input(Description = "The items.")]
    public Input<object?> Items { get; set; } = new();

    [Input(Description = "Name of the input that receives the item; an item that is an object brings its own names.", DefaultValue = "Item")]
    public Input<string> DefaultItemInputKey { get; set; } = new("Item");

    [Input(DisplayName = "Correlation ID Function", Description = "What each instance is about; the item is the variable of that name. Empty: nothing.", AutoEvaluate = false)]
    public Input<string?>? CorrelationIdFunction { get; set; }

    [Input(Description = "Input for all of them.")]
    public Input<IDictionary<string, object>?>? Input { get; set; }

    [Input(DisplayName = "Wait for Completion", Description = "Whether to wait for all of them.", DefaultValue = true)]
    public Input<bool> WaitForCompletion { get; set; } = new(true);

    [Input(Category = "Open Telemetry", Description = "Kept as it is written: a trace goes on with the burst that carries it.")]
    public Input<bool> StartNewTrace { get; set; } = new(false);

    [Input(DisplayName = "Channel", Description = "Kept as it is written: there is one channel.", UIHint = InputUIHints.DropDown, UIHandler = typeof(ChannelChoices))]
    public Input<string?>? ChannelName { get; set; }

    [Port]
    public IActivity? ChildCompleted { get; set; }

    [Port]
    public IActivity? ChildFaulted { get; set; }

    internal override ValueTask OnCanceledAsync(ActivityExecutionContext self)
    {
        if (self.Get(WaitForCompletion))
            for (var i = 0; i < self.GetProperty<int>(StartedKey); i++)
                ChildWorkflows.Cancel(self, ChildWorkflows.Id(self, i));
        return ValueTask.CompletedTask;
    }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var items = LoopState.Items(context.Get(Items));
        var waits = context.Get(WaitForCompletion) && items.Count > 0;
        var key = context.Get(DefaultItemInputKey) ?? "Item";
        for (var i = 0; i < items.Count; i++)
        {
            var input = new Dictionary<string, object>(context.Get(Input) ?? new Dictionary<string, object>());
            if (items[i] is JsonObject named)
                foreach (var (name, value) in named)
                    input[name] = Values.FromJson(value) ?? "";
            else if (items[i] is { } item)
                input[key] = item;

            context.Declare(key, key, null, items[i]);
            var correlation = await context.EvaluateAsync(CorrelationIdFunction);
            await ChildWorkflows.StartAsync(context, ChildWorkflows.Id(context, i), WorkflowDefinitionId.Get(context), correlation, input, waits ? context.Id : null);
        }

        context.SetProperty(StartedKey, items.Count);
        if (waits)
            context.CreateBookmark(new CreateBookmarkArgs { Stimulus = context.Id, Callback = OnChildEndedAsync, AutoBurn = false });
        else
            await context.CompleteActivityWithOutcomesAsync("Done");
    }

    private async ValueTask OnChildEndedAsync(ActivityExecutionContext context)
    {
        context.WorkflowInput.TryGetValue(ChildWorkflows.SubStatusKey, out var status);
        var next = status switch
        {
            nameof(WorkflowSubStatus.Finished) => ChildCompleted,
            nameof(WorkflowSubStatus.Faulted) => ChildFaulted,
            _ => null,
        };
        if (next is null)
        {
            await CountAsync(context);
            return;
        }

        context.WorkflowInput.TryGetValue(ChildWorkflows.InstanceIdKey, out var child);
        await context.ScheduleActivityAsync(next, new ScheduleWorkOptions
        {
            CompletionCallback = OnChildHandledAsync,
            Input = context.WorkflowInput,
            Variables = [new Variable("ChildInstanceId", child)],
        });
    }

    private ValueTask OnChildHandledAsync(ActivityCompletedContext context) => CountAsync(context.TargetContext);

    private static async ValueTask CountAsync(ActivityExecutionContext context)
    {
        var ended = context.GetProperty<int>(EndedKey) + 1;
        context.SetProperty(EndedKey, ended);
        if (ended >= context.GetProperty<int>(StartedKey))
            await context.CompleteActivityWithOutcomesAsync("Completed", "Done");
    }
}

/// <summary>Completes the workflow it stands in, the whole one or one used as an activity, by named outcomes.</summary>
[Activity("Elsa", "Composition", "Signals the current composite activity to complete itself as a whole.")]
internal sealed class Complete : Activity
{
    [Input(Description = "Outcome or outcomes.", UIHint = InputUIHints.OutcomePicker, DefaultSyntax = "Object")]
    public Input<object?>? Outcomes { get; set; }

    internal override bool IsTerminal => true;

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var outcomes = LoopState.Items(context.Get(Outcomes)).Select(o => o?.ToString() ?? "").Where(o => o.Length > 0).ToArray();
        await context.CompleteActivityAsync();
        if (context.Ancestors.FirstOrDefault(c => c.Activity is Workflow) is { } workflow)
            await workflow.CompleteActivityWithOutcomesAsync(outcomes.Length > 0 ? outcomes : ["Done"]);
    }
}
