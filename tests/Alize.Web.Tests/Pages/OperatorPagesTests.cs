using System.Net;
using Alize.Data.Tasks;
using Alize.Domain.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Tests.Pages;

/// <summary>What everybody may read, and what nobody but the operator may do.</summary>
public sealed class OperatorPagesTests(OperatorSite site) : IClassFixture<OperatorSite>
{
    [Fact]
    public async Task Each_page_opens_with_its_data()
    {
        using var browser = await site.SignInAsync();
        foreach (var (path, words) in Pages())
        {
            var answer = await browser.GetAsync(OperatorWorld.Root + path);
            Assert.True(answer.Status == HttpStatusCode.OK, $"{path} answered {answer.Status}");
            Assert.True(answer.Text.Contains(words, StringComparison.Ordinal), $"{path} should say '{words}', and says: {answer.Text}");
            Assert.NotEmpty(answer.Page.Title!);
            Assert.Single(answer.Page.QuerySelectorAll("h1"));
        }
    }

    [Fact]
    public async Task A_controller_reads_each_page_and_finds_no_form_that_changes_something()
    {
        using var browser = await site.SignInAsync(OperatorSite.Controller, OperatorSite.Password);
        foreach (var (path, _) in Pages())
        {
            var answer = await browser.GetAsync(OperatorWorld.Root + path);
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.Empty(answer.Page.QuerySelectorAll("main form[method=post]"));
        }
    }

    [Fact]
    public async Task A_controller_changes_nothing()
    {
        using var browser = await site.SignInAsync(OperatorSite.Controller, OperatorSite.Password);
        var token = (await browser.GetAsync(OperatorWorld.Root + "/projects")).Page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        var received = await site.AskAsync(db => db.RepaymentsReceived.CountAsync(TestContext.Current.CancellationToken));
        foreach (var path in new[]
                 {
                     "/projects/new", $"/projects/{site.World.Paid}?handler=Pay", "/sessions/new", $"/sessions/{site.World.OpenSessionId}?handler=Close",
                     $"/sessions/{site.World.OpenSessionId}?handler=Decide&project={site.World.Debated}", $"/advances/{site.World.Reference}", $"/tasks/{await OpenTaskAsync()}",
                 })
        {
            var answer = await browser.PostAsync(OperatorWorld.Root + path, [new("__RequestVerificationToken", token), new("amount", "10"), new("receivedOn", "2027-01-04"), new("bankReference", "X")]);
            Assert.True(answer.Status == HttpStatusCode.Forbidden, $"{path} answered {answer.Status}");
        }

        Assert.Equal(received, await site.AskAsync(db => db.RepaymentsReceived.CountAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task What_belongs_to_another_programme_is_not_found()
    {
        using var browser = await site.SignInAsync(OperatorSite.OtherOperator, OperatorSite.Password);
        var other = $"/p/{OperatorSite.OtherSlug}";
        foreach (var path in new[]
                 {
                     $"/projects/{site.World.Paid}", $"/sessions/{site.World.OpenSessionId}", $"/advances/{site.World.Reference}", $"/tasks/{await OpenTaskAsync()}",
                 })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(other + path)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(OperatorWorld.Root + path)).Status);
        }

        foreach (var (path, _) in Pages().Where(p => p.Path.Count(c => c == '/') == 1 && !p.Path.Contains('?', StringComparison.Ordinal)))
        {
            var answer = await browser.GetAsync(other + path);
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.NotNull(answer.Page.QuerySelector(path is "/accounts" or "/templates" ? ".tiles" : ".empty"));
            Assert.DoesNotContain("Tournerie", answer.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_project_is_found_by_its_company_its_number_and_its_siret()
    {
        using var browser = await site.SignInAsync();
        foreach (var query in new[] { "tournerie", site.World.Paid, "412 345 670 00019", "412345670" })
        {
            var answer = await browser.GetAsync($"{OperatorWorld.Root}/projects?q={Uri.EscapeDataString(query)}");
            Assert.Contains("Tournerie des Aulnes", answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("Conserverie", answer.Text, StringComparison.Ordinal);
        }

        Assert.Contains("Aucun projet ne correspond", (await browser.GetAsync(OperatorWorld.Root + "/projects?q=%25_%25")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_board_card_says_what_the_project_waits_for_and_since_when()
    {
        using var browser = await site.SignInAsync();
        var card = (await browser.GetAsync(OperatorWorld.Root + "/projects")).Page.QuerySelectorAll(".project-card").Single(c => c.TextContent.Contains("Imprimerie Serein", StringComparison.Ordinal));
        Assert.Contains("En retard", card.TextContent, StringComparison.Ordinal);
        Assert.Contains("Camille Roussel", card.TextContent, StringComparison.Ordinal);
        Assert.Matches(@"depuis \d+ jours", card.TextContent);
    }

    private (string Path, string Words)[] Pages() =>
    [
        ("/projects", "Conserverie du Pré-Haut"), ("/projects?show=ended", "Menuiserie Lagrange"), ("/projects?stage=Repayment", "Atelier d’usinage cinq axes"), ("/projects/new", "Signaler un projet"),
        ($"/projects/{site.World.Paid}", "3 × 7 = 21 est au moins égal à 2 × 8 = 16"), ($"/projects/{site.World.Debated}", "Aide régionale à l’investissement"),
        ("/sessions", "Ouverte"), ("/sessions/new", "Prévoir une séance"), ($"/sessions/{site.World.OpenSessionId}", "Crédits disponibles"),
        ($"/sessions/{site.World.HeldSessionId}", "Compte rendu"), ($"/sessions/{site.World.PlannedSessionId}", "Qui préside"),
        ("/tasks", "Alerte donnée"), ("/competences", "Appuis en compétences"), ("/advances", "28 349,50 €"), ($"/advances/{site.World.Reference}", "57 jours de retard"),
        ("/bank", "Tout est rapproché"), ("/bank/transfers", "à Tournerie des Aulnes"), ("/bank/statements", "Aucun relevé"), ("/bank/accounts", "FR14 2004 1010 0505 0001 3M02 606"),
        ("/accounts/fec", "SIREN de l’opérateur local"),
        ("/deadlines", "échéance 4, le jour même"), ("/accounts", "Avances à recevoir 2748 28 349,50 €"), ("/accounts/AV/5121", "Versement de l’avance"),
        ("/accounts/CO/8025", "Appui engagé : Qualité"), ("/accounts/entries/2026-1", "annexe 1"), ("/accounts/pledges", "Verrerie de l’Ombrelle 60 000,00 €30 journées"), ("/accounts/costs", "sur 6 000,00 €"),
        ("/advances?show=late", site.World.Reference), ("/aid/rates", "4,36 %"), ("/advances/loans", "le dispositif les suit"),
        ("/companies/41234567000019/aid", "Journées comptées"),
        ($"/projects/{site.World.Debated}/terms", "d’équivalent-subvention brut"),
        ("/documents", "Convention de coopération et développement"), ("/templates", "Compte rendu de séance"),
        ("/templates/CooperationConventionDocument.fr", "Tournerie des Aulnes"), ("/templates/AskPartnerMail.en", "Demande à une personne"),
    ];

    private Task<Guid> OpenTaskAsync() => site.AskAsync(db => db.PartnerTasks.AsNoTracking()
        .Where(t => t.State == PartnerTaskState.Open && db.Contacts.Any(c => c.Id == t.AssigneeContactId && c.Role == ContactRole.OperatorStaff))
        .OrderBy(t => t.CreatedAt).Select(t => t.Id).FirstAsync(TestContext.Current.CancellationToken));
}
