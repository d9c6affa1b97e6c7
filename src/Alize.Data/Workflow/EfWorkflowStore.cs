using Alize.Engine.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Alize.Data.Workflow;

/// <summary>
/// The engine's store on the scope's <see cref="AlizeDb"/>, so that what activities and pages change is committed with it; a burst
/// that changed nothing there goes by the <see cref="HotPath"/>.
/// Reads are outside the transaction until the first flush: on SQLite a transaction is the one writer from its first statement
/// (<c>BEGIN IMMEDIATE</c>), so it begins as late as possible and never has to be raised from reading to writing.
/// </summary>
internal sealed class EfWorkflowStore(ScopeDb scope, EngineConnections connections) : IWorkflowStore, IDisposable
{
    // Ids named in one statement.
    private const int IdsInAStatement = 500;

    // Packs of an instance's journal read by one statement: a page of lines is in fewer packs than lines.
    private const int PacksAtOnce = 50;

    // Held from the first flush to the end of the transaction, on SQLite.
    private IDisposable? turn;

    // For the message of a collision found while flushing, when only the changed row is known.
    private string loadedInstanceId = "(new)";

    // The instance read last, with its row as it was then.
    private (WorkflowInstance Instance, object?[] Row) loaded;

    // Why this unit of work was rolled back: a later commit would save the rest of it without its beginning.
    private StaleInstanceException? givenUp;

    private AlizeDb db => scope.Value;

    private RowWriter rows => field ??= new(db);

    /// <summary>The hot path; null where the scope holds what has to be seen, or committed, with the burst.</summary>
    private HotPath? HotPath => scope.HasWork || givenUp is not null ? null : connections.HotPath;

    /// <summary>A store on a context of its own.</summary>
    internal EfWorkflowStore(AlizeDb db) : this(new ScopeDb(db), new EngineConnections(db))
    {
    }

    public Task<StoredDefinition?> FindDefinitionAsync(string definitionId, bool published, CancellationToken cancel) =>
        db.Definitions.AsNoTracking()
            .Where(d => d.DefinitionId == definitionId && (published ? d.IsPublished : d.IsLatest))
            .OrderByDescending(d => d.Version)
            .FirstOrDefaultAsync(cancel);

    public async Task<string?> PublishedVersionAsync(string definitionId, CancellationToken cancel) => HotPath is { } hotPath
        ? await hotPath.PublishedVersionAsync(connections.Statements, definitionId, cancel)
        : await db.Definitions.Where(d => d.DefinitionId == definitionId && d.IsPublished).OrderByDescending(d => d.Version).Select(d => d.Id).FirstOrDefaultAsync(cancel);

    public Task<StoredDefinition?> FindDefinitionVersionAsync(string versionId, CancellationToken cancel) =>
        db.Definitions.AsNoTracking().SingleOrDefaultAsync(d => d.Id == versionId, cancel);

    public async Task<IReadOnlyList<StoredDefinition>> PublishedDefinitionsAsync(CancellationToken cancel) =>
        await db.Definitions.AsNoTracking().Where(d => d.IsPublished).OrderBy(d => d.DefinitionId).ToListAsync(cancel);

    public async Task<bool> AddDefinitionAsync(StoredDefinition definition, IReadOnlyList<StoredTrigger> triggers, CancellationToken cancel)
    {
        await using var transaction = await OwnTransactionAsync(nameof(AddDefinitionAsync), cancel);
        try
        {
            await ReplaceDefinitionAsync(definition, triggers, cancel);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            return true;
        }
        catch (Exception failure) when (Collision.IsDuplicate(failure) || Collision.IsDeadlock(failure))
        {
            // Several nodes start with the same new file at the same moment: one of them adds it.
            return false;
        }
    }

