using Alize.Domain;
using Alize.Domain.Committee;
using Alize.Workflows;
using Alize.Workflows.Committee;
using Alize.Workflows.Demo;
using Microsoft.EntityFrameworkCore;
using static Alize.Web.Tests.Shell.TestSite;

namespace Alize.Web.Tests.Shell;

/// <summary>The page a member opens from an invitation: the session, its files, the answer and the vote.</summary>
public sealed class SessionPageTests : IAsyncLifetime
{
    private const string Member = "karim.benali@papeteries.example";
    private const string Astrees = "anne.vidal@astrees.example";
    private const string Number = "2026-001";

    private readonly TestSite site = new();
    private Browser browser = null!;
    private Guid session;
    private Guid project;

    public async ValueTask InitializeAsync()
    {
        await site.InitializeAsync();
        browser = new(site);
        var (programme, id) = await site.ReadAsync(db => db.Projects.Where(p => p.Number == Number).Select(p => ValueTuple.Create(p.ProgrammeId, p.Id)).SingleAsync(Cancel));
        project = id;
        var (planned, problems) = await site.DoAsync<SessionPlans, (Guid?, IReadOnlyList<Problem>)>(s => s.PlanAsync(
            programme, CommitteeKind.Approval, SessionPlan.At(site.Time.GetUtcNow().AddDays(14).UtcDateTime, "Salle du conseil", project), DemoTerritory.OperatorName, Cancel));
        Assert.Empty(problems);
        session = planned!.Value;
        await site.SettleAsync();
    }

    public ValueTask DisposeAsync()
    {
        browser.Dispose();
        return site.DisposeAsync();
    }

    [Fact]
    public async Task An_invited_person_answers_from_the_page_and_looking_changes_nothing()
    {
        var link = site.SessionLinkOf(Member);
        await browser.OpenAsync(link);
        await browser.OpenAsync(link);
        Assert.Equal(InvitationReply.None, await ReplyAsync());
        Assert.Contains("Vous n’avez pas encore répondu", browser.Text, StringComparison.Ordinal);

        await browser.PressAsync("Accepted");

        Assert.Equal(200, browser.Status);
        Assert.Contains("Vous avez répondu que vous venez", browser.Text, StringComparison.Ordinal);
        Assert.Equal(InvitationReply.Accepted, await ReplyAsync());
    }

    [Fact]
    public async Task The_letter_that_comes_with_the_invitation_is_saved_from_the_mailbox_as_it_was_kept()
    {
        await browser.OpenAsync($"/mailbox/{site.Mails().First(m => m.To.Contains(Member, StringComparison.Ordinal)).Id}");
        var files = browser.Page.QuerySelectorAll("a[href*='/files/']");
        Assert.Equal("seance.ics", files[0].TextContent);

        await browser.OpenAsync(files[1].GetAttribute("href")!);
        Assert.Equal("application/pdf", browser.Header("Content-Type"));
        var kept = await site.ReadAsync(db => db.Documents.AsNoTracking().SingleAsync(d => d.Kind == nameof(InvitationDocument), Cancel));
        Assert.Equal(kept.Content, await browser.Answer.Content.ReadAsByteArrayAsync(Cancel));
        await browser.OpenAsync(files[1].GetAttribute("href")!.Replace("/files/2", "/files/3", StringComparison.Ordinal));
        Assert.Equal(404, browser.Status);
    }

    [Fact]
    public async Task The_file_shows_what_is_decided_on_and_no_other_project_can_be_read()
    {
        await browser.OpenAsync($"{site.SessionLinkOf(Member)}/{Number}");
        Assert.Contains("Les cinq critères", browser.Text, StringComparison.Ordinal);
        Assert.Contains("Reste possible", browser.Text, StringComparison.Ordinal);
        Assert.Contains("30 échéances", browser.Text, StringComparison.Ordinal);

        await browser.OpenAsync($"{site.SessionLinkOf(Member)}/2026-002");
        Assert.Equal(404, browser.Status);
    }

