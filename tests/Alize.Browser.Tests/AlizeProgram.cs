using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Alize.Browser.Tests;

/// <summary>
/// The program as a person starts it, as a process of its own with a fresh database and mail folder; ended and cleared away with
/// the test class.
/// </summary>
public class AlizeProgram : IAsyncLifetime
{
    private static readonly TimeSpan StartsWithin = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("alize-browser-");
    private readonly ConcurrentQueue<string> lines = new();
    private Process? process;

    /// <summary>What is built and made, outside of git.</summary>
    public static string Artifacts { get; } = Path.Combine(Repository(), "artifacts");

    public Uri Site { get; } = new($"http://localhost:{FreePort()}");

    /// <summary>What it printed so far.</summary>
    public string Output => string.Join(Environment.NewLine, lines);

    /// <summary>Settings of a class's own, in the form of environment variables.</summary>
    protected virtual IReadOnlyDictionary<string, string> MoreSettings => new Dictionary<string, string>();

    public virtual async ValueTask InitializeAsync()
    {
        // The last folder of an output is its configuration, the same for both.
        var program = Path.Combine(Artifacts, "bin", "Alize.Web", new DirectoryInfo(AppContext.BaseDirectory).Name, "Alize.Web.dll");
        Assert.True(File.Exists(program), $"{program} is not there: build the solution first, or run ./test.sh.");
        var start = new ProcessStartInfo("dotnet", [program])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.FullName,
        };
        Dictionary<string, string> settings = new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = Site.OriginalString,
            ["Alize__PublicUrl"] = Site.OriginalString,
            ["Database__DataDirectory"] = Path.Combine(folder.FullName, "data"),
            ["Mail__Directory"] = Path.Combine(folder.FullName, "mail"),
            ["Limits__LinkPagesPerMinute"] = "10000",   // all people of a test share one address
            ["Limits__SignInsPerMinute"] = "10000",
        };
        foreach (var (name, value) in settings.Concat(MoreSettings)) start.Environment[name] = value;
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await UntilHealthyAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (process is not null)
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        folder.Delete(recursive: true);
    }

    private async Task UntilHealthyAsync()
    {
        using var http = new HttpClient();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        var since = TimeProvider.System.GetTimestamp();
        while (await ticks.WaitForNextTickAsync(TestContext.Current.CancellationToken))
        {
            if (process is { HasExited: true } || TimeProvider.System.GetElapsedTime(since) > StartsWithin)
                throw new InvalidOperationException($"The program did not come up at {Site}. It printed:{Environment.NewLine}{Output}");
            try
            {
                using var answer = await http.GetAsync(new Uri(Site, "/health"), TestContext.Current.CancellationToken);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
        }
    }

    private void Keep(string? line)
    {
        if (line is not null) lines.Enqueue(line);
    }

    private static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Alize.Workflows.sln"))) return folder.FullName;
        throw new InvalidOperationException($"No Alize.Workflows.sln above {AppContext.BaseDirectory}: these tests run inside the repository.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
