using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Alize.Crash.Worker;
using Alize.Data;
using Alize.Data.Outbox;
using Alize.Engine.Storage;
using Alize.Workflows.Tests.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Alize.Crash.Tests;

/// <summary>How often, on what, and how many processes share the work.</summary>
internal sealed record CrashPlan(DatabaseProvider Provider, string ConnectionString, int Kills, int Processes, int Seed);

/// <summary>Kills the service again and again while it works, lets it finish, and counts.</summary>
internal sealed class CrashRun : IAsyncDisposable
{
    private const int LivesAtEachKill = 4;

    /// <summary>A process that is killed every other second falls behind: with so much to do it is left alone until half of it is done.</summary>
    private const int MostUnfinished = 100;

    /// <summary>Of a hundred kills, how many do not wait until the process is up.</summary>
    private const int KillsWhileStarting = 20;

    /// <summary>Longest time between "ready" and the kill.</summary>
    private const int WorkMilliseconds = 1200;

    /// <summary>How long the survivors may take to finish everything; the longest pause is the lease of a mail that a dead process had claimed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly CrashPlan plan;
    private readonly SmtpServer mailServer;
    private readonly ServiceProvider services;
    private readonly Random random;
    private readonly ConcurrentQueue<string> lines = [];
    private readonly List<WorkerProcess> workers = [];
    private readonly List<DateTime> kills = [];
    private readonly StringBuilder report = new();

    public CrashRun(CrashPlan plan, SmtpServer mailServer)
    {
        (this.plan, this.mailServer, random) = (plan, mailServer, new Random(plan.Seed));
        var settings = new Dictionary<string, string?> { ["Database:Provider"] = plan.Provider.ToString(), ["Database:ConnectionString"] = plan.ConnectionString };
        services = new ServiceCollection().AddData(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).BuildServiceProvider(validateScopes: true);
    }

