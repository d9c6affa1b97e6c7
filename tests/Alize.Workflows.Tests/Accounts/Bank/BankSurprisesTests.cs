using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Committee;
using Alize.Domain.Repayment;
using Alize.Workflows.Accounts;
using Alize.Workflows.Accounts.Bank;
using Alize.Workflows.Repayment;
using Alize.Workflows.Tests.Procedures;
using Microsoft.EntityFrameworkCore;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Accounts.Bank;

/// <summary>What a bank prints though nobody expects it any more: every line finds its counterpart, or the books would never agree.</summary>
[Trait("Rule", "R19")]
public sealed class BankSurprisesTests : IAsyncLifetime
{
    private const string By = "Camille Roussel";
    private readonly Territory territory = new();
    private Guid project;
    private GrantedAdvance advance = null!;

    public async ValueTask InitializeAsync()
    {
        await territory.InitializeAsync();
        await territory.EnterBankAccountsAsync();
        (project, advance) = await territory.PaidAsync();
        await territory.WaitUntilAsync(2026, 10, 19);
    }

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Fact]
    public async Task A_transfer_on_what_was_lost_is_matched_as_a_recovery()
    {
        var session = await territory.ReadAsync(db => db.CommitteeSessions.Where(s => s.Kind == CommitteeKind.Approval).Select(s => s.Id).FirstAsync(Cancel));
        Assert.Equal(([], []), await territory.DoAsync<AdvanceRulings, (IReadOnlyList<Problem>, IReadOnlyList<Refusal>)>(
            r => r.RecordAsync(advance.Id, new(session, 9, "Liquidation", Money.Euros(30_000), 0, 0), By, Cancel)));
        var line = await LineAsync(Money.Euros(3_000), $"DIVIDENDE LIQUIDATION {advance.Reference}");

        Assert.Empty(await ConfirmAsync(line, CounterpartKind.Repayment, advance.Id));

        Assert.Equal(Money.Euros(3_000), (await AdvanceAsync()).Position.Recovered);
        Assert.Equal(-Money.Euros(3_000), await BalanceAsync(LedgerAccount.Recoveries));
        await NothingOpenAsync();
    }

    [Fact]
    public async Task A_transfer_after_full_repayment_is_matched_as_excess_and_so_is_what_goes_back()
    {
        Assert.Empty(await territory.RepayAsync(advance.Id, "30000", "VIR-1"));
        var twice = await LineAsync(Money.Euros(800), $"ECHEANCE {advance.Reference}");
        Assert.Empty(await ConfirmAsync(twice, CounterpartKind.Repayment, advance.Id));
        Assert.Equal(-Money.Euros(800), await BalanceAsync(LedgerAccount.ExcessRepayments));
        var back = await LineAsync(-Money.Euros(800), $"REMB TROP PERCU {advance.Reference}", day: 2);

        Assert.Empty(await ConfirmAsync(back, CounterpartKind.ReturnedExcess, advance.Id));

        var position = (await AdvanceAsync()).Position;
        Assert.Equal((Money.Zero, Money.Euros(800)), (position.Excess, position.Returned));
        Assert.Equal(Money.Zero, await BalanceAsync(LedgerAccount.ExcessRepayments));
        var entry = await territory.ReadAsync(db => db.JournalEntries.AsNoTracking().SingleAsync(e => e.Kind == MovementKind.ExcessReturned, Cancel));
        Assert.Equal(back.BookedOn, entry.BookedOn);
        await NothingOpenAsync();
        var match = await MatchAsync(CounterpartKind.ReturnedExcess);
        Assert.Contains("l’argent est parti", Assert.Single(await UndoAsync(match)).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repayment_that_the_bank_takes_back_is_owed_again_from_the_day_of_the_line_and_both_lines_are_matched()
    {
        Assert.Empty(await ConfirmAsync(await LineAsync(Money.Euros(5_000), $"ECHEANCE {advance.Reference}"), CounterpartKind.Repayment, advance.Id));
        var receipt = Assert.Single((await AdvanceAsync()).Received);
        var line = await LineAsync(-Money.Euros(5_000), $"RETOUR VIR {advance.Reference}", day: 2);

        Assert.Empty(await ConfirmAsync(line, CounterpartKind.ReturnedRepayment, receipt.Id));

        Assert.Equal(Money.Euros(30_000), (await AdvanceAsync()).Outstanding);
        Assert.True((await AdvanceAsync()).Received.Single().IsCancelled);
        Assert.Equal(Money.Euros(30_000), await BalanceAsync(LedgerAccount.AdvancesOutstanding));
        var entry = await territory.ReadAsync(db => db.JournalEntries.AsNoTracking().SingleAsync(e => e.Key == $"repayment-taken-back:{receipt.Id:N}", Cancel));
        Assert.Equal(line.BookedOn, entry.BookedOn);
        await NothingOpenAsync();

        Assert.Empty(await UndoAsync(await MatchAsync(CounterpartKind.ReturnedRepayment)));
        Assert.Equal(Money.Euros(25_000), (await AdvanceAsync()).Outstanding);
        Assert.Equal(Money.Euros(25_000), await BalanceAsync(LedgerAccount.AdvancesOutstanding));
        Assert.Equal(-Money.Euros(5_000), Assert.Single(await OpenAsync()).Remaining);
    }

    [Fact]
    public async Task A_part_of_a_repayment_is_not_taken_back()
    {
        Assert.Empty(await ConfirmAsync(await LineAsync(Money.Euros(5_000), $"ECHEANCE {advance.Reference}"), CounterpartKind.Repayment, advance.Id));
        var line = await LineAsync(-Money.Euros(4_000), $"RETOUR VIR {advance.Reference}", day: 2);

        Assert.Contains("en entier", Assert.Single(await ConfirmAsync(line, CounterpartKind.ReturnedRepayment, (await AdvanceAsync()).Received.Single().Id)).Sentence, StringComparison.Ordinal);

        Assert.Equal(Money.Euros(25_000), (await AdvanceAsync()).Outstanding);
        Assert.Single(await OpenAsync());
    }

    [Fact]
    [Trait("Rule", "R10")]
    public async Task A_dotation_found_on_a_statement_is_received_on_its_call_and_taken_back_from_it()
    {
        var partner = await territory.ReadAsync(db => db.Partners.Where(p => p.Name == "Ombrelle Énergie").Select(p => p.Id).SingleAsync(Cancel));
        Assert.Empty(await territory.DoAsync<Endowments, IReadOnlyList<Problem>>(e => e.PledgeAsync(territory.Programme.Id, partner, 2026, FundAccount.Advances, Money.Euros(20_000), 0, By, Cancel)));
        Assert.Empty(await territory.DoAsync<Endowments, IReadOnlyList<Problem>>(e => e.CallAsync(territory.Programme.Id, partner, 2026, FundAccount.Advances, Money.Euros(12_000), "", By, Cancel)));
        var line = await LineAsync(Money.Euros(9_000), "DOTATION 2026");

        Assert.Empty(await ConfirmAsync(line, CounterpartKind.Endowment, partner));

        Assert.Equal((Money.Euros(9_000), Money.Euros(3_000)), await territory.ReadAsync(async db => await db.FundsCalls.AsNoTracking().SingleAsync(Cancel) is var call ? (call.Received, call.Expected) : default));
        Assert.Empty(await UndoAsync(await MatchAsync(CounterpartKind.Endowment)));
        Assert.Equal(Money.Zero, await territory.ReadAsync(db => db.FundsCalls.Select(c => c.Received).SingleAsync(Cancel)));
    }

    [Fact]
    [Trait("Rule", "R13")]
    public async Task A_line_is_no_cost_beyond_the_ceilings_of_the_convention()
    {
        var funder = await territory.ReadAsync(db => db.Partners.Where(p => p.Name == "Ombrelle Énergie").Select(p => p.Id).SingleAsync(Cancel));
        Assert.Empty(await territory.DoAsync<Endowments, IReadOnlyList<Problem>>(e => e.PledgeAsync(territory.Programme.Id, funder, 2026, FundAccount.OperatingCosts, Money.Euros(30_000), 0, By, Cancel)));
        Assert.Empty(await ConfirmAsync(await LineAsync(Money.Euros(30_000), "DOTATION", iban: MadeStatements.CostsIban), CounterpartKind.Endowment, funder));
        var line = await LineAsync(new(-1_000_001), "DEFRAIEMENT", day: 2, iban: MadeStatements.CostsIban);

        var problems = await territory.DoAsync<BankMatching, IReadOnlyList<Problem>>(m => m.BookCostAsync(territory.Programme.Id, line.Id, LedgerAccount.OperatorFee, "Défraiement", By, Cancel));

        Assert.Contains("R13", Assert.Single(problems).Sentence, StringComparison.Ordinal);
        Assert.Single(await OpenAsync());
    }

    [Fact]
    [Trait("Rule", "R12")]
    public async Task A_cost_entered_with_its_invoice_is_not_booked_again_when_its_line_comes()
    {
        var funder = await territory.ReadAsync(db => db.Partners.Where(p => p.Name == "Ombrelle Énergie").Select(p => p.Id).SingleAsync(Cancel));
        Assert.Empty(await territory.DoAsync<Endowments, IReadOnlyList<Problem>>(e => e.PledgeAsync(territory.Programme.Id, funder, 2026, FundAccount.OperatingCosts, Money.Euros(30_000), 0, By, Cancel)));
        Assert.Empty(await ConfirmAsync(await LineAsync(Money.Euros(30_000), "DOTATION", iban: MadeStatements.CostsIban), CounterpartKind.Endowment, funder));
        Assert.Empty(await territory.DoAsync<Endowments, IReadOnlyList<Problem>>(
            e => e.SpendAsync(territory.Programme.Id, LedgerAccount.NetworkContribution, "Contribution 2026", Money.Euros(6_000), new(2026, 10, 19), "Appel ASTREES 2026", By, Cancel)));
        var entry = await territory.ReadAsync(db => db.JournalEntries.AsNoTracking().SingleAsync(e => e.Kind == MovementKind.Expense, Cancel));
        var line = await LineAsync(-Money.Euros(6_000), "APPEL ASTREES 2026", day: 2, iban: MadeStatements.CostsIban);

        Assert.Equal((1, 0), await territory.DoAsync<BankMatching, (int, int)>(async m => await m.ConfirmSureAsync(territory.Programme.Id, By, Cancel) is var (booked, problems) ? (booked, problems.Count) : default));

        Assert.Equal(entry.Id, await territory.ReadAsync(db => db.BankMatches.Where(m => m.Kind == CounterpartKind.BookedEntry).Select(m => m.TargetId).SingleAsync(Cancel)));
        Assert.Equal(1, await territory.ReadAsync(db => db.JournalEntries.CountAsync(e => e.Kind == MovementKind.Expense, Cancel)));
        await NothingOpenAsync();
        Assert.Empty(await UndoAsync(await MatchAsync(CounterpartKind.BookedEntry)));
        Assert.False(await territory.ReadAsync(db => db.JournalEntries.AnyAsync(e => e.ReversesId == entry.Id, Cancel)));
        Assert.Equal(line.Id, Assert.Single(await OpenAsync()).Id);
    }

    [Fact]
    [Trait("Rule", "R6")]
    public async Task A_receipt_recorded_by_hand_is_never_taken_for_the_next_instalment_without_asking()
    {
        await LineAsync(Money.Euros(1), "OUVERTURE");
        Assert.Empty(await territory.RepayAsync(advance.Id, "5000", "VIR-1"));
        var entry = await territory.ReadAsync(db => db.JournalEntries.AsNoTracking().SingleAsync(e => e.Kind == MovementKind.Repayment, Cancel));
        var line = await LineAsync(Money.Euros(5_000), $"ECHEANCE {advance.Reference}", day: 5);

        Assert.Equal(0, await territory.DoAsync<BankMatching, int>(async m => (await m.ConfirmSureAsync(territory.Programme.Id, By, Cancel)).Booked));
        Assert.Empty(await ConfirmAsync(line, CounterpartKind.BookedEntry, entry.Id));

        Assert.Equal(Money.Euros(25_000), (await AdvanceAsync()).Outstanding);
        Assert.Equal(Money.Euros(1), Assert.Single(await OpenAsync()).Remaining);
        var other = await LineAsync(Money.Euros(5_000), $"ECHEANCE {advance.Reference} BIS", day: 7);
        Assert.NotEmpty(await ConfirmAsync(other, CounterpartKind.BookedEntry, entry.Id));   // one entry, one line
    }

    /// <summary>A statement with one line.</summary>
    private async Task<BankLine> LineAsync(Money amount, string text, int day = 0, string iban = MadeStatements.AdvancesIban)
    {
        var on = new DateOnly(2026, 10, 14).AddDays(day);
        var import = await territory.DoAsync<BankStatements, StatementImport>(s => s.ImportAsync(
            territory.Programme.Id, "releve.txt", MadeStatements.Cfonb(iban, on.AddDays(-1), on, Money.Euros(500_000), [new(on, amount, "TOURNERIE DES AULNES", text)]), By, Cancel));
        Assert.Empty(import.Problems);
        return await territory.ReadAsync(db => db.BankLines.AsNoTracking().SingleAsync(l => l.StatementId == import.Statements[0].Id, Cancel));
    }

    private Task<IReadOnlyList<Problem>> ConfirmAsync(BankLine line, CounterpartKind kind, Guid target) =>
        territory.DoAsync<BankMatching, IReadOnlyList<Problem>>(m => m.ConfirmAsync(territory.Programme.Id, line.Id, kind, target, null, By, Cancel));

    private Task<IReadOnlyList<Problem>> UndoAsync(Guid match) =>
        territory.DoAsync<BankMatching, IReadOnlyList<Problem>>(m => m.UndoAsync(territory.Programme.Id, match, "erreur", By, Cancel));

    private Task<Guid> MatchAsync(CounterpartKind kind) => territory.ReadAsync(db => db.BankMatches.Where(m => m.Kind == kind).Select(m => m.Id).SingleAsync(Cancel));

    private Task<List<BankLine>> OpenAsync() => territory.ReadAsync(db => db.BankLines.AsNoTracking().Where(l => l.Matched != l.Amount).ToListAsync(Cancel));

    private async Task NothingOpenAsync() => Assert.Empty(await OpenAsync());

    private Task<GrantedAdvance> AdvanceAsync() => territory.AdvanceAsync(project);

    private Task<Money> BalanceAsync(LedgerAccount account) =>
        territory.DoAsync<Ledger, Money>(l => l.BalanceAsync(territory.Programme.Id, FundAccount.Advances, account, Cancel));
}
