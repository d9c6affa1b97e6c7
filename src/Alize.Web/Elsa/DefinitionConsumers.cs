using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Engine.Definitions;
using Alize.Engine.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Elsa;

/// <summary>Definitions that use another one as an activity: who they are, and their move to its newest version.</summary>
internal sealed class DefinitionConsumers(AlizeDb db)
{
    public static void Map(RouteGroupBuilder api)
    {
        var definitions = api.MapGroup("/workflow-definitions");
        definitions.MapGet("/{definitionId}/consumers", ConsumersAsync);
        definitions.MapPost("/{definitionId}/update-references", UpdateReferencesAsync);
    }

    /// <summary>The latest versions that use a definition as an activity, by name.</summary>
    public async Task<IReadOnlyList<StoredDefinition>> OfAsync(string definitionId, CancellationToken cancel)
    {
        // The text narrows it down, the activities decide: scripts and inputs may name the same id.
        var candidates = await db.Definitions.AsNoTracking()
            .Where(d => d.IsLatest && d.DefinitionId != definitionId && d.Json.Contains("\"workflowDefinitionId\"") && d.Json.Contains(definitionId))
            .OrderBy(d => d.Name).ThenBy(d => d.DefinitionId).ToListAsync(cancel);
        return candidates.FindAll(d => Uses(DefinitionDocument.Parse(d.Json), definitionId).Any());
    }

    /// <summary>A definition and, however deep, all that use it.</summary>
    public async Task<IReadOnlyList<StoredDefinition>> WithConsumersAsync(StoredDefinition definition, CancellationToken cancel)
    {
        var found = new List<StoredDefinition> { definition };
        for (var next = 0; next < found.Count; next++)
            foreach (var consumer in await OfAsync(found[next].DefinitionId, cancel))
                if (found.TrueForAll(f => f.DefinitionId != consumer.DefinitionId)) found.Add(consumer);
        return found;
    }

    /// <summary>Whether the definition asks that those who use it follow each new version.</summary>
    public static bool FollowsByItself(StoredDefinition definition) =>
        DefinitionModel.Flag(DefinitionDocument.Parse(definition.Json).Json["options"]?["autoUpdateConsumingWorkflows"]);

    /// <summary>Moves those who use a definition to that version: published ones as a new published version, drafts as they are.</summary>
    /// <returns>Names of those moved.</returns>
    public async Task<IReadOnlyList<string>> UpdateAsync(StoredDefinition used, DefinitionDesk desk, CancellationToken cancel)
    {
        var moved = new List<string>();
        foreach (var consumer in await OfAsync(used.DefinitionId, cancel))
        {
            var document = DefinitionDocument.Parse(consumer.Json);
            var uses = Uses(document, used.DefinitionId).Where(a => a["workflowDefinitionVersionId"]?.ToString() != used.Id).ToList();
            foreach (var use in uses)
            {
                use["workflowDefinitionVersionId"] = used.Id;
                use["latestAvailablePublishedVersion"] = used.Version;
                use["latestAvailablePublishedVersionId"] = used.Id;
            }

            if (uses.Count == 0) continue;
            document.DefinitionId = consumer.DefinitionId;
            document.Json["name"] = consumer.Name;
            if ((await desk.SaveAsync(document.Json, consumer.IsPublished, cancel)).Problems.Count == 0) moved.Add(consumer.Name);
        }

        return moved;
    }

    private static IEnumerable<JsonObject> Uses(DefinitionDocument document, string definitionId) =>
        document.Activities().Where(a => a["workflowDefinitionId"] is JsonValue value && value.TryGetValue(out string? id) && id == definitionId);

    private static async Task<Ok<Consumers>> ConsumersAsync(string definitionId, DefinitionConsumers consumers, CancellationToken cancel) =>
        TypedResults.Ok(new Consumers([.. (await consumers.OfAsync(definitionId, cancel)).Select(d => d.DefinitionId)]));

    private static async Task<Results<Ok<Affected>, NotFound>> UpdateReferencesAsync(
        string definitionId, AlizeDb db, DefinitionConsumers consumers, DefinitionDesk desk, CancellationToken cancel) =>
        await Definitions.FindAsync(db, definitionId, VersionOptions.Published, cancel) is { } published
            ? TypedResults.Ok(new Affected(await consumers.UpdateAsync(published, desk, cancel)))
            : TypedResults.NotFound();

    private sealed record Consumers(IReadOnlyList<string> ConsumingWorkflowDefinitionIds);

    private sealed record Affected(IReadOnlyList<string> AffectedWorkflows);
}
