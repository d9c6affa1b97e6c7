using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Alize.Browser.Tests;

/// <summary>
/// Looks at a page at the width of a desk and of a phone: accessibility rules (WCAG 2.1, levels A and AA), no sideways scrolling on
/// the narrowest phone, a picture kept under <c>artifacts/screenshots</c>. All faults are said together by <see cref="Conclude"/>.
/// </summary>
public sealed class Inspection
{
    private const int Desk = 1400;
    private const int Phone = 360;
    private const int NarrowestPhone = 320;

    private static readonly AxeRunOptions Wcag = new()
    {
        RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] },
    };

    private readonly List<string> faults = [];

    /// <summary>Where pictures go; ignored by git.</summary>
    public static string Pictures { get; } = Directory.CreateDirectory(Path.Combine(AlizeProgram.Artifacts, "screenshots")).FullName;

    public async Task LookAsync(IPage page, string name)
    {
        var before = page.ViewportSize ?? throw new InvalidOperationException("The window has no size of its own.");
        foreach (var width in new[] { Desk, Phone })
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, $"{name}-{width}.png"), FullPage = true });
            var found = await page.RunAxe(Wcag);
            faults.AddRange(
                from rule in found.Violations
                from node in rule.Nodes
                select $"{name} at {width} px: {rule.Id} ({rule.Help}): {node.Html}");
        }

        await page.SetViewportSizeAsync(NarrowestPhone, 900);
        var needed = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
        if (needed > NarrowestPhone) faults.Add($"{name} at {NarrowestPhone} px scrolls sideways: it needs {needed} px");
        await page.SetViewportSizeAsync(before.Width, before.Height);
    }

    public void Conclude() => Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
}
