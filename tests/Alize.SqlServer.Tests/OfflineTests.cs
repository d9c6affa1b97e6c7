using Alize.Data;
using Alize.Data.Workflow;
using Alize.Engine.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Alize.SqlServer.Tests;

/// <summary>Every statement for SQL Server is read by SQL Server's own parser and looked up in its own model of our tables.</summary>
public sealed class OfflineTests
{
    private static readonly DateTime Now = new(2026, 3, 2, 9, 30, 0, DateTimeKind.Utc);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void SQL_Server_accepts_every_table_key_and_index()
    {
        var tables = SqlServerModel.Tables();

        Assert.Contains(tables, t => t.Contains("[WorkflowInstances]", StringComparison.Ordinal));
        Assert.Empty(SqlServerModel.Complaints(tables));
    }

    [Fact]
    public void The_migrations_are_Transact_SQL()
    {
        using var db = SqlServerModel.Context();
        var script = db.Database.GenerateCreateScript();

        Assert.NotEmpty(SqlServerModel.Parse(script));
        Assert.NotEmpty(SqlServerModel.Parse(db.GetService<Microsoft.EntityFrameworkCore.Migrations.IMigrator>().GenerateScript()));
    }

    [Fact]
    public async Task SQL_Server_knows_every_table_and_column_that_the_store_and_the_lists_name()
    {
        var statements = await StatementsAsync();

        Assert.True(statements.Count > 60, $"Only {statements.Count} statements were recorded.");
        foreach (var verb in new[] { "SELECT", "INSERT INTO", "UPDATE", "DELETE" })
            Assert.Contains(statements, s => s.Sql.Contains(verb, StringComparison.Ordinal));
        foreach (var statement in statements) SqlServerModel.Parse(statement.Sql);
        Assert.Empty(SqlServerModel.Complaints([.. SqlServerModel.Tables(), .. statements.Select((s, n) => s.AsProcedure(n))]));
    }

    [Theory]
    [InlineData("CREATE PROCEDURE [dbo].[Wrong] AS BEGIN SELECT [w].[Nmae] FROM [WorkflowInstances] AS [w] END")]
    [InlineData("CREATE PROCEDURE [dbo].[Wrong] AS BEGIN SELECT [w].[Name] FROM [WorkflowInstance] AS [w] END")]
    [InlineData("CREATE INDEX [IX_Wrong] ON [WorkflowInstances] ([Nmae])")]
    [InlineData("CREATE TABLE [Wrong] ([Id] int NOT NULL, CONSTRAINT [PK_Wrong] PRIMARY KEY ([Ix]))")]
    public void A_deliberately_wrong_column_or_table_is_found(string wrong) => Assert.NotEmpty(SqlServerModel.Complaints([.. SqlServerModel.Tables(), wrong]));

    [Fact]
    public void What_is_no_Transact_SQL_is_found() =>
        Assert.Throws<FormatException>(() => SqlServerModel.Parse("SELECT \"Name\" FROM \"WorkflowInstances\" LIMIT 10"));

    [Fact]
    public void No_column_has_a_default_that_only_another_database_reads()
    {
        using var db = SqlServerModel.Context();
        var defaults = db.GetService<Microsoft.EntityFrameworkCore.Metadata.IDesignTimeModel>().Model.GetEntityTypes()
            .SelectMany(e => e.GetProperties()).Where(p => p.GetDefaultValueSql() is not null).Select(p => $"{p.DeclaringType.ShortName()}.{p.Name}");

        Assert.Empty(defaults);
    }

    /// <summary>What the store, the lists and the retention say to the server, each of their methods called once at least.</summary>
    private static async Task<IReadOnlyList<RecordedStatement>> StatementsAsync()
    {
        var connection = new RecordedConnection();
        await StoreAsync(connection);
        await HotPathAsync(connection);
        await ListsAsync(connection);
        return [.. connection.Statements.DistinctBy(s => s.Sql)];
    }

