using System.Diagnostics;
using Alize.Web.Demo;

namespace Alize.Web.Commands;

/// <summary>
/// <c>demo</c>: one complete life on a clock of its own, through the pages and mails a person would use; <c>demo --refuse</c>: the
/// other ends; <c>demo --years</c>: three years of sixty projects, and with <c>--look</c> their pages afterwards. Exit 0 when every figure is as it must be, 1 with the reason otherwise.
/// </summary>
internal static class PlayDemo
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not ([] or ["--refuse"] or ["--years"] or ["--years", "--look"]))
        {
            Console.Error.WriteLine("Usage : demo [--refuse | --years [--look]]");
            return 1;
        }

        var watch = Stopwatch.StartNew();
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, key) =>
        {
            key.Cancel = true;
            stop.Cancel();
        };
        try
        {
            if (args is ["--years", ..])
            {
                await ThreeYears.RunAsync(ThreeYears.Plan, look: args.Length > 1, stop.Token);
            }
            else
            {
                await using var world = await DemoWorld.StartAsync(stop.Token);
                await (args.Length == 0 ? new WholeLife(world).RunAsync(stop.Token) : new OtherEnds(world).RunAsync(stop.Token));
            }
        }
        catch (InvalidOperationException broken)
        {
            Console.Error.WriteLine(broken.Message);
            return 1;
        }

        Console.WriteLine($"Démonstration terminée en {watch.Elapsed.TotalSeconds:0.0} s.");
        return 0;
    }
}
