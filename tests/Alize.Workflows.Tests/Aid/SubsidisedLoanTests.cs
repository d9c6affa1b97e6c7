using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Workflows.Accounts;
using Alize.Workflows.Aid;
using Alize.Workflows.Tests.Procedures;
using Microsoft.EntityFrameworkCore;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Aid;

[Trait("Rule", "R5")]
public sealed class SubsidisedLoanTests : IAsyncLifetime
{
    private readonly Territory territory = new();

    private Guid Programme => territory.Programme.Id;

    public ValueTask InitializeAsync() => territory.InitializeAsync();

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Fact]
    public async Task A_partners_loan_is_followed_beside_the_accounts_and_moves_none()
    {
        var project = await territory.ApprovedAsync();
        var bank = await BalanceAsync(LedgerAccount.Bank);
        var credits = await territory.DoAsync<Ledger, Money>(l => l.CreditsAvailableAsync(Programme, Cancel));

        Assert.Empty(await RecordAsync(project, Money.Euros(20_000)));
        var loan = await territory.ReadAsync(db => db.SubsidisedLoans.Select(l => l.Id).SingleAsync(Cancel));
        Assert.Empty(await ReportAsync(loan, Money.Euros(6_000)));
        Assert.Empty(await ReportAsync(loan, Money.Euros(5_000)));   // the lender corrects itself
        Assert.NotEmpty(await ReportAsync(loan, Money.Euros(20_001)));

        Assert.Equal(Money.Euros(15_000), await BalanceAsync(LedgerAccount.SubsidisedLoans));
        Assert.Equal(bank, await BalanceAsync(LedgerAccount.Bank));
        Assert.Equal(credits, await territory.DoAsync<Ledger, Money>(l => l.CreditsAvailableAsync(Programme, Cancel)));
    }

    [Fact]
    public async Task A_loan_without_competences_is_refused()
    {
        var project = await territory.DetectAsync(Eligible);

        Assert.Contains("R5", Assert.Single(await RecordAsync(project, Money.Euros(20_000))).Sentence, StringComparison.Ordinal);
        Assert.False(await territory.ReadAsync(db => db.SubsidisedLoans.AnyAsync(Cancel)));
    }

    private async Task<IReadOnlyList<Problem>> RecordAsync(Guid project, Money amount)
    {
        var lender = await territory.ReadAsync(db => db.Partners.Where(p => p.Name == "Initiative Ombrelle").Select(p => p.Id).SingleAsync(Cancel));
        var today = DateOnly.FromDateTime(territory.Time.GetUtcNow().UtcDateTime);
        return await territory.DoAsync<SubsidisedLoans, IReadOnlyList<Problem>>(s => s.RecordAsync(Programme, project, lender, amount, 60, 150, today, "Camille Roussel", Cancel));
    }

    private Task<IReadOnlyList<Problem>> ReportAsync(Guid loan, Money repaid) =>
        territory.DoAsync<SubsidisedLoans, IReadOnlyList<Problem>>(s => s.ReportAsync(Programme, loan, repaid, "Camille Roussel", Cancel));

    private Task<Money> BalanceAsync(LedgerAccount ledger) => territory.DoAsync<Ledger, Money>(l => l.BalanceAsync(Programme, FundAccount.Advances, ledger, Cancel));
}
