using System.Collections.Frozen;
using Alize.Engine.Activities;

namespace Alize.Engine.Definitions;

/// <summary>A version of a definition, ready to run: read once, shared by all its instances, never changed.</summary>
public sealed class CompiledWorkflow
{
    private readonly FrozenDictionary<string, ActivityNode> _nodes;

    internal CompiledWorkflow(Workflow workflow, ActivityNode root, IEnumerable<ActivityNode> nodes)
    {
        Workflow = workflow;
        Root = root;
        _nodes = nodes.ToFrozenDictionary(n => n.NodeId);
    }

    /// <summary>The definition as an activity.</summary>
    public Workflow Workflow { get; }

    /// <summary>How a fault is answered, as the definition names it. Null: the host's choice.</summary>
    public string? IncidentStrategy { get; init; }

    /// <summary>How many may run at once, one of <see cref="Runtime.ActivationStrategies"/>. Null: any number.</summary>
    public string? ActivationStrategy { get; init; }

    /// <summary>Whether other definitions may use it as an activity.</summary>
    public bool IsUsableAsActivity { get; init; }

    /// <summary>Whether its scripts read outputs of other activities, so that these must be kept between bursts.</summary>
    public bool ReadsOutputs { get; init; }

    /// <summary>Every step, as people know it; not the definition itself.</summary>
    public IEnumerable<DrawnStep> Steps => Nodes.Where(n => n.Parent is not null)
        .Select(n => new DrawnStep(n.Activity.Id, n.Title, n.Activity.Type, n.NodeId, n.Descriptor.IsContainer));

    internal ActivityNode Root { get; }

    internal IEnumerable<ActivityNode> Nodes => _nodes.Values;

    internal ActivityNode? FindNode(string nodeId) => _nodes.GetValueOrDefault(nodeId);
}

/// <summary>A step of a compiled definition.</summary>
/// <param name="Id">The activity's id.</param>
/// <param name="Title">What people call it.</param>
/// <param name="Type">Its type.</param>
/// <param name="NodeId">Its place.</param>
/// <param name="IsContainer">Whether it holds other steps.</param>
public sealed record DrawnStep(string Id, string Title, string Type, string NodeId, bool IsContainer);
