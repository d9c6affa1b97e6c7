using System.Net;
using System.Text.Json;
using Alize.Data.Documents;
using Alize.Workflows.Signatures;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Tests.Pages;

/// <summary>The documents of a programme: their bytes, and the values they were made from.</summary>
public sealed class DocumentPagesTests(OperatorSite site) : IClassFixture<OperatorSite>
{
    [Fact]
    public async Task A_document_is_saved_as_it_was_kept_and_its_values_as_data()
    {
        using var browser = await site.SignInAsync();
        var kept = await KeptAsync();
        var list = await browser.GetAsync($"{OperatorWorld.Root}/documents");
        Assert.Contains(kept.Sha256, list.Text, StringComparison.Ordinal);

        Assert.Equal(kept.Content, await browser.DownloadAsync($"{OperatorWorld.Root}/documents/{kept.Id}"));
        var (name, text) = await browser.DownloadNamedAsync(list.Page.QuerySelector($"a[href$='{kept.Id}?handler=Data']")!.GetAttribute("href")!);
        Assert.EndsWith(".json", name, StringComparison.Ordinal);
        var data = JsonDocument.Parse(text).RootElement;
        Assert.Equal("Tournerie des Aulnes", data.GetProperty("company").GetString());
        Assert.True(data.GetProperty("installments").GetArrayLength() > 0);
    }

    [Fact]
    public async Task Another_programme_finds_neither()
    {
        using var other = await site.SignInAsync(OperatorSite.OtherOperator, OperatorSite.Password);
        var kept = await KeptAsync();
        foreach (var path in new[] { $"documents/{kept.Id}", $"documents/{kept.Id}?handler=Data" })
            Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/p/{OperatorSite.OtherSlug}/{path}")).Status);
    }

    private Task<StoredDocument> KeptAsync() => site.AskAsync(db => db.Documents.AsNoTracking()
        .Where(d => d.Kind == nameof(CooperationConventionDocument)).OrderBy(d => d.MadeAt).FirstAsync(TestContext.Current.CancellationToken));
}
