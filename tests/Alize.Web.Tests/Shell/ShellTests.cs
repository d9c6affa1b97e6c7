using Alize.Data;
using Alize.Domain.Programmes;
using Alize.Workflows.Demo;
using static Alize.Web.Tests.Shell.TestSite;

namespace Alize.Web.Tests.Shell;

/// <summary>Sign-in, walls between programmes, headers and error pages.</summary>
public sealed class ShellTests(TestSite site) : IClassFixture<TestSite>
{
    [Fact]
    public async Task The_operator_signs_in_and_comes_where_he_wanted()
    {
        using var browser = new Browser(site);
        await browser.OpenAsync("/?choose=true");
        Assert.StartsWith("/account/sign-in", browser.Path, StringComparison.Ordinal);
        await SignInAsync(browser, DemoTerritory.OperatorPassword);

        Assert.Equal(200, browser.Status);
        Assert.Equal("/?choose=true", browser.Path);
        Assert.Contains("ALIZÉ® Vallée de l’Ombrelle", browser.Text, StringComparison.Ordinal);
        await browser.OpenAsync(browser.Page.QuerySelector(".who a")!.GetAttribute("href")!);
        Assert.Contains("Choisissez le territoire", browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_refused_in_the_words_used_for_an_unknown_address()
    {
        using var browser = new Browser(site);
        await browser.OpenAsync("/account/sign-in");
        await browser.PressAsync(null, ("email", "personne@alize.example"), ("password", "faux"));
        var unknown = browser.Page.QuerySelector(".problems")!.TextContent;
        await browser.OpenAsync("/account/sign-in");
        await SignInAsync(browser, "faux");

        Assert.Equal(400, browser.Status);
        Assert.Equal(unknown, browser.Page.QuerySelector(".problems")!.TextContent);
        await browser.OpenAsync("/?choose=true");
        Assert.StartsWith("/account/sign-in", browser.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_programme_of_others_is_not_found()
    {
        await site.DoAsync<AlizeDb, int>(db =>
        {
            db.Programmes.Add(new Programme { Id = Guid.CreateVersion7(), Slug = "autre-vallee", Name = "ALIZÉ® Autre vallée", Territory = "Autre vallée", SignedOn = new(2026, 1, 5) });
            return db.SaveChangesAsync(Cancel);
        });
        using var browser = new Browser(site);
        await browser.OpenAsync("/account/sign-in");
        await SignInAsync(browser, DemoTerritory.OperatorPassword);
        await browser.OpenAsync("/p/autre-vallee");

        Assert.Equal(404, browser.Status);
        Assert.Contains("Page introuvable", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Autre vallée", browser.Page.Body!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/account/sign-in", 200)]
    [InlineData("/nowhere", 404)]
    [InlineData("/t/unknown", 404)]
    [InlineData("/detect", 200)]
    [InlineData("/mailbox", 200)]
    [InlineData("/t/broken/page", 500)]
    [InlineData("/css/alize.css", 200)]
    public async Task Every_answer_protects_the_browser(string path, int status)
    {
        using var browser = new Browser(site);
        await browser.OpenAsync(path);

        Assert.Equal(status, browser.Status);
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self'", browser.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("nosniff", browser.Header("X-Content-Type-Options"));
        Assert.Equal("DENY", browser.Header("X-Frame-Options"));
        Assert.NotEmpty(browser.Header("Referrer-Policy"));
    }

    [Theory]
    [InlineData("/t/unknown")]
    [InlineData("/t/broken/page")]
    [InlineData("/detect")]
    [InlineData("/detect/unknown")]
    [InlineData("/mailbox")]
    public async Task Pages_with_personal_links_leave_no_trace(string path)
    {
        using var browser = new Browser(site);
        await browser.OpenAsync(path);

        Assert.Equal("no-store", browser.Header("Cache-Control"));
        Assert.Equal("no-referrer", browser.Header("Referrer-Policy"));
        Assert.Contains("noindex", browser.Header("X-Robots-Tag"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nowhere", 404, "Page introuvable")]
    [InlineData("/t/broken/page", 500, "Le service a rencontré un problème")]
    public async Task An_error_is_told_in_French(string path, int status, string title)
    {
        using var browser = new Browser(site);
        await browser.OpenAsync(path);

        Assert.Equal(status, browser.Status);
        Assert.Equal("fr", browser.Page.DocumentElement.GetAttribute("lang"));
        Assert.Contains(title, browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", browser.Page.DocumentElement.TextContent, StringComparison.Ordinal);
    }

    private static Task SignInAsync(Browser browser, string password) =>
        browser.PressAsync(null, ("email", DemoTerritory.OperatorEmail), ("password", password));
}
