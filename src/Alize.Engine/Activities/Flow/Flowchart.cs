using System.ComponentModel;
using System.Text.Json.Nodes;
using Alize.Engine.Activities.Primitives;
using Alize.Engine.Definitions;
using Alize.Engine.Runtime;

namespace Alize.Engine.Activities.Flow;

/// <summary>
/// Activities and connections between them. An activity reached by several connections waits until each of them was decided, and runs
/// when at least one led to it; an explicit join may say otherwise. A connection that leads back is a loop.
/// </summary>
[Activity("Elsa", "Flow", "A flowchart is a collection of activities and connections between them.")]
[Browsable(false)]
internal sealed class Flowchart : Activity, IContainer, IReadsJson
{
    private const string ScopeKey = "FlowScope";
    private const string BackwardKey = "Backward";

    private readonly Dictionary<string, FlowPlan> _planByStart = [];
    private string? _startId;

    public List<Activity> Activities { get; private set; } = [];

    public List<Connection> Connections { get; private set; } = [];

    IEnumerable<Activity> IContainer.Activities => Activities;

    public void Read(ActivityReader reader)
    {
        Activities = reader.Activities("activities");
        _startId = ActivityReader.Text(reader.Json["start"]) ?? ActivityReader.Text((reader.Json["start"] as JsonObject)?["id"]);
        var byId = Activities.ToDictionary(a => a.Id);
        foreach (var connection in (reader.Json["connections"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var source = byId.GetValueOrDefault(ActivityReader.Text(connection["source"]?["activity"]) ?? "");
            var target = byId.GetValueOrDefault(ActivityReader.Text(connection["target"]?["activity"]) ?? "");
            if (source is not null && target is not null)
                Connections.Add(new Connection(source, ActivityReader.Text(connection["source"]?["port"]) ?? "Done", target));
        }
    }

    /// <summary>Where the flowchart starts when no trigger says so: the drawn start, an activity marked so, or one that nothing leads to.</summary>
    internal Activity? DrawnStart =>
        Activities.Find(a => a.Id == _startId)
        ?? Activities.Find(a => a is Start)
        ?? Activities.Find(a => a.CanStartWorkflow)
        ?? Activities.Find(a => !Connections.Exists(c => c.Target == a))
        ?? Activities.FirstOrDefault();

    internal override async ValueTask OnChildCanceledAsync(ActivityExecutionContext self, ActivityExecutionContext child)
    {
        // Nothing will come from there any more: the connections behind it count as decided, so that a join does not wait for them.
        if (!await FollowAsync(self, (Activity)child.Activity, child, Outcomes.Empty, isLoop: false))
            await CompleteIfIdleAsync(self);
    }

    protected override ValueTask ExecuteAsync(ActivityExecutionContext context) => StartActivity(context) is { } start
        ? context.ScheduleActivityAsync(start, OnChildCompletedAsync)
        : context.CompleteActivityAsync();

    private async ValueTask OnChildCompletedAsync(ActivityCompletedContext context)
    {
        var (flowchart, child) = (context.TargetContext, context.ChildContext);
        var activity = (Activity)child.Activity;
        if (activity.IsTerminal)
        {
            await flowchart.CompleteActivityAsync();
            return;
        }

        var isLoop = child.ActivityInput.ContainsKey(BackwardKey);
        if (!await FollowAsync(flowchart, activity, child, context.Result as Outcomes ?? Outcomes.Default, isLoop))
            await CompleteIfIdleAsync(flowchart);
    }

    private static async ValueTask CompleteIfIdleAsync(ActivityExecutionContext flowchart)
    {
        if (!flowchart.HasPendingWork() && !flowchart.OpenChildren.Any(c => c.Status == ActivityStatus.Faulted))
            await flowchart.CompleteActivityAsync();
    }

    /// <summary>Decides every connection that leaves an activity. True when something was scheduled.</summary>
    private async ValueTask<bool> FollowAsync(ActivityExecutionContext flowchart, Activity activity, ActivityExecutionContext from, Outcomes outcomes, bool isLoop)
    {
        var plan = Plan(flowchart);
        var (scope, step) = (Scope(flowchart), flowchart.WorkflowExecutionContext.Step);
        if (!isLoop)
            scope.Visit(activity, step);

        var scheduled = false;
        foreach (var connection in plan.Outbound(activity))
        {
            var followed = outcomes.Names.Contains(connection.Outcome);
            scope.Visit(connection, followed, step);
            if (plan.IsForward(connection))
                scheduled |= await ReachAsync(flowchart, plan, scope, connection, from);
            else if (followed)
                scheduled |= await LoopAsync(flowchart, plan, connection, from);
        }

        return scheduled;
    }

    private async ValueTask<bool> LoopAsync(ActivityExecutionContext flowchart, FlowPlan plan, Connection connection, ActivityExecutionContext from)
    {
        if (!plan.IsSoundLoop(connection))
            throw new InvalidOperationException(
                $"The connection from '{connection.Source.Id}' back to '{connection.Target.Id}' is no loop: some way to '{connection.Source.Id}' does not pass through '{connection.Target.Id}'. Lead it back to an activity that every way passes.");

        await ScheduleAsync(flowchart, connection.Target, from, new Dictionary<string, object> { [BackwardKey] = true });
        return true;
    }

    private async ValueTask<bool> ReachAsync(ActivityExecutionContext flowchart, FlowPlan plan, FlowScope scope, Connection connection, ActivityExecutionContext from)
    {
        var target = connection.Target;
        var inbound = plan.ForwardInbound(target);
        var mode = target is FlowJoin join ? await join.ModeAsync(flowchart) : FlowJoinMode.WaitAllActive;
        if (mode == FlowJoinMode.WaitAny)
        {
            if (scope.IsSpent(connection) || flowchart.WorkflowExecutionContext.Queue.Exists(i => i.Owner == flowchart && i.Node.Activity == target))
                return false;

            if (scope.AnyFollowed(target, inbound))
            {
                await ScheduleAsync(flowchart, target, from, null);
                await CancelBeforeAsync(flowchart, target);
                return true;
            }
        }

        if (!scope.AllDecided(target, inbound))
            return false;

        var runs = mode switch
        {
            FlowJoinMode.WaitAll => scope.AllFollowed(target, inbound),
            FlowJoinMode.WaitAllActive => scope.AnyFollowed(target, inbound),
            _ => false,
        };
        if (!runs)
            return await FollowAsync(flowchart, target, from, Outcomes.Empty, isLoop: false);

        await ScheduleAsync(flowchart, target, from, null);
        return true;
    }

    /// <summary>Cancels what still runs or waits on the ways to a join that waits no longer.</summary>
    internal async ValueTask CancelBeforeAsync(ActivityExecutionContext flowchart, Activity join)
    {
        var before = Plan(flowchart).Before(join);
        foreach (var child in flowchart.OpenChildren.Where(c => before.Contains((Activity)c.Activity)).ToList())
            await child.CancelActivityAsync();
    }

    private ValueTask ScheduleAsync(ActivityExecutionContext flowchart, Activity target, ActivityExecutionContext from, IDictionary<string, object>? input) =>
        flowchart.ScheduleActivityAsync(target, new ScheduleWorkOptions
        {
            CompletionCallback = OnChildCompletedAsync,
            SchedulingActivityExecutionId = from.Id,
            Input = input,
        });

    private Activity? StartActivity(ActivityExecutionContext context) =>
        context.WorkflowExecutionContext.TriggerActivityId is { } trigger && Activities.Find(a => a.Id == trigger) is { } triggered ? triggered : DrawnStart;

    private FlowPlan Plan(ActivityExecutionContext context)
    {
        var start = StartActivity(context);
        lock (_planByStart)
        {
            if (!_planByStart.TryGetValue(start?.Id ?? "", out var plan))
                _planByStart[start?.Id ?? ""] = plan = new FlowPlan(Connections, start);
            return plan;
        }
    }

    private static FlowScope Scope(ActivityExecutionContext context)
    {
        if (context.Properties.TryGetValue(ScopeKey, out var value) && value is FlowScope scope)
            return scope;

        scope = FlowScope.Read(value as JsonObject);
        context.Properties[ScopeKey] = scope;
        return scope;
    }
}

/// <summary>An arrow of a flowchart.</summary>
internal sealed record Connection(Activity Source, string Outcome, Activity Target)
{
    /// <summary>Name in the state.</summary>
    public string Key { get; } = $"{Source.Id}:{Outcome}->{Target.Id}";
}
