using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Workflows.Accounts;
using Alize.Workflows.Tests.Procedures;
using Microsoft.EntityFrameworkCore;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Accounts;

public sealed class EndowmentTests : IAsyncLifetime
{
    private readonly Territory territory = new();

    private Guid Programme => territory.Programme.Id;

    private DateOnly Today => DateOnly.FromDateTime(territory.Time.GetUtcNow().UtcDateTime);

    public ValueTask InitializeAsync() => territory.InitializeAsync();

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Fact]
    [Trait("Rule", "R10")]
    public async Task The_cdc_is_refused_beyond_its_ceiling_with_the_figure_that_would_pass()
    {
        // Others 180,000 and the CDC 45,000: exactly 20 %.
        var problem = Assert.Single(await PledgeAsync("Caisse des dépôts", new(1)));
        Assert.Contains("45\u202F000,00\u00A0€ au plus", problem.Sentence, StringComparison.Ordinal);
        Assert.Equal(Money.Euros(45_000), Money.Sum(await PledgesAsync("Caisse des dépôts")));

        Assert.Empty(await PledgeAsync("Ombrelle Énergie", new(4)));
        Assert.Empty(await PledgeAsync("Caisse des dépôts", new(1)));
    }

    [Fact]
    public async Task A_pledge_is_called_by_mail_and_received_in_the_journal()
    {
        Assert.Empty(await PledgeAsync("Ombrelle Énergie", Money.Euros(20_000)));
        Assert.Equal("callAmount", Assert.Single(await CallAsync("Ombrelle Énergie", Money.Euros(20_001))).Field);
        Assert.Empty(await CallAsync("Ombrelle Énergie", Money.Euros(15_000), "Rapport d’activité 2025"));
        var mail = Assert.Single(await territory.MailsAsync("FundsCallMail"));
        Assert.Equal("thomas.ferrand@energie.example", mail.ToAddress);
        Assert.Contains("Rapport d’activité 2025", mail.Body, StringComparison.Ordinal);
        Assert.Equal(await territory.ReadAsync(db => db.Documents.Where(d => d.Kind == nameof(FundsCallDocument)).Select(d => d.Id).SingleAsync(Cancel)), Assert.Single(mail.Attachments));
        Assert.Equal((5_000, 15_000), (await EurosAsync(LedgerAccount.EndowmentsPledged), await EurosAsync(LedgerAccount.EndowmentsCalled)));

        var call = await territory.ReadAsync(db => db.FundsCalls.SingleAsync(Cancel));
        Assert.Equal("AF-2026-001", call.Reference);
        Assert.Empty(await ReceiveAsync(call.Id, "VIR-1"));
        Assert.NotEmpty(await ReceiveAsync(call.Id, "VIR-1"));   // the same transfer

        Assert.Equal(0, await EurosAsync(LedgerAccount.EndowmentsCalled));
        Assert.Equal(240_000, await EurosAsync(LedgerAccount.Bank));
        Assert.Equal(Money.Euros(15_000), await territory.ReadAsync(db => db.FundsCalls.Select(c => c.Received).SingleAsync(Cancel)));
    }

    [Fact]
    [Trait("Rule", "R12")]
    public async Task ASTREES_and_the_operator_are_paid_within_their_ceilings_from_the_second_account()
    {
        Assert.Contains("dont le solde", Assert.Single(await SpendAsync(LedgerAccount.NetworkContribution, 6_000)).Sentence, StringComparison.Ordinal);
        Assert.Empty(await PledgeAsync("Ombrelle Énergie", Money.Euros(30_000), FundAccount.OperatingCosts));
        Assert.Empty(await CallAsync("Ombrelle Énergie", Money.Euros(30_000), account: FundAccount.OperatingCosts));
        Assert.Empty(await ReceiveAsync((await territory.ReadAsync(db => db.FundsCalls.SingleAsync(Cancel))).Id, "VIR-1", 30_000));

        Assert.Empty(await SpendAsync(LedgerAccount.NetworkContribution, 6_000));
        Assert.Contains("R12", Assert.Single(await SpendAsync(LedgerAccount.NetworkContribution, 1)).Sentence, StringComparison.Ordinal);
        Assert.Contains("R13", Assert.Single(await SpendAsync(LedgerAccount.OperatorFee, 10_001)).Sentence, StringComparison.Ordinal);
        Assert.Empty(await SpendAsync(LedgerAccount.OperatorFee, 10_000));

        Assert.Equal(14_000, await EurosAsync(LedgerAccount.Bank, FundAccount.OperatingCosts));
        Assert.Equal(225_000, await EurosAsync(LedgerAccount.Bank));
    }

    private async Task<Guid> PartnerAsync(string name) => await territory.ReadAsync(db => db.Partners.Where(p => p.Name == name).Select(p => p.Id).SingleAsync(Cancel));

    private async Task<IReadOnlyList<Problem>> PledgeAsync(string partner, Money amount, FundAccount account = FundAccount.Advances)
    {
        var id = await PartnerAsync(partner);
        return await territory.DoAsync<Endowments, IReadOnlyList<Problem>>(e => e.PledgeAsync(Programme, id, 2026, account, amount, 0, "Camille Roussel", Cancel));
    }

    private async Task<IReadOnlyList<Problem>> CallAsync(string partner, Money amount, string report = "", FundAccount account = FundAccount.Advances)
    {
        var id = await PartnerAsync(partner);
        return await territory.DoAsync<Endowments, IReadOnlyList<Problem>>(e => e.CallAsync(Programme, id, 2026, account, amount, report, "Camille Roussel", Cancel));
    }

    private Task<IReadOnlyList<Problem>> ReceiveAsync(Guid call, string reference, int euros = 15_000) =>
        territory.DoAsync<Endowments, IReadOnlyList<Problem>>(e => e.ReceiveAsync(Programme, call, Money.Euros(euros), Today, reference, "Camille Roussel", Cancel));

    private Task<IReadOnlyList<Problem>> SpendAsync(LedgerAccount cost, int euros) =>
        territory.DoAsync<Endowments, IReadOnlyList<Problem>>(e => e.SpendAsync(Programme, cost, "", Money.Euros(euros), Today, "Facture 1", "Camille Roussel", Cancel));

    private async Task<List<Money>> PledgesAsync(string partner)
    {
        var id = await PartnerAsync(partner);
        return await territory.ReadAsync(db => db.Pledges.Where(p => p.PartnerId == id).Select(p => p.Amount).ToListAsync(Cancel));
    }

    private async Task<int> EurosAsync(LedgerAccount ledger, FundAccount account = FundAccount.Advances) =>
        (int)((await territory.DoAsync<Ledger, Money>(l => l.BalanceAsync(Programme, account, ledger, Cancel))).Cents / 100);
}