    /// <returns>What was done and counted, for people.</returns>
    public async Task<string> RunAsync(CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        report.AppendLine(CultureInfo.InvariantCulture, $"{plan.Provider}, {plan.Processes} process(es), {plan.Kills} kills, seed {plan.Seed} (ALIZE_CRASH_SEED, ALIZE_CRASH_KILLS choose them)");
        var load = new Load(services, random);
        await load.PrepareAsync(cancel);
        for (var i = 0; i < plan.Processes; i++) workers.Add(Start());
        for (var kill = 0; kill < plan.Kills; kill++)
        {
            if (await UnfinishedAsync(load, cancel) >= MostUnfinished)
                Assert.True(await WithinPatienceAsync(async c => await UnfinishedAsync(load, c) <= MostUnfinished / 2, cancel), $"Left alone, it did not get half of its work done in {Patience}.");
            await load.AddAsync(LivesAtEachKill, cancel);
            await KillOneAsync(cancel);
        }

        await load.EndAsync(cancel);
        var killed = TimeProvider.System.GetElapsedTime(started);
        await FinishAsync(load, cancel);
        report.AppendLine(CultureInfo.InvariantCulture, $"killing took {killed.TotalSeconds:0} s, finishing {(TimeProvider.System.GetElapsedTime(started) - killed).TotalSeconds:0} s");
        foreach (var worker in workers) Assert.Equal(0, await worker.StopAsync(cancel));
        await CheckAsync(load, cancel);
        return report.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in workers) worker.Dispose();
        await services.DisposeAsync();
    }

    /// <summary>What the processes said, for a failure's message.</summary>
    public string Said => $"{report}\n{string.Join('\n', lines.TakeLast(40))}";

    private WorkerProcess Start() => new(
        [
            $"--Database:Provider={plan.Provider}", $"--Database:ConnectionString={plan.ConnectionString}",
            "--Mail:Host=127.0.0.1", $"--Mail:Port={mailServer.Port}", "--Mail:Security=None", "--Mail:From=alize@ombrelle.example", "--Mail:Timeout=00:00:04",
        ], lines);

    private async Task KillOneAsync(CancellationToken cancel)
    {
        var slot = random.Next(workers.Count);
        var (isStarting, wait) = (random.Next(100) < KillsWhileStarting, random.Next(WorkMilliseconds));
        if (!isStarting) await workers[slot].Ready.WaitAsync(Patience, cancel);
        await Task.Delay(TimeSpan.FromMilliseconds(wait), TimeProvider.System, cancel);
        Assert.False(workers[slot].HasEnded, "The process ended by itself.");
        await workers[slot].KillAsync(cancel);
        kills.Add(TimeProvider.System.GetUtcNow().UtcDateTime);
        workers[slot].Dispose();
        workers[slot] = Start();
    }

    private async Task FinishAsync(Load load, CancellationToken cancel)
    {
        var left = "";
        Assert.True(await WithinPatienceAsync(async c => (left = await LeftAsync(load, c)).Length == 0, cancel), $"Not finished {Patience} after the last kill: {left}");
    }

    private static async Task<bool> WithinPatienceAsync(Func<CancellationToken, Task<bool>> isSo, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(250), TimeProvider.System);
        try
        {
            while (!await isSo(limit.Token)) await pause.WaitForNextTickAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>What is still to do; empty when everything is done.</summary>
    private async Task<string> LeftAsync(Load load, CancellationToken cancel)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AlizeDb>();
        (string What, int Count)[] left =
        [
            ("instances not started", Instances(load) - await db.WorkflowInstances.CountAsync(cancel)),
            ("instances not finished", await db.WorkflowInstances.CountAsync(i => i.Status != WorkflowStatus.Finished, cancel)),
            ("stimuli", await db.Stimuli.CountAsync(cancel)),
            ("bookmarks", await db.Bookmarks.CountAsync(cancel)),
            ("timers", await db.Timers.CountAsync(cancel)),
            ("mails", await db.OutboxMails.CountAsync(m => m.State == MailState.Waiting, cancel)),
        ];
        var stimuli = await db.Stimuli.OrderBy(s => s.Id).Take(5).Select(s => $"{s.Id} not before {s.NotBefore:T}, tries {s.Attempts}, crashes {s.Crashes}, {s.LastError}").ToListAsync(cancel);
        return string.Join(", ", left.Where(l => l.Count != 0).Select(l => $"{l.Count} {l.What}").Concat(stimuli));
    }

    private async Task<int> UnfinishedAsync(Load load, CancellationToken cancel)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AlizeDb>();
        return Instances(load) - await db.WorkflowInstances.CountAsync(i => i.Status == WorkflowStatus.Finished, cancel);
    }

    // A life and its child; two procedures for each announcement.
    private static int Instances(Load load) => (2 * load.Lives.Count) + (2 * load.Announcements.Count);

    private async Task CheckAsync(Load load, CancellationToken cancel)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AlizeDb>();
        var ends = await db.WorkflowInstances.GroupBy(i => i.SubStatus).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancel);
        Assert.Equal([(WorkflowSubStatus.Finished, Instances(load))], ends.Select(e => (e.Key, e.Count)));

        var expected = load.Lives.SelectMany(l => Load.EffectsOfALife.Select(e => $"{l}/{e}"))
            .Concat(load.Announcements.SelectMany(a => Load.EffectsOfAnAnnouncement.Select(e => $"{a}/{e}")));
        var effects = await db.AuditEntries.Where(e => e.Kind == Effect.Kind).Select(e => e.Text).ToListAsync(cancel);
        Assert.Equal(expected.Order(StringComparer.Ordinal), effects.Order(StringComparer.Ordinal));

        // A line too many would be a step that ran twice, a line too few one that was lost.
        var store = scope.ServiceProvider.GetRequiredService<IWorkflowStore>();
        foreach (var id in await db.WorkflowInstances.Select(i => i.Id).ToListAsync(cancel))
        {
            var lines = await store.JournalAsync(id, 0, int.MaxValue, cancel);
            Assert.Equal(Enumerable.Range(1, lines.Count).Select(n => (long)n), lines.Select(l => l.Sequence));
        }

        report.AppendLine(CultureInfo.InvariantCulture, $"{Instances(load)} instances finished, {effects.Count} effects, each once");
        await CheckMailsAsync(load, db, cancel);
        CheckLines();
    }

    private async Task CheckMailsAsync(Load load, AlizeDb db, CancellationToken cancel)
    {
        var mails = await db.OutboxMails.Select(m => new { m.Id, m.State, m.Subject }).ToListAsync(cancel);
        Assert.Equal(load.Lives.Count * Load.MailsOfALife, mails.Count);
        Assert.Equal(mails.Count, mails.Select(m => m.Subject).Distinct().Count());
        Assert.All(mails, m => Assert.Equal(MailState.Sent, m.State));

        var taken = mailServer.Taken.ToLookup(m => m.MessageId?.Split('@')[0] ?? "", m => m.Date.UtcDateTime);
        Assert.Equal(mails.Select(m => m.Id.ToString()).Order(StringComparer.Ordinal), taken.Select(t => t.Key).Order(StringComparer.Ordinal));
        var again = taken.Where(t => t.Count() > 1).ToList();

        // The date of a mail has no fraction of a second: a kill within the same second counts.
        foreach (var times in again.Select(t => t.Order().ToList()))
            for (var i = 1; i < times.Count; i++)
                Assert.Contains(kills, k => k >= times[i - 1] && k < times[i]);
        report.AppendLine(CultureInfo.InvariantCulture,
            $"{mails.Count} mails, one Message-Id each; {again.Count} handed over again with the same Message-Id, because a kill fell between hand-over and record");
    }

    private void CheckLines()
    {
        var failures = lines.Where(l => l.StartsWith("fail:", StringComparison.Ordinal) || l.StartsWith("crit:", StringComparison.Ordinal)).ToList();
        report.AppendLine(CultureInfo.InvariantCulture, $"{failures.Count} errors logged");
        foreach (var failure in failures.Take(10)) report.AppendLine("  " + failure);
        Assert.DoesNotContain(lines, l => l.Contains("locked", StringComparison.OrdinalIgnoreCase) || l.Contains("busy", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(failures, l => l.Contains("Alize.", StringComparison.Ordinal));
    }
}
