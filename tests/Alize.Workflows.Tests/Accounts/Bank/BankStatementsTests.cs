using System.Text;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Workflows.Accounts.Bank;
using Alize.Workflows.Tests.Procedures;
using Microsoft.EntityFrameworkCore;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Accounts.Bank;

[Trait("Rule", "R19")]
public sealed class BankStatementsTests : IAsyncLifetime
{
    private static readonly DateOnly From = new(2026, 2, 27);
    private static readonly DateOnly To = new(2026, 3, 2);

    private static readonly MadeLine[] Lines =
    [
        new(To, new(83_333), "TOURNERIE DES AULNES", "VIR SEPA AV-2026-003", BankReference: "R1"),
        new(To, new(-1_250), "", "FRAIS"),
        new(To, new(-1_250), "", "FRAIS"),
    ];

    private readonly Territory territory = new();

    public async ValueTask InitializeAsync()
    {
        await territory.InitializeAsync();
        await territory.EnterBankAccountsAsync();
    }

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Fact]
    public async Task A_statement_comes_in_whole_with_its_lines_in_order()
    {
        var import = await ImportAsync(MadeStatements.Cfonb(MadeStatements.AdvancesIban, From, To, Money.Euros(225_000), Lines));

        Assert.Empty(import.Problems);
        var statement = Assert.Single(import.Statements);
        Assert.Equal((FundAccount.Advances, 3, Money.Euros(225_000), new Money(22_580_833)), (statement.Account, statement.Lines, statement.Opening, statement.Closing));
        var rows = await territory.ReadAsync(db => db.BankLines.OrderBy(l => l.Number).ToListAsync(Cancel));
        Assert.Equal([83_333, -1_250, -1_250], rows.Select(l => l.Amount.Cents));
        Assert.Equal(3, rows.Select(l => l.Identity).Distinct().Count());
        Assert.Single(await territory.TrailAsync("bank-statement"));
    }

    [Fact]
    public async Task The_same_file_again_is_refused_and_nothing_is_written()
    {
        var file = MadeStatements.Cfonb(MadeStatements.AdvancesIban, From, To, Money.Euros(225_000), Lines);
        await ImportAsync(file);

        Assert.Contains("déjà été importé", Assert.Single((await ImportAsync(file)).Problems).Sentence, StringComparison.Ordinal);
        await AssertStoredAsync(statements: 1, lines: 3);
    }

    [Fact]
    public async Task The_same_statement_in_another_file_is_refused()
    {
        await ImportAsync(Camt("2026-7", Lines));

        Assert.Contains("2026-7", Assert.Single((await ImportAsync(Camt("2026-7", Lines.Take(1)))).Problems).Sentence, StringComparison.Ordinal);
        await AssertStoredAsync(statements: 1, lines: 3);
    }

    [Fact]
    public async Task The_same_statement_in_the_other_format_is_refused()
    {
        await ImportAsync(MadeStatements.Cfonb(MadeStatements.AdvancesIban, From, To, Money.Euros(225_000), Lines));

        Assert.Contains("déjà été importé", Assert.Single((await ImportAsync(Camt("2026-7", Lines))).Problems).Sentence, StringComparison.Ordinal);
        await AssertStoredAsync(statements: 1, lines: 3);
    }

    [Fact]
    public async Task One_line_of_an_overlapping_statement_refuses_it_whole()
    {
        await ImportAsync(Camt("2026-7", Lines));

        MadeLine[] overlapping = [new(To, Money.Euros(5), "Autre", "Nouveau"), Lines[0]];
        var problem = Assert.Single((await ImportAsync(Camt("2026-8", overlapping))).Problems).Sentence;
        Assert.Contains("en recouvre un autre", problem, StringComparison.Ordinal);
        Assert.Contains("833,33", problem, StringComparison.Ordinal);
        await AssertStoredAsync(statements: 1, lines: 3);
    }

    [Fact]
    public async Task Two_hands_with_the_same_file_at_once_import_it_once()
    {
        var file = MadeStatements.Cfonb(MadeStatements.AdvancesIban, From, To, Money.Euros(225_000), Lines);

        var imports = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => ImportAsync(file), Cancel)));

        Assert.Single(imports, i => i.Statements.Count == 1);
        Assert.Single(imports, i => i.Problems.Count == 1);
        await AssertStoredAsync(statements: 1, lines: 3);
    }

    [Fact]
    public async Task One_bad_statement_refuses_its_whole_file()
    {
        byte[] file =
        [
            .. MadeStatements.Cfonb(MadeStatements.AdvancesIban, From, To, Money.Zero, Lines),
            .. MadeStatements.Cfonb(MadeStatements.CostsIban, From, To, Money.Zero, Lines, closing: Money.Euros(1)),
        ];

        Assert.Single((await ImportAsync(file)).Problems);
        await AssertStoredAsync(statements: 0, lines: 0);
    }

    [Fact]
    [Trait("Rule", "R9")]
    public async Task A_statement_of_another_account_is_refused()
    {
        var import = await ImportAsync(MadeStatements.Cfonb(MadeStatements.StrangeIban, From, To, Money.Zero, Lines));

        Assert.Equal("statement-of-another-account", Assert.Single(import.Refusals).Reason);
        await AssertStoredAsync(statements: 0, lines: 0);
    }

    [Fact]
    public async Task A_statement_that_does_not_begin_where_the_last_one_ended_is_remarked()
    {
        await ImportAsync(MadeStatements.Cfonb(MadeStatements.AdvancesIban, From, To, Money.Euros(100), Lines));

        var next = await ImportAsync(MadeStatements.Cfonb(MadeStatements.AdvancesIban, To.AddDays(1), To.AddDays(2), Money.Euros(100), []));

        Assert.Contains("il manque sans doute un relevé", Assert.Single(next.Remarks), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "R9")]
    public async Task The_two_accounts_never_share_an_IBAN()
    {
        var (refusals, problems) = await territory.DoAsync<BankAccounts, (IReadOnlyList<Refusal>, IReadOnlyList<Problem>)>(a => a.EnterAsync(
            territory.Programme.Id, FundAccount.OperatingCosts, "Ombrelle Développement", MadeStatements.AdvancesIban, "", "Camille Roussel", Cancel));
        Assert.Equal("iban-of-both-accounts", Assert.Single(refusals).Reason);
        Assert.Empty(problems);

        var (_, wrong) = await territory.DoAsync<BankAccounts, (IReadOnlyList<Refusal>, IReadOnlyList<Problem>)>(a => a.EnterAsync(
            territory.Programme.Id, FundAccount.OperatingCosts, "", "FR1420041010050500013M02607", "PARIS", "Camille Roussel", Cancel));
        Assert.Equal(["holder", "iban", "bic"], wrong.Select(p => p.Field));
    }

    private Task<StatementImport> ImportAsync(byte[] content) =>
        territory.DoAsync<BankStatements, StatementImport>(s => s.ImportAsync(territory.Programme.Id, "releve.txt", content, "Camille Roussel", Cancel));

    private static byte[] Camt(string id, IEnumerable<MadeLine> lines) =>
        Encoding.UTF8.GetBytes(MadeStatements.Camt(MadeStatements.AdvancesIban, id, From, To, Money.Euros(225_000), [.. lines]));

    private async Task AssertStoredAsync(int statements, int lines)
    {
        Assert.Equal(statements, await territory.ReadAsync(db => db.BankStatements.CountAsync(Cancel)));
        Assert.Equal(lines, await territory.ReadAsync(db => db.BankLines.CountAsync(Cancel)));
    }
}
