using System.Net;
using System.Text.RegularExpressions;
using Alize.Data;
using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Workflows.Mail;
using Alize.Workflows.Programmes;
using Alize.Workflows.Tasks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MiniExcelLibs;

namespace Alize.Web.Tests.Pages;

/// <summary>The pages of the year, as an auditor and the operator use them.</summary>
[Trait("Rule", "R15")]
public sealed partial class ResultPagesTests(OperatorSite site) : IClassFixture<OperatorSite>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string Results => OperatorWorld.Root + "/results";

    [Fact]
    [Trait("Rule", "R19")]
    public async Task A_voucher_is_three_clicks_from_a_figure_of_the_report()
    {
        using var browser = await site.SignInAsync();
        var report = await browser.GetAsync(Results + "/2026");
        var movements = await browser.GetAsync(Row(report, "Avances versées").QuerySelector("a")!.GetAttribute("href")!);
        var entry = await browser.GetAsync(movements.Page.QuerySelector("main td.wide a")!.GetAttribute("href")!);
        var voucher = await browser.GetAsync(entry.Page.QuerySelectorAll("main .facts a").First(a => a.TextContent.Contains("Ordre de versement", StringComparison.Ordinal)).GetAttribute("href")!);

        Assert.Equal(HttpStatusCode.OK, voucher.Status);
        Assert.EndsWith($"/advances/{site.World.Reference}", voucher.Address.AbsolutePath, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "R19")]
    public async Task The_entries_behind_each_figure_add_up_to_it()
    {
        using var browser = await site.SignInAsync();
        var report = await browser.GetAsync(Results + "/2026");
        var links = report.Page.QuerySelectorAll("main table a").Where(a => LedgerPage().IsMatch(a.GetAttribute("href")!) && a.QuerySelector(".figure") is not null).ToList();
        Assert.True(links.Count > 15, $"{links.Count} figures lead to their entries");
        foreach (var link in links)
        {
            var movements = await browser.GetAsync(link.GetAttribute("href")!);
            var shown = movements.Page.QuerySelector(".tile strong")!.TextContent;
            Assert.True(Cents(link.TextContent) == Cents(shown), $"{link.GetAttribute("href")} shows {shown} for {link.TextContent}");
        }
    }

    [Fact]
    public async Task Every_table_of_the_report_is_a_spreadsheet_and_all_of_them_are_one()
    {
        using var browser = await site.SignInAsync();
        var page = await browser.GetAsync(Results + "/2026");
        foreach (var path in page.Page.QuerySelectorAll("main .actions a[href*='handler=Export']").Select(a => a.GetAttribute("href")!).Concat([Results + "?handler=Export", Results + "/term?handler=Export"]))
        {
            var (status, file, name) = await browser.DownloadFileAsync(path);
            Assert.True(status == HttpStatusCode.OK && file is [0x50, 0x4B, ..] && name.EndsWith(".xlsx", StringComparison.Ordinal), $"{path} answered {status}");
        }

        var (_, book, _) = await browser.DownloadFileAsync(Results + "/2026?handler=Export");
        using var stream = new MemoryStream(book);
        Assert.Equal(["Objectifs", "Projets", "Partenaires", "Opérations", "Situation", "Avances", "Plafonds"], stream.GetSheetNames());
        var owed = stream.Query(useHeaderRow: true, sheetName: "Avances").Cast<IDictionary<string, object>>().Sum(row => Convert.ToDecimal(row["Reste dû (€)"], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(28_349.50m, owed);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(Results + "/2026?handler=Export&table=Rien")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(Results + "/2025")).Status);
    }

    [Fact]
    public async Task A_year_is_opened_from_its_page_and_its_report_is_read_from_the_page_and_from_the_mail()
    {
        using var browser = await site.SignInAsync();
        var page = await browser.GetAsync(Results);
        Assert.Contains("procédure à ouvrir", page.Text, StringComparison.Ordinal);
        var opened = await browser.SubmitAsync(page, "form[action*='handler=Open']", []);
        Assert.DoesNotContain("procédure à ouvrir", opened.Text, StringComparison.Ordinal);
        await site.World.PassAsync(7);
        await AnswerAsync("Arrêter les comptes 2026", "Closed");
        await AnswerAsync("Rédiger le rapport", "Written", ("commentary", "Une première année prudente."));

        using var later = await site.SignInAsync();   // a week has passed, and with it the first sign-in
        var report = await later.GetAsync(Results + "/2026");
        Assert.Contains("Comptes arrêtés", report.Text, StringComparison.Ordinal);
        var pdf = await later.GetAsync(report.Page.QuerySelector("a.btn-primary")!.GetAttribute("href")!);
        Assert.Equal(HttpStatusCode.OK, pdf.Status);

        var review = await site.AskAsync(db => db.PartnerTasks.AsNoTracking().SingleAsync(t => t.Title.Contains("à approuver") && t.DocumentId != null, Cancel));
        var seen = await later.GetAsync($"{OperatorWorld.Root}/tasks/{review.Id}");
        Assert.NotNull(seen.Page.QuerySelector($"a[href$='/documents/{review.DocumentId}']"));
        var token = await LinkAsync(review);
        using var chair = new Browser(new Uri(site.Url));
        var form = await chair.GetAsync($"/t/{token}");
        Assert.Contains("Lire le document", form.Text, StringComparison.Ordinal);
        var (status, file, _) = await chair.DownloadFileAsync(form.Page.QuerySelector("a[href$='document.pdf']")!.GetAttribute("href")!);
        Assert.True(status == HttpStatusCode.OK && file is [0x25, 0x50, 0x44, 0x46, ..], $"the report answered {status}");
    }

    private async Task AnswerAsync(string words, string outcome, params (string Name, string Value)[] values)
    {
        var task = await site.AskAsync(db => db.PartnerTasks.AsNoTracking().SingleAsync(t => t.State == PartnerTaskState.Open && t.Title.Contains(words), Cancel));
        await using var scope = site.Services.CreateAsyncScope();
        Assert.Empty(await scope.ServiceProvider.GetRequiredService<PartnerTasks>().AnswerAsync(task.Id, outcome, values.ToDictionary(v => v.Name, v => v.Value), "Camille Roussel", "essai", Cancel));
    }

    /// <summary>A link as a mail bears it.</summary>
    private async Task<string> LinkAsync(PartnerTask task)
    {
        await using var scope = site.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AlizeDb>();
        var token = MailLinks.NewToken();
        var now = site.Time.GetUtcNow().UtcDateTime;
        db.TaskLinks.Add(new()
        {
            TokenHash = MailLinks.HashOf(token),
            ProgrammeId = task.ProgrammeId,
            Purpose = MailLinks.Task,
            TaskId = task.Id,
            ContactId = task.AssigneeContactId,
            CreatedAt = now,
            ExpiresAt = now.AddDays(30),
        });
        await db.SaveChangesAsync(Cancel);
        return token;
    }

    private static AngleSharp.Dom.IElement Row(Answer page, string words) => page.Page.QuerySelectorAll("main tr").First(r => r.QuerySelector("th")?.TextContent == words);

    private static long Cents(string text) => Money.TryParse(text.Replace("−", "", StringComparison.Ordinal), out var money) ? money.Cents : throw new InvalidOperationException($"'{text}' is no amount.");

    [GeneratedRegex("/accounts/[A-Z]{2}/")]
    private static partial Regex LedgerPage();
}
