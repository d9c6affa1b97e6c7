using Alize.Data;
using Alize.Data.Documents;
using Alize.Workflows.Documents;
using Alize.Workflows.Tests.Procedures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Documents;

/// <summary>The operator's wording of documents and mails.</summary>
public sealed class TemplatesTests(Territory territory) : IClassFixture<Territory>
{
    private static readonly TemplateKind Convention = DocumentCatalogue.Find("CooperationConventionDocument.fr")!;

    [Fact]
    public async Task Every_shipped_wording_can_be_filled()
    {
        foreach (var kind in DocumentCatalogue.All)
            Assert.Null(await territory.DoAsync<Templates, Problem?>(t => Task.FromResult(t.Problem(kind, kind.Shipped, territory.Programme))));
    }

    [Theory]
    [InlineData("Titre\n\nBonjour\n\n{{ Compagnie }}\n", "Ligne 5")]
    [InlineData("Titre\n\n{% for c in Commitments %}\n", "Ligne")]
    [InlineData("{{ Titre\n\nTexte\n", "Ligne 1")]
    [InlineData("Titre sans ligne vide\nTexte\n", "Ligne 1")]
    [InlineData("Titre\n\n{% for i in (1..90000000) %}x{% endfor %}\n", "Ligne 3")]
    public async Task A_wording_that_cannot_be_filled_is_refused_with_its_line(string text, string line)
    {
        var problems = await SaveAsync(Convention, text);
        Assert.StartsWith(line, Assert.Single(problems).Sentence, StringComparison.Ordinal);
        Assert.Empty(await HistoryAsync(Convention));
    }

    [Fact]
    public async Task A_mail_keeps_its_personal_link()
    {
        var asked = DocumentCatalogue.Find("AskPartnerMail.fr")!;
        Assert.Contains("{{ link }}", Assert.Single(await SaveAsync(asked, "Objet\n\nSans lien.\n")).Sentence, StringComparison.Ordinal);
        Assert.Contains("{{ link }}", Assert.Single(await SaveAsync(DocumentCatalogue.Find("NotifyMail.fr")!, "Objet\n\n{{ link }}\n")).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_wording_holds_from_then_on_and_changes_no_document_that_exists()
    {
        var minutes = DocumentCatalogue.Find("MinutesDocument.fr")!;
        var before = await MakeAsync("one");
        Assert.Empty(await SaveAsync(minutes, "Procès-verbal\n\nTexte du territoire : {{ Place }}\n"));
        var after = await MakeAsync("two");

        Assert.Contains("Texte du territoire : Salle du conseil", after.Text, StringComparison.Ordinal);
        Assert.Equal("Procès-verbal", after.Title);
        Assert.NotNull(after.TemplateVersionId);
        var kept = await territory.ReadAsync(db => db.Documents.AsNoTracking().SingleAsync(d => d.Id == before.Id, Cancel));
        Assert.Equal(before.Content, kept.Content);
        Assert.Equal(DocumentArchive.HashOf(kept.Content), kept.Sha256);

        Assert.Empty(await territory.DoAsync<Templates, IReadOnlyList<Problem>>(t => t.TakeBackAsync(territory.Programme.Id, minutes, "Camille Roussel", Cancel)));
        Assert.StartsWith("Compte rendu", (await MakeAsync("three")).Title, StringComparison.Ordinal);
        Assert.Equal(2, (await HistoryAsync(minutes)).Count);
    }

    [Fact]
    public async Task A_document_asked_for_twice_is_made_once_and_cannot_be_changed()
    {
        var made = await MakeAsync("same");
        Assert.Equal(made.Id, (await MakeAsync("same")).Id);
        await Assert.ThrowsAsync<InvalidOperationException>(() => territory.ChangeAsync(async db =>
            db.Entry(await db.Documents.SingleAsync(d => d.Id == made.Id, Cancel)).Property(d => d.Title).CurrentValue = "Autre"));
    }

    [Fact]
    public async Task A_mail_follows_the_territory_s_wording()
    {
        var link = DocumentCatalogue.Find("AskPartnerMail.fr")!;
        Assert.Empty(await SaveAsync(link, link.Shipped.Replace("Bonjour", "Chère partenaire, cher partenaire, bonjour", StringComparison.Ordinal)));
        await territory.ReadyForCommitteeAsync();
        Assert.Contains((await territory.MailsAsync("AskPartnerMail")).Select(m => m.Body), body => body.StartsWith("Chère partenaire", StringComparison.Ordinal));
        await territory.DoAsync<Templates, IReadOnlyList<Problem>>(t => t.TakeBackAsync(territory.Programme.Id, link, "Camille Roussel", Cancel));
    }

    private Task<IReadOnlyList<Problem>> SaveAsync(TemplateKind kind, string text) =>
        territory.DoAsync<Templates, IReadOnlyList<Problem>>(t => t.SaveAsync(territory.Programme, kind, text, "Camille Roussel", Cancel));

    private Task<IReadOnlyList<TemplateVersion>> HistoryAsync(TemplateKind kind) =>
        territory.DoAsync<Templates, IReadOnlyList<TemplateVersion>>(t => t.HistoryAsync(territory.Programme.Id, kind.Name, Cancel));

    private Task<StoredDocument> MakeAsync(string key) => territory.DoAsync<IServiceProvider, StoredDocument>(async services =>
    {
        var made = await services.GetRequiredService<DocumentArchive>().MakeAsync(
            new(key, Workflows.Committee.MinutesDocument.Sample, territory.Programme.Id, "Camille Roussel"), Cancel);
        await services.GetRequiredService<AlizeDb>().SaveChangesAsync(Cancel);
        return made;
    });
}
