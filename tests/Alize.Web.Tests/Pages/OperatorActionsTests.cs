using System.Net;
using Alize.Data.Tasks;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Tests.Pages;

/// <summary>What the operator does on the pages, without JavaScript, and how a refusal reads.</summary>
public sealed class OperatorActionsTests(OperatorSite site) : IClassFixture<OperatorSite>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Rule", "R8")]
    public async Task A_payment_before_the_last_signature_is_refused_in_words_and_recorded()
    {
        var answer = await PayAsync(site.World.Debated);
        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        Assert.Contains("La convention ne le permet pas", answer.Text, StringComparison.Ordinal);
        Assert.Contains("(art. 6.2, R8)", answer.Text, StringComparison.Ordinal);
        Assert.True(await site.AskAsync(db => db.AuditEntries.AnyAsync(
            e => e.Kind == "payment-refused" && db.Projects.Any(p => p.Id == e.ProjectId && p.Number == site.World.Debated), Cancel)));
    }

    [Fact]
    [Trait("Rule", "R19")]
    public async Task A_payment_asked_twice_is_made_once()
    {
        var answer = await PayAsync(site.World.Paid);
        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        Assert.Contains("il a déjà été fait", answer.Text, StringComparison.Ordinal);
        Assert.Equal(1, await site.AskAsync(db => db.Advances.CountAsync(Cancel)));
    }

    [Fact]
    [Trait("Rule", "R2")]
    public async Task The_vote_of_somebody_not_present_is_refused_and_nothing_is_recorded()
    {
        using var browser = await site.SignInAsync();
        var absent = await site.AskAsync(db => db.CommitteeSessions.AsNoTracking().Where(s => s.Id == site.World.OpenSessionId)
            .SelectMany(s => s.Invitees).Where(i => i.IsVotingMember && i.Presence == Presence.Absent).Select(i => i.ContactId).SingleAsync(Cancel));
        var page = await browser.GetAsync($"{OperatorWorld.Root}/sessions/{site.World.OpenSessionId}");
        Assert.Empty(page.Page.QuerySelectorAll($"input[name='vote-{absent}']"));
        var answer = await browser.SubmitAsync(page, "form[action*='handler=Decide']", new() { [$"vote-{absent}"] = "Yes", ["reason"] = "Motif gardé" });
        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        Assert.Contains("n’est pas un membre présent à la séance", answer.Text, StringComparison.Ordinal);
        Assert.Equal("Motif gardé", answer.Page.QuerySelector("textarea[name=reason]")!.TextContent.Trim());
        Assert.False(await site.AskAsync(db => db.Decisions.AnyAsync(d => d.SessionId == site.World.OpenSessionId, Cancel)));
    }

    [Fact]
    [Trait("Rule", "R5")]
    public async Task Money_without_competences_is_refused_in_words()
    {
        using var browser = await site.SignInAsync();
        var page = await browser.GetAsync($"{OperatorWorld.Root}/sessions/{site.World.OpenSessionId}");
        var answer = await browser.SubmitAsync(page, "form[action*='handler=Decide']", Votes(page, "Yes"));
        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        Assert.Contains("La convention ne le permet pas", answer.Text, StringComparison.Ordinal);
        Assert.Contains("R5)", answer.Text, StringComparison.Ordinal);
        Assert.NotNull(answer.Page.QuerySelector("input[name^=vote-][value=Yes][checked]"));
    }

    [Fact]
    [Trait("Rule", "R3")]
    public async Task A_session_presided_by_somebody_who_is_not_of_a_company_does_not_open()
    {
        using var browser = await site.SignInAsync();
        var relay = await site.AskAsync(db => db.Contacts.Where(c => c.FullName == "Julien Morel" && c.Role == ContactRole.CommitteeMember).Select(c => c.Id).SingleAsync(Cancel));
        var page = await browser.GetAsync($"{OperatorWorld.Root}/sessions/{site.World.PlannedSessionId}");
        var answer = await browser.SubmitAsync(page, "form[action*='handler=Open']", new() { ["chair"] = relay.ToString() });
        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        Assert.Contains("Julien Morel", answer.Page.QuerySelector(".problems")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("R3)", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repayment_that_cannot_be_is_said_beside_its_field_and_what_was_typed_stays()
    {
        using var browser = await site.SignInAsync();
        var page = await browser.GetAsync($"{OperatorWorld.Root}/advances/{site.World.Reference}");
        var answer = await browser.SubmitAsync(page, "main form", new() { ["amount"] = "beaucoup", ["receivedOn"] = "2030-01-01", ["bankReference"] = "VIR-2026-1107" });
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(3, answer.Page.QuerySelectorAll(".field-wrong").Length);
        Assert.Equal("beaucoup", answer.Page.QuerySelector("input[name=amount]")!.GetAttribute("value"));
    }

    [Fact]
    public async Task A_repayment_is_recorded_once_and_settles_the_oldest_instalment()
    {
        using var browser = await site.SignInAsync();
        var page = await browser.GetAsync($"{OperatorWorld.Root}/advances/{site.World.Reference}");
        Dictionary<string, string> typed = new() { ["amount"] = "349,50", ["receivedOn"] = "2027-01-14", ["bankReference"] = "VIR-2027-0114" };
        var answer = await browser.SubmitAsync(page, "main form", typed);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains("Soldée, 56 jours de retard", answer.Text, StringComparison.Ordinal);
        var again = await browser.SubmitAsync(answer, "main form", typed);
        Assert.Contains("déjà enregistré", again.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_is_signalled_and_its_procedure_begins()
    {
        using var browser = await site.SignInAsync();
        var page = await browser.GetAsync(OperatorWorld.Root + "/projects/new");
        var partner = await site.AskAsync(db => db.Partners.Where(p => p.ProgrammeId == site.World.ProgrammeId && p.Kind == PartnerKind.RelayStructure).Select(p => p.Id).SingleAsync(Cancel));
        var wrong = await browser.SubmitAsync(page, "main form", new() { ["partner"] = partner.ToString(), ["Company"] = "Scierie du Lac", ["Siret"] = "123" });
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Equal("Scierie du Lac", wrong.Page.QuerySelector("input[name=Company]")!.GetAttribute("value"));
        Assert.NotNull(wrong.Page.QuerySelector("#f-Siret-problem"));
        var right = await browser.SubmitAsync(wrong, "main form", new()
        {
            ["Siret"] = "732 829 320 00074",
            ["Commune"] = "Le Pré-Haut",
            ["HeadName"] = "Jeanne Petit",
            ["HeadEmail"] = "jeanne.petit@scierie.example",
            ["Title"] = "Séchoir solaire",
        });
        Assert.Equal(HttpStatusCode.OK, right.Status);
        Assert.Contains("Séchoir solaire", right.Text, StringComparison.Ordinal);
        Assert.Contains("Jeanne Petit", right.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_operator_answers_the_operators_task_and_the_project_goes_on()
    {
        using var browser = await site.SignInAsync();
        var task = await site.AskAsync(db => db.PartnerTasks.AsNoTracking()
            .FirstAsync(t => t.State == PartnerTaskState.Open && t.Title.Contains("Imprimerie Serein"), Cancel));
        var page = await browser.GetAsync($"{OperatorWorld.Root}/tasks/{task.Id}");
        var empty = await browser.SubmitAsync(page, "main form", new() { ["outcome"] = "ToCommittee" });
        Assert.Equal(HttpStatusCode.BadRequest, empty.Status);
        Assert.NotNull(empty.Page.QuerySelector(".field-wrong textarea[name=schemesConsidered]"));
        var answer = await browser.SubmitAsync(empty, "main form", new() { ["outcome"] = "ToCommittee", ["schemesConsidered"] = "Aucun dispositif ne convient." });
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(ProjectStage.Committee, await site.AskAsync(db => db.Projects.Where(p => p.Id == task.ProjectId).Select(p => p.Stage).SingleAsync(Cancel)));
    }

    [Fact]
    public async Task A_partners_task_is_shown_but_not_answered_by_the_operator()
    {
        using var browser = await site.SignInAsync();
        var task = await site.AskAsync(db => db.PartnerTasks.AsNoTracking().FirstAsync(t => t.State == PartnerTaskState.Open && t.Title.StartsWith("Appui"), Cancel));
        var page = await browser.GetAsync($"{OperatorWorld.Root}/tasks/{task.Id}");
        Assert.Empty(page.Page.QuerySelectorAll("main form"));
        var token = page.Page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        var answer = await browser.PostAsync($"{OperatorWorld.Root}/tasks/{task.Id}", [new("__RequestVerificationToken", token), new("outcome", "Named"), new("personName", "Moi")]);
        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        Assert.Contains("depuis son courriel", answer.Text, StringComparison.Ordinal);
        Assert.Equal(PartnerTaskState.Open, await site.AskAsync(db => db.PartnerTasks.Where(t => t.Id == task.Id).Select(t => t.State).SingleAsync(Cancel)));
    }

    private async Task<Answer> PayAsync(string number)
    {
        using var browser = await site.SignInAsync();
        var address = $"{OperatorWorld.Root}/projects/{number}";
        var token = (await browser.GetAsync(address)).Page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        return await browser.PostAsync($"{address}?handler=Pay", [new("__RequestVerificationToken", token)]);
    }

    private static Dictionary<string, string> Votes(Answer page, string choice) =>
        page.Page.QuerySelectorAll("input[name^=vote-]").Select(i => i.GetAttribute("name")!).Distinct().ToDictionary(name => name, _ => choice);
}

/// <summary>A session run from its opening to its end on the page alone.</summary>
public sealed class SessionPageTests(OperatorSite site) : IClassFixture<OperatorSite>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Rule", "R2")]
    public async Task A_decision_is_printed_with_its_proof_and_the_session_is_closed()
    {
        using var browser = await site.SignInAsync();
        var here = $"{OperatorWorld.Root}/sessions/{site.World.OpenSessionId}";
        var page = await browser.GetAsync(here);
        var partner = page.Page.QuerySelector("select[name=partner-0] option[value]:not([value=''])")!.GetAttribute("value")!;
        var typed = page.Page.QuerySelectorAll("input[name^=vote-]").Select(i => i.GetAttribute("name")!).Distinct().ToDictionary(name => name, _ => "Yes");
        foreach (var (name, value) in new[] { ("partner-0", partner), ("field-0", "Logistique"), ("halfDays-0", "8"), ("reason", "Emplois durables.") }) typed[name] = value;
        var decided = await browser.SubmitAsync(page, "form[action*='handler=Decide']", typed);
        Assert.Equal(HttpStatusCode.OK, decided.Status);
        Assert.Contains("3 × 8 = 24 est au moins égal à 2 × 8 = 16", decided.Text, StringComparison.Ordinal);
        Assert.Equal(DecisionOutcome.Approved, await site.AskAsync(db => db.Decisions.Where(d => d.SessionId == site.World.OpenSessionId).Select(d => d.Outcome).SingleAsync(Cancel)));
        var closed = await browser.SubmitAsync(decided, "form[action*='handler=Close']", []);
        Assert.Contains("La séance est levée", closed.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, closed.Status);
        var file = await browser.GetAsync($"{OperatorWorld.Root}/projects/{site.World.Debated}");
        Assert.Contains("Convention de coopération et développement", file.Text, StringComparison.Ordinal);
        Assert.Contains("engage 4 journées en « Logistique »", file.Text, StringComparison.Ordinal);
    }
}
