using System.Data.Common;
using Alize.Engine.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Alize.Data.Workflow;

/// <summary>
/// The engine's store on the scope's <see cref="AlizeDb"/>, so that what activities and pages change is committed with it.
/// Reads are outside the transaction until the first flush: on SQLite a transaction is the one writer from its first statement
/// (<c>BEGIN IMMEDIATE</c>), so it begins as late as possible and never has to be raised from reading to writing.
/// </summary>
internal sealed class EfWorkflowStore(AlizeDb db) : IWorkflowStore
{
    // Ids named in one statement.
    private const int IdsInAStatement = 500;

    private readonly RowWriter rows = new(db);

    // For the message of a collision found while flushing, when only the changed row is known.
    private string loadedInstanceId = "(new)";

    // Why this unit of work was rolled back: a later commit would save the rest of it without its beginning.
    private StaleInstanceException? givenUp;

    public Task<StoredDefinition?> FindDefinitionAsync(string definitionId, bool published, CancellationToken cancel) =>
        db.Definitions.AsNoTracking()
            .Where(d => d.DefinitionId == definitionId && (published ? d.IsPublished : d.IsLatest))
            .OrderByDescending(d => d.Version)
            .FirstOrDefaultAsync(cancel);

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

    public async Task<WorkflowInstance?> FindInstanceAsync(string instanceId, CancellationToken cancel)
    {
        var instance = await db.WorkflowInstances.AsNoTracking().SingleOrDefaultAsync(i => i.Id == instanceId, cancel);
        loadedInstanceId = instance?.Id ?? loadedInstanceId;
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

    public async Task<IReadOnlyList<StoredTimer>> TimersDueAsync(DateTime until, int take, CancellationToken cancel) =>
        await Earliest(db.Timers.Where(t => t.DueAt <= until)).Take(take).ToListAsync(cancel);

    public async Task<IReadOnlyList<StoredTimer>> UnscheduledTimersAsync(DateTime until, int take, CancellationToken cancel) =>
        await Earliest(db.Timers.Where(t => t.DueAt <= until && t.JobId == null)).Take(take).ToListAsync(cancel);

    public async Task<IReadOnlyList<StoredTimer>> TimersOfAsync(string instanceId, CancellationToken cancel) =>
        await Earliest(db.Timers.Where(t => t.InstanceId == instanceId)).ToListAsync(cancel);

    public Task<DateTime?> NextTimerDueAsync(CancellationToken cancel) => db.Timers.MinAsync(t => (DateTime?)t.DueAt, cancel);

    public async Task<bool> SetTimerJobAsync(string timerId, string? jobId, CancellationToken cancel)
    {
        RefuseWithinBurst(nameof(SetTimerJobAsync));
        return await db.Timers.Where(t => t.Id == timerId).ExecuteUpdateAsync(set => set.SetProperty(t => t.JobId, jobId), cancel) == 1;
    }

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

    public Task<Stimulus?> FindStimulusAsync(string stimulusId, CancellationToken cancel) =>
        db.Stimuli.AsNoTracking().SingleOrDefaultAsync(s => s.Id == stimulusId, cancel);

    public async Task<IReadOnlyList<Stimulus>> StimuliDueAsync(DateTime now, int take, CancellationToken cancel) =>
        await Oldest(db.Stimuli.Where(s => s.NotBefore <= now)).Take(take).ToListAsync(cancel);

    public async Task<IReadOnlyList<Stimulus>> StimuliMatchingAsync(IReadOnlyCollection<string> hashes, CancellationToken cancel)
    {
        var matching = new List<Stimulus>();
        foreach (var some in hashes.Distinct().Chunk(IdsInAStatement))
            matching.AddRange(await Oldest(db.Stimuli.Where(s => s.Hash != null && some.Contains(s.Hash))).ToListAsync(cancel));
        return [.. matching.OrderBy(s => s.CreatedAt).ThenBy(s => s.Id, StringComparer.Ordinal)];
    }

    public async Task<IReadOnlyList<Stimulus>> StimuliAwaitedAsync(DateTime now, int take, CancellationToken cancel) =>
        await Oldest(db.Stimuli.Where(s =>
                s.Kind == StimulusKind.Deliver && s.Attempts > 0 && s.LastError == null && s.NotBefore > now && (s.ExpiresAt == null || s.ExpiresAt > now)
                && db.Bookmarks.Any(b => b.Hash == s.Hash
                    && (s.InstanceId == null || b.InstanceId == s.InstanceId) && (s.CorrelationId == null || b.CorrelationId == s.CorrelationId))))
            .Take(take).ToListAsync(cancel);

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
        await DeleteAsync(stimulusIds, some => db.Stimuli.Where(s => some.Contains(s.Id)), cancel);
    }

