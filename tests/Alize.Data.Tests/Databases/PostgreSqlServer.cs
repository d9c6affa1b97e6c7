using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Alize.Data.Tests.Databases;

/// <summary>
/// A throw-away PostgreSQL: the server named by ALIZE_TEST_POSTGRESQL (a connection string whose account may create databases),
/// or a cluster of our own in a temporary directory. It starts when the first test asks for it.
/// </summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private string? connectionString;
    private string? directory;
    private string binaries = "";

    /// <summary>Whether a cluster of our own syncs: only a measurement needs it.</summary>
    public bool IsDurable { get; init; }

    public async Task<string> ConnectionStringAsync(string database, CancellationToken cancel)
    {
        await gate.WaitAsync(cancel);
        try
        {
            connectionString ??= Environment.GetEnvironmentVariable("ALIZE_TEST_POSTGRESQL") is { Length: > 0 } given
                ? given
                : await StartAsync(cancel);
        }
        finally
        {
            gate.Release();
        }

        return new NpgsqlConnectionStringBuilder(connectionString) { Database = database }.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        gate.Dispose();
        if (directory is null) return;
        await RunAsync("pg_ctl", $"-D {directory} -m immediate -w stop", CancellationToken.None);
        Directory.Delete(directory, recursive: true);
    }

    private async Task<string> StartAsync(CancellationToken cancel)
    {
        binaries = Newest() ?? throw new InvalidOperationException(
            "There is no PostgreSQL to test against: run ./test.sh, which installs it, or set ALIZE_TEST_POSTGRESQL to the connection string of a server.");
        directory = Directory.CreateTempSubdirectory("alize-postgresql-").FullName;

        // PostgreSQL refuses to run as root.
        if (Environment.IsPrivilegedProcess) await RunAsync(new ProcessStartInfo("chown", ["postgres", directory]), cancel);
        var port = FreePort();
        await RunAsync("initdb", $"-D {directory} -A trust -U postgres --no-locale -E UTF8 --no-sync", cancel);
        await RunAsync("pg_ctl",
            $"-D {directory} -w -l {directory}/log -o '-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={directory}{(IsDurable ? "" : " -c fsync=off")}' start", cancel);
        return $"Host=127.0.0.1;Port={port};Username=postgres";
    }

    private static string? Newest()
    {
        const string installed = "/usr/lib/postgresql";
        if (!Directory.Exists(installed)) return null;
        return Directory.EnumerateDirectories(installed)
            .Select(version => Path.Combine(version, "bin"))
            .Where(bin => File.Exists(Path.Combine(bin, "initdb")))
            .MaxBy(bin => int.TryParse(Path.GetFileName(Path.GetDirectoryName(bin)), out var number) ? number : 0);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task RunAsync(string tool, string arguments, CancellationToken cancel)
    {
        // The output goes to nowhere in the shell: the server would inherit a pipe of ours and keep it open.
        var command = $"{Path.Combine(binaries, tool)} {arguments} >/dev/null 2>&1";
        await RunAsync(Environment.IsPrivilegedProcess
            ? new ProcessStartInfo("runuser", ["-u", "postgres", "--", "sh", "-c", command])
            : new ProcessStartInfo("sh", ["-c", command]), cancel);
    }

    private static async Task RunAsync(ProcessStartInfo start, CancellationToken cancel)
    {
        start.WorkingDirectory = "/";
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"'{start.FileName}' did not start.");
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"'{start.FileName} {string.Join(' ', start.ArgumentList)}' ended with {process.ExitCode}.");
    }
}
