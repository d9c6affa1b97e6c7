using System.Security.Cryptography;
using System.Text;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Workflows.Accounts;
using Alize.Workflows.Accounts.Bank;
using Alize.Workflows.Tests.Procedures;
using Microsoft.EntityFrameworkCore;
using static Alize.Workflows.Tests.Procedures.Territory;
using Release = (Alize.Domain.Accounts.TransferFile? File, System.Collections.Generic.IReadOnlyList<Alize.Domain.Refusal> Refusals, System.Collections.Generic.IReadOnlyList<Alize.Workflows.Problem> Problems);

namespace Alize.Workflows.Tests.Accounts.Bank;

/// <summary>From an advance that is paid in the books to the file for the bank: 30,000 € on Monday 16 March 2026.</summary>
[Trait("Rule", "R19")]
public sealed class TransfersTests : IAsyncLifetime
{
    private const string Preparer = "Camille Roussel";
    private const string Releaser = "Marc Lefèvre";
    private readonly Territory territory = new();
    private Guid advance;

    private static DateOnly Monday { get; } = new(2026, 3, 16);

    public async ValueTask InitializeAsync()
    {
        await territory.InitializeAsync();
        await territory.EnterBankAccountsAsync();
    }

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Fact]
    public async Task An_order_prepared_by_one_and_released_by_another_leaves_in_a_file_kept_with_its_hash()
    {
        Assert.Empty(await PrepareAsync());
        var order = await OrderAsync();
        Assert.Equal((Money.Euros(30_000), "Tournerie des Aulnes", PaymentOrderState.Prepared), (order.Amount, order.Payee, order.State));

        var (file, refusals, problems) = await ReleaseAsync(order.Id, Monday, Releaser);

        Assert.Empty(refusals);
        Assert.Empty(problems);
        Assert.Equal((1, Money.Euros(30_000), Monday), (file!.Transfers, file.Total, file.ExecuteOn));
        var kept = await territory.ReadAsync(db => db.TransferFiles.SingleAsync(Cancel));
        CreditTransferFile.Validate(Encoding.UTF8.GetBytes(kept.Content));
        Assert.Equal(kept.Sha256, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(kept.Content))));
        Assert.Equal((PaymentOrderState.Released, kept.Id), ((await OrderAsync()).State, (await OrderAsync()).TransferFileId));
        Assert.Single(await territory.TrailAsync("transfer-released"));
    }

    [Fact]
    public async Task Who_prepared_it_does_not_release_it()
    {
        await PrepareAsync();

        var (file, refusals, _) = await ReleaseAsync((await OrderAsync()).Id, Monday, Preparer);

        Assert.Null(file);
        Assert.Equal("order-released-by-preparer", Assert.Single(refusals).Reason);
        Assert.Equal(PaymentOrderState.Prepared, (await OrderAsync()).State);
    }

    [Fact]
    public async Task An_order_is_never_in_two_files()
    {
        await PrepareAsync();
        var order = await OrderAsync();

        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => ReleaseAsync(order.Id, Monday, Releaser), Cancel)));

        Assert.Single(both, r => r.File is not null);
        Assert.Equal("order-not-prepared", Assert.Single((await ReleaseAsync(order.Id, Monday, Releaser)).Refusals).Reason);
        Assert.Equal(1, await territory.ReadAsync(db => db.TransferFiles.CountAsync(Cancel)));
    }

    [Fact]
    public async Task An_advance_has_one_order_under_way_and_a_new_one_after_a_withdrawal()
    {
        await PrepareAsync();
        Assert.Contains("déjà préparé", Assert.Single(await PrepareAsync()).Sentence, StringComparison.Ordinal);
        var first = await OrderAsync();

        Assert.Empty(await territory.DoAsync<Transfers, IReadOnlyList<Problem>>(t => t.WithdrawAsync(territory.Programme.Id, first.Id, Preparer, Cancel)));
        Assert.Empty(await PrepareAsync());

        var second = await territory.ReadAsync(db => db.PaymentOrders.SingleAsync(o => o.State == PaymentOrderState.Prepared, Cancel));
        Assert.NotEqual(first.EndToEndId, second.EndToEndId);
        Assert.Equal(2, second.Attempt);
    }

    [Fact]
    public async Task A_part_is_ordered_as_the_part_and_never_as_the_whole_advance()
    {
        var project = await territory.ApprovedAsync(months: 12);
        await territory.SignAllAsync(project);
        Assert.Empty(await territory.DoAsync<Payments, IReadOnlyList<Refusal>>(p => p.PayAsync(project, Money.Euros(20_000), Preparer, Cancel)));
        await territory.SettleAsync();
        advance = (await territory.AdvanceAsync(project)).Id;

        Assert.Equal(Money.Euros(20_000), await DueAsync());
        Assert.Empty(await PrepareAsync());
        Assert.Null(await DueAsync());
        Assert.Empty(await territory.DoAsync<Payments, IReadOnlyList<Refusal>>(p => p.PayPartAsync(advance, Money.Euros(10_000), Preparer, Cancel)));
        Assert.Equal(Money.Euros(10_000), await DueAsync());
        Assert.Empty(await PrepareAsync());
        Assert.Contains("déjà préparé", Assert.Single(await PrepareAsync()).Sentence, StringComparison.Ordinal);

        Assert.Equal(
            [(1, Money.Euros(20_000)), (2, Money.Euros(10_000))],
            await territory.ReadAsync(async db => (await db.PaymentOrders.AsNoTracking().OrderBy(o => o.Attempt).ToListAsync(Cancel)).Select(o => (o.Attempt, o.Amount)).ToList()));
    }

    [Theory]
    [InlineData(2026, 3, 21, "samedi 21 mars 2026")]
    [InlineData(2026, 4, 3, "vendredi 3 avril 2026")]    // Good Friday: the banks' own day off
    [InlineData(2026, 4, 6, "lundi 6 avril 2026")]
    [InlineData(2026, 3, 13, "est passé")]
    [InlineData(2026, 9, 1, "60 jours")]
    public async Task A_day_on_which_banks_do_not_execute_is_refused(int year, int month, int day, string says)
    {
        await PrepareAsync();

        var (file, _, problems) = await ReleaseAsync((await OrderAsync()).Id, new(year, month, day), Releaser);

        Assert.Null(file);
        Assert.Contains(says, Assert.Single(problems).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_IBAN_or_the_programmes_own_is_refused_and_nothing_is_written()
    {
        Assert.Equal("iban", Assert.Single(await PrepareAsync("FR7630006000011234567890188")).Field);
        Assert.Contains("du programme lui-même", Assert.Single(await PrepareAsync(MadeStatements.CostsIban)).Sentence, StringComparison.Ordinal);
        Assert.Equal(0, await territory.ReadAsync(db => db.PaymentOrders.CountAsync(Cancel)));
        Assert.Equal(0, await territory.ReadAsync(db => db.PayeeAccounts.CountAsync(Cancel)));
    }

    private Task<Money?> DueAsync() => territory.DoAsync<Transfers, Money?>(async t =>
        (await t.ToPrepareAsync(territory.Programme.Id, Cancel)).SingleOrDefault(d => d.AdvanceId == advance)?.Amount);

    private async Task<IReadOnlyList<Problem>> PrepareAsync(string iban = MadeStatements.StrangeIban)
    {
        if (advance == Guid.Empty) advance = (await territory.PaidAsync()).Advance.Id;
        return await territory.DoAsync<Transfers, IReadOnlyList<Problem>>(t => t.PrepareAsync(territory.Programme.Id, advance, iban, "", Preparer, Cancel));
    }

    private Task<Release> ReleaseAsync(Guid order, DateOnly on, string by) =>
        territory.DoAsync<Transfers, Release>(t => t.ReleaseAsync(territory.Programme.Id, [order], on, by, Cancel));

    private Task<PaymentOrder> OrderAsync() => territory.ReadAsync(db => db.PaymentOrders.AsNoTracking().SingleAsync(Cancel));
}
