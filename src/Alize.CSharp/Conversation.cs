using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace Alize.CSharp;

/// <summary>
/// One JSON object a line. The service says <c>check</c> or <c>run</c> with the text; this process answers <c>compiled</c> or
/// <c>problem</c>, then, for a run, asks for what the script reads and ends with <c>result</c> or <c>failed</c>.
/// </summary>
internal sealed class Conversation(Lines lines, TextWriter output)
{
    private static readonly ScriptOptions Options = ScriptOptions.Default
        .WithOptimizationLevel(OptimizationLevel.Release)
        .WithReferences(
            typeof(Globals).Assembly, typeof(object).Assembly, typeof(Enumerable).Assembly, typeof(JsonNode).Assembly, typeof(IDictionary<,>).Assembly,
            typeof(System.Dynamic.DynamicObject).Assembly, typeof(Microsoft.CSharp.RuntimeBinder.Binder).Assembly, typeof(System.Text.RegularExpressions.Regex).Assembly)
        .WithImports("System", "System.Collections.Generic", "System.Dynamic", "System.Globalization", "System.Linq", "System.Text.Json", "System.Text.Json.Nodes");

    private readonly Dictionary<string, (ScriptRunner<object>? Run, JsonObject? Problem)> compiled = new(StringComparer.Ordinal);

    public async Task RunAsync()
    {
        while (true)
        {
            var asked = JsonNode.Parse(lines.Next())!.AsObject();
            var (run, problem) = Compile((string)(asked["run"] ?? asked["check"])!);
            Say(problem is null ? new() { ["compiled"] = true } : new() { ["problem"] = problem.DeepClone() });
            if (problem is null && asked["run"] is not null) Say(await ResultAsync(run!));
        }
    }

    /// <summary>Asks the service for a value.</summary>
    public JsonNode? Ask(string what, string? name = null, string? of = null, JsonNode? value = null)
    {
        lock (compiled)
        {
            Say(new() { ["ask"] = what, ["name"] = name, ["of"] = of, ["value"] = value });
            return JsonNode.Parse(lines.Next())!["value"];
        }
    }

    private (ScriptRunner<object>? Run, JsonObject? Problem) Compile(string text)
    {
        if (compiled.TryGetValue(text, out var known)) return known;
        try
        {
            known = (CSharpScript.Create<object>(text, Options, typeof(Globals)).CreateDelegate(), null);
        }
        catch (CompilationErrorException e)
        {
            var first = e.Diagnostics.First(d => d.Severity == DiagnosticSeverity.Error);
            var place = first.Location.GetLineSpan().StartLinePosition;
            known = (null, new() { ["message"] = first.GetMessage(System.Globalization.CultureInfo.InvariantCulture), ["line"] = place.Line + 1, ["column"] = place.Character + 1 });
        }

        return compiled[text] = known;
    }

    private async Task<JsonObject> ResultAsync(ScriptRunner<object> run)
    {
        try
        {
            var result = await run(new Globals(this));
            return new() { ["result"] = Values.ToJson(result) };
        }
#pragma warning disable CA1031 // Whatever a script throws is its own failure.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new() { ["failed"] = e is OutOfMemoryException ? "memory" : e.Message };
        }
    }

    private void Say(JsonObject line) => output.WriteLine(line.ToJsonString());
}

/// <summary>Values on their way between the service and a script.</summary>
internal static class Values
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static JsonNode? ToJson(object? value) => value is null ? null : JsonSerializer.SerializeToNode(value, value.GetType(), Json);

    public static T? To<T>(JsonNode? value) => value is null ? default : JsonSerializer.Deserialize<T>(value, Json);

    /// <summary>Scalars as C# knows them, structures as <see cref="JsonNode"/>.</summary>
    public static object? Plain(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => null,
        JsonValueKind.String => (string?)value,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => Number(value.AsValue()),
        _ => value as object,
    };

    private static object Number(JsonValue value)
    {
        if (value.TryGetValue<long>(out var whole)) return whole;
        return value.TryGetValue<decimal>(out var exact) ? exact : (double)value;
    }
}
