using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Repayment;
using Alize.Workflows.Accounts;
using Alize.Workflows.Accounts.Bank;
using Alize.Workflows.Tests.Procedures;
using Microsoft.EntityFrameworkCore;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Accounts.Bank;

/// <summary>30,000 € paid on 16 March 2026, six instalments of 5,000 € from 16 October; statements of October.</summary>
[Trait("Rule", "R19")]
public sealed class BankMatchingTests : IAsyncLifetime
{
    private const string By = "Camille Roussel";
    private static readonly DateOnly Day = new(2026, 10, 16);
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
    public async Task A_sure_repayment_is_booked_once_with_its_line_as_voucher()
    {
        await ImportAsync(MadeStatements.AdvancesIban, new MadeLine(Day, Money.Euros(5_000), "TOURNERIE DES AULNES", $"ECHEANCE {advance.Reference}"));

        var (booked, problems) = await ConfirmSureAsync();

        Assert.Equal(1, booked);
        Assert.Empty(problems);
        var received = Assert.Single((await AdvanceAsync()).Received);
        Assert.Equal((Money.Euros(5_000), Day), (received.Amount, received.ReceivedOn));
        Assert.Contains("opération 1", received.BankReference, StringComparison.Ordinal);
        Assert.Equal(Day, (await AdvanceAsync()).Installments[0].SettledOn);
        var entry = await territory.ReadAsync(db => db.JournalEntries.AsNoTracking().SingleAsync(e => e.Kind == MovementKind.Repayment, Cancel));
        Assert.Equal((SourceKind.BankLine, received.BankReference, By), (entry.SourceKind, entry.SourceReference, entry.BookedBy));
        Assert.Equal((0, 0), await StillOpenAsync());
        Assert.Equal(0, (await ConfirmSureAsync()).Booked);
    }

    [Fact]
    public async Task A_repayment_from_the_bank_stops_the_reminders_like_any_other()
    {
        await ImportAsync(MadeStatements.AdvancesIban, new MadeLine(Day, Money.Euros(5_000), "TOURNERIE DES AULNES", advance.Reference));
        await ConfirmSureAsync();

        await territory.WaitUntilAsync(2026, 11, 10);

        Assert.Equal(2, (await territory.MailsAsync("RemindCompanyMail")).Count(m => m.UnlessSettledInstallmentId == advance.Installments[0].Id));   // before, and on the day
    }

