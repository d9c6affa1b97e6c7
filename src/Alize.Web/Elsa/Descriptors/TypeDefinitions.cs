using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Engine.Definitions;
using Alize.Engine.Expressions;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Elsa.Descriptors;

/// <summary>TypeScript declarations for the Studio's script editor: what a script of this definition sees.</summary>
internal static class TypeDefinitions
{
    public static void Map(RouteGroupBuilder api) => api.MapPost("/scripting/javascript/type-definitions/{definitionId}", WriteAsync);

    /// <summary>The latest version speaks, since it is what is being edited; a definition not saved yet knows the functions alone.</summary>
    private static async Task<IResult> WriteAsync(string definitionId, Asked? asked, AlizeDb db, ActivityRegistry registry, CancellationToken cancel)
    {
        var json = await db.Definitions.AsNoTracking()
            .Where(d => d.DefinitionId == definitionId && d.IsLatest).Select(d => d.Json).FirstOrDefaultAsync(cancel);
        var text = Of(json is null ? new DefinitionDocument([]) : DefinitionDocument.Parse(json), registry);
        if (asked?.ActivityTypeName == "Elsa.RunJavaScript")
            text += "declare function setOutcome(name: string): void;\ndeclare function setOutcomes(names: string[]): void;\n";
        return TypedResults.Text(text, "application/x-typescript");
    }

    public static string Of(DefinitionDocument document, ActivityRegistry registry)
    {
        var activities = document.Activities().ToList();
        var variables = activities.Select(a => a["variables"]).Append(document.Json["variables"]).SelectMany(list => Named(list, "typeName"));

        // A loop gives these to what it runs.
        if (activities.Exists(a => Text(a["type"]) is "Elsa.ForEach" or "Elsa.ParallelForEach" or "Elsa.For"))
            variables = variables.Append(("CurrentValue", "Object")).Append(("CurrentIndex", "Int32"));

        var outputs = activities.SelectMany(activity =>
            registry.TryFind(Text(activity["type"]) ?? "", out var descriptor) && (Text(activity["name"]) ?? Text(activity["id"])) is { } name
                ? descriptor.Outputs.Select(o => (name, o.Name, (string?)o.TypeName))
                : []);
        return ScriptSignatures.Declare(variables.DistinctBy(v => v.Name), Named(document.Json["inputs"], "type"), outputs);
    }

    private static IEnumerable<(string Name, string? Type)> Named(JsonNode? list, string typeProperty)
    {
        foreach (var item in (list as JsonArray ?? []).OfType<JsonObject>())
            if (Text(item["name"]) is { Length: > 0 } name)
                yield return (name, item["isArray"] is JsonValue v && v.TryGetValue(out bool isArray) && isArray ? $"{Text(item[typeProperty]) ?? "Object"}[]" : Text(item[typeProperty]));
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private sealed record Asked(string? WorkflowDefinitionId, string? ActivityTypeName, string? PropertyName);
}
