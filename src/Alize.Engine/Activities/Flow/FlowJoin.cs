using Alize.Engine.Runtime;

namespace Alize.Engine.Activities.Flow;

/// <summary>When a join lets the flow go on.</summary>
internal enum FlowJoinMode
{
    /// <summary>When every branch has arrived; never, when one of them was not taken.</summary>
    WaitAll,

    /// <summary>With the first branch; what still waits in the others is cancelled.</summary>
    WaitAny,

    /// <summary>When every branch that was taken has arrived.</summary>
    WaitAllActive,
}

/// <summary>Merges branches.</summary>
[Activity("Elsa", "Branching", "Explicitly merge multiple branches into a single branch of execution.", DisplayName = "Join")]
internal sealed class FlowJoin : Activity
{
    [Input(Description = "Go on with the first branch that arrives (WaitAny), when all have (WaitAll), or when all that were taken have (WaitAllActive).", UIHint = InputUIHints.DropDown)]
    public Input<FlowJoinMode> Mode { get; set; } = new(FlowJoinMode.WaitAny);

    /// <summary>The mode, read by the flowchart before the join runs.</summary>
    internal async ValueTask<FlowJoinMode> ModeAsync(ActivityExecutionContext flowchart) => Mode.IsConstant
        ? (FlowJoinMode)(Mode.Constant ?? FlowJoinMode.WaitAny)
        : (FlowJoinMode)(await Steps.EvaluateAsync(flowchart, Mode) ?? FlowJoinMode.WaitAny);

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        if (context.Get(Mode) == FlowJoinMode.WaitAny && context.ParentActivityExecutionContext is { Activity: Flowchart flowchart } parent)
            await flowchart.CancelBeforeAsync(parent, this);
        await context.CompleteActivityAsync();
    }
}

/// <summary>Splits the flow into named branches.</summary>
[Activity("Elsa", "Branching", "Branch execution into multiple branches that will be executed in parallel.", DisplayName = "Fork (flow)")]
internal sealed class FlowFork : Activity
{
    [Input(Description = "Names of the branches.", UIHint = InputUIHints.DynamicOutcomes)]
    public Input<ICollection<string>>? Branches { get; set; }

    protected override ValueTask ExecuteAsync(ActivityExecutionContext context) =>
        context.CompleteActivityWithOutcomesAsync([.. context.Get(Branches) ?? ["Done"]]);
}

/// <summary>Goes on by True or False.</summary>
[Activity("Elsa", "Branching", "Evaluate a Boolean condition to determine which path to execute next.", DisplayName = "Decision")]
[FlowNode("True", "False")]
internal sealed class FlowDecision : Activity
{
    [Input(Description = "The condition.", UIHint = InputUIHints.SingleLine)]
    public Input<bool> Condition { get; set; } = new(false);

    protected override ValueTask ExecuteAsync(ActivityExecutionContext context) =>
        context.CompleteActivityWithOutcomesAsync(context.Get(Condition) ? "True" : "False");
}
