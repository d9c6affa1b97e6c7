using System.Text.Json.Nodes;
using Alize.Engine.Expressions;
using Alize.Engine.Storage;

namespace Alize.Engine.Runtime;

/// <summary>Collects what a burst writes about itself: journal lines, and the executions it touched.</summary>
internal sealed class JournalWriter(WorkflowExecutionContext workflow)
{
    private readonly List<ActivityExecutionContext> _touched = [];
    private readonly HashSet<ActivityExecutionContext> _seen = [];

    /// <summary>Number of the last line.</summary>
    public long Sequence { get; set; }

    public List<JournalRecord> Lines { get; } = [];

    public void Started(ActivityExecutionContext context) => Line(context, "Started");

    public void Suspended(ActivityExecutionContext context) => Line(context, "Suspended");

    public void Resumed(ActivityExecutionContext context) => Line(context, "Resumed");

    public void Retried(ActivityExecutionContext context) => Line(context, "Retried");

    /// <summary>The instance goes on by another version of its definition.</summary>
    public void Migrated(ActivityExecutionContext context, string message, string payload) => Line(context, "Migrated", message, payload);

    /// <summary>Somebody wrote variables by hand.</summary>
    public void VariablesWritten(ActivityExecutionContext context, string message, string payload) => Line(context, "VariablesWritten", message, payload);

    public void Canceled(ActivityExecutionContext context)
    {
        context.EndedAt = workflow.Time.GetUtcNow();
        Line(context, "Canceled");
    }

    public void Completed(ActivityExecutionContext context)
    {
        context.EndedAt = workflow.Time.GetUtcNow();
        Line(context, "Completed", payload: Values.Json(context.JournalData.Select(p => new KeyValuePair<string, object?>(p.Key, p.Value))
            .Concat(context.CompletedOutcomes is { } outcomes ? [new("Outcomes", outcomes)] : [])));
    }

    /// <summary>No stack trace: the journal is read by people, and names no files of ours.</summary>
    public void Faulted(ActivityExecutionContext context, Exception exception) => Line(
        context, "Faulted", WorkflowRuntime.Words(exception), new JsonObject { ["exception"] = exception.GetType().FullName, ["message"] = exception.Message }.ToJsonString());

    /// <summary>Notes that an execution changed without a line of its own.</summary>
    public void Touch(ActivityExecutionContext context)
    {
        if (_seen.Add(context))
            _touched.Add(context);
    }

    /// <summary>Takes back the lines of a step that failed.</summary>
    public void Truncate(int count)
    {
        Sequence -= Lines.Count - count;
        Lines.RemoveRange(count, Lines.Count - count);
    }

    /// <summary>The executions touched, as they are now.</summary>
    public List<ActivityExecutionRecord> Executions() => _touched.ConvertAll(context => new ActivityExecutionRecord
    {
        Id = context.Id,
        InstanceId = workflow.Id,
        ActivityId = context.Activity.Id,
        NodeId = context.NodeId,
        ActivityType = context.Activity.Type,
        ActivityTypeVersion = context.Activity.Version,
        ActivityName = context.Activity.Name,
        Status = context.Status.ToString(),
        HasBookmarks = context.IsOpen && context.Bookmarks.Any(),
        Inputs = context.Node.InputsJson(context),
        Outputs = context.Outputs is null ? null : Values.Json(context.Outputs),
        Outcomes = context.CompletedOutcomes is null ? null : ValueConversion.ToJson(context.CompletedOutcomes)?.ToJsonString(),
        Exception = workflow.Incidents.Find(i => i.ActivityInstanceId == context.Id) is { } incident
            ? new JsonObject { ["type"] = incident.ExceptionType, ["message"] = incident.Message }.ToJsonString()
            : null,
        ScheduledBy = context.ScheduledBy,
        StartedAt = context.StartedAt.UtcDateTime,
        CompletedAt = context.EndedAt?.UtcDateTime,
    });

    private void Line(ActivityExecutionContext context, string eventName, string? message = null, string? payload = null)
    {
        Touch(context);
        Sequence++;
        Lines.Add(new JournalRecord
        {
            Id = $"{workflow.Id}:{Sequence}",
            InstanceId = workflow.Id,
            Sequence = Sequence,
            ActivityInstanceId = context.Id,
            ParentActivityInstanceId = context.ParentActivityExecutionContext?.Id,
            ActivityId = context.Activity.Id,
            NodeId = context.NodeId,
            ActivityType = context.Activity.Type,
            ActivityName = context.Activity.Name,
            EventName = eventName,
            Message = message,
            Payload = payload,
            At = workflow.Time.GetUtcNow().UtcDateTime,
        });
    }
}
