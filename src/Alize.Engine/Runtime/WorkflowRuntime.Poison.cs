using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alize.Engine.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Alize.Engine.Runtime;

/// <summary>
/// Instances that no burst gets through: their definition or state cannot be read, or what they write cannot be committed. They are parked
/// where they stood, with the reason as an incident; nobody else waits for them, and they are tried again, less and less often.
/// </summary>
public sealed partial class WorkflowRuntime
{
    /// <summary>Bursts of an instance that fail one after the other before it is parked; a database may be away for a moment.</summary>
    private const int FailuresBeforeParking = 3;

    // Only of instances that failed in this process: empty where all is well.
    private readonly ConcurrentDictionary<string, (int Failures, DateTime NotBefore)> _failing = new();

    /// <summary>Whether a deadline of the instance is left alone for now.</summary>
    private bool IsPaused(string instanceId) =>
        _failing.TryGetValue(instanceId, out var failing) && failing.NotBefore > time.GetUtcNow().UtcDateTime;

    private async Task OnBurstFailedAsync(string instanceId, Exception failure, CancellationToken cancel)
    {
        var failing = _failing.AddOrUpdate(instanceId, _ => Next(0), (_, known) => Next(known.Failures));
        if (failure is not UnreadableInstanceException && failing.Failures < FailuresBeforeParking)
            return;

        try
        {
            await ParkAsync(instanceId, failure, null, cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Another node wrote to it, or the database is away: it is parked by the next failure.
            log.LogWarning(e, "Instance {InstanceId} could not be parked", instanceId);
        }

        (int, DateTime) Next(int failures)
        {
            var pause = FirstPause * Math.Pow(2, Math.Min(failures, 10));
            return (failures + 1, time.GetUtcNow().UtcDateTime + (pause < LongestPause ? pause : LongestPause));
        }
    }

    /// <summary>What an incident says.</summary>
    internal static string Words(Exception failure) => failure is ProcessEndedException ended ? ended.French : failure.Message;

    /// <summary>Parks an instance, unless it is already; false when it does not run, or not any more for this reason.</summary>
    private async Task<bool> ParkAsync(string instanceId, Exception failure, Func<IWorkflowStore, Task<bool>>? isStillSo, CancellationToken cancel)
    {
        using var entered = await _locks.EnterAsync(instanceId, cancel);
        await using var scope = scopes.CreateAsyncScope();
        var store = Store(scope);
        if (await store.FindInstanceAsync(instanceId, cancel) is not { Status: WorkflowStatus.Running } instance || (isStillSo is not null && !await isStillSo(store)))
            return false;

        var now = time.GetUtcNow();
        var state = ReadableState(instance.State);
        if (state is null ? instance.SubStatus == WorkflowSubStatus.Faulted : !AddIncident(state, failure, now))
            return true;

        var sequence = state?["q"]?.GetValue<long>() ?? await LastSequenceAsync(store, instanceId, cancel) + 1;
        if (state is not null)
            instance.State = JsonSerializer.SerializeToUtf8Bytes(state);
        instance.SubStatus = WorkflowSubStatus.Faulted;
        instance.IncidentCount = Math.Max(1, state?["inc"]?.AsArray().Count ?? 0);
        instance.UpdatedAt = now.UtcDateTime;
        await store.CommitAsync(new Burst { Instance = instance, Journal = [ParkedLine(instance, sequence, failure, now)] }, cancel);
        WakeHost(instanceId, [], []);
        log.LogError(failure, "Instance {InstanceId} is parked: no burst of it gets through", instanceId);
        return true;
    }

    /// <summary>Adds the incident and counts its journal line; false when the same one is there already.</summary>
    private static bool AddIncident(JsonObject state, Exception failure, DateTimeOffset now)
    {
        // Of several reasons an ended process gives way to the one that is there: they would take each other's place at each sweep.
        var incidents = state["inc"] as JsonArray;
        if (incidents?.Any(i => i?["x"]?.GetValue<string>() == Incident.OfTheInstance && (failure is ProcessEndedException || i["m"]?.GetValue<string>() == failure.Message)) == true)
            return false;

        if (incidents is null)
            state["inc"] = incidents = [];
        foreach (var former in incidents.Where(i => i?["x"]?.GetValue<string>() == Incident.OfTheInstance).ToList())
            incidents.Remove(former);
        incidents.Add(new JsonObject
        {
            ["x"] = Incident.OfTheInstance,
            ["a"] = "",
            ["o"] = "",
            ["t"] = "Elsa.Workflow",
            ["m"] = Words(failure),
            ["e"] = failure.GetType().Name,
            ["d"] = now.UtcTicks,
        });
        state["q"] = state["q"]!.GetValue<long>() + 1;
        return true;
    }

    private static JournalRecord ParkedLine(WorkflowInstance instance, long sequence, Exception failure, DateTimeOffset now) => new()
    {
        Id = $"{instance.Id}:{sequence}",
        InstanceId = instance.Id,
        Sequence = sequence,
        ActivityInstanceId = instance.Id,
        ActivityId = "",
        NodeId = "",
        ActivityType = "Elsa.Workflow",
        EventName = "Faulted",
        Message = Words(failure),
        At = now.UtcDateTime,
    };

    private static JsonObject? ReadableState(byte[] state)
    {
        try
        {
            return JsonNode.Parse(state) is JsonObject json && json["q"] is JsonValue sequence && sequence.TryGetValue(out long _) ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<long> LastSequenceAsync(IWorkflowStore store, string instanceId, CancellationToken cancel)
    {
        const int page = 500;
        var last = 0L;
        while (await store.JournalAsync(instanceId, last, page, cancel) is { Count: > 0 } lines)
            last = lines[^1].Sequence;
        return last;
    }

    /// <summary>Ends an instance that cannot be read, with everything it waits for.</summary>
    private async Task AbandonAsync(string instanceId, string? stimulusId, CancellationToken cancel)
    {
        using var entered = await _locks.EnterAsync(instanceId, cancel);
        await using var scope = scopes.CreateAsyncScope();
        var store = Store(scope);
        if (await store.FindInstanceAsync(instanceId, cancel) is not { Status: WorkflowStatus.Running } instance)
            return;

        var now = time.GetUtcNow().UtcDateTime;
        var timers = await store.TimersOfAsync(instanceId, cancel);
        (instance.Status, instance.SubStatus, instance.FinishedAt, instance.UpdatedAt, instance.ActivationKey) =
            (WorkflowStatus.Finished, WorkflowSubStatus.Cancelled, now, now, null);

        // What waits for it, and what it waits for, is told as by any other end.
        if (instance.ParentInstanceId is { } parent && ReadableState(instance.State) is { } state && state["nh"]?.GetValue<string>() is { } hash)
            store.Enqueue(Ended(instance, parent, state["nn"]?.GetValue<string>(), hash, [], now));
        foreach (var child in await store.ChildrenAsync(instanceId, cancel))
            if (child.Status == WorkflowStatus.Running && ReadableState(child.State)?["nh"] is not null)
                store.Enqueue(Stimuli.Cancel(child.Id, time.GetUtcNow()));
        await store.CommitAsync(
            new Burst
            {
                Instance = instance,
                RemovedBookmarkIds = [.. (await store.BookmarksOfAsync(instanceId, cancel)).Select(b => b.Id)],
                RemovedTimerIds = [.. timers.Select(t => t.Id)],
                ConsumedStimulusId = stimulusId,
            }, cancel);
        _failing.TryRemove(instanceId, out _);
        WakeHost(instanceId, [], [.. timers]);
    }
}

/// <summary>An instance whose definition or state cannot be read.</summary>
public sealed class UnreadableInstanceException(string instanceId, Exception inner)
    : Exception($"Instance '{instanceId}' cannot be read: {inner?.Message}", inner)
{
    /// <summary>The instance.</summary>
    public string InstanceId { get; } = instanceId;
}