    private static async Task StoreAsync(RecordedConnection connection)
    {
        Func<IWorkflowStore, Task>[] calls =
        [
            s => s.FindDefinitionAsync("d", true, Cancel), s => s.FindDefinitionAsync("d", false, Cancel), s => s.FindDefinitionVersionAsync("d:1", Cancel),
            s => s.PublishedDefinitionsAsync(Cancel), s => s.PublishedVersionAsync("d", Cancel), s => s.AddDefinitionAsync(Rows.Definition, [Rows.Trigger], Cancel), s => s.FindInstanceAsync("i", Cancel),
            s => s.ChildrenAsync("i", Cancel), s => s.FindBookmarkAsync("b", Cancel), s => s.MatchBookmarksAsync("h", null, null, Cancel),
            s => s.MatchBookmarksAsync("h", "i", "c", Cancel), s => s.BookmarksOfAsync("i", Cancel), s => s.MatchTriggersAsync("h", Cancel),
            s => s.FindTimerAsync("t", Cancel), s => s.TimersDueAsync(Now, null, 10, Cancel), s => s.TimersDueAsync(Now, Rows.Timer, 10, Cancel), s => s.UnscheduledTimersAsync(Now, 10, Cancel), s => s.TimersOfAsync("i", Cancel),
            s => s.NextTimerDueAsync(Cancel), s => s.SetTimerJobAsync(["t", "u"], "j", Cancel), s => s.IsJobNeededAsync("j", Now, Now, Cancel), s => s.ForgetTimerJobsAsync(Cancel), s => s.FindStimulusAsync("s", Cancel),
            s => s.StimuliDueAsync(Now, 10, Cancel), s => s.StimuliMatchingAsync(["h", "k"], Cancel), s => s.StimuliAwaitedAsync(Now, 10, Cancel),
            s => s.SendAsync(Rows.Stimulus, Cancel), s => s.MarkAsync(["s"], ["t"], Now, Cancel), s => s.UnmarkAsync(["s"], ["t"], Cancel), s => s.SuspectStimuliAsync(Now, Cancel), s => s.SuspectTimersAsync(Now, Cancel),
            s => s.PostponeAsync("s", Now, 1, "why", Cancel), s => s.SplitStimulusAsync("s", [Rows.Stimulus], Cancel), s => s.DropStimuliAsync(["s", "t"], Cancel),
            s => s.JournalAsync("i", 0, 10, Cancel), s => s.ExecutionsAsync("i", Cancel), s => s.DeleteInstancesAsync(["i", "j"], Cancel),
            s => s.CommitAsync(Rows.Burst(isNew: true), Cancel), s => s.CommitAsync(Rows.Burst(isNew: false), Cancel),
        ];
        foreach (var call in calls)
        {
            await using var db = Context(connection);
            await IgnoreNothingFoundAsync(() => call(new EfWorkflowStore(db)));
        }
    }

    /// <summary>What the engine reads on its own connections; what it writes there is what it writes on the context's.</summary>
    private static async Task HotPathAsync(RecordedConnection connection)
    {
        await using var db = Context(connection);
        var statements = new EngineStatements(db);
        foreach (var statement in new[] { statements.SelectInstance("i"), statements.SelectPublished("d"), statements.SelectStimuli("h") })
        {
            await using var command = BurstWrite.Command(statement, connection, null);
            await command.ExecuteNonQueryAsync(Cancel);
        }
    }

    private static async Task ListsAsync(RecordedConnection connection)
    {
        var ours = new InstanceFilter { TenantId = "t" };
        InstanceFilter[] filters =
        [
            ours, ours with { SearchTerm = "x" }, ours with { DefinitionIds = ["a", "b"] }, ours with { DefinitionIds = ["a"], SubStatuses = [WorkflowSubStatus.Faulted] },
            ours with { Statuses = [WorkflowStatus.Running] }, ours with { CorrelationId = "c" }, ours with { HasIncidents = true }, ours with { HasIncidents = false, Version = 2 },
            ours with { Moments = [new(InstanceMomentColumn.CreatedAt, InstanceMomentOperator.LessThan, Now), new(InstanceMomentColumn.FinishedAt, InstanceMomentOperator.IsNot, Now)] }, new(),
        ];
        foreach (var filter in filters)
        {
            await using var db = Context(connection);
            foreach (var order in Enum.GetValues<InstanceOrder>())
                foreach (var descending in new[] { true, false })
                {
                    var seek = await InstanceSeekOrNothingAsync(db, filter, order);
                    if (seek is null) continue;
                    _ = await InstanceSeek.Sorted(seek.Rest(seek.Take(descending, 10)), order, descending).Skip(10).Take(10).ToListAsync(Cancel);
                    _ = await InstanceSeek.Sorted(seek.Rest(seek.Candidates()), order, descending).Take(10).ToListAsync(Cancel);
                    if (order != InstanceOrder.Created) continue;
                    _ = await seek.Take(descending, 10, new InstanceCursor(descending, Now, "i")).ToListAsync(Cancel);
                    await IgnoreNothingFoundAsync(() => seek.Ids(10).CountAsync(Cancel));
                }
        }

        await using var other = Context(connection);
        foreach (var order in Enum.GetValues<DefinitionOrder>())
            await new DefinitionQueries(other).PageAsync(new() { Versions = DefinitionVersions.LatestOrPublished, Version = 1, DefinitionIds = ["d"], Ids = ["d:1"], SearchTerm = "x" }, order, true, 0, null, Cancel);
        var retention = new InstanceRetention(other, new EfWorkflowStore(other), Options.Create(new RetentionOptions()), TimeProvider.System, NullLogger<InstanceRetention>.Instance);
        await IgnoreNothingFoundAsync(() => retention.RunAsync(Cancel));
    }

    private static async Task<InstanceSeek?> InstanceSeekOrNothingAsync(AlizeDb db, InstanceFilter filter, InstanceOrder order)
    {
        InstanceSeek? seek = null;
        await IgnoreNothingFoundAsync(async () => seek = await InstanceSeek.ForAsync(db, filter, order, Cancel));
        return seek;
    }

    /// <summary>A question for one value finds no row here, which EF holds against the server; the statement was recorded before.</summary>
    private static async Task IgnoreNothingFoundAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception nothing) when (nothing is InvalidOperationException or StaleInstanceException or DbUpdateException)
        {
            Assert.DoesNotContain("could not be translated", nothing.Message, StringComparison.Ordinal);
        }
    }

    private static SqlServerAlizeDb Context(RecordedConnection connection) =>
        new(new DbContextOptionsBuilder<SqlServerAlizeDb>().UseSqlServer(connection, o => o.UseQuerySplittingBehavior(QuerySplittingBehavior.SplitQuery)).Options);
}
