using Alize.Domain;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Signatures;
using Alize.Workflows.Accounts;
using Alize.Workflows.Committee;
using Microsoft.EntityFrameworkCore;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Procedures;

/// <summary>Votes from personal links, recusals, conditions, and decisions that are reopened (R2).</summary>
[Trait("Rule", "R2")]
public sealed class BallotTests : IAsyncLifetime
{
    private const string By = "Camille Roussel";
    private readonly Territory territory = new();

    public ValueTask InitializeAsync() => territory.InitializeAsync();

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Fact]
    public async Task Votes_from_links_and_votes_said_aloud_are_counted_together()
    {
        var (project, session, members, ballot) = await VotingAsync();
        foreach (var member in members.Take(4)) Assert.Empty(await CastAsync(ballot, member, VoteChoice.Yes));
        Assert.Empty(await CastAsync(ballot, members[4], VoteChoice.No));
        Assert.Empty(await CastAsync(ballot, members[4], VoteChoice.Yes));   // changed before the count
        var aloud = await territory.FormAsync([], 0, 0) with { Votes = new Dictionary<Guid, VoteChoice> { [members[5]] = VoteChoice.Yes, [members[6]] = VoteChoice.No } };

        var result = await territory.DecideAsync(session, project, aloud);

        Assert.Equal(new VoteCount(9, 6, 1, 2), result.Count);
        Assert.Equal(DecisionOutcome.Approved, result.Decision!.Outcome);
        Assert.Equal(Money.Euros(30_000), result.Decision.Advance);
        Assert.Equal(5, result.Decision.Votes.Count(v => v.Means == VoteMeans.PersonalLink));
        Assert.Equal(2, result.Decision.Votes.Count(v => v.Means == VoteMeans.InSession));
        Assert.Equal(BallotState.Decided, (await BallotAsync(ballot)).State);
    }

    [Fact]
    public async Task Nobody_changes_a_vote_given_from_a_personal_link()
    {
        var (project, session, members, ballot) = await VotingAsync();
        await CastAsync(ballot, members[0], VoteChoice.No);
        var form = await territory.FormAsync(members, yes: 9, no: 0);

        var result = await territory.DecideAsync(session, project, form);

        Assert.Null(result.Decision);
        Assert.Contains("lien personnel", Assert.Single(result.Problems).Sentence, StringComparison.Ordinal);
        Assert.Equal(BallotState.Open, (await BallotAsync(ballot)).State);
    }

    [Fact]
    public async Task What_is_put_to_the_vote_does_not_change_while_members_vote()
    {
        var (project, session, members, _) = await VotingAsync();
        var other = await territory.FormAsync(members, yes: 9, no: 0, advance: Money.Euros(99_000)) with { Proposal = DecisionOutcome.Rejected };

        var result = await territory.DecideAsync(session, project, other);

        Assert.Equal(DecisionOutcome.Approved, result.Decision!.Outcome);
        Assert.Equal(Money.Euros(30_000), result.Decision.Advance);
    }

    [Fact]
    public async Task Only_a_member_present_votes_and_only_while_the_ballot_is_open()
    {
        var (project, session, members, ballot) = await VotingAsync();
        await territory.DoAsync<CommitteeSessions, IReadOnlyList<Problem>>(s => s.AttendAsync(session, new Dictionary<Guid, Presence> { [members[8]] = Presence.Left }, By, Cancel));
        Assert.Contains("présent", Assert.Single(await CastAsync(ballot, members[8], VoteChoice.Yes)).Sentence, StringComparison.Ordinal);

        Assert.Empty(await territory.DoAsync<Ballots, IReadOnlyList<Problem>>(b => b.WithdrawAsync(session, project, By, Cancel)));

        Assert.Contains("terminé", Assert.Single(await CastAsync(ballot, members[0], VoteChoice.Yes)).Sentence, StringComparison.Ordinal);
        Assert.Empty((await BallotAsync(ballot)).Votes);
    }

    [Fact]
    public async Task What_the_convention_refuses_is_not_put_to_the_vote()
    {
        var project = await territory.ReadyForCommitteeAsync();
        var (session, members) = await territory.OpenSessionAsync(project);
        var form = await territory.FormAsync(members, 0, 0, months: 37);

        var (refusals, _) = await territory.DoAsync<Ballots, (IReadOnlyList<Refusal>, IReadOnlyList<Problem>)>(b => b.OpenAsync(session, project, form, By, Cancel));

        Assert.Contains(refusals, r => r.Reason == "advance-too-long");
        Assert.Equal(0, await territory.ReadAsync(db => db.Ballots.CountAsync(Cancel)));
    }

    [Fact]
    public async Task A_session_is_not_closed_while_a_vote_is_open()
    {
        var (project, session, _, _) = await VotingAsync();
        Assert.NotEmpty(await territory.DoAsync<CommitteeSessions, IReadOnlyList<Problem>>(s => s.CloseAsync(session, By, Cancel)));
        await territory.DoAsync<Ballots, IReadOnlyList<Problem>>(b => b.WithdrawAsync(session, project, By, Cancel));
        Assert.Empty(await territory.DoAsync<CommitteeSessions, IReadOnlyList<Problem>>(s => s.CloseAsync(session, By, Cancel)));
    }

    [Theory]
    [InlineData(true, 9, false)]    // 5 of 9 do not carry
    [InlineData(false, 8, false)]   // 5 of 8 do not either
    public async Task A_recused_member_counts_as_present_only_where_the_minutes_say_so(bool countsAsPresent, int present, bool carried)
    {
        var project = await territory.ReadyForCommitteeAsync();
        var (session, members) = await territory.OpenSessionAsync(project);
        var form = await territory.FormAsync([.. members.Take(8)], yes: 5, no: 3) with { Recusals = new Dictionary<Guid, bool> { [members[8]] = countsAsPresent } };

        var result = await territory.DecideAsync(session, project, form);

        Assert.Equal(present, result.Decision!.Present);
        Assert.Equal(carried, result.Decision.Outcome == DecisionOutcome.Approved);
        Assert.Equal(countsAsPresent, Assert.Single(result.Decision.Recusals).CountsAsPresent);
        Assert.Contains(countsAsPresent ? "1 déport compté présent" : "1 déport non compté", result.Count!.Proof(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_conditional_approval_takes_effect_once_its_condition_is_met()
    {
        var project = await ConditionalAsync();
        Assert.Equal(ProjectStage.Instruction, (await territory.ProjectAsync(project)).Stage);
        Assert.Equal(0, await territory.ReadAsync(db => db.Conventions.CountAsync(Cancel)));

        await territory.AnswerAsync(Assert.Single(await territory.OpenTasksAsync(project)), "Met", ("evidence", "Accord de prêt reçu le 20 mars."));

        Assert.Equal(ProjectStage.Signature, (await territory.ProjectAsync(project)).Stage);
        Assert.Equal("", await territory.FaultsAsync());
    }

    [Fact]
    public async Task A_condition_that_is_not_met_brings_the_project_back_and_the_new_decision_says_what_it_replaces()
    {
        var project = await ConditionalAsync();
        var first = await territory.ReadAsync(db => db.Decisions.Select(d => d.Id).SingleAsync(Cancel));
        await territory.AnswerAsync(Assert.Single(await territory.OpenTasksAsync(project)), "NotMet", ("evidence", "Prêt refusé."));
        Assert.Equal(ProjectStage.Committee, (await territory.ProjectAsync(project)).Stage);

        var (session, members) = await territory.OpenSessionAsync(project);
        var second = await territory.DecideAsync(session, project, await territory.FormAsync(members, yes: 9, no: 0));

        Assert.Equal(first, second.Decision!.ReplacesDecisionId);
        Assert.Equal(ProjectStage.Signature, (await territory.ProjectAsync(project)).Stage);
    }

    [Fact]
    public async Task A_decision_reopened_with_a_reason_stops_what_it_started_and_is_replaced()
    {
        var project = await territory.ApprovedAsync();
        Assert.NotEmpty(await territory.OpenTasksAsync(project));
        Assert.Equal("reopen", Assert.Single(await ReopenAsync(project, " ")).Field);

        Assert.Empty(await ReopenAsync(project, "Un chiffre du plan de financement était faux"));

        Assert.Empty(await territory.OpenTasksAsync(project));
        Assert.Equal(ProjectStage.Committee, (await territory.ProjectAsync(project)).Stage);
        Assert.Equal(ConventionState.Refused, await territory.ReadAsync(db => db.Conventions.Select(c => c.State).SingleAsync(Cancel)));
        Assert.Equal(0, await territory.ReadAsync(db => db.DecisionsInForce.CountAsync(Cancel)));
        Assert.Equal(Money.Euros(225_000), await territory.DoAsync<Ledger, Money>(l => l.CreditsAvailableAsync(territory.Programme.Id, Cancel)));

        var (session, members) = await territory.OpenSessionAsync(project);
        var second = await territory.DecideAsync(session, project, await territory.FormAsync(members, yes: 7, no: 2, advance: Money.Euros(20_000)));
        Assert.NotNull(second.Decision!.ReplacesDecisionId);
        await territory.SignAllAsync(project);
        Assert.Empty(await territory.PayAsync(project));
        await territory.SettleAsync();
        Assert.Equal(Money.Euros(20_000), (await territory.AdvanceAsync(project)).Principal);
        Assert.Equal("", await territory.FaultsAsync());
    }

    [Fact]
    public async Task A_rejection_may_be_reopened_too()
    {
        var project = await territory.ReadyForCommitteeAsync();
        var (session, members) = await territory.OpenSessionAsync(project);
        await territory.DecideAsync(session, project, await territory.FormAsync(members, yes: 5, no: 1));
        Assert.Equal(ProjectStage.Rejected, (await territory.ProjectAsync(project)).Stage);

        Assert.Empty(await ReopenAsync(project, "Un membre par visioconférence n’avait pas été compté"));
        var second = await territory.DecideAsync(session, project, await territory.FormAsync(members, yes: 6, no: 1));

        Assert.Equal(DecisionOutcome.Approved, second.Decision!.Outcome);
        Assert.Equal(ProjectStage.Signature, (await territory.ProjectAsync(project)).Stage);
    }

    [Fact]
    public async Task A_decision_whose_convention_is_signed_is_not_reopened()
    {
        var project = await territory.ApprovedAsync();
        await territory.SignAllAsync(project);

        Assert.Contains("signée par tous", Assert.Single(await ReopenAsync(project, "Trop tard")).Sentence, StringComparison.Ordinal);

        Assert.Equal(1, await territory.ReadAsync(db => db.DecisionsInForce.CountAsync(Cancel)));
    }

    private async Task<Guid> ConditionalAsync()
    {
        var project = await territory.ReadyForCommitteeAsync();
        var (session, members) = await territory.OpenSessionAsync(project);
        var form = await territory.FormAsync(members, yes: 9, no: 0) with { Condition = "Accord écrit de la banque sur le prêt de 100 000 €" };
        Assert.NotNull((await territory.DecideAsync(session, project, form)).Decision);
        await territory.SettleAsync();
        return project;
    }

    private async Task<(Guid Project, Guid Session, IReadOnlyList<Guid> Members, Guid Ballot)> VotingAsync()
    {
        var project = await territory.ReadyForCommitteeAsync();
        var (session, members) = await territory.OpenSessionAsync(project);
        var form = await territory.FormAsync(members, 0, 0);
        var (refusals, problems) = await territory.DoAsync<Ballots, (IReadOnlyList<Refusal>, IReadOnlyList<Problem>)>(b => b.OpenAsync(session, project, form, By, Cancel));
        Assert.Empty(refusals);
        Assert.Empty(problems);
        return (project, session, members, await territory.ReadAsync(db => db.Ballots.Select(b => b.Id).SingleAsync(Cancel)));
    }

    private Task<IReadOnlyList<Problem>> CastAsync(Guid ballot, Guid member, VoteChoice choice) =>
        territory.DoAsync<Ballots, IReadOnlyList<Problem>>(b => b.CastAsync(ballot, member, choice, Cancel));

    private Task<Ballot> BallotAsync(Guid id) => territory.ReadAsync(db => db.Ballots.AsNoTracking().SingleAsync(b => b.Id == id, Cancel));

    private async Task<IReadOnlyList<Problem>> ReopenAsync(Guid project, string reason)
    {
        var problems = await territory.DoAsync<DecisionReopening, IReadOnlyList<Problem>>(d => d.ReopenAsync(project, reason, By, Cancel));
        await territory.SettleAsync();
        return problems;
    }
}
