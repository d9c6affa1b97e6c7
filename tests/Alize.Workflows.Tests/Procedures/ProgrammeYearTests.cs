using Alize.Data.Outbox;
using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Committee;
using Alize.Domain.Programmes;
using Alize.Domain.Results;
using Alize.Workflows.Accounts;
using Alize.Workflows.Committee;
using Alize.Workflows.Programmes;
using Alize.Workflows.Results;
using Alize.Workflows.Tests.Documents;
using Microsoft.EntityFrameworkCore;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Procedures;

/// <summary>A calendar year through its own procedure, from the contribution to ASTREES to the report annexed to a call for funds.</summary>
[Trait("Rule", "R15")]
public sealed class ProgrammeYearTests : IAsyncLifetime
{
    private readonly Territory territory = new();

    private Guid Programme => territory.Programme.Id;

    public ValueTask InitializeAsync() => territory.InitializeAsync();

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Fact]
    public async Task A_year_is_closed_reported_approved_sent_and_annexed()
    {
        var (project, advance) = await territory.PaidAsync();
        await OpenAsync();
        await territory.WaitUntilAsync(2026, 10, 14);
        Assert.Empty(await territory.RepayAsync(advance.Id, "5000", "VIR-1"));
        await territory.WaitUntilAsync(2027, 1, 20);   // two instalments are late

        await AnswerAsync("Arrêter les comptes 2026", "Closed");
        Assert.Equal(new DateOnly(2026, 12, 31), await territory.ReadAsync(db => db.PeriodClosings.Select(c => c.Through).SingleAsync(Cancel)));
        await AnswerAsync("Rédiger le rapport", "Written", ("commentary", "Une **première** année prudente."));
        await AnswerAsync("à approuver", "Corrections", ("remarks", "Nommer les entreprises aidées."));
        var rewrite = await TaskAsync("Rédiger le rapport");
        Assert.Contains("Nommer les entreprises", rewrite.Instructions, StringComparison.Ordinal);
        await territory.AnswerAsync(rewrite, "Written", ("commentary", "La Tournerie des Aulnes a reçu la première avance."));
        var review = await TaskAsync("à approuver");
        var asked = (await territory.MailsAsync("AskPartnerMail")).Last(m => m.TaskId == review.Id);
        Assert.Equal([review.DocumentId!.Value], asked.Attachments);
        Assert.Contains(await CallAsync(), p => p.Sentence.Contains("rapport d’activité 2026", StringComparison.Ordinal));   // not ready yet
        await territory.AnswerAsync(review, "Approved");

        var year = await YearAsync(2026);
        Assert.Equal(("Hélène Marchand", review.DocumentId), (year.ApprovedBy, year.ReportId));
        var sent = (await territory.MailsAsync("NotifyMail")).Where(m => m.Subject.StartsWith("Rapport d’activité 2026", StringComparison.Ordinal) || m.Subject.StartsWith("Activity report 2026", StringComparison.Ordinal)).ToList();
        Assert.Equal(12, sent.Select(m => m.ToAddress).Distinct().Count());   // eleven who represent a signatory, and ASTREES
        Assert.Contains(sent, m => m.ToAddress == "anne.vidal@astrees.example");
        Assert.Contains(sent, m => m.ToAddress == "isabelle.fontaine@etat.example");
        Assert.All(sent, m => Assert.Equal([year.ReportId!.Value], m.Attachments));

        Assert.Empty(await CallAsync());
        var call = await territory.ReadAsync(db => db.FundsCalls.SingleAsync(c => c.Year == 2027, Cancel));
        Assert.Equal((year.ReportId, "Rapport d’activité 2026"), (call.ReportId, call.Report));
        var annexed = Assert.Single(await territory.MailsAsync("FundsCallMail"));
        Assert.Equal(year.ReportId!.Value, annexed.Attachments[1]);
        await territory.SettleAsync();
        Assert.Equal(MailState.Sent, (await territory.MailsAsync("FundsCallMail"))[0].State);

        await HoldSteeringAsync();
        var duties = await territory.DoAsync<ProgrammeYears, IReadOnlyList<YearlyDuty>>(y => y.DutiesAsync(year, Cancel));
        Assert.All(duties, d => Assert.NotNull(d.DoneOn));
        await territory.WaitUntilAsync(2027, 7, 10);
        Assert.DoesNotContain(await territory.MailsAsync("NotifyMail"), m => m.Subject.StartsWith("Année 2026", StringComparison.Ordinal));
        Assert.Equal("", await territory.FaultsAsync());
        Assert.NotEqual(Guid.Empty, project);
    }

    [Fact]
    public async Task Every_figure_of_the_report_is_the_journals_and_the_pdf_shows_it()
    {
        var (_, advance) = await territory.PaidAsync();
        await OpenAsync();
        await territory.WaitUntilAsync(2026, 10, 14);
        Assert.Empty(await territory.RepayAsync(advance.Id, "5000", "VIR-1"));
        await territory.WaitUntilAsync(2027, 1, 20);
        await AnswerAsync("Arrêter les comptes 2026", "Closed");
        Assert.Empty(await territory.RepayAsync(advance.Id, "2500,50", "VIR-2"));   // of 2027: not the report's
        await AnswerAsync("Rédiger le rapport", "Written", ("commentary", "Une année."));

        var report = await territory.DoAsync<ActivityReports, ActivityReport>(r => r.OfAsync(territory.Programme, 2026, Cancel));
        var balances = await territory.DoAsync<Ledger, IReadOnlyList<LedgerBalance>>(l => l.BalancesAsync(Programme, new DateOnly(2026, 12, 31), Cancel));
        Money Balance(LedgerAccount ledger) => Money.Sum(balances.Where(b => b.Account == FundAccount.Advances && b.Ledger == ledger).Select(b => b.Balance));
        foreach (var stock in report.Books.AdvanceStocks)
            Assert.Equal(Balance(stock.Ledger) * (stock.Ledger.Line().IsCreditNormal ? -1 : 1), stock.AtEnd);
        Assert.Equal(Money.Euros(25_000), report.Outstanding);
        Assert.Equal(report.Outstanding, Money.Sum(report.Advances.Select(a => a.Moved.Outstanding)));
        Assert.Equal(Money.Euros(225_000), Money.Sum(report.Partners.Select(p => p.Given.ReceivedInYear)));
        Assert.Equal((Money.Euros(5_000), Money.Euros(10_000)), (report.Arrears.UpTo30Days, report.Arrears.Total));   // of 16 November and 16 December
        Assert.Equal((1, 1, 60), (report.ApprovedInYear, report.Projects.Reached, report.Projects.Target));

        var pdf = await territory.ReadAsync(db => db.Documents.Where(d => d.Kind == "ActivityReportDocument").Select(d => d.Content).SingleAsync(Cancel));
        var text = await Poppler.TextAsync(pdf);
        Assert.Contains("Tournerie des Aulnes", text, StringComparison.Ordinal);
        Assert.Contains("25 000,00 €", text, StringComparison.Ordinal);
        Assert.Contains("200 000,00 €", text, StringComparison.Ordinal);   // the bank: 225,000 − 30,000 + 5,000
        Assert.DoesNotContain("2 500,50 €", text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "R12")]
    public async Task ASTREES_is_paid_through_the_journal_and_refused_beyond_with_the_figure_that_would_pass()
    {
        await FundCostsAsync(20_000);
        await OpenAsync();
        await territory.WaitUntilAsync(2026, 3, 3);

        var asked = await TaskAsync("à ASTREES");
        Assert.Equal("Contribution 2026 à ASTREES : 6 000,00 €", Plain(asked.Title));
        await territory.AnswerAsync(asked, "Paid", ("amount", "6 500"), ("paidOn", "2026-03-02"), ("document", "Appel 2026"));
        var again = await TaskAsync("à ASTREES");
        Assert.Contains("Il reste 6 000,00 €", Plain(again.Instructions), StringComparison.Ordinal);
        await territory.AnswerAsync(again, "Paid", ("amount", "6 000"), ("paidOn", "2026-03-02"), ("document", "Appel 2026"));

        Assert.Equal(Money.Euros(6_000), await territory.DoAsync<Ledger, Money>(l => l.BalanceAsync(Programme, FundAccount.OperatingCosts, LedgerAccount.NetworkContribution, Cancel)));
        Assert.Contains(await territory.MailsAsync("NotifyMail"), m => m.ToAddress == "anne.vidal@astrees.example" && m.Subject == "Contribution 2026 versée");
        await territory.WaitUntilAsync(2027, 3, 2);   // the next year asks again
        await OpenAsync();
        await territory.WaitUntilAsync(2027, 3, 3);
        Assert.StartsWith("Contribution 2027", (await TaskAsync("à ASTREES")).Title, StringComparison.Ordinal);
        Assert.Equal("", await territory.FaultsAsync());
    }

    [Fact]
    public async Task What_the_year_still_owes_is_said_in_June_and_again_when_it_is_late()
    {
        await OpenAsync();
        await territory.WaitUntilAsync(2027, 7, 2);

        var mails = (await territory.MailsAsync("NotifyMail")).Where(m => m.Subject.StartsWith("Année 2026", StringComparison.Ordinal)).ToList();
        Assert.Equal([new(2027, 6, 1), new(2027, 7, 1)], mails.Select(m => DateOnly.FromDateTime(m.CreatedAt)).Distinct());
        Assert.Contains("avant le 30 juin 2027", mails[0].Subject, StringComparison.Ordinal);
        Assert.All(["Comptes arrêtés", "Rapport d’activité établi", "comité de pilotage", "appel de fonds"], duty => Assert.Contains(duty, mails[0].Body, StringComparison.Ordinal));
        Assert.Contains(mails, m => m.ToAddress == "anne.vidal@astrees.example" && m.Subject.Contains("en retard", StringComparison.Ordinal));
        Assert.Equal("", await territory.FaultsAsync());
    }

    [Fact]
    [Trait("Rule", "R14")]
    public async Task The_steering_committee_is_warned_once_at_nine_months_and_late_after_twelve()
    {
        await OpenAsync();   // the convention was signed on 2 January 2026
        await territory.WaitUntilAsync(2027, 1, 2);
        await OpenAsync();
        await territory.WaitUntilAsync(2027, 1, 10);

        var mails = (await territory.MailsAsync("NotifyMail")).Where(m => m.Subject.Contains("pilotage", StringComparison.Ordinal) && m.ToAddress == "isabelle.fontaine@etat.example").ToList();
        Assert.Equal(["Comité de pilotage à réunir avant le 2 janvier 2027", "Comité de pilotage en retard"], mails.Select(m => m.Subject));
        Assert.Equal([new(2026, 10, 2), new(2027, 1, 4)], mails.Select(m => DateOnly.FromDateTime(m.CreatedAt)));   // the third is a Sunday
    }

    [Fact]
    [Trait("Rule", "R14")]
    public async Task A_meeting_of_the_steering_committee_begins_its_year_anew()
    {
        await OpenAsync();
        await territory.WaitUntilAsync(2026, 6, 1);
        await HoldSteeringAsync();
        await territory.WaitUntilAsync(2027, 1, 10);

        Assert.DoesNotContain(await territory.MailsAsync("NotifyMail"), m => m.Subject.StartsWith("Comité de pilotage", StringComparison.Ordinal));
        Assert.Equal("", await territory.FaultsAsync());
    }

    [Fact]
    public async Task A_year_is_opened_once_and_none_before_its_time()
    {
        await OpenAsync();
        await OpenAsync();

        Assert.Equal([2026], await territory.ReadAsync(db => db.ProgrammeYears.Select(y => y.Year).ToListAsync(Cancel)));
        Assert.Equal(["programme-term", "programme-year"], await territory.ReadAsync(db => db.WorkflowInstances.Select(i => i.DefinitionId).OrderBy(d => d).ToListAsync(Cancel)));
    }

    private async Task OpenAsync()
    {
        await territory.DoAsync<ProgrammeCycles, int>(async c => { await c.OpenAllAsync(Cancel); return 0; });
        await territory.SettleAsync();
    }

    private Task<ProgrammeYear> YearAsync(int year) => territory.ReadAsync(db => db.ProgrammeYears.AsNoTracking().SingleAsync(y => y.Year == year, Cancel));

    private async Task<PartnerTask> TaskAsync(string words) => (await territory.OpenTasksAsync()).Single(t => t.Title.Contains(words, StringComparison.Ordinal));

    private async Task AnswerAsync(string words, string outcome, params (string, string)[] values) => await territory.AnswerAsync(await TaskAsync(words), outcome, values);

    private static string Plain(string text) => text.Replace('\u202F', ' ').Replace('\u00A0', ' ').Replace("\\", "", StringComparison.Ordinal);

    /// <summary>20,000 € of a pledge for 2027 are called.</summary>
    private async Task<IReadOnlyList<Problem>> CallAsync()
    {
        var partner = await territory.ReadAsync(db => db.Partners.Where(p => p.Name == "Ombrelle Énergie").Select(p => p.Id).SingleAsync(Cancel));
        if (!await territory.ReadAsync(db => db.Pledges.AnyAsync(p => p.PartnerId == partner, Cancel)))
            Assert.Empty(await territory.DoAsync<Endowments, IReadOnlyList<Problem>>(e => e.PledgeAsync(Programme, partner, 2027, FundAccount.Advances, Money.Euros(20_000), 0, "Camille Roussel", Cancel)));
        return await territory.DoAsync<Endowments, IReadOnlyList<Problem>>(e => e.CallAsync(Programme, partner, 2027, FundAccount.Advances, Money.Euros(20_000), "", "Camille Roussel", Cancel));
    }

    private async Task FundCostsAsync(int euros)
    {
        var partner = await territory.ReadAsync(db => db.Partners.Where(p => p.Name == "Ombrelle Énergie").Select(p => p.Id).SingleAsync(Cancel));
        Assert.Empty(await territory.DoAsync<Endowments, IReadOnlyList<Problem>>(e => e.PledgeAsync(Programme, partner, 2026, FundAccount.OperatingCosts, Money.Euros(euros), 0, "Camille Roussel", Cancel)));
        Assert.Empty(await territory.DoAsync<Endowments, IReadOnlyList<Problem>>(e => e.CallAsync(Programme, partner, 2026, FundAccount.OperatingCosts, Money.Euros(euros), "", "Camille Roussel", Cancel)));
        var call = await territory.ReadAsync(db => db.FundsCalls.Select(c => c.Id).SingleAsync(Cancel));
        Assert.Empty(await territory.DoAsync<Endowments, IReadOnlyList<Problem>>(
            e => e.ReceiveAsync(Programme, call, Money.Euros(euros), DateOnly.FromDateTime(territory.Time.GetUtcNow().UtcDateTime), "VIR-FO", "Camille Roussel", Cancel)));
    }

    private async Task HoldSteeringAsync()
    {
        var (id, problems) = await territory.DoAsync<SessionPlans, (Guid?, IReadOnlyList<Problem>)>(s => s.PlanAsync(
            Programme, CommitteeKind.Steering, SessionPlan.At(territory.Time.GetUtcNow().AddDays(10).UtcDateTime, "Préfecture") with { Topics = "Rapport d’activité" }, "Camille Roussel", Cancel));
        Assert.Empty(problems);
        await territory.SettleAsync();
        await territory.WaitAsync(TimeSpan.FromDays(10));
        Assert.Empty(await territory.DoAsync<CommitteeSessions, IReadOnlyList<Refusal>>(s => s.OpenAsync(id!.Value, new Dictionary<Guid, Presence>(), null, "Camille Roussel", Cancel)));
        Assert.Empty(await territory.DoAsync<CommitteeSessions, IReadOnlyList<Problem>>(s => s.CloseAsync(id!.Value, "Camille Roussel", Cancel)));
        await territory.SettleAsync();
    }
}
