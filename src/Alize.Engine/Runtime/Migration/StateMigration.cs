using System.Text.Json;
using System.Text.Json.Nodes;
using Alize.Engine.Activities;
using Alize.Engine.Activities.Branching;
using Alize.Engine.Activities.Flow;
using Alize.Engine.Activities.Looping;
using Alize.Engine.Definitions;
using Alize.Engine.Expressions;

namespace Alize.Engine.Runtime.Migration;

/// <summary>
/// Rewrites the state of an instance for another version: each execution moves to the node with the same activity id in the same
/// container, or to the one the caller names. What was done is kept as done; see <see cref="FlowMigration"/> for the arrows.
/// </summary>
internal sealed class StateMigration
{
    private readonly CompiledWorkflow _source, _target;
    private readonly IReadOnlyDictionary<string, string> _overrides;
    private readonly List<JsonObject> _contexts;
    private readonly HashSet<string> _waiting;

    public StateMigration(CompiledWorkflow source, CompiledWorkflow target, IReadOnlyDictionary<string, string> overrides, byte[] state)
    {
        (_source, _target, _overrides) = (source, target, overrides);
        State = JsonNode.Parse(state)?.AsObject() ?? [];
        _contexts = [.. (State["ctx"] as JsonArray ?? []).OfType<JsonObject>()];
        _waiting = [.. (State["bm"] as JsonArray ?? []).OfType<JsonObject>().Select(b => (string?)b["x"] ?? "")];
    }

    /// <summary>The state; after <see cref="Rewrite"/> the one for the other version.</summary>
    public JsonObject State { get; }

    public List<MigrationStep> Steps { get; } = [];

    public List<MigrationRefusal> Refusals { get; } = [];

    public List<string> PassedOver { get; } = [];

    public byte[] Bytes() => JsonSerializer.SerializeToUtf8Bytes(State);

    public void Rewrite(string instanceId)
    {
        foreach (var to in _overrides.Values.Where(to => !_target.Nodes.Any(n => n.Activity.Id == to)))
            Refuse(MigrationReason.UnknownOverride, to);

        var moved = _contexts.Select(json => (Json: json, From: _source.FindNode((string?)json["o"] ?? ""), IsOpen: IsOpen(json))).ToList();
        var places = new Dictionary<JsonObject, ActivityNode>();
        foreach (var (json, from, isOpen) in moved)
        {
            if (from is null)
            {
                Refuse(MigrationReason.Unreadable, "");
                continue;
            }

            var to = Counterpart(from);
            Note(instanceId, json, from, to);
            if (to is not null && to.Activity.GetType() == from.Activity.GetType() && to.Activity.Type == from.Activity.Type)
                places[json] = to;
            else if (isOpen && (from.Parent is null || Counterpart(from.Parent) is not null))
                Refuse(to is not null ? MigrationReason.KindChanged : IsElsewhere(from) ? MigrationReason.Moved : MigrationReason.NoCounterpart, Title(from));
        }

        foreach (var (json, from, isOpen) in moved)
        {
            if (from is null || !places.TryGetValue(json, out var to))
                continue;

            if (isOpen)
                RewriteContainer(json, from, to, places);
            RewriteVariables(json, to);
            json["o"] = to.NodeId;
        }

        RewriteRest();
    }

    internal Activity? Counterpart(Activity from) => Counterpart(from.Node!)?.Activity;

    internal void Refuse(MigrationReason reason, string subject)
    {
        if (!Refusals.Exists(r => r.Reason == reason && r.Subject == subject))
            Refusals.Add(new(reason, subject));
    }

    internal static string Title(ActivityNode node) => node.Title;

    private static bool IsOpen(JsonObject context) =>
        (ActivityStatus)(int)context["s"]! is ActivityStatus.Pending or ActivityStatus.Running or ActivityStatus.Faulted;

    private ActivityNode? Counterpart(ActivityNode from)
    {
        if (from.Parent is null)
            return _target.Root;
        if (Counterpart(from.Parent) is not { } parent)
            return null;

        var id = _overrides.GetValueOrDefault(from.Activity.Id, from.Activity.Id);
        return parent.Children.Find(c => c.Activity.Id == id)
            ?? (parent.Activity is Workflow && parent.Children is [var only] && from.Parent.Children is [_] && only.Activity.Type == from.Activity.Type ? only : null);
    }

    private bool IsElsewhere(ActivityNode from) =>
        _target.Nodes.Any(n => n.Activity.Id == _overrides.GetValueOrDefault(from.Activity.Id, from.Activity.Id));

