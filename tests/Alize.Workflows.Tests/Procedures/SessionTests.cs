using Alize.Domain.Committee;
using Alize.Domain.Programmes;
using Alize.Workflows.Committee;
using Ical.Net;
using Ical.Net.CalendarComponents;
using Microsoft.EntityFrameworkCore;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Procedures;

/// <summary>Sessions before they open: who is told what, and what stands in their calendars.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    private const string By = "Camille Roussel";
    private readonly Territory territory = new();

    public ValueTask InitializeAsync() => territory.InitializeAsync();

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Fact]
    public async Task An_invitation_is_a_calendar_entry_that_keeps_its_identity_when_the_session_moves_or_is_called_off()
    {
        var plan = At(14);
        var session = await PlanAsync(CommitteeKind.Approval, plan);
        Assert.Empty(await ChangeAsync(session, plan with { StartsAtUtc = plan.StartsAtUtc.AddDays(1), Place = "Mairie" }));
        Assert.Empty(await territory.DoAsync<SessionPlans, IReadOnlyList<Problem>>(s => s.CallOffAsync(session, "Trop peu de dossiers", By, Cancel)));
        await territory.SettleAsync();

        var mails = (await territory.MailsAsync()).Where(m => m.ToAddress == "karim.benali@papeteries.example").ToList();
        mails = [.. mails.OrderBy(m => Entry(Calendar.Load(m.Calendar!)!).Sequence)];
        var entries = mails.Select(m => Calendar.Load(m.Calendar!)!).ToList();

        Assert.Equal(["REQUEST", "REQUEST", "CANCEL"], entries.Select(e => e.Method));
        Assert.Single(entries.Select(e => Entry(e).Uid).Distinct());
        Assert.Equal([0, 1, 2], entries.Select(e => Entry(e).Sequence));
        Assert.Equal(plan.StartsAtUtc.AddDays(1), Entry(entries[1]).DtStart!.AsUtc);
        Assert.Equal("Mairie", Entry(entries[1]).Location);
        Assert.Equal("CANCELLED", Entry(entries[2]).Status);
        Assert.All(entries, e => Assert.Equal("mailto:karim.benali@papeteries.example", Assert.Single(Entry(e).Attendees).Value!.ToString()));
        Assert.StartsWith("Changement", mails[1].Subject, StringComparison.Ordinal);
        Assert.Contains("Trop peu de dossiers", mails[2].Body, StringComparison.Ordinal);
        Assert.Equal(30, (await territory.MailsAsync()).Count(m => m.Calendar is not null));   // nine members and ASTREES, three times
        Assert.Equal(SessionState.Cancelled, (await SessionAsync(session)).State);
        Assert.Equal("", await territory.FaultsAsync());
    }

    [Fact]
    [Trait("Rule", "R4")]
    public async Task A_member_who_joins_after_the_invitations_is_invited_alone_and_the_session_opens()
    {
        var session = await PlanAsync(CommitteeKind.Approval, At(14));
        await territory.LucieJoinsAsync(new(2026, 3, 1));
        Assert.Contains(await OpenAsync(session), r => r is { Rule: "R4", Reason: "members-not-invited" });

        Assert.Empty(await territory.DoAsync<SessionPlans, IReadOnlyList<Problem>>(s => s.InviteMissingAsync(session, By, Cancel)));
        await territory.SettleAsync();

        Assert.Empty(await OpenAsync(session));
        Assert.Equal(11, (await territory.MailsAsync("SessionInvitationMail")).Count);
        Assert.Single(await territory.MailsAsync("SessionInvitationMail"), m => m.ToAddress == "lucie@papeteries.example");
    }

    [Fact]
    [Trait("Rule", "R4")]
    public async Task The_steering_committee_brings_together_all_signatories_and_ASTREES_under_the_Prefect()
    {
        var session = await PlanAsync(CommitteeKind.Steering, At(30) with { Topics = "Bilan de l’année\nPerspectives" });

        var invited = (await territory.MailsAsync("SessionInvitationMail")).Select(m => m.ToAddress).ToList();
        Assert.Equal(12, invited.Count);   // thirteen partners, the relay structure is no signatory
        Assert.Contains("anne.vidal@astrees.example", invited);
        Assert.Contains("philippe.renard@cdc.example", invited);
        Assert.DoesNotContain("julien.morel@cci-val.example", invited);
        Assert.Empty(await OpenAsync(session));
        await territory.DoAsync<CommitteeSessions, IReadOnlyList<Problem>>(s => s.CloseAsync(session, By, Cancel));
        await territory.SettleAsync();

        var approval = Assert.Single(await territory.OpenTasksAsync(), t => t.Title.Contains("approuver", StringComparison.Ordinal));
        Assert.Contains("Bilan de l’année", approval.Instructions, StringComparison.Ordinal);
        Assert.Equal("Isabelle Fontaine", await territory.ReadAsync(db => db.Contacts.Where(c => c.Id == approval.AssigneeContactId).Select(c => c.FullName).SingleAsync(Cancel)));
        await territory.AnswerAsync(approval, "Approved");
        Assert.Equal(12, (await territory.MailsAsync()).Count(m => m.Subject.StartsWith("Compte rendu du comité de pilotage", StringComparison.Ordinal) || m.Subject.StartsWith("Minutes of the steering committee", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_steering_committee_takes_no_project_and_needs_an_agenda()
    {
        var project = await territory.ReadyForCommitteeAsync();
        var (id, problems) = await territory.DoAsync<SessionPlans, (Guid?, IReadOnlyList<Problem>)>(
            s => s.PlanAsync(territory.Programme.Id, CommitteeKind.Steering, At(14) with { ProjectIds = [project] }, By, Cancel));
        Assert.Null(id);
        Assert.Equal(["projects", "topics"], problems.Select(p => p.Field));
        Assert.Equal(0, await territory.ReadAsync(db => db.CommitteeSessions.CountAsync(Cancel)));
    }

    [Fact]
    public async Task An_answer_to_a_former_day_is_no_answer_to_the_new_one()
    {
        var plan = At(14);
        var session = await PlanAsync(CommitteeKind.Approval, plan);
        var member = (await SessionAsync(session)).Invitees[0].ContactId;
        Assert.Empty(await ReplyAsync(session, member, InvitationReply.Accepted));
        Assert.Equal(InvitationReply.Accepted, (await SessionAsync(session)).Invitees.Single(i => i.ContactId == member).Reply);

        Assert.Empty(await ChangeAsync(session, plan with { StartsAtUtc = plan.StartsAtUtc.AddDays(2) }));

        Assert.Equal(InvitationReply.None, (await SessionAsync(session)).Invitees.Single(i => i.ContactId == member).Reply);
    }

    [Fact]
    public async Task A_session_that_has_opened_neither_moves_nor_is_called_off_nor_takes_answers()
    {
        var plan = At(14);
        var session = await PlanAsync(CommitteeKind.Approval, plan);
        Assert.Empty(await OpenAsync(session));
        var mails = (await territory.MailsAsync()).Count;

        Assert.NotEmpty(await ChangeAsync(session, plan with { Place = "Ailleurs" }));
        Assert.NotEmpty(await territory.DoAsync<SessionPlans, IReadOnlyList<Problem>>(s => s.CallOffAsync(session, "Trop tard", By, Cancel)));
        Assert.NotEmpty(await ReplyAsync(session, (await SessionAsync(session)).Invitees[0].ContactId, InvitationReply.Declined));

        Assert.Equal(mails, (await territory.MailsAsync()).Count);
        Assert.Equal("Salle du conseil", (await SessionAsync(session)).Place);
    }

    private SessionPlan At(int days) => SessionPlan.At(territory.Time.GetUtcNow().AddDays(days).UtcDateTime, "Salle du conseil");

    private static CalendarEvent Entry(Calendar calendar) => Assert.Single(calendar.Events);

    private async Task<Guid> PlanAsync(CommitteeKind kind, SessionPlan plan)
    {
        var (session, problems) = await territory.DoAsync<SessionPlans, (Guid?, IReadOnlyList<Problem>)>(s => s.PlanAsync(territory.Programme.Id, kind, plan, By, Cancel));
        Assert.Empty(problems);
        await territory.SettleAsync();
        return session!.Value;
    }

    private async Task<IReadOnlyList<Problem>> ChangeAsync(Guid session, SessionPlan plan)
    {
        var problems = await territory.DoAsync<SessionPlans, IReadOnlyList<Problem>>(s => s.ChangeAsync(session, plan, By, Cancel));
        await territory.SettleAsync();
        return problems;
    }

    private Task<IReadOnlyList<Problem>> ReplyAsync(Guid session, Guid contact, InvitationReply reply) =>
        territory.DoAsync<SessionPlans, IReadOnlyList<Problem>>(s => s.AnswerAsync(session, contact, reply, "Quelqu’un", Cancel));

    private Task<IReadOnlyList<Domain.Refusal>> OpenAsync(Guid session) =>
        territory.DoAsync<CommitteeSessions, IReadOnlyList<Domain.Refusal>>(s => s.OpenAsync(session, new Dictionary<Guid, Presence>(), null, By, Cancel));

    private Task<CommitteeSession> SessionAsync(Guid id) => territory.ReadAsync(db => db.CommitteeSessions.AsNoTracking().SingleAsync(s => s.Id == id, Cancel));
}
