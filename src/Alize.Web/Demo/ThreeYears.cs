using System.Diagnostics;
using Alize.Domain;
using Alize.Workflows.Demo;
using Alize.Workflows.Demo.Years;

namespace Alize.Web.Demo;

/// <summary>
/// A whole programme of three years, sixty projects and twelve partners, drawn from a seed; its accounts must agree to the cent at the
/// end of each year. Afterwards its pages can be looked at on the day it ends.
/// </summary>
internal static class ThreeYears
{
    /// <summary>The seed the command plays; the figures in the documentation are its own.</summary>
    public static YearsPlan Plan { get; } = YearsPlan.Of(seed: 2023, new DateOnly(2023, 1, 16), months: 36, projects: 60);

    public static async Task RunAsync(YearsPlan plan, bool look, CancellationToken cancel)
    {
        YearsStory story = null!;
        var first = new DateTimeOffset(plan.SignedOn, new TimeOnly(8, 0), TimeSpan.Zero);
        await using var world = await DemoWorld.StartAsync(first, async w => story = await YearsStory.FoundAsync(w.Years, plan, w.Mailbox, Console.WriteLine, cancel), cancel);
        Console.WriteLine($"{FrenchText.Date(plan.SignedOn)} : convention signée, {FrenchText.Plural(plan.Projects.Count, "projet")} à venir");
        var watch = Stopwatch.StartNew();
        await story.PlayAsync(cancel);
        Console.WriteLine($"{story.Counts} ; {watch.Elapsed.TotalSeconds:0} s");
        Console.WriteLine("  ✓ journal, avances, relevés, virements, dotations, journées et FEC disent les mêmes montants, au centime");
        if (!look) return;

        Console.WriteLine();
        Console.WriteLine($"  Le dispositif est à voir au {FrenchText.Date(world.Today)} : {world.Site}p/{DemoTerritory.Slug}");
        Console.WriteLine($"  Connexion : {DemoTerritory.OperatorEmail} / {DemoTerritory.OperatorPassword}   (Ctrl+C pour finir)");
        var stopped = new TaskCompletionSource();
        await using var asked = cancel.Register(stopped.SetResult);
        await stopped.Task;
    }
}
