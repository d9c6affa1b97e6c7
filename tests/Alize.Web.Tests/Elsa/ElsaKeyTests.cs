using Alize.Data.People;
using Alize.Web.Tests.Shell;
using Alize.Workflows.Demo;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Tests.Elsa;

public class ElsaKeyTests(ElsaSite site) : IClassFixture<ElsaSite>
{
    private const string Page = $"/p/{DemoTerritory.Slug}/design";

    [Fact]
    public async Task A_key_is_shown_once_opens_the_interface_and_is_taken_back()
    {
        using var browser = await SignedInAsync(DemoTerritory.OperatorEmail, DemoTerritory.OperatorPassword);
        await browser.OpenAsync(Page);
        await SendAsync(browser, "Key", ("name", "Tableau de bord régional"), ("role", "Designer"));
        var text = browser.Page.QuerySelector(".key-once code")!.TextContent;
        Assert.Equal("no-store", browser.Header("Cache-Control"));
        await browser.OpenAsync(Page);
        Assert.DoesNotContain(text, browser.Page.Source.Text, StringComparison.Ordinal);
        Assert.Contains("Tableau de bord régional", browser.Text, StringComparison.Ordinal);

        using var program = new ElsaClient(site.Address, new("ApiKey", text));
        Assert.Equal(200, (await program.GetAsync("/workflow-definitions/query/count")).Status);
        var key = await site.ReadAsync(db => db.ApiKeys.AsNoTracking().SingleAsync(k => k.Name == "Tableau de bord régional", ElsaSite.Cancel));
        Assert.Equal(DateOnly.FromDateTime(site.Time.GetUtcNow().UtcDateTime), key.LastUsedOn);
        Assert.DoesNotContain(text, key.Hash, StringComparison.OrdinalIgnoreCase);

        await program.PostAsync("/workflow-definitions", System.Text.Json.Nodes.JsonNode.Parse("""{"model":{"definitionId":"by-key","name":"by-key"},"publish":false}"""));
        var line = await site.ReadAsync(db => db.AuditEntries.AsNoTracking().OrderBy(e => e.Id).LastAsync(e => e.Text.Contains("by-key"), ElsaSite.Cancel));
        Assert.Contains("Tableau de bord régional", line.Actor, StringComparison.Ordinal);

        await browser.OpenAsync(Page);
        await SendAsync(browser, "Revoke", ("id", $"{key.Id}"));
        var refused = await program.GetAsync("/workflow-definitions/query/count");
        Assert.Equal((401, "Bearer"), (refused.Status, refused.Header("WWW-Authenticate")));
    }

    [Fact]
    public async Task An_invented_key_opens_nothing()
    {
        using var program = new ElsaClient(site.Address, new("ApiKey", "inventee"));
        Assert.Equal(401, (await program.GetAsync("/workflow-definitions/query/count")).Status);
    }

    [Fact]
    public async Task Who_only_reads_sees_no_key_and_makes_none()
    {
        await site.AddAsync("cles@alize.example", "Luc Lecteur", MemberRole.Controller);
        using var browser = await SignedInAsync("cles@alize.example", ElsaSite.Password);
        await browser.OpenAsync(Page);
        Assert.Equal(200, browser.Status);
        Assert.DoesNotContain("Clés d’accès", browser.Text, StringComparison.Ordinal);
        Assert.Null(browser.Page.QuerySelector("form[action*='handler=Key']"));
        await SendAsync(browser, "Key", ("name", "x"), ("role", "Operator"));
        Assert.Equal(403, browser.Status);
        Assert.False(await site.ReadAsync(db => db.ApiKeys.AnyAsync(k => k.Name == "x", ElsaSite.Cancel)));
    }

    [Fact]
    public async Task A_key_without_a_name_or_for_a_reader_is_refused_with_what_to_write()
    {
        using var browser = await SignedInAsync(DemoTerritory.OperatorEmail, DemoTerritory.OperatorPassword);
        foreach (var (name, role) in new[] { (" ", "Operator"), ("Lecture", "Controller") })
        {
            await browser.OpenAsync(Page);
            await SendAsync(browser, "Key", ("name", name), ("role", role));
            Assert.Equal(400, browser.Status);
            Assert.Contains("Dites à quoi servira la clé", browser.Text, StringComparison.Ordinal);
        }
    }

    private async Task<Browser> SignedInAsync(string email, string password)
    {
        var browser = new Browser(site);
        await browser.OpenAsync("/account/sign-in");
        await browser.PressAsync(null, ("email", email), ("password", password));
        return browser;
    }

    private static Task SendAsync(Browser browser, string handler, params (string Name, string Value)[] values)
    {
        // From the form itself where the page has it; who only reads forges one.
        var form = browser.Page.QuerySelector($"form[action*='handler={handler}']");
        var token = ((AngleSharp.Dom.IParentNode?)form ?? browser.Page).QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        return browser.SendAsync(new(HttpMethod.Post, $"{Page}?handler={handler}")
        {
            Content = new FormUrlEncodedContent(values.Append(("__RequestVerificationToken", token)).Select(v => KeyValuePair.Create(v.Item1, v.Item2))),
        });
    }
}
