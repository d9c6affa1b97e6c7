using Alize.Engine.Activities.Branching;
using Alize.Engine.Activities.Composition;
using Alize.Engine.Activities.Flow;
using Alize.Engine.Activities.Looping;
using Alize.Engine.Activities.Primitives;
using Alize.Engine.Activities.Scheduling;
using Alize.Engine.Definitions;

namespace Alize.Engine.Activities;

/// <summary>Elsa's activities as the engine has them: what a definition may call before the host adds its own.</summary>
public static class StandardActivities
{
    /// <summary>Registers them.</summary>
    public static ActivityRegistry AddStandardActivities(this ActivityRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry
            .Add<Break>()
            .Add<BulkDispatchWorkflows>()
            .Add<Complete>()
            .Add<Correlate>()
            .Add<Cron>()
            .Add<Delay>()
            .Add<DispatchWorkflow>()
            .Add<End>()
            .Add<Event>()
            .Add<ExecuteWorkflow>()
            .Add<Fault>()
            .Add<Finish>()
            .Add<Flowchart>()
            .Add<FlowDecision>()
            .Add<FlowFork>()
            .Add<FlowJoin>()
            .Add<FlowSwitch>()
            .Add<For>()
            .Add<ForEach>()
            .Add<Fork>()
            .Add<If>()
            .Add<NotFoundActivity>()
            .Add<ParallelForEach>()
            .Add<PublishEvent>()
            .Add<RunJavaScript>()
            .Add<RunTask>()
            .Add<Sequence>()
            .Add<SetName>()
            .Add<SetOutput>()
            .Add<SetVariable>()
            .Add<Start>()
            .Add<StartAt>()
            .Add<Switch>()
            .Add<Scheduling.Timer>()
            .Add<While>()
            .Add<Workflow>()
            .Add<WriteLine>();
    }
}
