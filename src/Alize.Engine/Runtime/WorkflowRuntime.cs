using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Alize.Engine.Definitions;
using Alize.Engine.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Alize.Engine.Runtime;

/// <summary>What to start.</summary>
public sealed class StartWorkflow
{
    /// <summary>The definition.</summary>
    public required string DefinitionId { get; init; }

    /// <summary>A version by its id, e.g. a draft. Null: the published one.</summary>
    public string? DefinitionVersionId { get; init; }

    /// <summary>Id of the instance. The same id starts once. Null: a new one.</summary>
    public string? InstanceId { get; init; }

    /// <summary>What it is about.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Name for people.</summary>
    public string? Name { get; init; }

    /// <summary>Whose instance it is.</summary>
    public string? TenantId { get; init; }

    /// <summary>Its input.</summary>
    public IReadOnlyDictionary<string, object?>? Input { get; init; }

    /// <summary>The activity that is triggered. Null: the drawn start.</summary>
    public string? TriggerActivityId { get; init; }
}

/// <summary>Where an instance stands after a burst.</summary>
/// <param name="InstanceId">The instance.</param>
/// <param name="Status">Whether it may still do something.</param>
/// <param name="SubStatus">What it does, or how it ended.</param>
/// <param name="CorrelationId">What it is about.</param>
/// <param name="IncidentCount">Failed steps not yet done.</param>
/// <param name="Output">Its output so far.</param>
public sealed record RunResult(
    string InstanceId, WorkflowStatus Status, WorkflowSubStatus SubStatus, string? CorrelationId, int IncidentCount, IReadOnlyDictionary<string, object?> Output);

