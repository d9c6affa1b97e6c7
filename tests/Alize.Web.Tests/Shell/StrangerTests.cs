using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static Alize.Web.Tests.Shell.TestSite;

namespace Alize.Web.Tests.Shell;

/// <summary>What the service keeps from strangers: endless guessing, and the keys that logs would hold.</summary>
public sealed class StrangerTests(StrictSite site) : IClassFixture<StrictSite>
{
    [Fact]
    public async Task Guessing_links_comes_to_an_end_and_says_when_to_go_on()
    {
        using var browser = new Browser(site);
        for (var guess = 1; guess <= StrictSite.LinkPages; guess++)
        {
            await browser.OpenAsync($"/t/guess{guess}");
            Assert.Equal(404, browser.Status);
        }

        await browser.OpenAsync("/t/once-more");
        Assert.Equal(429, browser.Status);
        Assert.Contains("Attendez une minute", browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guessing_passwords_comes_to_an_end_and_looking_at_the_page_does_not()
    {
        using var browser = new Browser(site);
        await browser.OpenAsync("/account/sign-in");
        for (var guess = 1; guess <= StrictSite.SignIns; guess++)
        {
            await browser.PressAsync(null, ("email", "personne@alize.example"), ("password", "faux"));
            Assert.Equal(400, browser.Status);
        }

        await browser.PressAsync(null, ("email", "personne@alize.example"), ("password", "faux"));
        Assert.Equal(429, browser.Status);
        await browser.OpenAsync("/account/sign-in");
        Assert.Equal(200, browser.Status);
    }

    [Fact]
    public async Task No_log_holds_a_personal_link_even_when_everything_is_logged()
    {
        using var http = new HttpClient { BaseAddress = site.Address };
        using var answer = await http.GetAsync("/t/broken/page?key=sesame-7f3a", Cancel);

        Assert.Contains(site.Lines, line => line.Contains("reference", StringComparison.Ordinal));
        Assert.DoesNotContain(site.Lines, line => line.Contains("sesame-7f3a", StringComparison.Ordinal) || line.Contains("/t/broken", StringComparison.Ordinal));
    }
}

/// <summary>The service with small limits and every ASP.NET log line asked for and kept.</summary>
public sealed class StrictSite : TestSite
{
    public const int LinkPages = 3;
    public const int SignIns = 2;

    private readonly KeptLog log = new();

    public IEnumerable<string> Lines => log.Lines;

    protected override IReadOnlyList<string> Settings =>
    [
        $"--Limits:LinkPagesPerMinute={LinkPages}", $"--Limits:SignInsPerMinute={SignIns}",
        "--Logging:LogLevel:Default=Information", "--Logging:LogLevel:Microsoft.AspNetCore=Information",
        "--Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics=Information",
    ];

    protected override void Register(IServiceCollection services) => services.AddSingleton<ILoggerProvider>(log);

    private sealed class KeptLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
