using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Engine.Definitions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Elsa.Instances;

/// <summary>A part of a definition's drawing, for the viewer to look into containers: a node with what it holds, or the way down to one.</summary>
internal static class Subgraphs
{
    public static void Map(RouteGroupBuilder api)
    {
        var subgraph = api.MapGroup("/workflow-definitions/subgraph");
        subgraph.MapGet("/{id}", FindAsync);
        subgraph.MapGet("/segments/{id}", SegmentsAsync);
    }

    /// <summary>The node of that id; the drawn root where none is named (Elsa fails there).</summary>
    private static async Task<Results<Ok<Node>, NotFound>> FindAsync(string id, string? parentNodeId, AlizeDb db, CancellationToken cancel)
    {
        if (await RootAsync(id, db, cancel) is not { } root) return TypedResults.NotFound();
        var path = PathTo(root, parentNodeId ?? (string?)root.Activity["nodeId"] ?? "");
        return path.Count == 0 ? TypedResults.NotFound() : TypedResults.Ok(path[^1]);
    }

    private static async Task<Results<Ok<Way>, NotFound>> SegmentsAsync(string id, string? childNodeId, AlizeDb db, ActivityRegistry registry, CancellationToken cancel)
    {
        if (childNodeId is null || await RootAsync(id, db, cancel) is not { } root) return TypedResults.NotFound();
        var path = PathTo(root, childNodeId);
        if (path.Count == 0) return TypedResults.NotFound();

        // What owns a canvas on the way: the workflow itself, or an activity by one of its ports.
        var owners = path.Take(path.Count - 1).Select((node, index) => (Node: node, path[index + 1].Port)).Where(o => !IsCanvas(o.Node, registry)).ToList();
        return TypedResults.Ok(new Way(path[^1], owners is [] ? Workflow(root) : owners[^1].Node, [.. owners.Select(o => new Segment(
            o.Node.NodeId, Text(o.Node.Activity["id"]), Text(o.Node.Activity["type"]), o.Port, Text(o.Node.Activity["name"])))]));
    }

    private static Node Workflow(Node root)
    {
        var id = root.NodeId.Split(':')[0];
        return new Node(id, "Root", new JsonObject { ["id"] = id, ["nodeId"] = id, ["type"] = "Elsa.Workflow", ["version"] = 1, ["root"] = root.Activity.DeepClone() });
    }

    private static bool IsCanvas(Node node, ActivityRegistry registry) => registry.TryFind(Text(node.Activity["type"]), out var descriptor) && descriptor.IsContainer;

    private static async Task<Node?> RootAsync(string versionId, AlizeDb db, CancellationToken cancel)
    {
        var json = await db.Definitions.AsNoTracking().Where(d => d.Id == versionId).Select(d => d.Json).SingleOrDefaultAsync(cancel);
        return json is not null && DefinitionDocument.Parse(json).Normalise().Root is { } root ? new Node(Text(root["nodeId"]), "Root", root) : null;
    }

    /// <summary>From the root to the node; empty when it is not there.</summary>
    private static List<Node> PathTo(Node root, string nodeId)
    {
        var path = new List<Node> { root };
        while (path[^1].NodeId != nodeId)
        {
            if (Children(path[^1].Activity).FirstOrDefault(c => c.NodeId == nodeId || nodeId.StartsWith($"{c.NodeId}:", StringComparison.Ordinal)) is not { } next) return [];
            path.Add(next);
        }

        return path;
    }

    /// <summary>The activities directly in another one, by the property that holds them.</summary>
    private static IEnumerable<Node> Children(JsonObject activity) => activity.SelectMany(property => Held(property.Value).Select(child =>
        new Node(Text(child["nodeId"]), char.ToUpperInvariant(property.Key[0]) + property.Key[1..], child)));

    private static IEnumerable<JsonObject> Held(JsonNode? node) => node switch
    {
        JsonObject json when json.ContainsKey("nodeId") && json.ContainsKey("type") => [json],
        JsonArray list => list.SelectMany(Held),
        JsonObject json when json["activity"] is { } held => Held(held),
        _ => [],
    };

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : "";

    private sealed record Node(string NodeId, string Port, JsonObject Activity);

    private sealed record Segment(string ActivityNodeId, string ActivityId, string ActivityType, string PortName, string ActivityName);

    private sealed record Way(Node ChildNode, Node Container, IReadOnlyList<Segment> PathSegments);
}
