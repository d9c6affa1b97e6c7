using System.Text.Json.Nodes;
using Alize.Engine;
using Alize.Engine.Definitions;
using Alize.Engine.Runtime;
using Microsoft.Extensions.DependencyInjection;

namespace Alize.Benchmarks;

/// <summary>(a) The engine alone, in memory: ten steps a workflow.</summary>
internal static class EngineBenchmark
{
    public static async Task<JsonObject> RunAsync(bool quick)
    {
        await using var services = new ServiceCollection().AddLogging().AddEngine().AddInMemoryWorkflowStore().BuildServiceProvider();
        var result = new JsonObject();
        foreach (var (name, json) in new[] { ("sequence", Procedures.Sequence), ("flowchart", Procedures.Flowchart) })
        {
            await services.GetRequiredService<DefinitionLoader>().LoadAsync(name, json, CancellationToken.None);
            var runtime = services.GetRequiredService<WorkflowRuntime>();
            var runs = new List<double>();
            var count = quick ? 2000 : 10000;
            for (var run = 0; run < (quick ? 3 : 6); run++)
            {
                var (seconds, _) = await Measure.TimeAsync(Enumerable.Range(0, count).ToList(), 1, _ => runtime.StartAsync(new() { DefinitionId = name }, CancellationToken.None));

                // The first run is for the compiler.
                if (run > 0) runs.Add(count / seconds);
            }

            result[name] = new JsonObject { ["workflowsPerSecond"] = Measure.Figure(runs.Median()), ["steps"] = 10 };
        }

        return result;
    }
}
