using Alize.Data.Tasks;
using Alize.Domain.Eligibility;
using Microsoft.EntityFrameworkCore;
using static Alize.Web.Tests.Shell.TestSite;

namespace Alize.Web.Tests.Shell;

/// <summary>The page behind a personal link.</summary>
public sealed class PartnerPageTests : IAsyncLifetime
{
    private const string Company = "paul.lagrange@menuiserie.example";

    private static readonly (string, string)[] Figures = [("headcount", "12"), ("turnover", "1 900 000"), ("largestHolder", "0"), ("jobsPlanned", "4")];

    private readonly TestSite site = new();
    private Browser browser = null!;
    private string link = "";

    public async ValueTask InitializeAsync()
    {
        await site.InitializeAsync();
        browser = new(site);
        link = site.LinkOf(Company);
    }

    public ValueTask DisposeAsync()
    {
        browser.Dispose();
        return site.DisposeAsync();
    }

    [Fact]
    public async Task Opening_a_link_however_often_changes_nothing()
    {
        var before = await CountsAsync();
        await browser.OpenAsync(link);
        await browser.OpenAsync(link);
        await browser.SendAsync(new(HttpMethod.Head, link));
        await site.SettleAsync();

        Assert.Equal(200, browser.Status);
        Assert.Equal(before, await CountsAsync());
        Assert.Equal(PartnerTaskState.Open, (await site.TaskOfAsync(link)).State);
    }

