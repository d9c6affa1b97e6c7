using System.Collections.Concurrent;
using System.Diagnostics;

namespace Alize.Crash.Tests;

/// <summary>One process of the service; what it prints is kept beyond its death.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process process;
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WorkerProcess(IEnumerable<string> settings, ConcurrentQueue<string> lines)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Alize.Crash.Worker.dll"), .. settings])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,

            // A killed process does not remove the pipes of its diagnostics.
            Environment = { ["DOTNET_EnableDiagnostics"] = "0" },
        };
        process = Process.Start(start) ?? throw new InvalidOperationException("The worker did not start.");
        process.OutputDataReceived += (_, line) => Take(line.Data, lines);
        process.ErrorDataReceived += (_, line) => Take(line.Data, lines);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Task Ready => ready.Task;

    public bool HasEnded => process.HasExited;

    /// <summary>SIGKILL: no handler runs, no buffer is written.</summary>
    public async Task KillAsync(CancellationToken cancel)
    {
        process.Kill();
        await process.WaitForExitAsync(cancel);
    }

    /// <summary>Waits until it ends by itself; the exit code.</summary>
    public async Task<int> EndAsync(CancellationToken cancel)
    {
        await process.WaitForExitAsync(cancel);
        return process.ExitCode;
    }

    /// <summary>An orderly stop; the exit code.</summary>
    public async Task<int> StopAsync(CancellationToken cancel)
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancel);
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }

    private void Take(string? line, ConcurrentQueue<string> lines)
    {
        if (line is null)
            ready.TrySetException(new InvalidOperationException($"The worker ended before it was ready.\n{string.Join('\n', lines.TakeLast(20))}"));
        else if (line == "READY")
            ready.TrySetResult();
        else
            lines.Enqueue(line);
    }
}
