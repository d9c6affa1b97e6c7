using Hangfire;

namespace Alize.Workflows.Deadlines;

/// <summary>
/// The two Hangfire servers of a process; it needs both. Once it runs, nothing but their jobs fires deadlines, and jobs that call other
/// people's servers may take minutes: deadlines have a queue and workers of their own, and wait for none of those.
/// </summary>
public static class DeadlineServers
{
    /// <summary>
    /// Queue of what fires deadlines. The attribute of that name on a job's method decides each time it is enqueued: at once, from the
    /// schedule or by its recurrence.
    /// </summary>
    public const string Queue = "deadlines";

    /// <summary>One watches, one sweeps, and one may be at a step that ended a process before: any other such job returns at once.</summary>
    private const int DeadlineWorkers = 3;

    /// <summary>
    /// Settings of the server that runs all other jobs, and those for deadlines that an older version left in its queue. It also moves
    /// what was scheduled or recurs into its queue, which takes none of its workers.
    /// </summary>
    public static void Work(BackgroundJobServerOptions server)
    {
        server.SchedulePollingInterval = TimeSpan.FromSeconds(1);
        server.WorkerCount = Math.Max(4, Environment.ProcessorCount * 2);
    }

    /// <summary>Settings of the server that fires deadlines and does nothing else.</summary>
    public static void Deadlines(BackgroundJobServerOptions server)
    {
        server.Queues = [Queue];
        server.WorkerCount = DeadlineWorkers;

        // No second thread for schedules, recurrences and the storage's upkeep: the other server has them.
        server.IsLightweightServer = true;
    }
}
