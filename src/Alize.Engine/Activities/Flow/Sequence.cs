using System.ComponentModel;
using Alize.Engine.Definitions;
using Alize.Engine.Runtime;

namespace Alize.Engine.Activities.Flow;

/// <summary>One activity after the other.</summary>
[Activity("Elsa", "Workflows", "Execute a set of activities in sequence.")]
[Browsable(false)]
internal sealed class Sequence : Activity, IContainer, IReadsJson
{
    private const string NextKey = "CurrentIndex";

    public List<Activity> Activities { get; private set; } = [];

    IEnumerable<Activity> IContainer.Activities => Activities;

    public void Read(ActivityReader reader) => Activities = reader.Activities("activities");

    internal override BreakAnswer OnBreak(ActivityExecutionContext self)
    {
        self.SetProperty(Looping.LoopState.BreakingKey, true);
        return BreakAnswer.PassOn;
    }

    protected override ValueTask ExecuteAsync(ActivityExecutionContext context) => NextAsync(context);

    private ValueTask OnChildCompletedAsync(ActivityCompletedContext context) =>
        context.ChildContext.Activity is Activity { IsTerminal: true } ? context.TargetContext.CompleteActivityAsync() : NextAsync(context.TargetContext);

    private async ValueTask NextAsync(ActivityExecutionContext context)
    {
        var index = context.GetProperty<int>(NextKey);
        if (index >= Activities.Count || Looping.LoopState.IsBreaking(context))
        {
            await context.CompleteActivityAsync();
            return;
        }

        context.SetProperty(NextKey, index + 1);
        await context.ScheduleActivityAsync(Activities[index], OnChildCompletedAsync);
    }
}
