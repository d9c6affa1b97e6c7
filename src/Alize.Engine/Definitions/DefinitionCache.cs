using System.Collections.Concurrent;
using Alize.Engine.Storage;

namespace Alize.Engine.Definitions;

/// <summary>Compiled versions by version id. A version that is published, or that instances run, never changes; a draft is not kept.</summary>
public sealed class DefinitionCache(ActivityRegistry registry)
{
    private readonly ConcurrentDictionary<string, CompiledWorkflow> _compiled = new();

    /// <summary>The compiled version; compiles it the first time.</summary>
    /// <exception cref="DefinitionException">It cannot run; the message says why.</exception>
    public async Task<CompiledWorkflow> GetAsync(StoredDefinition definition, IWorkflowStore store, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(store);
        if (_compiled.TryGetValue(definition.Id, out var compiled))
            return compiled;

        compiled = await CompileAsync(definition, store, cancel);

        // A draft may be written again, here or by another node, until its first instance is there.
        return definition.IsPublished ? _compiled.GetOrAdd(definition.Id, compiled) : compiled;
    }

    /// <summary>The compiled version of that id, which instances run.</summary>
    /// <exception cref="DefinitionException">There is no such version, or it cannot run.</exception>
    public async Task<CompiledWorkflow> GetAsync(string versionId, IWorkflowStore store, CancellationToken cancel) =>
        await FindAsync(versionId, store, cancel) ?? throw new DefinitionException(new Sentence("no-version", versionId));

    /// <summary>The compiled version of that id; null when there is no such version.</summary>
    /// <exception cref="DefinitionException">It cannot run.</exception>
    public async Task<CompiledWorkflow?> FindAsync(string versionId, IWorkflowStore store, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (_compiled.TryGetValue(versionId, out var compiled))
            return compiled;

        return await store.FindDefinitionVersionAsync(versionId, cancel) is { } definition
            ? _compiled.GetOrAdd(versionId, await CompileAsync(definition, store, cancel))
            : null;
    }

    /// <summary>Compiles without keeping, e.g. to see whether a draft can run.</summary>
    public Task<CompiledWorkflow> CompileAsync(StoredDefinition definition, IWorkflowStore store, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(store);
        return DefinitionCompiler.CompileAsync(
            registry,
            definition,
            async (definitionId, versionId, token) =>
                (versionId is null ? null : await store.FindDefinitionVersionAsync(versionId, token)) ?? await store.FindDefinitionAsync(definitionId, published: true, token),
            cancel);
    }

    /// <summary>Forgets a version that was changed or deleted.</summary>
    public void Forget(string versionId) => _compiled.TryRemove(versionId, out _);
}
