using System.Threading.Channels;
using Alize.Engine.Storage;
using Alize.Workflows.Mail;
using Hangfire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Alize.Workflows.Deadlines;

/// <summary>
/// Gives deadlines that fall due within the horizon a Hangfire job, deletes the job of a cancelled one, and lets waiting stimuli and
/// mails go at once. It is told after a commit and works outside of it: what it misses, the sweep finds. At start it takes up what the
/// process before left undone, however that one ended.
/// </summary>
public sealed class HangfireDeadlines(IServiceScopeFactory scopes, IBackgroundJobClient jobs, IRecurringJobManager recurring, TimeProvider time, ILogger<HangfireDeadlines> log)
    : BackgroundService, IWakeups
{
    /// <summary>Deadlines later than this have a row and nothing else.</summary>
    private static readonly TimeSpan Horizon = TimeSpan.FromHours(1);

    private static readonly TimeSpan PauseBeforeRegisteringAgain = TimeSpan.FromSeconds(10);

    private const int BatchSize = 200;

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
            foreach (var timer in timers) await ScheduleAsync(store, timer, cancel);
    }

    // Mails have a loop of their own: a mail server that does not answer holds up no deadline. The recurring jobs are registered here
    // and not before the start: on a lock that a killed process left in Hangfire's storage the service would not start at all.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(ActOnChangesAsync(stoppingToken), SendMailsAsync(stoppingToken), RegisterAsync(stoppingToken));

    private async Task ActOnChangesAsync(CancellationToken cancel)
    {
        await TryAsync(scope => RecoverAsync(scope, cancel), cancel);
        while (await changes.Reader.WaitToReadAsync(cancel))
        {
            // Every burst says something: what was said meanwhile is one round of work, not many.
            var round = new List<Change>();
            while (changes.Reader.TryRead(out var change)) round.Add(change);
            await TryAsync(scope => SetAlarmsAsync(scope, round, cancel), cancel);
            await TryAsync(scope => scope.GetRequiredService<WorkflowRuntime>().DrainAsync(cancel), cancel);
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
        foreach (var timer in round.SelectMany(c => c.Removed))
            if (timer.JobId is { } jobId) jobs.Delete(jobId);
        foreach (var timer in round.SelectMany(c => c.Added))
            if (timer.DueAt <= time.GetUtcNow() + Horizon) await ScheduleAsync(store, timer, cancel);
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

    private async Task ScheduleAsync(IWorkflowStore store, StoredTimer timer, CancellationToken cancel)
    {
        var label = timer.Label ?? timer.Id;
        var jobId = jobs.Schedule<DeadlineJobs>(job => job.WakeAsync(timer.Id, label, CancellationToken.None), new DateTimeOffset(timer.DueAt, TimeSpan.Zero));

        // The start, the sweep and the burst that made the deadline may all see it: whoever notes a job first gives it the only one.
        if (!await store.SetTimerJobAsync(timer.Id, jobId, cancel)) jobs.Delete(jobId);
    }
}
