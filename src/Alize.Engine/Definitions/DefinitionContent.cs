using System.Text.Json.Nodes;
using Alize.Engine.Storage;

namespace Alize.Engine.Definitions;

/// <summary>What a definition says, without what its row says of it (number, dates, state), every activity at its node id.</summary>
internal sealed class DefinitionContent
{
    /// <summary>Said by the row, whatever the JSON says.</summary>
    private static readonly string[] OfTheRow = ["id", "version", "createdAt", "isLatest", "isPublished", "links"];

    /// <summary>What the designer knows and writes itself: when it leaves one of these out, it is meant.</summary>
    private static readonly HashSet<string> OfTheDesigner = new(StringComparer.Ordinal)
    {
        "definitionId", "name", "description", "toolVersion", "variables", "inputs", "outputs", "outcomes", "customProperties", "isReadonly",
        "isSystem", "options", "root", "providerName", "materializerName", "materializerContext", "usableAsActivity", "tenantId", "validationErrors",
    };

    private readonly DefinitionDocument document;

    public DefinitionContent(DefinitionDocument source)
    {
        var json = (JsonObject)source.Json.DeepClone();
        foreach (var name in json.Where(p => p.Value is null || OfTheRow.Contains(p.Key) || IsOff(p.Key, p.Value)).Select(p => p.Key).ToList())
            json.Remove(name);
        document = new DefinitionDocument(json).Normalise();
    }

    public string? Name => document.Name;

    public string? Description => document.Description;

    public string Json => document.ToJson();

    /// <summary>A flag that is off says as much as one that is not there; the designer leaves some out.</summary>
    private static bool IsOff(string name, JsonNode value) =>
        name is "isReadonly" or "isSystem" && value is JsonValue flag && flag.TryGetValue(out bool on) && !on;

    /// <summary>With what the version before says and no designer knows: it would be lost without anybody having meant it.</summary>
    public DefinitionContent After(StoredDefinition? before)
    {
        if (before is not null)
            foreach (var (name, value) in DefinitionDocument.Parse(before.Json).Json)
                if (value is not null && !OfTheDesigner.Contains(name) && !OfTheRow.Contains(name) && !document.Json.ContainsKey(name))
                    document.Json[name] = value.DeepClone();
        return this;
    }

    /// <summary>Whether a version says the same, in whatever order.</summary>
    public bool IsThatOf(StoredDefinition version) =>
        JsonNode.DeepEquals(document.Json, new DefinitionContent(DefinitionDocument.Parse(version.Json)).document.Json);

    /// <summary>
    /// A designer that does not know an activity shows an empty drawing, and saves it empty: such a save is refused. Null when nothing is lost.
    /// </summary>
    public Sentence? LossOf(StoredDefinition? before, ActivityRegistry registry)
    {
        if (before is null || document.Activities().Skip(1).Any())
            return null;

        var unknown = DefinitionDocument.Parse(before.Json).Activities()
            .Where(a => ActivityReader.Text(a["workflowDefinitionId"]) is null && !registry.TryFind(ActivityReader.Text(a["type"]) ?? "", out _))
            .Select(a => ActivityReader.Text(a["type"])).Distinct().ToList();
        return unknown.Count == 0 ? null
            : new Sentence("would-be-emptied", before.Version, string.Join(", ", unknown));
    }
}
