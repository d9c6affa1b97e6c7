using Alize.Data.Tasks;
using Alize.Domain.Eligibility;
using Alize.Domain.Signatures;
using Alize.Workflows.Tasks;
using Microsoft.EntityFrameworkCore;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Procedures;

[Trait("Rule", "R8")]
public sealed class SignatureTests : IAsyncLifetime
{
    private readonly Territory territory = new();

    public ValueTask InitializeAsync() => territory.InitializeAsync();

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Fact]
    public async Task After_a_refusal_the_operator_may_have_a_new_convention_signed()
    {
        var project = await territory.ApprovedAsync();
        var asked = await AskedAsync(project);
        await territory.SignAsync(asked[0]);
        await territory.AnswerSignatureAsync(asked[1], SignatureForm.Refused, ("reason", "Le montant n’est pas celui convenu."));
        foreach (var withdrawn in asked.Skip(2)) Assert.Equal(PartnerTaskState.Cancelled, (await territory.TaskAsync(withdrawn.Id)).State);

        var question = Assert.Single(await territory.OpenTasksAsync(project));
        Assert.Contains("Signatures non recueillies", question.Title, StringComparison.Ordinal);
        await territory.AnswerAsync(question, "Again");

        // A request of the first round signs nothing of the second.
        Assert.NotEmpty(await territory.TrySignAsync(asked[2], null, SignatureForm.Signed, ("initials", "AB"), ("consent", "true")));
        var conventions = await territory.ReadAsync(db => db.Conventions.AsNoTracking().OrderBy(c => c.Id).ToListAsync(Cancel));
        Assert.Equal([ConventionState.Refused, ConventionState.AwaitingSignatures], conventions.Select(c => c.State));
        Assert.All(conventions[1].Signatories, s => Assert.Null(s.SignedAt));

        await territory.SignAllAsync(project);
        Assert.Equal(ProjectStage.Support, (await territory.ProjectAsync(project)).Stage);
    }

    [Fact]
    public async Task Past_the_deadline_the_requests_expire_and_the_operator_is_asked()
    {
        var project = await territory.ApprovedAsync();   // on 16 March, thirty days to sign
        var asked = await AskedAsync(project);

        await territory.WaitUntilAsync(2026, 4, 15);
        Assert.All(await AskedAsync(project), t => Assert.Equal(new DateOnly(2026, 4, 15), t.DueOn));
        await territory.WaitUntilAsync(2026, 4, 16);

        foreach (var task in asked) Assert.Equal(PartnerTaskState.Expired, (await territory.TaskAsync(task.Id)).State);
        Assert.Contains("Signatures non recueillies", Assert.Single(await territory.OpenTasksAsync(project)).Title, StringComparison.Ordinal);
        await territory.AnswerAsync((await territory.OpenTasksAsync(project)).Single(), "Abandon");
        Assert.Equal(ProjectStage.Abandoned, (await territory.ProjectAsync(project)).Stage);
    }

    [Fact]
    public async Task Signatories_are_reminded_on_working_days_until_they_sign()
    {
        var project = await territory.ApprovedAsync();
        var asked = await AskedAsync(project);
        foreach (var task in asked.Skip(1)) await territory.SignAsync(task);

        await territory.WaitUntilAsync(2026, 4, 14);

        // 5, 12 and 20 days after 16 March: a Saturday, a Saturday that moves to Monday 30 March, and Easter Sunday, 5 April.
        var reminders = (await territory.MailsAsync("RemindPartnerMail")).Where(m => m.TaskId == asked[0].Id);
        Assert.Equal(["2026-03-23", "2026-03-30", "2026-04-07"], reminders.Select(m => m.CreatedAt.ToString("yyyy-MM-dd", null)));
    }

    [Fact]
    public async Task Who_signs_in_two_capacities_gets_one_mail_and_signs_once()
    {
        var chairs = await territory.ReadAsync(db => db.Partners.Where(p => p.Name == "Verrerie de l’Ombrelle").Select(p => p.Id).SingleAsync(Cancel));
        var project = await territory.ApprovedAsync(with: form => form with { Commitments = [new(chairs, "Qualité", 10)] });
        var convention = await territory.ReadAsync(db => db.Conventions.AsNoTracking().SingleAsync(Cancel));
        var asked = await AskedAsync(project);

        Assert.Equal(4, convention.Signatories.Count);
        Assert.Equal(3, asked.Count);
        Assert.Single(await territory.MailsAsync("AskPartnerMail"), m => m.ToAddress == "helene.marchand@verrerie.example");
        await territory.SignAllAsync(project);
        Assert.Equal(ProjectStage.Support, (await territory.ProjectAsync(project)).Stage);
    }

    private async Task<List<PartnerTask>> AskedAsync(Guid project) =>
        [.. (await territory.OpenTasksAsync(project)).Where(t => t.Kind == SignatureForm.Kind)];
}