    private async Task ReplaceDefinitionAsync(StoredDefinition definition, IReadOnlyList<StoredTrigger> triggers, CancellationToken cancel)
    {
        var versions = db.Definitions.Where(d => d.DefinitionId == definition.DefinitionId);
        await versions.Where(d => d.IsLatest).ExecuteUpdateAsync(set => set.SetProperty(d => d.IsLatest, false), cancel);
        definition.IsLatest = true;
        if (definition.IsPublished)
        {
            await versions.Where(d => d.IsPublished).ExecuteUpdateAsync(set => set.SetProperty(d => d.IsPublished, false), cancel);
            await db.Triggers.Where(t => t.DefinitionId == definition.DefinitionId).ExecuteDeleteAsync(cancel);
            await rows.InsertAsync(triggers, cancel);
        }

        await rows.InsertAsync([definition], cancel);
    }

    public async Task<IReadOnlyList<StoredDefinition>> DefinitionVersionsAsync(string definitionId, CancellationToken cancel) =>
        await db.Definitions.AsNoTracking().Where(d => d.DefinitionId == definitionId).OrderByDescending(d => d.Version).ToListAsync(cancel);

    public async Task<IReadOnlySet<string>> DefinitionIdsAsync(CancellationToken cancel) =>
        (await db.Definitions.Select(d => d.DefinitionId).Distinct().ToListAsync(cancel)).ToHashSet();

    // None is older than its version: the index by definition and date finds the few to look at.
    public Task<bool> HasInstancesAsync(StoredDefinition version, CancellationToken cancel) =>
        db.WorkflowInstances.AnyAsync(i => i.DefinitionId == version.DefinitionId && i.CreatedAt >= version.CreatedAt && i.DefinitionVersionId == version.Id, cancel);

