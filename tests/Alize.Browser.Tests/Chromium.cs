using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Alize.Browser.Tests.Chromium))]
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Alize.Browser.Tests;

/// <summary>The browser of all tests: Debian's own, so that nothing is downloaded. Each person gets a window without memory of the others.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Executable = "/usr/bin/chromium";

    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Executable))
            throw new InvalidOperationException($"{Executable} is missing, and these tests look at pages with it. Run ./test.sh: it installs what the tests need.");
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Executable, Args = ["--no-sandbox", "--lang=fr-FR"] });
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
    }

    public async Task<IPage> OpenWindowAsync(Uri site, int width, int height, bool hasJavaScript)
    {
        var window = await browser!.NewContextAsync(new()
        {
            BaseURL = site.OriginalString,
            ViewportSize = new() { Width = width, Height = height },
            JavaScriptEnabled = hasJavaScript,
            Locale = "fr-FR",
            TimezoneId = "Europe/Paris",
        });
        window.SetDefaultTimeout(15_000);
        return await window.NewPageAsync();
    }
}
