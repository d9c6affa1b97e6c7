using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Engine.Definitions;
using Alize.Engine.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Elsa;

/// <summary>Parts of a version's drawing: one activity with what it holds, or the way down to one.</summary>
internal static class Subgraph
{
    public static void Map(RouteGroupBuilder api)
    {
        var subgraph = api.MapGroup("/workflow-definitions/subgraph");
        subgraph.MapGet("/{id}", NodeAsync);
        subgraph.MapGet("/segments/{id}", SegmentsAsync);
    }

    private static async Task<Results<Ok<Node>, NotFound>> NodeAsync(string id, string? parentNodeId, AlizeDb db, ActivityRegistry registry, CancellationToken cancel) =>
        await FindAsync(id, parentNodeId, db, registry, cancel) is [.., var node] ? TypedResults.Ok(node) : TypedResults.NotFound();

    /// <summary>The node, the container the Studio shows it in, and the embedded ports between the root and that container.</summary>
    private static async Task<Results<Ok<Segments>, NotFound>> SegmentsAsync(string id, string? childNodeId, AlizeDb db, ActivityRegistry registry, CancellationToken cancel)
    {
        if (await FindAsync(id, childNodeId, db, registry, cancel) is not { Count: > 1 } path) return TypedResults.NotFound();

        // A flowchart is how an activity's inside is drawn: the way goes by the activities that own one, down from the workflow.
        var owners = path.SkipLast(1).Where(n => n.Activity["type"]?.ToString() != "Elsa.Flowchart").ToList();
        return TypedResults.Ok(new Segments(path[^1], owners[^1], [.. owners.Skip(1).Select(n => new Segment(
            n.NodeId, n.Activity["id"]?.ToString() ?? "", n.Activity["type"]?.ToString() ?? "", PortBelow(path, n), n.Activity["name"]?.ToString()))]));
    }

    /// <summary>From the workflow itself down to a node; empty when there is no such node.</summary>
    private static async Task<IReadOnlyList<Node>> FindAsync(string id, string? nodeId, AlizeDb db, ActivityRegistry registry, CancellationToken cancel)
    {
        if (await db.Definitions.AsNoTracking().SingleOrDefaultAsync(d => d.Id == id, cancel) is not { } definition) return [];
        var model = DefinitionModel.Answer(definition, registry);
        if (model["root"] is not JsonObject root) return [];
        var workflow = Workflow(definition, model, new DefinitionDocument(model).WorkflowId);
        var path = new List<Node> { new(workflow["nodeId"]!.ToString(), "Root", workflow) };
        if (string.IsNullOrEmpty(nodeId) || nodeId == path[0].NodeId) return path;
        return Down(root, "Root", nodeId, path) ? path : [];
    }

    private static bool Down(JsonObject activity, string port, string nodeId, List<Node> path)
    {
        path.Add(new(activity["nodeId"]?.ToString() ?? "", port, activity));
        if (path[^1].NodeId == nodeId) return true;
        foreach (var child in DefinitionDocument.Inner(activity))
            if (nodeId.StartsWith(child["nodeId"]?.ToString() ?? " ", StringComparison.Ordinal) && Down(child, PortOf(activity, child), nodeId, path)) return true;
        path.RemoveAt(path.Count - 1);
        return false;
    }

    /// <summary>The property an activity stands in, as a port's name: <c>activities</c> is <c>Activities</c>, <c>then</c> is <c>Then</c>.</summary>
    private static string PortOf(JsonObject parent, JsonObject child)
    {
        JsonNode? at = child;
        while (at?.Parent is { } above && !ReferenceEquals(above, parent)) at = above;
        var name = at?.GetPropertyName() ?? "";
        return name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..];
    }

    private static string PortBelow(IReadOnlyList<Node> path, Node node) => path.SkipWhile(n => n != node).Skip(1).FirstOrDefault()?.Port ?? "";

    private static JsonObject Workflow(StoredDefinition definition, JsonObject model, string workflowId) => new()
    {
        ["identity"] = new JsonObject { ["definitionId"] = definition.DefinitionId, ["version"] = definition.Version, ["id"] = definition.Id },
        ["publication"] = new JsonObject { ["isLatest"] = definition.IsLatest, ["isPublished"] = definition.IsPublished },
        ["inputs"] = model["inputs"]!.DeepClone(),
        ["outputs"] = model["outputs"]!.DeepClone(),
        ["outcomes"] = model["outcomes"]!.DeepClone(),
        ["workflowMetadata"] = new JsonObject { ["name"] = definition.Name, ["createdAt"] = model["createdAt"]!.DeepClone() },
        ["options"] = model["options"]!.DeepClone(),
        ["isReadonly"] = model["isReadonly"]!.DeepClone(),
        ["isSystem"] = model["isSystem"]!.DeepClone(),
        ["definitionHandle"] = new JsonObject { ["definitionVersionId"] = definition.Id },
        ["result"] = null,
        ["root"] = model["root"]!.DeepClone(),
        ["id"] = workflowId,
        ["nodeId"] = workflowId,
        ["name"] = null,
        ["type"] = "Elsa.Workflow",
        ["version"] = 1,
        ["customProperties"] = new JsonObject(),
        ["metadata"] = new JsonObject(),
    };

    private sealed record Node(string NodeId, string Port, JsonObject Activity);

    private sealed record Segment(string ActivityNodeId, string ActivityId, string ActivityType, string PortName, string? ActivityName);

    private sealed record Segments(Node ChildNode, Node Container, IReadOnlyList<Segment> PathSegments);
}
