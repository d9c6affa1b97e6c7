using System.Net;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Tests.Pages;

/// <summary>The pages of documents and their wording, as the operator uses them.</summary>
public sealed class TemplatePagesTests(OperatorSite site) : IClassFixture<OperatorSite>
{
    private static readonly string Minutes = $"{OperatorWorld.Root}/templates/MinutesDocument.fr";

    [Fact]
    public async Task A_wording_is_previewed_refused_with_its_line_saved_and_taken_back()
    {
        using var browser = await site.SignInAsync();
        var page = await browser.GetAsync(Minutes);

        var refused = await browser.SubmitAsync(page, "main form", new() { ["text"] = "Titre\n\nSéance à {{ Endroit }}" });
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("Ligne 3", refused.Text, StringComparison.Ordinal);
        Assert.Contains("Séance à {{ Endroit }}", refused.Page.QuerySelector("#f-text")!.TextContent, StringComparison.Ordinal);

        var saved = await browser.SubmitAsync(refused, "main form", new() { ["text"] = "Titre\n\nSéance tenue à {{ Place }}" });
        Assert.Contains("Le texte est enregistré", saved.Text, StringComparison.Ordinal);
        Assert.Contains("Séance tenue à Salle du conseil", saved.Page.QuerySelector(".document")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(1, await site.AskAsync(db => db.TemplateVersions.CountAsync(TestContext.Current.CancellationToken)));

        var back = await browser.SubmitAsync(saved, "form[action$='TakeBack']", []);
        Assert.Contains("Compte rendu du comité d’agrément", back.Page.QuerySelector(".document")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_s_documents_are_downloaded_as_they_were_kept()
    {
        using var browser = await site.SignInAsync();
        var file = await browser.GetAsync($"{OperatorWorld.Root}/projects/{site.World.Paid}");
        var link = file.Page.QuerySelector("section[aria-labelledby=documents] a")!.GetAttribute("href")!;
        var id = Guid.Parse(link.Split('/')[^1]);

        var pdf = await browser.DownloadAsync(link);
        var kept = await site.AskAsync(db => db.Documents.AsNoTracking().SingleAsync(d => d.Id == id, TestContext.Current.CancellationToken));
        Assert.Equal(kept.Content, pdf);
        Assert.Contains(kept.Sha256, file.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_of_another_programme_is_not_found()
    {
        using var browser = await site.SignInAsync(OperatorSite.OtherOperator, OperatorSite.Password);
        var id = await site.AskAsync(db => db.Documents.Select(d => d.Id).FirstAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/p/{OperatorSite.OtherSlug}/documents/{id}")).Status);
    }
}
