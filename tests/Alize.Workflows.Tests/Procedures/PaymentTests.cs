using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Eligibility;
using Alize.Workflows.Accounts;
using Microsoft.EntityFrameworkCore;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Procedures;

public sealed class PaymentTests : IAsyncLifetime
{
    private readonly Territory territory = new();

    public ValueTask InitializeAsync() => territory.InitializeAsync();

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Fact]
    [Trait("Rule", "R8")]
    public async Task While_a_signature_is_missing_the_payment_is_refused_recorded_and_not_booked()
    {
        var project = await territory.ApprovedAsync();

        var refusals = await territory.PayAsync(project);

        Assert.Contains(refusals, r => r is { Rule: "R8", Reason: "pay-before-signature" });
        Assert.Contains("Versement refusé", Assert.Single(await territory.TrailAsync("payment-refused")), StringComparison.Ordinal);
        Assert.Equal(0, await PaymentsBookedAsync());
    }

    [Fact]
    [Trait("Rule", "R8")]
    public async Task A_payment_pressed_twice_at_once_and_once_more_is_paid_once()
    {
        var project = await territory.ApprovedAsync();
        await territory.SignAllAsync(project);

        var refusals = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => territory.PayAsync(project), Cancel)));
        await territory.SettleAsync();
        var later = await territory.PayAsync(project);

        Assert.Contains(refusals, r => r.Count == 0);
        Assert.Contains(later, r => r.Reason == "pay-twice");
        Assert.Equal(1, await territory.ReadAsync(db => db.Advances.CountAsync(Cancel)));
        Assert.Equal(1, await PaymentsBookedAsync());
        Assert.Equal(Money.Euros(30_000), await BalanceAsync(LedgerAccount.AdvancesOutstanding));
        Assert.Equal(Money.Euros(195_000), await BalanceAsync(LedgerAccount.Bank));
    }

    [Fact]
    [Trait("Rule", "R7")]
    public async Task A_payment_that_is_waived_gives_its_credits_back()
    {
        var project = await territory.ApprovedAsync();
        await territory.SignAllAsync(project);
        Assert.Equal(Money.Euros(195_000), await CreditsAsync());

        await territory.AnswerAsync((await territory.OpenTasksAsync(project)).Single(t => t.Kind == PayAdvance.TaskKind), PayAdvance.Declined);

        Assert.Equal(Money.Euros(225_000), await CreditsAsync());
        Assert.Equal(ProjectStage.Support, (await territory.ProjectAsync(project)).Stage);
        Assert.Equal(0, await PaymentsBookedAsync());
    }

    private Task<int> PaymentsBookedAsync() => territory.ReadAsync(db => db.JournalEntries.CountAsync(e => e.Key.StartsWith("advance:"), Cancel));

    private Task<Money> CreditsAsync() => territory.DoAsync<Ledger, Money>(l => l.CreditsAvailableAsync(territory.Programme.Id, Cancel));

    private Task<Money> BalanceAsync(LedgerAccount account) =>
        territory.DoAsync<Ledger, Money>(l => l.BalanceAsync(territory.Programme.Id, FundAccount.Advances, account, Cancel));
}
