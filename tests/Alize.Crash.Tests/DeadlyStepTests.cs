using System.Collections.Concurrent;
using Alize.Crash.Worker;
using Alize.Data;
using Alize.Data.Tests.Databases;
using Alize.Engine.Runtime;
using Alize.Engine.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Alize.Crash.Tests;

/// <summary>A step that ends the process takes down its own procedure, not the service.</summary>
public abstract class DeadlyStepTests
{
    private const string Killer = "killer";
    private const string Innocent = "innocent";

    // The first death has nobody to count it where the deadline fell due in that process itself.
    private const int MostDeaths = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Starts the service again and again until it stays up, then once more with the fault removed.</summary>
    private protected static async Task RunAsync(DatabaseProvider provider, string connectionString, string definitionId, bool sendsGo)
    {
        string[] database = [$"--Database:Provider={provider}", $"--Database:ConnectionString={connectionString}"];
        var settings = new Dictionary<string, string?> { ["Database:Provider"] = provider.ToString(), ["Database:ConnectionString"] = connectionString };
        await using var services = new ServiceCollection().AddData(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).BuildServiceProvider(validateScopes: true);
        await new Load(services, new Random(1)).PrepareAsync(Cancel);
        foreach (var id in new[] { Killer, Innocent })
        {
            await SendAsync(services, Stimuli.Start(definitionId, id, correlationId: id, tenantId: null, name: id, input: null, Now));
            if (sendsGo) await SendAsync(services, Stimuli.Event("Go", correlationId: id, payload: null, Now, id: $"go:{id}"));
        }

        var lines = new ConcurrentQueue<string>();
        var deaths = 0;
        while (true)
        {
            using var worker = new WorkerProcess([.. database, $"--{Deadly.Setting}={Killer}"], lines);
            var died = worker.EndAsync(Cancel);
            var parked = UntilAsync(services, Killer, WorkflowSubStatus.Faulted);
            if (await Task.WhenAny(died, parked) == died)
            {
                Assert.NotEqual(0, await died);
                Assert.True(++deaths <= MostDeaths, $"It goes on dying.\n{string.Join('\n', lines.TakeLast(20))}");
                continue;
            }

            // It stays up, and everybody else is through.
            await parked;
            await UntilAsync(services, Innocent, WorkflowSubStatus.Finished);
            Assert.Equal(0, await worker.StopAsync(Cancel));
            break;
        }

        Assert.True(deaths >= 3, $"It was parked after {deaths} deaths.");
        var reason = (await InScopeAsync(services, (_, store) => store.JournalAsync(Killer, 0, 100, Cancel)))[^1];
        Assert.Equal("Faulted", reason.EventName);
        Assert.Contains("s’est arrêté net 3 fois pendant que cette procédure avançait à partir de l’étape «\u00A0go\u00A0»", reason.Message, StringComparison.Ordinal);
        Assert.Equal([$"{Innocent}/survived"], await EffectsAsync(services));

        await SendAsync(services, new Stimulus { Id = "retry", Kind = StimulusKind.Retry, InstanceId = Killer, CreatedAt = Now.UtcDateTime, NotBefore = Now.UtcDateTime });
        using var mended = new WorkerProcess(database, lines);
        await UntilAsync(services, Killer, WorkflowSubStatus.Finished);

        // The order goes after what it ordered.
        await UntilAsync(services, async (db, cancel) => !await db.Stimuli.AnyAsync(cancel));
        Assert.Equal(0, await mended.StopAsync(Cancel));
        Assert.Equal([$"{Innocent}/survived", $"{Killer}/survived"], await EffectsAsync(services));
        Assert.Equal(0, await InScopeAsync(services, (db, _) => db.Timers.CountAsync(Cancel)));
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static Task UntilAsync(IServiceProvider services, string instanceId, WorkflowSubStatus wanted) =>
        UntilAsync(services, (db, cancel) => db.WorkflowInstances.AnyAsync(i => i.Id == instanceId && i.SubStatus == wanted, cancel));

    private static async Task UntilAsync(IServiceProvider services, Func<AlizeDb, CancellationToken, Task<bool>> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(Patience);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        while (!await InScopeAsync(services, (db, _) => isSo(db, limit.Token)))
            await pause.WaitForNextTickAsync(limit.Token);
    }

    private static Task<List<string>> EffectsAsync(IServiceProvider services) =>
        InScopeAsync(services, (db, _) => db.AuditEntries.Where(e => e.Kind == Effect.Kind).Select(e => e.Text).OrderBy(t => t).ToListAsync(Cancel));

    private static async Task SendAsync(IServiceProvider services, Stimulus stimulus) => Assert.True(await InScopeAsync(services, (_, store) => store.SendAsync(stimulus, Cancel)));

    private static async Task<T> InScopeAsync<T>(IServiceProvider services, Func<AlizeDb, IWorkflowStore, Task<T>> work)
    {
        await using var scope = services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<AlizeDb>(), scope.ServiceProvider.GetRequiredService<IWorkflowStore>());
    }
}

public sealed class SqliteDeadlyStepTests : DeadlyStepTests
{
    [Fact]
    public async Task A_message_that_ends_the_process_is_parked_after_three_deaths_and_a_retry_finishes_what_it_began()
    {
        var directory = Directory.CreateTempSubdirectory("alize-deadly-");
        try
        {
            await RunAsync(DatabaseProvider.Sqlite, $"Data Source={Path.Combine(directory.FullName, "alize.db")}", "crash-deadly", sendsGo: true);
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            directory.Delete(recursive: true);
        }
    }
}

public sealed class PostgreSqlDeadlyStepTests : DeadlyStepTests
{
    [Fact]
    public async Task A_deadline_that_ends_the_process_is_parked_after_three_deaths_and_a_retry_finishes_what_it_began()
    {
        await using var server = new PostgreSqlServer();
        await PostgreSqlCrashTests.CreateAsync(await server.ConnectionStringAsync("postgres", TestContext.Current.CancellationToken), "alize_deadly");
        try
        {
            await RunAsync(DatabaseProvider.PostgreSql, await server.ConnectionStringAsync("alize_deadly", TestContext.Current.CancellationToken), "crash-deadly-later", sendsGo: false);
        }
        finally
        {
            NpgsqlConnection.ClearAllPools();
        }
    }
}
