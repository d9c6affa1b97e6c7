using System.Runtime.InteropServices;
using System.Text.Json;
using Alize.Engine.Definitions;
using Alize.Engine.Expressions;

namespace Alize.Engine.Runtime;

/// <summary>Reads what <see cref="StateWriter"/> wrote.</summary>
internal static class StateReader
{
    public static void Read(WorkflowExecutionContext workflow, byte[] state)
    {
        using var document = JsonDocument.Parse(state);
        var root = document.RootElement;
        workflow.Counter = root.GetProperty("n").GetInt32();
        workflow.Journal.Sequence = root.GetProperty("q").GetInt64();
        workflow.Input = Dictionary(root, "in");
        workflow.Output = Dictionary(root, "out");
        workflow.Properties = Dictionary(root, "pr");
        workflow.TriggerActivityId = Text(root, "tr");
        workflow.NotifyName = Text(root, "nn");
        workflow.NotifyHash = Text(root, "nh");
        foreach (var context in Items(root, "ctx"))
            ReadContext(workflow, context);
        foreach (var context in Items(root, "ctx"))
            ReadPending(workflow, context);
        foreach (var item in Items(root, "qu"))
            workflow.Queue.Add(ReadItem(workflow, item));
        foreach (var completion in Items(root, "co"))
            if (Find(workflow, completion.GetProperty("n").GetInt32()) is { } child)
                workflow.Completions.Add(new Completion(child, ReadOutcomes(completion)));
        foreach (var bookmark in Items(root, "bm"))
            workflow.Bookmarks.Add(ReadBookmark(bookmark));
        foreach (var incident in Items(root, "inc"))
            workflow.Incidents.Add(ReadIncident(incident));
    }

    private static void ReadContext(WorkflowExecutionContext workflow, JsonElement json)
    {
        // Each name is one letter: read in one go, because most are not there and each would be looked for through all the others.
        var values = new JsonElement['z' - 'a' + 1];
        foreach (var property in json.EnumerateObject())
            if (JsonMarshal.GetRawUtf8PropertyName(property) is [>= (byte)'a' and <= (byte)'z' and var letter])
                values[letter - 'a'] = property.Value;
        JsonElement Value(char name) => values[name - 'a'];
        bool Has(char name) => Value(name).ValueKind != JsonValueKind.Undefined;
        string? Word(char name) => Has(name) ? Value(name).GetString() : null;

        var node = Node(workflow, Word('o') ?? "");
        var parent = Has('p') ? Find(workflow, Value('p').GetInt32()) : null;
        var context = new ActivityExecutionContext(workflow, node, parent, Value('n').GetInt32(), new DateTimeOffset(Value('d').GetInt64(), TimeSpan.Zero))
        {
            Status = (ActivityStatus)Value('s').GetInt32(),
            ScheduledBy = Word('b'),
            CompletionCallback = Word('c'),
            RetryTimerId = Word('y'),
            Failures = Has('f') ? Value('f').GetInt32() : 0,
            Tag = Values.FromJson(Value('t')),
        };
        if (Has('a'))
            context.ActivityInput = Dictionary(Value('a'));
        if (Has('r'))
            context.PropertyBag = Dictionary(Value('r'));
        if (Has('u'))
            context.Outputs = Outputs(Value('u'));
        if (Has('l'))
            context.InnerOutputs = Value('l').EnumerateObject().ToDictionary(a => a.Name, a => Outputs(a.Value));
        if (Has('i'))
            foreach (var (input, descriptor) in node.Inputs)
                if (Value('i').TryGetProperty(descriptor.Name, out var value))
                    context.InputValues[input.Slot] = Values.FromJson(value);

        foreach (var cell in Has('v') ? Value('v').EnumerateArray() : default)
        {
            var id = cell[0].GetString() ?? "";
            var declared = node.Variables.FirstOrDefault(v => v.Id == id);
            context.Declare(id, cell[1].GetString() ?? "", declared is null ? null : TypeAliases.OfVariable(declared.TypeName, declared.IsArray), Values.FromJson(cell[2]));
        }

        workflow.Contexts.Add(context);
    }

