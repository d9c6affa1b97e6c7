using System.Security.Cryptography;
using Alize.Engine.Expressions;
using Alize.Engine.Runtime;
using Alize.Engine.Storage;

namespace Alize.Engine.Definitions;

/// <summary>What was done to the versions of a definition.</summary>
public enum VersionChange
{
    /// <summary>Nothing: it was so already.</summary>
    None,

    /// <summary>A draft was written, the first version or a new one.</summary>
    DraftAdded,

    /// <summary>The draft was written again.</summary>
    DraftSaved,

    /// <summary>A version was published.</summary>
    Published,

    /// <summary>The published version was taken back.</summary>
    Retracted,

    /// <summary>Versions were deleted.</summary>
    Deleted,
}

/// <summary>A definition's version after a change.</summary>
/// <param name="Change">What was done.</param>
/// <param name="Version">The version as it stands now. Null: there is none, or nothing could be done.</param>
/// <param name="Problems">Why nothing was done; empty when it was done.</param>
public sealed record VersionResult(VersionChange Change, StoredDefinition? Version, IReadOnlyList<DefinitionProblem> Problems)
{
    /// <summary>Whether the definition or version asked for exists.</summary>
    public bool IsFound => Version is not null || Problems.Count > 0;
}

/// <summary>Says that a version is about to be changed, in the unit of work that changes it: for the host's trail.</summary>
/// <param name="change">What is done.</param>
/// <param name="version">The version.</param>
/// <param name="cancel">Gives up.</param>
public delegate Task NoteChange(VersionChange change, StoredDefinition version, CancellationToken cancel);

