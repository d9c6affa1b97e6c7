using System.Text.Json.Nodes;
using Alize.Engine.Expressions;

namespace Alize.Engine.Definitions;

/// <summary>The part of <see cref="DefinitionCheck"/> that looks at the arrows of one flowchart.</summary>
internal static class DefinitionCheckFlow
{
    /// <summary>Checks the arrows of a flowchart; nothing for other activities.</summary>
    public static void Run(JsonObject flowchart, ActivityRegistry registry, DefinitionProblems found)
    {
        if (flowchart["activities"] is not JsonArray drawn) return;
        foreach (var other in drawn.Where(a => !DefinitionDocument.IsActivity(a)))
            found.Add(DefinitionCheck.Id(flowchart), "not-an-activity", ExpressionException.Shown(other?.ToJsonString()));

        if (ActivityReader.Text(flowchart["type"]) != "Elsa.Flowchart") return;
        var activities = drawn.OfType<JsonObject>().Where(DefinitionDocument.IsActivity).ToList();
        var byId = activities.DistinctBy(DefinitionCheck.Id).ToDictionary(DefinitionCheck.Id);
        var arrows = new List<(string From, string To)>();
        foreach (var connection in (flowchart["connections"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var from = ActivityReader.Text(connection["source"]?["activity"]) ?? "";
            var port = ActivityReader.Text(connection["source"]?["port"]) ?? "Done";
            var to = ActivityReader.Text(connection["target"]?["activity"]) ?? "";
            if (CheckEnds(flowchart, byId, from, to, found)) arrows.Add((from, to));
            if (byId.TryGetValue(from, out var source)) CheckPort(source, from, port, registry, found);
        }

        CheckReachable(flowchart, activities, arrows, found);
    }

    private static bool CheckEnds(JsonObject flowchart, Dictionary<string, JsonObject> byId, string from, string to, DefinitionProblems found)
    {
        foreach (var end in new[] { from, to }.Where(end => !byId.ContainsKey(end)))
        {
            var nearest = ActivityRegistry.Nearest(end, byId.Keys);
            found.Add(DefinitionCheck.Id(flowchart), "dangling", from, to, end, Sentence.DidYouMean(nearest));
        }

        return byId.ContainsKey(from) && byId.ContainsKey(to);
    }

    private static void CheckPort(JsonObject source, string id, string port, ActivityRegistry registry, DefinitionProblems found)
    {
        // A workflow used as an activity has the outcomes of its own definition; an unknown type is said once, with the activity.
        if (!registry.TryFind(ActivityReader.Text(source["type"]) ?? "", out var descriptor) || Ports(source, descriptor) is not { } ports || ports.Contains(port)) return;
        if (ports.Count == 0)
        {
            found.Add(id, "nothing-follows", port, descriptor.TypeName);
            return;
        }

        var nearest = ActivityRegistry.Nearest(port, ports);
        found.Add(id, "unknown-port", port, descriptor.TypeName, Sentence.DidYouMean(nearest), string.Join(", ", ports));
    }

    /// <summary>The ways out of an activity; null where they are known only when it runs.</summary>
    private static List<string>? Ports(JsonObject activity, ActivityDescriptor descriptor)
    {
        var ports = descriptor.FixedOutcomes.ToList();
        foreach (var item in (activity["cases"] as JsonArray ?? []).OfType<JsonObject>())
            if (ActivityReader.Text(item["label"]) is { } label) ports.Add(label);

        // Elsa's way of naming an outcome that is there when asked for: "exposeRequestTooLargeOutcome" adds "Request too large".
        foreach (var (name, value) in activity)
            if (name.StartsWith("expose", StringComparison.Ordinal) && name.EndsWith("Outcome", StringComparison.Ordinal) && value is JsonValue exposed && exposed.TryGetValue(out bool isThere) && isThere)
                ports.Add(ActivityDescriber.Words(name["expose".Length..^"Outcome".Length]));

        if (descriptor.DynamicOutcomes is not { } outcomes) return ports;
        var expression = activity[outcomes.JsonName] is JsonObject given ? ActivityReader.Expression(given["expression"]) : new("Literal", outcomes.DefaultValue);
        if (expression is not { Type: "Literal" or "Object" or "Json" }) return null;
        try
        {
            ports.AddRange((ValueConversion.To<List<object>>(expression.Value) ?? []).Select(v => ValueConversion.Text(v)));
            return ports;
        }
        catch (ExpressionException)
        {
            return null;
        }
    }

    private static void CheckReachable(JsonObject flowchart, List<JsonObject> activities, List<(string From, string To)> arrows, DefinitionProblems found)
    {
        var reached = new HashSet<string>(Starts(flowchart, activities, arrows));
        var open = new Queue<string>(reached);
        var next = arrows.ToLookup(a => a.From, a => a.To);
        while (open.TryDequeue(out var current))
            foreach (var target in next[current])
                if (reached.Add(target)) open.Enqueue(target);

        foreach (var id in activities.Select(DefinitionCheck.Id).Where(id => !reached.Contains(id)))
        {
            var isEntry = !arrows.Exists(a => a.To == id);
            if (isEntry) found.Add(id, "unreached", string.Join(", ", Starts(flowchart, activities, arrows)));
            else found.Add(id, "unreached-group");
        }
    }

    /// <summary>Where the flowchart may start: what its start or its triggers are, else the activity nothing leads to, as the engine chooses it.</summary>
    private static List<string> Starts(JsonObject flowchart, List<JsonObject> activities, List<(string From, string To)> arrows)
    {
        var marked = ActivityReader.Text(flowchart["start"]) ?? ActivityReader.Text((flowchart["start"] as JsonObject)?["id"]);
        var drawn = activities.Find(a => DefinitionCheck.Id(a) == marked)
            ?? activities.Find(a => ActivityReader.Text(a["type"]) == "Elsa.Start")
            ?? activities.Find(CanStart)
            ?? activities.Find(a => !arrows.Exists(arrow => arrow.To == DefinitionCheck.Id(a)))
            ?? activities.FirstOrDefault();
        return [.. activities.Where(a => a == drawn || CanStart(a)).Select(DefinitionCheck.Id)];
    }

    private static bool CanStart(JsonObject activity) => activity["customProperties"]?["canStartWorkflow"] is JsonValue value && value.TryGetValue(out bool can) && can;
}
