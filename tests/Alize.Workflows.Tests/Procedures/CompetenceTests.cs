using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Aid;
using Alize.Workflows.Accounts;
using Alize.Workflows.Aid;
using Microsoft.EntityFrameworkCore;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Procedures;

/// <summary>Ten half-days of « Qualité » lent by the Papeteries du Val, under a convention signed by all on Monday 16 March 2026.</summary>
[Trait("Rule", "R20")]
public sealed class CompetenceTests : IAsyncLifetime
{
    private static readonly DateOnly Signed = new(2026, 3, 16);

    private readonly Territory territory = new();
    private Guid project;
    private Guid commitment;

    public async ValueTask InitializeAsync()
    {
        await territory.InitializeAsync();
        project = await territory.ApprovedAsync();
        await territory.SignAllAsync(project);
        commitment = await territory.ReadAsync(db => db.CompetenceCommitments.Select(c => c.Id).SingleAsync(Cancel));
    }

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Fact]
    public async Task Who_names_nobody_is_reminded_and_then_the_lead_partner_and_the_operator_are_told()
    {
        var task = await TaskAsync("qui intervient");
        Assert.Equal(new DateOnly(2026, 4, 14), task.DueOn);   // twenty working days after the decision

        await territory.WaitUntilAsync(2026, 4, 19);
        Assert.Equal(["2026-04-07", "2026-04-15"], await RemindersAsync("qui intervient"));
        Assert.Empty(await territory.MailsAsync("EscalateTaskMail"));

        await territory.WaitUntilAsync(2026, 4, 20);   // five days after it was due is a Sunday

        var told = await territory.MailsAsync("EscalateTaskMail");
        Assert.Equal(["julien.morel@cci-val.example", "operateur@alize.example"], told.Select(m => m.ToAddress).Order(StringComparer.Ordinal));
        Assert.All(told, m => Assert.Contains("qui intervient", m.Subject, StringComparison.Ordinal));
        Assert.Equal(PartnerTaskState.Open, (await territory.TaskAsync(task.Id)).State);
    }

    [Fact]
    public async Task A_support_lives_from_the_person_named_to_the_report_of_the_lead_partner()
    {
        await territory.AnswerAsync(await TaskAsync("qui intervient"), "Named", ("personName", "Jean Petit"));
        await territory.AnswerAsync(await TaskAsync("quelles dates"), "Given", ("startsOn", "2026-03-20"), ("endsOn", "2026-04-30"));
        await territory.AnswerAsync(await TaskAsync("ces dates"), "OtherDates", ("wish", "pas avant avril {{ project.title }}"));
        var again = await TaskAsync("quelles dates");
        Assert.Contains("pas avant avril", again.Instructions, StringComparison.Ordinal);
        Assert.DoesNotContain("Atelier d’usinage", again.Instructions, StringComparison.Ordinal);   // a wish is text, and no template
        Assert.Null((await CommitmentAsync()).StartsOn);

        await territory.AnswerAsync(again, "Given", ("startsOn", "2026-04-01"), ("endsOn", "2026-05-29"));
        await territory.AnswerAsync(await TaskAsync("ces dates"), "Agreed");
        var agreed = await CommitmentAsync();
        Assert.Equal(("Jean Petit", Signed, new DateOnly(2026, 5, 29), 10), (agreed.PersonName, agreed.AgreedOn, agreed.EndsOn, agreed.HalfDaysAgreed));
        var sheet = await TaskAsync("Temps passé");
        Assert.Equal((TimeSheets.TaskKind, new DateOnly(2026, 5, 29), commitment), (sheet.Kind, sheet.DueOn, sheet.SubjectId));

        await territory.WaitUntilAsync(2026, 4, 10);
        Assert.Empty(await LogAsync("a", new(2026, 4, 8), 2));
        Assert.Empty(await LogAsync("b", new(2026, 4, 9), 1));
        await territory.AnswerAsync(sheet, "Finished");

        Assert.Equal(new DateOnly(2026, 4, 10), (await CommitmentAsync()).CompletedOn);
        Assert.Equal((0, Money.Zero), await BalanceAsync(LedgerAccount.DaysCommitted));
        Assert.Equal((3, Money.Euros(1_050)), await BalanceAsync(LedgerAccount.DaysSpent));

        await territory.AnswerAsync(await TaskAsync("Où en est"), "Reported", ("progress", "La deuxième équipe est formée."), ("difficulty", "Un recrutement manque."));
        var reports = await territory.MailsAsync("ProgressReportMail");
        Assert.Contains("operateur@alize.example", reports.Select(m => m.ToAddress));
        Assert.Equal(["helene.marchand@verrerie.example", "operateur@alize.example"], reports.Select(m => m.ToAddress).Order(StringComparer.Ordinal));
        Assert.All(reports, m => Assert.Contains("La deuxième équipe est formée", m.Body, StringComparison.Ordinal));
        Assert.Contains("Un recrutement manque.", Assert.Single(await territory.TrailAsync(RecordProgress.TrailKind)), StringComparison.Ordinal);
        Assert.Equal("", await territory.FaultsAsync());
    }

    [Fact]
    public async Task A_company_that_says_nothing_for_a_week_agrees()
    {
        await territory.AnswerAsync(await TaskAsync("qui intervient"), "Named", ("personName", "Jean Petit"), ("startsOn", "2026-04-01"), ("endsOn", "2026-04-30"));
        Assert.Empty(await TasksAsync("quelles dates"));

        await territory.WaitUntilAsync(2026, 3, 23);
        Assert.Null((await CommitmentAsync()).AgreedOn);
        await territory.WaitUntilAsync(2026, 3, 24);

        Assert.Equal(new DateOnly(2026, 3, 24), (await CommitmentAsync()).AgreedOn);
        Assert.Contains(await territory.TrailAsync("competence"), t => t.Contains("n’ayant rien objecté", StringComparison.Ordinal));
        Assert.NotEmpty(await TasksAsync("Temps passé"));
    }

    [Fact]
    public async Task Days_that_end_before_they_begin_are_asked_again()
    {
        var problems = await territory.TryAnswerAsync(
            (await TaskAsync("qui intervient")).Id, "Named", ("personName", "Jean Petit"), ("startsOn", "2026-04-30"), ("endsOn", "2026-04-01"));

        Assert.Equal("endsOn", Assert.Single(problems).Field);
        Assert.Null((await CommitmentAsync()).PersonName);
    }

    [Fact]
    public async Task A_support_that_outlives_its_last_day_is_reminded_on_working_days_and_escalated_until_it_is_finished()
    {
        var sheet = await StartedAsync("2026-04-30");

        await territory.WaitUntilAsync(2026, 5, 17);
        // A month after the request; the day after the last day is the 1st of May, a week later the 8th: both are holidays, then a weekend.
        Assert.Equal(["2026-04-15", "2026-05-04", "2026-05-11", "2026-05-15"], await RemindersAsync("Temps passé"));
        Assert.Empty(await territory.MailsAsync("EscalateTaskMail"));
        Assert.Equal(Lateness.NotFinished, (await CommitmentAsync()).LatenessOn(new(2026, 5, 1)));

        await territory.WaitUntilAsync(2026, 5, 18);
        Assert.Equal(2, (await territory.MailsAsync("EscalateTaskMail")).Count);

        await territory.AnswerAsync(sheet, "Finished");
        await territory.WaitUntilAsync(2026, 7, 31);
        Assert.Equal(4, (await RemindersAsync("Temps passé")).Count);
    }

    [Fact]
    public async Task Days_that_change_are_announced_and_agreed_anew_and_the_time_logged_stays()
    {
        var sheet = await StartedAsync("2026-04-30");
        Assert.Empty(await LogAsync("a", Signed, 2));

        await territory.AnswerAsync(sheet, "Moved");
        await territory.AnswerAsync(await TaskAsync("quelles dates"), "Given", ("startsOn", "2026-05-04"), ("endsOn", "2026-06-30"));
        await territory.AnswerAsync(await TaskAsync("ces dates"), "Agreed");

        Assert.Equal(new DateOnly(2026, 6, 30), (await TaskAsync("Temps passé")).DueOn);
        Assert.Equal(2, (await CommitmentAsync()).HalfDaysLogged);
    }

    [Fact]
    public async Task The_same_form_sent_twice_or_by_two_at_once_logs_once()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => LogAsync("same", Signed, 2), Cancel)));

        Assert.All(results, Assert.Empty);
        Assert.Single((await CommitmentAsync()).Time);
        Assert.Equal((2, Money.Euros(700)), await BalanceAsync(LedgerAccount.DaysSpent));
    }

    [Fact]
    public async Task Two_who_log_at_once_do_not_together_exceed_the_commitment()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 2).Select(i => Task.Run(() => LogAsync($"hand-{i}", Signed, 6), Cancel)));

        Assert.Single(results, r => r.Count == 0);
        Assert.Equal("time-beyond-commitment", Assert.Single(results.Single(r => r.Count > 0)).Reason);
        Assert.Equal(6, (await CommitmentAsync()).HalfDaysLogged);
    }

    [Fact]
    public async Task What_is_refused_is_written_nowhere()
    {
        Assert.Equal("time-in-future", Assert.Single(await LogAsync("a", Signed.AddDays(1), 1)).Reason);
        Assert.Equal("time-before-convention", Assert.Single(await LogAsync("b", Signed.AddDays(-1), 1)).Reason);
        await territory.WaitUntilAsync(2026, 4, 10);
        Assert.Empty(await territory.DoAsync<Books, IReadOnlyList<Problem>>(b => b.CloseAsync(territory.Programme.Id, new(2026, 3, 31), "Camille Roussel", Cancel)));
        Assert.Equal("time-in-closed-period", Assert.Single(await LogAsync("c", new(2026, 3, 31), 1)).Reason);

        Assert.Empty((await CommitmentAsync()).Time);
        Assert.Equal((0, Money.Zero), await BalanceAsync(LedgerAccount.DaysSpent));
    }

    [Fact]
    [Trait("Rule", "R8")]
    public async Task No_time_is_logged_under_a_convention_that_is_not_signed_by_all()
    {
        var other = await territory.ApprovedAsync(Eligible with { Company = "Scierie du Haut", Siret = "73282932000074", HeadEmail = "direction@scierie.example" });
        var unsigned = await territory.ReadAsync(db => db.CompetenceCommitments.Where(c => c.ProjectId == other).Select(c => c.Id).SingleAsync(Cancel));

        var refusals = await territory.DoAsync<TimeSheets, IReadOnlyList<Refusal>>(
            s => s.LogAsync(territory.Programme.Id, unsigned, new("a", Signed, 1, "", false), "Jean Petit", Cancel));

        Assert.Equal("time-without-convention", Assert.Single(refusals).Reason);
    }

    [Fact]
    [Trait("Rule", "R11")]
    public async Task Time_is_valued_at_the_rate_of_its_day()
    {
        await territory.ChangeAsync(async db => (await db.Programmes.SingleAsync(Cancel)).Agree(new()
        {
            Id = Guid.NewGuid(),
            ProgrammeId = territory.Programme.Id,
            From = new(2026, 4, 1),
            DayRate = Money.Euros(800),
        }));
        await territory.WaitUntilAsync(2026, 4, 10);

        Assert.Empty(await LogAsync("a", new(2026, 3, 31), 2));
        Assert.Empty(await LogAsync("b", new(2026, 4, 1), 2));

        Assert.Equal((4, Money.Euros(1_500)), await BalanceAsync(LedgerAccount.DaysSpent));
        Assert.Equal((6, Money.Euros(2_100)), await BalanceAsync(LedgerAccount.DaysCommitted));   // at the rate of the decision
        Assert.Equal(Money.Euros(1_500), (await CommitmentAsync()).ValueLogged);
    }

    [Fact]
    [Trait("Rule", "R19")]
    public async Task A_wrong_half_day_is_taken_back_by_a_reversing_entry_of_the_open_period()
    {
        Assert.Empty(await LogAsync("a", Signed, 4));
        await territory.WaitUntilAsync(2026, 4, 10);
        Assert.Empty(await territory.DoAsync<Books, IReadOnlyList<Problem>>(b => b.CloseAsync(territory.Programme.Id, new(2026, 3, 31), "Camille Roussel", Cancel)));
        var wrong = (await CommitmentAsync()).Time.Single();

        Assert.Equal("reason", Assert.Single(await TakeBackAsync(wrong.Id, " ")).Field);
        for (var i = 0; i < 2; i++) Assert.Empty(await TakeBackAsync(wrong.Id, "Mauvais projet"));

        var entries = await territory.ReadAsync(db => db.JournalEntries.AsNoTracking().Where(e => e.ProjectId == project && (e.Kind == MovementKind.DaysSpent || e.Kind == MovementKind.Reversal)).OrderBy(e => e.Sequence).ToListAsync(Cancel));
        Assert.Equal([(MovementKind.DaysSpent, Signed), (MovementKind.Reversal, new DateOnly(2026, 4, 10))], entries.Select(e => (e.Kind, e.BookedOn)));
        Assert.Equal(entries[0].Id, entries[1].ReversesId);
        Assert.Equal((0, Money.Zero), await BalanceAsync(LedgerAccount.DaysSpent));
        Assert.Equal((10, Money.Euros(3_500)), await BalanceAsync(LedgerAccount.DaysCommitted));
        Assert.Equal((0, 2), ((await CommitmentAsync()).HalfDaysLogged, (await CommitmentAsync()).Time.Count));
    }

    [Fact]
    [Trait("Rule", "R19")]
    public async Task After_the_end_a_correction_leaves_nothing_committed()
    {
        var sheet = await StartedAsync("2026-04-30");
        Assert.Empty(await LogAsync("a", Signed, 4));
        await territory.AnswerAsync(sheet, "Finished");
        Assert.Equal((0, Money.Zero), await BalanceAsync(LedgerAccount.DaysCommitted));

        Assert.Empty(await TakeBackAsync((await CommitmentAsync()).Time.Single().Id, "C’était une journée, et non deux"));
        Assert.Empty(await LogAsync("b", Signed, 2));

        Assert.Equal((0, Money.Zero), await BalanceAsync(LedgerAccount.DaysCommitted));
        Assert.Equal((2, Money.Euros(700)), await BalanceAsync(LedgerAccount.DaysSpent));
    }

    [Fact]
    [Trait("Rule", "R19")]
    public async Task Time_is_not_put_right_by_reversing_its_entry_alone()
    {
        Assert.Empty(await LogAsync("a", Signed, 4));
        var entry = await territory.ReadAsync(db => db.JournalEntries.AsNoTracking().SingleAsync(e => e.Kind == MovementKind.DaysSpent, Cancel));

        var (_, refusals) = await territory.DoAsync<Books, (IReadOnlyList<Problem>, IReadOnlyList<Refusal>)>(
            b => b.ReverseAsync(territory.Programme.Id, entry.Id, "erreur", "Camille Roussel", Cancel));

        Assert.Equal("entry-not-reversible", Assert.Single(refusals).Reason);
    }

    /// <summary>Jean Petit is named, the days are agreed on, the time sheet is open.</summary>
    private async Task<PartnerTask> StartedAsync(string endsOn)
    {
        await territory.AnswerAsync(await TaskAsync("qui intervient"), "Named", ("personName", "Jean Petit"), ("startsOn", "2026-03-16"), ("endsOn", endsOn));
        await territory.AnswerAsync(await TaskAsync("ces dates"), "Agreed");
        return await TaskAsync("Temps passé");
    }

    private async Task<List<PartnerTask>> TasksAsync(string words) =>
        [.. (await territory.OpenTasksAsync(project)).Where(t => t.Title.Contains(words, StringComparison.Ordinal))];

    private async Task<PartnerTask> TaskAsync(string words) => Assert.Single(await TasksAsync(words));

    private async Task<List<string>> RemindersAsync(string words) =>
        [.. (await territory.MailsAsync("RemindPartnerMail")).Where(m => m.Subject.Contains(words, StringComparison.Ordinal)).Select(m => m.CreatedAt.ToString("yyyy-MM-dd", null))];

    private Task<CompetenceCommitment> CommitmentAsync() => territory.ReadAsync(db => db.CompetenceCommitments.AsNoTracking().SingleAsync(c => c.Id == commitment, Cancel));

    private Task<IReadOnlyList<Refusal>> LogAsync(string key, DateOnly on, int halfDays) => territory.DoAsync<TimeSheets, IReadOnlyList<Refusal>>(
        s => s.LogAsync(territory.Programme.Id, commitment, new(key, on, halfDays, "", SaysBeyond: false), "Jean Petit", Cancel));

    private Task<IReadOnlyList<Problem>> TakeBackAsync(Guid line, string reason) => territory.DoAsync<TimeSheets, IReadOnlyList<Problem>>(
        s => s.TakeBackAsync(territory.Programme.Id, commitment, line, reason, "Camille Roussel", Cancel));

    private async Task<(int HalfDays, Money Value)> BalanceAsync(LedgerAccount account)
    {
        var balances = await territory.DoAsync<Ledger, IReadOnlyList<LedgerBalance>>(l => l.BalancesAsync(territory.Programme.Id, null, Cancel));
        var all = balances.Where(b => b.Ledger == account).ToList();
        return (all.Sum(b => b.HalfDays), Money.Sum(all.Select(b => b.Balance)));
    }
}