    [Fact]
    public async Task The_page_says_who_is_asked_what_for_which_project_and_until_when()
    {
        await browser.OpenAsync(link);

        Assert.Contains("Demandé à Paul Lagrange, Dirigeant – Menuiserie Lagrange", browser.Text, StringComparison.Ordinal);
        Assert.Contains("Projet 2026-003 : Reprise de l’atelier voisin", browser.Text, StringComparison.Ordinal);
        Assert.Contains("Réponse attendue au plus tard le", browser.Text, StringComparison.Ordinal);
        Assert.Equal("numeric", browser.Page.QuerySelector("[name=headcount]")!.GetAttribute("inputmode"));
        Assert.Contains("ALIZÉ® Vallée de l’Ombrelle", browser.Page.QuerySelector("header")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_without_script_answers_and_the_project_goes_on()
    {
        await browser.OpenAsync(link);
        await browser.PressAsync("Answered", Figures);
        await site.SettleAsync();

        Assert.Equal(200, browser.Status);
        Assert.Equal($"{link}/done", browser.Path);
        Assert.Contains("Votre réponse est enregistrée", browser.Text, StringComparison.Ordinal);
        Assert.Contains("Envoyer mes réponses", browser.Text, StringComparison.Ordinal);
        Assert.Null(browser.Page.QuerySelector("main form"));
        Assert.Equal(ProjectStage.Instruction, await site.ReadAsync(db => db.Projects.Where(p => p.Number == "2026-003").Select(p => p.Stage).SingleAsync(Cancel)));
        Assert.Contains("127.0.0.1", (await site.TaskOfAsync(link)).Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_stands_beside_its_field_and_what_was_typed_stays()
    {
        await browser.OpenAsync(link);
        await browser.PressAsync("Answered", ("headcount", "douze"), ("turnover", "1 900 000"));

        Assert.Equal(400, browser.Status);
        Assert.Equal("douze", browser.ValueOf("headcount"));
        Assert.Equal("1 900 000", browser.ValueOf("turnover"));
        Assert.Contains("n’est pas un nombre entier", browser.Page.QuerySelector("#f-headcount-problem")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("true", browser.Page.QuerySelector("[name=headcount]")!.GetAttribute("aria-invalid"));
        Assert.Equal(PartnerTaskState.Open, (await site.TaskOfAsync(link)).State);
    }

    [Fact]
    public async Task An_answer_that_was_not_offered_is_refused()
    {
        await browser.OpenAsync(link);
        browser.Page.QuerySelector("button[name=outcome]")!.SetAttribute("value", "Paid");
        await browser.PressAsync("Paid", Figures);

        Assert.Equal(400, browser.Status);
        Assert.Contains("Choisissez l’une des réponses proposées", browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_answer_is_told_who_answered_and_when()
    {
        using var other = new Browser(site);
        await other.OpenAsync(link);
        await browser.OpenAsync(link);
        await browser.PressAsync("Answered", Figures);
        var answered = await site.TaskOfAsync(link);
        await other.PressAsync("Answered", ("headcount", "99"), ("largestHolder", "0"), ("jobsPlanned", "4"));

        Assert.Equal(200, other.Status);
        Assert.Contains("Cette demande a déjà sa réponse", other.Text, StringComparison.Ordinal);
        Assert.Contains("Paul Lagrange", other.Text, StringComparison.Ordinal);
        Assert.Contains("2 mars 2026 à 9 h", other.Text, StringComparison.Ordinal);
        Assert.Equal(answered.Answer, (await site.TaskOfAsync(link)).Answer);
    }

    [Fact]
    public async Task A_forwarded_link_says_whose_it_is_and_answers_for_that_person_alone()
    {
        using var colleague = new Browser(site);
        await colleague.OpenAsync(link);
        Assert.Contains("Demandé à Paul Lagrange", colleague.Text, StringComparison.Ordinal);
        Assert.Contains("merci de ne pas le transmettre", site.Mails().First(m => m.To.Contains(Company, StringComparison.Ordinal)).Text, StringComparison.Ordinal);

        await colleague.PressAsync("Answered", Figures);
        await site.SettleAsync();

        Assert.Equal("Paul Lagrange", (await site.TaskOfAsync(link)).AnsweredBy);   // the address it came from is kept with the answer
    }

    [Fact]
    public async Task A_form_from_elsewhere_is_refused()
    {
        await browser.OpenAsync(link);
        await browser.SendAsync(new(HttpMethod.Post, link) { Content = new FormUrlEncodedContent([new("outcome", "Answered"), new("headcount", "12")]) });

        Assert.Equal(400, browser.Status);
        Assert.Contains("Demande refusée", browser.Text, StringComparison.Ordinal);
        Assert.Equal(PartnerTaskState.Open, (await site.TaskOfAsync(link)).State);
    }

    [Fact]
    public async Task An_unknown_link_says_so()
    {
        await browser.OpenAsync(link[..^4]);

        Assert.Equal(404, browser.Status);
        Assert.Contains("Ce lien ne mène à rien", browser.Text, StringComparison.Ordinal);
        Assert.Null(browser.Page.QuerySelector("main form"));
    }

    [Fact]
    public async Task An_expired_link_offers_a_new_one_to_the_same_address()
    {
        site.Time.Advance(TimeSpan.FromDays(91));
        await browser.OpenAsync(link);
        Assert.Equal(410, browser.Status);
        Assert.Contains("Ce lien a expiré", browser.Text, StringComparison.Ordinal);

        await browser.PressAsync();
        await site.SettleAsync();
        Assert.Contains("Envoyé à p…@menuiserie.example", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Company, browser.Text, StringComparison.Ordinal);
        var fresh = site.LinkOf(Company);
        Assert.NotEqual(link, fresh);
        await browser.OpenAsync(fresh);
        Assert.Equal(200, browser.Status);
        Assert.NotNull(browser.Page.QuerySelector("button[name=outcome]"));
    }

    [Fact]
    public async Task A_request_closed_without_an_answer_says_so()
    {
        await site.ChangeTaskAsync((await site.TaskOfAsync(link)).Id, t => t.Close(PartnerTaskState.Cancelled));
        await browser.OpenAsync(link);

        Assert.Equal(410, browser.Status);
        Assert.Contains("n’attend plus de réponse", browser.Text, StringComparison.Ordinal);
        Assert.Null(browser.Page.QuerySelector("main form"));
    }

    [Fact]
    public async Task A_request_given_to_somebody_else_sends_a_link_to_that_person_alone()
    {
        var other = await site.ReadAsync(db => db.Contacts.FirstAsync(c => c.Email == "emily.carter@northwind.example", Cancel));
        await site.ChangeTaskAsync((await site.TaskOfAsync(link)).Id, t => t.AssigneeContactId = other.Id);
        await browser.OpenAsync(link);
        Assert.Equal(403, browser.Status);
        Assert.Contains("confiée à une autre personne", browser.Text, StringComparison.Ordinal);

        await browser.PressAsync();
        await site.SettleAsync();
        Assert.Contains("e…@northwind.example", browser.Text, StringComparison.Ordinal);
        Assert.Contains("emily.carter@northwind.example", site.Mails()[0].To, StringComparison.Ordinal);
        await browser.OpenAsync(site.LinkOf("emily.carter@northwind.example"));
        Assert.Equal(200, browser.Status);
        Assert.Equal("en", browser.Page.DocumentElement.GetAttribute("lang"));
        Assert.Contains("Asked of Emily Carter", browser.Text, StringComparison.Ordinal);
    }

    private Task<(int, int, int)> CountsAsync() => site.ReadAsync(async db =>
        (await db.AuditEntries.CountAsync(Cancel), await db.OutboxMails.CountAsync(Cancel), await db.PartnerTasks.SumAsync(t => t.Version, Cancel)));
}
