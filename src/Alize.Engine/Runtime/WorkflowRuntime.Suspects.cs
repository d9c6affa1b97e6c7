using System.Collections.Concurrent;
using Alize.Engine.Definitions;
using Alize.Engine.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Alize.Engine.Runtime;

/// <summary>
/// Steps that end the whole process: no stack left, no memory left, a component that breaks off. What was delivering such a step, a
/// message or a deadline, is in the database at the next start and would end the next process too.
/// <para>
/// So whatever is older than this process, and may therefore have been running when another one died, is marked before it is run, in a
/// small transaction of its own. The mark goes with its row when the burst is committed, and is taken back when the run ends in any
/// other way: a mark that is found later is a run that was begun and never ended. What a process is sent itself is run without a mark,
/// and costs nothing more; it is marked by the next process, if there has to be one.
/// </para>
/// <para>
/// A row with a mark is a suspect. Suspects are run once the process has lived for a while, after everything else and one at a time, fewest
/// marks first: then a server that is switched off again and again makes no killers, who kills is not counted against its neighbours, and
/// these are through before it. After <see cref="CrashesBeforeParking"/> the instance is parked and
/// the row left alone until somebody retries. A retry that comes through takes the marks off; one that ends the process leaves them.
/// </para>
/// <para>
/// With several nodes, one that starts also marks what another one is running at this moment. That parks nobody who is well: the other's
/// commit deletes the row with its marks, and a node that lives takes its own mark back, so that they do not add up. Were an instance parked
/// while somebody still runs it, that burst loses to the parking, looks again, and its commit ends the incident.
/// </para>
/// </summary>
public sealed partial class WorkflowRuntime
{
    /// <summary>Processes that ended while they ran the same message or deadline, before its instance is parked. One may be chance: a server is switched off.</summary>
    private const int CrashesBeforeParking = 3;

    // What this process runs under a mark: it marks nothing twice, and takes nothing of its own for what a dead process left.
    private readonly ConcurrentDictionary<RowKey, bool> _marked = new();

    // What is made after this moment was not running when a process before this one died.
    private readonly DateTime _begunAt = time.GetUtcNow().UtcDateTime;

    private DateTimeOffset? _suspectsFrom;

    private int _isAtSuspects;

    /// <summary>
    /// Runs what may have ended a process, one at a time, or parks its instance. Part of each sweep, and to be run beside everything else
    /// after <see cref="RecoverAsync"/>, which leaves it out: nobody else waits for it. Returns the bursts run; none while another call is at it,
    /// and none within <see cref="EngineOptions.PauseBeforeSuspects"/> of the first call.
    /// </summary>
    public async Task<int> RunSuspectsAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (now < (_suspectsFrom ??= now + options.Value.PauseBeforeSuspects) || Interlocked.Exchange(ref _isAtSuspects, 1) == 1)
            return 0;

