using Alize.Data.Workflow;
using Alize.Engine.Storage;
using Alize.Workflows.Accounts;
using Alize.Workflows.Http;
using Alize.Workflows.Mail;
using Alize.Workflows.Programmes;
using Alize.Workflows.Repayment;
using Hangfire;
using Microsoft.Extensions.DependencyInjection;

namespace Alize.Workflows.Deadlines;

/// <summary>
/// What Hangfire runs. A job only wakes: the timers' rows decide whether there is anything to do, so a job that runs twice, or after
/// its timers were cancelled, does nothing. For the same reason nothing here takes a lock in Hangfire's storage: the lock of a process
/// that was killed would keep every other one from sweeping until it runs out.
/// </summary>
public sealed class DeadlineJobs(WorkflowRuntime runtime, IServiceScopeFactory scopes, ReadInbox inbox, TimeProvider time)
{
    // While deadlines are watched, one made meanwhile is seen within this; two that follow each other closer are fired together.
    private static readonly TimeSpan LongestLook = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ShortestLook = TimeSpan.FromMilliseconds(20);

    private readonly Lock gate = new();
    private DateTime watchedUntil;
    private bool isWatching;
    private bool isAskedFor;
    private readonly OneAtATime sweep = new();
    private readonly OneAtATime read = new();
    private readonly OneAtATime send = new();
    private readonly OneAtATime delete = new();
    private readonly OneAtATime call = new();

    /// <summary>
    /// Fires deadlines as they fall due, until a moment (UTC). One job watches at a time: it takes over what the others were to watch.
    /// Whoever asks is followed by at least one look. The label is what the dashboard shows.
    /// </summary>
    [Queue(DeadlineServers.Queue)]
    [JobDisplayName("{1}")]
    [AutomaticRetry(Attempts = 0)]
    public async Task WatchAsync(DateTime until, string label, CancellationToken cancel)
    {
        _ = label;
        lock (gate)
        {
            if (until > watchedUntil) watchedUntil = until;
            isAskedFor = true;
            if (isWatching) return;
            isWatching = true;
        }

        try
        {
            DateTime begun;
            do
            {
                begun = BeginLook();
                await runtime.FireDueAsync(cancel);
            }
            while (await NextLookAsync(begun, cancel));
        }
        catch
        {
            lock (gate) isWatching = false;
            throw;
        }
    }

    /// <summary>Fires what is overdue and extends the horizon of scheduled jobs: whatever a crash or a restart lost is caught here.</summary>
    [Queue(DeadlineServers.Queue)]
    [JobDisplayName("Rattrapage des échéances")]
    [AutomaticRetry(Attempts = 0)]
    public async Task SweepAsync(CancellationToken cancel)
    {
        var isSwept = await sweep.RunAsync(async () =>
        {
            await runtime.SweepUnsuspectedAsync(cancel);
            await WithAsync<HangfireDeadlines>(deadlines => deadlines.ExtendHorizonAsync(cancel));
        });

        // After the sweep and not within it: what may have ended a process may also take minutes, and the next sweeps do not wait for it.
        if (isSwept) await runtime.RunSuspectsAsync(cancel);
    }

    /// <summary>Writes the seal of each programme's journal into its trail.</summary>
    [JobDisplayName("Scellé du journal comptable")]
    [AutomaticRetry(Attempts = 0)]
    public Task SealJournalsAsync(CancellationToken cancel) => WithAsync<Books>(books => books.SealAsync(cancel));

    /// <summary>Books the instalments that fell due.</summary>
    [JobDisplayName("Échéances échues")]
    [AutomaticRetry(Attempts = 0)]
    public Task BookDueAsync(CancellationToken cancel) => WithAsync<Repayments>(repayments => repayments.BookDueAsync(cancel));

