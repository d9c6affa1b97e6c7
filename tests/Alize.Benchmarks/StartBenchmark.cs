using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Engine.Storage;
using Microsoft.Data.Sqlite;

namespace Alize.Benchmarks;

/// <summary>(e) The published program on a database with 100,000 suspended instances: how soon it answers, and its memory when idle.</summary>
internal static class StartBenchmark
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    public static async Task<JsonObject> RunAsync(bool quick)
    {
        var folder = Directory.CreateTempSubdirectory("alize-start-").FullName;
        try
        {
            await PublishAsync(Path.Combine(folder, "program"));
            await using var database = await BenchmarkDatabase.NewAsync(DatabaseProvider.Sqlite);
            var instances = quick ? 10_000 : 100_000;
            await database.PublishAsync("life", Procedures.Life);
            await SuspendAsync(database, instances);

            // The first start of a program loads what the next ones find in memory, and puts its own definitions into the database.
            await StartAsync(folder, database, TimeSpan.Zero);
            var runs = new List<(double Seconds, double Megabytes)>();
            for (var run = 0; run < (quick ? 3 : 5); run++) runs.Add(await StartAsync(folder, database, run == 0 ? Idle : TimeSpan.FromSeconds(5)));
            return new()
            {
                ["suspendedInstances"] = instances,
                ["runs"] = runs.Count,
                ["readySeconds"] = Targets.AtMost(3, runs.Select(r => r.Seconds).Median()),
                ["idleMegabytes"] = Targets.AtMost(200, runs.Select(r => r.Megabytes).Max()),
            };
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task PublishAsync(string target)
    {
        using var publish = Process.Start(new ProcessStartInfo("dotnet",
            ["publish", Path.Combine(Repository(), "src", "Alize.Web"), "-c", "Release", "--use-current-runtime", "--self-contained", "false", "-o", target, "--nologo", "-v", "quiet"])
        { RedirectStandardOutput = true })!;
        var said = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        if (publish.ExitCode != 0) throw new InvalidOperationException($"The program could not be published:\n{said}");
    }

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Alize.Workflows.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The benchmark is run from outside the repository, so there is no program to publish.");
        return folder;
    }

    private static async Task SuspendAsync(BenchmarkDatabase database, int count)
    {
        var ids = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7().ToString("N")).ToList();
        await Measure.TimeAsync(ids, 16, id => database.Runtime.StartAsync(new() { DefinitionId = "life", InstanceId = id }, CancellationToken.None));
        var suspended = await database.WithDbAsync(db => Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.CountAsync(db.WorkflowInstances, i => i.SubStatus == WorkflowSubStatus.Suspended));
        if (suspended != count) throw new InvalidOperationException($"{suspended} instances are suspended instead of {count}.");
    }

    private static async Task<(double Seconds, double Megabytes)> StartAsync(string folder, BenchmarkDatabase database, TimeSpan idle)
    {
        var address = $"http://127.0.0.1:{FreePort()}";
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, "program", "Alize.Web.dll")]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new[]
                 {
                     ("ASPNETCORE_ENVIRONMENT", "Production"), ("ASPNETCORE_URLS", address), ("Database__Provider", "Sqlite"),
                     ("Database__ConnectionString", database.ConnectionString), ("Mail__Directory", Path.Combine(folder, "mail")), ("Alize__PublicUrl", address),
                 })
            start.Environment[name] = value;

        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEndAsync();
        var complained = process.StandardError.ReadToEndAsync();
        try
        {
            using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
            while (!await AnswersAsync(client, address))
            {
                if (process.HasExited) throw new InvalidOperationException($"The program ended before it was ready:\n{await said}\n{await complained}");
                await Task.Delay(TimeSpan.FromMilliseconds(20));
            }

            var seconds = clock.Elapsed.TotalSeconds;
            await Task.Delay(idle);
            return (seconds, Resident(process.Id));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient client, string address)
    {
        try
        {
            return (await client.GetAsync(new Uri(address + "/health"))).StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static double Resident(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
