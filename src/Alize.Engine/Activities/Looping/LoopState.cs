using System.Collections;
using System.Text.Json.Nodes;
using Alize.Engine.Runtime;

namespace Alize.Engine.Activities.Looping;

/// <summary>What loops have in common: leaving them, and walking through items of any kind.</summary>
internal static class LoopState
{
    public const string BreakingKey = "IsBreaking";

    public static bool IsBreaking(ActivityExecutionContext context) => context.GetProperty<bool>(BreakingKey);

    public static BreakAnswer Break(ActivityExecutionContext loop)
    {
        loop.SetProperty(BreakingKey, true);
        return BreakAnswer.Stop;
    }

    /// <summary>The items of a list, a JSON array, or a single value.</summary>
    public static List<object?> Items(object? source) => source switch
    {
        null => [],
        string text when text.AsSpan().TrimStart() is ['[', ..] => Items(JsonNode.Parse(text)),
        string text => [text],
        JsonArray array => [.. array.Select(Values.FromJson)],
        JsonNode node => [Values.FromJson(node)],
        IEnumerable list => [.. list.Cast<object?>()],
        _ => [source],
    };
}

/// <summary>Leaves the innermost loop.</summary>
[Activity("Elsa", "Looping", "Break out of a loop.")]
internal sealed class Break : CodeActivity
{
    internal override bool IsTerminal => true;

    protected override void Execute(ActivityExecutionContext context)
    {
        foreach (var container in context.Ancestors)
            if (((Activity)container.Activity).OnBreak(container) == BreakAnswer.Stop)
                return;
    }
}

/// <summary>Runs its body while a condition holds.</summary>
[Activity("Elsa", "Looping", "Execute an activity while a given condition evaluates to true.")]
internal sealed class While : Activity
{
    [Input(Description = "The condition, evaluated before each turn.", AutoEvaluate = false, UIHint = InputUIHints.SingleLine)]
    public Input<bool> Condition { get; set; } = new(false);

    [Port]
    public IActivity? Body { get; set; }

    internal override BreakAnswer OnBreak(ActivityExecutionContext self) => LoopState.Break(self);

    protected override ValueTask ExecuteAsync(ActivityExecutionContext context) => TurnAsync(context);

    private ValueTask OnBodyCompletedAsync(ActivityCompletedContext context) => TurnAsync(context.TargetContext);

    private async ValueTask TurnAsync(ActivityExecutionContext context)
    {
        if (Body is not null && !LoopState.IsBreaking(context) && await context.EvaluateAsync(Condition))
            await context.ScheduleActivityAsync(Body, OnBodyCompletedAsync);
        else
            await context.CompleteActivityAsync();
    }
}
