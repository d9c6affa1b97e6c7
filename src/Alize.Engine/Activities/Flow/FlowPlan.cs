using System.Text.Json;
using System.Text.Json.Nodes;
using Alize.Engine.Runtime;

namespace Alize.Engine.Activities.Flow;

/// <summary>The shape of a flowchart seen from its start: which arrows lead forward, which ones back. Worked out once.</summary>
internal sealed class FlowPlan
{
    private readonly ILookup<Activity, Connection> _outbound;
    private readonly HashSet<Connection> _forward = [];
    private readonly Dictionary<Activity, List<Connection>> _forwardInbound = [];
    private readonly Dictionary<Activity, HashSet<Activity>> _before = [];
    private readonly Activity? _start;

    public FlowPlan(IReadOnlyList<Connection> connections, Activity? start)
    {
        _start = start;
        _outbound = connections.ToLookup(c => c.Source);
        if (start is not null)
            FindForward(start);

        foreach (var connection in connections.Where(_forward.Contains))
        {
            if (!_forwardInbound.TryGetValue(connection.Target, out var inbound))
                _forwardInbound[connection.Target] = inbound = [];
            inbound.Add(connection);
        }

        foreach (var activity in _forwardInbound.Keys)
            _before[activity] = FindBefore(activity);
    }

    public IEnumerable<Connection> Outbound(Activity activity) => _outbound[activity];

    public bool IsForward(Connection connection) => _forward.Contains(connection);

    public IReadOnlyList<Connection> ForwardInbound(Activity activity) => _forwardInbound.TryGetValue(activity, out var inbound) ? inbound : [];

    /// <summary>All activities on the ways to an activity.</summary>
    public IReadOnlySet<Activity> Before(Activity activity) => _before.TryGetValue(activity, out var before) ? before : new HashSet<Activity>();

    /// <summary>Whether every way from the start to where the arrow leaves passes through where it leads back to.</summary>
    public bool IsSoundLoop(Connection connection)
    {
        if (_start is null || connection.Target == _start || connection.Source == connection.Target)
            return true;

        // Walk forward from the start without passing the target: the source must be out of reach.
        var reached = new HashSet<Activity> { _start };
        var open = new Queue<Activity>(reached);
        while (open.TryDequeue(out var activity))
            foreach (var next in _outbound[activity].Where(_forward.Contains).Select(c => c.Target))
                if (next != connection.Target && reached.Add(next))
                    open.Enqueue(next);
        return !reached.Contains(connection.Source);
    }

    /// <summary>Breadth first from the start; an arrow that would close a circle with those before it leads back.</summary>
    private void FindForward(Activity start)
    {
        var followed = new Dictionary<Activity, HashSet<Activity>>();
        var seen = new HashSet<Activity> { start };
        var open = new Queue<Activity>(seen);
        while (open.TryDequeue(out var source))
        {
            foreach (var connection in _outbound[source])
            {
                var target = connection.Target;
                var known = followed.TryGetValue(source, out var targets) && targets.Contains(target);
                if (!known && Reaches(followed, target, source))
                    continue;

                if (targets is null)
                    followed[source] = targets = [];
                targets.Add(target);
                _forward.Add(connection);
                if (seen.Add(target))
                    open.Enqueue(target);
            }
        }
    }

    private static bool Reaches(Dictionary<Activity, HashSet<Activity>> followed, Activity from, Activity to)
    {
        var seen = new HashSet<Activity> { from };
        var open = new Stack<Activity>(seen);
        while (open.TryPop(out var activity))
        {
            if (activity == to)
                return true;

            if (followed.TryGetValue(activity, out var next))
                foreach (var target in next)
                    if (seen.Add(target))
                        open.Push(target);
        }

        return false;
    }

    private HashSet<Activity> FindBefore(Activity activity)
    {
        var before = new HashSet<Activity>();
        var open = new Queue<Activity>([activity]);
        while (open.TryDequeue(out var current))
            foreach (var source in ForwardInbound(current).Select(c => c.Source))
                if (before.Add(source))
                    open.Enqueue(source);
        return before;
    }
}

/// <summary>What a running flowchart remembers: how often each activity and arrow had its turn, and how each arrow was decided last.</summary>
internal sealed class FlowScope : IStateValue
{
    private readonly Dictionary<string, int> _activities = [];
    private readonly Dictionary<string, (int Count, bool Followed)> _connections = [];

    public void Visit(Activity activity, Step step)
    {
        var before = Visits(activity);
        step.Undo(() => _activities[activity.Id] = before);
        _activities[activity.Id] = before + 1;
    }

    public void Visit(Connection connection, bool followed, Step step)
    {
        var (count, wasFollowed) = (Visits(connection), Followed(connection));
        step.Undo(() => _connections[connection.Key] = (count, wasFollowed));
        _connections[connection.Key] = (count + 1, followed);
    }

    /// <summary>Whether the activity already had its turn for this arrow.</summary>
    public bool IsSpent(Connection connection) => Visits(connection) <= Visits(connection.Target);

    public bool AllDecided(Activity activity, IReadOnlyList<Connection> inbound) => inbound.All(c => Visits(c) > Visits(activity));

    public bool AnyFollowed(Activity activity, IReadOnlyList<Connection> inbound)
    {
        var latest = inbound.Max(Visits);
        return latest > Visits(activity) && inbound.Any(c => Visits(c) == latest && Followed(c));
    }

    public bool AllFollowed(Activity activity, IReadOnlyList<Connection> inbound)
    {
        var latest = inbound.Max(Visits);
        return latest > Visits(activity) && inbound.All(c => Visits(c) == latest && Followed(c));
    }

    public static FlowScope Read(JsonObject? json)
    {
        var scope = new FlowScope();
        foreach (var (id, count) in json?["a"] as JsonObject ?? [])
            scope._activities[id] = count?.GetValue<int>() ?? 0;

        // One number an arrow: its count, negative when it was not followed last.
        foreach (var (key, value) in json?["c"] as JsonObject ?? [])
            scope._connections[key] = (Math.Abs(value?.GetValue<int>() ?? 0), value?.GetValue<int>() > 0);
        return scope;
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("a");
        foreach (var (id, count) in _activities)
            writer.WriteNumber(id, count);
        writer.WriteEndObject();
        writer.WriteStartObject("c");
        foreach (var (key, (count, followed)) in _connections)
            writer.WriteNumber(key, followed ? count : -count);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private int Visits(Activity activity) => _activities.GetValueOrDefault(activity.Id);

    private int Visits(Connection connection) => _connections.GetValueOrDefault(connection.Key).Count;

    private bool Followed(Connection connection) => _connections.GetValueOrDefault(connection.Key).Followed;
}