    private void Note(string instanceId, JsonObject json, ActivityNode from, ActivityNode? to)
    {
        var id = $"{instanceId}:{(int)json["n"]!}";
        var isFaulted = (ActivityStatus)(int)json["s"]! == ActivityStatus.Faulted;
        if (isFaulted || _waiting.Contains(id))
            Steps.Add(new(id, from.Activity.Id, Title(from), from.NodeId, from.Activity.Type, isFaulted, to?.NodeId, to is null ? null : Title(to)));
    }

    private void RewriteContainer(JsonObject json, ActivityNode from, ActivityNode to, Dictionary<JsonObject, ActivityNode> places)
    {
        // A completed child whose container has not taken notice of it yet counts as under way.
        var told = (json["x"] as JsonArray ?? []).OfType<JsonObject>().Select(x => (int?)x["n"]).OfType<int>().ToHashSet();
        var number = (int)json["n"]!;
        var under = _contexts.Where(c => (int?)c["p"] == number && (IsOpen(c) || told.Contains((int)c["n"]!)) && places.ContainsKey(c)).ToList();
        switch (from.Activity, to.Activity)
        {
            case (Sequence old, Sequence sequence):
                RewriteSequence(json, old, sequence, under.ConvertAll(c => places[c].Activity));
                break;
            case (Flowchart old, Flowchart flowchart):
                var open = under.Where(IsOpen).Select(c => places[c].Activity).ToHashSet();
                new FlowMigration(this, old, flowchart, open, (string?)State["tr"], _overrides).Rewrite(json);
                break;
            case (Workflow or DefinitionActivity or If or For or ForEach or ParallelForEach or While, _):
                break;
            default:
                var branches = from.Children.Select(c => Counterpart(c)?.Activity.Id).ToHashSet();
                if (from.Children.Count > 0 && !branches.SetEquals(to.Children.Select(c => c.Activity.Id)))
                    Refuse(MigrationReason.BranchesChanged, Title(from));
                break;
        }
    }

    private void RewriteSequence(JsonObject json, Sequence old, Sequence sequence, List<Activity> under)
    {
        if (under is not [var current, ..])
            return;

        var place = sequence.Activities.IndexOf(current);
        var done = old.Activities.TakeWhile(a => Counterpart(a) != current).Select(Counterpart).OfType<Activity>().ToHashSet();
        foreach (var again in sequence.Activities.Skip(place + 1).Where(done.Contains))
            Refuse(MigrationReason.FinishedComesAgain, Title(again.Node!));
        PassedOver.AddRange(sequence.Activities.Take(place).Where(a => !done.Contains(a)).Select(a => Title(a.Node!)));
        if (json["r"] is JsonObject properties)
            properties["CurrentIndex"] = place + 1;
    }

    /// <summary>
    /// A variable keeps its value by id or by name. One that the other version does not declare any more stays readable; one that only
    /// it declares gets its first value.
    /// </summary>
    private void RewriteVariables(JsonObject json, ActivityNode to)
    {
        var cells = json["v"] as JsonArray ?? [];
        var known = new HashSet<string>();
        foreach (var cell in cells.OfType<JsonArray>())
        {
            var (id, name) = ((string?)cell[0] ?? "", (string?)cell[1] ?? "");
            if ((to.Variables.FirstOrDefault(v => v.Id == id) ?? to.Variables.FirstOrDefault(v => v.Name == name)) is not { } declared)
                continue;

            known.Add(declared.Id);
            (cell[0], cell[1]) = (declared.Id, declared.Name);
            var type = TypeAliases.OfVariable(declared.TypeName, declared.IsArray);
            var value = Values.FromJson(cell[2]);
            if (type is not null && value is not null && !type.IsInstanceOfType(Values.Convert(value, type)))
                Refuse(MigrationReason.VariableType, declared.Name);
        }

        foreach (var variable in to.Variables.Where(v => !known.Contains(v.Id)))
            cells.Add(new JsonArray(variable.Id, variable.Name, Expressions.ValueConversion.ToJson(variable.InitialValue())));
        if (cells.Count > 0 && json["v"] is null)
            json["v"] = cells;
    }

    private void RewriteRest()
    {
        if ((string?)State["tr"] is { } trigger && _overrides.TryGetValue(trigger, out var renamed))
            State["tr"] = renamed;
        foreach (var incident in (State["inc"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (_source.FindNode((string?)incident["o"] ?? "") is not { } from || Counterpart(from) is not { } to)
                continue;
            (incident["o"], incident["a"]) = (to.NodeId, to.Activity.Id);
        }

        foreach (var inner in _contexts.Select(c => c["l"]).OfType<JsonObject>())
            foreach (var (old, now) in _overrides)
                if (inner.Remove(old, out var outputs))
                    inner[now] = outputs;
    }
}
