using System.Net;
using Alize.Data;
using Alize.Domain.Programmes;
using Alize.Workflows.Mail;
using Alize.Workflows.Repayment;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Alize.Web.Tests.Pages;

/// <summary>A company's own account, from the link of its mails: the turnery, which repays late.</summary>
public sealed class CompanyAccountPageTests(OperatorSite site) : IClassFixture<OperatorSite>, IAsyncLifetime
{
    private const string Account = "compte-tournerie";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (await site.AskAsync(db => db.TaskLinks.AnyAsync(l => l.Purpose == MailLinks.Account && l.TokenHash == MailLinks.HashOf(Account), Cancel))) return;
        var head = await HeadAsync();
        await using var scope = site.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AlizeDb>();
        var now = site.Time.GetUtcNow().UtcDateTime;
        foreach (var (token, days) in new[] { (Account, 90), ($"{Account}-vieux", -1) })
            db.TaskLinks.Add(new() { TokenHash = MailLinks.HashOf(token), ProgrammeId = head.ProgrammeId, Purpose = MailLinks.Account, ContactId = head.Id, CreatedAt = now.AddDays(-10), ExpiresAt = now.AddDays(days) });
        await db.SaveChangesAsync(Cancel);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Looking_shows_the_account_and_changes_nothing()
    {
        using var browser = new Browser(new Uri(site.Url));
        var before = await CountsAsync();

        foreach (var path in new[] { $"/a/{Account}", $"/t/{Account}", $"/detect/{Account}" })
        {
            var page = await browser.GetAsync(path);
            Assert.Equal((HttpStatusCode.OK, $"/a/{Account}"), (page.Status, page.Address.AbsolutePath));
            Assert.Contains($"Avance {site.World.Reference}", page.Text, StringComparison.Ordinal);
            Assert.Contains("28 349,50 €", page.Text, StringComparison.Ordinal);
            Assert.Contains("En retard", page.Text, StringComparison.Ordinal);
        }

        Assert.Equal(before, await CountsAsync());
    }

    [Fact]
    public async Task The_statement_is_downloaded_as_a_pdf()
    {
        using var browser = new Browser(new Uri(site.Url));
        var page = await browser.GetAsync($"/a/{Account}");

        var file = await browser.SendFormAsync(page, "form[action*='handler=Download']");

        Assert.Equal("application/pdf", file.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("%PDF", System.Text.Encoding.ASCII.GetString(await file.Content.ReadAsByteArrayAsync(Cancel), 0, 4), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_statement_is_sent_by_mail_once_however_often_the_button_is_pressed()
    {
        using var browser = new Browser(new Uri(site.Url));
        var page = await browser.GetAsync($"/a/{Account}");

        for (var i = 0; i < 2; i++)
        {
            var sent = await browser.SubmitAsync(page, "form[action*='handler=Mail']", []);
            Assert.Contains("Le relevé part par courriel à", sent.Text, StringComparison.Ordinal);
            Assert.DoesNotContain((await HeadAsync()).Email, sent.Text, StringComparison.Ordinal);
        }

        Assert.Equal(1, await site.AskAsync(db => db.OutboxMails.CountAsync(m => m.Name == nameof(StatementOfAccountMail), Cancel)));
    }

    [Fact]
    public async Task Another_advance_is_not_stated_from_this_link()
    {
        using var browser = new Browser(new Uri(site.Url));
        var page = await browser.GetAsync($"/a/{Account}");

        Assert.Equal(HttpStatusCode.NotFound, (await browser.SubmitAsync(page, "form[action*='handler=Mail']", new() { ["reference"] = "AV-2000-001" })).Status);
    }

    [Fact]
    public async Task An_expired_link_offers_a_new_one_and_a_made_up_one_leads_nowhere()
    {
        using var browser = new Browser(new Uri(site.Url));

        var expired = await browser.GetAsync($"/a/{Account}-vieux");
        Assert.Equal(HttpStatusCode.Gone, expired.Status);
        Assert.Contains("est en route", (await browser.SubmitAsync(expired, "main form", [])).Text, StringComparison.Ordinal);
        Assert.Equal(1, await site.AskAsync(db => db.OutboxMails.CountAsync(m => m.Name == "FreshLinkMail" && m.LinkPurpose == MailLinks.Account, Cancel)));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/a/inconnu")).Status);
    }

    private Task<Contact> HeadAsync() => site.AskAsync(db => db.Contacts.AsNoTracking().FirstAsync(
        c => c.CompanyId != null && db.Advances.Any(a => a.Reference == site.World.Reference && a.CompanyId == c.CompanyId), Cancel));

    private Task<(int, int, int)> CountsAsync() => site.AskAsync(async db =>
        (await db.Documents.CountAsync(Cancel), await db.AuditEntries.CountAsync(e => e.Kind == "statement", Cancel), await db.OutboxMails.CountAsync(m => m.Name == nameof(StatementOfAccountMail), Cancel)));
}
