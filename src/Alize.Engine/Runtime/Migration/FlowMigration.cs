using System.Text.Json.Nodes;
using Alize.Engine.Activities;
using Alize.Engine.Activities.Flow;

namespace Alize.Engine.Runtime.Migration;

/// <summary>
/// Carries the counts of a running flowchart over to another drawing of it. What has begun stays begun; a new arrow that leaves a step
/// done counts as decided as often as that step was done, so that a join behind it neither waits for it for ever nor runs twice; a new
/// step before the place where the flow stands counts as passed.
/// </summary>
internal sealed class FlowMigration
{
    private readonly StateMigration _migration;
    private readonly Flowchart _old, _new;
    private readonly IReadOnlySet<Activity> _open;
    private readonly FlowPlan _oldPlan, _newPlan;
    private readonly Activity? _start;
    private readonly Dictionary<Activity, Activity> _oldOf = [];
    private readonly Dictionary<Activity, int> _done = [];
    private readonly Dictionary<Connection, int> _decided = [];

    /// <param name="migration">The whole.</param>
    /// <param name="old">The flowchart that runs.</param>
    /// <param name="flowchart">Its other drawing.</param>
    /// <param name="open">Steps of the other drawing that are under way.</param>
    /// <param name="trigger">Activity id of the trigger that started the instance. Null for none.</param>
    /// <param name="overrides">New id of an activity by its old one.</param>
    public FlowMigration(
        StateMigration migration, Flowchart old, Flowchart flowchart, IReadOnlySet<Activity> open, string? trigger, IReadOnlyDictionary<string, string> overrides)
    {
        (_migration, _old, _new, _open) = (migration, old, flowchart, open);
        var oldStart = old.Activities.Find(a => a.Id == trigger) ?? old.DrawnStart;
        _start = flowchart.Activities.Find(a => trigger is not null && a.Id == overrides.GetValueOrDefault(trigger, trigger)) ?? flowchart.DrawnStart;
        _oldPlan = new FlowPlan(old.Connections, oldStart);
        _newPlan = new FlowPlan(flowchart.Connections, _start);
        foreach (var activity in old.Activities)
            if (migration.Counterpart(activity) is { } now)
                _oldOf[now] = activity;
    }

    public void Rewrite(JsonObject context)
    {
        var scope = (context["r"] as JsonObject)?["FlowScope"] as JsonObject;
        var (activities, connections) = (scope?["a"] as JsonObject ?? [], scope?["c"] as JsonObject ?? []);
        var led = LedTo(connections);
        var live = Live();
        foreach (var activity in InOrder())
            Settle(activity, activities, connections, led, live);
        foreach (var connection in _new.Connections.Where(c => !_newPlan.IsForward(c)))
            _decided[connection] = Old(connection) is { } old ? Number(connections, old.Key) : 0;
        RefuseWhatWouldNeverRun(activities, connections);
        PassedOver();

        var properties = context["r"] as JsonObject;
        if (properties is null)
            context["r"] = properties = [];
        properties["FlowScope"] = new JsonObject
        {
            ["a"] = new JsonObject(_done.Where(d => d.Value > 0).Select(d => new KeyValuePair<string, JsonNode?>(d.Key.Id, d.Value))),
            ["c"] = new JsonObject(_decided.Where(d => d.Value != 0).Select(d => new KeyValuePair<string, JsonNode?>(d.Key.Key, d.Value))),
        };
    }

    private static int Number(JsonObject numbers, string key) => (int?)numbers[key] ?? 0;

    private Connection? Old(Connection connection) =>
        _oldOf.TryGetValue(connection.Source, out var source) && _oldOf.TryGetValue(connection.Target, out var target)
            ? _old.Connections.Find(c => c.Source == source && c.Target == target && c.Outcome == connection.Outcome)
            : null;

    /// <summary>Turns of a step that have begun: those done, and the one under way.</summary>
    private int Begun(Activity activity) => _done[activity] + (_open.Contains(activity) ? 1 : 0);

