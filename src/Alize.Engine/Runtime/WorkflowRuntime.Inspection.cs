using System.Text.Json.Nodes;
using Alize.Engine.Definitions;
using Alize.Engine.Expressions;
using Alize.Engine.Storage;

namespace Alize.Engine.Runtime;

/// <summary>Looking at an instance without moving it.</summary>
public sealed partial class WorkflowRuntime
{
    /// <summary>Where an instance stands.</summary>
    /// <exception cref="DefinitionException">The version it runs is gone or cannot be read.</exception>
    public async Task<InstanceSnapshot> InspectAsync(WorkflowInstance instance, IWorkflowStore store, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(instance);
        ArgumentNullException.ThrowIfNull(store);
        var workflow = await LoadAsync(instance, store, EmptyServices.Instance, cancel);
        var bookmarks = await store.BookmarksOfAsync(instance.Id, cancel);
        var timers = (await store.TimersOfAsync(instance.Id, cancel)).ToDictionary(t => t.Id);
        return new InstanceSnapshot
        {
            Input = Json(workflow.Input!),
            Output = Json(workflow.Output!),
            Properties = Json(workflow.Properties!),
            Contexts = [.. workflow.Contexts.Select(Context).Reverse()],
            Incidents = [.. workflow.Incidents.Prepend(workflow.ParkedFor).OfType<Incident>().Select(i => SeenIncident(workflow, i))],
            Bookmarks = [.. bookmarks.Select(stored => Bookmark(workflow, stored, timers)).OfType<SnapshotBookmark>()],
            Variables = [.. workflow.Contexts.SelectMany(c => c.Cells ?? []).DistinctBy(c => c.Id).Select(c => new SnapshotVariable(c.Id, c.Name, ValueConversion.ToJson(c.Value)))],
            JournalLines = workflow.Journal.Sequence,
        };
    }

    private static SnapshotIncident SeenIncident(WorkflowExecutionContext workflow, Incident incident)
    {
        var retryTimerId = workflow.FindContext(incident.ActivityInstanceId)?.RetryTimerId;
        var isTriedAgain = retryTimerId is not null || (incident is { ActivityInstanceId: Incident.OfTheInstance, ExceptionType: not nameof(ProcessEndedException) });
        return new(incident.ActivityInstanceId, incident.ActivityId, incident.NodeId, incident.ActivityType, incident.Message, incident.ExceptionType, incident.At, retryTimerId, isTriedAgain);
    }

    private static SnapshotContext Context(ActivityExecutionContext context) => new(
        context.Id,
        context.ParentActivityExecutionContext?.Id,
        context.NodeId,
        context.ParentActivityExecutionContext?.NodeId,
        context.Ancestors.Count(),
        context.Status,
        context.StartedAt,
        context.Failures,
        Json(context.Node.Inputs.Where(i => !i.Descriptor.IsSensitive)
            .Select(i => new KeyValuePair<string, object?>(i.Descriptor.Name, i.Input.IsConstant ? i.Input.Constant : context.InputValues[i.Input.Slot]))
            .Where(p => p.Value is not null)),
        Json((context.PropertyBag ?? [])!),
        context.CompletionCallback);

    private static SnapshotBookmark? Bookmark(WorkflowExecutionContext workflow, StoredBookmark stored, Dictionary<string, StoredTimer> timers)
    {
        var open = workflow.Bookmarks.Find(b => b.Id == stored.Id);
        var activity = workflow.FindContext(stored.ActivityInstanceId)?.Activity ?? workflow.Compiled.FindNode(stored.ActivityNodeId)?.Activity;
        if (open is null || activity is null)
            return null;

        var timer = open.TimerId is { } id ? timers.GetValueOrDefault(id) : null;
        return new SnapshotBookmark(
            stored.Id, stored.Name, stored.Hash, stored.Payload is null ? null : JsonNode.Parse(stored.Payload), activity.Id, activity.Type, activity.Name, stored.ActivityNodeId,
            stored.ActivityInstanceId, Utc(stored.CreatedAt), open.AutoBurn, open.CallbackMethodName, timer is null ? null : Utc(timer.DueAt), timer?.Label);
    }

    private static DateTimeOffset Utc(DateTime moment) => new(DateTime.SpecifyKind(moment, DateTimeKind.Utc));

    private static JsonObject Json(IEnumerable<KeyValuePair<string, object?>> values)
    {
        var json = new JsonObject();
        foreach (var (name, value) in values)
            json[name] = ValueConversion.ToJson(value);
        return json;
    }
}
