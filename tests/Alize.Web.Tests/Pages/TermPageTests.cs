using System.Net;
using Alize.Workflows.Programmes;
using Microsoft.Extensions.DependencyInjection;

namespace Alize.Web.Tests.Pages;

/// <summary>The page of the term, apart from those of the years: it opens what they are yet to open.</summary>
public sealed class TermPageTests(OperatorSite site) : IClassFixture<OperatorSite>
{
    [Fact]
    [Trait("Rule", "R16")]
    public async Task The_term_says_what_would_go_back_and_what_stands_against_it()
    {
        using var browser = await site.SignInAsync();
        var page = await browser.GetAsync(OperatorWorld.Root + "/results/term");
        Assert.Contains("Attendez son terme", page.Text, StringComparison.Ordinal);
        Assert.Contains("les entreprises doivent 28 349,50 €", page.Text, StringComparison.Ordinal);
        var shares = page.Page.QuerySelector("table tfoot")!.TextContent;
        Assert.Contains("225", shares, StringComparison.Ordinal);

        var refused = await browser.SubmitAsync(page, "form[action*='handler=Clause']", new() { ["clause"] = " " });
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        await using (var scope = site.Services.CreateAsyncScope()) await scope.ServiceProvider.GetRequiredService<ProgrammeCycles>().OpenAsync(site.World.ProgrammeId, TestContext.Current.CancellationToken);
        var agreed = await browser.SubmitAsync(page, "form[action*='handler=Clause']", new() { ["clause"] = "Avenant n° 2" });
        Assert.Contains("Avenant n° 2", agreed.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("les entreprises doivent", agreed.Text, StringComparison.Ordinal);
    }
}
