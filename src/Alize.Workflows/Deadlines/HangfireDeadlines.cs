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
/// mails go at once. It is told after a commit and works outside of it: what it misses, the sweep finds.
/// </summary>
public sealed class HangfireDeadlines(IServiceScopeFactory scopes, IBackgroundJobClient jobs, TimeProvider time, ILogger<HangfireDeadlines> log)
    : BackgroundService, IWakeups
{
    /// <summary>Deadlines later than this have a row and nothing else.</summary>
    private static readonly TimeSpan Horizon = TimeSpan.FromHours(1);

    private const int BatchSize = 200;

    private readonly Channel<Change> changes = Channel.CreateUnbounded<Change>(new() { SingleReader = true });

    private sealed record Change(IReadOnlyList<StoredTimer> Added, IReadOnlyList<StoredTimer> Removed);

    /// <inheritdoc />
    public void TimersChanged(IReadOnlyList<StoredTimer> added, IReadOnlyList<StoredTimer> removed) => changes.Writer.TryWrite(new(added, removed));

    /// <inheritdoc />
    public void StimuliWaiting() => changes.Writer.TryWrite(new([], []));

    /// <summary>Schedules what has come within the horizon and has no job yet, in small batches.</summary>
    public async Task ExtendHorizonAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IWorkflowStore>();
        var until = (time.GetUtcNow() + Horizon).UtcDateTime;
        while (await store.UnscheduledTimersAsync(until, BatchSize, cancel) is { Count: > 0 } timers)
            foreach (var timer in timers) await ScheduleAsync(store, timer, cancel);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var change in changes.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var store = scope.ServiceProvider.GetRequiredService<IWorkflowStore>();
                foreach (var timer in change.Removed)
                    if (timer.JobId is { } jobId) jobs.Delete(jobId);
                foreach (var timer in change.Added)
                    if (timer.DueAt <= time.GetUtcNow() + Horizon) await ScheduleAsync(store, timer, stoppingToken);
                await scope.ServiceProvider.GetRequiredService<WorkflowRuntime>().DrainAsync(stoppingToken);
                await scope.ServiceProvider.GetRequiredService<SendOutbox>().RunAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // Nothing is lost: rows are still there, and the recurring sweep takes them up again.
                log.LogError(failure, "Could not act on a commit at once; the sweep will");
            }
        }
    }

    private async Task ScheduleAsync(IWorkflowStore store, StoredTimer timer, CancellationToken cancel)
    {
        var label = timer.Label ?? timer.Id;
        var jobId = jobs.Schedule<DeadlineJobs>(job => job.WakeAsync(timer.Id, label, CancellationToken.None), new DateTimeOffset(timer.DueAt, TimeSpan.Zero));
        if (!await store.SetTimerJobAsync(timer.Id, jobId, cancel)) jobs.Delete(jobId);
    }
}
