using Alize.Engine.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Alize.Engine.Definitions;

/// <summary>What happened to a file.</summary>
public enum LoadOutcome
{
    /// <summary>A new published version.</summary>
    Published,

    /// <summary>The same content as before.</summary>
    Unchanged,

    /// <summary>The latest version was made in the designer: the file was left alone.</summary>
    KeptDesigner,
}

/// <summary>A file and what happened to it.</summary>
/// <param name="DefinitionId">Name of the file without its extension.</param>
/// <param name="Outcome">What happened.</param>
/// <param name="Version">The latest version afterwards.</param>
public sealed record LoadedFile(string DefinitionId, LoadOutcome Outcome, int Version);

/// <summary>Loads the definition files of a folder at start: the file's name is the definition's id, new content a new published version.</summary>
public sealed class DefinitionLoader(IServiceScopeFactory scopes, DefinitionTriggers triggers, TimeProvider time, ILogger<DefinitionLoader> log)
{
    /// <summary>Loads every <c>*.json</c> of a folder.</summary>
    /// <exception cref="DefinitionException">A file cannot be read or names what does not exist; the message names the file.</exception>
    public async Task<IReadOnlyList<LoadedFile>> LoadAsync(string folder, CancellationToken cancel)
    {
        if (!Directory.Exists(folder))
            throw new DefinitionException(new Sentence("no-folder", folder));

        var waiting = new List<(string DefinitionId, string Json)>();
        foreach (var file in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
            waiting.Add((Path.GetFileNameWithoutExtension(file), await File.ReadAllTextAsync(file, cancel)));

        var loaded = new List<LoadedFile>();
        var failures = new List<DefinitionException>();

        // A definition used as an activity by another one must be published before it: whoever fails is tried again after the others.
        while (waiting.Count > 0)
        {
            failures.Clear();
            var before = waiting.Count;
            foreach (var (definitionId, json) in waiting.ToList())
            {
                try
                {
                    loaded.Add(await LoadAsync(definitionId, json, cancel));
                    waiting.Remove((definitionId, json));
                }
                catch (DefinitionException e)
                {
                    failures.Add(new DefinitionException(new Sentence("in-file", definitionId, e.Sentence), e));
                }
            }

            if (waiting.Count == before)
                throw failures.Count == 1 ? failures[0] : new DefinitionException(Sentence.Lines(failures.Select(f => f.Sentence)), failures[0]);
        }

        return loaded;
    }

    /// <summary>Loads one definition's file.</summary>
    public async Task<LoadedFile> LoadAsync(string definitionId, string json, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(json);
        for (var tries = 0; tries < 10; tries++)
        {
            // Null when another node loaded it at the same moment: look again what there is.
            if (await TryLoadAsync(definitionId, json, cancel) is { } loaded)
                return loaded;
        }

        throw new DefinitionException(new Sentence("never-added", definitionId));
    }

    private async Task<LoadedFile?> TryLoadAsync(string definitionId, string json, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IWorkflowStore>();

        var hash = DefinitionFiles.Hash(json);
        var latest = await store.FindDefinitionAsync(definitionId, published: false, cancel);
        if (latest is not null)
        {
            if (latest.FileHash == hash)
                return new LoadedFile(definitionId, LoadOutcome.Unchanged, latest.Version);

            if (latest.FileHash is null)
            {
                log.LogWarning("{DefinitionId}.json was not applied: version {Version} was made in the designer. Export it over the file, or delete it, to follow the file again.", definitionId, latest.Version);
                return new LoadedFile(definitionId, LoadOutcome.KeptDesigner, latest.Version);
            }
        }

        var version = (latest?.Version ?? 0) + 1;
        var document = DefinitionDocument.Parse(json).Normalise();
        var definition = new StoredDefinition
        {
            Id = $"{definitionId}:{version}",
            DefinitionId = definitionId,
            Version = version,
            Name = document.Name ?? definitionId,
            Description = document.Description,
            Json = document.ToJson(),
            IsLatest = true,
            IsPublished = true,
            FileHash = hash,
            CreatedAt = time.GetUtcNow().UtcDateTime,
            PublishedAt = time.GetUtcNow().UtcDateTime,
        };
        if (!await store.AddDefinitionAsync(definition, await triggers.OfAsync(definition, store, cancel), cancel))
            return null;

        log.LogInformation("Published {DefinitionId} version {Version}", definitionId, version);
        return new LoadedFile(definitionId, LoadOutcome.Published, version);
    }
}