    [Fact]
    public async Task The_file_previews_the_convention_and_the_certificate_with_the_values_asked_for()
    {
        await browser.OpenAsync($"{site.SessionLinkOf(Member)}/{Number}");

        var previews = browser.Page.QuerySelectorAll("details:has(.document)");
        Assert.Equal(["Convention de coopération et développement – Tournerie des Aulnes", "Attestation d’aide de minimis – Tournerie des Aulnes"], previews.Select(p => p.QuerySelector("summary")!.TextContent.Trim()));
        Assert.All(previews, p => Assert.Contains("Aperçu", p.TextContent, StringComparison.Ordinal));
        foreach (var words in new[] { "30 000,00 €", "Sylvie Arnaud", "Hélène Marchand", "Le décompte des voix sera inscrit ici", "16 mars 2026", "Organisation de la production", "les valeurs sont celles demandées" })
            Assert.Contains(words, browser.Text, StringComparison.Ordinal);
        Assert.Equal(0, await site.ReadAsync(db => db.Documents.CountAsync(d => d.Kind == "CooperationConventionDocument" || d.Kind == "AidCertificateDocument", Cancel)));
    }

    [Fact]
    public async Task Once_put_to_the_vote_the_preview_has_the_values_voted_on_and_goes_with_the_decision()
    {
        await VoteAsync();
        await browser.OpenAsync($"{site.SessionLinkOf(Member)}/{Number}");
        foreach (var words in new[] { "mises aux voix", "Papeteries du Val", "5 journées", "3 500,00 €", "Karim Benali" }) Assert.Contains(words, browser.Text, StringComparison.Ordinal);

        var form = await site.ReadAsync(async db => Ballots.ProposalOf(await db.Ballots.SingleAsync(Cancel)));
        Assert.NotNull((await site.DoAsync<CommitteeVotes, DecisionResult>(v => v.DecideAsync(session, project, form, DemoTerritory.OperatorName, Cancel))).Decision);
        await site.SettleAsync();
        await browser.OpenAsync($"{site.SessionLinkOf(Member)}/{Number}");
        Assert.Null(browser.Page.QuerySelector("details:has(.document)"));
    }

    [Fact]
    [Trait("Rule", "R2")]
    public async Task A_member_present_votes_from_the_page_and_may_change_until_the_count()
    {
        await VoteAsync();
        await browser.OpenAsync(site.SessionLinkOf(Member));
        Assert.Contains("Agréer le projet", browser.Text, StringComparison.Ordinal);

        await browser.PressAsync("No");
        Assert.Contains("Votre voix : Contre", browser.Text, StringComparison.Ordinal);
        await browser.PressAsync("Yes");

        var vote = Assert.Single((await site.ReadAsync(db => db.Ballots.AsNoTracking().SingleAsync(Cancel))).Votes);
        Assert.Equal(VoteChoice.Yes, vote.Choice);
    }

    [Fact]
    [Trait("Rule", "R2")]
    public async Task ASTREES_follows_the_vote_without_a_voice()
    {
        await VoteAsync();
        await browser.OpenAsync(site.SessionLinkOf(Astrees));
        Assert.Contains("sans voix délibérative", browser.Text, StringComparison.Ordinal);
        Assert.Null(browser.Page.QuerySelector("button[name=choice]"));
    }

    [Fact]
    public async Task A_vote_that_arrives_after_the_count_says_so_and_changes_nothing()
    {
        await VoteAsync();
        await browser.OpenAsync(site.SessionLinkOf(Member));
        var form = await site.ReadAsync(async db => Ballots.ProposalOf(await db.Ballots.SingleAsync(Cancel)));
        var result = await site.DoAsync<CommitteeVotes, DecisionResult>(v => v.DecideAsync(session, project, form, DemoTerritory.OperatorName, Cancel));
        Assert.NotNull(result.Decision);

        await browser.PressAsync("Yes");

        Assert.Equal(409, browser.Status);
        Assert.Contains("Ce vote est terminé", browser.Text, StringComparison.Ordinal);
        Assert.Empty((await site.ReadAsync(db => db.Ballots.AsNoTracking().SingleAsync(Cancel))).Votes);
    }

    [Fact]
    public async Task A_session_over_says_that_the_minutes_come_by_mail()
    {
        await OpenAsync();
        Assert.Empty(await site.DoAsync<CommitteeSessions, IReadOnlyList<Problem>>(s => s.CloseAsync(session, DemoTerritory.OperatorName, Cancel)));
        await browser.OpenAsync(site.SessionLinkOf(Member));
        Assert.Contains("Séance terminée", browser.Text, StringComparison.Ordinal);
        Assert.Empty(browser.Page.QuerySelectorAll("main form"));
        await browser.OpenAsync($"{site.SessionLinkOf(Member)}?handler=Minutes");
        Assert.Equal(404, browser.Status);
    }

