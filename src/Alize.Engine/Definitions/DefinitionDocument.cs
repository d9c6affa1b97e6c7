using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Alize.Engine.Definitions;

/// <summary>
/// A definition's JSON as Elsa Studio writes it. Everything stays in the JSON: what this class does not know is kept,
/// in its place and order, when it is written again.
/// </summary>
public sealed partial class DefinitionDocument
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions Reading = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 128 };

    /// <summary>Takes over a JSON object.</summary>
    public DefinitionDocument(JsonObject json) => Json = json;

    /// <summary>The JSON.</summary>
    public JsonObject Json { get; }

    /// <summary>Id shared by all versions.</summary>
    public string? DefinitionId
    {
        get => Text("definitionId");
        set => Json["definitionId"] = value;
    }

    /// <summary>Name for people.</summary>
    public string? Name => Text("name");

    /// <summary>What it is for.</summary>
    public string? Description => Text("description");

    /// <summary>The drawn activity. Null when nothing was drawn.</summary>
    public JsonObject? Root => Json["root"] as JsonObject;

    /// <summary>Id of the workflow itself, the head of every node id.</summary>
    public string WorkflowId => Root?["nodeId"] is JsonValue value && value.TryGetValue(out string? nodeId) && WorkflowHead().Match(nodeId) is { Success: true } head
        ? head.Value
        : "Workflow1";

    /// <summary>Reads a definition.</summary>
    /// <exception cref="DefinitionException">Not JSON, or not an object.</exception>
    public static DefinitionDocument Parse(string json)
    {
        try
        {
            return new DefinitionDocument(JsonNode.Parse(json, documentOptions: Reading) as JsonObject
                ?? throw new DefinitionException(new Sentence("not-an-object")));
        }
        catch (JsonException e)
        {
            throw new DefinitionException(new Sentence("not-json", e.LineNumber + 1, e.BytePositionInLine + 1, e.Message.Split(" LineNumber:")[0].TrimEnd('.')), e);
        }
    }

    /// <summary>Gives every activity the node id that follows from where it stands.</summary>
    public DefinitionDocument Normalise()
    {
        if (Root is { } root && IsActivity(root))
            Number(root, WorkflowId);
        return this;
    }

    /// <summary>The JSON text.</summary>
    public string ToJson(bool indented = false) => Json.ToJsonString(indented ? Indented : Compact);

    /// <summary>Every activity of the definition, containers before what they hold.</summary>
    public IEnumerable<JsonObject> Activities() => Root is null ? [] : Within(Root);

    /// <summary>Whether a JSON object is an activity.</summary>
    internal static bool IsActivity(JsonNode? node) =>
        node is JsonObject json && json.ContainsKey("id") && json["type"] is JsonValue && json.ContainsKey("version");

    /// <summary>The activities directly within an activity.</summary>
    internal static IEnumerable<JsonObject> Children(JsonObject activity) =>
        activity.Where(p => p.Key is not ("metadata" or "customProperties" or "connections")).SelectMany(p => Find(p.Value));

    private static IEnumerable<JsonObject> Within(JsonObject activity)
    {
        yield return activity;
        foreach (var inner in Children(activity).SelectMany(Within))
            yield return inner;
    }

    private static IEnumerable<JsonObject> Find(JsonNode? node) => node switch
    {
        JsonObject json when IsActivity(json) => [json],
        JsonObject json when !json.ContainsKey("expression") => json.SelectMany(p => Find(p.Value)),
        JsonArray array => array.SelectMany(Find),
        _ => [],
    };

    private static void Number(JsonObject activity, string parent)
    {
        var nodeId = $"{parent}:{activity["id"]}";
        activity["nodeId"] = nodeId;
        foreach (var child in Children(activity))
            Number(child, nodeId);
    }

    private string? Text(string name) => Json[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    [GeneratedRegex("^Workflow[0-9]+(?=:)")]
    private static partial Regex WorkflowHead();
}

/// <summary>A definition that cannot be read or run; the message says what to do.</summary>
public sealed class DefinitionException(Sentence sentence, Exception? inner = null) : Exception(sentence?.English, inner)
{
    /// <summary>What is wrong, to be said in French or in English; the message is the English one.</summary>
    public Sentence Sentence { get; } = sentence ?? throw new ArgumentNullException(nameof(sentence));
}
