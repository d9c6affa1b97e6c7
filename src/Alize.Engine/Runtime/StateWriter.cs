using System.Buffers;
using System.Text.Json;

namespace Alize.Engine.Runtime;

/// <summary>
/// Writes what an instance needs between two bursts. Short names: this is read and written with every burst,
/// and a finished instance is kept for years. <see cref="StateReader"/> reads it.
/// </summary>
internal static class StateWriter
{
    public static byte[] Write(WorkflowExecutionContext workflow, bool isFinished)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("n", workflow.Counter);
            writer.WriteNumber("q", workflow.Journal.Sequence);
            Values(writer, "in", workflow.Input);
            Values(writer, "out", workflow.Output);
            Values(writer, "pr", workflow.Properties);
            Text(writer, "tr", workflow.TriggerActivityId);
            Text(writer, "nn", workflow.NotifyName);
            Text(writer, "nh", workflow.NotifyHash);
            WriteIncidents(writer, workflow);
            WriteContexts(writer, workflow, isFinished);
            if (!isFinished)
            {
                WriteScheduled(writer, workflow);
                WriteBookmarks(writer, workflow);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteContexts(Utf8JsonWriter writer, WorkflowExecutionContext workflow, bool isFinished)
    {
        writer.WriteStartArray("ctx");
        if (isFinished)
        {
            // Of a finished instance only its variables are looked at again.
            WriteContext(writer, workflow.Root, isFinished);
        }
        else
        {
            var kept = new HashSet<ActivityExecutionContext>();
            foreach (var open in workflow.Contexts.Where(c => c.IsOpen))
            {
                kept.Add(open);
                kept.UnionWith(open.Ancestors);
                foreach (var child in open.Pending.Select(p => p.Child).OfType<ActivityExecutionContext>())
                    kept.Add(child);
            }

            // Only at a commit point is anything still scheduled.
            foreach (var context in workflow.Queue.Select(i => i.Owner).Concat(workflow.Completions.Select(c => c.Child)).OfType<ActivityExecutionContext>())
            {
                kept.Add(context);
                kept.UnionWith(context.Ancestors);
            }

            foreach (var context in workflow.Contexts.Where(kept.Contains))
                WriteContext(writer, context, isFinished);
        }

        writer.WriteEndArray();
    }

    private static void WriteContext(Utf8JsonWriter writer, ActivityExecutionContext context, bool isFinished)
    {
        writer.WriteStartObject();
        writer.WriteNumber("n", context.Number);
        if (context.ParentActivityExecutionContext is { } parent)
            writer.WriteNumber("p", parent.Number);
        writer.WriteString("o", context.NodeId);
        writer.WriteNumber("s", (int)context.Status);
        writer.WriteNumber("d", context.StartedAt.UtcTicks);
        if (context.Cells is { Count: > 0 } cells)
        {
            writer.WriteStartArray("v");
            foreach (var cell in cells)
            {
                writer.WriteStartArray();
                writer.WriteStringValue(cell.Id);
                writer.WriteStringValue(cell.Name);
                Runtime.Values.Write(writer, cell.Value);
                writer.WriteEndArray();
            }

            writer.WriteEndArray();
        }

        if (!isFinished)
            WriteOpen(writer, context);
        writer.WriteEndObject();
    }

    private static void WriteOpen(Utf8JsonWriter writer, ActivityExecutionContext context)
    {
        Text(writer, "b", context.ScheduledBy);
        Text(writer, "c", context.CompletionCallback);
        Text(writer, "y", context.RetryTimerId);
        if (context.Failures > 0)
            writer.WriteNumber("f", context.Failures);
        if (context.Tag is not null)
        {
            writer.WritePropertyName("t");
            Runtime.Values.Write(writer, context.Tag);
        }

        if (context.PropertyBag is { Count: > 0 } properties)
            Values(writer, "r", properties);
        Values(writer, "a", context.ActivityInput);
        if (context.Outputs is { Count: > 0 } outputs)
            WriteOutputs(writer, "u", outputs);

        if (context.InnerOutputs is { Count: > 0 } inner)
        {
            writer.WriteStartObject("l");
            foreach (var (activity, given) in inner)
                WriteOutputs(writer, activity, given);
            writer.WriteEndObject();
        }

        // A secret is evaluated anew where it is needed.
        Values(writer, "i", context.Node.Inputs.Where(i => !i.Descriptor.IsSensitive && !i.Input.IsConstant && context.InputValues[i.Input.Slot] is not null)
            .Select(i => new KeyValuePair<string, object>(i.Descriptor.Name, context.InputValues[i.Input.Slot] ?? "")));
        if (context.Pending.Count == 0)
            return;

        writer.WriteStartArray("x");
        foreach (var pending in context.Pending)
            WritePending(writer, pending);
        writer.WriteEndArray();
    }

    private static void WriteOutputs(Utf8JsonWriter writer, string name, Dictionary<string, object?> outputs) =>
        Values(writer, name, outputs.Where(o => o.Value is not null).Select(o => new KeyValuePair<string, object>(o.Key, o.Value ?? "")));

    private static void WritePending(Utf8JsonWriter writer, PendingStep pending)
    {
        writer.WriteStartObject();
        writer.WriteNumber("k", (int)pending.Kind);
        Text(writer, "c", pending.Callback);
        Values(writer, "i", pending.Input);
        if (pending.Child is { } child)
            writer.WriteNumber("n", child.Number);
        if (pending.Result is Outcomes outcomes)
        {
            writer.WriteStartArray("o");
            foreach (var name in outcomes.Names)
                writer.WriteStringValue(name);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteScheduled(Utf8JsonWriter writer, WorkflowExecutionContext workflow)
    {
        if (workflow.Queue.Count > 0)
        {
            writer.WriteStartArray("qu");
            foreach (var item in workflow.Queue)
                WriteItem(writer, item);
            writer.WriteEndArray();
        }

        if (workflow.Completions.Count == 0)
            return;

        writer.WriteStartArray("co");
        foreach (var completion in workflow.Completions)
            WritePending(writer, new PendingStep(PendingKind.Completion) { Child = completion.Child, Result = completion.Result });
        writer.WriteEndArray();
    }

    private static void WriteItem(Utf8JsonWriter writer, WorkItem item)
    {
        writer.WriteStartObject();
        writer.WriteString("o", item.Node.NodeId);
        if (item.Owner is { } owner)
            writer.WriteNumber("p", owner.Number);
        Text(writer, "b", item.ScheduledBy);
        Text(writer, "c", item.CompletionCallback);
        if (item.Tag is not null)
        {
            writer.WritePropertyName("t");
            Runtime.Values.Write(writer, item.Tag);
        }

        Values(writer, "a", item.Input);
        writer.WriteStartArray("v");
        foreach (var variable in item.Variables ?? [])
        {
            writer.WriteStartArray();
            writer.WriteStringValue(variable.Id);
            writer.WriteStringValue(variable.Name);
            Runtime.Values.Write(writer, variable.Value);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteBookmarks(Utf8JsonWriter writer, WorkflowExecutionContext workflow)
    {
        writer.WriteStartArray("bm");
        foreach (var bookmark in workflow.Bookmarks)
        {
            writer.WriteStartObject();
            writer.WriteString("i", bookmark.Id);
            writer.WriteString("x", bookmark.ActivityInstanceId);
            writer.WriteString("n", bookmark.Name);
            writer.WriteString("h", bookmark.Hash);
            Text(writer, "c", bookmark.CallbackMethodName);
            Text(writer, "t", bookmark.TimerId);
            if (!bookmark.AutoBurn)
                writer.WriteBoolean("k", true);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteIncidents(Utf8JsonWriter writer, WorkflowExecutionContext workflow)
    {
        if (workflow.Incidents.Count == 0)
            return;

        writer.WriteStartArray("inc");
        foreach (var incident in workflow.Incidents)
        {
            writer.WriteStartObject();
            writer.WriteString("x", incident.ActivityInstanceId);
            writer.WriteString("a", incident.ActivityId);
            writer.WriteString("o", incident.NodeId);
            writer.WriteString("t", incident.ActivityType);
            writer.WriteString("m", incident.Message);
            writer.WriteString("e", incident.ExceptionType);
            writer.WriteNumber("d", incident.At.UtcTicks);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Values(Utf8JsonWriter writer, string name, IEnumerable<KeyValuePair<string, object>>? values)
    {
        if (values is null || !values.Any())
            return;

        writer.WriteStartObject(name);
        foreach (var (key, value) in values)
        {
            writer.WritePropertyName(key);
            Runtime.Values.Write(writer, value);
        }

        writer.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
            writer.WriteString(name, value);
    }
}
