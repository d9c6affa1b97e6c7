using System.Collections.Concurrent;
using Alize.Engine.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Alize.Engine.Runtime;

/// <summary>Messages, deadlines and recovery.</summary>
public sealed partial class WorkflowRuntime
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(30);

    /// <summary>How long after its start a process keeps messages whose time is over.</summary>
    private static readonly TimeSpan FirstMinute = TimeSpan.FromMinutes(1);

    /// <summary>Ids made of other ids are hashed beyond so many characters.</summary>
    private const int LongestId = 120;

    /// <summary>Delivers one message, if its time has come or it was asked for by name. False when nothing came of it: gone, or nobody waits for it yet.</summary>
    public async Task<bool> DeliverAsync(string stimulusId, CancellationToken cancel)
    {
        Stimulus? stimulus;
        await using (var scope = scopes.CreateAsyncScope())
            stimulus = await Store(scope).FindStimulusAsync(stimulusId, cancel);
        if (stimulus is null)
            return false;

        try
        {
            return stimulus.Kind switch
            {
                StimulusKind.Start => await DeliverStartAsync(stimulus, null, cancel),
                StimulusKind.Deliver => await DeliverMatchesAsync(stimulus, cancel),
                StimulusKind.Cancel => await DeliverToInstanceAsync(stimulus, CancelAsync(stimulus.InstanceId ?? "", stimulus.Id, cancel), cancel),
                StimulusKind.Continue => await DeliverToInstanceAsync(stimulus, BurstAsync(stimulus.InstanceId ?? "", stimulus.Id, GoOnAsync, cancel), cancel),
                StimulusKind.Retry => await DeliverRetryAsync(stimulus, cancel),
                _ => throw new InvalidOperationException($"Stimulus '{stimulus.Id}' is of kind {stimulus.Kind}, which this version does not know."),
            };
        }
        catch (StaleInstanceException)
        {
            return false;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // One message that cannot be delivered must not hold up the others: it is tried again later, and says why.
            log.LogError(e, "Stimulus {StimulusId} could not be delivered", stimulus.Id);
            if (stimulus.Kind == StimulusKind.Start && stimulus.ExpiresAt <= time.GetUtcNow().UtcDateTime)
                await DropAsync(stimulus, cancel);
            else
                await PostponeAsync(stimulus, e.Message, cancel);
            return false;
        }
    }

    /// <summary>Delivers every message whose time has come, and those that follow from them, until none is left. Returns the bursts run.</summary>
    public Task<int> DrainAsync(CancellationToken cancel) =>
        DeliverAllAsync(store => store.StimuliDueAsync(time.GetUtcNow().UtcDateTime, options.Value.BatchSize, cancel), cancel);

    private async Task<int> DeliverAllAsync(Func<IWorkflowStore, Task<IReadOnlyList<Stimulus>>> next, CancellationToken cancel)
    {
        var bursts = 0;
        var seen = new HashSet<string>();
        while (true)
        {
            IReadOnlyList<Stimulus> found;
            await using (var scope = scopes.CreateAsyncScope())
                found = await next(Store(scope));

            // What could not be delivered was put off; what is seen twice would go round in circles.
            var fresh = found.Where(s => seen.Add(s.Id)).ToList();
            if (fresh.Count == 0)
                return bursts;

            await using var marks = await MarkAsync(fresh.Select(LeftOver), cancel);
            foreach (var stimulus in fresh.Where(s => marks.Allow(LeftOver(s))))
                if (await DeliverAsync(stimulus.Id, cancel))
                    bursts++;
        }
    }

    /// <summary>Fires a deadline: resumes its bookmark, or retries its failed step. False when it is gone or not due yet.</summary>
    public async Task<bool> FireTimerAsync(string timerId, CancellationToken cancel)
    {
        StoredTimer? timer;
        await using (var scope = scopes.CreateAsyncScope())
            timer = await Store(scope).FindTimerAsync(timerId, cancel);
        return timer is not null && await FireTimerAsync(timer, cancel);
    }

    /// <summary>
    /// Fires every deadline that has passed, earliest first, in small batches and a few instances at a time. Returns the bursts run.
    /// </summary>
    public async Task<int> FireDueAsync(CancellationToken cancel)
    {
        var (bursts, before) = (0, -1);
        var failed = new ConcurrentDictionary<string, bool>();

        // A burst may make a deadline that has passed already: once more, until nothing comes of it.
        while (bursts > before)
        {
            before = bursts;
            StoredTimer? last = null;
            IReadOnlyList<StoredTimer> due;
            do
            {
                await using (var scope = scopes.CreateAsyncScope())
                    due = await Store(scope).TimersDueAsync(time.GetUtcNow().UtcDateTime, last, options.Value.BatchSize, cancel);
                last = due.Count == 0 ? null : due[^1];

                // Deadlines of one instance one after the other: they would only wait for each other.
                var timers = due.Where(t => !failed.ContainsKey(t.Id) && !IsPaused(t.InstanceId)).ToList();
                await using var marks = await MarkAsync(timers.Select(LeftOver), cancel);
                var instances = timers.Where(t => marks.Allow(LeftOver(t))).GroupBy(t => t.InstanceId);
                await Parallel.ForEachAsync(instances, new ParallelOptions { MaxDegreeOfParallelism = options.Value.Parallelism, CancellationToken = cancel }, async (ofOne, token) =>
                {
                    foreach (var timer in ofOne)
                        if (await TryFireAsync(timer, failed, token))
                            Interlocked.Increment(ref bursts);
                });
            }
            while (due.Count == options.Value.BatchSize);
        }

        return bursts;
    }

    /// <summary>Fires what is due, then drains the messages, then tries what may have ended a process. Returns the bursts run.</summary>
    public async Task<int> SweepAsync(CancellationToken cancel) => await SweepUnsuspectedAsync(cancel) + await RunSuspectsAsync(cancel);

    /// <summary>As <see cref="SweepAsync"/>, without what may have ended a process: nobody waits for that.</summary>
    public async Task<int> SweepUnsuspectedAsync(CancellationToken cancel) =>
        await StartScheduledAsync(cancel) + await FireDueAsync(cancel) + await DrainAsync(cancel) + await DeliverAwaitedAsync(cancel);

    private async Task<bool> TryFireAsync(StoredTimer timer, ConcurrentDictionary<string, bool> failed, CancellationToken cancel)
    {
        if (IsPaused(timer.InstanceId))
            return false;

        try
        {
            return await FireTimerAsync(timer, cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Its instance cannot be loaded or committed: the others go on, a later sweep tries it again.
            failed.TryAdd(timer.Id, true);
            log.LogError(e, "Timer {TimerId} of {InstanceId} could not be fired", timer.Id, timer.InstanceId);
            return false;
        }
    }

    private async Task<bool> FireTimerAsync(StoredTimer timer, CancellationToken cancel)
    {
        if (timer.DueAt > time.GetUtcNow().UtcDateTime)
            return false;

        // The instance knows its deadlines: one that fired or was cancelled meanwhile is not found there.
        var fired = await BurstAsync(timer.InstanceId, null, async (workflow, steps) =>
        {
            if (timer.BookmarkId is not null)
                return workflow.Bookmarks.Find(b => b.TimerId == timer.Id) is { } bookmark && await steps.ResumeAsync(bookmark, new Dictionary<string, object>());

            if (workflow.Contexts.Find(c => c.RetryTimerId == timer.Id) is not { } faulted)
                return false;

            await steps.RetryAsync(faulted);
            return true;
        }, cancel);
        return fired is not null;
    }

    /// <summary>
    /// Delivers what came too early and is awaited now. Whoever makes a bookmark looks for such messages after its commit; a process
    /// that was killed in between did not, and the message would come only at the end of its pause.
    /// </summary>
    private Task<int> DeliverAwaitedAsync(CancellationToken cancel) =>
        DeliverAllAsync(store => store.StimuliAwaitedAsync(time.GetUtcNow().UtcDateTime, options.Value.BatchSize, cancel), cancel);

    /// <summary>
    /// Goes on after a crash. A burst is one transaction, so nothing is half done: what is left is to deliver the messages that were
    /// committed and to fire the deadlines that passed. What may have ended a process before is not among it: <see cref="RunSuspectsAsync"/>
    /// is to follow. Returns the bursts run.
    /// </summary>
    public async Task<int> RecoverAsync(CancellationToken cancel) => await DrainAsync(cancel) + await SweepUnsuspectedAsync(cancel);

    private async Task<bool> DeliverStartAsync(Stimulus stimulus, ProcessEndedException? heldFor, CancellationToken cancel)
    {
        var activityId = stimulus.ActivityId;
        if (activityId is null && stimulus is { ParentInstanceId: null, Hash: { } hash })
        {
            await using var scope = scopes.CreateAsyncScope();
            activityId = (await Store(scope).MatchTriggersAsync(hash, cancel)).FirstOrDefault(t => t.DefinitionId == stimulus.DefinitionId)?.ActivityId;
        }

        try
        {
            await StartAsync(new StartWorkflow { DefinitionId = stimulus.DefinitionId ?? "", TriggerActivityId = activityId }, stimulus, heldFor, cancel);
            return true;
        }
        catch (ActivationRefusedException refusal)
        {
            await RefuseStartAsync(stimulus, refusal, cancel);
            return false;
        }
    }

    /// <summary>A refused start is over; who waits for its end must not wait for ever.</summary>
    private async Task RefuseStartAsync(Stimulus stimulus, ActivationRefusedException refusal, CancellationToken cancel)
    {
        log.LogInformation("{Refusal}", refusal.Message);
        if (stimulus is not { ParentInstanceId: { } parent, Hash: { } hash })
        {
            await DropAsync(stimulus, cancel);
            return;
        }

        var now = time.GetUtcNow().UtcDateTime;
        var never = new WorkflowInstance
        {
            Id = stimulus.InstanceId ?? "",
            DefinitionId = refusal.DefinitionId,
            DefinitionVersionId = "",
            DefinitionVersion = 0,
            CorrelationId = stimulus.CorrelationId,
            Status = WorkflowStatus.Finished,
            SubStatus = WorkflowSubStatus.Cancelled,
            State = [],
            CreatedAt = now,
            UpdatedAt = now,
        };
        await using var scope = scopes.CreateAsyncScope();
        await Store(scope).SplitStimulusAsync(stimulus.Id, [Ended(never, parent, stimulus.Name, hash, [], now)], cancel);
    }

    private async Task<bool> DeliverMatchesAsync(Stimulus stimulus, CancellationToken cancel)
    {
        var (instances, starts) = await MatchesAsync(stimulus, cancel);
        if (instances.Count + starts.Count == 0)
        {
            await PutOffAsync(stimulus, cancel);
            return false;
        }

        if (instances.Count == 1 && starts.Count == 0)
            return await DeliverToAsync(stimulus, instances[0], cancel);

        var parts = instances.Select(i => Part(stimulus, i)).Concat(starts.Select(t => Part(stimulus, t))).ToList();
        await using (var scope = scopes.CreateAsyncScope())
            if (!await Store(scope).SplitStimulusAsync(stimulus.Id, parts, cancel))
                return false;

        var delivered = false;
        foreach (var part in parts)
            delivered |= await DeliverAsync(part.Id, cancel);
        return delivered;
    }

    /// <summary>Whom a message wakes, and what it starts.</summary>
    private async Task<(IReadOnlyList<string> Instances, IReadOnlyList<StoredTrigger> Starts)> MatchesAsync(Stimulus stimulus, CancellationToken cancel)
    {
        IReadOnlyList<string> instances;
        IReadOnlyList<StoredTrigger> starts = [];
        await using var scope = scopes.CreateAsyncScope();
        var store = Store(scope);
        if (stimulus.BookmarkId is { } bookmarkId)
        {
            instances = await store.FindBookmarkAsync(bookmarkId, cancel) is { } bookmark ? [bookmark.InstanceId] : [];
        }
        else
        {
            var hash = stimulus.Hash ?? throw new InvalidOperationException($"Stimulus '{stimulus.Id}' names neither a bookmark nor a hash. Make it with {nameof(Stimuli)}.{nameof(Stimuli.For)}.");
            instances = [.. (await store.MatchBookmarksAsync(hash, stimulus.InstanceId, stimulus.CorrelationId, cancel)).Select(b => b.InstanceId).Distinct()];
            starts = stimulus.InstanceId is null ? await store.MatchTriggersAsync(hash, cancel) : [];
        }

        if (stimulus.TenantId is { } tenant)
            instances = await OfTenantAsync(instances, tenant, store, cancel);
        return (instances, starts);
    }

    private static async Task<IReadOnlyList<string>> OfTenantAsync(IReadOnlyList<string> instances, string tenant, IWorkflowStore store, CancellationToken cancel)
    {
        var ours = new List<string>();
        foreach (var id in instances)
            if (await store.FindInstanceAsync(id, cancel) is { } instance && (instance.TenantId is null || instance.TenantId == tenant))
                ours.Add(id);
        return ours;
    }

    /// <summary>Wakes every bookmark of the instance that the message is meant for, one after the other, in one burst.</summary>
    private async Task<bool> DeliverToAsync(Stimulus stimulus, string instanceId, CancellationToken cancel)
    {
        var result = await BurstAsync(instanceId, stimulus.Id, async (workflow, steps) =>
        {
            var any = false;
            var input = Values.Dictionary(stimulus.Input);
            foreach (var bookmark in workflow.Bookmarks.FindAll(b => stimulus.BookmarkId is { } id ? b.Id == id : b.Hash == stimulus.Hash))
                if (workflow.Bookmarks.Contains(bookmark))
                    any |= await steps.ResumeAsync(bookmark, input);
            return any;
        }, cancel);

        if (result is null)
            await PutOffAsync(stimulus, cancel);
        return result is not null;
    }

    private async Task<bool> DeliverRetryAsync(Stimulus stimulus, CancellationToken cancel)
    {
        // Of an instance that has ended it may be the same order: carried out, and its process killed before it was dropped.
        var refusal = await TryRetryAsync(stimulus.InstanceId ?? "", cancel);
        if (refusal is not null)
            log.LogInformation("Order {StimulusId} is dropped: {Refusal}", stimulus.Id, refusal);
        await DropAsync(stimulus, cancel);
        return refusal is null;
    }

    private async Task<bool> DeliverToInstanceAsync(Stimulus stimulus, Task<RunResult?> burst, CancellationToken cancel)
    {
        if (await burst is not null)
            return true;

        // Ended already: nothing to do. Not there yet: its start may still be on the way.
        if (await ExistsAsync(stimulus.InstanceId ?? "", cancel))
            await DropAsync(stimulus, cancel);
        else
            await PutOffAsync(stimulus, cancel);
        return false;
    }

    /// <summary>Nobody waits for it (yet): kept until it expires, unless it was meant for one bookmark, which is gone.</summary>
    private async Task PutOffAsync(Stimulus stimulus, CancellationToken cancel)
    {
        // After an outage the time of a message may be over before what was due meanwhile has made somebody wait for it.
        var now = time.GetUtcNow().UtcDateTime;
        var isOver = stimulus.ExpiresAt <= now && now >= _begunAt + options.Value.PauseBeforeSuspects + FirstMinute;
        if (isOver || stimulus.BookmarkId is not null)
            await DropAsync(stimulus, cancel);
        else
            await PostponeAsync(stimulus, null, cancel);
    }

    private async Task PostponeAsync(Stimulus stimulus, string? error, CancellationToken cancel)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(stimulus.Attempts, 10));
        var next = time.GetUtcNow().UtcDateTime + (pause < LongestPause ? pause : LongestPause);
        await using var scope = scopes.CreateAsyncScope();
        await Store(scope).PostponeAsync(stimulus.Id, next, stimulus.Attempts + 1, error, cancel);
    }

    private async Task DropAsync(Stimulus stimulus, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        await Store(scope).DropStimuliAsync([stimulus.Id], cancel);
    }

    private static Stimulus Part(Stimulus whole, string instanceId) => new()
    {
        Id = $"{whole.Id}/{instanceId}",
        Kind = StimulusKind.Deliver,
        Name = whole.Name,
        Hash = whole.Hash,
        InstanceId = instanceId,
        CorrelationId = whole.CorrelationId,
        Input = whole.Input,
        CreatedAt = whole.CreatedAt,
        NotBefore = whole.NotBefore,
        ExpiresAt = whole.ExpiresAt,
    };

    /// <summary>Id of the instance that a message starts by a trigger.</summary>
    public static string InstanceStartedBy(string stimulusId, StoredTrigger trigger)
    {
        ArgumentNullException.ThrowIfNull(trigger);
        var id = $"{stimulusId}.{trigger.ActivityId}.{trigger.DefinitionId}";

        // One that starts the next by a message that starts the next would outgrow the key.
        return id.Length <= LongestId ? id : Stimuli.Hash(trigger.DefinitionId, id);
    }

    private static Stimulus Part(Stimulus whole, StoredTrigger trigger) => new()
    {
        Id = $"{whole.Id}/{trigger.Id}",
        Kind = StimulusKind.Start,
        Hash = trigger.Hash,
        DefinitionId = trigger.DefinitionId,
        ActivityId = trigger.ActivityId,
        InstanceId = InstanceStartedBy(whole.Id, trigger),
        CorrelationId = whole.CorrelationId,
        TenantId = whole.TenantId,
        Input = whole.Input,
        CreatedAt = whole.CreatedAt,
        NotBefore = whole.NotBefore,
    };

    private static IWorkflowStore Store(AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<IWorkflowStore>();
}
