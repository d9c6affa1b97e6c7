using Alize.Domain;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Alize.Workflows.Committee;
using Alize.Workflows.Eligibility;
using Microsoft.EntityFrameworkCore;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Procedures;

public sealed class CommitteeTests : IAsyncLifetime
{
    private readonly Territory territory = new();

    public ValueTask InitializeAsync() => territory.InitializeAsync();

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Fact]
    public async Task A_deferred_project_comes_back_and_may_be_approved()
    {
        var project = await territory.ReadyForCommitteeAsync();
        var (first, members) = await territory.OpenSessionAsync(project);
        var deferred = await territory.DecideAsync(first, project, await territory.FormAsync(members, yes: 9, no: 0) with { Proposal = DecisionOutcome.Deferred });
        Assert.Equal(DecisionOutcome.Deferred, deferred.Decision!.Outcome);
        Assert.Equal(ProjectStage.Instruction, (await territory.ProjectAsync(project)).Stage);

        await territory.AnswerAsync((await territory.OpenTasksAsync(project)).Single(), "ToCommittee", ("schemesConsidered", "Revu."));
        var (second, again) = await territory.OpenSessionAsync(project);
        var approved = await territory.DecideAsync(second, project, await territory.FormAsync(again, yes: 6, no: 3));

        Assert.Equal(DecisionOutcome.Approved, approved.Decision!.Outcome);
        Assert.Equal(ProjectStage.Signature, (await territory.ProjectAsync(project)).Stage);
        Assert.Equal(2, await territory.ReadAsync(db => db.Decisions.CountAsync(Cancel)));
    }

    [Fact]
    [Trait("Rule", "R2")]
    public async Task Five_votes_of_nine_present_reject_the_project()
    {
        var project = await territory.ReadyForCommitteeAsync();
        var (session, members) = await territory.OpenSessionAsync(project);

        var result = await territory.DecideAsync(session, project, await territory.FormAsync(members, yes: 5, no: 1));

        Assert.Equal(DecisionOutcome.Rejected, result.Decision!.Outcome);
        Assert.Equal(Money.Zero, result.Decision.Advance);
        Assert.Equal(ProjectStage.Rejected, (await territory.ProjectAsync(project)).Stage);
        Assert.Empty(await territory.OpenTasksAsync(project));   // once decided, nobody is asked any more
        Assert.Equal(0, await territory.ReadAsync(db => db.CompetenceCommitments.CountAsync(Cancel)));
    }

    [Fact]
    [Trait("Rule", "R2")]
    public async Task A_vote_by_someone_absent_is_refused_and_nothing_is_written()
    {
        var project = await territory.ReadyForCommitteeAsync();
        var (session, members) = await territory.OpenSessionAsync(project);
        await territory.DoAsync<CommitteeSessions, IReadOnlyList<Problem>>(
            s => s.AttendAsync(session, new Dictionary<Guid, Presence> { [members[8]] = Presence.Left }, "Camille Roussel", Cancel));
        var before = await territory.ReadAsync(db => db.AuditEntries.CountAsync(Cancel));

        var result = await territory.DecideAsync(session, project, await territory.FormAsync(members, yes: 6, no: 3));

        Assert.Null(result.Decision);
        Assert.Contains("n’est pas un membre présent", Assert.Single(result.Problems).Sentence, StringComparison.Ordinal);
        Assert.Equal(0, await territory.ReadAsync(db => db.Decisions.CountAsync(Cancel)));
        Assert.Equal(before, await territory.ReadAsync(db => db.AuditEntries.CountAsync(Cancel)));
    }

    [Fact]
    [Trait("Rule", "R6")]
    public async Task An_advance_of_37_months_is_refused_and_the_refusal_recorded() =>
        await RefusedAsync("R6", "advance-too-long", form => form with { Months = 37 });

    [Fact]
    [Trait("Rule", "R5")]
    public async Task An_advance_without_competences_is_refused() =>
        await RefusedAsync("R5", "money-without-competences", form => form with { Commitments = [] });

    [Fact]
    [Trait("Rule", "R7")]
    public async Task An_own_share_of_24_percent_is_refused() =>
        await RefusedAsync("R7", "own-share-too-small", form => form, Eligible with { OwnShare = "43 200" });

    [Fact]
    [Trait("Rule", "R7")]
    public async Task An_advance_beyond_the_credits_is_refused() =>
        await RefusedAsync("R7", "credits-not-available", form => form with { Advance = Money.Euros(225_001) });

    [Fact]
    public async Task A_decision_taken_by_two_operators_at_once_is_recorded_once()
    {
        var project = await territory.ReadyForCommitteeAsync();
        var (session, members) = await territory.OpenSessionAsync(project);
        var form = await territory.FormAsync(members, yes: 6, no: 2);

        var results = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => territory.DecideAsync(session, project, form), Cancel)));

        Assert.Single(results, r => r.Decision is not null);
        Assert.Single(results.Single(r => r.Decision is null).Problems);
        Assert.Equal(1, await territory.ReadAsync(db => db.Decisions.CountAsync(Cancel)));
        Assert.Equal(1, await territory.ReadAsync(db => db.CompetenceCommitments.CountAsync(Cancel)));
    }

    [Fact]
    public async Task A_project_on_the_agenda_of_two_sessions_is_decided_on_once_even_before_its_stage_follows()
    {
        var project = await territory.ReadyForCommitteeAsync();
        var (session, members) = await territory.OpenSessionAsync(project);
        var form = await territory.FormAsync(members, yes: 6, no: 2);

        // The procedure is stuck, so that the stage does not follow the decision.
        await territory.ChangeAsync(db => db.Bookmarks.Where(b => b.Name == Signals.ProjectDecided).ExecuteDeleteAsync(Cancel));
        Assert.NotNull((await territory.DecideAsync(session, project, form)).Decision);
        Assert.Equal(ProjectStage.Committee, (await territory.ProjectAsync(project)).Stage);

        var second = await territory.DecideAsync(session, project, form);

        Assert.Contains("vient d’être enregistrée", Assert.Single(second.Problems).Sentence, StringComparison.Ordinal);
        Assert.Equal(1, await territory.ReadAsync(db => db.Decisions.CountAsync(Cancel)));
    }

    [Fact]
    [Trait("Rule", "R4")]
    public async Task A_session_opens_only_once_ASTREES_is_invited()
    {
        var project = await territory.ReadyForCommitteeAsync();
        await territory.ChangeAsync(async db => (await db.Contacts.SingleAsync(c => c.Email == "anne.vidal@astrees.example", Cancel)).Until = new(2026, 1, 1));
        var session = await PlanAsync(project);
        Assert.Contains(await OpenAsync(session, null), r => r is { Rule: "R4", Reason: "astrees-not-invited" });
        Assert.Empty(await territory.MailsAsync("SessionInvitationMail"));

        await territory.ChangeAsync(async db => (await db.Contacts.SingleAsync(c => c.Email == "anne.vidal@astrees.example", Cancel)).Until = null);
        await territory.Runtime.RetryAsync($"session-{session:N}", Cancel);

        Assert.Empty(await OpenAsync(session, null));
        Assert.Equal(10, (await territory.MailsAsync("SessionInvitationMail")).Count);   // nine members and ASTREES, once each
    }

    [Fact]
    [Trait("Rule", "R3")]
    public async Task A_session_is_not_opened_by_a_chair_who_is_no_companys()
    {
        var session = await PlanAsync(await territory.ReadyForCommitteeAsync());
        var counsellor = await territory.ReadAsync(db => db.Contacts.Where(c => c.Email == "julien.morel@cci-val.example" && c.Role == ContactRole.CommitteeMember).Select(c => c.Id).SingleAsync(Cancel));

        Assert.Contains(await OpenAsync(session, counsellor), r => r.Rule == "R3");
        Assert.Empty(await OpenAsync(session, null));
    }

    [Fact]
    public async Task A_member_who_reads_English_is_invited_and_gets_the_minutes_in_English()
    {
        var project = await territory.ReadyForCommitteeAsync();
        var (session, _) = await territory.OpenSessionAsync(project);
        await territory.DoAsync<CommitteeSessions, IReadOnlyList<Problem>>(s => s.CloseAsync(session, "Camille Roussel", Cancel));
        await territory.AnswerAsync((await territory.OpenTasksAsync()).Single(t => t.Title.Contains("approuver", StringComparison.Ordinal)), "Approved");

        var toEmily = (await territory.MailsAsync()).Where(m => m.ToAddress == "emily.carter@northwind.example").ToList();

        Assert.Equal(["Approval committee of 16 March 2026", "Minutes of the approval committee of 16 March 2026"], toEmily.Select(m => m.Subject));
        Assert.All(toEmily, m => Assert.Equal("en", m.Language));
    }

    [Fact]
    public async Task What_the_chair_asks_to_correct_is_text_and_never_a_template()
    {
        var (session, _) = await territory.OpenSessionAsync(await territory.ReadyForCommitteeAsync());
        await territory.DoAsync<CommitteeSessions, IReadOnlyList<Problem>>(s => s.CloseAsync(session, "Camille Roussel", Cancel));
        await territory.AnswerAsync(
            (await territory.OpenTasksAsync()).Single(t => t.Title.Contains("approuver", StringComparison.Ordinal)), "Corrections", ("remarks", "Point 2 : {{ company.siret }} {% if"));

        var task = (await territory.OpenTasksAsync()).Single(t => t.Title.Contains("corriger", StringComparison.Ordinal));

        Assert.Contains("company\\.siret", task.Instructions, StringComparison.Ordinal);
        Assert.Equal("", await territory.FaultsAsync());
    }

    private async Task RefusedAsync(string rule, string reason, Func<DecisionForm, DecisionForm> with, DetectionForm? detection = null)
    {
        var project = await territory.ReadyForCommitteeAsync(detection);
        var (session, members) = await territory.OpenSessionAsync(project);

        var result = await territory.DecideAsync(session, project, with(await territory.FormAsync(members, yes: 9, no: 0)));

        Assert.Null(result.Decision);
        Assert.Contains(result.Refusals, r => r.Rule == rule && r.Reason == reason);
        Assert.Equal(0, await territory.ReadAsync(db => db.Decisions.CountAsync(Cancel)));
        Assert.Equal(ProjectStage.Committee, (await territory.ProjectAsync(project)).Stage);
        Assert.Contains(result.Refusals[0].ToString(), Assert.Single(await territory.TrailAsync("decision-refused")), StringComparison.Ordinal);
    }

    private async Task<Guid> PlanAsync(Guid project)
    {
        var (session, problems) = await territory.DoAsync<SessionPlans, (Guid?, IReadOnlyList<Problem>)>(
            s => s.PlanAsync(territory.Programme.Id, CommitteeKind.Approval, SessionPlan.At(territory.Time.GetUtcNow().AddDays(14).UtcDateTime, "Salle du conseil", [project]), "Camille Roussel", Cancel));
        Assert.Empty(problems);
        await territory.SettleAsync();
        return session!.Value;
    }

    private Task<IReadOnlyList<Refusal>> OpenAsync(Guid session, Guid? chair) =>
        territory.DoAsync<CommitteeSessions, IReadOnlyList<Refusal>>(s => s.OpenAsync(session, new Dictionary<Guid, Presence>(), chair, "Camille Roussel", Cancel));
}
