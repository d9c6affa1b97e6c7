using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Repayment;
using Alize.Workflows;
using Alize.Workflows.Accounts;
using Alize.Workflows.Accounts.Bank;
using Alize.Workflows.Demo;
using Alize.Workflows.Tests.Accounts.Bank;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Alize.Benchmarks;

/// <summary>
/// (f) A statement of 10,000 repayments of 500 companies: read and written down, proposals for every line, then every sure one booked,
/// each in a transaction of its own; beside it the raw commits and rows of the same database in the same run.
/// </summary>
internal static class BankBenchmark
{
    private const string By = "Camille Roussel";
    private const int Installments = 20;

    public static async Task<JsonObject> RunAsync(bool quick)
    {
        var result = new JsonObject();
        foreach (var provider in new[] { DatabaseProvider.Sqlite, DatabaseProvider.PostgreSql })
        {
            await using var database = await BenchmarkDatabase.NewAsync(provider);
            result[provider.ToString()] = await RunAsync(database, companies: quick ? 50 : 500, booked: quick ? 200 : 1000);
        }

        return result;
    }

    private static async Task<JsonObject> RunAsync(BenchmarkDatabase database, int companies, int booked)
    {
        await using var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddSingleton(database.Settings)
            .AddData(database.Settings).AddWorkflows(database.Settings).BuildServiceProvider(validateScopes: true);
        var programme = await DoAsync<DemoTerritory, Guid>(async t => (await t.SeedAsync(CancellationToken.None))!.Id);
        var advances = await FillAsync(programme, companies);
        await using var raw = await RawCommits.NewAsync(database, 1);
        await raw.RateAsync(500);
        var commits = await raw.RateAsync(2000);

        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var file = Statement(advances, today);
        var reading = Stopwatch.StartNew();
        if (StatementFile.Read(file) is not { Problem: null, Statements: [{ Lines: var read }] }) throw new InvalidOperationException("The statement made for the benchmark cannot be read.");
        var (readSeconds, lines) = (reading.Elapsed.TotalSeconds, read.Count);

        var importing = Stopwatch.StartNew();
        var import = await DoAsync<BankStatements, StatementImport>(s => s.ImportAsync(programme, "releve.xml", file, By, CancellationToken.None));
        var importSeconds = importing.Elapsed.TotalSeconds;
        if (import.Statements is not [{ Lines: var written }] || written != lines) throw new InvalidOperationException($"The statement was refused: {import.Problems.Select(p => p.Sentence).FirstOrDefault()}");

        // What the page of the bank does: every counterpart from the books, every line's proposals.
        var matching = Stopwatch.StartNew();
        var sure = await DoAsync<AlizeDb, int>(async db =>
        {
            var proposals = new BankLineMatching(await new BankCounterparts(db, new Ledger(db, TimeProvider.System), new ProgrammeClock(TimeProvider.System)).OfAsync(programme, CancellationToken.None));
            return (await db.BankLines.AsNoTracking().ToListAsync()).Count(line => proposals.For(line) is [{ IsSure: true }, ..]);
        });
        var matchSeconds = matching.Elapsed.TotalSeconds;
        if (sure != lines) throw new InvalidOperationException($"{sure} of {lines} lines are sure: what was measured is not what was meant.");

        var confirming = Stopwatch.StartNew();
        await ConfirmAsync(programme, booked);
        var confirmSeconds = confirming.Elapsed.TotalSeconds;
        var rows = await InsertAsync(database, lines);
        return new JsonObject
        {
            ["lines"] = lines,
            ["rawCommitsPerSecond"] = Measure.Figure(commits),
            ["rawRowsPerSecond"] = Measure.Figure(rows),
            ["readSeconds"] = Measure.Figure(readSeconds),
            ["importSeconds"] = Measure.Figure(importSeconds),
            ["importedLinesPerSecond"] = Measure.Figure(lines / importSeconds),
            ["importAgainstRawRows"] = Measure.Figure(lines / importSeconds / rows),
            ["matchSeconds"] = Measure.Figure(matchSeconds),
            ["matchedLinesPerSecond"] = Measure.Figure(lines / matchSeconds),
            ["importAndMatchSeconds"] = Targets.AtMost(10, importSeconds + matchSeconds),
            ["bookedLinesPerSecond"] = Measure.Figure(booked / confirmSeconds),
            ["bookedAgainstRawCommits"] = Measure.Figure(booked / confirmSeconds / commits),
        };

        async Task<TResult> DoAsync<T, TResult>(Func<T, Task<TResult>> use)
            where T : notnull
        {
            await using var scope = services.CreateAsyncScope();
            return await use(scope.ServiceProvider.GetRequiredService<T>());
        }

        Task<List<(string Reference, string Company)>> FillAsync(Guid id, int count) => DoAsync<AlizeDb, List<(string, string)>>(db => BankBenchmark.FillAsync(db, id, count));

        // The first of the sure lines, as the button « Tout confirmer » does with all of them.
        async Task ConfirmAsync(Guid id, int count)
        {
            var first = await DoAsync<AlizeDb, List<Guid>>(db => db.BankLines.OrderBy(l => l.Number).Skip(count).Select(l => l.Id).ToListAsync());
            await DoAsync<AlizeDb, int>(db => db.BankLines.Where(l => first.Contains(l.Id)).ExecuteUpdateAsync(set => set.SetProperty(l => l.Matched, l => l.Amount)));
            var (done, problems) = await DoAsync<BankMatching, (int, IReadOnlyList<Problem>)>(m => m.ConfirmSureAsync(id, By, CancellationToken.None));
            if (done != count || problems.Count > 0) throw new InvalidOperationException($"{done} of {count} lines were booked: {problems.Select(p => p.Sentence).FirstOrDefault()}");
        }
    }

