using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Engine.Storage;
using Microsoft.EntityFrameworkCore;

namespace Alize.Benchmarks;

/// <summary>
/// (b) A durable life, "event → set variable → event → finish", beside the raw commits of the same database in the same run: two
/// resumes a life, each one read, one transaction.
/// </summary>
internal static class LifeBenchmark
{
    private static readonly int[] Ways = [1, 4, 16];

    public static async Task<JsonObject> RunAsync(bool quick)
    {
        var result = new JsonObject();
        foreach (var provider in new[] { DatabaseProvider.Sqlite, DatabaseProvider.PostgreSql })
        {
            await using var database = await BenchmarkDatabase.NewAsync(provider);
            result[provider.ToString()] = await RunAsync(database, quick);
        }

        return result;
    }

    private static async Task<JsonObject> RunAsync(BenchmarkDatabase database, bool quick)
    {
        await database.PublishAsync("life", Procedures.Life);
        await using var one = await RawCommits.NewAsync(database, 1);
        await using var sixteen = await RawCommits.NewAsync(database, 16);
        var (lives, runs) = quick ? (400, 3) : (1500, 7);

        // For the compilers: ours, the database's, and what they prepare.
        foreach (var ways in Ways) await LivesAsync(database, lives / 2, ways);
        await one.RateAsync(lives);
        await sixteen.RateAsync(lives);

        var raws = new List<(double One, double Sixteen)>();
        var measured = Ways.ToDictionary(w => w, _ => new List<Lives>());
        var (before, finished) = (0L, 0);
        var grown = 0L;
        for (var run = 0; run < runs; run++)
        {
            raws.Add((await one.RateAsync(2 * lives), await sixteen.RateAsync(2 * lives)));
            before = await database.BytesAsync();
            foreach (var ways in Ways) measured[ways].Add(await LivesAsync(database, lives, ways));
            grown += await database.BytesAsync() - before;
            finished += Ways.Length * lives;
        }

        var result = new JsonObject
        {
            ["runs"] = runs,
            ["rawCommitsPerSecond"] = Measure.Figure(raws.Select(r => r.One).Median()),
            ["rawCommitsPerSecondWith16Connections"] = Measure.Figure(raws.Select(r => r.Sixteen).Median()),
        };
        foreach (var (ways, some) in measured)
        {
            result[ways == 1 ? "sequential" : $"{ways}Ways"] = new JsonObject
            {
                ["livesPerSecond"] = Measure.Figure(some.Select(l => l.PerSecond).Median()),
                ["resumesPerSecond"] = Measure.Figure(some.Select(l => l.ResumesPerSecond).Median()),
                ["resumeMillisecondsP50"] = Measure.Figure(some.Select(l => Measure.Percentile(l.Milliseconds, 50)).Median()),
                ["resumeMillisecondsP99"] = Measure.Figure(some.Select(l => Measure.Percentile(l.Milliseconds, 99)).Median()),
            };
        }

        // Ratios within each run, so that what slows the whole machine slows both sides.
        result["sequentialAgainstRaw"] = Targets.AtLeast(0.5, measured[1].Zip(raws, (l, r) => l.ResumesPerSecond / r.One).Median());
        result["16WaysAgainstRawWith16Connections"] = Targets.AtLeast(0.5, measured[16].Zip(raws, (l, r) => l.ResumesPerSecond / r.Sixteen).Median());
        result["16WaysAgainstSequential"] = Targets.AtLeast(1, measured[16].Zip(measured[1], (p, s) => p.ResumesPerSecond / s.ResumesPerSecond).Median());
        result["bytesPerFinishedInstance"] = Targets.AtMost(4096, (double)grown / finished);
        return result;
    }

    private static async Task<Lives> LivesAsync(BenchmarkDatabase database, int count, int ways)
    {
        var ids = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7().ToString("N")).ToList();
        var (started, _) = await Measure.TimeAsync(ids, ways, id => database.Runtime.StartAsync(new() { DefinitionId = "life", InstanceId = id }, CancellationToken.None));
        var (asked, first) = await ResumeAsync(database, ways);
        var (confirmed, second) = await ResumeAsync(database, ways);
        var unfinished = await database.WithDbAsync(db => db.WorkflowInstances.CountAsync(i => i.Status != WorkflowStatus.Finished));
        if (unfinished > 0) throw new InvalidOperationException($"{unfinished} of {count} lives have not finished: what was measured is not what was meant.");
        return new(count / (started + asked + confirmed), 2 * count / (asked + confirmed), [.. first, .. second]);
    }

    private static async Task<(double Seconds, double[] Milliseconds)> ResumeAsync(BenchmarkDatabase database, int ways)
    {
        var bookmarks = await database.WithDbAsync(db => db.Bookmarks.OrderBy(b => b.Id).Select(b => b.Id).ToListAsync());
        return await Measure.TimeAsync(bookmarks, ways, async id =>
        {
            if (await database.Runtime.ResumeAsync(id, null, CancellationToken.None) is null) throw new InvalidOperationException($"Bookmark '{id}' was gone.");
        });
    }

    private sealed record Lives(double PerSecond, double ResumesPerSecond, double[] Milliseconds);
}
