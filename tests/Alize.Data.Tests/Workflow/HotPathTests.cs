using System.Text;
using Alize.Data.Tests.Databases;
using Alize.Data.Workflow;
using Alize.Engine.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static Alize.Data.Tests.Workflow.StoredSamples;

namespace Alize.Data.Tests.Workflow;

/// <summary>What the engine's own connections owe to everybody else's.</summary>
public abstract class HotPathTests(TestDatabases databases, DatabaseProvider provider) : DatabaseTests(databases, provider)
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("Été — « Ménage & Cie »", 3)]
    [InlineData(null, 200_000)]
    public async Task A_row_is_the_same_whoever_wrote_it_and_whoever_reads_it(string? name, int bytes)
    {
        var (own, others) = (Row("own"), Row("others"));
        await CommitAsync(own);
        await Database.AddAsync(others);

        var stored = await Database.WithDbAsync(db => db.WorkflowInstances.AsNoTracking().OrderBy(i => i.Id).ToListAsync(Cancel));

        Assert.Equivalent(new[] { others, own }, stored, strict: true);
        Assert.Equivalent(others, await FindAsync("others"), strict: true);
        Assert.Equivalent(own, await FindAsync("own"), strict: true);

        WorkflowInstance Row(string id)
        {
            var row = Instance(id);
            row.Name = name is { Length: > 0 } ? string.Concat(Enumerable.Repeat(name, 9)) : name;
            row.State = [.. Enumerable.Range(0, bytes).Select(n => (byte)n)];
            row.FinishedAt = Now.AddMicroseconds(1);
            return row;
        }
    }

    protected async Task<WorkflowInstance?> FindAsync(string id)
    {
        await using var scope = Database.Scope();
        return await scope.ServiceProvider.GetRequiredService<IWorkflowStore>().FindInstanceAsync(id, Cancel);
    }

    private async Task CommitAsync(WorkflowInstance instance)
    {
        await using var scope = Database.Scope();
        await scope.ServiceProvider.GetRequiredService<IWorkflowStore>().CommitAsync(new() { Instance = instance, IsNew = true }, Cancel);
    }
}

public sealed class SqliteHotPathTests(TestDatabases databases) : HotPathTests(databases, DatabaseProvider.Sqlite)
{
    [Theory]
    [InlineData("WorkflowBookmarks")]
    [InlineData("WorkflowTimers")]
    public async Task Small_rows_are_kept_in_their_key(string table)
    {
        var sql = await Database.WithDbAsync(db => db.Database.SqlQuery<string>($"SELECT sql AS Value FROM sqlite_master WHERE name = {table}").SingleAsync(Cancel));

        Assert.EndsWith("WITHOUT ROWID", sql, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_waits_in_the_write_ahead_log_is_read_by_the_idle_writer_and_beside_a_busy_one()
    {
        await Database.AddAsync(Instance("i1"));
        await using var scope = Database.Scope();
        var db = scope.ServiceProvider.GetRequiredService<AlizeDb>();
        await using var others = await db.Database.BeginTransactionAsync(Cancel);

        var found = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => FindAsync("i1"))));

        Assert.All(found, Assert.NotNull);
    }
}

public sealed class PostgreSqlHotPathTests(TestDatabases databases) : HotPathTests(databases, DatabaseProvider.PostgreSql)
{
    [Fact]
    public async Task A_server_that_was_away_fails_one_burst_and_not_one_for_each_connection()
    {
        await Database.AddAsync(Instance("i1"));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => FindAsync("i1")));
        var ended = await Database.WithDbAsync(db => db.Database
            .SqlQuery<bool>($"SELECT pg_terminate_backend(pid) AS \"Value\" FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
            .ToListAsync(Cancel));
        Assert.True(ended.Count > 1);

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => FindAsync("i1"));

        for (var again = 0; again < ended.Count; again++) Assert.NotNull(await FindAsync("i1"));
    }

    [Fact]
    public async Task One_connection_allowed_is_enough_for_many_bursts()
    {
        await Database.AddAsync(Instance("i1"));
        var connection = await Database.WithDbAsync(db => Task.FromResult(db.Database.GetConnectionString()!));
        await using var narrow = new TestDatabase(DatabaseProvider.PostgreSql, new NpgsqlConnectionStringBuilder(connection) { MaxPoolSize = 1 }.ToString());

        var found = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            await using var scope = narrow.Scope();
            return await scope.ServiceProvider.GetRequiredService<IWorkflowStore>().FindInstanceAsync("i1", Cancel);
        }));

        Assert.All(found, Assert.NotNull);
    }
}

/// <summary>The journal of a burst as it lies in its row.</summary>
public sealed class PackedJournalTests
{
    [Fact]
    public void A_pack_that_spells_its_words_and_its_nulls_is_still_read()
    {
        var pack = new JournalPack
        {
            InstanceId = "i1",
            LastSequence = 4,
            Revision = 1,
            At = Now,
            Content = [1, .. Encoding.UTF8.GetBytes($$"""
                [{{Now.Ticks}},[[2,null,"asked","Workflow1:asked","Elsa.Event",null]],[[4,0,"Suspended",-8,null,null]],[[0,1,"Running",true,null,-16,null,"{}",null,null,null]]]
                """)],
        };

        var (line, execution) = (Assert.Single(PackedJournal.Lines(pack)), Assert.Single(PackedJournal.Executions(pack)));

        Assert.Equal(("Suspended", "asked", null, null, Now.AddTicks(-8)), (line.EventName, line.ActivityId, line.Message, line.Payload, line.At));
        Assert.Equal(("Running", "{}", null, null), (execution.Status, execution.Inputs, execution.Outputs, execution.CompletedAt));
    }
}
