using Alize.Engine.Runtime;
using Cronos;

namespace Alize.Engine.Activities.Scheduling;

/// <summary>Waits for a span of time.</summary>
[Activity("Elsa", "Scheduling", "Delay execution for the specified amount of time.")]
internal sealed class Delay : Activity
{
    [Input(Description = "How long.", DefaultValue = "00:01:00")]
    public Input<TimeSpan> TimeSpan { get; set; } = new(System.TimeSpan.FromMinutes(1));

    protected override void Execute(ActivityExecutionContext context) => context.DelayFor(context.Get(TimeSpan));
}

/// <summary>A trigger that a clock fires: the published definition starts at its moments.</summary>
internal interface IScheduledTrigger
{
    /// <summary>The latest moment since the publication until now; null for none. Moments before the earliest one need not be looked for.</summary>
    DateTimeOffset? Latest(ExpressionExecutionContext inputs, DateTimeOffset published, DateTimeOffset earliest, DateTimeOffset now);
}

/// <summary>Waits for an interval; as a trigger starts the workflow at each interval since its publication.</summary>
[Activity("Elsa", "Scheduling", "Trigger workflow execution at a specific interval.", Kind = ActivityKind.Trigger)]
internal sealed class Timer : Trigger, IScheduledTrigger
{
    [Input(Description = "The interval.", DefaultValue = "00:01:00")]
    public Input<TimeSpan> Interval { get; set; } = new(TimeSpan.FromMinutes(1));

    public DateTimeOffset? Latest(ExpressionExecutionContext inputs, DateTimeOffset published, DateTimeOffset earliest, DateTimeOffset now)
    {
        var interval = inputs.Get(Interval);
        return interval <= TimeSpan.Zero || now - published < interval ? null : published + (interval * Math.Floor((now - published) / interval));
    }

    protected override object GetTriggerPayload(TriggerIndexingContext context) => new { Interval = context.Get(Interval) };

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        if (context.IsTriggerOfWorkflow())
            await context.CompleteActivityAsync();
        else
            context.DelayFor(context.Get(Interval));
    }
}

/// <summary>Waits for the next moment of a cron expression; as a trigger starts the workflow at each.</summary>
[Activity("Elsa", "Scheduling", "Trigger workflow execution at specific intervals using a CRON expression.", Kind = ActivityKind.Trigger)]
internal sealed class Cron : Trigger, IScheduledTrigger
{
    [Input(Description = "The expression, five or six fields, UTC.")]
    public Input<string> CronExpression { get; set; } = default!;

    public DateTimeOffset? Latest(ExpressionExecutionContext inputs, DateTimeOffset published, DateTimeOffset earliest, DateTimeOffset now)
    {
        var after = published > earliest ? published : earliest;
        var occurrences = Parse(inputs.Get(CronExpression)).GetOccurrences(after.UtcDateTime, now.UtcDateTime, fromInclusive: false, toInclusive: true);
        return occurrences.Select(o => (DateTimeOffset?)o).LastOrDefault();
    }

    protected override object GetTriggerPayload(TriggerIndexingContext context) => new { CronExpression = context.Get(CronExpression) };

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        if (context.IsTriggerOfWorkflow())
        {
            await context.CompleteActivityAsync();
            return;
        }

        var expression = CronExpression.Get(context);
        var next = Parse(expression).GetNextOccurrence(context.WorkflowExecutionContext.Time.GetUtcNow().UtcDateTime)
            ?? throw new InvalidOperationException($"Cron expression '{expression}' has no moment left. Correct it in the definition.");
        context.DelayUntil(new DateTimeOffset(next), null);
    }

    private static Cronos.CronExpression Parse(string? text)
    {
        var fields = (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        return Cronos.CronExpression.Parse(text ?? "", fields == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard);
    }
}

/// <summary>Waits for a moment; as a trigger starts the workflow then.</summary>
[Activity("Elsa", "Scheduling", "Trigger execution at a specific time in the future.", DisplayName = "Start at", Kind = ActivityKind.Trigger)]
internal sealed class StartAt : Trigger, IScheduledTrigger
{
    [Input(Description = "The moment.", UIHint = InputUIHints.DateTimePicker)]
    public Input<DateTimeOffset> DateTime { get; set; } = default!;

    public DateTimeOffset? Latest(ExpressionExecutionContext inputs, DateTimeOffset published, DateTimeOffset earliest, DateTimeOffset now)
    {
        var moment = inputs.Get(DateTime);
        return moment > published && moment <= now ? moment : null;
    }

    protected override object GetTriggerPayload(TriggerIndexingContext context) => new { DateTime = context.Get(DateTime) };

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        // A moment that has passed is no reason to wait: after an outage the workflow goes on at once.
        var moment = context.Get(DateTime);
        if (context.IsTriggerOfWorkflow() || moment <= context.WorkflowExecutionContext.Time.GetUtcNow())
            await context.CompleteActivityAsync();
        else
            context.DelayUntil(moment, null);
    }
}
