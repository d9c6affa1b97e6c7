using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Alize.Benchmarks;

/// <summary>Medians, percentiles and clocks.</summary>
internal static class Measure
{
    /// <summary>The middle of several runs: one that a neighbour disturbed does not count.</summary>
    public static double Median(this IEnumerable<double> values) => Percentile([.. values], 50);

    public static double Percentile(IReadOnlyCollection<double> values, double percent)
    {
        if (values.Count == 0) return double.NaN;
        var sorted = values.Order().ToArray();
        return sorted[(int)Math.Ceiling(percent / 100 * sorted.Length) - 1];
    }

    /// <summary>Work shared by several workers; returns how long it took and the milliseconds of each piece.</summary>
    public static async Task<(double Seconds, double[] Milliseconds)> TimeAsync<TItem>(IReadOnlyList<TItem> items, int workers, Func<TItem, Task> work)
    {
        var each = new double[items.Count];
        var next = -1;
        var whole = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(async () =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < items.Count;)
            {
                var started = Stopwatch.GetTimestamp();
                await work(items[i]);
                each[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }
        })));
        return (whole.Elapsed.TotalSeconds, each);
    }

    /// <summary>A figure rounded to what can be read.</summary>
    public static JsonNode Figure(double value) =>
        double.IsFinite(value) ? JsonValue.Create(double.Parse(value.ToString(value >= 100 ? "F0" : "G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)) : JsonValue.Create("none");
}

/// <summary>What was promised, beside what was measured.</summary>
internal static class Targets
{
    public static JsonObject AtLeast(double wanted, double measured) => Target(">=", wanted, measured, measured >= wanted);

    public static JsonObject AtMost(double wanted, double measured) => Target("<=", wanted, measured, measured <= wanted);

    /// <summary>Every promise in a report: met or not.</summary>
    public static IEnumerable<bool> In(JsonNode? report) => report switch
    {
        JsonObject one when one["met"] is JsonValue met && met.TryGetValue<bool>(out var isMet) => [isMet],
        JsonObject some => some.SelectMany(p => In(p.Value)),
        JsonArray list => list.SelectMany(In),
        _ => [],
    };

    private static JsonObject Target(string sign, double wanted, double measured, bool met) => new()
    {
        ["measured"] = Measure.Figure(measured),
        ["wanted"] = $"{sign} {wanted.ToString(CultureInfo.InvariantCulture)}",
        ["met"] = met,
    };
}

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    public static JsonObject Facts() => new()
    {
        ["processor"] = Line("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        ["cores"] = Environment.ProcessorCount,
        ["memoryMegabytes"] = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1024 / 1024,
        ["system"] = RuntimeInformation.OSDescription,
        ["runtime"] = RuntimeInformation.FrameworkDescription,

        // Of one minute before: above the number of cores, somebody else was at work and only ratios mean something.
        ["loadBefore"] = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : null,
        ["at"] = TimeProvider.System.GetUtcNow().ToString("u", CultureInfo.InvariantCulture),
    };

    private static string? Line(string file, string name) => !File.Exists(file) ? null
        : File.ReadLines(file).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[^1].Trim();
}
