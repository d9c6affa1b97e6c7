namespace Alize.Engine.Storage;

/// <summary>What the in-memory stores of all scopes share.</summary>
public sealed class InMemoryDatabase
{
    internal Lock Gate { get; } = new();

    internal Dictionary<string, StoredDefinition> Definitions { get; } = [];

    internal List<StoredTrigger> Triggers { get; } = [];

    internal Dictionary<string, WorkflowInstance> Instances { get; } = [];

    internal Dictionary<string, StoredBookmark> Bookmarks { get; } = [];

    internal Dictionary<string, StoredTimer> Timers { get; } = [];

    internal Dictionary<string, Stimulus> Stimuli { get; } = [];

    internal Dictionary<string, List<JournalRecord>> Journals { get; } = [];

    internal Dictionary<string, Dictionary<string, ActivityExecutionRecord>> Executions { get; } = [];
}

/// <summary>
/// A store without a database: one lock is its transaction. Rows are copied on their way in and out, so that nobody changes
/// what is stored without committing it.
/// </summary>
public sealed class InMemoryWorkflowStore(InMemoryDatabase database) : IWorkflowStore
{
    private readonly List<Stimulus> _pending = [];

    /// <summary>Number of pending messages that a failing step does not take with it.</summary>
    private int _flushed;

    /// <inheritdoc />
    public Task<StoredDefinition?> FindDefinitionAsync(string definitionId, bool published, CancellationToken cancel) =>
        Read(db => db.Definitions.Values.FirstOrDefault(d => d.DefinitionId == definitionId && (published ? d.IsPublished : d.IsLatest)), Copy);

    /// <inheritdoc />
    public Task<string?> PublishedVersionAsync(string definitionId, CancellationToken cancel)
    {
        lock (database.Gate)
            return Task.FromResult(database.Definitions.Values.FirstOrDefault(d => d.DefinitionId == definitionId && d.IsPublished)?.Id);
    }

    /// <inheritdoc />
    public Task<StoredDefinition?> FindDefinitionVersionAsync(string versionId, CancellationToken cancel) =>
        Read(db => db.Definitions.GetValueOrDefault(versionId), Copy);

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredDefinition>> PublishedDefinitionsAsync(CancellationToken cancel) =>
        ReadAll(db => db.Definitions.Values.Where(d => d.IsPublished).OrderBy(d => d.DefinitionId, StringComparer.Ordinal), Copy);