    [Fact]
    [Trait("Rule", "R4")]
    public async Task Once_approved_the_sealed_minutes_are_read_from_the_links_of_those_invited()
    {
        await OpenAsync();
        Assert.Empty(await site.DoAsync<CommitteeSessions, IReadOnlyList<Problem>>(s => s.CloseAsync(session, DemoTerritory.OperatorName, Cancel)));
        await site.SettleAsync();
        await browser.OpenAsync(site.LinkOf("helene.marchand@verrerie.example"));
        await browser.PressAsync("Approved");
        await site.SettleAsync();

        await browser.OpenAsync(site.SessionLinkOf(Astrees));
        await browser.OpenAsync(browser.Page.QuerySelector("a[href$='handler=Minutes']")!.GetAttribute("href")!);
        Assert.Equal("application/pdf", browser.Header("Content-Type"));
        Assert.True(Alize.Workflows.Signatures.PdfSeal.Check(await browser.Answer.Content.ReadAsByteArrayAsync(Cancel)).IsWhole);
    }

    [Fact]
    public async Task A_session_called_off_says_why()
    {
        Assert.Empty(await site.DoAsync<SessionPlans, IReadOnlyList<Problem>>(s => s.CallOffAsync(session, "Trop peu de dossiers", DemoTerritory.OperatorName, Cancel)));
        await browser.OpenAsync(site.SessionLinkOf(Member));
        Assert.Contains("Séance annulée Trop peu de dossiers", browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_link_offers_a_new_one_to_its_rightful_address_only()
    {
        var link = site.SessionLinkOf(Member);
        site.Time.Advance(TimeSpan.FromDays(91));
        await browser.OpenAsync(link);
        Assert.Equal(410, browser.Status);
        Assert.Contains("k…@papeteries.example", browser.Text, StringComparison.Ordinal);

        await browser.PressAsync();
        await site.SettleAsync();

        Assert.NotEqual(link, site.SessionLinkOf(Member));
        await browser.OpenAsync(site.SessionLinkOf(Member));
        Assert.Equal(200, browser.Status);
    }

    [Fact]
    public async Task A_link_that_was_cut_leads_nowhere()
    {
        await browser.OpenAsync(site.SessionLinkOf(Member)[..^3]);
        Assert.Equal(404, browser.Status);
    }

    private async Task OpenAsync()
    {
        await site.WaitAsync(TimeSpan.FromDays(14));
        var members = await site.ReadAsync(async db => (await db.CommitteeSessions.AsNoTracking().SingleAsync(s => s.Id == session, Cancel)).Invitees.Select(i => i.ContactId).ToList());
        Assert.Empty(await site.DoAsync<CommitteeSessions, IReadOnlyList<Refusal>>(
            s => s.OpenAsync(session, members.ToDictionary(m => m, _ => Presence.Video), null, DemoTerritory.OperatorName, Cancel)));
    }

    private async Task VoteAsync()
    {
        await OpenAsync();
        var lender = await site.ReadAsync(db => db.Partners.Where(p => p.Name == "Papeteries du Val").Select(p => p.Id).SingleAsync(Cancel));
        var form = new DecisionForm(
            DecisionOutcome.Approved, new Dictionary<Guid, VoteChoice>(), Money.Euros(30_000), 36, 6, [new(lender, "Qualité", 10)], null, "Projet solide.");
        var (refusals, problems) = await site.DoAsync<Ballots, (IReadOnlyList<Refusal>, IReadOnlyList<Problem>)>(
            b => b.OpenAsync(session, project, form, DemoTerritory.OperatorName, Cancel));
        Assert.Empty(refusals);
        Assert.Empty(problems);
    }

    private Task<InvitationReply> ReplyAsync() => site.ReadAsync(async db =>
    {
        var id = await db.Contacts.Where(c => c.Email == Member && c.Role == Domain.Programmes.ContactRole.CommitteeMember).Select(c => c.Id).SingleAsync(Cancel);
        return (await db.CommitteeSessions.AsNoTracking().SingleAsync(s => s.Id == session, Cancel)).Invitees.Single(i => i.ContactId == id).Reply;
    });
}
