using Alize.Engine.Activities.Composition;
using Alize.Engine.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Alize.Engine.Runtime;

/// <summary>The end of a burst: how the instance stands, one transaction, and who has to know.</summary>
public sealed partial class WorkflowRuntime
{
    private readonly AsyncLocal<EarlyRound?> _earlyRound = new();

    /// <summary>Commits a burst; returns the messages that came before the bookmark they are meant for.</summary>
    private async Task<IReadOnlyList<Stimulus>> CommitAsync(WorkflowExecutionContext workflow, IWorkflowStore store, bool isNew, string? stimulusId, CancellationToken cancel)
    {
        Settle(workflow, store);
        var removed = await RemovedTimersAsync(workflow, store, cancel);
        var instance = workflow.Instance;
        if (Continuation(workflow) is { } continuation)
            store.Enqueue(continuation);
        var early = await store.CommitAsync(new Burst
        {
            Instance = instance,
            IsNew = isNew,
            AddedBookmarks = workflow.BookmarkRows(),
            RemovedBookmarkIds = workflow.RemovedBookmarkIds,
            AddedTimers = workflow.AddedTimers,
            RemovedTimerIds = workflow.RemovedTimerIds,
            ConsumedStimulusId = stimulusId,

            // Only a deadline wakes a timer's.
            AwaitedHashes = [.. workflow.AddedBookmarks.Where(b => b.Name != Stimuli.TimerName).Select(b => b.Hash)],
            Journal = workflow.Journal.Lines,
            Executions = workflow.Journal.Executions(),
        }, cancel);

        WakeHost(instance.Id, workflow.AddedTimers, removed);
        log.LogDebug("Burst {Revision} of {InstanceId}: {SubStatus}", instance.Revision, instance.Id, instance.SubStatus);
        return [.. early.Where(s => IsFor(s, instance.Id, instance.CorrelationId))];
    }

    /// <summary>
    /// Whether a message is meant for an instance, or for everybody who waits: others that wait for the same wait for their own. The start
    /// of a child for whose end it waits is its own as well.
    /// </summary>
    private static bool IsFor(Stimulus message, string instanceId, string? correlationId) => message.Kind == StimulusKind.Start
        ? message.ParentInstanceId == instanceId
        : (message.InstanceId is null || message.InstanceId == instanceId) && (message.CorrelationId is null || message.CorrelationId == correlationId);

    /// <summary>The message that takes up what a split burst has left to do, committed with it: so that a crash at the commit point loses nothing.</summary>
    private Stimulus? Continuation(WorkflowExecutionContext workflow)
    {
        if (!workflow.IsSplit || workflow.Instance.Status == WorkflowStatus.Finished)
            return null;

        var now = time.GetUtcNow().UtcDateTime;
        return new Stimulus
        {
            Id = ContinuationId(workflow.Id, workflow.Journal.Sequence),
            Kind = StimulusKind.Continue,
            InstanceId = workflow.Id,
            CreatedAt = now,
            NotBefore = now,
        };
    }

    private static string ContinuationId(string instanceId, long sequence) => $"continue:{instanceId}:{sequence}";

    private void WakeHost(string instanceId, List<StoredTimer> added, List<StoredTimer> removed)
    {
        try
        {
            if (added.Count > 0 || removed.Count > 0)
                wakeups.TimersChanged(added, removed);
            wakeups.StimuliWaiting();
            feed.Tell(instanceId);
        }
        catch (Exception e)
        {
            // The burst is committed, and the sweep finds what no alarm clock knows: whoever asked for the burst must not take it for failed.
            log.LogError(e, "The host's scheduler could not be told; the next sweep makes up for it");
        }
    }

    /// <summary>
    /// Delivers what came early. A burst that this wakes finds what it waits for in turn: that is added to the same round, since a call
    /// within the call would go as deep as there are messages.
    /// </summary>
    private async Task AfterCommitAsync(IReadOnlyList<Stimulus> early, CancellationToken cancel)
    {
        if (early.Count == 0)
            return;

        if (_earlyRound.Value is { IsOver: false } outer)
        {
            outer.Add(early);
            return;
        }

        var round = _earlyRound.Value = new EarlyRound();
        try
        {
            round.Add(early);
            while (round.Take() is { Count: > 0 } next)
                await DeliverEarlyAsync(next, round, cancel);
        }
        finally
        {
            round.IsOver = true;
            _earlyRound.Value = null;
        }
    }

    private async Task DeliverEarlyAsync(List<Stimulus> early, EarlyRound round, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;

        // One put off because nobody waited is wanted now; one that was sent for later is not, nor one whose time is over, nor a suspect,
        // unless the mark is our own and stands.
        var wanted = early
            .Where(s => s.NotBefore <= now || (s.Attempts > 0 && !(s.ExpiresAt <= now)))
            .Where(s => s.Crashes == 0 || _marked.ContainsKey(new(false, s.Id))).ToList();
        await using var marks = await MarkAsync(wanted.Select(LeftOver), cancel);
        foreach (var stimulus in wanted)
        {
            await DeliverAsync(stimulus.Id, cancel);
            round.Done(stimulus);
        }
    }