    public async Task<bool> UpdateDefinitionAsync(StoredDefinition version, IReadOnlyList<StoredTrigger> triggers, CancellationToken cancel)
    {
        await using var transaction = await OwnTransactionAsync(nameof(UpdateDefinitionAsync), cancel);
        var written = await db.Definitions.Where(d => d.Id == version.Id && !d.IsPublished).ExecuteUpdateAsync(
            set => set
                .SetProperty(d => d.Name, version.Name)
                .SetProperty(d => d.Description, version.Description)
                .SetProperty(d => d.Json, version.Json)
                .SetProperty(d => d.IsPublished, version.IsPublished)
                .SetProperty(d => d.PublishedAt, version.PublishedAt),
            cancel);
        if (written == 0) return false;
        if (version.IsPublished)
        {
            await db.Definitions.Where(d => d.DefinitionId == version.DefinitionId && d.Id != version.Id && (d.IsPublished || d.IsLatest)).ExecuteUpdateAsync(
                set => set.SetProperty(d => d.IsPublished, false).SetProperty(d => d.IsLatest, false), cancel);
            await db.Triggers.Where(t => t.DefinitionId == version.DefinitionId).ExecuteDeleteAsync(cancel);
            await rows.InsertAsync(triggers, cancel);
        }

        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    public async Task RetractDefinitionAsync(string definitionId, CancellationToken cancel)
    {
        await using var transaction = await OwnTransactionAsync(nameof(RetractDefinitionAsync), cancel);
        await db.Definitions.Where(d => d.DefinitionId == definitionId && d.IsPublished).ExecuteUpdateAsync(set => set.SetProperty(d => d.IsPublished, false), cancel);
        await db.Triggers.Where(t => t.DefinitionId == definitionId).ExecuteDeleteAsync(cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    public async Task DeleteDefinitionVersionsAsync(string definitionId, IReadOnlyCollection<string> versionIds, CancellationToken cancel)
    {
        await using var transaction = await OwnTransactionAsync(nameof(DeleteDefinitionVersionsAsync), cancel);
        foreach (var some in versionIds.Distinct().Chunk(IdsInAStatement))
        {
            await db.Definitions.Where(d => d.DefinitionId == definitionId && some.Contains(d.Id)).ExecuteDeleteAsync(cancel);
            await db.Triggers.Where(t => t.DefinitionId == definitionId && some.Contains(t.DefinitionVersionId)).ExecuteDeleteAsync(cancel);
        }

        if (await db.Definitions.Where(d => d.DefinitionId == definitionId).MaxAsync(d => (int?)d.Version, cancel) is { } newest)
            await db.Definitions.Where(d => d.DefinitionId == definitionId && d.Version == newest).ExecuteUpdateAsync(set => set.SetProperty(d => d.IsLatest, true), cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    public async Task<WorkflowInstance?> FindInstanceAsync(string instanceId, CancellationToken cancel)
    {
        var instance = HotPath is { } hotPath
            ? await hotPath.FindInstanceAsync(connections.Statements, instanceId, cancel)
            : await db.WorkflowInstances.AsNoTracking().SingleOrDefaultAsync(i => i.Id == instanceId, cancel);
        loadedInstanceId = instance?.Id ?? loadedInstanceId;
        if (instance is not null) loaded = (instance, connections.Statements.Changeable(instance));
        return instance;
    }

    public Task<bool> IsRunningAsync(string? definitionId, string? correlationId, string? tenantId, CancellationToken cancel)
    {
        var running = db.WorkflowInstances.Where(i => i.Status == WorkflowStatus.Running && i.TenantId == tenantId);
        if (definitionId is not null) running = running.Where(i => i.DefinitionId == definitionId);
        if (correlationId is not null) running = running.Where(i => i.CorrelationId == correlationId);
        return running.AnyAsync(cancel);
    }

    public async Task<IReadOnlyList<WorkflowInstance>> ChildrenAsync(string parentInstanceId, CancellationToken cancel) =>
        await db.WorkflowInstances.AsNoTracking()
            .Where(i => i.ParentInstanceId == parentInstanceId)
            .OrderBy(i => i.CreatedAt).ThenBy(i => i.Id)
            .ToListAsync(cancel);

    public Task<StoredBookmark?> FindBookmarkAsync(string bookmarkId, CancellationToken cancel) =>
        db.Bookmarks.AsNoTracking().SingleOrDefaultAsync(b => b.Id == bookmarkId, cancel);

    public async Task<IReadOnlyList<StoredBookmark>> MatchBookmarksAsync(
        string hash, string? instanceId, string? correlationId, CancellationToken cancel)
    {
        var waiting = db.Bookmarks.AsNoTracking().Where(b => b.Hash == hash);
        if (instanceId is not null) waiting = waiting.Where(b => b.InstanceId == instanceId);
        if (correlationId is not null) waiting = waiting.Where(b => b.CorrelationId == correlationId);
        return await waiting.OrderBy(b => b.CreatedAt).ThenBy(b => b.Id).ToListAsync(cancel);
    }

    public async Task<IReadOnlyList<StoredBookmark>> BookmarksOfAsync(string instanceId, CancellationToken cancel) =>
        await db.Bookmarks.AsNoTracking()
            .Where(b => b.InstanceId == instanceId)
            .OrderBy(b => b.CreatedAt).ThenBy(b => b.Id)
            .ToListAsync(cancel);

    public async Task<IReadOnlyList<StoredTrigger>> MatchTriggersAsync(string hash, CancellationToken cancel) =>
        await db.Triggers.AsNoTracking().Where(t => t.Hash == hash).OrderBy(t => t.DefinitionId).ThenBy(t => t.Id).ToListAsync(cancel);

    public Task<StoredTimer?> FindTimerAsync(string timerId, CancellationToken cancel) =>
        db.Timers.AsNoTracking().SingleOrDefaultAsync(t => t.Id == timerId, cancel);

    public async Task<IReadOnlyList<StoredTimer>> TimersDueAsync(DateTime until, StoredTimer? after, int take, CancellationToken cancel)
    {
        var due = db.Timers.Where(t => t.DueAt <= until && t.Crashes == 0);
        if (after is not null)
        {
            var (moment, id) = (after.DueAt, after.Id);
            due = due.Where(t => t.DueAt >= moment && (t.DueAt > moment || t.Id.CompareTo(id) > 0));
        }

        return await Earliest(due).Take(take).ToListAsync(cancel);
    }

    public async Task<IReadOnlyList<StoredTimer>> UnscheduledTimersAsync(DateTime until, int take, CancellationToken cancel) =>
        await Earliest(db.Timers.Where(t => t.DueAt <= until && t.JobId == null)).Take(take).ToListAsync(cancel);

    public async Task<IReadOnlyList<StoredTimer>> TimersOfAsync(string instanceId, CancellationToken cancel) =>
        await Earliest(db.Timers.Where(t => t.InstanceId == instanceId)).ToListAsync(cancel);

    public Task<DateTime?> NextTimerDueAsync(CancellationToken cancel) => db.Timers.MinAsync(t => (DateTime?)t.DueAt, cancel);

    public async Task<int> SetTimerJobAsync(IReadOnlyCollection<string> timerIds, string jobId, CancellationToken cancel)
    {
        RefuseWithinBurst(nameof(SetTimerJobAsync));
        var found = 0;
        foreach (var some in timerIds.Distinct().Chunk(IdsInAStatement))
            found += await db.Timers.Where(t => some.Contains(t.Id) && t.JobId == null).ExecuteUpdateAsync(set => set.SetProperty(t => t.JobId, jobId), cancel);
        return found;
    }

    public Task<bool> IsJobNeededAsync(string jobId, DateTime from, DateTime before, CancellationToken cancel) =>
        db.Timers.AnyAsync(t => t.DueAt >= from && t.DueAt < before && t.JobId == jobId, cancel);

    public Task ForgetTimerJobsAsync(CancellationToken cancel)
    {
        RefuseWithinBurst(nameof(ForgetTimerJobsAsync));
        return db.Timers.Where(t => t.JobId != null).ExecuteUpdateAsync(set => set.SetProperty(t => t.JobId, (string?)null), cancel);
    }

    public void Enqueue(Stimulus stimulus)
    {
        // A step of a loop may send the same twice; it is one message.
        if (db.Stimuli.Local.FindEntry(stimulus.Id) is null) db.Stimuli.Add(stimulus);
    }

    public async Task<bool> SendAsync(Stimulus stimulus, CancellationToken cancel)
    {
        RefuseWithinBurst(nameof(SendAsync));
        if (await db.Stimuli.AnyAsync(s => s.Id == stimulus.Id, cancel)) return false;
        await using var transaction = await OwnTransactionAsync(nameof(SendAsync), cancel);
        try
        {
            await rows.InsertAsync([stimulus], cancel);
            await transaction.CommitAsync(cancel);
            return true;
        }
        catch (Exception failure) when (Collision.IsDuplicate(failure))
        {
            return false;
        }
    }

    public Task<Stimulus?> FindStimulusAsync(string stimulusId, CancellationToken cancel) =>
        db.Stimuli.AsNoTracking().SingleOrDefaultAsync(s => s.Id == stimulusId, cancel);

    public async Task<IReadOnlyList<Stimulus>> StimuliDueAsync(DateTime now, int take, CancellationToken cancel) =>
        await Oldest(db.Stimuli.Where(s => s.NotBefore <= now && s.Crashes == 0)).Take(take).ToListAsync(cancel);

    public async Task<IReadOnlyList<Stimulus>> StimuliMatchingAsync(IReadOnlyCollection<string> hashes, CancellationToken cancel)
    {
        var matching = new List<Stimulus>();
        foreach (var some in hashes.Distinct().Chunk(IdsInAStatement))
            matching.AddRange(await Oldest(db.Stimuli.Where(s => s.Hash != null && some.Contains(s.Hash))).ToListAsync(cancel));
        return [.. matching.OrderBy(s => s.CreatedAt).ThenBy(s => s.Id, StringComparer.Ordinal)];
    }

    public async Task<IReadOnlyList<Stimulus>> StimuliAwaitedAsync(DateTime now, int take, CancellationToken cancel) =>
        await Oldest(Awaited(now).Where(s => s.Crashes == 0)).Take(take).ToListAsync(cancel);

    public async Task MarkAsync(IReadOnlyCollection<string> stimulusIds, IReadOnlyCollection<string> timerIds, DateTime now, CancellationToken cancel)
    {
        RefuseWithinBurst(nameof(MarkAsync));
        foreach (var some in stimulusIds.Chunk(IdsInAStatement))
            await db.Stimuli.Where(s => some.Contains(s.Id)).ExecuteUpdateAsync(
                set => set.SetProperty(s => s.Crashes, s => s.Crashes + 1).SetProperty(s => s.NotBefore, s => s.NotBefore < now ? s.NotBefore : now), cancel);
        foreach (var some in timerIds.Chunk(IdsInAStatement))
            await db.Timers.Where(t => some.Contains(t.Id)).ExecuteUpdateAsync(set => set.SetProperty(t => t.Crashes, t => t.Crashes + 1), cancel);
    }

    public async Task UnmarkAsync(IReadOnlyCollection<string> stimulusIds, IReadOnlyCollection<string> timerIds, CancellationToken cancel)
    {
        RefuseWithinBurst(nameof(UnmarkAsync));
        foreach (var some in stimulusIds.Chunk(IdsInAStatement))
            await db.Stimuli.Where(s => some.Contains(s.Id)).ExecuteUpdateAsync(set => set.SetProperty(s => s.Crashes, 0), cancel);
        foreach (var some in timerIds.Chunk(IdsInAStatement))
            await db.Timers.Where(t => some.Contains(t.Id)).ExecuteUpdateAsync(set => set.SetProperty(t => t.Crashes, 0), cancel);
    }

    public async Task<IReadOnlyList<Stimulus>> SuspectStimuliAsync(DateTime now, CancellationToken cancel) => await db.Stimuli.Where(s => s.NotBefore <= now).Concat(Awaited(now))
        .AsNoTracking().Where(s => s.Crashes > 0).OrderBy(s => s.Crashes).ThenBy(s => s.CreatedAt).ThenBy(s => s.Id).ToListAsync(cancel);

    public async Task<IReadOnlyList<StoredTimer>> SuspectTimersAsync(DateTime now, CancellationToken cancel) => await db.Timers.AsNoTracking()
        .Where(t => t.DueAt <= now && t.Crashes > 0).OrderBy(t => t.Crashes).ThenBy(t => t.DueAt).ThenBy(t => t.Id).ToListAsync(cancel);

    public Task PostponeAsync(string stimulusId, DateTime notBefore, int attempts, string? error, CancellationToken cancel)
    {
        RefuseWithinBurst(nameof(PostponeAsync));
        return db.Stimuli.Where(s => s.Id == stimulusId).ExecuteUpdateAsync(
            set => set
                .SetProperty(s => s.NotBefore, notBefore)
                .SetProperty(s => s.Attempts, attempts)
                .SetProperty(s => s.LastError, error),
            cancel);
    }

    public async Task<bool> SplitStimulusAsync(string stimulusId, IReadOnlyList<Stimulus> parts, CancellationToken cancel)
    {
        await using var transaction = await OwnTransactionAsync(nameof(SplitStimulusAsync), cancel);
        if (await db.Stimuli.Where(s => s.Id == stimulusId).ExecuteDeleteAsync(cancel) == 0) return false;
        await rows.InsertAsync(parts, cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    public async Task DropStimuliAsync(IReadOnlyCollection<string> stimulusIds, CancellationToken cancel)
    {
        RefuseWithinBurst(nameof(DropStimuliAsync));
        foreach (var some in stimulusIds.Distinct().Chunk(IdsInAStatement))
            await db.Stimuli.Where(s => some.Contains(s.Id)).ExecuteDeleteAsync(cancel);
    }

    public async Task FlushAsync(CancellationToken cancel)
    {
        if (scope.Made?.ChangeTracker.HasChanges() is not true) return;
        var transaction = await TransactionAsync(cancel);
        try
        {
            // Within a transaction SaveChanges sets a savepoint of its own: when it fails, what was flushed before stays.
            await db.SaveChangesAsync(cancel);
        }
        catch (Exception failure) when (Stale(loadedInstanceId, failure) is { } stale)
        {
            // Given up now and not when the scope ends: the other one may be waiting for what this one holds.
            givenUp = stale;
            db.ChangeTracker.Clear();
            await EndAsync(transaction);
            throw stale;
        }
    }

    public Task DiscardAsync(CancellationToken cancel)
    {
        scope.Made?.ChangeTracker.Clear();
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<Stimulus>> CommitAsync(Burst burst, CancellationToken cancel)
    {
        // Good for one commit: after it the row is another.
        var row = ReferenceEquals(loaded.Instance, burst.Instance) ? loaded.Row : null;
        loaded = default;
        return HotPath is { } hotPath ? hotPath.CommitAsync(connections.Statements, burst, row, cancel) : CommitWithChangesAsync(burst, row, cancel);
    }

    public async Task<IReadOnlyList<JournalRecord>> JournalAsync(string instanceId, long afterSequence, int take, CancellationToken cancel)
    {
        var lines = new List<JournalRecord>();
        while (lines.Count < take)
        {
            var packs = await db.JournalPacks.AsNoTracking()
                .Where(p => p.InstanceId == instanceId && p.LastSequence > afterSequence)
                .OrderBy(p => p.LastSequence)
                .Take(Math.Min(take - lines.Count, PacksAtOnce))
                .ToListAsync(cancel);
            if (packs.Count == 0) break;
            lines.AddRange(packs.SelectMany(PackedJournal.Lines).Where(l => l.Sequence > afterSequence).Take(take - lines.Count));
            afterSequence = packs[^1].LastSequence;
        }

        return lines;
    }

    public async Task<IReadOnlyList<ActivityExecutionRecord>> ExecutionsAsync(string instanceId, CancellationToken cancel)
    {
        var packs = db.JournalPacks.AsNoTracking().Where(p => p.InstanceId == instanceId).OrderBy(p => p.Revision).AsAsyncEnumerable();
        var executions = new OrderedDictionary<string, ActivityExecutionRecord>();
        await foreach (var pack in packs.WithCancellation(cancel))
            foreach (var execution in PackedJournal.Executions(pack)) executions[execution.Id] = execution;
        return [.. executions.Values.OrderBy(e => e.StartedAt)];
    }

    public async Task<int> DeleteInstancesAsync(IReadOnlyCollection<string> instanceIds, CancellationToken cancel)
    {
        await using var transaction = await OwnTransactionAsync(nameof(DeleteInstancesAsync), cancel);
        var deleted = 0;
        foreach (var some in instanceIds.Distinct().Chunk(IdsInAStatement))
        {
            // The instance first, as a burst does: one that runs at this moment ends here or finds it gone.
            deleted += await db.WorkflowInstances.Where(i => some.Contains(i.Id)).ExecuteDeleteAsync(cancel);
            await db.Bookmarks.Where(b => some.Contains(b.InstanceId)).ExecuteDeleteAsync(cancel);
            await db.Timers.Where(t => some.Contains(t.InstanceId)).ExecuteDeleteAsync(cancel);
            await db.Stimuli.Where(s => s.InstanceId != null && some.Contains(s.InstanceId)).ExecuteDeleteAsync(cancel);
            await db.JournalPacks.Where(p => some.Contains(p.InstanceId)).ExecuteDeleteAsync(cancel);
        }

        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return deleted;
    }

    /// <summary>A scope that ends without a commit gives the one writer's turn back.</summary>
    public void Dispose() => turn?.Dispose();

    private IQueryable<Stimulus> Awaited(DateTime now) => db.Stimuli.Where(s =>
        s.Kind == StimulusKind.Deliver && s.Attempts > 0 && s.LastError == null && s.NotBefore > now && (s.ExpiresAt == null || s.ExpiresAt > now)
        && db.Bookmarks.Any(b => b.Hash == s.Hash
            && (s.InstanceId == null || b.InstanceId == s.InstanceId) && (s.CorrelationId == null || b.CorrelationId == s.CorrelationId)));

    private static IQueryable<StoredTimer> Earliest(IQueryable<StoredTimer> timers) =>
        timers.AsNoTracking().OrderBy(t => t.DueAt).ThenBy(t => t.Id);

    private static IQueryable<Stimulus> Oldest(IQueryable<Stimulus> stimuli) =>
        stimuli.AsNoTracking().OrderBy(s => s.CreatedAt).ThenBy(s => s.Id);

    private async Task<IReadOnlyList<Stimulus>> CommitWithChangesAsync(Burst burst, object?[]? row, CancellationToken cancel)
    {
        var transaction = await TransactionAsync(cancel);
        var loadedRevision = burst.Instance.Revision;
        try
        {
            burst.Instance.Revision = loadedRevision + 1;
            var write = new BurstWrite(burst, [], connections.Statements);
            var (connection, within) = (db.Database.GetDbConnection(), transaction.GetDbTransaction());
            await write.RunAsync(connections.Statements.Take(burst, loadedRevision, row), connection, within, cancel);
            await db.SaveChangesAsync(cancel);
            await write.RunAsync(connections.Statements.Give(burst), connection, within, cancel);
            await transaction.CommitAsync(cancel);
        }
        catch (Exception failure)
        {
            burst.Instance.Revision = loadedRevision;
            db.ChangeTracker.Clear();
            await EndAsync(transaction);
            if (Stale(burst.Instance.Id, failure) is { } stale) throw stale;
            throw;
        }

        await EndAsync(transaction);
        return await StimuliMatchingAsync(burst.AwaitedHashes, cancel);
    }

    /// <summary>What a failure means for the burst: that it should be run again, or nothing known.</summary>
    private static StaleInstanceException? Stale(string instanceId, Exception failure) => failure switch
    {
        DbUpdateConcurrencyException changed => new(instanceId,
            $"{string.Join(", ", changed.Entries.Select(e => e.Metadata.ClrType.Name).Distinct())} was changed by somebody else"),
        _ when Collision.IsDeadlock(failure) => new(instanceId, "the database chose it to end a deadlock"),
        _ => null,
    };

    private async Task<IDbContextTransaction> TransactionAsync(CancellationToken cancel)
    {
        if (givenUp is not null) throw new StaleInstanceException(givenUp.InstanceId, "this unit of work was rolled back; go on in a new scope");
        if (db.Database.CurrentTransaction is { } current) return current;
        if (connections.Writers is { } writers) turn = await writers.TurnAsync(cancel);
        return await db.Database.BeginTransactionAsync(cancel);
    }

    private async Task EndAsync(IDbContextTransaction transaction)
    {
        await transaction.DisposeAsync();
        turn?.Dispose();
        turn = null;
    }

    private async Task<IDbContextTransaction> OwnTransactionAsync(string call, CancellationToken cancel)
    {
        RefuseWithinBurst(call);
        return await db.Database.BeginTransactionAsync(cancel);
    }

    private void RefuseWithinBurst(string call)
    {
        if (scope.Made?.Database.CurrentTransaction is not null)
            throw new InvalidOperationException($"{call} is committed at once, but this scope is within a burst's transaction; call it in a scope of its own.");
    }
}
