using System.Text.Json.Nodes;

namespace Alize.Benchmarks;

internal static class TimersBenchmark
{
    public static Task<JsonObject> RunAsync(bool quick) => Task.FromResult(new JsonObject());
}