/// <summary>
/// The versions of definitions, by Elsa's rules: a draft is written in place, a version that is published or has run is never changed
/// but followed by a new draft, publishing takes the place of all others. Writes of one definition come one after the other.
/// A version is checked before it is published: one that could not run is not.
/// </summary>
public sealed class DefinitionVersions(
    IWorkflowStore store, DefinitionLocks locks, DefinitionTriggers triggers, ActivityRegistry registry, ExpressionEvaluator evaluator, TimeProvider time)
{
    // Another node may have written first; each try looks again.
    private const int MaxTries = 10;

    /// <summary>Writes a definition: the first version, the draft again, or a new draft after a version that must not change. The same content writes nothing.</summary>
    /// <param name="document">The whole definition; its id names what is written, a new one is made where there is none.</param>
    /// <param name="publish">Whether to publish what was written.</param>
    /// <param name="note">For the trail.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<VersionResult> SaveAsync(DefinitionDocument document, bool publish, NoteChange note, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(note);
        if (string.IsNullOrWhiteSpace(document.DefinitionId))
            document.DefinitionId = NewId();
        var definitionId = document.DefinitionId;
        using (await locks.EnterAsync(definitionId, cancel))
        {
            for (var tries = 0; tries < MaxTries; tries++)
            {
                var latest = await store.FindDefinitionAsync(definitionId, published: false, cancel);
                var content = new DefinitionContent(document).After(latest);
                if (latest is not null && content.IsThatOf(latest))
                    return publish ? await PublishLatestAsync(latest, note, cancel) : new(VersionChange.None, latest, []);

                if (content.LossOf(latest, registry) is { } loss)
                    return Refused(definitionId, loss);

                var inPlace = latest is { IsPublished: false, FileHash: null } && !await store.HasInstancesAsync(latest, cancel);
                var version = inPlace ? Rewritten(latest!, content) : await NewAsync(definitionId, content, cancel);
                if (publish && await ProblemsAsync(version, cancel) is { Count: > 0 } problems)
                    return new(VersionChange.None, latest, problems);

                version.IsPublished = publish;
                var change = publish ? VersionChange.Published : inPlace ? VersionChange.DraftSaved : VersionChange.DraftAdded;
                if (await WriteAsync(change, version, isNew: !inPlace, note, cancel))
                    return new(change, version, []);
            }
        }

        throw new DefinitionException(new Sentence("changed-meanwhile", definitionId));
    }

    /// <summary>Publishes the latest version.</summary>
    public async Task<VersionResult> PublishAsync(string definitionId, NoteChange note, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(note);
        using (await locks.EnterAsync(definitionId, cancel))
            return await store.FindDefinitionAsync(definitionId, published: false, cancel) is { } latest
                ? await PublishLatestAsync(latest, note, cancel)
                : new(VersionChange.None, null, []);
    }

    /// <summary>Takes the published version back: nothing new starts from it, what runs goes on. <see cref="VersionChange.None"/> with the latest version when none is published.</summary>
    public async Task<VersionResult> RetractAsync(string definitionId, NoteChange note, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(note);
        using (await locks.EnterAsync(definitionId, cancel))
        {
            if (await store.FindDefinitionAsync(definitionId, published: true, cancel) is not { } published)
                return new(VersionChange.None, await store.FindDefinitionAsync(definitionId, published: false, cancel), []);

            await note(VersionChange.Retracted, published, cancel);
            await store.RetractDefinitionAsync(definitionId, cancel);
            published.IsPublished = false;
            return new(VersionChange.Retracted, published, []);
        }
    }

    /// <summary>Makes a new draft with the content of an older version.</summary>
    public async Task<VersionResult> RevertAsync(string definitionId, int version, NoteChange note, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(note);
        using (await locks.EnterAsync(definitionId, cancel))
        {
            for (var tries = 0; tries < MaxTries; tries++)
            {
                if ((await store.DefinitionVersionsAsync(definitionId, cancel)).FirstOrDefault(v => v.Version == version) is not { } old)
                    return new(VersionChange.None, null, []);

                var copy = await NewAsync(definitionId, new DefinitionContent(DefinitionDocument.Parse(old.Json)), cancel);
                if (await WriteAsync(VersionChange.DraftAdded, copy, isNew: true, note, cancel))
                    return new(VersionChange.DraftAdded, copy, []);
            }
        }

        throw new DefinitionException(new Sentence("changed-meanwhile", definitionId));
    }

    /// <summary>Publishes what a definition's file says, in the place of what was changed in the designer: from then on the file is followed again.</summary>
    public async Task<VersionResult> TakeFileAsync(string definitionId, string json, NoteChange note, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(note);
        using (await locks.EnterAsync(definitionId, cancel))
        {
            for (var tries = 0; tries < MaxTries; tries++)
            {
                var latest = await store.FindDefinitionAsync(definitionId, published: false, cancel);
                var document = DefinitionDocument.Parse(json);
                document.DefinitionId = definitionId;
                var version = await NewAsync(definitionId, new DefinitionContent(document), cancel, DefinitionFiles.Hash(json));
                if (latest?.FileHash == version.FileHash)
                    return new(VersionChange.None, latest, []);
                if (await ProblemsAsync(version, cancel) is { Count: > 0 } problems)
                    return new(VersionChange.None, latest, problems);

                version.IsPublished = true;
                if (await WriteAsync(VersionChange.Published, version, isNew: true, note, cancel))
                    return new(VersionChange.Published, version, []);
            }
        }

        throw new DefinitionException(new Sentence("changed-meanwhile", definitionId));
    }

    /// <summary>
    /// Deletes versions that no instance came from, running or ended: those of an instance are its procedure and stay. The newest that
    /// remains becomes the latest.
    /// </summary>
    /// <returns>The versions deleted; empty when there were none to delete.</returns>
    public async Task<IReadOnlyList<StoredDefinition>> DeleteAsync(string definitionId, Func<StoredDefinition, bool> chosen, NoteChange note, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(chosen);
        ArgumentNullException.ThrowIfNull(note);
        using (await locks.EnterAsync(definitionId, cancel))
        {
            var deleted = new List<StoredDefinition>();
            foreach (var version in (await store.DefinitionVersionsAsync(definitionId, cancel)).Where(chosen))
                if (!await store.HasInstancesAsync(version, cancel))
                    deleted.Add(version);

            if (deleted.Count > 0)
            {
                await note(VersionChange.Deleted, deleted[0], cancel);
                await store.DeleteDefinitionVersionsAsync(definitionId, [.. deleted.Select(v => v.Id)], cancel);
            }

            return deleted;
        }
    }

    /// <summary>Everything that keeps a version from running; empty when it can be published.</summary>
    public async Task<IReadOnlyList<DefinitionProblem>> ProblemsAsync(StoredDefinition version, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(version);
        var known = await store.DefinitionIdsAsync(cancel);
        var problems = DefinitionCheck.Run(version.Json, $"{version.DefinitionId}.json", registry, evaluator, known);
        if (problems.Count > 0)
            return problems;

        try
        {
            await triggers.OfAsync(version, store, cancel);
            return [];
        }
        catch (DefinitionException cannotRun)
        {
            return [new(version.DefinitionId, "", cannotRun.Sentence)];
        }
        catch (ExpressionException noStimulus)
        {
            return [new(version.DefinitionId, "", new Sentence("no-trigger", noStimulus.Message))];
        }
    }

    private static VersionResult Refused(string definitionId, Sentence why) => new(VersionChange.None, null, [new(definitionId, "", why)]);

    private async Task<VersionResult> PublishLatestAsync(StoredDefinition latest, NoteChange note, CancellationToken cancel)
    {
        if (latest.IsPublished)
            return new(VersionChange.None, latest, []);
        if (await ProblemsAsync(latest, cancel) is { Count: > 0 } problems)
            return new(VersionChange.None, latest, problems);

        latest.IsPublished = true;
        return await WriteAsync(VersionChange.Published, latest, isNew: false, note, cancel)
            ? new(VersionChange.Published, latest, [])
            : throw new DefinitionException(new Sentence("changed-meanwhile", latest.DefinitionId));
    }

    private async Task<bool> WriteAsync(VersionChange change, StoredDefinition version, bool isNew, NoteChange note, CancellationToken cancel)
    {
        if (version.IsPublished)
            version.PublishedAt = time.GetUtcNow().UtcDateTime;
        var starts = version.IsPublished ? await triggers.OfAsync(version, store, cancel) : [];
        await note(change, version, cancel);
        if (isNew ? await store.AddDefinitionAsync(version, starts, cancel) : await store.UpdateDefinitionAsync(version, starts, cancel))
            return true;

        await store.DiscardAsync(cancel);
        return false;
    }

    private async Task<StoredDefinition> NewAsync(string definitionId, DefinitionContent content, CancellationToken cancel, string? fileHash = null)
    {
        var versions = await store.DefinitionVersionsAsync(definitionId, cancel);
        return new StoredDefinition
        {
            Id = NewId(),
            DefinitionId = definitionId,
            Version = versions.Select(v => v.Version).DefaultIfEmpty(0).Max() + 1,
            Name = content.Name ?? definitionId,
            Description = content.Description,
            Json = content.Json,
            IsLatest = true,
            IsPublished = false,
            FileHash = fileHash,
            CreatedAt = time.GetUtcNow().UtcDateTime,
        };
    }

    private static StoredDefinition Rewritten(StoredDefinition draft, DefinitionContent content)
    {
        draft.Name = content.Name ?? draft.DefinitionId;
        draft.Description = content.Description;
        draft.Json = content.Json;
        return draft;
    }

    /// <summary>In the form of Elsa's own ids.</summary>
    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
}

/// <summary>One writer of a definition at a time within this process; between processes its row decides.</summary>
public sealed class DefinitionLocks
{
    private readonly InstanceLocks _locks = new();

    internal Task<IDisposable> EnterAsync(string definitionId, CancellationToken cancel) => _locks.EnterAsync(definitionId, cancel);
}