        try
        {
            var bursts = 0;
            foreach (var suspect in await SuspectsAsync(cancel))
                if (!await TrySetAsideAsync(suspect, cancel) && await RunMarkedAsync(suspect, cancel))
                    bursts++;
            return bursts;
        }
        finally
        {
            Volatile.Write(ref _isAtSuspects, 0);
        }
    }

    /// <summary>Runs the suspects of one instance, whatever their marks: somebody has looked at it.</summary>
    private async Task RunSuspectsOfAsync(string instanceId, CancellationToken cancel)
    {
        // An order to retry is what led here.
        foreach (var suspect in await SuspectsAsync(cancel))
            if (suspect.Message?.Kind != StimulusKind.Retry && await InstanceOfAsync(suspect, cancel) == instanceId)
                await RunMarkedAsync(suspect, cancel);
    }

    private async Task<IReadOnlyList<Suspect>> SuspectsAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var scope = scopes.CreateAsyncScope();
        var messages = await Store(scope).SuspectStimuliAsync(now, cancel);
        var timers = await Store(scope).SuspectTimersAsync(now, cancel);
        return [.. messages.Select(m => new Suspect(m, null)).Concat(timers.Select(t => new Suspect(null, t))).OrderBy(s => s.Crashes).ThenBy(s => s.Since)];
    }

    private async Task<bool> RunMarkedAsync(Suspect suspect, CancellationToken cancel)
    {
        await using var marks = await MarkAsync([suspect], cancel);
        return marks.Holds(suspect) && (suspect.Message is { } message
            ? await DeliverAsync(message.Id, cancel)
            : await TryFireAsync(suspect.Timer!, new(), cancel));
    }

    private Suspect? LeftOver(Stimulus message) => message.CreatedAt < _begunAt ? new(message, null) : null;

    private Suspect? LeftOver(StoredTimer timer) => timer.DueAt < _begunAt ? new(null, timer) : null;

    /// <summary>Marks rows, but for those that this process is running already; disposing of the marks takes back those whose row is still there.</summary>
    private async Task<Marks> MarkAsync(IEnumerable<Suspect?> rows, CancellationToken cancel)
    {
        var marks = new Marks(this, [.. rows.OfType<Suspect>().Select(r => r.Key).Where(key => _marked.TryAdd(key, true))]);
        try
        {
            if (marks.Any)
            {
                await using var scope = scopes.CreateAsyncScope();
                await Store(scope).MarkAsync(marks.Messages, marks.Timers, time.GetUtcNow().UtcDateTime, cancel);
            }
        }
        catch
        {
            Forget(marks.Rows);
            throw;
        }

        return marks;
    }

    private async ValueTask TakeBackAsync(Marks marks)
    {
        if (!marks.Any)
            return;

        try
        {
            // Also when the program is told to stop now: it did not die of it.
            await using var scope = scopes.CreateAsyncScope();
            await Store(scope).UnmarkAsync(marks.Messages, marks.Timers, CancellationToken.None);
        }
        catch (Exception e)
        {
            log.LogWarning(e, "Marks could not be taken back; what has one is run after everything else");
        }
        finally
        {
            Forget(marks.Rows);
        }
    }

    private void Forget(IReadOnlyList<RowKey> rows)
    {
        foreach (var row in rows)
            _marked.TryRemove(row, out _);
    }

    /// <summary>Parks the instance of what has ended too many processes. False when it has not, or nobody is there to be parked: then it is run.</summary>
    private async Task<bool> TrySetAsideAsync(Suspect suspect, CancellationToken cancel)
    {
        if (suspect.Crashes < CrashesBeforeParking)
            return false;

        try
        {
            return suspect.Message is { Kind: StimulusKind.Start } start ? await HoldAsync(start, cancel) : await SetAsideAsync(suspect, cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Another node wrote to it, or the database is away: the next sweep parks it.
            log.LogError(e, "{Suspect} ended {Crashes} processes, and its instance could not be parked", suspect.Key.Id, suspect.Crashes);
            return true;
        }
    }

    /// <summary>Starts an instance without running anything of it: its first step is there as failed, and is what a retry begins with.</summary>
    private async Task<bool> HoldAsync(Stimulus start, CancellationToken cancel)
    {
        try
        {
            await DeliverStartAsync(start, new ProcessEndedException(CrashesBeforeParking, null), cancel);
            return true;
        }
        catch (DefinitionException)
        {
            // It cannot even be started any more: put off like any such message.
            return false;
        }
    }

    private async Task<bool> SetAsideAsync(Suspect suspect, CancellationToken cancel)
    {
        if (await InstanceOfAsync(suspect, cancel) is not { } instanceId)
            return false;

        var reason = new ProcessEndedException(CrashesBeforeParking, await StepOfAsync(suspect, instanceId, cancel));
        if (!await ParkAsync(instanceId, reason, store => IsThereAsync(suspect, store, cancel), cancel))
            return false;

        // Whoever retries gives a new order; any other message waits for that, and says why.
        if (suspect.Message is { Kind: StimulusKind.Retry } order)
        {
            await DropAsync(order, cancel);
        }
        else if (suspect.Message is { } message && message.LastError != reason.Message)
        {
            await using var scope = scopes.CreateAsyncScope();
            await Store(scope).PostponeAsync(message.Id, message.NotBefore, message.Attempts + 1, reason.Message, cancel);
        }

        return true;
    }

    /// <summary>A retry, or another node, may have got it through since it was read.</summary>
    private static async Task<bool> IsThereAsync(Suspect suspect, IWorkflowStore store, CancellationToken cancel) => suspect.Message is { } message
        ? await store.FindStimulusAsync(message.Id, cancel) is { Crashes: >= CrashesBeforeParking }
        : await store.FindTimerAsync(suspect.Timer!.Id, cancel) is { Crashes: >= CrashesBeforeParking };

    /// <summary>The instance whose step a suspect runs; null when nobody waits for it, or it is for several and was not split yet.</summary>
    private async Task<string?> InstanceOfAsync(Suspect suspect, CancellationToken cancel)
    {
        if (suspect.Message is not { Kind: StimulusKind.Deliver } message)
            return suspect.Timer?.InstanceId ?? suspect.Message?.InstanceId;

        var (instances, starts) = await MatchesAsync(message, cancel);
        return instances.Count == 1 && starts.Count == 0 ? instances[0] : null;
    }

    /// <summary>The activity that a suspect wakes, as far as the rows say it. Null: they do not.</summary>
    private async Task<string?> StepOfAsync(Suspect suspect, string instanceId, CancellationToken cancel)
    {
        if (suspect.Timer is { BookmarkId: null } retry)
            return retry.Label;

        await using var scope = scopes.CreateAsyncScope();
        var woken = suspect.Timer?.BookmarkId ?? suspect.Message?.BookmarkId;
        return (await Store(scope).BookmarksOfAsync(instanceId, cancel))
            .FirstOrDefault(b => woken is null ? b.Hash == suspect.Message?.Hash : b.Id == woken)?.ActivityNodeId.Split(':')[^1];
    }

    private readonly record struct RowKey(bool IsTimer, string Id);

    /// <summary>A message or a deadline that may have been running when a process ended.</summary>
    private sealed record Suspect(Stimulus? Message, StoredTimer? Timer)
    {
        public RowKey Key => Message is { } message ? new(false, message.Id) : new(true, Timer!.Id);

        public int Crashes => Message?.Crashes ?? Timer!.Crashes;

        public DateTime Since => Message?.CreatedAt ?? Timer!.DueAt;
    }

    /// <summary>The marks of what is being run.</summary>
    private sealed class Marks(WorkflowRuntime runtime, IReadOnlyList<RowKey> rows) : IAsyncDisposable
    {
        public IReadOnlyList<RowKey> Rows => rows;

        public bool Any => rows.Count > 0;

        public string[] Messages => [.. rows.Where(r => !r.IsTimer).Select(r => r.Id)];

        public string[] Timers => [.. rows.Where(r => r.IsTimer).Select(r => r.Id)];

        public bool Holds(Suspect row) => rows.Contains(row.Key);

        /// <summary>Whether a row may be run: it needs no mark, or it has one and nobody else here is at it.</summary>
        public bool Allow(Suspect? leftOver) => leftOver is null || Holds(leftOver);

        public ValueTask DisposeAsync() => runtime.TakeBackAsync(this);
    }
}

/// <summary>A step ended the process that ran it, again and again; said in French to people, in English to the log.</summary>
internal sealed class ProcessEndedException(int times, string? step)
    : Exception(Of(times, step).English)
{
    /// <summary>The reason, for people.</summary>
    public string French { get; } = Of(times, step).French;

    private static Sentence Of(int times, string? step) => step is null ? new("process-ended", times) : new("process-ended-at", times, step);
}