    [Fact]
    public async Task Two_hands_on_the_same_line_book_it_once()
    {
        await ImportAsync(MadeStatements.AdvancesIban, new MadeLine(Day, Money.Euros(5_000), "TOURNERIE DES AULNES", advance.Reference));
        var line = await LineAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => ConfirmAsync(line.Id, CounterpartKind.Repayment, advance.Id), Cancel)));

        Assert.Single(results, r => r.Count == 0);
        Assert.Equal(Money.Euros(25_000), (await AdvanceAsync()).Outstanding);
    }

    [Fact]
    public async Task One_line_is_split_and_never_beyond_its_amount()
    {
        await ImportAsync(MadeStatements.AdvancesIban, new MadeLine(Day, Money.Euros(6_000), "GROUPE AULNES", "DEUX PAIEMENTS"));
        var line = await LineAsync();

        Assert.Empty(await ConfirmAsync(line.Id, CounterpartKind.Repayment, advance.Id, Money.Euros(4_000)));
        Assert.Equal(Money.Euros(2_000), (await LineAsync()).Remaining);
        Assert.Equal("part", Assert.Single(await ConfirmAsync(line.Id, CounterpartKind.Repayment, advance.Id, Money.Euros(2_001))).Field);
        Assert.Empty(await ConfirmAsync(line.Id, CounterpartKind.Repayment, advance.Id, Money.Euros(2_000)));

        Assert.Equal(Money.Euros(24_000), (await AdvanceAsync()).Outstanding);
        Assert.Equal((0, 0), await StillOpenAsync());
    }

    [Fact]
    public async Task Taken_back_the_advance_owes_again_a_reversing_entry_says_so_and_the_line_is_open()
    {
        await ImportAsync(MadeStatements.AdvancesIban, new MadeLine(Day, Money.Euros(5_000), "TOURNERIE DES AULNES", advance.Reference));
        await ConfirmSureAsync();
        var before = await BalancesAsync();
        var match = await territory.ReadAsync(db => db.BankMatches.AsNoTracking().SingleAsync(Cancel));

        Assert.Equal("reason", Assert.Single(await UndoAsync(match.Id, " ")).Field);
        Assert.Empty(await UndoAsync(match.Id, "Virement d’une autre entreprise"));

        Assert.Equal(Money.Euros(30_000), (await AdvanceAsync()).Outstanding);
        Assert.Null((await AdvanceAsync()).Installments[0].SettledOn);
        Assert.Equal((before.Bank - Money.Euros(5_000), before.Outstanding + Money.Euros(5_000)), await BalancesAsync());
        Assert.Equal((1, 500_000), await StillOpenAsync());
        Assert.Single(await UndoAsync(match.Id, "Encore"));

        // The same line may be the advance's after all.
        Assert.Equal(1, (await ConfirmSureAsync()).Booked);
        Assert.Equal(before, await BalancesAsync());
        Assert.Equal(Money.Euros(25_000), (await AdvanceAsync()).Outstanding);
        Assert.Equal("", (await territory.DoAsync<Books, JournalAudit>(b => b.AuditAsync(territory.Programme.Id, Cancel))).BrokenAt ?? "");
    }

    [Fact]
    public async Task A_repayment_taken_back_leaves_what_came_later_as_a_repayment()
    {
        await ImportAsync(MadeStatements.AdvancesIban,
            new MadeLine(Day, Money.Euros(29_000), "TOURNERIE DES AULNES", advance.Reference), new MadeLine(Day, Money.Euros(1_500), "TOURNERIE DES AULNES", advance.Reference));
        foreach (var line in await territory.ReadAsync(db => db.BankLines.AsNoTracking().OrderBy(l => l.Number).ToListAsync(Cancel)))
            Assert.Empty(await ConfirmAsync(line.Id, CounterpartKind.Repayment, advance.Id));
        var first = await territory.ReadAsync(db => db.BankMatches.AsNoTracking().OrderBy(m => m.Id).FirstAsync(Cancel));

        Assert.Empty(await UndoAsync(first.Id, "Erreur"));
        Assert.Equal(Money.Euros(1_500), (await AdvanceAsync()).Repaid);
    }

    [Fact]
    public async Task A_released_transfer_waits_for_its_line_and_books_nothing_twice()
    {
        Assert.Empty(await territory.DoAsync<Transfers, IReadOnlyList<Problem>>(t => t.PrepareAsync(territory.Programme.Id, advance.Id, MadeStatements.StrangeIban, "", By, Cancel)));
        var order = await territory.ReadAsync(db => db.PaymentOrders.AsNoTracking().SingleAsync(Cancel));
        var (file, _, _) = await territory.DoAsync<Transfers, (TransferFile?, IReadOnlyList<Refusal>, IReadOnlyList<Problem>)>(
            t => t.ReleaseAsync(territory.Programme.Id, [order.Id], Day.AddDays(3), "Marc Lefèvre", Cancel));
        Assert.NotNull(file);
        var entries = await territory.ReadAsync(db => db.JournalEntries.CountAsync(Cancel));
        await ImportAsync(MadeStatements.AdvancesIban, new MadeLine(Day, -Money.Euros(30_000), order.Payee, "VIR EMIS", order.EndToEndId));

        Assert.Equal(1, (await ConfirmSureAsync()).Booked);

        Assert.Equal(PaymentOrderState.Executed, (await territory.ReadAsync(db => db.PaymentOrders.AsNoTracking().SingleAsync(Cancel))).State);
        Assert.Equal(entries, await territory.ReadAsync(db => db.JournalEntries.CountAsync(Cancel)));
        var match = await territory.ReadAsync(db => db.BankMatches.AsNoTracking().SingleAsync(Cancel));
        Assert.Empty(await UndoAsync(match.Id, "Pas le bon"));
        Assert.Equal(PaymentOrderState.Released, (await territory.ReadAsync(db => db.PaymentOrders.AsNoTracking().SingleAsync(Cancel))).State);
    }

    [Fact]
    [Trait("Rule", "R9")]
    public async Task A_fee_is_a_cost_of_the_operating_account_and_never_of_the_advances()
    {
        await ImportAsync(MadeStatements.AdvancesIban, new MadeLine(Day, new(-1_250), "", "FRAIS"));
        var line = await LineAsync();

        Assert.Contains("R9", Assert.Single(await CostAsync(line.Id)).Sentence, StringComparison.Ordinal);
        Assert.Equal((1, -1_250), await StillOpenAsync());
    }

    [Fact]
    [Trait("Rule", "R9")]
    public async Task A_cost_that_the_account_cannot_bear_is_refused_and_one_it_can_is_booked_and_reversed()
    {
        await ImportAsync(MadeStatements.CostsIban, new MadeLine(Day, new(-1_250), "", "FRAIS"), new MadeLine(Day, Money.Euros(6_000), "COMMUNAUTE DE COMMUNES DE L'OMBRELLE", "SUBVENTION"));
        var lines = await territory.ReadAsync(db => db.BankLines.AsNoTracking().OrderBy(l => l.Number).ToListAsync(Cancel));
        Assert.Contains("R9", Assert.Single(await CostAsync(lines[0].Id)).Sentence, StringComparison.Ordinal);

        var funder = await territory.ReadAsync(db => db.Partners.Where(p => p.Name.StartsWith("Communauté")).Select(p => p.Id).SingleAsync(Cancel));
        await territory.ReadAsync(async db =>
        {
            await new Ledger(db, territory.Time).BookAsync(
                territory.Programme.Id, Movements.Pledged("test-pledge", FundAccount.OperatingCosts, funder, "Communauté", Money.Euros(6_000), 2026, Day, new(SourceKind.Document, null, "Annexe 1")), By, Cancel);
            return await db.SaveChangesAsync(Cancel);
        });
        Assert.Empty(await ConfirmAsync(lines[1].Id, CounterpartKind.Endowment, funder));
        Assert.Empty(await CostAsync(lines[0].Id));
        Assert.Equal(new Money(598_750), await BalanceAsync(FundAccount.OperatingCosts, LedgerAccount.Bank));
        Assert.Equal(Money.Zero, await BalanceAsync(FundAccount.OperatingCosts, LedgerAccount.EndowmentsPledged));
        Assert.Equal((0, 0), await StillOpenAsync());

        var cost = await territory.ReadAsync(db => db.BankMatches.AsNoTracking().SingleAsync(m => m.Kind == CounterpartKind.Cost, Cancel));
        Assert.Empty(await UndoAsync(cost.Id, "Remboursés par la banque"));
        Assert.Equal(Money.Euros(6_000), await BalanceAsync(FundAccount.OperatingCosts, LedgerAccount.Bank));
        Assert.Equal((1, -1_250), await StillOpenAsync());
        Assert.Empty(await CostAsync(lines[0].Id));
    }

    [Fact]
    [Trait("Rule", "R10")]
    public async Task What_the_cdc_pays_beyond_its_ceiling_is_refused_with_the_figure_that_would_pass()
    {
        // Others 180,000 and the CDC 45,000, all received: exactly 20 %.
        var cdc = await territory.ReadAsync(db => db.Partners.Where(p => p.Name == "Caisse des dépôts").Select(p => p.Id).SingleAsync(Cancel));
        await territory.ReadAsync(async db =>
        {
            await new Ledger(db, territory.Time).BookAsync(
                territory.Programme.Id, Movements.Pledged("test-pledge", FundAccount.Advances, cdc, "Caisse des dépôts", Money.Euros(100), 2026, Day, new(SourceKind.Document, null, "Annexe 1")), By, Cancel);
            return await db.SaveChangesAsync(Cancel);
        });
        await ImportAsync(MadeStatements.AdvancesIban, new MadeLine(Day, Money.Euros(100), "CAISSE DES DEPOTS", "DOTATION"));
        var line = await LineAsync();
        var before = await BalanceAsync(FundAccount.Advances, LedgerAccount.Endowments);

        var refused = Assert.Single(await ConfirmAsync(line.Id, CounterpartKind.Endowment, cdc));

        Assert.Contains("R10", refused.Sentence, StringComparison.Ordinal);
        Assert.Contains("45\u202F000,00\u00A0€ au plus", refused.Sentence, StringComparison.Ordinal);
        Assert.Equal((1, 10_000), await StillOpenAsync());
        Assert.Equal(before, await BalanceAsync(FundAccount.Advances, LedgerAccount.Endowments));

        var energy = await territory.ReadAsync(db => db.Partners.Where(p => p.Name == "Ombrelle Énergie").Select(p => p.Id).SingleAsync(Cancel));
        Assert.Empty(await territory.DoAsync<Endowments, IReadOnlyList<Problem>>(e => e.PledgeAsync(territory.Programme.Id, energy, 2026, FundAccount.Advances, Money.Euros(400), 0, By, Cancel)));
        Assert.Empty(await ConfirmAsync(line.Id, CounterpartKind.Endowment, cdc));
        Assert.Equal((0, 0), await StillOpenAsync());
    }

    private async Task ImportAsync(string iban, params MadeLine[] lines)
    {
        var import = await territory.DoAsync<BankStatements, StatementImport>(s => s.ImportAsync(
            territory.Programme.Id, "releve.txt", MadeStatements.Cfonb(iban, Day.AddDays(-1), Day, Money.Euros(500), lines), By, Cancel));
        Assert.Empty(import.Problems);
        Assert.Empty(import.Refusals);
    }

    private Task<(int Booked, IReadOnlyList<Problem> Problems)> ConfirmSureAsync() =>
        territory.DoAsync<BankMatching, (int, IReadOnlyList<Problem>)>(m => m.ConfirmSureAsync(territory.Programme.Id, By, Cancel));

    private Task<IReadOnlyList<Problem>> ConfirmAsync(Guid line, CounterpartKind kind, Guid target, Money? part = null) =>
        territory.DoAsync<BankMatching, IReadOnlyList<Problem>>(m => m.ConfirmAsync(territory.Programme.Id, line, kind, target, part, By, Cancel));

    private Task<IReadOnlyList<Problem>> CostAsync(Guid line) =>
        territory.DoAsync<BankMatching, IReadOnlyList<Problem>>(m => m.BookCostAsync(territory.Programme.Id, line, LedgerAccount.Expenses, "Frais bancaires", By, Cancel));

    private Task<IReadOnlyList<Problem>> UndoAsync(Guid match, string reason) =>
        territory.DoAsync<BankMatching, IReadOnlyList<Problem>>(m => m.UndoAsync(territory.Programme.Id, match, reason, By, Cancel));

    private Task<BankLine> LineAsync() => territory.ReadAsync(db => db.BankLines.AsNoTracking().SingleAsync(Cancel));

    private Task<GrantedAdvance> AdvanceAsync() => territory.AdvanceAsync(project);

    private Task<(int Count, long Cents)> StillOpenAsync() => territory.ReadAsync(async db =>
    {
        var open = await db.BankLines.AsNoTracking().Where(l => l.Matched != l.Amount).ToListAsync(Cancel);
        return (open.Count, open.Sum(l => l.Remaining.Cents));
    });

    private async Task<(Money Bank, Money Outstanding)> BalancesAsync() =>
        (await BalanceAsync(FundAccount.Advances, LedgerAccount.Bank), await BalanceAsync(FundAccount.Advances, LedgerAccount.AdvancesOutstanding));

    private Task<Money> BalanceAsync(FundAccount account, LedgerAccount ledger) =>
        territory.DoAsync<Ledger, Money>(l => l.BalanceAsync(territory.Programme.Id, account, ledger, Cancel));
}