    private static void ReadPending(WorkflowExecutionContext workflow, JsonElement json)
    {
        foreach (var pending in Items(json, "x"))
            Find(workflow, json.GetProperty("n").GetInt32())?.Pending.Add(new PendingStep((PendingKind)pending.GetProperty("k").GetInt32())
            {
                Callback = Text(pending, "c"),
                Input = pending.TryGetProperty("i", out _) ? Dictionary(pending, "i") : null,
                Child = pending.TryGetProperty("n", out var child) ? Find(workflow, child.GetInt32()) : null,
                Result = ReadOutcomes(pending),
            });
    }

    private static Outcomes? ReadOutcomes(JsonElement json) =>
        json.TryGetProperty("o", out var outcomes) ? new Outcomes([.. outcomes.EnumerateArray().Select(o => o.GetString() ?? "")]) : null;

    private static WorkItem ReadItem(WorkflowExecutionContext workflow, JsonElement json) => new(
        Node(workflow, Text(json, "o") ?? ""),
        json.TryGetProperty("p", out var owner) ? Find(workflow, owner.GetInt32()) : null)
    {
        ScheduledBy = Text(json, "b"),
        CompletionCallback = Text(json, "c"),
        Tag = json.TryGetProperty("t", out var tag) ? Values.FromJson(tag) : null,
        Input = json.TryGetProperty("a", out _) ? Dictionary(json, "a") : null,
        Variables = [.. Items(json, "v").Select(v => new Activities.Variable { Id = v[0].GetString() ?? "", Name = v[1].GetString() ?? "", Value = Values.FromJson(v[2]) })],
    };

    private static ActivityNode Node(WorkflowExecutionContext workflow, string nodeId) => workflow.Compiled.FindNode(nodeId) ?? throw new InvalidOperationException(
        $"Instance '{workflow.Id}' stands at '{nodeId}', which version {workflow.Instance.DefinitionVersion} of '{workflow.Instance.DefinitionId}' does not have. Restore that version, or migrate the instance.");

    private static Bookmark ReadBookmark(JsonElement json) => new()
    {
        Id = Text(json, "i") ?? "",
        ActivityInstanceId = Text(json, "x") ?? "",
        Name = Text(json, "n") ?? "",
        Hash = Text(json, "h") ?? "",
        CallbackMethodName = Text(json, "c"),
        TimerId = Text(json, "t"),
        AutoBurn = !json.TryGetProperty("k", out _),
    };

    private static Incident ReadIncident(JsonElement json) => new()
    {
        ActivityInstanceId = Text(json, "x") ?? "",
        ActivityId = Text(json, "a") ?? "",
        NodeId = Text(json, "o") ?? "",
        ActivityType = Text(json, "t") ?? "",
        Message = Text(json, "m") ?? "",
        ExceptionType = Text(json, "e") ?? "",
        At = new DateTimeOffset(json.GetProperty("d").GetInt64(), TimeSpan.Zero),
    };

    private static ActivityExecutionContext? Find(WorkflowExecutionContext workflow, int number) => workflow.Contexts.Find(c => c.Number == number);

    private static Dictionary<string, object?> Outputs(JsonElement json) => json.EnumerateObject().ToDictionary(o => o.Name, o => Values.FromJson(o.Value));

    private static JsonElement.ArrayEnumerator Items(JsonElement json, string name) => json.TryGetProperty(name, out var list) ? list.EnumerateArray() : default;

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static Dictionary<string, object> Dictionary(JsonElement json, string name) => json.TryGetProperty(name, out var list) ? Dictionary(list) : [];

    private static Dictionary<string, object> Dictionary(JsonElement json)
    {
        var values = new Dictionary<string, object>();
        foreach (var property in json.EnumerateObject())
            if (Values.FromJson(property.Value) is { } value)
                values[property.Name] = value;
        return values;
    }
}
