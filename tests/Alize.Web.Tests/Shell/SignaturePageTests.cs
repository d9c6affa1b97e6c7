using System.Text.RegularExpressions;
using Alize.Domain;
using Alize.Domain.Committee;
using Alize.Domain.Signatures;
using Alize.Workflows;
using Alize.Workflows.Committee;
using Alize.Workflows.Demo;
using Microsoft.EntityFrameworkCore;
using static Alize.Web.Tests.Shell.TestSite;

namespace Alize.Web.Tests.Shell;

/// <summary>The page that signs the convention de coopération et développement (R8, art. 6.2).</summary>
[Trait("Rule", "R8")]
public sealed class SignaturePageTests : IAsyncLifetime
{
    private const string Head = "sylvie.arnaud@tournerie.example";

    private readonly TestSite site = new();
    private Browser browser = null!;
    private string link = "";

    public async ValueTask InitializeAsync()
    {
        await site.InitializeAsync();
        browser = new(site);
        await ApproveAsync("2026-001");
        link = site.LinkOf(Head);
    }

    public ValueTask DisposeAsync()
    {
        browser.Dispose();
        return site.DisposeAsync();
    }

    [Fact]
    public async Task The_document_opens_with_the_code_of_the_second_mail_and_shows_its_fingerprint_and_who_signs()
    {
        await browser.OpenAsync(link);
        Assert.Null(browser.Page.QuerySelector(".document"));
        Assert.Contains("Hélène Marchand président du comité d’agrément En attente", browser.Text, StringComparison.Ordinal);
        await OpenDocumentAsync();
        var convention = await ConventionAsync();

        Assert.Equal(200, browser.Status);
        Assert.Equal(convention.Sha256, browser.Page.QuerySelector(".fingerprint")!.TextContent);
        Assert.Contains("règlement eIDAS, art. 25", browser.Text, StringComparison.Ordinal);
        Assert.Contains("Tournerie des Aulnes", browser.Page.QuerySelector(".document")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(convention.Signatories.Count, browser.Page.QuerySelectorAll(".signatories li").Length);
        Assert.Contains("apposé sur chacune des", browser.Text, StringComparison.Ordinal);

        await browser.OpenAsync($"{link}/document.pdf");
        var pdf = await browser.Answer.Content.ReadAsByteArrayAsync(Cancel);
        Assert.Equal(convention.Sha256, Alize.Workflows.Documents.DocumentArchive.HashOf(pdf));
        Assert.Contains("frame-ancestors 'self'", browser.Header("Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forwarded_link_opens_neither_the_document_nor_the_signature()
    {
        await browser.OpenAsync(link);
        await OpenDocumentAsync();
        using var stranger = new Browser(site);
        await stranger.OpenAsync(link);
        Assert.Null(stranger.Page.QuerySelector("[name=initials]"));
        await stranger.OpenAsync($"{link}/document.pdf");
        Assert.DoesNotContain("pdf", stranger.Header("Content-Type"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scanner_that_opens_the_link_asks_for_no_code_and_opens_nothing()
    {
        var before = await site.ReadAsync(db => db.SignatureEvidence.CountAsync(Cancel));
        for (var i = 0; i < 3; i++) await browser.OpenAsync(link);
        Assert.Equal(before, await site.ReadAsync(db => db.SignatureEvidence.CountAsync(Cancel)));
        Assert.Equal(0, await site.ReadAsync(db => db.OutboxMails.CountAsync(m => m.Name == "SigningCodeMail", Cancel)));
    }

    [Fact]
    public async Task A_wrong_code_says_how_many_tries_are_left_and_the_third_asks_for_a_new_one()
    {
        await browser.OpenAsync(link);
        await browser.PressAsync();
        await site.SettleAsync();
        var wrong = Code() == "000000" ? "111111" : "000000";
        await browser.PressAsync(null, ("code", "12"));
        Assert.NotNull(browser.Page.QuerySelector("#f-code-problem"));
        await browser.PressAsync(null, ("code", wrong));
        Assert.Equal(400, browser.Status);
        Assert.Contains("Il reste 2 essais", browser.Text, StringComparison.Ordinal);
        await browser.PressAsync(null, ("code", wrong));
        await browser.PressAsync(null, ("code", wrong));
        Assert.Contains("celui-ci est bloqué", browser.Text, StringComparison.Ordinal);
        Assert.Null(browser.Page.QuerySelector("[name=code]"));
        Assert.NotNull(browser.Page.QuerySelector("form[action*='handler=Code']"));
    }

    [Fact]
    public async Task An_expired_code_is_asked_for_anew()
    {
        await browser.OpenAsync(link);
        await browser.PressAsync();
        await site.SettleAsync();
        var code = Code();
        site.Time.Advance(TimeSpan.FromMinutes(21));
        await browser.PressAsync(null, ("code", code));
        Assert.Contains("Ce code a expiré", browser.Text, StringComparison.Ordinal);
        await browser.OpenAsync(link);
        Assert.NotNull(browser.Page.QuerySelector("form[action*='handler=Code']"));
        Assert.Null(browser.Page.QuerySelector("[name=code]"));
    }

    [Fact]
    public async Task Nobody_signs_without_initials_and_consent()
    {
        await browser.OpenAsync(link);
        await OpenDocumentAsync();
        await browser.PressAsync("Signed", ("initials", "S"));

        Assert.Equal(400, browser.Status);
        Assert.NotNull(browser.Page.QuerySelector("#f-initials-problem"));
        Assert.NotNull(browser.Page.QuerySelector("#f-consent-problem"));
        Assert.Equal("S", browser.ValueOf("initials"));
        Assert.All((await ConventionAsync()).Signatories, s => Assert.Null(s.SignedAt));
    }

    [Fact]
    public async Task A_signature_is_kept_with_its_evidence_and_the_others_see_it()
    {
        await browser.OpenAsync(link);
        await OpenDocumentAsync();
        await browser.PressAsync("Signed", ("initials", "SA"), ("consent", "true"));
        Assert.Contains("La convention attend encore", browser.Text, StringComparison.Ordinal);

        var convention = await ConventionAsync();
        var head = Assert.Single(convention.Signatories, s => s.Capacity == SignatoryCapacity.CompanyHead);
        Assert.Equal("SA", head.Initials);
        Assert.Contains("127.0.0.1", head.Evidence, StringComparison.Ordinal);
        Assert.Contains(convention.Sha256, head.Evidence, StringComparison.Ordinal);
        var line = await site.ReadAsync(async db => (await db.SignatureEvidence.OrderBy(e => e.Number).ToListAsync(Cancel))[^1]);
        Assert.Equal(("signed", "127.0.0.1", Head), (line["kind"], line["from"], line["address"]));

        await browser.OpenAsync(site.LinkOf("helene.marchand@verrerie.example"));
        Assert.Contains("Sylvie Arnaud responsable de la PME bénéficiaire Signé le", browser.Text, StringComparison.Ordinal);
        await browser.OpenAsync(link);
        Assert.Contains("Cette demande a déjà sa réponse", browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_says_why_and_ends_the_round()
    {
        await browser.OpenAsync(link);
        await OpenDocumentAsync();
        await browser.PressAsync("Refused");
        Assert.Equal(400, browser.Status);
        Assert.True(browser.Page.QuerySelector("details:has([name=reason])")!.HasAttribute("open"));

        await browser.PressAsync("Refused", ("reason", "La durée ne convient pas."));
        Assert.Contains("Les autres signatures ne sont plus demandées", browser.Text, StringComparison.Ordinal);
        Assert.Equal(ConventionState.Refused, (await ConventionAsync()).State);
        await browser.OpenAsync(site.LinkOf("helene.marchand@verrerie.example"));
        Assert.Equal(410, browser.Status);
    }

    /// <summary>Asks for the code, reads it in the mail and types it.</summary>
    private async Task OpenDocumentAsync()
    {
        await browser.PressAsync();
        await site.SettleAsync();
        await browser.PressAsync(null, ("code", Code()));
    }

    private string Code() => site.Mails().Where(m => m.To.Contains(Head, StringComparison.Ordinal))
        .Select(m => Regex.Match(m.Text, @"^(\d{6})\r?$", RegexOptions.Multiline)).First(m => m.Success).Groups[1].Value;

    private Task<CooperationConvention> ConventionAsync() =>
        site.ReadAsync(db => db.Conventions.AsNoTracking().Include(c => c.Signatories).SingleAsync(Cancel));

    private async Task ApproveAsync(string number)
    {
        var (programme, project) = await site.ReadAsync(db => db.Projects.Where(p => p.Number == number).Select(p => ValueTuple.Create(p.ProgrammeId, p.Id)).SingleAsync(Cancel));
        var (session, problems) = await site.DoAsync<SessionPlans, (Guid?, IReadOnlyList<Problem>)>(s => s.PlanAsync(
            programme, CommitteeKind.Approval, SessionPlan.At(site.Time.GetUtcNow().AddDays(14).UtcDateTime, "Salle du conseil", [project]), DemoTerritory.OperatorName, Cancel));
        Assert.Empty(problems);
        await site.SettleAsync();
        await site.WaitAsync(TimeSpan.FromDays(14));
        var members = await site.ReadAsync(async db => (await db.CommitteeSessions.AsNoTracking().SingleAsync(s => s.Id == session, Cancel))
            .Invitees.Where(i => i.IsVotingMember).Select(i => i.ContactId).ToList());
        Assert.Empty(await site.DoAsync<CommitteeSessions, IReadOnlyList<Refusal>>(
            s => s.OpenAsync(session!.Value, members.ToDictionary(m => m, _ => Presence.Room), null, DemoTerritory.OperatorName, Cancel)));
        var (lender, lead) = await site.ReadAsync(async db => (
            await db.Partners.Where(p => p.Name == "Papeteries du Val").Select(p => p.Id).SingleAsync(Cancel),
            await db.Partners.Where(p => p.Name == "Chambre de commerce du Val").Select(p => p.Id).SingleAsync(Cancel)));
        var form = new DecisionForm(
            DecisionOutcome.Approved, members.ToDictionary(m => m, _ => VoteChoice.Yes), Money.Euros(30_000), 36, 6,
            [new(lender, "Qualité", 10)], lead, "Projet solide.");
        var result = await site.DoAsync<CommitteeVotes, DecisionResult>(s => s.DecideAsync(session!.Value, project, form, DemoTerritory.OperatorName, Cancel));
        Assert.Empty(result.Refusals);
        Assert.Empty(result.Problems);
        await site.SettleAsync();
    }
}