    /// <summary>Companies with an advance of 200 € each, paid, to be repaid in twenty instalments of 10 €.</summary>
    private static async Task<List<(string Reference, string Company)>> FillAsync(AlizeDb db, Guid programme, int companies)
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var paidOn = today.AddMonths(-1);
        var partner = await db.Partners.Select(p => p.Id).FirstAsync();
        var session = new CommitteeSession { Id = Guid.CreateVersion7(), ProgrammeId = programme, Kind = CommitteeKind.Approval, StartsAt = TimeProvider.System.GetUtcNow().UtcDateTime, Place = "Salle" };
        db.CommitteeSessions.Add(session);
        var ledger = new Ledger(db, TimeProvider.System);
        var made = new List<(string, string)>();
        for (var i = 1; i <= companies; i++)
        {
            var company = new Company { Id = Guid.CreateVersion7(), ProgrammeId = programme, Name = string.Create(CultureInfo.InvariantCulture, $"Atelier Numero{i:0000}"), Siret = i.ToString("D14", CultureInfo.InvariantCulture), Commune = "Saint-Aubin" };
            var project = new CompanyProject
            {
                Id = Guid.CreateVersion7(),
                ProgrammeId = programme,
                Number = string.Create(CultureInfo.InvariantCulture, $"2020-{i:000}"),
                CompanyId = company.Id,
                Title = "Projet",
                DetectedByPartnerId = partner,
                DetectedOn = paidOn,
            };
            var decision = new CommitteeDecision
            {
                Id = Guid.CreateVersion7(),
                ProgrammeId = programme,
                SessionId = session.Id,
                ProjectId = project.Id,
                Outcome = DecisionOutcome.Approved,
                DecidedOn = paidOn,
                Present = 9,
                Yes = 9,
                No = 0,
                Abstained = 0,
                Advance = Money.Euros(200),
                Months = Installments,
                DeferralMonths = 0,
                Reason = "",
            };
            var advance = new GrantedAdvance
            {
                Id = Guid.CreateVersion7(),
                ProgrammeId = programme,
                ProjectId = project.Id,
                CompanyId = company.Id,
                DecisionId = decision.Id,
                Reference = $"AV-{project.Number}",
                Principal = Money.Euros(200),
                Months = Installments,
                DeferralMonths = 0,
                PaidOn = paidOn,
            };
            advance.Pay(
                new() { Id = Guid.CreateVersion7(), ProgrammeId = programme, AdvanceId = advance.Id, Number = 1, PaidOn = paidOn, Amount = advance.Principal, OrderedBy = By },
                Enumerable.Range(1, Installments).Select(n => new Installment
                {
                    Id = Guid.CreateVersion7(),
                    ProgrammeId = programme,
                    AdvanceId = advance.Id,
                    Number = n,
                    DueOn = paidOn.AddMonths(n),
                    CollectOn = paidOn.AddMonths(n),
                    Amount = Money.Euros(10),
                    EstablishedOn = paidOn,
                }).ToList());
            db.AddRange(company, project, decision, advance);
            await ledger.BookAsync(
                programme, Movements.Paid($"paid:{i}", advance.Reference, company.Id, project.Id, advance.Principal, Money.Zero, today, new(SourceKind.Document, advance.Id, "Ordre")), By, CancellationToken.None);
            made.Add((advance.Reference, company.Name));
            if (i % 50 > 0 && i < companies) continue;
            await db.SaveChangesAsync();
            db.ChangeTracker.Clear();
        }

        return made;
    }

    private static byte[] Statement(List<(string Reference, string Company)> advances, DateOnly on)
    {
        var lines = Enumerable.Range(0, Installments).SelectMany(n => advances.Select((a, i) => new MadeLine(
            on, Money.Euros(10), a.Company.ToUpperInvariant(), $"ECHEANCE {a.Reference}", BankReference: string.Create(CultureInfo.InvariantCulture, $"B{(n * advances.Count) + i:00000}")))).ToList();
        return Encoding.UTF8.GetBytes(MadeStatements.Camt(MadeStatements.AdvancesIban, "2026-1", on.AddDays(-1), on, Money.Euros(1000), lines));
    }

    /// <summary>Rows a second of the size of a bank line, prepared, in one transaction.</summary>
    private static async Task<double> InsertAsync(BenchmarkDatabase database, int rows)
    {
        await using var connection = await database.ConnectAsync();
        await BenchmarkDatabase.ExecuteAsync(connection, "CREATE TABLE raw_lines (id varchar(40) PRIMARY KEY, other varchar(40) UNIQUE, content varchar(400))");
        var watch = Stopwatch.StartNew();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var insert = connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = "INSERT INTO raw_lines (id, other, content) VALUES (@id, @other, @content)";
        foreach (var name in new[] { "@id", "@other", "@content" })
        {
            var parameter = insert.CreateParameter();
            (parameter.ParameterName, parameter.DbType, parameter.Value) = (name, System.Data.DbType.String, new string('x', name == "@content" ? 400 : 1));
            insert.Parameters.Add(parameter);
        }

        await insert.PrepareAsync();
        for (var i = 0; i < rows; i++)
        {
            (insert.Parameters["@id"].Value, insert.Parameters["@other"].Value) = (Guid.CreateVersion7().ToString("N"), Guid.NewGuid().ToString("N"));
            await insert.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
        return rows / watch.Elapsed.TotalSeconds;
    }
}