    public async Task FlushAsync(CancellationToken cancel)
    {
        if (!db.ChangeTracker.HasChanges()) return;
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
            await transaction.DisposeAsync();
            throw stale;
        }
    }

    public Task DiscardAsync(CancellationToken cancel)
    {
        db.ChangeTracker.Clear();
        return Task.CompletedTask;
    }

    public async Task CommitAsync(Burst burst, CancellationToken cancel)
    {
        var transaction = await TransactionAsync(cancel);
        var loadedRevision = burst.Instance.Revision;
        try
        {
            burst.Instance.Revision = loadedRevision + 1;
            await TakeAsync(burst, loadedRevision, cancel);
            await db.SaveChangesAsync(cancel);
            await GiveAsync(burst, cancel);
            await transaction.CommitAsync(cancel);
        }
        catch (Exception failure)
        {
            burst.Instance.Revision = loadedRevision;
            db.ChangeTracker.Clear();
            await transaction.DisposeAsync();
            if (Stale(burst.Instance.Id, failure) is { } stale) throw stale;
            throw;
        }

        await transaction.DisposeAsync();
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
            await db.Journal.Where(r => some.Contains(r.InstanceId)).ExecuteDeleteAsync(cancel);
            await db.ActivityExecutions.Where(e => some.Contains(e.InstanceId)).ExecuteDeleteAsync(cancel);
        }

        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return deleted;
    }

    public async Task<IReadOnlyList<JournalRecord>> JournalAsync(string instanceId, long afterSequence, int take, CancellationToken cancel) =>
        await db.Journal.AsNoTracking()
            .Where(r => r.InstanceId == instanceId && r.Sequence > afterSequence)
            .OrderBy(r => r.Sequence)
            .Take(take)
            .ToListAsync(cancel);

    public async Task<IReadOnlyList<ActivityExecutionRecord>> ExecutionsAsync(string instanceId, CancellationToken cancel) =>
        await db.ActivityExecutions.AsNoTracking()
            .Where(e => e.InstanceId == instanceId)
            .OrderBy(e => e.StartedAt).ThenBy(e => e.Id)
            .ToListAsync(cancel);

    private static IQueryable<StoredTimer> Earliest(IQueryable<StoredTimer> timers) =>
        timers.AsNoTracking().OrderBy(t => t.DueAt).ThenBy(t => t.Id);

    private static IQueryable<Stimulus> Oldest(IQueryable<Stimulus> stimuli) =>
        stimuli.AsNoTracking().OrderBy(s => s.CreatedAt).ThenBy(s => s.Id);

    /// <summary>The instance first: of two bursts of one instance the second waits here, and learns that it is too late.</summary>
    private async Task TakeAsync(Burst burst, int loadedRevision, CancellationToken cancel)
    {
        var instance = burst.Instance;
        if (burst.IsNew) await InsertInstanceAsync(instance, cancel);
        else await UpdateInstanceAsync(instance, loadedRevision, cancel);

        if (burst.ConsumedStimulusId is { } stimulusId
            && await db.Stimuli.Where(s => s.Id == stimulusId).ExecuteDeleteAsync(cancel) == 0)
            throw new StaleInstanceException(instance.Id, $"stimulus '{stimulusId}' was delivered by another burst");

        if (!await DeleteAsync(burst.RemovedBookmarkIds, some => db.Bookmarks.Where(b => some.Contains(b.Id)), cancel))
            throw new StaleInstanceException(instance.Id, $"a bookmark among '{string.Join("', '", burst.RemovedBookmarkIds)}' is gone");
        if (!await DeleteAsync(burst.RemovedTimerIds, some => db.Timers.Where(t => some.Contains(t.Id)), cancel))
            throw new StaleInstanceException(instance.Id, $"a timer among '{string.Join("', '", burst.RemovedTimerIds)}' is gone");
    }

    private async Task GiveAsync(Burst burst, CancellationToken cancel)
    {
        await rows.InsertAsync(burst.AddedBookmarks, cancel);
        await rows.InsertAsync(burst.AddedTimers, cancel);
        await rows.InsertAsync(burst.Journal, cancel);

        // Deleting and writing anew is the one "insert or replace" that all three databases share.
        await DeleteAsync([.. burst.Executions.Select(e => e.Id)], some => db.ActivityExecutions.Where(e => some.Contains(e.Id)), cancel);
        await rows.InsertAsync(burst.Executions, cancel);
    }

    private async Task InsertInstanceAsync(WorkflowInstance instance, CancellationToken cancel)
    {
        try
        {
            await rows.InsertAsync([instance], cancel);
        }
        catch (DbException failure) when (Collision.IsDuplicate(failure))
        {
            throw new StaleInstanceException(instance.Id, "it was started already, or another instance claims the same for itself alone");
        }
    }

    private async Task UpdateInstanceAsync(WorkflowInstance instance, int loadedRevision, CancellationToken cancel)
    {
        var updated = await db.WorkflowInstances
            .Where(i => i.Id == instance.Id && i.Revision == loadedRevision)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(i => i.DefinitionVersionId, instance.DefinitionVersionId)
                    .SetProperty(i => i.DefinitionVersion, instance.DefinitionVersion)
                    .SetProperty(i => i.CorrelationId, instance.CorrelationId)
                    .SetProperty(i => i.Name, instance.Name)
                    .SetProperty(i => i.ActivationKey, instance.ActivationKey)
                    .SetProperty(i => i.Status, instance.Status)
                    .SetProperty(i => i.SubStatus, instance.SubStatus)
                    .SetProperty(i => i.IncidentCount, instance.IncidentCount)
                    .SetProperty(i => i.State, instance.State)
                    .SetProperty(i => i.UpdatedAt, instance.UpdatedAt)
                    .SetProperty(i => i.FinishedAt, instance.FinishedAt)
                    .SetProperty(i => i.Revision, instance.Revision),
                cancel);
        if (updated == 0) throw new StaleInstanceException(instance.Id, $"it is no longer at revision {loadedRevision}");
    }

    /// <summary>Deletes rows by id; false when one of them was gone.</summary>
    private static async Task<bool> DeleteAsync<TRow>(
        IReadOnlyCollection<string> ids, Func<string[], IQueryable<TRow>> rowsOf, CancellationToken cancel)
    {
        var complete = true;
        foreach (var some in ids.Distinct().Chunk(IdsInAStatement))
            complete &= await rowsOf(some).ExecuteDeleteAsync(cancel) == some.Length;
        return complete;
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
        return db.Database.CurrentTransaction ?? await db.Database.BeginTransactionAsync(cancel);
    }

    private async Task<IDbContextTransaction> OwnTransactionAsync(string call, CancellationToken cancel)
    {
        RefuseWithinBurst(call);
        return await db.Database.BeginTransactionAsync(cancel);
    }

    private void RefuseWithinBurst(string call)
    {
        if (db.Database.CurrentTransaction is not null)
            throw new InvalidOperationException($"{call} is committed at once, but this scope is within a burst's transaction; call it in a scope of its own.");
    }
}
