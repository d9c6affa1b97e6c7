using Alize.Engine.Runtime;

namespace Alize.Engine.Activities.Looping;

/// <summary>Counts from one number to another and runs its body each time.</summary>
[Activity("Elsa", "Looping", "Iterate over a sequence of steps between a start and an end number.")]
internal sealed class For : Activity
{
    private const string StepKey = "CurrentStep";

    [Input(Description = "First number.")]
    public Input<int> Start { get; set; } = new(0);

    [Input(Description = "Last number.")]
    public Input<int> End { get; set; } = new(0);

    [Input(Description = "Added after each turn; may be negative.")]
    public Input<int> Step { get; set; } = new(1);

    [Input(Description = "Whether the last number has its turn.", DefaultValue = true)]
    public Input<bool> OuterBoundInclusive { get; set; } = new(true);

    [Port]
    public IActivity? Body { get; set; }

    [Output(Description = "The number of the turn.")]
    public Output<object?>? CurrentValue { get; set; }

    internal override BreakAnswer OnBreak(ActivityExecutionContext self) => LoopState.Break(self);

    protected override ValueTask ExecuteAsync(ActivityExecutionContext context) => TurnAsync(context);

    private ValueTask OnBodyCompletedAsync(ActivityCompletedContext context) => TurnAsync(context.TargetContext);

    private async ValueTask TurnAsync(ActivityExecutionContext context)
    {
        var (end, step) = (context.Get(End), context.Get(Step));
        var value = context.GetProperty<int?>(StepKey) is { } last ? last + step : context.Get(Start);
        var isIn = step >= 0 ? value < end : value > end;
        if (Body is null || LoopState.IsBreaking(context) || !(isIn || (value == end && context.Get(OuterBoundInclusive))))
        {
            await context.CompleteActivityAsync();
            return;
        }

        context.SetProperty<int?>(StepKey, value);
        context.Set(CurrentValue, value);
        await context.ScheduleActivityAsync(Body, OnBodyCompletedAsync, variables: [new Variable("CurrentValue", value)]);
    }
}

/// <summary>Runs its body for each item, one after the other.</summary>
[Activity("Elsa", "Looping", "Iterate over a set of values.")]
internal sealed class ForEach : Activity
{
    private const string IndexKey = "CurrentIndex";

    [Input(Description = "The items.")]
    public Input<object?> Items { get; set; } = new();

    [Port]
    public IActivity? Body { get; set; }

    [Output(Description = "The item of the turn.")]
    public Output<object?>? CurrentValue { get; set; }

    internal override BreakAnswer OnBreak(ActivityExecutionContext self) => LoopState.Break(self);

    protected override ValueTask ExecuteAsync(ActivityExecutionContext context) => TurnAsync(context);

    private ValueTask OnBodyCompletedAsync(ActivityCompletedContext context) => TurnAsync(context.TargetContext);

    private async ValueTask TurnAsync(ActivityExecutionContext context)
    {
        var items = LoopState.Items(context.Get(Items));
        var index = context.GetProperty<int>(IndexKey);
        if (Body is null || LoopState.IsBreaking(context) || index >= items.Count)
        {
            await context.CompleteActivityAsync();
            return;
        }

        context.SetProperty(IndexKey, index + 1);
        context.Set(CurrentValue, items[index]);
        await context.ScheduleActivityAsync(Body, OnBodyCompletedAsync, variables:
            [new Variable("CurrentIndex", index), new Variable("CurrentValue", items[index])]);
    }
}

/// <summary>Runs its body for all items side by side; each turn sees its own <c>CurrentValue</c> and <c>CurrentIndex</c>.</summary>
[Activity("Elsa", "Looping", "Schedule an activity for each item in parallel.", DisplayName = "Parallel for Each")]
internal sealed class ParallelForEach : Activity
{
    private const string OpenKey = "Open";

    [Input(Description = "The items.")]
    public Input<object?> Items { get; set; } = new();

    [Port]
    public IActivity? Body { get; set; }

    internal override BreakAnswer OnBreak(ActivityExecutionContext self) => LoopState.Break(self);

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var items = LoopState.Items(context.Get(Items));
        if (Body is null || items.Count == 0)
        {
            await context.CompleteActivityAsync();
            return;
        }

        context.SetProperty(OpenKey, items.Count);
        for (var i = 0; i < items.Count; i++)
            await context.ScheduleActivityAsync(Body, OnBodyCompletedAsync, tag: i, variables:
                [new Variable("CurrentValue", items[i]), new Variable("CurrentIndex", i)]);
    }

    private async ValueTask OnBodyCompletedAsync(ActivityCompletedContext context)
    {
        var open = context.TargetContext.GetProperty<int>(OpenKey) - 1;
        context.TargetContext.SetProperty(OpenKey, open);
        if (open == 0 || LoopState.IsBreaking(context.TargetContext))
            await context.TargetContext.CompleteActivityAsync();
    }
}