    private void Settle(Activity activity, JsonObject activities, JsonObject connections, IReadOnlySet<Activity> led, IReadOnlySet<Activity> live)
    {
        var inbound = _newPlan.ForwardInbound(activity);
        var isKnown = _oldOf.TryGetValue(activity, out var old);
        _done[activity] = old is null ? 0 : Number(activities, old.Id);
        foreach (var connection in inbound)
            _decided[connection] = Decided(connection, activity, isKnown, connections, led, live);

        // Where the flow has begun, a new start is behind it as well.
        if (!isKnown)
            _done[activity] = inbound.Count > 0 ? inbound.Min(c => Math.Abs(_decided[c])) : activity == _start && (_open.Count > 0 || activities.Count > 0) ? 1 : 0;
    }

    private int Decided(Connection connection, Activity activity, bool isKnown, JsonObject connections, IReadOnlySet<Activity> led, IReadOnlySet<Activity> live)
    {
        if (Old(connection) is { } old && _oldPlan.IsForward(old))
            return Number(connections, old.Key);

        var count = _done[connection.Source];
        if (isKnown && count < Begun(activity))
        {
            if (_open.Contains(connection.Source) || live.Contains(connection.Source))
                _migration.Refuse(
                    _open.Contains(activity) ? MigrationReason.JoinedWhileWaiting : MigrationReason.FinishedComesAgain, StateMigration.Title(activity.Node!));
            count = Begun(activity);
        }

        return Reached(activity).Any(led.Contains) ? count : -count;
    }

    /// <summary>Steps that an arrow led to which the other drawing does not have: a new way to them is the way that was taken.</summary>
    private HashSet<Activity> LedTo(JsonObject connections) =>
        [.. _old.Connections
            .Where(c => Number(connections, c.Key) > 0 && !_new.Connections.Exists(n => Old(n) == c))
            .Select(c => _migration.Counterpart(c.Target)).OfType<Activity>()];

    /// <summary>Steps to come: those behind what is under way.</summary>
    private HashSet<Activity> Live()
    {
        var live = new HashSet<Activity>();
        foreach (var open in _open)
            live.UnionWith(Reached(open).Where(a => a != open));
        return live;
    }

    private HashSet<Activity> Reached(Activity from)
    {
        var reached = new HashSet<Activity> { from };
        var open = new Queue<Activity>(reached);
        while (open.TryDequeue(out var activity))
            foreach (var next in _newPlan.Outbound(activity).Where(_newPlan.IsForward).Select(c => c.Target))
                if (reached.Add(next))
                    open.Enqueue(next);
        return reached;
    }

    /// <summary>Each step after all that lead to it; arrows forward make no circle.</summary>
    private List<Activity> InOrder()
    {
        var order = new List<Activity>();
        var seen = new HashSet<Activity>();
        foreach (var activity in _new.Activities)
            Visit(activity);
        return order;

        void Visit(Activity activity)
        {
            if (!seen.Add(activity))
                return;
            foreach (var connection in _newPlan.ForwardInbound(activity))
                Visit(connection.Source);
            order.Add(activity);
        }
    }

    private void RefuseWhatWouldNeverRun(JsonObject activities, JsonObject connections)
    {
        foreach (var (activity, old) in _oldOf.Where(o => _done.ContainsKey(o.Key)))
        {
            var inbound = _newPlan.ForwardInbound(activity);
            if (!IsDue(inbound.Select(c => _decided[c]), Begun(activity)))
                continue;
            if (!IsDue(_oldPlan.ForwardInbound(old).Select(c => Number(connections, c.Key)), Number(activities, old.Id)))
                _migration.Refuse(MigrationReason.WouldNeverRun, StateMigration.Title(activity.Node!));
        }

        static bool IsDue(IEnumerable<int> inbound, int turns) => inbound.ToList() is { Count: > 0 } all && all.TrueForAll(c => Math.Abs(c) > turns) && all.Exists(c => c > 0);
    }

    private void PassedOver() => _migration.PassedOver.AddRange(
        _new.Activities.Where(a => !_oldOf.ContainsKey(a) && _done[a] > 0 && Reached(a).Any(_open.Contains)).Select(a => StateMigration.Title(a.Node!)));
}
