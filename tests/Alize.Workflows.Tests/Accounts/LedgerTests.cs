using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Workflows.Accounts;
using Alize.Workflows.Tasks;
using Alize.Workflows.Tests.Procedures;
using Microsoft.EntityFrameworkCore;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Accounts;

[Trait("Rule", "R19")]
public sealed class LedgerTests : IAsyncLifetime
{
    private readonly Territory territory = new();

    private Guid Programme => territory.Programme.Id;

    public ValueTask InitializeAsync() => territory.InitializeAsync();

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Fact]
    public async Task An_advance_goes_from_decided_to_committed_to_paid()
    {
        var project = await territory.ApprovedAsync();
        Assert.Equal((-30_000, 0, 0), await StateAsync());

        await territory.SignAllAsync(project);
        Assert.Equal((0, -30_000, 0), await StateAsync());

        Assert.Empty(await territory.PayAsync(project));
        await territory.SettleAsync();
        Assert.Equal((0, 0, 30_000), await StateAsync());
        Assert.Equal(Money.Zero, await BalanceAsync(LedgerAccount.CommitmentsGiven));
        await BalancedAsync();

        async Task<(int, int, int)> StateAsync() => (
            Euros(await BalanceAsync(LedgerAccount.AdvancesDecided)), Euros(await BalanceAsync(LedgerAccount.AdvancesCommitted)),
            Euros(await BalanceAsync(LedgerAccount.AdvancesOutstanding)));
    }

    [Fact]
    [Trait("Rule", "R11")]
    public async Task Days_go_from_pledged_to_committed_at_the_rate_of_the_decision()
    {
        await territory.ApprovedAsync();

        var balances = await territory.DoAsync<Ledger, IReadOnlyList<LedgerBalance>>(l => l.BalancesAsync(Programme, null, Cancel));
        var committed = Assert.Single(balances, b => b.Ledger == LedgerAccount.DaysCommitted);
        Assert.Equal((10, Money.Euros(3_500)), (committed.HalfDays, committed.Balance));
        Assert.Equal(3 * 60, balances.Where(b => b.Ledger == LedgerAccount.DaysPledged).Sum(b => b.HalfDays));
        await BalancedAsync();
    }

    [Fact]
    [Trait("Rule", "R20")]
    public async Task A_project_given_up_unsigned_gives_back_its_credits_and_the_days_of_its_partners()
    {
        var project = await territory.ApprovedAsync();
        var head = (await territory.OpenTasksAsync(project)).First(t => t.Kind == SignatureForm.Kind);
        await territory.AnswerSignatureAsync(head, SignatureForm.Refused, ("reason", "Trop tard"));

        await territory.AnswerAsync((await territory.OpenTasksAsync(project)).Single(), "Abandon");

        Assert.Equal(Money.Zero, await BalanceAsync(LedgerAccount.AdvancesDecided));
        var balances = await territory.DoAsync<Ledger, IReadOnlyList<LedgerBalance>>(l => l.BalancesAsync(Programme, null, Cancel));
        Assert.All(balances.Where(b => b.Ledger == LedgerAccount.DaysCommitted), b => Assert.Equal((0, Money.Zero), (b.HalfDays, b.Balance)));
        await BalancedAsync();
    }

    [Fact]
    [Trait("Rule", "R7")]
    public async Task Two_operators_cannot_commit_the_same_credits()
    {
        var (first, second) = (Decision(130_000), Decision(130_000));

        var outcomes = await Task.WhenAll(new[] { first, second }.Select(movement => Task.Run(
            async () => await Record.ExceptionAsync(() => BookAsync(movement)), Cancel)));

        Assert.Single(outcomes, o => o is null);
        Assert.Contains("beyond the credits", Assert.Single(outcomes, o => o is not null)!.Message, StringComparison.Ordinal);
        Assert.Equal(Money.Euros(95_000), await territory.DoAsync<Ledger, Money>(l => l.CreditsAvailableAsync(Programme, Cancel)));
    }

    [Fact]
    [Trait("Rule", "R9")]
    public async Task An_account_cannot_be_overdrawn()
    {
        var spent = Movements.Spent("frais", LedgerAccount.Communication, "Plaquette", Money.Euros(1), null, Today, Invoice);

        Assert.Contains(await territory.DoAsync<Ledger, IReadOnlyList<Refusal>>(l => l.RefusalsAsync(Programme, spent, Cancel)), r => r.Reason == "account-overdrawn");
        await Assert.ThrowsAsync<InvalidOperationException>(() => BookAsync(spent));
        Assert.False(await territory.ReadAsync(db => db.JournalEntries.AnyAsync(e => e.Key == "frais", Cancel)));
    }

    [Fact]
    [Trait("Rule", "R15")]
    public async Task A_movement_in_a_closed_period_is_refused_and_a_correction_goes_into_the_open_one()
    {
        var pledge = await territory.ReadAsync(db => db.JournalEntries.AsNoTracking().FirstAsync(e => e.Kind == MovementKind.EndowmentPledged, Cancel));
        var closed = Today.AddDays(-1);
        Assert.Empty(await CloseAsync(closed));
        Assert.NotEmpty(await CloseAsync(closed));   // closed once
        Assert.NotEmpty(await CloseAsync(Today));    // days to come stay open

        var late = Movements.Pledged("tardive", FundAccount.Advances, Guid.NewGuid(), "Tardif", Money.Euros(1), 2026, closed, Invoice);
        Assert.Contains(await territory.DoAsync<Ledger, IReadOnlyList<Refusal>>(l => l.RefusalsAsync(Programme, late, Cancel)), r => r.Reason == "period-closed");
        await Assert.ThrowsAsync<InvalidOperationException>(() => BookAsync(late));

        var (problems, refusals) = await ReverseAsync(pledge.Id);
        Assert.Empty(problems);
        Assert.Empty(refusals);
        var reversal = await territory.ReadAsync(db => db.JournalEntries.AsNoTracking().SingleAsync(e => e.ReversesId == pledge.Id, Cancel));
        Assert.Equal(Today, reversal.BookedOn);
    }

    [Fact]
    public async Task An_entry_is_reversed_once()
    {
        var pledge = await territory.ReadAsync(db => db.JournalEntries.AsNoTracking().FirstAsync(e => e.Kind == MovementKind.EndowmentPledged, Cancel));
        Assert.Empty((await ReverseAsync(pledge.Id)).Refusals);

        Assert.Equal("entry-reversed-already", Assert.Single((await ReverseAsync(pledge.Id)).Refusals).Reason);
        Assert.Equal(1, await territory.ReadAsync(db => db.JournalEntries.CountAsync(e => e.ReversesId == pledge.Id, Cancel)));
    }

    [Fact]
    public async Task A_payment_is_not_put_right_by_reversing_its_entry()
    {
        await territory.PaidAsync();
        var payment = await territory.ReadAsync(db => db.JournalEntries.AsNoTracking().SingleAsync(e => e.Kind == MovementKind.AdvancePaid, Cancel));

        Assert.Equal("entry-not-reversible", Assert.Single((await ReverseAsync(payment.Id)).Refusals).Reason);
    }

    [Fact]
    public async Task Numbers_follow_each_other_within_their_year_whoever_writes()
    {
        await Task.WhenAll(Enumerable.Range(1, 8).Select(i => Task.Run(() => BookAsync(
            Movements.Pledged($"p{i}", FundAccount.Advances, Guid.NewGuid(), "Financeur", Money.Euros(i), 2026 + (i % 2), new DateOnly(2026 + (i % 2), 3, 2), Invoice)), Cancel)));

        var entries = await territory.ReadAsync(db => db.JournalEntries.AsNoTracking().Where(e => e.ProgrammeId == Programme).OrderBy(e => e.Sequence).ToListAsync(Cancel));
        Assert.Equal(Enumerable.Range(1, entries.Count).Select(i => (long)i), entries.Select(e => e.Sequence));
        Assert.All(entries.GroupBy(e => e.Year), year => Assert.Equal(Enumerable.Range(1, year.Count()), year.Select(e => e.Number)));
        Assert.Null((await AuditAsync()).BrokenAt);
    }

    [Fact]
    public async Task A_row_changed_behind_the_services_back_is_found()
    {
        await territory.PaidAsync();
        var before = await AuditAsync();
        Assert.Null(before.BrokenAt);
        var payment = await territory.ReadAsync(db => db.JournalEntries.AsNoTracking().SingleAsync(e => e.Kind == MovementKind.AdvancePaid, Cancel));

        await territory.ReadAsync(db => db.JournalLines.Where(l => l.EntryId == payment.Id && l.DebitCents > 0)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.PartyId, Guid.NewGuid()), Cancel));

        Assert.Equal($"{payment.Year}-{payment.Number}", (await AuditAsync()).BrokenAt);
    }

    [Fact]
    public async Task The_days_seal_is_written_once_into_the_trail()
    {
        await SealAsync();
        await SealAsync();

        Assert.Contains((await AuditAsync()).Seal, Assert.Single(await territory.TrailAsync("journal-sealed")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_database_itself_refuses_a_line_with_two_sides_or_of_another_account()
    {
        var line = await territory.ReadAsync(db => db.JournalLines.AsNoTracking().FirstAsync(l => l.DebitCents > 0, Cancel));

        await Assert.ThrowsAnyAsync<Exception>(() => territory.ReadAsync(db => db.JournalLines.Where(l => l.Id == line.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.CreditCents, 1), Cancel)));
        await Assert.ThrowsAnyAsync<Exception>(() => territory.ReadAsync(db => db.JournalLines.Where(l => l.Id == line.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.Account, FundAccount.OperatingCosts), Cancel)));
    }

    private static EntrySource Invoice { get; } = new(SourceKind.Document, null, "Facture 12");

    private DateOnly Today => DateOnly.FromDateTime(territory.Time.GetUtcNow().UtcDateTime);

    private Movement Decision(int euros) => Movements.Decided(Guid.NewGuid(), "2026-001", Guid.NewGuid(), Guid.NewGuid(), Money.Euros(euros), Today);

    private static int Euros(Money money) => (int)(money.Cents / 100);

    private Task<int> BookAsync(Movement movement) => territory.ReadAsync(async db =>
    {
        await new Ledger(db, territory.Time).BookAsync(Programme, movement, "Camille Roussel", Cancel);
        return await db.SaveChangesAsync(Cancel);
    });

    private Task<Money> BalanceAsync(LedgerAccount account) =>
        territory.DoAsync<Ledger, Money>(l => l.BalanceAsync(Programme, FundAccount.Advances, account, Cancel));

    private Task<IReadOnlyList<Problem>> CloseAsync(DateOnly through) =>
        territory.DoAsync<Books, IReadOnlyList<Problem>>(b => b.CloseAsync(Programme, through, "Camille Roussel", Cancel));

    private Task<(IReadOnlyList<Problem> Problems, IReadOnlyList<Refusal> Refusals)> ReverseAsync(Guid entry) =>
        territory.DoAsync<Books, (IReadOnlyList<Problem>, IReadOnlyList<Refusal>)>(b => b.ReverseAsync(Programme, entry, "saisie erronée", "Camille Roussel", Cancel));

    private Task<JournalAudit> AuditAsync() => territory.DoAsync<Books, JournalAudit>(b => b.AuditAsync(Programme, Cancel));

    private Task<int> SealAsync() => territory.DoAsync<Books, int>(async b => { await b.SealAsync(Cancel); return 0; });

    private async Task BalancedAsync() => Assert.All(
        (await territory.DoAsync<Ledger, IReadOnlyList<LedgerBalance>>(l => l.BalancesAsync(Programme, null, Cancel))).GroupBy(b => b.Account),
        account => Assert.Equal((Money.Sum(account.Select(b => b.Debits)), 0), (Money.Sum(account.Select(b => b.Credits)), account.Sum(b => b.HalfDays))));
}
