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
    public async Task The_signatory_sees_the_text_its_fingerprint_and_who_signs()
    {
        await browser.OpenAsync(link);
        var convention = await ConventionAsync();

        Assert.Equal(200, browser.Status);
        Assert.Equal(convention.Sha256, browser.Page.QuerySelector(".fingerprint")!.TextContent);
        Assert.Contains("règlement eIDAS, art. 25", browser.Text, StringComparison.Ordinal);
        Assert.Contains("Tournerie des Aulnes", browser.Page.QuerySelector(".document")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(convention.Signatories.Count, browser.Page.QuerySelectorAll(".signatories li").Length);
        Assert.Contains("Hélène Marchand président du comité d’agrément En attente", browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_signs_without_initials_and_consent()
    {
        await browser.OpenAsync(link);
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
        await browser.PressAsync("Signed", ("initials", "SA"), ("consent", "true"));
        Assert.Contains("La convention attend encore", browser.Text, StringComparison.Ordinal);

        var convention = await ConventionAsync();
        var head = Assert.Single(convention.Signatories, s => s.Capacity == SignatoryCapacity.CompanyHead);
        Assert.Equal("SA", head.Initials);
        Assert.Contains("127.0.0.1", head.Evidence, StringComparison.Ordinal);
        Assert.Contains(convention.Sha256, head.Evidence, StringComparison.Ordinal);

        await browser.OpenAsync(site.LinkOf("helene.marchand@verrerie.example"));
        Assert.Contains("Sylvie Arnaud responsable de la PME bénéficiaire Signé le", browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_says_why_and_ends_the_round()
    {
        await browser.OpenAsync(link);
        await browser.PressAsync("Refused");
        Assert.Equal(400, browser.Status);
        Assert.True(browser.Page.QuerySelector("details:has([name=reason])")!.HasAttribute("open"));

        await browser.PressAsync("Refused", ("reason", "La durée ne convient pas."));
        Assert.Contains("Les autres signatures ne sont plus demandées", browser.Text, StringComparison.Ordinal);
        Assert.Equal(ConventionState.Refused, (await ConventionAsync()).State);
        await browser.OpenAsync(site.LinkOf("helene.marchand@verrerie.example"));
        Assert.Equal(410, browser.Status);
    }

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
