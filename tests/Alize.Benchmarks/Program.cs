using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alize.Benchmarks;

// dotnet run -c Release --project tests/Alize.Benchmarks -- [engine|life|timers|lists|start|bank|all] [--quick]
var quick = args.Contains("--quick");
var asked = args.Where(a => !a.StartsWith('-')).DefaultIfEmpty("all").ToArray();
var known = new Dictionary<string, Func<Task<JsonObject>>>
{
    ["engine"] = () => EngineBenchmark.RunAsync(quick),
    ["life"] = () => LifeBenchmark.RunAsync(quick),
    ["timers"] = () => TimersBenchmark.RunAsync(quick),
    ["lists"] = () => ListsBenchmark.RunAsync(quick),
    ["start"] = () => StartBenchmark.RunAsync(quick),
    ["bank"] = () => BankBenchmark.RunAsync(quick),
};
if (asked.FirstOrDefault(a => a != "all" && !known.ContainsKey(a)) is { } unknown)
{
    Console.Error.WriteLine($"There is no benchmark '{unknown}'; choose among {string.Join(", ", known.Keys)} and all, with --quick for a first look.");
    return 1;
}

var report = new JsonObject { ["machine"] = Machine.Facts(), ["quick"] = quick };
foreach (var (name, run) in known.Where(k => asked.Contains("all") || asked.Contains(k.Key)))
{
    Console.Error.WriteLine($"{name}…");
    report[name] = await run();
}

var targets = Targets.In(report).ToList();
report["targets"] = new JsonObject { ["met"] = targets.Count(met => met), ["of"] = targets.Count };
Console.WriteLine(report.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
return targets.All(met => met) ? 0 : 2;
