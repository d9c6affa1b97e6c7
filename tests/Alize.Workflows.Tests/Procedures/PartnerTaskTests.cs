using Alize.Data;
using Alize.Data.Tasks;
using Alize.Domain.Eligibility;
using Alize.Workflows.Mail;
using Alize.Workflows.Tasks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Procedures;

public sealed class PartnerTaskTests : IAsyncLifetime
{
    private static readonly (string, string)[] Facts = [("headcount", "23"), ("largestHolder", "24,9 %"), ("jobsPlanned", "1 006")];

    private readonly Territory territory = new();

    public ValueTask InitializeAsync() => territory.InitializeAsync();

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Fact]
    public async Task A_task_answered_twice_keeps_its_first_answer()
    {
        var task = await AskedAsync();
        await territory.AnswerAsync(task, "Answered", Facts);

        var problems = await territory.TryAnswerAsync(task.Id, "NotInterested");

        Assert.Contains("a déjà reçu sa réponse, donnée par Sylvie Arnaud", Assert.Single(problems).Sentence, StringComparison.Ordinal);
        Assert.Equal("Answered", (await territory.TaskAsync(task.Id)).Outcome);
    }

    [Fact]
    public async Task Of_two_who_answer_at_once_one_counts_and_the_other_is_told()
    {
        var task = await AskedAsync();

        var late = await territory.DoAsync<IServiceProvider, IReadOnlyList<Problem>>(async scope =>
        {
            // Read by this hand while still open; the other hand is faster.
            await scope.GetRequiredService<AlizeDb>().PartnerTasks.SingleAsync(t => t.Id == task.Id, Cancel);
            await territory.AnswerAsync(task, "Answered", Facts);
            return await scope.GetRequiredService<PartnerTasks>().AnswerAsync(task.Id, "NotInterested", new Dictionary<string, string>(), "Quelqu’un", "test", Cancel);
        });

        Assert.Contains("La vôtre n’a pas été prise en compte", Assert.Single(late).Sentence, StringComparison.Ordinal);
        Assert.Equal("Answered", (await territory.TaskAsync(task.Id)).Outcome);
        Assert.Single(await territory.TrailAsync("answer"));
    }

    [Fact]
    public async Task An_answer_with_a_field_that_cannot_be_read_changes_nothing()
    {
        var task = await AskedAsync();

        var problems = await territory.TryAnswerAsync(task.Id, "Answered", ("headcount", "douze"), ("largestHolder", "0"));

        Assert.Equal(["headcount", "jobsPlanned"], problems.Select(p => p.Field));
        Assert.Equal(PartnerTaskState.Open, (await territory.TaskAsync(task.Id)).State);
        Assert.Empty(await territory.TrailAsync("answer"));
    }

    [Fact]
    public async Task Who_declines_need_not_correct_what_was_half_typed()
    {
        var task = await AskedAsync();

        await territory.AnswerAsync(task, "NotInterested", ("headcount", "douze"));

        Assert.Equal(ProjectStage.Abandoned, (await territory.ProjectAsync(task.ProjectId!.Value)).Stage);
    }

    [Fact]
    [Trait("Rule", "R1")]
    public async Task A_company_that_says_it_is_not_registered_is_not_asked_again()
    {
        var project = await territory.DetectAsync(Eligible with { IsRegistered = false });
        var task = Assert.Single(await territory.OpenTasksAsync(project));

        await territory.AnswerAsync(task, "Answered", ("isRegistered", "Non"), ("headcount", "23"), ("largestHolder", "0"), ("jobsPlanned", "6"));

        Assert.Equal(ProjectStage.NotEligible, (await territory.ProjectAsync(project)).Stage);
    }

    [Fact]
    public async Task Without_any_answer_the_company_is_reminded_others_are_told_and_the_project_is_abandoned()
    {
        var task = await AskedAsync();   // on Monday 2 March, 21 days to answer
        await territory.WaitUntilAsync(2026, 3, 23);
        Assert.Equal(PartnerTaskState.Open, (await territory.TaskAsync(task.Id)).State);
        Assert.Empty(await territory.MailsAsync("EscalateTaskMail"));

        await territory.WaitUntilAsync(2026, 3, 24);

        Assert.Equal(["2026-03-09", "2026-03-16"], (await territory.MailsAsync("RemindPartnerMail")).Select(m => m.CreatedAt.ToString("yyyy-MM-dd", null)));
        Assert.Equal(
            ["julien.morel@cci-val.example", "operateur@alize.example"],
            (await territory.MailsAsync("EscalateTaskMail")).Select(m => m.ToAddress).Order(StringComparer.Ordinal));
        Assert.Equal(PartnerTaskState.Expired, (await territory.TaskAsync(task.Id)).State);
        Assert.Equal(ProjectStage.Abandoned, (await territory.ProjectAsync(task.ProjectId!.Value)).Stage);
    }

    [Fact]
    public async Task What_follows_a_deadline_on_a_Friday_is_written_on_Monday()
    {
        await territory.WaitUntilAsync(2026, 3, 6);
        var task = await AskedAsync();   // asked on Friday 6 March: due on Friday 27

        await territory.WaitUntilAsync(2026, 3, 29);
        Assert.Equal(PartnerTaskState.Open, (await territory.TaskAsync(task.Id)).State);
        await territory.WaitUntilAsync(2026, 3, 30);

        Assert.All(await territory.MailsAsync("EscalateTaskMail"), m => Assert.Equal(new DateOnly(2026, 3, 30), DateOnly.FromDateTime(m.CreatedAt)));
        Assert.Equal(PartnerTaskState.Expired, (await territory.TaskAsync(task.Id)).State);
    }

    [Fact]
    public async Task A_request_of_a_procedure_that_was_stopped_takes_no_answer()
    {
        var task = await AskedAsync();
        await territory.Runtime.CancelAsync(task.InstanceId, Cancel);

        var problems = await territory.TryAnswerAsync(task.Id, "Answered", Facts);

        Assert.Contains("n’attend plus de réponse", Assert.Single(problems).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_link_brings_a_fresh_one_once_an_hour_to_the_rightful_address()
    {
        var task = await AskedAsync();
        await LinkAsync(task, "vieux", task.AssigneeContactId, days: -1);
        Assert.Equal(LinkFate.Expired, (await VisitAsync("vieux")).Fate);

        for (var i = 0; i < 2; i++) await FreshAsync("vieux");
        Assert.Equal("sylvie.arnaud@tournerie.example", Assert.Single(await territory.MailsAsync("FreshLinkMail")).ToAddress);

        territory.Time.Advance(TimeSpan.FromHours(1));
        await FreshAsync("vieux");
        Assert.Equal(2, (await territory.MailsAsync("FreshLinkMail")).Count);
    }

    [Fact]
    public async Task A_link_says_what_became_of_it()
    {
        var task = await AskedAsync();
        await LinkAsync(task, "bon", task.AssigneeContactId, days: 30);
        var somebodyElse = await territory.ReadAsync(db => db.Contacts.Where(c => c.Email == "karim.benali@papeteries.example").Select(c => c.Id).FirstAsync(Cancel));
        await LinkAsync(task, "autre", somebodyElse, days: 30);

        Assert.Equal(LinkFate.Unknown, (await VisitAsync("jamais vu")).Fate);
        Assert.Equal(LinkFate.Usable, (await VisitAsync("bon")).Fate);
        Assert.Equal(LinkFate.Reassigned, (await VisitAsync("autre")).Fate);

        // Whoever holds the old link, the new one goes to who is to answer now.
        await FreshAsync("autre");
        Assert.Equal("sylvie.arnaud@tournerie.example", Assert.Single(await territory.MailsAsync("FreshLinkMail")).ToAddress);

        await territory.AnswerAsync(task, "Answered", Facts);
        Assert.Equal(LinkFate.AlreadyAnswered, (await VisitAsync("bon")).Fate);
        await FreshAsync("bon");
        Assert.Single(await territory.MailsAsync("FreshLinkMail"));
    }

    private async Task<PartnerTask> AskedAsync()
    {
        var project = await territory.DetectAsync(Eligible with { Headcount = "", LargestHolderPercent = "" });
        return Assert.Single(await territory.OpenTasksAsync(project));
    }

    private Task<int> LinkAsync(PartnerTask task, string token, Guid contact, int days) => territory.ChangeAsync(db =>
    {
        var now = territory.Time.GetUtcNow().UtcDateTime;
        db.TaskLinks.Add(new()
        {
            TokenHash = MailLinks.HashOf(token),
            ProgrammeId = task.ProgrammeId,
            Purpose = MailLinks.Task,
            TaskId = task.Id,
            ContactId = contact,
            CreatedAt = now.AddDays(-30),
            ExpiresAt = now.AddDays(days),
        });
        return Task.CompletedTask;
    });

    private Task<LinkVisit> VisitAsync(string token) => territory.DoAsync<TaskLinks, LinkVisit>(l => l.VisitAsync(token, Cancel));

    private async Task FreshAsync(string token)
    {
        await territory.DoAsync<TaskLinks, bool>(async links =>
        {
            await links.SendFreshAsync(token, Cancel);
            return true;
        });
        await territory.SettleAsync();
    }
}
