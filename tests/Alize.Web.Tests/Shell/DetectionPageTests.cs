using Alize.Workflows.Demo;
using Microsoft.EntityFrameworkCore;
using static Alize.Web.Tests.Shell.TestSite;

namespace Alize.Web.Tests.Shell;

/// <summary>Asking for the detection form, and filling it.</summary>
public sealed class DetectionPageTests : IAsyncLifetime
{
    private const string Address = $"/detect?p={DemoTerritory.Slug}";

    private static readonly (string, string)[] Project =
    [
        ("Company", "Scierie du Col"), ("Siret", "552 100 554 00021"), ("Commune", "Val-Serein"), ("HeadName", "Luc Perrin"),
        ("HeadEmail", "luc.perrin@scierie.example"), ("Title", "Séchoir solaire"),
    ];

    private readonly TestSite site = new();
    private Browser browser = null!;

    public async ValueTask InitializeAsync()
    {
        await site.InitializeAsync();
        browser = new(site);
    }

    public ValueTask DisposeAsync()
    {
        browser.Dispose();
        return site.DisposeAsync();
    }

    [Fact]
    public async Task The_answer_is_the_same_for_a_partner_and_for_a_stranger()
    {
        var mails = site.Mails().Count;
        var stranger = await AskAsync("inconnu@ailleurs.example");
        await site.SettleAsync();
        Assert.Equal(mails, site.Mails().Count);

        var partner = await AskAsync("julien.morel@cci-val.example");
        await site.SettleAsync();
        Assert.Equal(stranger, partner);
        Assert.StartsWith("/detect/", site.LinkOf("julien.morel@cci-val.example"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_SIRET_is_said_and_nothing_is_written()
    {
        await OpenFormAsync();
        var before = await CountsAsync();
        await browser.PressAsync(null, [.. Project.Select(p => p.Item1 == "Siret" ? ("Siret", "552 100 554 00022") : p)]);

        Assert.Equal(400, browser.Status);
        Assert.Contains("SIRET", browser.Page.QuerySelector("#f-Siret-problem")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("552 100 554 00022", browser.ValueOf("Siret"));
        Assert.Equal("Scierie du Col", browser.ValueOf("Company"));
        Assert.Equal(before, await CountsAsync());
    }

    [Fact]
    public async Task A_project_signalled_gets_its_number_and_its_partner()
    {
        await OpenFormAsync();
        Assert.Contains("Laissez vide ce que vous ne savez pas", browser.Text, StringComparison.Ordinal);
        await browser.PressAsync(null, Project);

        Assert.Equal(200, browser.Status);
        Assert.Contains("Projet n° 2026-005 : Séchoir solaire – Scierie du Col", browser.Text, StringComparison.Ordinal);
        var partner = await site.ReadAsync(db => db.Projects.Where(p => p.Number == "2026-005")
            .Join(db.Partners, p => p.DetectedByPartnerId, p => p.Id, (_, p) => p.Name).SingleAsync(Cancel));
        Assert.Equal("Chambre de commerce du Val", partner);
    }

    [Fact]
    public async Task Somebody_who_reads_English_gets_the_form_in_English()
    {
        await AskAsync("emily.carter@northwind.example");
        await site.SettleAsync();
        await browser.OpenAsync(site.LinkOf("emily.carter@northwind.example"));

        Assert.Equal("en", browser.Page.DocumentElement.GetAttribute("lang"));
        Assert.Contains("Leave empty what you do not know", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("facultatif", browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_left_the_partner_signals_no_more()
    {
        await OpenFormAsync();
        await site.DoAsync<Data.AlizeDb, int>(db => db.Contacts.Where(c => c.Email == "julien.morel@cci-val.example")
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.Until, new DateOnly(2026, 3, 1)), Cancel));
        await browser.PressAsync(null, Project);

        Assert.Equal(410, browser.Status);
        Assert.Contains("n’agit plus pour ce partenaire", browser.Text, StringComparison.Ordinal);
        Assert.Equal(4, await site.ReadAsync(db => db.Projects.CountAsync(Cancel)));
    }

    [Fact]
    public async Task A_programme_that_does_not_exist_is_not_found()
    {
        await browser.OpenAsync("/detect?p=nulle-part");
        Assert.Equal(404, browser.Status);
        Assert.Contains("Page introuvable", browser.Text, StringComparison.Ordinal);
    }

    private async Task<string> AskAsync(string email)
    {
        await browser.OpenAsync(Address);
        await browser.PressAsync(null, ("email", email));
        Assert.Equal(200, browser.Status);
        return browser.Path + browser.Text;
    }

    private async Task OpenFormAsync()
    {
        await AskAsync("julien.morel@cci-val.example");
        await site.SettleAsync();
        await browser.OpenAsync(site.LinkOf("julien.morel@cci-val.example"));
        Assert.Equal(200, browser.Status);
    }

    private Task<(int, int, int)> CountsAsync() => site.ReadAsync(async db =>
        (await db.Projects.CountAsync(Cancel), await db.Companies.CountAsync(Cancel), await db.AuditEntries.CountAsync(Cancel)));
}
