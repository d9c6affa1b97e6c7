using System.Diagnostics;
using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Data.Workflow;
using Alize.Engine.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Alize.Benchmarks;

/// <summary>(d) Pages of the lists of instances, and of journals, where a million instances are kept.</summary>
internal static class ListsBenchmark
{
    private const string Tenant = "territory";
    private const int Correlations = 20_000;
    private static readonly string[] Definitions = ["company-project", "committee-session", "convention-signature", "disbursement", "repayment", "competence-support", "job-survey"];
    private static readonly DateTime First = new(2023, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static async Task<JsonObject> RunAsync(bool quick)
    {
        var result = new JsonObject();
        foreach (var provider in new[] { DatabaseProvider.Sqlite, DatabaseProvider.PostgreSql })
        {
            await using var database = await BenchmarkDatabase.NewAsync(provider);
            result[provider.ToString()] = await RunAsync(database, quick ? 50_000 : 1_000_000, quick ? 20 : 200);
        }

        return result;
    }

    private static async Task<JsonObject> RunAsync(BenchmarkDatabase database, int instances, int repeats)
    {
        await FillAsync(database, instances);
        await AddLongJournalAsync(database, bursts: 2000);
        await using (var connection = await database.ConnectAsync()) await BenchmarkDatabase.ExecuteAsync(connection, "ANALYZE");

        var random = new Random(7);
        var ours = new InstanceFilter { TenantId = Tenant };
        var cursors = await CursorsAsync(database, ours, 200);
        Func<IServiceProvider, Task> List(Func<InstanceFilter> filter, InstanceOrder order = InstanceOrder.Created, int pages = 1) =>
            scope => scope.GetRequiredService<InstanceQueries>().PageAsync(filter(), order, true, random.Next(pages), 50, CancellationToken.None);
        var questions = new Dictionary<string, Func<IServiceProvider, Task>>
        {
            ["newest"] = List(() => ours),
            ["lastExecuted"] = List(() => ours, InstanceOrder.LastExecuted),
            ["anyOfTheFirst100Pages"] = List(() => ours, pages: 100),
            ["byDefinitionAndState"] = List(() => ours with { DefinitionIds = [Definitions[random.Next(Definitions.Length)]], SubStatuses = [WorkflowSubStatus.Suspended] }),
            ["byCorrelation"] = List(() => ours with { CorrelationId = $"project-{random.Next(Correlations)}" }),
            ["byTime"] = List(() => ours with { Moments = [new(InstanceMomentColumn.CreatedAt, InstanceMomentOperator.GreaterThan, First.AddMinutes(random.Next(instances)))] }),
            ["incidents"] = List(() => ours with { HasIncidents = true }),
            ["search"] = List(() => ours with { SearchTerm = $"n° {random.Next(instances)}" }),
            ["deepByCursor"] = scope => scope.GetRequiredService<InstanceQueries>().AfterAsync(ours, true, cursors[random.Next(cursors.Count)], 50, CancellationToken.None),
            ["journalPage"] = scope => scope.GetRequiredService<IWorkflowStore>().JournalAsync("long", random.Next(9_000), 50, CancellationToken.None),
            ["executions"] = scope => scope.GetRequiredService<IWorkflowStore>().ExecutionsAsync(IdOf(random.Next(instances)), CancellationToken.None),
        };
        var result = new JsonObject { ["instances"] = instances, ["repeats"] = repeats };
        foreach (var (name, ask) in questions)
        {
            var milliseconds = new List<double>();
            for (var i = -5; i < repeats; i++)
            {
                await using var scope = database.Services.CreateAsyncScope();
                var started = Stopwatch.GetTimestamp();
                await ask(scope.ServiceProvider);
                if (i >= 0) milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            result[name] = new JsonObject
            {
                ["millisecondsP50"] = Measure.Figure(Measure.Percentile(milliseconds, 50)),
                ["millisecondsP95"] = Targets.AtMost(50, Measure.Percentile(milliseconds, 95)),
            };
        }

        return result;
    }

    /// <summary>Places in the list, far down.</summary>
    private static async Task<List<string>> CursorsAsync(BenchmarkDatabase database, InstanceFilter filter, int pages)
    {
        var cursors = new List<string>();
        await using var scope = database.Services.CreateAsyncScope();
        var queries = scope.ServiceProvider.GetRequiredService<InstanceQueries>();
        string? next = null;
        for (var page = 0; page < pages; page++)
        {
            next = (await queries.AfterAsync(filter, true, next, InstanceQueries.LongestPage, CancellationToken.None)).Next;
            if (next is null) break;
            cursors.Add(next);
        }

        return cursors;
    }

    private static string IdOf(int number) => $"{number:D8}a5f4b0c9d8e7f6a5b4c3d2e1";

    private static async Task FillAsync(BenchmarkDatabase database, int instances)
    {
        await database.PublishAsync("life", Procedures.Life);
        await database.Runtime.StartAsync(new() { DefinitionId = "life", InstanceId = "model" }, CancellationToken.None);
        var (state, pack) = await database.WithDbAsync(async db => ((await db.WorkflowInstances.SingleAsync()).State, await db.JournalPacks.SingleAsync()));
        foreach (var some in Enumerable.Range(0, instances).Chunk(5000))
        {
            await database.WithDbAsync(async db =>
            {
                db.ChangeTracker.AutoDetectChangesEnabled = false;
                db.WorkflowInstances.AddRange(some.Select(n => Instance(n, state)));

                // Ids within it are numbers, so that one content serves every instance.
                db.JournalPacks.AddRange(some.Select(n => new JournalPack { InstanceId = IdOf(n), LastSequence = pack.LastSequence, Revision = 1, At = First.AddMinutes(n), Content = pack.Content }));
                return await db.SaveChangesAsync();
            });
        }
    }

    private static WorkflowInstance Instance(int number, byte[] state)
    {
        var created = First.AddMinutes(number);
        var isFinished = number % 10 != 0;
        var subStatus = !isFinished ? number % 500 == 0 ? WorkflowSubStatus.Faulted : WorkflowSubStatus.Suspended
            : number % 33 == 0 ? WorkflowSubStatus.Cancelled : WorkflowSubStatus.Finished;
        return new()
        {
            Id = IdOf(number),
            DefinitionId = Definitions[number % Definitions.Length],
            DefinitionVersionId = Definitions[number % Definitions.Length] + ":1",
            DefinitionVersion = 1,
            CorrelationId = $"project-{number % Correlations}",
            Name = $"Projet n° {number}",
            TenantId = Tenant,
            Status = isFinished ? WorkflowStatus.Finished : WorkflowStatus.Running,
            SubStatus = subStatus,
            IncidentCount = subStatus == WorkflowSubStatus.Faulted ? 1 : 0,
            State = state,
            CreatedAt = created,
            UpdatedAt = created.AddDays(number % 90),
            FinishedAt = isFinished ? created.AddDays(number % 90) : null,
            Revision = 1,
        };
    }

    /// <summary>An instance that has run often: five lines a burst.</summary>
    private static async Task AddLongJournalAsync(BenchmarkDatabase database, int bursts)
    {
        var model = Instance(1_000_000_0, []);
        var instance = new WorkflowInstance
        {
            Id = "long",
            DefinitionId = "life",
            DefinitionVersionId = "life:1",
            DefinitionVersion = 1,
            State = [],
            CreatedAt = model.CreatedAt,
            UpdatedAt = model.CreatedAt,
        };
        for (var burst = 0; burst < bursts; burst++)
        {
            await using var scope = database.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<IWorkflowStore>().CommitAsync(new()
            {
                Instance = instance,
                IsNew = burst == 0,
                Journal = [.. Enumerable.Range((burst * 5) + 1, 5).Select(n => new JournalRecord
                {
                    Id = $"long:{n}", InstanceId = "long", Sequence = n, ActivityInstanceId = $"long:{n}", ActivityId = "ask", NodeId = "Workflow1:root:ask",
                    ActivityType = "Alize.AskPartner", EventName = "Completed", At = instance.UpdatedAt,
                })],
            }, CancellationToken.None);
        }
    }
}