    /// <inheritdoc />
    public Task<bool> AddDefinitionAsync(StoredDefinition definition, IReadOnlyList<StoredTrigger> triggers, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(definition);
        lock (database.Gate)
        {
            if (database.Definitions.ContainsKey(definition.Id))
                return Task.FromResult(false);

            foreach (var other in database.Definitions.Values.Where(d => d.DefinitionId == definition.DefinitionId && d.Id != definition.Id))
            {
                other.IsLatest = false;
                other.IsPublished &= !definition.IsPublished;
            }

            var row = Copy(definition);
            row.IsLatest = true;
            database.Definitions[row.Id] = row;
            if (definition.IsPublished)
            {
                database.Triggers.RemoveAll(t => t.DefinitionId == definition.DefinitionId);
                database.Triggers.AddRange(triggers);
            }
        }

        return Task.FromResult(true);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredDefinition>> DefinitionVersionsAsync(string definitionId, CancellationToken cancel) =>
        ReadAll(db => db.Definitions.Values.Where(d => d.DefinitionId == definitionId).OrderByDescending(d => d.Version), Copy);

    /// <inheritdoc />
    public Task<IReadOnlySet<string>> DefinitionIdsAsync(CancellationToken cancel)
    {
        lock (database.Gate)
            return Task.FromResult<IReadOnlySet<string>>(database.Definitions.Values.Select(d => d.DefinitionId).ToHashSet());
    }

    /// <inheritdoc />
    public Task<bool> HasInstancesAsync(StoredDefinition version, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(version);
        lock (database.Gate)
            return Task.FromResult(database.Instances.Values.Any(i => i.DefinitionVersionId == version.Id));
    }

    /// <inheritdoc />
    public Task<bool> UpdateDefinitionAsync(StoredDefinition version, IReadOnlyList<StoredTrigger> triggers, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(version);
        lock (database.Gate)
        {
            if (!database.Definitions.TryGetValue(version.Id, out var row) || row.IsPublished)
                return Task.FromResult(false);

            (row.Name, row.Description, row.Json, row.PublishedAt) = (version.Name, version.Description, version.Json, version.PublishedAt);
            if (version.IsPublished)
            {
                foreach (var other in database.Definitions.Values.Where(d => d.DefinitionId == version.DefinitionId))
                    other.IsLatest = other.IsPublished = other.Id == version.Id;
                database.Triggers.RemoveAll(t => t.DefinitionId == version.DefinitionId);
                database.Triggers.AddRange(triggers);
            }
        }

        return Task.FromResult(true);
    }

    /// <inheritdoc />
    public Task RetractDefinitionAsync(string definitionId, CancellationToken cancel)
    {
        lock (database.Gate)
        {
            foreach (var version in database.Definitions.Values.Where(d => d.DefinitionId == definitionId))
                version.IsPublished = false;
            database.Triggers.RemoveAll(t => t.DefinitionId == definitionId);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task DeleteDefinitionVersionsAsync(string definitionId, IReadOnlyCollection<string> versionIds, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(versionIds);
        lock (database.Gate)
        {
            foreach (var id in versionIds)
                database.Definitions.Remove(id);
            database.Triggers.RemoveAll(t => versionIds.Contains(t.DefinitionVersionId));
            if (database.Definitions.Values.Where(d => d.DefinitionId == definitionId).MaxBy(d => d.Version) is { } newest)
                newest.IsLatest = true;
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<WorkflowInstance?> FindInstanceAsync(string instanceId, CancellationToken cancel) => Read(db => db.Instances.GetValueOrDefault(instanceId), Copy);

    /// <inheritdoc />
    public Task<bool> IsRunningAsync(string? definitionId, string? correlationId, string? tenantId, CancellationToken cancel)
    {
        lock (database.Gate)
            return Task.FromResult(database.Instances.Values.Any(i => i.Status == WorkflowStatus.Running && i.TenantId == tenantId
                && (definitionId is null || i.DefinitionId == definitionId) && (correlationId is null || i.CorrelationId == correlationId)));
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<WorkflowInstance>> ChildrenAsync(string parentInstanceId, CancellationToken cancel) =>
        ReadAll(db => db.Instances.Values.Where(i => i.ParentInstanceId == parentInstanceId).OrderBy(i => i.CreatedAt), Copy);

    /// <inheritdoc />
    public Task<StoredBookmark?> FindBookmarkAsync(string bookmarkId, CancellationToken cancel) => Read(db => db.Bookmarks.GetValueOrDefault(bookmarkId), b => b);

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredBookmark>> MatchBookmarksAsync(string hash, string? instanceId, string? correlationId, CancellationToken cancel) => ReadAll(
        db => db.Bookmarks.Values.Where(b => b.Hash == hash && (instanceId is null || b.InstanceId == instanceId) && (correlationId is null || b.CorrelationId == correlationId)).OrderBy(b => b.CreatedAt),
        b => b);

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredBookmark>> BookmarksOfAsync(string instanceId, CancellationToken cancel) =>
        ReadAll(db => db.Bookmarks.Values.Where(b => b.InstanceId == instanceId).OrderBy(b => b.CreatedAt), b => b);

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredTrigger>> MatchTriggersAsync(string hash, CancellationToken cancel) => ReadAll(db => db.Triggers.Where(t => t.Hash == hash), t => t);

    /// <inheritdoc />
    public Task<StoredTimer?> FindTimerAsync(string timerId, CancellationToken cancel) => Read(db => db.Timers.GetValueOrDefault(timerId), Copy);

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredTimer>> TimersDueAsync(DateTime until, StoredTimer? after, int take, CancellationToken cancel) => ReadAll(
        db => db.Timers.Values
            .Where(t => t.DueAt <= until && t.Crashes == 0 && (after is null || t.DueAt > after.DueAt || (t.DueAt == after.DueAt && string.CompareOrdinal(t.Id, after.Id) > 0)))
            .OrderBy(t => t.DueAt).ThenBy(t => t.Id, StringComparer.Ordinal).Take(take),
        Copy);

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredTimer>> UnscheduledTimersAsync(DateTime until, int take, CancellationToken cancel) =>
        ReadAll(db => db.Timers.Values.Where(t => t.JobId is null && t.DueAt <= until).OrderBy(t => t.DueAt).Take(take), Copy);

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredTimer>> TimersOfAsync(string instanceId, CancellationToken cancel) =>
        ReadAll(db => db.Timers.Values.Where(t => t.InstanceId == instanceId).OrderBy(t => t.DueAt), Copy);

    /// <inheritdoc />
    public Task<DateTime?> NextTimerDueAsync(CancellationToken cancel)
    {
        lock (database.Gate)
            return Task.FromResult(database.Timers.Values.Min(t => (DateTime?)t.DueAt));
    }

    /// <inheritdoc />
    public Task<int> SetTimerJobAsync(IReadOnlyCollection<string> timerIds, string jobId, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(timerIds);
        lock (database.Gate)
        {
            var timers = timerIds.Distinct().Select(id => database.Timers.GetValueOrDefault(id)).OfType<StoredTimer>().Where(t => t.JobId is null).ToList();
            foreach (var timer in timers)
                timer.JobId = jobId;
            return Task.FromResult(timers.Count);
        }
    }

    /// <inheritdoc />
    public Task<bool> IsJobNeededAsync(string jobId, DateTime from, DateTime before, CancellationToken cancel)
    {
        lock (database.Gate)
            return Task.FromResult(database.Timers.Values.Any(t => t.JobId == jobId && t.DueAt >= from && t.DueAt < before));
    }

    /// <inheritdoc />
    public Task ForgetTimerJobsAsync(CancellationToken cancel)
    {
        lock (database.Gate)
            foreach (var timer in database.Timers.Values)
                timer.JobId = null;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public void Enqueue(Stimulus stimulus) => _pending.Add(stimulus);

    /// <inheritdoc />
    public Task<bool> SendAsync(Stimulus stimulus, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(stimulus);
        lock (database.Gate)
            return Task.FromResult(database.Stimuli.TryAdd(stimulus.Id, Copy(stimulus)));
    }

    /// <inheritdoc />
    public Task<Stimulus?> FindStimulusAsync(string stimulusId, CancellationToken cancel) => Read(db => db.Stimuli.GetValueOrDefault(stimulusId), Copy);

    /// <inheritdoc />
    public Task<IReadOnlyList<Stimulus>> StimuliDueAsync(DateTime now, int take, CancellationToken cancel) =>
        ReadAll(db => db.Stimuli.Values.Where(s => s.NotBefore <= now && s.Crashes == 0).OrderBy(s => s.CreatedAt).Take(take), Copy);

    /// <inheritdoc />
    public Task<IReadOnlyList<Stimulus>> StimuliMatchingAsync(IReadOnlyCollection<string> hashes, CancellationToken cancel) =>
        ReadAll(db => db.Stimuli.Values.Where(s => s.Hash is not null && hashes.Contains(s.Hash)).OrderBy(s => s.CreatedAt), Copy);

    /// <inheritdoc />
    public Task<IReadOnlyList<Stimulus>> StimuliAwaitedAsync(DateTime now, int take, CancellationToken cancel) =>
        ReadAll(db => db.Stimuli.Values.Where(s => s.Crashes == 0 && IsAwaited(db, s, now)).OrderBy(s => s.CreatedAt).Take(take), Copy);

    /// <inheritdoc />
    public Task MarkAsync(IReadOnlyCollection<string> stimulusIds, IReadOnlyCollection<string> timerIds, DateTime now, CancellationToken cancel)
    {
        lock (database.Gate)
        {
            foreach (var stimulus in database.Stimuli.Values.Where(s => stimulusIds.Contains(s.Id)))
                (stimulus.Crashes, stimulus.NotBefore) = (stimulus.Crashes + 1, stimulus.NotBefore < now ? stimulus.NotBefore : now);
            foreach (var timer in database.Timers.Values.Where(t => timerIds.Contains(t.Id)))
                timer.Crashes++;
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task UnmarkAsync(IReadOnlyCollection<string> stimulusIds, IReadOnlyCollection<string> timerIds, CancellationToken cancel)
    {
        lock (database.Gate)
        {
            foreach (var stimulus in database.Stimuli.Values.Where(s => stimulusIds.Contains(s.Id)))
                stimulus.Crashes = 0;
            foreach (var timer in database.Timers.Values.Where(t => timerIds.Contains(t.Id)))
                timer.Crashes = 0;
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<Stimulus>> SuspectStimuliAsync(DateTime now, CancellationToken cancel) =>
        ReadAll(db => db.Stimuli.Values.Where(s => s.Crashes > 0 && (s.NotBefore <= now || IsAwaited(db, s, now))).OrderBy(s => s.Crashes).ThenBy(s => s.CreatedAt).ThenBy(s => s.Id, StringComparer.Ordinal), Copy);

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredTimer>> SuspectTimersAsync(DateTime now, CancellationToken cancel) =>
        ReadAll(db => db.Timers.Values.Where(t => t.DueAt <= now && t.Crashes > 0).OrderBy(t => t.Crashes).ThenBy(t => t.DueAt).ThenBy(t => t.Id, StringComparer.Ordinal), Copy);

    /// <inheritdoc />
    public Task PostponeAsync(string stimulusId, DateTime notBefore, int attempts, string? error, CancellationToken cancel)
    {
        lock (database.Gate)
            if (database.Stimuli.TryGetValue(stimulusId, out var stimulus))
                (stimulus.NotBefore, stimulus.Attempts, stimulus.LastError) = (notBefore, attempts, error);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<bool> SplitStimulusAsync(string stimulusId, IReadOnlyList<Stimulus> parts, CancellationToken cancel)
    {
        lock (database.Gate)
        {
            if (!database.Stimuli.Remove(stimulusId))
                return Task.FromResult(false);

            foreach (var part in parts)
                database.Stimuli.TryAdd(part.Id, Copy(part));
            return Task.FromResult(true);
        }
    }

    /// <inheritdoc />
    public Task DropStimuliAsync(IReadOnlyCollection<string> stimulusIds, CancellationToken cancel)
    {
        lock (database.Gate)
            foreach (var id in stimulusIds)
                database.Stimuli.Remove(id);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task FlushAsync(CancellationToken cancel)
    {
        _flushed = _pending.Count;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task DiscardAsync(CancellationToken cancel)
    {
        _pending.RemoveRange(_flushed, _pending.Count - _flushed);
        return Task.CompletedTask;
    }

    /// <summary>Commits messages that belong to no burst, as a host's own transaction does.</summary>
    public Task SaveAsync(CancellationToken cancel)
    {
        lock (database.Gate)
            foreach (var stimulus in _pending)
                database.Stimuli.TryAdd(stimulus.Id, Copy(stimulus));
        _pending.Clear();
        _flushed = 0;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<Stimulus>> CommitAsync(Burst burst, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(burst);
        lock (database.Gate)
        {
            Check(burst);
            burst.Instance.Revision++;
            database.Instances[burst.Instance.Id] = Copy(burst.Instance);
            foreach (var id in burst.RemovedBookmarkIds)
                database.Bookmarks.Remove(id);
            foreach (var id in burst.RemovedTimerIds)
                database.Timers.Remove(id);
            foreach (var bookmark in burst.AddedBookmarks)
                database.Bookmarks.Add(bookmark.Id, bookmark);
            foreach (var timer in burst.AddedTimers)
                database.Timers.Add(timer.Id, Copy(timer));
            if (burst.ConsumedStimulusId is { } consumed)
                database.Stimuli.Remove(consumed);
            foreach (var stimulus in _pending)
                database.Stimuli.TryAdd(stimulus.Id, Copy(stimulus));
            Rows(database.Journals, burst.Instance.Id).AddRange(burst.Journal);
            foreach (var execution in burst.Executions)
                Rows(database.Executions, burst.Instance.Id)[execution.Id] = execution;
        }

        _pending.Clear();
        _flushed = 0;
        return StimuliMatchingAsync(burst.AwaitedHashes, cancel);
    }

    /// <inheritdoc />
    public async Task<int> DeleteInstancesAsync(IReadOnlyCollection<string> instanceIds, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(instanceIds);
        var deleted = 0;
        lock (database.Gate)
        {
            foreach (var id in instanceIds)
            {
                deleted += database.Instances.Remove(id) ? 1 : 0;
                database.Journals.Remove(id);
                database.Executions.Remove(id);
            }

            RemoveOf(database.Bookmarks, b => b.InstanceId);
            RemoveOf(database.Timers, t => t.InstanceId);
            RemoveOf(database.Stimuli, s => s.InstanceId);
        }

        await SaveAsync(cancel);
        return deleted;

        void RemoveOf<TRow>(Dictionary<string, TRow> table, Func<TRow, string?> instanceOf)
        {
            foreach (var (key, _) in table.Where(row => instanceOf(row.Value) is { } id && instanceIds.Contains(id)).ToList())
                table.Remove(key);
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<JournalRecord>> JournalAsync(string instanceId, long afterSequence, int take, CancellationToken cancel) => ReadAll(
        db => db.Journals.GetValueOrDefault(instanceId, []).Where(j => j.Sequence > afterSequence).OrderBy(j => j.Sequence).Take(take), j => j);

    /// <inheritdoc />
    public Task<IReadOnlyList<ActivityExecutionRecord>> ExecutionsAsync(string instanceId, CancellationToken cancel) =>
        ReadAll(db => db.Executions.GetValueOrDefault(instanceId, []).Values.OrderBy(e => e.StartedAt), e => e);

    private void Check(Burst burst)
    {
        var id = burst.Instance.Id;
        var stored = database.Instances.GetValueOrDefault(id);
        if (burst.IsNew && stored is not null)
            throw new StaleInstanceException(id, "it exists already");
        if (burst is { IsNew: true, Instance.ActivationKey: { } key } && database.Instances.Values.Any(i => i.ActivationKey == key))
            throw new StaleInstanceException(id, "another instance claims the same for itself alone");
        if (!burst.IsNew && stored?.Revision != burst.Instance.Revision)
            throw new StaleInstanceException(id, $"revision {stored?.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"} instead of {burst.Instance.Revision}");
        if (burst.RemovedBookmarkIds.FirstOrDefault(b => !database.Bookmarks.ContainsKey(b)) is { } bookmark)
            throw new StaleInstanceException(id, $"bookmark '{bookmark}' is gone");
        if (burst.RemovedTimerIds.FirstOrDefault(t => !database.Timers.ContainsKey(t)) is { } timer)
            throw new StaleInstanceException(id, $"timer '{timer}' is gone");
        if (burst.ConsumedStimulusId is { } stimulus && !database.Stimuli.ContainsKey(stimulus))
            throw new StaleInstanceException(id, $"stimulus '{stimulus}' is gone");
    }

    private static TRows Rows<TRows>(Dictionary<string, TRows> table, string instanceId)
        where TRows : new() => table.TryGetValue(instanceId, out var rows) ? rows : table[instanceId] = new TRows();

    private Task<T?> Read<T>(Func<InMemoryDatabase, T?> query, Func<T, T> copy)
        where T : class
    {
        lock (database.Gate)
            return Task.FromResult(query(database) is { } row ? copy(row) : null);
    }

    private Task<IReadOnlyList<T>> ReadAll<T>(Func<InMemoryDatabase, IEnumerable<T>> query, Func<T, T> copy)
    {
        lock (database.Gate)
            return Task.FromResult<IReadOnlyList<T>>([.. query(database).Select(copy)]);
    }

    private static StoredDefinition Copy(StoredDefinition d) => new()
    {
        Id = d.Id,
        DefinitionId = d.DefinitionId,
        Version = d.Version,
        Name = d.Name,
        Description = d.Description,
        Json = d.Json,
        IsLatest = d.IsLatest,
        IsPublished = d.IsPublished,
        FileHash = d.FileHash,
        CreatedAt = d.CreatedAt,
        PublishedAt = d.PublishedAt,
    };

    private static WorkflowInstance Copy(WorkflowInstance i) => new()
    {
        Id = i.Id,
        DefinitionId = i.DefinitionId,
        DefinitionVersionId = i.DefinitionVersionId,
        DefinitionVersion = i.DefinitionVersion,
        CorrelationId = i.CorrelationId,
        Name = i.Name,
        TenantId = i.TenantId,
        ParentInstanceId = i.ParentInstanceId,
        ActivationKey = i.ActivationKey,
        Status = i.Status,
        SubStatus = i.SubStatus,
        IncidentCount = i.IncidentCount,
        State = i.State,
        CreatedAt = i.CreatedAt,
        UpdatedAt = i.UpdatedAt,
        FinishedAt = i.FinishedAt,
        Revision = i.Revision,
    };

    private static bool IsAwaited(InMemoryDatabase db, Stimulus s, DateTime now) =>
        s is { Kind: StimulusKind.Deliver, Attempts: > 0, LastError: null, Hash: not null } && s.NotBefore > now && (s.ExpiresAt is null || s.ExpiresAt > now)
        && db.Bookmarks.Values.Any(b => b.Hash == s.Hash && (s.InstanceId is null || b.InstanceId == s.InstanceId) && (s.CorrelationId is null || b.CorrelationId == s.CorrelationId));

    private static StoredTimer Copy(StoredTimer t) => new()
    {
        Id = t.Id,
        InstanceId = t.InstanceId,
        BookmarkId = t.BookmarkId,
        ActivityInstanceId = t.ActivityInstanceId,
        DueAt = t.DueAt,
        Label = t.Label,
        CorrelationId = t.CorrelationId,
        TenantId = t.TenantId,
        JobId = t.JobId,
        Crashes = t.Crashes,
    };

    private static Stimulus Copy(Stimulus s) => new()
    {
        Id = s.Id,
        Kind = s.Kind,
        Name = s.Name,
        Hash = s.Hash,
        BookmarkId = s.BookmarkId,
        InstanceId = s.InstanceId,
        DefinitionId = s.DefinitionId,
        ActivityId = s.ActivityId,
        CorrelationId = s.CorrelationId,
        ParentInstanceId = s.ParentInstanceId,
        TenantId = s.TenantId,
        InstanceName = s.InstanceName,
        Input = s.Input,
        CreatedAt = s.CreatedAt,
        NotBefore = s.NotBefore,
        ExpiresAt = s.ExpiresAt,
        Attempts = s.Attempts,
        LastError = s.LastError,
        Crashes = s.Crashes,
    };
}
