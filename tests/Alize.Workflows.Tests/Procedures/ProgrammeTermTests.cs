using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Committee;
using Alize.Domain.Programmes;
using Alize.Workflows.Accounts;
using Alize.Workflows.Aid;
using Alize.Workflows.Programmes;
using Alize.Workflows.Repayment;
using Alize.Workflows.Tests.Documents;
using Microsoft.EntityFrameworkCore;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Procedures;

/// <summary>The end of the convention: signed on 2 January 2026, its last day is 1 January 2029; 225,000 € were given to the fund of advances.</summary>
[Trait("Rule", "R16")]
public sealed class ProgrammeTermTests : IAsyncLifetime
{
    private readonly Territory territory = new();

    private Guid Programme => territory.Programme.Id;

    public ValueTask InitializeAsync() => territory.InitializeAsync();

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Fact]
    public async Task What_remains_goes_back_by_largest_remainder_once_the_last_advance_is_over_with_a_statement_to_each()
    {
        var (_, advance) = await territory.PaidAsync();
        Assert.Empty(await territory.RepayAsync(advance.Id, "12500", "VIR-1"));
        await EndAsync();
        await AnswerAsync("Où vont les sommes", "ToFunders");
        await territory.WaitUntilAsync(2029, 3, 10);
        Assert.DoesNotContain(await territory.OpenTasksAsync(), t => t.Title.StartsWith("Sommes restantes", StringComparison.Ordinal));   // 17,500 € are owed still

        await LoseAsync(advance.Id, Money.Euros(17_500));
        await territory.WaitUntilAsync(2029, 4, 10);
        var order = await TaskAsync("Sommes restantes");
        Assert.Contains("Verrerie de l’Ombrelle : 55 333,33 €", Plain(order.Instructions), StringComparison.Ordinal);
        await territory.AnswerAsync(order, "Ordered");

        // 207,500.00 by 60, 45, 45, 30 and 45 of 225: the two cents left go to the largest remainders.
        var returned = await territory.ReadAsync(async db => (await db.JournalEntries.Where(e => e.Kind == MovementKind.EndowmentReturned).ToListAsync(Cancel))
            .Select(e => (Name: db.Partners.Single(p => p.Id == e.Lines[0].PartyId).Name, e.Amount)).OrderBy(e => e.Name, StringComparer.Ordinal).ToList());
        Assert.Equal(
            [
                ("Aciéries Beaulieu", new(4_150_000)), ("Caisse des dépôts", new(4_150_000)), ("Communauté de communes de l’Ombrelle", new(2_766_667)),
                ("Papeteries du Val", new(4_150_000)), ("Verrerie de l’Ombrelle", new(5_533_333)),
            ],
            returned);
        Assert.Equal(Money.Zero, await BankAsync());

        var statements = await territory.ReadAsync(db => db.Documents.AsNoTracking().Where(d => d.Kind == nameof(RemainderStatementDocument)).ToListAsync(Cancel));
        Assert.Equal(5, statements.Count);
        var text = await Poppler.TextAsync(statements.Single(s => s.Title.Contains("Verrerie", StringComparison.Ordinal)).Content);
        Assert.All(["60 000,00 €", "4 666,67 €", "55 333,33 €"], figure => Assert.Contains(figure, text, StringComparison.Ordinal));
        var mails = (await territory.MailsAsync("NotifyMail")).Where(m => m.Subject.StartsWith("Dévolution", StringComparison.Ordinal)).ToList();
        Assert.Equal(statements.Select(s => s.Id).Order(), mails.SelectMany(m => m.Attachments).Distinct().Order());
        Assert.Contains(await territory.MailsAsync("NotifyMail"), m => m.Subject.EndsWith("tout est réparti", StringComparison.Ordinal));
        Assert.Equal("", await territory.FaultsAsync());
    }

    [Fact]
    public async Task A_local_structure_gets_what_remains_only_by_the_steering_chairs_answer()
    {
        await EndAsync();
        await AnswerAsync("Où vont les sommes", "ToStructure");   // which one?
        var again = await TaskAsync("Où vont les sommes");
        Assert.Contains("aucune structure locale", again.Instructions, StringComparison.Ordinal);
        await territory.AnswerAsync(again, "ToStructure", ("structure", "Initiative Ombrelle"), ("agreement", "Courrier du 3 janvier 2029"));
        await AnswerAsync("Sommes restantes", "Ordered");

        var labels = await territory.ReadAsync(db => db.JournalEntries.Where(e => e.Kind == MovementKind.EndowmentReturned).Select(e => e.Label).ToListAsync(Cancel));
        Assert.Equal(5, labels.Count);
        Assert.All(labels, label => Assert.EndsWith("reversée à Initiative Ombrelle", label, StringComparison.Ordinal));
        var term = await TermAsync();
        Assert.Equal((RemainderWay.ToLocalStructure, "Isabelle Fontaine", "Courrier du 3 janvier 2029"), (term.Way, term.AgreedBy, term.Agreement));
        Assert.Equal(Money.Zero, await BankAsync());
    }

    [Fact]
    public async Task With_a_specific_clause_repayments_go_back_as_they_come_in()
    {
        var (_, advance) = await territory.PaidAsync();
        await EndAsync();
        await AnswerAsync("Où vont les sommes", "ToFunders");
        Assert.NotEmpty(await ClauseAsync(" "));
        Assert.Empty(await ClauseAsync("Avenant n° 2 du 4 décembre 2028"));
        await territory.SettleAsync();
        await AnswerAsync("Sommes restantes", "Ordered");
        Assert.Equal(Money.Euros(195_000), await ReturnedAsync());

        Assert.Empty(await territory.RepayAsync(advance.Id, "30000", "VIR-1"));
        await territory.WaitUntilAsync(2029, 2, 10);
        await AnswerAsync("Sommes restantes", "Ordered");

        Assert.Equal(Money.Euros(225_000), await ReturnedAsync());
        var verrerie = await territory.ReadAsync(db => db.Partners.Where(p => p.Name == "Verrerie de l’Ombrelle").Select(p => p.Id).SingleAsync(Cancel));
        Assert.Equal(Money.Zero, await territory.DoAsync<Ledger, Money>(l => l.BalanceAsync(Programme, FundAccount.Advances, LedgerAccount.Endowments, Cancel, verrerie)));
        Assert.Equal("", await territory.FaultsAsync());
    }

    [Fact]
    public async Task Without_a_decision_by_the_last_day_the_convention_is_not_renewed_and_no_new_aid_is_decided()
    {
        var project = await territory.ReadyForCommitteeAsync();
        await OpenAsync();
        await territory.WaitUntilAsync(2029, 1, 3);

        var term = await TermAsync();
        Assert.Equal((RenewalDecision.NotRenewed, "aucune décision des partenaires au terme"), (term.Decision, term.DecidedIn));
        var reminders = (await territory.MailsAsync("RemindPartnerMail")).Where(m => m.Subject.Contains("Renouveler la convention", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, reminders.Count);
        var preview = await territory.DoAsync<FinancialChecks, TermsPreview>(async checks => await checks.PreviewAsync(await territory.ProjectAsync(project), Money.Euros(10_000), 12, 0, 2, Cancel));
        Assert.Contains(preview.Refusals, r => r.Reason == "aid-after-the-term");
        Assert.Equal("", await territory.FaultsAsync());
    }

    [Fact]
    public async Task A_renewed_convention_gives_nothing_back()
    {
        await OpenAsync();
        await territory.WaitUntilAsync(2028, 4, 10);
        var asked = await TaskAsync("Renouveler la convention");
        Assert.NotNull(asked.DocumentId);
        Assert.Contains(await territory.MailsAsync("NotifyMail"), m => m.ToAddress == "anne.vidal@astrees.example" && m.Attachments.Contains(asked.DocumentId!.Value));
        await territory.AnswerAsync(asked, "Renewed", ("minutes", "Comité de pilotage du 5 avril 2028"));
        await territory.WaitUntilAsync(2029, 3, 1);

        Assert.Equal(RenewalDecision.Renewed, (await TermAsync()).Decision);
        Assert.DoesNotContain(await territory.OpenTasksAsync(), t => t.Title.StartsWith("Où vont les sommes", StringComparison.Ordinal));
        var remainders = await territory.DoAsync<Remainders, IReadOnlyList<Remainder>>(async r => await r.OfAsync(territory.Programme, await TermAsync(), Cancel));
        Assert.All(remainders, r => Assert.Contains(r.Refusals, x => x.Reason == "distribution-though-renewed"));
        Assert.Equal("", await territory.FaultsAsync());
    }

    /// <summary>The partners decide in spring 2028 not to go on; the clock stands after the last day.</summary>
    private async Task EndAsync()
    {
        await OpenAsync();
        await territory.WaitUntilAsync(2028, 4, 10);
        await AnswerAsync("Renouveler la convention", "NotRenewed", ("minutes", "Comité de pilotage du 5 avril 2028"));
        await territory.WaitUntilAsync(2029, 1, 4);
    }

    private async Task OpenAsync()
    {
        await territory.DoAsync<ProgrammeCycles, int>(async c => { await c.OpenAllAsync(Cancel); return 0; });
        await territory.SettleAsync();
    }

    private async Task<PartnerTask> TaskAsync(string words) => (await territory.OpenTasksAsync()).Single(t => t.Title.StartsWith(words, StringComparison.Ordinal));

    private async Task AnswerAsync(string words, string outcome, params (string, string)[] values) => await territory.AnswerAsync(await TaskAsync(words), outcome, values);

    private Task<ProgrammeTerm> TermAsync() => territory.ReadAsync(db => db.ProgrammeTerms.AsNoTracking().SingleAsync(Cancel));

    private Task<Money> BankAsync() => territory.DoAsync<Ledger, Money>(l => l.BalanceAsync(Programme, FundAccount.Advances, LedgerAccount.Bank, Cancel));

    private async Task<Money> ReturnedAsync() => Money.Sum(await territory.ReadAsync(async db => (await db.JournalEntries.Where(e => e.Kind == MovementKind.EndowmentReturned).ToListAsync(Cancel)).ConvertAll(e => e.Amount)));

    private Task<IReadOnlyList<Problem>> ClauseAsync(string clause) => territory.DoAsync<ProgrammeTerms, IReadOnlyList<Problem>>(t => t.AgreeAsync(Programme, clause, "Camille Roussel", Cancel));

    private async Task LoseAsync(Guid advance, Money lost)
    {
        var session = await territory.ReadAsync(db => db.CommitteeSessions.Where(s => s.State == SessionState.Open || s.State == SessionState.Closed).Select(s => s.Id).FirstAsync(Cancel));
        var (problems, refusals) = await territory.DoAsync<AdvanceRulings, (IReadOnlyList<Problem>, IReadOnlyList<Refusal>)>(
            r => r.RecordAsync(advance, new(session, 6, "Liquidation judiciaire", lost, 0, 0), "Camille Roussel", Cancel));
        Assert.Empty(problems);
        Assert.Empty(refusals);
        await territory.SettleAsync();
    }

    private static string Plain(string text) => text.Replace('\u202F', ' ').Replace('\u00A0', ' ').Replace("\\", "", StringComparison.Ordinal);
}
