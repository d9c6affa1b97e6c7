using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alize.Engine.Definitions;
using Microsoft.Extensions.Options;

namespace Alize.Engine.Expressions;

/// <summary>
/// C# expressions, run by the program Alize.CSharp in a process of its own. C# cannot be held within limits inside a process: an endless
/// recursion or a call of Exit ends it. There it ends the other one, and the expression alone fails; the next gets a new one.
/// One expression runs at a time.
/// </summary>
public sealed class CSharpExpressions(IOptions<ExpressionOptions> options) : IDisposable
{
    /// <summary>Elsa's name of the language.</summary>
    public const string Kind = "CSharp";

    private const string Program = "Alize.CSharp.dll";

    private readonly ExpressionOptions limits = options.Value;
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly HashSet<string> compiled = new(StringComparer.Ordinal);
    private Process? worker;

    /// <summary>Why a text does not compile; null when it does.</summary>
    internal Sentence? Problem(string text)
    {
        try
        {
            // The check of definitions is no place where threads wait for each other: it may wait for its answer.
            return Task.Run(() => TalkAsync("check", text, null, CancellationToken.None)).GetAwaiter().GetResult().Problem;
        }
        catch (ExpressionException failure)
        {
            return new("csharp-worker", failure.Problem);
        }
    }

    /// <summary>Runs a text.</summary>
    /// <exception cref="ExpressionException">It does not compile, fails, or reaches a limit.</exception>
    internal async Task<object?> RunAsync(string text, ExpressionScope scope, CancellationToken cancel)
    {
        var (problem, value) = await TalkAsync("run", text, scope, cancel);
        return problem is null ? value : throw new ExpressionException(Kind, problem.English);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        End();
        turn.Dispose();
    }

    private async Task<(Sentence? Problem, object? Value)> TalkAsync(string what, string text, ExpressionScope? scope, CancellationToken cancel)
    {
        if (text.Length > limits.SourceLength) return (new("source-too-long", text.Length, limits.SourceLength), null);
        await turn.WaitAsync(cancel);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var isCompiling = true;
        try
        {
            // What was compiled stays loaded for good: the process makes room by being replaced.
            if (compiled.Count >= limits.Cached && !compiled.Contains(text)) End();
            var process = Started();
            limit.CancelAfter(limits.CSharpCompileTime);
            await SayAsync(process, new() { [what] = text }, limit.Token);
            while (true)
            {
                var line = await process.StandardOutput.ReadLineAsync(limit.Token) ?? throw new IOException("The process has ended.");
                var answer = JsonNode.Parse(line)!.AsObject();
                if (answer["problem"] is { } problem)
                    return (new("no-csharp", ((string)problem["message"]!).TrimEnd('.'), (int)problem["line"]!, (int)problem["column"]!, ExpressionException.Shown(text)), null);
                if (answer["failed"] is { } failed)
                    throw (string)failed! == "memory" ? Reached("uses too much memory", nameof(limits.CSharpMemory), limits.CSharpMemory) : Failed($"failed: {((string)failed!).TrimEnd('.')}. Correct the expression, or the value it met.");
                if (answer.ContainsKey("result")) return (null, ValueConversion.Plain(answer["result"]));
                if (answer.ContainsKey("compiled"))
                {
                    compiled.Add(text);
                    if (scope is null) return (null, null);
                    isCompiling = false;
                    limit.CancelAfter(limits.Time);
                }
                else
                {
                    await SayAsync(process, new() { ["value"] = Answer(answer, scope!) }, limit.Token);
                }
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            End();
            throw isCompiling
                ? Reached("takes too long to compile", nameof(limits.CSharpCompileTime), limits.CSharpCompileTime)
                : Reached("takes too long", nameof(limits.Time), limits.Time);
        }
        catch (Exception e) when (e is IOException or JsonException or InvalidOperationException)
        {
            End();
            throw Ended(e);
        }
        catch (Exception e) when (e is not ExpressionException)
        {
            End();
            throw;
        }
        finally
        {
            turn.Release();
        }
    }

    private static JsonNode? Answer(JsonObject asked, ExpressionScope scope)
    {
        var name = (string?)asked["name"] ?? "";
        object? value = null;
        switch ((string?)asked["ask"])
        {
            case "variable":
                scope.TryGetVariable(name, out value);
                break;
            case "setVariable":
                scope.SetVariable(name, ValueConversion.Plain(asked["value"]?.DeepClone()));
                break;
            case "input":
                value = scope.Input.FirstOrDefault(i => i.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
                break;
            case "output":
                value = scope.OutputOf((string?)asked["of"] ?? "", (string?)asked["name"]);
                break;
            case "lastResult":
                value = scope.LastResult;
                break;
            case "instanceId":
                value = scope.InstanceId;
                break;
            case "correlationId":
                value = scope.CorrelationId;
                break;
            case "setCorrelationId":
                scope.CorrelationId = (string?)asked["value"];
                break;
            case "instanceName":
                value = scope.InstanceName;
                break;
            case "setInstanceName":
                scope.InstanceName = (string?)asked["value"];
                break;
        }

        return ValueConversion.ToJson(value);
    }

    private static async Task SayAsync(Process process, JsonObject line, CancellationToken cancel)
    {
        await process.StandardInput.WriteLineAsync(line.ToJsonString().AsMemory(), cancel);
        await process.StandardInput.FlushAsync(cancel);
    }

    private Process Started()
    {
        if (worker is { HasExited: false }) return worker;
        End();
        var program = Path.Combine(AppContext.BaseDirectory, Program);
        if (!File.Exists(program)) throw Failed($"{Program} is not beside the service. Install it there, or write JavaScript.");
        var start = new ProcessStartInfo(DotnetPath())
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
            WorkingDirectory = Path.GetTempPath(),
            ArgumentList = { program },
        };

        // The settings of the service, its passwords among them, are no business of an expression.
        start.Environment.Clear();
        start.Environment["DOTNET_GCHeapHardLimit"] = limits.CSharpMemory.ToString("X", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        worker = Process.Start(start)!;
        worker.ErrorDataReceived += (_, _) => { };
        worker.BeginErrorReadLine();
        return worker;
    }

    private void End()
    {
        compiled.Clear();
        if (worker is null) return;
        try
        {
            worker.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It is gone already.
        }

        worker.Dispose();
        worker = null;
    }

    private static string DotnetPath()
    {
        var beside = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        return File.Exists(beside) ? beside : "dotnet";
    }

    private ExpressionException Ended(Exception cause) => new(
        Kind,
        $"ended the process that ran it: it calls itself too deeply, uses too much memory (limit {limits.CSharpMemory >> 20} MB, {nameof(ExpressionOptions)}.{nameof(limits.CSharpMemory)}) or exits. Correct the expression.",
        cause);

    private static ExpressionException Reached(string what, string option, object value) =>
        Failed($"{what} (limit {ValueConversion.Text(value)}, {nameof(ExpressionOptions)}.{option}). Look for a loop that does not end, or move the work into an activity.");

    private static ExpressionException Failed(string problem) => new(Kind, problem);
}