/// <summary>
/// Runs workflows. A burst loads an instance, runs it until it waits or ends, and commits once; a burst that another one
/// overtook looks again. Safe for use from many threads and by several nodes.
/// </summary>
public sealed partial class WorkflowRuntime(
    IServiceScopeFactory scopes, DefinitionCache cache, DefinitionTriggers triggers, IWakeups wakeups, InstanceFeed feed, IOptions<EngineOptions> options, TimeProvider time, ILogger<WorkflowRuntime> log)
{
    private readonly InstanceLocks _locks = new();

    /// <summary>Starts an instance and runs its first burst. When the instance exists already, nothing runs and its state is returned.</summary>
    /// <exception cref="DefinitionException">The definition does not exist, is not published, or cannot run.</exception>
    /// <exception cref="ActivationRefusedException">The definition allows one instance at a time, and one runs.</exception>
    public Task<RunResult> StartAsync(StartWorkflow request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        var now = time.GetUtcNow();
        return StartAsync(request, new Stimulus
        {
            Id = "",
            Kind = StimulusKind.Start,
            DefinitionId = request.DefinitionId,
            InstanceId = request.InstanceId ?? Guid.CreateVersion7(now).ToString("N"),
            CorrelationId = request.CorrelationId,
            TenantId = request.TenantId,
            InstanceName = request.Name,
            Input = Stimuli.InputJson(request.Input),
            CreatedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
        }, null, cancel);
    }

    /// <summary>Resumes the activity that waits at a bookmark; null when the bookmark was consumed already, by whomever.</summary>
    public async Task<RunResult?> ResumeAsync(string bookmarkId, IReadOnlyDictionary<string, object?>? input, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(bookmarkId);
        if (await InstanceOfAsync(bookmarkId, cancel) is not { } instanceId)
            return null;

        var values = Values.Dictionary(Stimuli.InputJson(input));
        return await BurstAsync(instanceId, null, async (workflow, steps) =>
            workflow.Bookmarks.Find(b => b.Id == bookmarkId) is { } bookmark && await steps.ResumeAsync(bookmark, values), cancel);
    }

    /// <summary>Runs the failed steps of an instance again, now, from where they stood.</summary>
    /// <exception cref="InvalidOperationException">There is no such instance, or it has ended.</exception>
    public async Task RetryAsync(string instanceId, CancellationToken cancel)
    {
        if (await TryRetryAsync(instanceId, cancel) is { } refusal)
            throw new InvalidOperationException(refusal);
    }

    /// <summary>Why nothing can be retried; null when it was.</summary>
    private async Task<string?> TryRetryAsync(string instanceId, CancellationToken cancel)
    {
        WorkflowSubStatus? ended = null;
        List<string> waitsFor = [];
        var found = await BurstAsync(instanceId, null, async (workflow, steps) =>
        {
            if (workflow.Instance.Status == WorkflowStatus.Finished)
            {
                ended = workflow.Instance.SubStatus;
                return false;
            }

            var faulted = workflow.Contexts.FindAll(c => c.Status == ActivityStatus.Faulted);
            foreach (var context in faulted)
            {
                // Somebody has looked at it: the ladder of retries begins again.
                context.Failures = 0;
                await steps.RetryAsync(context);
            }

            waitsFor = [.. workflow.Bookmarks.Select(b => b.Hash)];
            return faulted.Count > 0 || workflow.ParkedFor is not null;
        }, cancel);
        if (ended is not null)
            return $"Instance '{instanceId}' has ended as {ended} and cannot be retried. Start a new one; with incident strategy '{IncidentStrategies.RetryThenPark}' a faulted instance waits instead of ending.";

        // What could not be delivered to it while it was parked.
        if (found is not null)
            await DeliverWaitingAsync(found, waitsFor, cancel);
        await RunSuspectsOfAsync(instanceId, cancel);
        return found is null && !await ExistsAsync(instanceId, cancel) ? $"Instance '{instanceId}' does not exist. Was it deleted by retention?" : null;
    }

    /// <summary>Ends an instance, and those it waits for. An instance that has ended stays as it ended.</summary>
    public Task CancelAsync(string instanceId, CancellationToken cancel) => CancelAsync(instanceId, null, cancel);

    private async Task<RunResult?> CancelAsync(string instanceId, string? stimulusId, CancellationToken cancel)
    {
        try
        {
            return await BurstAsync(instanceId, stimulusId, async (workflow, _) =>
            {
                if (workflow.Instance.Status == WorkflowStatus.Finished)
                    return false;

                workflow.Ending = WorkflowSubStatus.Cancelled;
                await workflow.Root.CancelActivityAsync();
                foreach (var stimulus in workflow.Step.Stimuli)
                    workflow.Services.GetRequiredService<IWorkflowStore>().Enqueue(stimulus);
                return true;
            }, cancel);
        }
        catch (UnreadableInstanceException)
        {
            // What nobody can read can still be ended.
            await AbandonAsync(instanceId, stimulusId, cancel);
            return null;
        }
    }

    /// <param name="request">What to start, and where it begins.</param>
    /// <param name="stimulus">The message that starts it; without an id when it is no row.</param>
    /// <param name="heldFor">Why it is started without running anything of it. Null: it runs.</param>
    /// <param name="cancel">Cancels.</param>
    private async Task<RunResult> StartAsync(StartWorkflow request, Stimulus stimulus, ProcessEndedException? heldFor, CancellationToken cancel)
    {
        var instanceId = stimulus.InstanceId ?? throw new ArgumentException("A stimulus that starts an instance names its id.", nameof(stimulus));
        IReadOnlyList<Stimulus> early;
        RunResult result;
        string? next;
        using (await _locks.EnterAsync(instanceId, cancel))
        {
            await using var scope = scopes.CreateAsyncScope();
            var store = scope.ServiceProvider.GetRequiredService<IWorkflowStore>();
            if (await store.FindInstanceAsync(instanceId, cancel) is { } existing)
            {
                if (stimulus.Id.Length > 0)
                    await store.DropStimuliAsync([stimulus.Id], cancel);
                return await ReadResultAsync(existing, store, cancel);
            }

            var versionId = request.DefinitionVersionId ?? await store.PublishedVersionAsync(request.DefinitionId, cancel)
                ?? throw new DefinitionException(new Sentence("not-published", request.DefinitionId));
            var compiled = await cache.FindAsync(versionId, store, cancel)
                ?? throw new DefinitionException(new Sentence("no-such-version", request.DefinitionId, versionId));

            var activation = Activation.Of(compiled, stimulus.CorrelationId);
            if (activation is not null && await store.IsRunningAsync(activation.DefinitionId, activation.CorrelationId, stimulus.TenantId, cancel))
                throw new ActivationRefusedException(compiled.Workflow.DefinitionId, stimulus.CorrelationId, compiled.ActivationStrategy);

            var workflow = NewWorkflow(compiled, stimulus, scope.ServiceProvider, cancel);
            workflow.Instance.ActivationKey = activation?.Key(stimulus.TenantId);
            workflow.TriggerActivityId = request.TriggerActivityId;
            var steps = new Steps(workflow, store, options.Value);
            if (heldFor is null)
            {
                workflow.Schedule(new WorkItem(compiled.Root, null));
                await steps.RunAsync();
            }
            else
            {
                steps.BeginFailed(new WorkItem(compiled.Root, null), heldFor);
            }

            try
            {
                early = await CommitAsync(workflow, store, isNew: true, stimulus.Id.Length > 0 ? stimulus.Id : null, cancel);
            }
            catch (StaleInstanceException)
            {
                // Another node started it, or took the stimulus, at the same moment.
                if (await ReadResultAsync(instanceId, cancel) is { } other)
                    return other;
                if (activation is not null && await IsRunningAsync(activation, stimulus.TenantId, cancel))
                    throw new ActivationRefusedException(compiled.Workflow.DefinitionId, stimulus.CorrelationId, compiled.ActivationStrategy);
                throw;
            }

            result = Result(workflow);
            next = workflow.IsSplit ? ContinuationId(workflow.Id, workflow.Journal.Sequence) : null;
        }

        await AfterCommitAsync(early, cancel);
        return await ContinueAsync(result, next, cancel);
    }

    /// <summary>As it is now: a commit may have lost for another reason, and a refused message would be gone.</summary>
    private async Task<bool> IsRunningAsync(Activation activation, string? tenantId, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await Store(scope).IsRunningAsync(activation.DefinitionId, activation.CorrelationId, tenantId, cancel);
    }

    /// <summary>Goes on after a commit point, until the instance waits or ends.</summary>
    private async Task<RunResult> ContinueAsync(RunResult result, string? continuationId, CancellationToken cancel)
    {
        while (continuationId is { } id)
        {
            try
            {
                (var more, continuationId) = await TryBurstAsync(result.InstanceId, id, GoOnAsync, cancel);
                result = more ?? result;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // What is committed is committed; the message takes up the rest.
                log.LogWarning(e, "Instance {InstanceId} could not go on at once after a commit point", result.InstanceId);
                return result;
            }
        }

        return result;
    }

    private static async Task<bool> GoOnAsync(WorkflowExecutionContext workflow, Steps steps)
    {
        if (workflow.Instance.Status == WorkflowStatus.Finished)
            return false;

        await steps.RunAsync();
        return true;
    }

    /// <summary>One burst of an existing instance; null when the work found nothing to do.</summary>
    private async Task<RunResult?> BurstAsync(string instanceId, string? stimulusId, Func<WorkflowExecutionContext, Steps, Task<bool>> work, CancellationToken cancel)
    {
        try
        {
            var (result, next) = await TryBurstAsync(instanceId, stimulusId, work, cancel);
            if (result is null)
                return null;

            if (!_failing.IsEmpty)
                _failing.TryRemove(instanceId, out _);
            return await ContinueAsync(result, next, cancel);
        }
        catch (Exception failure) when (failure is not (StaleInstanceException or OperationCanceledException))
        {
            await OnBurstFailedAsync(instanceId, failure, cancel);
            throw;
        }
    }

    private async Task<(RunResult? Result, string? ContinuationId)> TryBurstAsync(string instanceId, string? stimulusId, Func<WorkflowExecutionContext, Steps, Task<bool>> work, CancellationToken cancel)
    {
        for (var collisions = 0; ; collisions++)
        {
            IReadOnlyList<Stimulus> early;
            RunResult result;
            string? next;
            using (await _locks.EnterAsync(instanceId, cancel))
            {
                await using var scope = scopes.CreateAsyncScope();
                var store = scope.ServiceProvider.GetRequiredService<IWorkflowStore>();
                if (await store.FindInstanceAsync(instanceId, cancel) is not { } instance)
                    return default;

                var workflow = await LoadAsync(instance, store, scope.ServiceProvider, cancel);
                try
                {
                    if (!await work(workflow, new Steps(workflow, store, options.Value)))
                        return default;

                    early = await CommitAsync(workflow, store, isNew: false, stimulusId, cancel);
                    result = Result(workflow);
                    next = workflow.IsSplit ? ContinuationId(workflow.Id, workflow.Journal.Sequence) : null;
                }
                catch (StaleInstanceException e) when (collisions < options.Value.MaxCollisions)
                {
                    log.LogDebug(e, "Instance {InstanceId} was changed meanwhile; looking again", instanceId);
                    continue;
                }
            }

            await AfterCommitAsync(early, cancel);
            return (result, next);
        }
    }

    private WorkflowExecutionContext NewWorkflow(CompiledWorkflow compiled, Stimulus stimulus, IServiceProvider services, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var instance = new WorkflowInstance
        {
            Id = stimulus.InstanceId ?? "",
            DefinitionId = compiled.Workflow.DefinitionId,
            DefinitionVersionId = compiled.Workflow.DefinitionVersionId,
            DefinitionVersion = compiled.Workflow.DefinitionVersion,
            CorrelationId = stimulus.CorrelationId,
            Name = stimulus.InstanceName,
            TenantId = stimulus.TenantId,
            ParentInstanceId = stimulus.ParentInstanceId,
            Status = WorkflowStatus.Running,
            SubStatus = WorkflowSubStatus.Executing,
            State = [],
            CreatedAt = now,
            UpdatedAt = now,
        };
        var workflow = new WorkflowExecutionContext(instance, compiled, services, time, cancel) { Input = Values.Dictionary(stimulus.Input) };
        if (stimulus.ParentInstanceId is not null)
            (workflow.NotifyName, workflow.NotifyHash) = (stimulus.Name, stimulus.Hash);
        return workflow;
    }

    private async Task<WorkflowExecutionContext> LoadAsync(WorkflowInstance instance, IWorkflowStore store, IServiceProvider services, CancellationToken cancel)
    {
        try
        {
            var compiled = await cache.GetAsync(instance.DefinitionVersionId, store, cancel);
            var workflow = new WorkflowExecutionContext(instance, compiled, services, time, cancel);
            StateReader.Read(workflow, instance.State);

            // It can be read again: what it was parked for is over.
            workflow.ParkedFor = workflow.Incidents.Find(i => i.ActivityInstanceId == Incident.OfTheInstance);
            if (workflow.ParkedFor is { } former)
                workflow.Incidents.Remove(former);
            return workflow;
        }
        catch (Exception e) when (e is DefinitionException or JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException && !IsOfDatabase(e))
        {
            throw new UnreadableInstanceException(instance.Id, e);
        }
    }

    /// <summary>Whether it is the database that failed, which says nothing of the instance: providers wrap what may pass in other exceptions.</summary>
    private static bool IsOfDatabase(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
            if (cause is DbException or TimeoutException or ObjectDisposedException or IOException)
                return true;
        return false;
    }

    /// <summary>The instance that a bookmark belongs to: its id says it, unless the activity chose another one.</summary>
    private async Task<string?> InstanceOfAsync(string bookmarkId, CancellationToken cancel)
    {
        if (bookmarkId.LastIndexOf(":b", StringComparison.Ordinal) is > 0 and var end && int.TryParse(bookmarkId.AsSpan(end + 2), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return bookmarkId[..end];

        await using var scope = scopes.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<IWorkflowStore>().FindBookmarkAsync(bookmarkId, cancel))?.InstanceId;
    }

    private async Task<bool> ExistsAsync(string instanceId, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IWorkflowStore>().FindInstanceAsync(instanceId, cancel) is not null;
    }

    private async Task<RunResult?> ReadResultAsync(string instanceId, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IWorkflowStore>();
        return await store.FindInstanceAsync(instanceId, cancel) is { } instance ? await ReadResultAsync(instance, store, cancel) : null;
    }

    private async Task<RunResult> ReadResultAsync(WorkflowInstance instance, IWorkflowStore store, CancellationToken cancel) =>
        Result(await LoadAsync(instance, store, EmptyServices.Instance, cancel));

    private static RunResult Result(WorkflowExecutionContext workflow) => new(
        workflow.Id, workflow.Instance.Status, workflow.Instance.SubStatus, workflow.CorrelationId, workflow.Instance.IncidentCount,
        workflow.Output.ToDictionary(o => o.Key, o => Values.Seen(o.Value)));

    private sealed class EmptyServices : IServiceProvider
    {
        public static readonly EmptyServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}
