using Alize.Data.Outbox;
using Alize.Data.Tasks;
using Alize.Domain.Programmes;
using Alize.Workflows.Mail;
using Alize.Workflows.Programmes;
using Alize.Workflows.Signatures;
using Alize.Workflows.Tasks;
using Microsoft.EntityFrameworkCore;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Procedures;

/// <summary>Camille Roussel of the local operator is away from Monday 2 to Friday 13 March 2026; Marc Lefèvre, its director, acts.</summary>
public sealed class SubstitutionTests : IAsyncLifetime
{
    private const string Away = "Camille Roussel";
    private const string Acting = "Marc Lefèvre";

    private readonly Territory territory = new();

    public ValueTask InitializeAsync() => territory.InitializeAsync();

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Fact]
    public async Task A_request_made_during_an_absence_reaches_both_and_stays_the_absent_persons()
    {
        Assert.Empty(await ArrangeAsync(new(2026, 3, 2), new(2026, 3, 13)));

        var task = await AskedAsync();

        Assert.Equal(Away, await AssigneeAsync(task));
        var mails = await MailsOfAsync(task);
        Assert.Equal([Away, Acting], mails.Select(m => m.ToName));
        Assert.DoesNotContain("en son absence", mails[0].Body, StringComparison.Ordinal);
        Assert.StartsWith("*Vous recevez ce message pour **Camille Roussel**, en son absence, jusqu’au 13 mars 2026.*", Plain(mails[1].Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_delegates_link_opens_the_task_and_the_trail_names_both()
    {
        await ArrangeAsync(new(2026, 3, 2), new(2026, 3, 13));
        var task = await AskedAsync();

        var visit = await VisitAsync(await LinkAsync(task, Acting));
        Assert.Equal(LinkFate.Usable, visit.Fate);
        Assert.Equal(Away, visit.For!.FullName);
        Assert.Empty(await territory.DoAsync<PartnerTasks, IReadOnlyList<Problem>>(t => t.AnswerAsync(
            task.Id, "ToCommittee", new Dictionary<string, string> { ["schemesConsidered"] = "Prêt d’honneur : plafond atteint." }, visit.By, "test", Cancel)));

        Assert.Equal("Marc Lefèvre, pour Camille Roussel", (await territory.TaskAsync(task.Id)).AnsweredBy);
        Assert.Equal("Marc Lefèvre, pour Camille Roussel", await territory.ReadAsync(db => db.AuditEntries
            .Where(e => e.Kind == "answer" && e.SubjectId == task.Id).Select(e => e.Actor).SingleAsync(Cancel)));
    }

    [Fact]
    public async Task When_the_absence_is_over_the_delegates_link_says_so_and_the_absent_persons_works()
    {
        await ArrangeAsync(new(2026, 3, 2), new(2026, 3, 3));
        var task = await AskedAsync();
        var link = await LinkAsync(task, Acting);

        await territory.WaitUntilAsync(2026, 3, 4);

        Assert.Equal(LinkFate.AbsenceOver, (await VisitAsync(link)).Fate);
        Assert.Equal(LinkFate.Usable, (await VisitAsync(await LinkAsync(task, Away))).Fate);
    }

    [Fact]
    public async Task What_was_asked_before_an_absence_is_sent_to_the_delegate_on_its_first_day_once()
    {
        var task = await AskedAsync();
        Assert.Empty(await ArrangeAsync(new(2026, 3, 4), new(2026, 3, 13)));
        await HandOverAsync();
        Assert.Equal([Away], (await MailsOfAsync(task)).Select(m => m.ToName));

        await territory.WaitUntilAsync(2026, 3, 4);
        await HandOverAsync();
        await HandOverAsync();

        Assert.Equal([Away, Acting], (await MailsOfAsync(task)).Select(m => m.ToName));
    }

    [Fact]
    public async Task An_absence_that_begins_on_a_day_off_is_handed_over_on_the_next_working_day()
    {
        var task = await AskedAsync();
        await ArrangeAsync(new(2026, 3, 7), new(2026, 3, 13));
        await territory.WaitUntilAsync(2026, 3, 7);
        await HandOverAsync();
        Assert.Single(await MailsOfAsync(task));

        await territory.WaitUntilAsync(2026, 3, 9);
        await HandOverAsync();

        Assert.Contains(await MailsOfAsync(task), m => m.ToName == Acting && m.Name == nameof(AskPartnerMail));
    }

    [Fact, Trait("Rule", "R8")]
    public async Task The_convention_is_signed_by_who_signs_it_and_by_no_delegate()
    {
        var project = await territory.ApprovedAsync();
        var signature = (await territory.OpenTasksAsync(project)).First(t => t.Kind == SignatureForm.Kind);
        var signatory = await AssigneeAsync(signature);
        var other = signatory == Acting ? "Karim Benali" : Acting;

        await territory.DoAsync<Absences, IReadOnlyList<Problem>>(async a => await a.ArrangeAsync(
            territory.Programme.Id, signature.AssigneeContactId, await ContactAsync(other), new(2026, 3, 16), new(2026, 3, 27), "Camille Roussel", Cancel));
        await territory.SettleAsync();

        Assert.All(await MailsOfAsync(signature), m => Assert.Equal(signatory, m.ToName));
        Assert.Equal(Delegation.None, await territory.DoAsync<Delegates, Delegation>(async d => await d.StandingAsync(
            await PersonAsync(await ContactAsync(other)), await PersonAsync(signature.AssigneeContactId), signature, Cancel)));
    }

    [Fact, Trait("Rule", "R2")]
    public async Task An_invitation_to_vote_goes_to_no_delegate()
    {
        var absent = await ContactAsync("Hélène Marchand");
        var acting = await territory.ReadAsync(db => db.Contacts.Where(c => c.FullName == "Nadia Haddad").Select(c => c.Id).FirstAsync(Cancel));
        Assert.Empty(await territory.DoAsync<Absences, IReadOnlyList<Problem>>(a => a.ArrangeAsync(
            territory.Programme.Id, absent, acting, new(2026, 3, 2), new(2026, 3, 27), "Camille Roussel", Cancel)));
        var project = await territory.ReadyForCommitteeAsync();

        var (session, members) = await territory.OpenSessionAsync(project);

        Assert.DoesNotContain(acting, members);
        Assert.DoesNotContain(await territory.MailsAsync(), m => m.ToName == "Nadia Haddad" && m.Body.Contains("Hélène Marchand", StringComparison.Ordinal));
        Assert.Contains(await territory.MailsAsync(), m => m.ToName == "Hélène Marchand");
        Assert.NotEqual(Guid.Empty, session);
    }

    [Fact]
    public async Task Nobody_stands_in_for_two_absences_at_once_nor_for_themselves()
    {
        await ArrangeAsync(new(2026, 3, 2), new(2026, 3, 13));

        Assert.Contains("répond déjà pour", Assert.Single(await ArrangeAsync(new(2026, 3, 13), new(2026, 3, 20))).Sentence, StringComparison.Ordinal);
        Assert.Contains("ne peut pas se suppléer", Assert.Single(await ArrangeAsync(new(2026, 4, 1), new(2026, 4, 2), Away)).Sentence, StringComparison.Ordinal);
        Assert.Contains("avant de commencer", Assert.Single(await ArrangeAsync(new(2026, 4, 2), new(2026, 4, 1))).Sentence, StringComparison.Ordinal);
        var chain = await territory.DoAsync<Absences, IReadOnlyList<Problem>>(async a => await a.ArrangeAsync(
            territory.Programme.Id, await ContactAsync(Acting), await ContactAsync("Karim Benali"), new(2026, 3, 5), new(2026, 3, 6), Away, Cancel));
        Assert.Contains("Confiez d’abord cette suppléance", Assert.Single(chain).Sentence, StringComparison.Ordinal);
        Assert.Equal(1, await territory.ReadAsync(db => db.Substitutions.CountAsync(Cancel)));
    }

    [Fact]
    public async Task Who_is_told_in_his_own_name_gets_no_second_mail_for_the_absent()
    {
        await ArrangeAsync(new(2026, 3, 2), new(2026, 3, 13));
        var people = await territory.ReadAsync(db => db.Contacts.AsNoTracking().Where(c => c.FullName == Away || c.FullName == Acting)
            .OrderBy(c => c.Role).ToListAsync(Cancel));

        await territory.DoAsync<Outbox, int>(async outbox =>
        {
            foreach (var person in people.DistinctBy(p => p.Email).OrderBy(p => p.FullName))
                await outbox.PostAsync(
                    new NotifyMail("Séance reportée", new("Au 20 mars.")), person, new(territory.Programme.Id) { AlsoToDelegate = true }, $"told:{person.Id:N}", Cancel);
            await outbox.SaveOnceAsync("told", Cancel);
            return 0;
        });

        Assert.Equal([Away, Acting], (await territory.MailsAsync(nameof(NotifyMail))).Select(m => m.ToName).Order());
    }

    [Fact]
    public async Task An_absence_cut_short_ends_the_delegates_right_at_once()
    {
        await ArrangeAsync(new(2026, 3, 2), new(2026, 3, 13));
        var task = await AskedAsync();
        var link = await LinkAsync(task, Acting);
        var id = await territory.ReadAsync(db => db.Substitutions.Select(s => s.Id).SingleAsync(Cancel));

        await territory.DoAsync<Absences, int>(async a =>
        {
            await a.EndAsync(territory.Programme.Id, id, Away, Cancel);
            return 0;
        });

        Assert.Equal(LinkFate.AbsenceOver, (await VisitAsync(link)).Fate);
        Assert.Equal(2, (await territory.TrailAsync("absence")).Count);
    }

    private Task<IReadOnlyList<Problem>> ArrangeAsync(DateOnly from, DateOnly until, string acting = Acting) =>
        territory.DoAsync<Absences, IReadOnlyList<Problem>>(async a => await a.ArrangeAsync(
            territory.Programme.Id, await ContactAsync(Away), await ContactAsync(acting), from, until, Away, Cancel));

    private Task<int> HandOverAsync() => territory.DoAsync<Absences, int>(async a =>
    {
        await a.HandOverAsync(Cancel);
        return 0;
    });

    /// <summary>The instruction of a new project, which the operator's staff is asked for.</summary>
    private async Task<PartnerTask> AskedAsync() => (await territory.OpenTasksAsync(await territory.DetectAsync(Eligible))).Single();

    private Task<Guid> ContactAsync(string name) => territory.ReadAsync(db => db.Contacts.Where(c => c.FullName == name).OrderBy(c => c.Id).Select(c => c.Id).FirstAsync(Cancel));

    private Task<Contact> PersonAsync(Guid id) => territory.ReadAsync(db => db.Contacts.AsNoTracking().SingleAsync(c => c.Id == id, Cancel));

    private Task<string> AssigneeAsync(PartnerTask task) => territory.ReadAsync(db => db.Contacts.Where(c => c.Id == task.AssigneeContactId).Select(c => c.FullName).SingleAsync(Cancel));

    private async Task<List<OutboxMail>> MailsOfAsync(PartnerTask task) => [.. (await territory.MailsAsync()).Where(m => m.TaskId == task.Id).OrderBy(m => m.ToName == Acting)];

    /// <summary>A link made for that person and task, as the hand-over makes one.</summary>
    private async Task<string> LinkAsync(PartnerTask task, string name)
    {
        var mail = (await MailsOfAsync(task)).First(m => m.ToName == name);
        var token = $"token-of-{name}";
        await territory.ChangeAsync(db =>
        {
            db.TaskLinks.Add(new()
            {
                TokenHash = MailLinks.HashOf(token),
                ProgrammeId = task.ProgrammeId,
                Purpose = MailLinks.Task,
                TaskId = task.Id,
                ContactId = mail.ContactId!.Value,
                CreatedAt = territory.Time.GetUtcNow().UtcDateTime,
                ExpiresAt = territory.Time.GetUtcNow().UtcDateTime.AddDays(60),
            });
            return Task.CompletedTask;
        });
        return token;
    }

    private Task<LinkVisit> VisitAsync(string token) => territory.DoAsync<TaskLinks, LinkVisit>(l => l.VisitAsync(token, Cancel));

    private static string Plain(string text) => text.Replace('\u00A0', ' ').Replace('\u202F', ' ');
}
