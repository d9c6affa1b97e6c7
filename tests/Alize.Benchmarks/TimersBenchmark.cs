using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Engine.Definitions;
using Alize.Engine.Runtime;
using Alize.Engine.Storage;
using Alize.Workflows;
using Alize.Workflows.Deadlines;
using Hangfire;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Alize.Benchmarks;

/// <summary>
/// (c) 10,000 deadlines spread over one minute, fired by the service as it runs (Hangfire, its jobs, the sweep), while 100,000 others
/// wait for next year. Lateness is from the moment due to the commit of the burst it starts.
/// </summary>
internal static class TimersBenchmark
{
    public static async Task<JsonObject> RunAsync(bool quick)
    {
        var result = new JsonObject();
        foreach (var provider in new[] { DatabaseProvider.Sqlite, DatabaseProvider.PostgreSql })
        {
            await using var database = await BenchmarkDatabase.NewAsync(provider);
            result[provider.ToString()] = await RunAsync(database, quick ? 1000 : 10_000, TimeSpan.FromSeconds(quick ? 10 : 60), quick ? 10_000 : 100_000);
        }

        return result;
    }

    private static async Task<JsonObject> RunAsync(BenchmarkDatabase database, int timers, TimeSpan span, int pending)
    {
        await database.PublishAsync("deadline", Procedures.Deadline);
        await AddPendingAsync(database, pending);
        using var host = Service(database);
        var fired = host.Services.GetRequiredService<Fired>();
        await host.Services.StartDeadlinesAsync(CancellationToken.None);
        await host.StartAsync();

        // Made before the minute begins, as deadlines are.
        var runtime = host.Services.GetRequiredService<WorkflowRuntime>();
        var making = TimeSpan.FromSeconds(Math.Max(15, timers / 200));
        var first = TimeProvider.System.GetUtcNow() + making;
        var (seconds, _) = await Measure.TimeAsync(Enumerable.Range(0, timers).ToList(), 8, i => runtime.StartAsync(new()
        {
            DefinitionId = "deadline",
            Input = new Dictionary<string, object?> { ["Wait"] = (first + (span * i / timers) - TimeProvider.System.GetUtcNow()).ToString("c", CultureInfo.InvariantCulture) },
        }, CancellationToken.None));
        if (seconds > making.TotalSeconds) throw new InvalidOperationException($"Making {timers} deadlines took {seconds:F0} s, longer than until the first of them.");

        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        await Task.Delay(first - TimeProvider.System.GetUtcNow() + span);
        for (var waited = 0; fired.Late.Count < timers && waited < 60; waited++) await Task.Delay(TimeSpan.FromSeconds(1));
        processor = Process.GetCurrentProcess().TotalProcessorTime - processor;
        await host.StopAsync();

        // What Hangfire keeps for the whole process goes with this host.
        Hangfire.Logging.LogProvider.SetCurrentLogProvider(null);

        var late = fired.Late.Select(l => l.TotalMilliseconds).ToList();
        return new()
        {
            ["timers"] = timers,
            ["withinSeconds"] = span.TotalSeconds,
            ["pendingBesides"] = pending,
            ["fired"] = Targets.AtLeast(timers, late.Count),
            ["early"] = Targets.AtMost(0, late.Count(l => l < 0)),
            ["latenessMillisecondsP50"] = Measure.Figure(Measure.Percentile(late, 50)),
            ["latenessMillisecondsP99"] = Targets.AtMost(2000, Measure.Percentile(late, 99)),
            ["latenessMillisecondsMost"] = Measure.Figure(late.Max()),
            ["processorSeconds"] = Measure.Figure(processor.TotalSeconds),
        };
    }

    private static async Task AddPendingAsync(BenchmarkDatabase database, int pending)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        foreach (var some in Enumerable.Range(0, pending).Chunk(5000))
        {
            await database.WithDbAsync(async db =>
            {
                db.Timers.AddRange(some.Select(i => new StoredTimer
                {
                    Id = $"pending:{i}",
                    InstanceId = $"pending{i}",
                    ActivityInstanceId = $"pending{i}:1",
                    DueAt = now.AddDays(365).AddSeconds(i),
                }));
                return await db.SaveChangesAsync();
            });
        }
    }

    /// <summary>The service without its pages.</summary>
    private static IHost Service(BenchmarkDatabase database)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Error);
        builder.Configuration.AddConfiguration(database.Settings);
        builder.Configuration.AddInMemoryCollection([new("Mail:Directory", Path.GetTempPath())]);
        builder.Services.AddData(builder.Configuration);
        builder.Services.AddWorkflows(builder.Configuration);
        builder.Services.AddDeadlines();
        builder.Services.AddHangfire(_ => { });
        builder.Services.AddHangfireServer(DeadlineServers.Work);
        builder.Services.AddHangfireServer(DeadlineServers.Deadlines);
        builder.Services.AddSingleton<Fired>();
        builder.Services.AddSingleton<IWakeups>(services => services.GetRequiredService<Fired>());
        return builder.Build();
    }

    /// <summary>Notes what was fired, and passes it on.</summary>
    private sealed class Fired(HangfireDeadlines deadlines) : IWakeups
    {
        public ConcurrentBag<TimeSpan> Late { get; } = [];

        public void TimersChanged(IReadOnlyList<StoredTimer> added, IReadOnlyList<StoredTimer> removed)
        {
            var now = TimeProvider.System.GetUtcNow();
            foreach (var timer in removed) Late.Add(now - timer.DueAt);
            deadlines.TimersChanged(added, removed);
        }

        public void StimuliWaiting() => deadlines.StimuliWaiting();
    }
}
