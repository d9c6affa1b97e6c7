using System.Threading.Channels;
using Alize.Engine.Storage;
using Alize.Workflows.Mail;
using Hangfire;
using Hangfire.States;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Alize.Workflows.Deadlines;

/// <summary>
/// Gives deadlines that fall due within the horizon a Hangfire job, which those of a few seconds share and which is deleted when the last
/// of them is cancelled, and lets waiting stimuli and mails go at once. It is told after a commit and works outside of it: what it misses, the sweep finds. At start it takes up what the
/// process before left undone, however that one ended.
/// </summary>
public sealed class HangfireDeadlines(IServiceScopeFactory scopes, IBackgroundJobClient jobs, IRecurringJobManager recurring, TimeProvider time, ILogger<HangfireDeadlines> log)
    : BackgroundService, IWakeups
{
    /// <summary>Deadlines later than this have a row and nothing else.</summary>
    private static readonly TimeSpan Horizon = TimeSpan.FromHours(1);

    private static readonly TimeSpan PauseBeforeRegisteringAgain = TimeSpan.FromSeconds(10);

    /// <summary>Deadlines of so long a time share a job. Short: a job that was deleted or lost takes no more with it.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A job is due so long before its window: Hangfire looks every second for what is due, and on a database every second again for
    /// what is to be run. The job then waits for the deadlines themselves.
    /// </summary>
    private static readonly TimeSpan Lead = TimeSpan.FromSeconds(2);

    private const int BatchSize = 1000;

    // By the window's beginning. One at a time: the sweep extends the horizon while changes are acted on.
    private readonly SortedDictionary<DateTime, string> jobOfWindow = [];
    private readonly SemaphoreSlim scheduling = new(1, 1);

    private readonly Channel<Change> changes = Channel.CreateUnbounded<Change>(new() { SingleReader = true });

    // A bell: how often it was rung does not matter.
    private readonly Channel<bool> mails = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private sealed record Change(IReadOnlyList<StoredTimer> Added, IReadOnlyList<StoredTimer> Removed);

    /// <inheritdoc />
    public void TimersChanged(IReadOnlyList<StoredTimer> added, IReadOnlyList<StoredTimer> removed) => changes.Writer.TryWrite(new(added, removed));

    /// <inheritdoc />
    public void StimuliWaiting()
    {
        changes.Writer.TryWrite(new([], []));
        mails.Writer.TryWrite(true);
    }

    /// <summary>Schedules what has come within the horizon and has no job yet, in small batches.</summary>
    public async Task ExtendHorizonAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IWorkflowStore>();
        var until = (time.GetUtcNow() + Horizon).UtcDateTime;
        while (await store.UnscheduledTimersAsync(until, BatchSize, cancel) is { Count: > 0 } timers)
            await ScheduleAsync(store, timers, cancel);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        base.Dispose();
        scheduling.Dispose();
    }

    // Mails have a loop of their own: a mail server that does not answer holds up no deadline. The recurring jobs are registered here
    // and not before the start: on a lock that a killed process left in Hangfire's storage the service would not start at all.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(ActOnChangesAsync(stoppingToken), SendMailsAsync(stoppingToken), RegisterAsync(stoppingToken));

    private async Task ActOnChangesAsync(CancellationToken cancel)
    {
        await TryAsync(scope => RecoverAsync(scope, cancel), cancel);

        // Begins their pause; the sweeps go on with them. Where there is no pause they run one at a time, and what comes meanwhile does not wait.
        var suspects = TryAsync(scope => scope.GetRequiredService<WorkflowRuntime>().RunSuspectsAsync(cancel), cancel);
        try
        {
            while (await changes.Reader.WaitToReadAsync(cancel))
            {
                // Every burst says something: what was said meanwhile is one round of work, not many.
                var round = new List<Change>();
                while (changes.Reader.TryRead(out var change)) round.Add(change);
                await TryAsync(scope => SetAlarmsAsync(scope, round, cancel), cancel);
                await TryAsync(scope => scope.GetRequiredService<WorkflowRuntime>().DrainAsync(cancel), cancel);
            }
        }
        finally
        {
            await suspects;
        }
    }

    private async Task SendMailsAsync(CancellationToken cancel)
    {
        do
        {
            await TryAsync(scope => scope.GetRequiredService<SendOutbox>().RunAsync(cancel), cancel);
        }
        while (await mails.Reader.WaitToReadAsync(cancel) && mails.Reader.TryRead(out _));
    }

    private async Task RegisterAsync(CancellationToken cancel)
    {
        using var pause = new PeriodicTimer(PauseBeforeRegisteringAgain, time);
        do
        {
            // Hangfire waits for its storage without giving the thread back.
            if (await TryAsync(_ => Task.Run(() => RecurringJobs.Register(recurring), cancel), cancel)) return;
        }
        while (await pause.WaitForNextTickAsync(cancel));
    }

    private async Task RecoverAsync(IServiceProvider scope, CancellationToken cancel)
    {
        var bursts = await scope.GetRequiredService<WorkflowRuntime>().RecoverAsync(cancel);
        if (bursts > 0) log.LogInformation("Took up what was left undone: {Bursts} bursts", bursts);
        await ExtendHorizonAsync(cancel);
    }

    private async Task SetAlarmsAsync(IServiceProvider scope, List<Change> round, CancellationToken cancel)
    {
        var store = scope.GetRequiredService<IWorkflowStore>();
        var (now, removed) = (time.GetUtcNow().UtcDateTime, round.SelectMany(c => c.Removed).Select(t => t.Id).ToHashSet());
        var added = round.SelectMany(c => c.Added).Where(t => t.DueAt <= now + Horizon && !removed.Contains(t.Id)).ToList();
        await ScheduleAsync(store, added, cancel);
        await DeleteJobsAsync(store, round.SelectMany(c => c.Removed), now, cancel);
    }

    /// <summary>Deletes the jobs whose last deadline was cancelled. One whose window has begun runs, or has run: it ends by itself.</summary>
    private async Task DeleteJobsAsync(IWorkflowStore store, IEnumerable<StoredTimer> removed, DateTime now, CancellationToken cancel)
    {
        using var alone = await AloneAsync(cancel);
        foreach (var (noted, window) in removed.Select(t => (t.JobId, WindowOf(t.DueAt))).Distinct())
        {
            // Its job may have been noted after the burst that cancelled it had read it.
            if ((noted ?? jobOfWindow.GetValueOrDefault(window)) is not { } jobId) continue;
            if (window - Lead <= now || await store.IsJobNeededAsync(jobId, window, window + Window, cancel)) continue;
            jobs.Delete(jobId, ScheduledState.StateName);
            if (jobOfWindow.TryGetValue(window, out var ours) && ours == jobId) jobOfWindow.Remove(window);
        }
    }

    private async Task<bool> TryAsync(Func<IServiceProvider, Task> act, CancellationToken cancel)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await act(scope.ServiceProvider);
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            // Nothing is lost: rows are still there, and the recurring sweep takes them up again.
            log.LogError(failure, "Could not act at once; the sweep will");
            return false;
        }
    }

    private async Task ScheduleAsync(IWorkflowStore store, IReadOnlyList<StoredTimer> timers, CancellationToken cancel)
    {
        using var alone = await AloneAsync(cancel);
        var now = time.GetUtcNow().UtcDateTime;
        foreach (var window in timers.GroupBy(t => WindowOf(t.DueAt)))
        {
            var jobId = JobOf(window.Key, now);

            // The start, the sweep, the burst that made a deadline and other nodes may all see it: whoever notes a job first gives it one.
            // Noted even when the program is told to stop now: the job exists.
            if (await store.SetTimerJobAsync([.. window.Select(t => t.Id)], jobId, CancellationToken.None) > 0 || await store.IsJobNeededAsync(jobId, window.Key, window.Key + Window, cancel))
                continue;

            // All were cancelled meanwhile, or have another job.
            jobs.Delete(jobId, ScheduledState.StateName);
            jobOfWindow.Remove(window.Key);
        }

        while (jobOfWindow.Count > 0 && jobOfWindow.Keys.First() is var first && first + Window < now) jobOfWindow.Remove(first);
    }

    private string JobOf(DateTime window, DateTime now)
    {
        // A job that has begun may have seen no deadline and ended.
        if (window - Lead > now && jobOfWindow.TryGetValue(window, out var known)) return known;
        var (until, label) = (window + Window, $"Échéances du {window:dd/MM/yyyy} à {window:HH:mm:ss} UTC");
        var due = window - Lead > now ? window - Lead : now;
        var jobId = due > now
            ? jobs.Schedule<DeadlineJobs>(job => job.WatchAsync(until, label, CancellationToken.None), new DateTimeOffset(due, TimeSpan.Zero))
            : jobs.Enqueue<DeadlineJobs>(job => job.WatchAsync(until, label, CancellationToken.None));
        return jobOfWindow[window] = jobId;
    }

    private async Task<IDisposable> AloneAsync(CancellationToken cancel)
    {
        await scheduling.WaitAsync(cancel);
        return new Alone(scheduling);
    }

    private static DateTime WindowOf(DateTime due) => new(due.Ticks - (due.Ticks % Window.Ticks), DateTimeKind.Utc);

    private sealed class Alone(SemaphoreSlim scheduling) : IDisposable
    {
        public void Dispose() => scheduling.Release();
    }
}
