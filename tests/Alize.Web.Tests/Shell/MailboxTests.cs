namespace Alize.Web.Tests.Shell;

/// <summary>The development mailbox; its tests only read, so they share one site.</summary>
public sealed class MailboxTests(TestSite site) : IClassFixture<TestSite>
{
    [Fact]
    public async Task A_mail_is_listed_read_and_its_link_opens_the_page()
    {
        using var browser = new Browser(site);
        await browser.OpenAsync("/mailbox");
        var entry = browser.Page.QuerySelectorAll("main table a").First(a => a.TextContent.Contains("Menuiserie Lagrange", StringComparison.Ordinal));
        await browser.OpenAsync(entry.GetAttribute("href")!);
        Assert.Contains("Paul Lagrange <paul.lagrange@menuiserie.example>", browser.Text, StringComparison.Ordinal);
        var link = browser.Page.QuerySelector(".mail-text a")!.GetAttribute("href")!;
        var frame = browser.Page.QuerySelector("iframe[sandbox]")!.GetAttribute("src")!;

        await browser.OpenAsync(frame);
        Assert.Contains("default-src 'none'", browser.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains("sandbox", browser.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("SAMEORIGIN", browser.Header("X-Frame-Options"));
        Assert.Equal("_top", browser.Page.QuerySelector("base")!.GetAttribute("target"));
        Assert.Contains(browser.Page.QuerySelectorAll("a"), a => a.GetAttribute("href") == link);

        await browser.OpenAsync(new Uri(link).AbsolutePath);
        Assert.Equal(200, browser.Status);
        Assert.NotNull(browser.Page.QuerySelector("button[name=outcome]"));
    }

    [Theory]
    [InlineData("/mailbox/unknown")]
    [InlineData("/mailbox/..%2F..%2Fappsettings")]
    [InlineData("/mailbox/unknown/html")]
    [InlineData("/mailbox/unknown/files/1")]
    public async Task Nothing_else_is_read_through_it(string path)
    {
        using var browser = new Browser(site);
        await browser.OpenAsync(path);
        Assert.Equal(404, browser.Status);
    }
}

public sealed class ProductionMailboxTests(ProductionSite site) : IClassFixture<ProductionSite>
{
    [Theory]
    [InlineData("/mailbox")]
    [InlineData("/mailbox/{id}")]
    [InlineData("/mailbox/{id}/html")]
    [InlineData("/mailbox/{id}/files/1")]
    public async Task There_is_no_mailbox_in_production(string path)
    {
        using var browser = new Browser(site);
        await browser.OpenAsync(path.Replace("{id}", site.Mails()[0].Id, StringComparison.Ordinal));
        Assert.Equal(404, browser.Status);
        await browser.OpenAsync("/account/sign-in");
        Assert.Null(browser.Page.QuerySelector("a[href='/mailbox']"));
    }
}