    /// <summary>Starts the procedures of years that have begun, and of the end of new programmes.</summary>
    [JobDisplayName("Années et termes des dispositifs")]
    [AutomaticRetry(Attempts = 0)]
    public async Task OpenCyclesAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ProgrammeCycles>().OpenAllAsync(cancel);
    }

    /// <summary>Deletes ended workflows that are old enough.</summary>
    [JobDisplayName("Effacement des procédures anciennes")]
    [AutomaticRetry(Attempts = 0)]
    public Task DeleteOldAsync(CancellationToken cancel) => delete.RunAsync(() => WithAsync<InstanceRetention>(retention => retention.RunAsync(cancel)));

    /// <summary>Hands waiting mails over.</summary>
    [JobDisplayName("Envoi des courriels")]
    [AutomaticRetry(Attempts = 0)]
    public Task SendOutboxAsync(CancellationToken cancel) => send.RunAsync(() => WithAsync<SendOutbox>(outbox => outbox.RunAsync(cancel)));

    /// <summary>Reads answers to invitations and reports of undelivered mail.</summary>
    [JobDisplayName("Lecture des réponses reçues")]
    [AutomaticRetry(Attempts = 0)]
    public Task ReadInboxAsync(CancellationToken cancel) => read.RunAsync(() => inbox.RunAsync(cancel));

    /// <summary>Sends delegates whose period begins what the absent were asked before.</summary>
    [JobDisplayName("Suppléances du jour")]
    [AutomaticRetry(Attempts = 0)]
    public Task HandOverAbsencesAsync(CancellationToken cancel) => WithAsync<Absences>(absences => absences.HandOverAsync(cancel));

    /// <summary>Sends waiting requests to other servers.</summary>
    [JobDisplayName("Envoi des requêtes HTTP")]
    [AutomaticRetry(Attempts = 0)]
    public Task SendRequestsAsync(CancellationToken cancel) => call.RunAsync(() => WithAsync<SendRequests>(async requests =>
    {
        if (await requests.RunAsync(cancel) > 0) await runtime.DrainAsync(cancel);
    }));

    private async Task WithAsync<T>(Func<T, Task> work) where T : notnull
    {
        await using var scope = scopes.CreateAsyncScope();
        await work(scope.ServiceProvider.GetRequiredService<T>());
    }

    private DateTime BeginLook()
    {
        lock (gate)
        {
            isAskedFor = false;
            return time.GetUtcNow().UtcDateTime;
        }
    }

    /// <summary>
    /// Waits for the next deadline; false when there is no more to watch. A look finds what was due and committed when it began: one that
    /// began before the end, or before somebody asked, is not the last.
    /// </summary>
    private async Task<bool> NextLookAsync(DateTime begun, CancellationToken cancel)
    {
        DateTime? next;
        await using (var scope = scopes.CreateAsyncScope())
            next = await scope.ServiceProvider.GetRequiredService<IWorkflowStore>().NextTimerDueAsync(cancel);
        TimeSpan pause;
        lock (gate)
        {
            if (begun >= watchedUntil && !isAskedFor) return isWatching = false;

            // One that has passed already could not be fired: it is not waited for.
            var now = time.GetUtcNow().UtcDateTime;
            pause = (next > now && next < watchedUntil ? next.Value : watchedUntil) - now;
        }

        await Task.Delay(pause < ShortestLook ? ShortestLook : pause > LongestLook ? LongestLook : pause, time, cancel);
        return true;
    }
}

/// <summary>A round that is under way does the work of the one that would begin meanwhile.</summary>
internal sealed class OneAtATime
{
    private int isTaken;

    /// <returns>False when another round is under way.</returns>
    public async Task<bool> RunAsync(Func<Task> work)
    {
        if (Interlocked.Exchange(ref isTaken, 1) == 1) return false;
        try
        {
            await work();
            return true;
        }
        finally
        {
            Volatile.Write(ref isTaken, 0);
        }
    }
}

/// <summary>Everything that runs by itself again and again, in one table. Times are six-field cron expressions, UTC.</summary>
public static class RecurringJobs
{
    public static void Register(IRecurringJobManager jobs)
    {
        jobs.AddOrUpdate<DeadlineJobs>("sweep", job => job.SweepAsync(CancellationToken.None), "*/15 * * * * *");
        jobs.AddOrUpdate<DeadlineJobs>("installments-due", job => job.BookDueAsync(CancellationToken.None), "0 0 2 * * *");
        jobs.AddOrUpdate<DeadlineJobs>("cycles", job => job.OpenCyclesAsync(CancellationToken.None), "0 5 4 * * *");
        jobs.AddOrUpdate<DeadlineJobs>("journal-seal", job => job.SealJournalsAsync(CancellationToken.None), "0 30 2 * * *");
        jobs.AddOrUpdate<DeadlineJobs>("outbox", job => job.SendOutboxAsync(CancellationToken.None), "*/10 * * * * *");
        jobs.AddOrUpdate<DeadlineJobs>("inbox", job => job.ReadInboxAsync(CancellationToken.None), "20 * * * * *");
        jobs.AddOrUpdate<DeadlineJobs>("absences", job => job.HandOverAbsencesAsync(CancellationToken.None), "0 10 6-16 * * *");
        jobs.AddOrUpdate<DeadlineJobs>("retention", job => job.DeleteOldAsync(CancellationToken.None), "0 30 1 * * *");
        jobs.AddOrUpdate<DeadlineJobs>("requests", job => job.SendRequestsAsync(CancellationToken.None), "*/5 * * * * *");
    }
}
