using System.Globalization;
using System.Text.Json.Nodes;
using Alize.Engine.Definitions;
using Alize.Engine.Storage;

namespace Alize.Web.Elsa;

/// <summary>
/// A definition as the Studio reads and writes it. What only the row knows is written over what the JSON says; collections are never
/// null, which the Studio could not read; what is unknown here stays where it is.
/// </summary>
internal static class DefinitionModel
{
    public const string Schema = "https://elsaworkflows.io/schemas/workflow-definition/v3.0.0/schema.json";

    private const string NotFoundActivity = "Elsa.NotFoundActivity";

    private static readonly string[] Lists = ["variables", "inputs", "outputs", "outcomes"];

    /// <summary>In an answer: with links, and a stand-in for each activity this server does not have.</summary>
    public static JsonObject Answer(StoredDefinition definition, ActivityRegistry registry)
    {
        var model = Model(definition);
        if (model["root"] is JsonObject root) model["root"] = StandIn(root, registry);
        model.Insert(0, "links", Links(definition.DefinitionId));
        return model;
    }

    /// <summary>As a file: everything, nothing stood in for.</summary>
    public static JsonObject Export(StoredDefinition definition)
    {
        var model = Model(definition);
        model.Remove("$schema");
        model.Insert(0, "$schema", Schema);
        return model;
    }

    /// <summary>What the Studio sends, as it is kept: without links, stand-ins replaced by what they stood for.</summary>
    public static DefinitionDocument Read(JsonObject model)
    {
        var json = (JsonObject)model.DeepClone();
        json.Remove("links");
        if (json["root"] is JsonObject root) json["root"] = Original(root);
        return new DefinitionDocument(json);
    }

    public static JsonArray Links(string definitionId)
    {
        var id = Uri.EscapeDataString(definitionId);
        return new JsonArray([.. new ElsaLink[]
        {
            new($"/workflow-definitions/{id}", "self", "GET"),
            new($"/workflow-definitions/by-definition-id/{id}", "self", "GET"),
            new($"/workflow-definitions/{id}/versions", "versions", "GET"),
            new($"/workflow-definitions/{id}/bulk-dispatch", "bulk-dispatch", "POST"),
            new($"/workflow-definitions/{id}/dispatch", "dispatch", "POST"),
            new($"/workflow-definitions/{id}/execute", "execute", "POST"),
            new($"/workflow-definitions/{id}/export", "export", "POST"),
            new($"/workflow-definitions/{id}/publish", "publish", "POST"),
            new($"/workflow-definitions/{id}/retract", "retract", "POST"),
            new($"/workflow-definitions/{id}", "delete", "DELETE"),
            new($"/workflow-definitions/{id}/import", "import", "PUT"),
            new($"/workflow-definitions/{id}/update-references", "update-references", "POST"),
        }.Select(l => new JsonObject { ["href"] = l.Href, ["rel"] = l.Rel, ["method"] = l.Method })]);
    }

    /// <summary>An instant as Elsa writes it.</summary>
    public static DateTimeOffset At(DateTime utc) => new(DateTime.SpecifyKind(utc, DateTimeKind.Utc));

    private static JsonObject Model(StoredDefinition definition)
    {
        var document = DefinitionDocument.Parse(definition.Json).Normalise();
        var model = new JsonObject
        {
            ["id"] = definition.Id,
            ["definitionId"] = definition.DefinitionId,
            ["name"] = definition.Name,
        };
        if (definition.Description is not null) model["description"] = definition.Description;
        model["createdAt"] = At(definition.CreatedAt).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture);
        model["version"] = definition.Version;
        if (Version.TryParse(document.Json["toolVersion"]?.ToString(), out var tool)) model["toolVersion"] = tool.ToString();
        foreach (var list in Lists) model[list] = document.Json[list] is JsonArray array ? array.DeepClone() : new JsonArray();
        model["customProperties"] = document.Json["customProperties"] is JsonObject custom ? custom.DeepClone() : new JsonObject();
        model["isReadonly"] = Flag(document.Json["isReadonly"]);
        model["isSystem"] = Flag(document.Json["isSystem"]);
        model["isLatest"] = definition.IsLatest;
        model["isPublished"] = definition.IsPublished;
        var options = document.Json["options"] is JsonObject given ? (JsonObject)given.DeepClone() : [];
        if (options["autoUpdateConsumingWorkflows"] is null) options["autoUpdateConsumingWorkflows"] = false;
        model["options"] = options;
        if (document.Root is { } root) model["root"] = root.DeepClone();
        foreach (var (name, value) in document.Json)
            if (value is not null && !model.ContainsKey(name) && name is not ("links" or "toolVersion" or "description")) model[name] = value.DeepClone();
        return model;
    }

    public static bool Flag(JsonNode? node) => node is JsonValue value && value.TryGetValue(out bool flag) && flag;

    /// <summary>
    /// The Studio draws nothing at all when one activity has no descriptor, and would then save nothing at all: such an activity is shown
    /// as Elsa's own stand-in, which carries it.
    /// </summary>
    private static JsonObject StandIn(JsonObject activity, ActivityRegistry registry)
    {
        var type = activity["type"]?.ToString() ?? "";
        if (!IsKnown(activity, type, registry))
        {
            var metadata = activity["metadata"] is JsonObject given ? (JsonObject)given.DeepClone() : [];
            metadata["displayText"] ??= $"Inconnue : {type}";
            metadata["description"] ??= $"Ce service n’a pas d’activité « {type} ».";
            return new JsonObject
            {
                ["missingTypeName"] = type,
                ["missingTypeVersion"] = activity["version"]?.DeepClone() ?? 1,
                ["originalActivityJson"] = activity.ToJsonString(),
                ["id"] = activity["id"]?.DeepClone(),
                ["nodeId"] = activity["nodeId"]?.DeepClone(),
                ["name"] = activity["name"]?.DeepClone(),
                ["type"] = NotFoundActivity,
                ["version"] = 1,
                ["customProperties"] = activity["customProperties"] is JsonObject custom ? custom.DeepClone() : new JsonObject(),
                ["metadata"] = metadata,
            };
        }

        return Replaced(activity, child => StandIn(child, registry));
    }

    private static bool IsKnown(JsonObject activity, string type, ActivityRegistry registry) =>
        type == NotFoundActivity || activity["workflowDefinitionId"] is JsonValue
        || (registry.TryFind(type, out var descriptor) && activity["version"]?.ToString() == descriptor.Version.ToString(CultureInfo.InvariantCulture));

    /// <summary>What a stand-in stands for, at the place where it was moved to.</summary>
    private static JsonObject Original(JsonObject activity)
    {
        if (activity["type"]?.ToString() != NotFoundActivity || activity["originalActivityJson"]?.ToString() is not { } text
            || DefinitionDocument.Parse(text).Json is not { } original)
            return Replaced(activity, Original);

        if (activity["metadata"]?["designer"] is JsonObject designer)
        {
            if (original["metadata"] is not JsonObject metadata) original["metadata"] = metadata = [];
            metadata["designer"] = designer.DeepClone();
        }

        return original;
    }

    private static JsonObject Replaced(JsonObject activity, Func<JsonObject, JsonObject> replace)
    {
        foreach (var child in DefinitionDocument.Inner(activity))
        {
            var other = replace(child);
            if (!ReferenceEquals(other, child)) child.ReplaceWith(other);
        }

        return activity;
    }
}
