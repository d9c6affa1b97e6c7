using System.Text.Json.Nodes;

namespace Alize.Benchmarks;

internal static class ListsBenchmark
{
    public static Task<JsonObject> RunAsync(bool quick) => Task.FromResult(new JsonObject());
}
