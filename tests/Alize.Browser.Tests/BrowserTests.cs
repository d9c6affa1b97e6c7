using Microsoft.Playwright;

namespace Alize.Browser.Tests;

/// <summary>What people do on the pages, in one running program per test class, which is the class's fixture. A failed test prints what the program said.</summary>
public abstract class BrowserTests(AlizeProgram program, Chromium chromium) : IAsyncLifetime
{
    protected const string Root = "/p/vallee-de-l-ombrelle";

    // Procedures go on in the background, mails go out every ten seconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<IPage> windows = [];
    private readonly List<string> scriptErrors = [];

    protected Inspection Inspection { get; } = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            var test = TestContext.Current.TestMethod?.MethodName ?? "test";
            for (var i = 0; i < windows.Count; i++)
            {
                await windows[i].ScreenshotAsync(new() { Path = Path.Combine(Inspection.Pictures, $"failed-{test}-{i + 1}.png"), FullPage = true });
                TestContext.Current.TestOutputHelper?.WriteLine($"Window {i + 1} shows {windows[i].Url}");
            }

            TestContext.Current.TestOutputHelper?.WriteLine($"The program printed:{Environment.NewLine}{program.Output}");
        }

        foreach (var window in windows) await window.Context.DisposeAsync();
        Assert.Empty(scriptErrors);
    }

    protected async Task<IPage> OpenWindowAsync(int width = 1400, int height = 900, bool hasJavaScript = true)
    {
        var page = await chromium.OpenWindowAsync(program.Site, width, height, hasJavaScript);
        page.PageError += (_, error) => scriptErrors.Add($"{page.Url}: {error}");
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
                scriptErrors.Add($"{page.Url}: {message.Text}");
        };
        windows.Add(page);
        return page;
    }

    /// <summary>A window in which the operator has signed in and sees the board.</summary>
    protected async Task<IPage> SignedInAsync()
    {
        var page = await OpenWindowAsync();
        await page.GotoAsync("/");
        await page.GetByLabel("Adresse électronique").FillAsync("operateur@alize.example");
        await page.GetByLabel("Mot de passe").FillAsync("Alize-demo-2026");
        await page.GetByRole(AriaRole.Button, new() { Name = "Se connecter" }).ClickAsync();
        await page.GotoAsync($"{Root}/projects");
        return page;
    }

    /// <summary>Opens the newest mail to somebody in the development mailbox and follows its button.</summary>
    protected static async Task FollowMailAsync(IPage page, string to, string subject)
    {
        await page.GotoAsync("/mailbox");
        var line = page.GetByRole(AriaRole.Row).Filter(new() { HasText = to }).Filter(new() { HasText = subject }).First;
        await UntilShownAsync(page, line);
        await line.GetByRole(AriaRole.Link).ClickAsync();
        await page.FrameLocator("iframe.mail-frame").Locator("a.button").ClickAsync();
        await page.WaitForURLAsync(url => !url.Contains("/mailbox", StringComparison.Ordinal));
    }

    /// <summary>The one-time code of the newest mail to somebody, read in a window of its own.</summary>
    protected async Task<string> CodeOfMailAsync(string to)
    {
        var page = await OpenWindowAsync();
        await page.GotoAsync("/mailbox");
        var line = page.GetByRole(AriaRole.Row).Filter(new() { HasText = to }).Filter(new() { HasText = "Votre code" }).First;
        await UntilShownAsync(page, line);
        await line.GetByRole(AriaRole.Link).ClickAsync();
        return (await page.FrameLocator("iframe.mail-frame").Locator("h1").InnerTextAsync()).Trim();
    }

    /// <summary>Opens a project of the board by its company.</summary>
    protected static async Task OpenProjectAsync(IPage page, string company)
    {
        await page.GotoAsync($"{Root}/projects?q={Uri.EscapeDataString(company)}");
        await page.Locator("tbody a").First.ClickAsync();
        await page.WaitForURLAsync("**/projects/2*");
    }

    /// <summary>Reloads until something is there: what runs in the background comes in its own time.</summary>
    protected static async Task UntilShownAsync(IPage page, ILocator what)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await what.WaitForAsync(new() { Timeout = 1_000 });
                return;
            }
            catch (TimeoutException) when (TimeProvider.System.GetElapsedTime(since) < Patience)
            {
                await page.ReloadAsync();
            }
        }
    }

    /// <summary>Presses Tab until the focus is where it should be; a page that never brings it there fails.</summary>
    protected static async Task TabToAsync(IPage page, string selector)
    {
        for (var presses = 0; presses < 60; presses++)
        {
            if (await page.Locator(selector).First.EvaluateAsync<bool>("element => element === document.activeElement")) return;
            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"Tab never reaches {selector} on {page.Url}.");
    }

    protected static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    protected static IPageAssertions Expect(IPage page) => Assertions.Expect(page);
}