    private async Task DeliverWaitingAsync(RunResult waiting, List<string> hashes, CancellationToken cancel)
    {
        IReadOnlyList<Stimulus> messages;
        await using (var scope = scopes.CreateAsyncScope())
            messages = await Store(scope).StimuliMatchingAsync(hashes, cancel);
        await AfterCommitAsync([.. messages.Where(s => IsFor(s, waiting.InstanceId, waiting.CorrelationId))], cancel);
    }

    /// <summary>Early messages of one call, each once until it has been tried.</summary>
    private sealed class EarlyRound
    {
        private readonly HashSet<string> _waiting = [];
        private List<Stimulus> _next = [];

        public bool IsOver { get; set; }

        public void Add(IEnumerable<Stimulus> early) => _next.AddRange(early.Where(s => _waiting.Add(s.Id)));

        public List<Stimulus> Take()
        {
            var next = _next;
            _next = [];
            return next;
        }

        /// <summary>Tried: when somebody waits for it later in the same round, it is tried again.</summary>
        public void Done(Stimulus message) => _waiting.Remove(message.Id);
    }

    private void Settle(WorkflowExecutionContext workflow, IWorkflowStore store)
    {
        var instance = workflow.Instance;
        var now = time.GetUtcNow().UtcDateTime;
        if (workflow.Ending is { } ending)
            (instance.Status, instance.SubStatus) = (WorkflowStatus.Finished, ending);
        else if (workflow.Root.Status == ActivityStatus.Completed)
            (instance.Status, instance.SubStatus) = (WorkflowStatus.Finished, WorkflowSubStatus.Finished);
        else
            (instance.Status, instance.SubStatus) = (WorkflowStatus.Running, workflow.IsSplit ? WorkflowSubStatus.Executing : new Faults(workflow, options.Value).IsParked ? WorkflowSubStatus.Faulted : WorkflowSubStatus.Suspended);

        var isFinished = instance.Status == WorkflowStatus.Finished;
        if (isFinished)
        {
            instance.FinishedAt = now;
            instance.ActivationKey = null;
            Close(workflow);
            Notify(workflow, store, now);
        }

        // One that turned to another correlation no longer stands in the way of the former.
        if (instance.ActivationKey is { } key && Activation.Of(workflow.Compiled, instance.CorrelationId)?.Key(instance.TenantId) != key)
            instance.ActivationKey = null;

        instance.UpdatedAt = now;
        instance.IncidentCount = workflow.Incidents.Count;
        instance.State = StateWriter.Write(workflow, isFinished);
    }

    /// <summary>An ended instance leaves nothing behind that waits or runs.</summary>
    private static void Close(WorkflowExecutionContext workflow)
    {
        workflow.Step = new Step();
        foreach (var context in workflow.Contexts.Where(c => c.IsOpen).ToList())
        {
            var waited = context.Bookmarks.Any();
            context.ClearBookmarks();
            if (context.Status == ActivityStatus.Faulted)
                continue;

            context.Status = waited || workflow.Ending != WorkflowSubStatus.Finished ? ActivityStatus.Canceled : ActivityStatus.Completed;
            context.EndedAt = workflow.Time.GetUtcNow();
            if (waited)
                workflow.Journal.Canceled(context);
            else
                workflow.Journal.Touch(context);
        }
    }

    /// <summary>Tells the instance that waits for this one, with the same commit as the end itself.</summary>
    private static void Notify(WorkflowExecutionContext workflow, IWorkflowStore store, DateTime now)
    {
        if (workflow.NotifyHash is { } hash && workflow.ParentWorkflowInstanceId is { } parent)
            store.Enqueue(Ended(workflow.Instance, parent, workflow.NotifyName, hash, workflow.Output, now));
    }

    /// <summary>Tells the instance that waits for it how an instance ended.</summary>
    private static Stimulus Ended(WorkflowInstance instance, string parent, string? name, string hash, IEnumerable<KeyValuePair<string, object>> output, DateTime now) => new()
    {
        Id = $"ended:{instance.Id}",
        Kind = StimulusKind.Deliver,
        Name = name,
        Hash = hash,
        InstanceId = parent,
        Input = Stimuli.InputJson(new Dictionary<string, object?>
        {
            [ChildWorkflows.InstanceIdKey] = instance.Id,
            [ChildWorkflows.StatusKey] = instance.Status.ToString(),
            [ChildWorkflows.SubStatusKey] = instance.SubStatus.ToString(),
            [ChildWorkflows.CorrelationKey] = instance.CorrelationId,
            [ChildWorkflows.OutputKey] = output.ToDictionary(o => o.Key, o => (object?)o.Value),
        }),
        CreatedAt = now,
        NotBefore = now,

        // A parent that was cancelled meanwhile waits no more.
        ExpiresAt = now + Stimuli.DefaultLife,
    };

    private static async Task<List<StoredTimer>> RemovedTimersAsync(WorkflowExecutionContext workflow, IWorkflowStore store, CancellationToken cancel)
    {
        if (workflow.RemovedTimerIds.Count == 0)
            return [];

        var timers = await store.TimersOfAsync(workflow.Id, cancel);
        return [.. timers.Where(t => workflow.RemovedTimerIds.Contains(t.Id))];
    }
}
