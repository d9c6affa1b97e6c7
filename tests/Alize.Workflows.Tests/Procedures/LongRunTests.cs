using Alize.Domain;
using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Microsoft.EntityFrameworkCore;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Procedures;

/// <summary>What goes wrong, or unanswered, on the way.</summary>
public sealed class LongRunTests : IAsyncLifetime
{
    private readonly Territory territory = new();

    public ValueTask InitializeAsync() => territory.InitializeAsync();

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Fact]
    public async Task A_step_that_finds_nobody_is_parked_and_goes_on_once_there_is_somebody_with_nothing_doubled()
    {
        var project = await territory.ReadyForCommitteeAsync();
        var (session, members) = await territory.OpenSessionAsync(project);
        await ChairAsync(until: new(2026, 1, 1));
        var result = await territory.DecideAsync(session, project, await territory.FormAsync(members, yes: 6, no: 2));
        Assert.Empty(result.Problems);
        await territory.WaitAsync(TimeSpan.FromDays(2));   // every retry of its own has failed

        var parked = await territory.ReadAsync(db => db.WorkflowInstances.AsNoTracking().SingleAsync(i => i.DefinitionId == "convention-signature", Cancel));
        Assert.Equal(1, parked.IncidentCount);
        Assert.Equal(0, await territory.ReadAsync(db => db.Conventions.CountAsync(Cancel)));

        await ChairAsync(until: null);
        await territory.Runtime.RetryAsync(parked.Id, Cancel);
        await territory.SettleAsync();
        await territory.SignAllAsync(project);

        Assert.Equal(1, await territory.ReadAsync(db => db.Conventions.CountAsync(Cancel)));
        Assert.Equal(ProjectStage.Support, (await territory.ProjectAsync(project)).Stage);
        Assert.Equal(0, await territory.ReadAsync(db => db.WorkflowInstances.SumAsync(i => i.IncidentCount, Cancel)));
        var mails = await territory.MailsAsync();
        Assert.Equal(mails.Count, mails.DistinctBy(m => (m.ToAddress, m.Subject)).Count());
    }

    [Fact]
    [Trait("Rule", "R17")]
    public async Task A_job_survey_without_an_answer_is_recorded_as_silence()
    {
        var project = await territory.ApprovedAsync(with: form => form with { Advance = Money.Zero, Months = 0, DeferralMonths = 0 });
        await territory.SignAllAsync(project);

        await territory.WaitUntilAsync(2027, 6, 1);   // decided on 16 March 2026; asked a year later, sixty days to answer

        var survey = await territory.ReadAsync(db => db.JobSurveys.AsNoTracking().SingleAsync(Cancel));
        Assert.Equal(12, survey.MonthsAfter);
        Assert.Null(survey.JobsCreated);
        Assert.Contains("sans réponse", Assert.Single(await territory.TrailAsync("jobs")), StringComparison.Ordinal);
        var asked = Assert.Single(await territory.MailsAsync("AskPartnerMail"), m => m.Subject.StartsWith("Enquête emploi à 12 mois", StringComparison.Ordinal));
        Assert.Equal(new DateOnly(2027, 3, 16), DateOnly.FromDateTime(asked.CreatedAt));
    }

    [Fact]
    public async Task A_lending_partner_who_reads_English_is_asked_in_English()
    {
        var northwind = await territory.ReadAsync(db => db.Partners.Where(p => p.Name == "Northwind Logistics").Select(p => p.Id).SingleAsync(Cancel));
        var project = await territory.ApprovedAsync(with: form => form with { Commitments = [new(northwind, "Supply {{ chain", 5)] });
        await territory.SignAllAsync(project);

        var task = (await territory.OpenTasksAsync(project)).Single(t => t.Title.StartsWith("Support", StringComparison.Ordinal));

        Assert.Contains("Supply {{ chain", task.Title, StringComparison.Ordinal);
        Assert.Contains("2\\.5 days", task.Instructions, StringComparison.Ordinal);
        Assert.Contains("Person named", task.Form, StringComparison.Ordinal);
        Assert.Contains("Name this person", task.Outcomes, StringComparison.Ordinal);
        Assert.Equal("", await territory.FaultsAsync());
    }

    private Task<int> ChairAsync(DateOnly? until) =>
        territory.ChangeAsync(async db => (await db.Contacts.SingleAsync(c => c.Role == ContactRole.CommitteeChair, Cancel)).Until = until);
}
