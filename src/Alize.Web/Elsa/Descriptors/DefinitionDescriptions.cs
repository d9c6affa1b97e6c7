using System.Text.Json.Nodes;
using Alize.Engine.Activities;
using Alize.Engine.Expressions;

namespace Alize.Web.Elsa.Descriptors;

/// <summary>
/// Descriptions that follow from the stored definitions: workflows used as activities, and types that are drawn somewhere but not
/// registered. The Studio shows an empty canvas for a definition with a type it has no descriptor of, and its next save would empty
/// the definition: so each type that is drawn has one.
/// </summary>
internal static class DefinitionDescriptions
{
    private const string Category = "Procédures";

    /// <summary>One for each version of a definition that may be used as an activity; the published one is offered.</summary>
    public static IEnumerable<ActivityDescription> Usable(IReadOnlyList<DefinitionFacts> definitions)
    {
        var names = new HashSet<(string, int)>();
        foreach (var version in definitions.Where(d => d.IsUsableAsActivity).OrderByDescending(d => d.IsPublished))
        {
            // Two definitions of one name would share the key of their descriptor.
            var type = TypeOf(version.Name);
            yield return Describe(version, names.Add((type, version.Version)) ? type : $"{type}.{TypeOf(version.DefinitionId)}");
        }
    }

    /// <summary>One for each type that is drawn and that nobody knows any more.</summary>
    public static IEnumerable<ActivityDescription> Lost(IReadOnlyList<DefinitionFacts> definitions, IReadOnlySet<(string, int)> known) =>
        definitions.SelectMany(d => d.Types).Distinct().Where(type => !known.Contains(type)).OrderBy(type => type).Select(type => new ActivityDescription
        {
            TypeName = type.Type,
            Namespace = type.Type.LastIndexOf('.') is > 0 and var end ? type.Type[..end] : "",
            Name = type.Type[(type.Type.LastIndexOf('.') + 1)..],
            Version = type.Version,
            Category = "Inconnus",
            DisplayName = type.Type,
            Description = "Ce type d’activité n’est pas connu de ce service dans cette version : remplacez l’activité avant de publier.",
            IsBrowsable = false,
        });

    /// <summary>Elsa's name of the type for a definition of this name.</summary>
    public static string TypeOf(string name) => ScriptSignatures.Pascal(name) is { Length: > 0 } type ? type : "Workflow";

    private static ActivityDescription Describe(DefinitionFacts version, string type)
    {
        var outcomes = Texts(version.Json["outcomes"]);
        return new ActivityDescription
        {
            TypeName = type,
            Namespace = "",
            Name = type,
            Version = version.Version,
            Category = Text(version.Json["options"]?["activityCategory"]) is { Length: > 0 } category ? category : Category,
            DisplayName = version.Name,
            Description = version.Description,
            Inputs = [.. Arguments(version.Json["inputs"]).Select(Input)],
            Outputs = [.. Arguments(version.Json["outputs"]).Select(o => new OutputDescription(Text(o["name"]) ?? "", TypeName(o), Shown(o), Text(o["description"]), IsSynthetic: true))],
            Ports = [.. outcomes.Select(o => new PortDescription(o, o, "Flow"))],
            CustomProperties = new Dictionary<string, object>
            {
                ["RootType"] = "WorkflowDefinitionActivity",
                ["WorkflowDefinitionId"] = version.DefinitionId,
                ["WorkflowDefinitionVersionId"] = version.Id,
            },
            ConstructionProperties = new Dictionary<string, object>
            {
                ["WorkflowDefinitionId"] = version.DefinitionId,
                ["WorkflowDefinitionVersionId"] = version.Id,
            },
            IsBrowsable = version.IsPublished,
        };
    }

    private static InputDescription Input(JsonObject argument) => new()
    {
        Name = Text(argument["name"]) ?? "",
        TypeName = TypeName(argument),
        DisplayName = Shown(argument),
        Description = Text(argument["description"]),
        Category = Text(argument["category"]) is { Length: > 0 } and not "Primitives" and var category ? category : null,
        UiHint = Text(argument["uiHint"]) is { Length: > 0 } hint ? hint : InputUIHints.SingleLine,
        IsSynthetic = true,
    };

    private static string? Shown(JsonObject argument) => Text(argument["displayName"]) is { Length: > 0 } shown ? shown : Text(argument["name"]);

    private static string TypeName(JsonObject argument)
    {
        var type = Text(argument["type"]) ?? "Object";
        return argument["isArray"] is JsonValue v && v.TryGetValue(out bool isArray) && isArray ? $"{type}[]" : type;
    }

    private static IEnumerable<JsonObject> Arguments(JsonNode? node) => (node as JsonArray ?? []).OfType<JsonObject>();

    private static IEnumerable<string> Texts(JsonNode? node) => (node as JsonArray ?? []).Select(Text).OfType<string>();

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
