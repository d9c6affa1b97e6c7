namespace Alize.Engine.Runtime;

/// <summary>
/// Says which instances have moved, after their burst was committed and never before. Whoever listens is called within the burst's
/// call, so only rings a bell of its own there; what it throws is nobody's business but its own.
/// </summary>
public sealed class InstanceFeed
{
    /// <summary>The id of an instance whose burst was committed.</summary>
    public event Action<string>? Moved;

    internal void Tell(string instanceId) => Moved?.Invoke(instanceId);
}
