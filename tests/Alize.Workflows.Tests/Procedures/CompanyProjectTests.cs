using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Eligibility;
using Alize.Workflows.Accounts;
using Alize.Workflows.Repayment;
using Microsoft.EntityFrameworkCore;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Procedures;

public sealed class CompanyProjectTests : IAsyncLifetime
{
    private readonly Territory territory = new();

    public ValueTask InitializeAsync() => territory.InitializeAsync();

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Fact]
    public async Task An_eligible_project_comes_to_the_operator()
    {
        var project = await territory.DetectAsync(Eligible);

        Assert.Equal(ProjectStage.Instruction, (await territory.ProjectAsync(project)).Stage);
        var task = Assert.Single(await territory.OpenTasksAsync(project));
        Assert.Contains("Instruire", task.Title, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "R1")]
    public async Task A_company_of_250_persons_is_not_eligible()
    {
        var project = await territory.DetectAsync(Eligible with { Headcount = "250" });

        Assert.Equal(ProjectStage.NotEligible, (await territory.ProjectAsync(project)).Stage);
        Assert.Empty(await territory.OpenTasksAsync(project));
        Assert.Equal(2, (await territory.MailsAsync("NotifyMail")).Count);
    }

    [Fact]
    [Trait("Rule", "R1")]
    public async Task What_is_unknown_is_asked_of_the_company_and_never_passes()
    {
        var project = await territory.DetectAsync(Eligible with { Headcount = "", LargestHolderPercent = "" });
        var task = Assert.Single(await territory.OpenTasksAsync(project));
        Assert.Equal(ProjectStage.Eligibility, (await territory.ProjectAsync(project)).Stage);

        await territory.AnswerAsync(task, "Answered", ("headcount", "23"), ("largestHolder", "24,9"), ("jobsPlanned", "6"));

        Assert.Equal(ProjectStage.Instruction, (await territory.ProjectAsync(project)).Stage);
    }

    [Fact]
    public async Task A_whole_life_from_detection_to_the_last_repayment()
    {
        var project = await territory.ApprovedAsync();
        Assert.Equal(ProjectStage.Signature, (await territory.ProjectAsync(project)).Stage);
        await territory.SignAllAsync(project);
        Assert.Equal(ProjectStage.Support, (await territory.ProjectAsync(project)).Stage);

        var refusals = await territory.DoAsync<Payments, IReadOnlyList<Refusal>>(p => p.PayAsync(project, "Camille Roussel", Cancel));
        Assert.Empty(refusals);
        await territory.SettleAsync();
        Assert.Equal(ProjectStage.Repayment, (await territory.ProjectAsync(project)).Stage);

        var advance = await territory.ReadAsync(db => db.Advances.AsNoTracking().SingleAsync(a => a.ProjectId == project, Cancel));
        Assert.Equal(30, advance.Installments.Count);
        foreach (var installment in advance.Installments)
        {
            await territory.WaitUntilAsync(new DateTimeOffset(installment.CollectOn.ToDateTime(new TimeOnly(12, 0)), TimeSpan.Zero));
            var problems = await territory.DoAsync<Repayments, IReadOnlyList<Problem>>(r => r.RecordAsync(
                advance.Id, "1000", installment.CollectOn, $"VIR-{installment.Number}", "Camille Roussel", Cancel));
            Assert.Empty(problems);
            await territory.SettleAsync();
        }

        foreach (var task in (await territory.OpenTasksAsync(project)).Where(t => t.Title.Contains("qui intervient", StringComparison.Ordinal)))
            await territory.AnswerAsync(task, "Named", ("personName", "Jean Petit"), ("startsOn", "2029-06-01"), ("endsOn", "2029-06-29"));
        foreach (var task in (await territory.OpenTasksAsync(project)).Where(t => t.Title.Contains("ces dates", StringComparison.Ordinal)))
            await territory.AnswerAsync(task, "Agreed");
        foreach (var task in (await territory.OpenTasksAsync(project)).Where(t => t.Title.Contains("Temps passé", StringComparison.Ordinal)))
            await territory.AnswerAsync(task, "Finished");
        foreach (var task in (await territory.OpenTasksAsync(project)).Where(t => t.Title.Contains("Où en est", StringComparison.Ordinal)))
            await territory.AnswerAsync(task, "Reported", ("progress", "Terminé."));
        await territory.WaitAsync(TimeSpan.FromDays(400));

        Assert.True((await territory.FaultsAsync()).Length == 0, await territory.FaultsAsync());
        Assert.Equal(ProjectStage.Closed, (await territory.ProjectAsync(project)).Stage);
        var repaid = await territory.ReadAsync(db => db.Advances.AsNoTracking().SingleAsync(a => a.ProjectId == project, Cancel));
        Assert.True(repaid.IsRepaid);
        Assert.Equal(Money.Zero, await territory.DoAsync<Ledger, Money>(l => l.BalanceAsync(territory.Programme.Id, FundAccount.Advances, LedgerAccount.AdvancesOutstanding, Cancel)));
        Assert.Equal(60, (await territory.MailsAsync("RemindCompanyMail")).Count);   // 15 days before and on the day, thirty times
        Assert.Equal(0, await territory.ReadAsync(db => db.PartnerTasks.CountAsync(t => t.ProjectId == project && t.State == PartnerTaskState.Open, Cancel)));
        Assert.Equal(0, await territory.ReadAsync(db => db.Timers.CountAsync(Cancel)));
        Assert.Equal(0, await territory.ReadAsync(db => db.WorkflowInstances.SumAsync(i => i.IncidentCount, Cancel)));
    }
}
