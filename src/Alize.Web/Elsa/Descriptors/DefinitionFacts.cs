using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Engine.Definitions;
using Alize.Engine.Storage;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Elsa.Descriptors;

/// <summary>What descriptors need to know of one version of a definition.</summary>
/// <param name="Id">The version.</param>
/// <param name="DefinitionId">The definition.</param>
/// <param name="Version">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is for. Null for none.</param>
/// <param name="IsLatest">The newest one.</param>
/// <param name="IsPublished">The one that new instances run.</param>
/// <param name="Json">The definition without what is drawn in it: inputs, outputs, outcomes, options.</param>
/// <param name="Types">Types and versions of the activities drawn, workflows used as activities included.</param>
/// <param name="Literals">Literal texts of inputs, by activity type and input.</param>
internal sealed record DefinitionFacts(
    string Id, string DefinitionId, int Version, string Name, string? Description, bool IsLatest, bool IsPublished, JsonObject Json,
    IReadOnlySet<(string Type, int Version)> Types, ILookup<(string Type, string Input), string> Literals)
{
    /// <summary>Whether other definitions may use it as an activity.</summary>
    public bool IsUsableAsActivity => Json["options"]?["usableAsActivity"] is JsonValue value && value.TryGetValue(out bool usable) && usable;

    public static DefinitionFacts Of(StoredDefinition definition)
    {
        var document = DefinitionDocument.Parse(definition.Json);
        var types = new HashSet<(string, int)>();
        var literals = new List<((string, string) Key, string Value)>();
        foreach (var activity in document.Activities())
        {
            var type = Text(activity["type"]) ?? "";
            types.Add((type, activity["version"] is JsonValue v && v.TryGetValue(out int version) ? version : 1));
            foreach (var (input, value) in activity)
                if (value is JsonObject { } wrapped && Text(wrapped["expression"]?["type"]) == "Literal" && Text(wrapped["expression"]?["value"]) is { Length: > 0 } literal)
                    literals.Add(((type, input), literal));
        }

        document.Json.Remove("root");
        return new DefinitionFacts(
            definition.Id, definition.DefinitionId, definition.Version, definition.Name, definition.Description, definition.IsLatest, definition.IsPublished,
            document.Json, types, literals.ToLookup(l => l.Key, l => l.Value));
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}

/// <summary>Reads the facts of every version. Each save asks for them again, so what cannot change any more is read once.</summary>
internal sealed class DefinitionFactsCache
{
    private readonly ConcurrentDictionary<string, DefinitionFacts> settled = new();

    public async Task<IReadOnlyList<DefinitionFacts>> AllAsync(AlizeDb db, CancellationToken cancel)
    {
        var versions = await db.Definitions.AsNoTracking()
            .OrderBy(d => d.DefinitionId).ThenBy(d => d.Version)
            .Select(d => new { d.Id, d.IsLatest, d.IsPublished })
            .ToListAsync(cancel);

        // A draft is saved in place; every other version stays as it is.
        var fresh = versions.Where(v => (v.IsLatest && !v.IsPublished) || !settled.ContainsKey(v.Id)).Select(v => v.Id).ToList();
        var read = new Dictionary<string, DefinitionFacts>();
        foreach (var ids in fresh.Chunk(100))
            foreach (var definition in await db.Definitions.AsNoTracking().Where(d => ids.Contains(d.Id)).ToListAsync(cancel))
                read[definition.Id] = Read(definition);

        foreach (var gone in settled.Keys.Except(versions.Select(v => v.Id)).ToList())
            settled.TryRemove(gone, out _);
        return [.. versions
            .Select(v => (read.GetValueOrDefault(v.Id) ?? settled.GetValueOrDefault(v.Id)) is { } facts ? facts with { IsLatest = v.IsLatest, IsPublished = v.IsPublished } : null)
            .OfType<DefinitionFacts>()];
    }

    private DefinitionFacts Read(StoredDefinition definition)
    {
        var facts = DefinitionFacts.Of(definition);
        if (definition.IsPublished || !definition.IsLatest)
            settled[definition.Id] = facts;
        return facts;
    }
}
