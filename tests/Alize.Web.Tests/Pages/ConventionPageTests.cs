using System.IO.Compression;
using System.Net;
using Alize.Domain.Signatures;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Tests.Pages;

/// <summary>The operator's page of a convention's signatures.</summary>
[Trait("Rule", "R8")]
public sealed class ConventionPageTests(OperatorSite site) : IClassFixture<OperatorSite>
{
    [Fact]
    public async Task The_signatures_of_a_sealed_convention_are_shown_with_its_archive()
    {
        using var browser = await site.SignInAsync();
        var convention = await ConventionAsync();
        var page = await browser.GetAsync($"{OperatorWorld.Root}/conventions/{convention.Id}");

        Assert.Contains("chaîne intacte", page.Text, StringComparison.Ordinal);
        Assert.Contains(convention.Sha256, page.Text, StringComparison.Ordinal);
        using var zip = new ZipArchive(new MemoryStream(await browser.DownloadAsync($"{OperatorWorld.Root}/conventions/{convention.Id}/preuves.zip")));
        Assert.Contains("LISEZMOI.txt", zip.Entries.Select(e => e.FullName));
    }

    [Fact]
    public async Task Others_find_neither_the_page_nor_the_archive_and_a_controller_finds_no_form()
    {
        var convention = await ConventionAsync();
        using var other = await site.SignInAsync(OperatorSite.OtherOperator, OperatorSite.Password);
        foreach (var path in new[] { $"/conventions/{convention.Id}", $"/conventions/{convention.Id}/preuves.zip" })
            Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/p/{OperatorSite.OtherSlug}{path}")).Status);
        using var controller = await site.SignInAsync(OperatorSite.Controller, OperatorSite.Password);
        Assert.Empty((await controller.GetAsync($"{OperatorWorld.Root}/conventions/{convention.Id}")).Page.QuerySelectorAll("main form[method=post]"));
    }

    private Task<CooperationConvention> ConventionAsync() => site.AskAsync(db =>
        db.Conventions.AsNoTracking().FirstAsync(c => c.State == ConventionState.Signed, TestContext.Current.CancellationToken));
}
