using System.Net;
using Alize.Domain;
using Alize.Domain.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Tests.Pages;

[Trait("Rule", "R19")]
public sealed class AccountPagesTests(OperatorSite site) : IClassFixture<OperatorSite>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string Accounts => OperatorWorld.Root + "/accounts";

    [Fact]
    public async Task A_voucher_is_three_clicks_from_its_balance()
    {
        using var browser = await site.SignInAsync();
        var balances = await browser.GetAsync(Accounts);
        var movements = await browser.GetAsync(Link(balances, "Avances à recevoir"));
        var entry = await browser.GetAsync(Link(movements, "Versement de l’avance"));
        var voucher = await browser.GetAsync(Link(entry, "Ordre de versement"));

        Assert.Equal(HttpStatusCode.OK, voucher.Status);
        Assert.EndsWith($"/advances/{site.World.Reference}", voucher.Address.AbsolutePath, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_table_is_a_spreadsheet_too()
    {
        using var browser = await site.SignInAsync();
        foreach (var path in new[]
                 {
                     "/accounts?handler=Export", "/accounts?handler=Balances", "/accounts/AV/5121?handler=Export", "/accounts/pledges?handler=Export", "/accounts/pledges?handler=Calls",
                     "/accounts/costs?handler=Export", "/advances?handler=Export", "/advances?handler=Export&show=late", $"/advances/{site.World.Reference}?handler=Export",
                     $"/advances/{site.World.Reference}?handler=Receipts", "/aid/rates?handler=Export", "/advances/loans?handler=Export", "/companies/41234567000019/aid?handler=Export",
                     $"/projects/{site.World.Debated}/terms?handler=Export",
                 })
        {
            var (status, file, name) = await browser.DownloadFileAsync(OperatorWorld.Root + path);
            Assert.True(status == HttpStatusCode.OK, $"{path} answered {status}");
            Assert.True(file is [0x50, 0x4B, ..], $"{path} is no spreadsheet");   // a ZIP archive, as all Office files are
            Assert.EndsWith(".xlsx", name, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_entry_is_reversed_once_from_its_page()
    {
        using var browser = await site.SignInAsync();
        var pledge = await site.AskAsync(db => db.JournalEntries.AsNoTracking().Where(e => e.Kind == MovementKind.DaysPledged).OrderBy(e => e.Sequence).Select(e => e.Year + "-" + e.Number).FirstAsync(Cancel));
        var page = await browser.GetAsync($"{Accounts}/entries/{pledge}");
        var unexplained = await browser.SubmitAsync(page, "form[action*='handler=Reverse']", new() { ["reason"] = "" });
        Assert.Equal(HttpStatusCode.BadRequest, unexplained.Status);

        var reversed = await browser.SubmitAsync(page, "form[action*='handler=Reverse']", new() { ["reason"] = "saisie en double" });
        Assert.Contains("Extournée par", reversed.Text, StringComparison.Ordinal);
        var again = await browser.SubmitAsync(page, "form[action*='handler=Reverse']", new() { ["reason"] = "encore" });

        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
        Assert.Contains("ne peut pas être extournée deux fois", again.Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "R10")]
    public async Task The_cdc_is_refused_on_the_page_and_the_typed_figures_are_kept()
    {
        using var browser = await site.SignInAsync();
        var page = await browser.GetAsync(Accounts + "/pledges");
        var cdc = await site.AskAsync(db => db.Partners.Where(p => p.Kind == Domain.Programmes.PartnerKind.Cdc && p.ProgrammeId == site.World.ProgrammeId).Select(p => p.Id).SingleAsync(Cancel));
        var refused = await browser.SubmitAsync(page, "form[action*='handler=Pledge']", new() { ["partnerId"] = $"{cdc}", ["amount"] = "60 000", ["days"] = "" });

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("dépasse 20 % du total", refused.Text, StringComparison.Ordinal);
        Assert.Equal("60 000", refused.Page.QuerySelector("input[name=amount]")!.GetAttribute("value"));
        Assert.Equal(Money.Euros(45_000), Money.Sum(await site.AskAsync(db => db.Pledges.Where(p => p.PartnerId == cdc).Select(p => p.Amount).ToListAsync(Cancel))));
    }

    [Fact]
    [Trait("Rule", "R6")]
    public async Task A_rescheduling_is_recorded_from_the_advances_page()
    {
        using var browser = await site.SignInAsync();
        var here = $"{OperatorWorld.Root}/advances/{site.World.Reference}";
        var page = await browser.GetAsync(here);
        var first = page.Page.QuerySelector("select[name=firstMonth] option:last-child")!.GetAttribute("value")!;
        var values = new Dictionary<string, string>
        {
            ["sessionId"] = site.World.HeldSessionId.ToString(),
            ["yes"] = "8",
            ["lost"] = "",
            ["firstMonth"] = first,
            ["count"] = "2",
            ["ruling"] = "Perte d’un client",
        };
        var tooLong = await browser.SubmitAsync(page, "form[action*='handler=Rule']", values);
        Assert.Equal(HttpStatusCode.BadRequest, tooLong.Status);
        Assert.Contains("terme des 36 mois", tooLong.Text, StringComparison.Ordinal);

        values["count"] = "1";
        var ruled = await browser.SubmitAsync(page, "form[action*='handler=Rule']", values);

        Assert.Equal(HttpStatusCode.OK, ruled.Status);
        Assert.Contains("Décisions du comité", ruled.Text, StringComparison.Ordinal);
        Assert.Contains("échéances remplacées", ruled.Text, StringComparison.Ordinal);
    }

    private static string Link(Answer page, string words) =>
        page.Page.QuerySelectorAll("main a").First(a => a.TextContent.Contains(words, StringComparison.Ordinal)).GetAttribute("href")!;
}
