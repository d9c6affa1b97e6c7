using System.ComponentModel;
using Alize.Engine.Activities.Flow;
using Alize.Engine.Definitions;
using Alize.Engine.Runtime;

namespace Alize.Engine.Activities.Branching;

/// <summary>Runs one of two embedded activities.</summary>
[Activity("Elsa", "Branching", "Evaluate a Boolean condition to determine which activity to execute next.")]
internal sealed class If : Activity<bool>
{
    [Input(Description = "The condition.", UIHint = InputUIHints.SingleLine)]
    public Input<bool> Condition { get; set; } = new(false);

    [Port]
    public IActivity? Then { get; set; }

    [Port]
    public IActivity? Else { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var holds = context.Get(Condition);
        context.Set(Result, holds);
        if ((holds ? Then : Else) is { } branch)
            await context.ScheduleActivityAsync(branch, OnBranchCompletedAsync);
        else
            await context.CompleteActivityAsync();
    }

    private ValueTask OnBranchCompletedAsync(ActivityCompletedContext context) => context.TargetContext.CompleteActivityAsync();
}

/// <summary>Runs the embedded activities of the cases that hold, or Default.</summary>
[Activity("Elsa", "Branching", "Evaluate a set of case conditions and schedule the activity for a matching case.")]
internal sealed class Switch : Activity, IReadsJson
{
    private const string OpenKey = "Open";

    [Input(Description = "The cases.", UIHint = InputUIHints.SwitchEditor)]
    public ICollection<SwitchCase> Cases { get; set; } = [];

    [Input(Description = "Take the first case that holds, or all of them.", UIHint = InputUIHints.DropDown)]
    public Input<SwitchMode> Mode { get; set; } = new(SwitchMode.MatchFirst);

    [Port]
    public IActivity? Default { get; set; }

    [Output(Description = "Nothing: Elsa's has it, and definitions may bind it.")]
    public Output<object?>? Output { get; set; }

    public void Read(ActivityReader reader) => Cases = SwitchCase.Read(reader);

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var matches = await SwitchCase.MatchAsync(Cases, context.Get(Mode), context);
        List<IActivity> taken = matches.Count == 0 && Default is not null ? [Default] : [.. matches.Select(m => m.Activity).OfType<IActivity>()];
        if (taken.Count == 0)
        {
            await context.CompleteActivityAsync();
            return;
        }

        context.SetProperty(OpenKey, taken.Count);
        foreach (var activity in taken)
            await context.ScheduleActivityAsync(activity, OnCaseCompletedAsync);
    }

    private async ValueTask OnCaseCompletedAsync(ActivityCompletedContext context)
    {
        var open = context.TargetContext.GetProperty<int>(OpenKey) - 1;
        context.TargetContext.SetProperty(OpenKey, open);
        if (open == 0)
            await context.TargetContext.CompleteActivityAsync();
    }
}

/// <summary>When a fork is done.</summary>
internal enum ForkJoinMode
{
    /// <summary>With its first branch; the others are cancelled.</summary>
    WaitAny,

    /// <summary>With its last branch.</summary>
    WaitAll,
}

/// <summary>Runs embedded branches side by side.</summary>
[Activity("Elsa", "Control Flow", "Branch execution into multiple branches.")]
[Browsable(false)]
internal sealed class Fork : Activity, IContainer, IReadsJson
{
    private const string DoneKey = "Completed";

    [Input(Description = "Whether the first branch or all of them must be done.", UIHint = InputUIHints.DropDown)]
    public ForkJoinMode JoinMode { get; set; } = ForkJoinMode.WaitAll;

    public List<Activity> Branches { get; private set; } = [];

    IEnumerable<Activity> IContainer.Activities => Branches;

    public void Read(ActivityReader reader) => Branches = reader.Activities("branches");

    internal override BreakAnswer OnBreak(ActivityExecutionContext self)
    {
        self.SetProperty(Looping.LoopState.BreakingKey, true);
        return BreakAnswer.PassOn;
    }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        if (Branches.Count == 0)
            await context.CompleteActivityAsync();
        foreach (var branch in Branches)
            await context.ScheduleActivityAsync(branch, OnBranchCompletedAsync);
    }

    private async ValueTask OnBranchCompletedAsync(ActivityCompletedContext context)
    {
        var fork = context.TargetContext;
        var done = fork.GetProperty<int>(DoneKey) + 1;
        fork.SetProperty(DoneKey, done);
        if (JoinMode == ForkJoinMode.WaitAny || done == Branches.Count || Looping.LoopState.IsBreaking(fork))
            await fork.CompleteActivityAsync();
    }
}
