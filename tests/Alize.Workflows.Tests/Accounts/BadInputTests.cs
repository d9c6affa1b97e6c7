using System.Text;
using Alize.Data.Tests.Databases;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Workflows.Accounts;
using Alize.Workflows.Accounts.Bank;
using Alize.Workflows.Repayment;
using Alize.Workflows.Tests.Accounts.Bank;
using Alize.Workflows.Tests.Procedures;
using Microsoft.EntityFrameworkCore;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Accounts;

/// <summary>What must not come in: refused with a reason, and not one row is other than before.</summary>
[Trait("Rule", "R19")]
public sealed class BadInputTests : IAsyncLifetime
{
    private const string By = "Camille Roussel";
    private static readonly DateOnly Day = new(2026, 3, 2);
    private static readonly MadeLine[] Lines = [new(Day, new(83_333), "TOURNERIE", "AV-2026-003", BankReference: "R1")];
    private readonly Territory territory = new();
    private IReadOnlyList<string> before = [];

    public async ValueTask InitializeAsync()
    {
        await territory.InitializeAsync();
        await territory.EnterBankAccountsAsync();
    }

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Fact]
    [Trait("Rule", "R9")]
    public async Task A_cost_that_overdraws_the_account_is_refused()
    {
        await LookAsync();

        var problems = await territory.DoAsync<Endowments, IReadOnlyList<Problem>>(
            e => e.SpendAsync(territory.Programme.Id, LedgerAccount.Communication, "Plaquette", Money.Euros(1), Day, "Facture 12", By, Cancel));

        Assert.Contains("R9", Assert.Single(problems).Sentence, StringComparison.Ordinal);
        await NothingWrittenAsync();
    }

    [Fact]
    public async Task An_IBAN_with_a_wrong_key_is_refused()
    {
        var (_, advance) = await territory.PaidAsync();
        await LookAsync();

        var problems = await territory.DoAsync<Transfers, IReadOnlyList<Problem>>(
            t => PrepareAsync(t, advance.Id, "FR1420041010050500013M02607"));

        Assert.Contains("FR14 2004 1010 0505 0001 3M02 607", Assert.Single(problems).Sentence.Replace('\u00A0', ' '), StringComparison.Ordinal);
        await NothingWrittenAsync();
    }

    [Fact]
    public async Task A_statement_with_a_document_type_is_refused()
    {
        var file = MadeStatements.Camt(MadeStatements.AdvancesIban, "2026-1", Day.AddDays(-1), Day, Money.Zero, Lines).Replace("<Document", "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><Document", StringComparison.Ordinal);
        await LookAsync();

        var problem = Assert.Single((await ImportAsync(Encoding.UTF8.GetBytes(file))).Problems);

        Assert.Contains("DOCTYPE", problem.Sentence, StringComparison.Ordinal);
        await NothingWrittenAsync();
    }

    [Fact]
    public async Task A_CFONB_statement_with_a_wrong_balance_is_refused()
    {
        await LookAsync();

        var problem = Assert.Single((await ImportAsync(MadeStatements.Cfonb(MadeStatements.AdvancesIban, Day.AddDays(-1), Day, Money.Zero, Lines, closing: new(83_334)))).Problems);

        Assert.Contains("d’écart", problem.Sentence, StringComparison.Ordinal);
        await NothingWrittenAsync();
    }

    [Fact]
    public async Task A_second_import_is_refused()
    {
        var file = MadeStatements.Cfonb(MadeStatements.AdvancesIban, Day.AddDays(-1), Day, Money.Zero, Lines);
        Assert.Empty((await ImportAsync(file)).Problems);
        await LookAsync();

        var problem = Assert.Single((await ImportAsync(file)).Problems);

        Assert.Contains("a déjà été importé", problem.Sentence, StringComparison.Ordinal);
        await NothingWrittenAsync();
    }

    [Fact]
    [Trait("Rule", "R8")]
    public async Task A_payment_on_an_unsigned_convention_is_refused_and_leaves_its_trail_alone()
    {
        var project = await territory.ApprovedAsync();
        await LookAsync();

        var refusals = await territory.PayAsync(project);

        Assert.Contains(refusals, r => r is { Rule: "R8", Reason: "pay-before-signature" });
        var trail = Assert.Single((await RowsAsync()).Except(before));
        Assert.StartsWith("AuditEntries|", trail, StringComparison.Ordinal);
        Assert.Contains("payment-refused", trail, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "R15")]
    public async Task A_movement_in_a_closed_period_is_refused()
    {
        await territory.WaitUntilAsync(2026, 3, 10);
        var call = await CalledAsync();
        Assert.Empty(await territory.DoAsync<Books, IReadOnlyList<Problem>>(b => b.CloseAsync(territory.Programme.Id, new(2026, 3, 9), By, Cancel)));
        await LookAsync();

        var problem = Assert.Single(await territory.DoAsync<Endowments, IReadOnlyList<Problem>>(
            e => e.ReceiveAsync(territory.Programme.Id, call, Money.Euros(100), new(2026, 3, 9), "VIR-1", By, Cancel)));

        Assert.Contains("R15", problem.Sentence, StringComparison.Ordinal);
        await NothingWrittenAsync();
    }

    [Fact]
    [Trait("Rule", "R6")]
    public async Task A_repayment_of_nothing_or_of_tomorrow_is_refused()
    {
        var (_, advance) = await territory.PaidAsync();
        await LookAsync();

        foreach (var (amount, day) in new[] { ("0", 0), ("-5", 0), ("mille", 0), ("5000", 1) })
            Assert.NotEmpty(await territory.DoAsync<Repayments, IReadOnlyList<Problem>>(
                r => r.RecordAsync(advance.Id, amount, DateOnly.FromDateTime(territory.Time.GetUtcNow().UtcDateTime).AddDays(day), "VIR-1", By, Cancel)));

        await NothingWrittenAsync();
    }

    private async Task<Guid> CalledAsync()
    {
        var partner = await territory.ReadAsync(db => db.Partners.Where(p => p.Name == "Ombrelle Énergie").Select(p => p.Id).SingleAsync(Cancel));
        Assert.Empty(await territory.DoAsync<Endowments, IReadOnlyList<Problem>>(e => e.PledgeAsync(territory.Programme.Id, partner, 2026, FundAccount.Advances, Money.Euros(100), 0, By, Cancel)));
        Assert.Empty(await territory.DoAsync<Endowments, IReadOnlyList<Problem>>(e => e.CallAsync(territory.Programme.Id, partner, 2026, FundAccount.Advances, Money.Euros(100), "", By, Cancel)));
        await territory.SettleAsync();
        return await territory.ReadAsync(db => db.FundsCalls.Select(c => c.Id).SingleAsync(Cancel));
    }

    private Task<IReadOnlyList<Problem>> PrepareAsync(Transfers transfers, Guid advance, string iban) =>
        transfers.PrepareAsync(territory.Programme.Id, advance, iban, "", By, Cancel);

    private Task<StatementImport> ImportAsync(byte[] file) =>
        territory.DoAsync<BankStatements, StatementImport>(s => s.ImportAsync(territory.Programme.Id, "releve", file, By, Cancel));

    private Task<IReadOnlyList<string>> RowsAsync() => territory.ReadAsync(db => EveryRow.OfAsync(db, Cancel));

    private async Task LookAsync() => before = await RowsAsync();

    private async Task NothingWrittenAsync() => Assert.Equal(before, await RowsAsync());
}
