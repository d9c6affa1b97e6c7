using System.Data.Common;
using Alize.Data.Tests.Databases;
using Alize.Data.Workflow;
using Alize.Engine.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Alize.Data.Tests.Workflow;

/// <summary>How SQLite means to answer the lists: through an index, sorted by it.</summary>
public sealed class InstanceQueryPlanTests(TestDatabases databases) : DatabaseTests(databases, DatabaseProvider.Sqlite)
{
    private static readonly InstanceFilter Ours = new() { TenantId = "ombrelle" };

    [Fact]
    public Task The_list_of_a_programme_walks_down_its_index() =>
        PlanAsync(Ours, InstanceOrder.Created, "IX_WorkflowInstances_TenantId_CreatedAt_Id (TenantId=?)", isSorted: true);

    [Fact]
    public Task Names_have_their_index() => PlanAsync(Ours, InstanceOrder.Name, "IX_WorkflowInstances_TenantId_Name_Id (TenantId=?)", isSorted: true);

    [Theory]
    [InlineData(InstanceOrder.LastExecuted)]
    [InlineData(InstanceOrder.Finished)]
    public Task What_a_burst_changes_sorts_the_newest(InstanceOrder order) => PlanAsync(Ours, order, "IX_WorkflowInstances_TenantId_CreatedAt_Id (TenantId=?)");

    [Fact]
    public async Task What_is_old_enough_to_go_has_its_index()
    {
        var plans = await ExplainAsync(db => new InstanceRetention(
            db, new EfWorkflowStore(db), Options.Create(new RetentionOptions { FinishedAfterDays = 1 }), TimeProvider.System, NullLogger<InstanceRetention>.Instance).RunAsync(Cancel));

        Assert.Contains(plans[^1], line => line.Contains("IX_WorkflowInstances_TenantId_FinishedAt_Id (TenantId=? AND FinishedAt<?)", StringComparison.Ordinal));
    }

    [Fact]
    public Task Moments_of_creation_enter_the_index() => PlanAsync(
        Ours with { Moments = [new(InstanceMomentColumn.CreatedAt, InstanceMomentOperator.LessThan, StoredSamples.Now)] },
        InstanceOrder.Created, "IX_WorkflowInstances_TenantId_CreatedAt_Id (TenantId=? AND CreatedAt<?)", isSorted: true);

    [Fact]
    public Task One_state_has_its_index() => PlanAsync(
        Ours with { SubStatuses = [WorkflowSubStatus.Suspended] },
        InstanceOrder.Created, "IX_WorkflowInstances_TenantId_Status_SubStatus_CreatedAt_Id (TenantId=? AND Status=? AND SubStatus=?)", isSorted: true);

    [Fact]
    public Task One_definition_has_its_index() => PlanAsync(
        Ours with { DefinitionIds = ["repayment"], SubStatuses = [WorkflowSubStatus.Suspended] },
        InstanceOrder.Created,
        "IX_WorkflowInstances_TenantId_DefinitionId_Status_SubStatus_CreatedAt_Id (TenantId=? AND DefinitionId=? AND Status=? AND SubStatus=?)", isSorted: true);

    [Fact]
    public Task Several_definitions_in_every_state_are_entered_one_by_one() => PlanAsync(
        Ours with { DefinitionIds = ["repayment", "job-survey"] },
        InstanceOrder.Created,
        "IX_WorkflowInstances_TenantId_DefinitionId_Status_SubStatus_CreatedAt_Id (TenantId=? AND DefinitionId=? AND Status=? AND SubStatus=?)");

    [Fact]
    public Task What_is_stuck_has_its_index() => PlanAsync(
        Ours with { HasIncidents = true }, InstanceOrder.Created, "SCAN w USING INDEX IX_WorkflowInstances_Incidents");

    [Fact]
    public Task What_a_project_runs_is_entered_by_the_correlation() => PlanAsync(
        Ours with { CorrelationId = "project" }, InstanceOrder.Created, "IX_WorkflowInstances_CorrelationId (CorrelationId=?)");

    [Fact]
    public Task A_search_looks_at_the_newest_and_at_the_very_id() => PlanAsync(
        Ours with { SearchTerm = "av-2026" }, InstanceOrder.Created, "IX_WorkflowInstances_TenantId_CreatedAt_Id (TenantId=?)");

    [Fact]
    public Task A_cursor_enters_the_index_where_it_left() => PlanOfSliceAsync("(TenantId=? AND CreatedAt<?)");

    private async Task PlanOfSliceAsync(string expected)
    {
        await Database.AddAsync(Stored("a", 1), Stored("b", 2));
        var plans = await ExplainAsync(async db =>
        {
            var queries = new InstanceQueries(db);
            var first = await queries.AfterAsync(Ours, descending: true, null, 1, Cancel);
            await queries.AfterAsync(Ours, descending: true, first.Next, 1, Cancel);
        });

        Assert.Contains(plans[^1], line => line.Contains(expected, StringComparison.Ordinal));
        AssertNoScan(plans);
    }

    private async Task PlanAsync(InstanceFilter filter, InstanceOrder order, string expected, bool isSorted = false)
    {
        await Database.AddAsync(Stored("a", 1));

        var plans = await ExplainAsync(db => new InstanceQueries(db).PageAsync(filter, order, descending: true, 0, 10, Cancel));

        Assert.NotEmpty(plans);
        Assert.Contains(plans[^1], line => line.Contains(expected, StringComparison.Ordinal));
        AssertNoScan(plans);
        if (isSorted) Assert.DoesNotContain(plans[^1], line => line.Contains("TEMP B-TREE", StringComparison.Ordinal));
    }

    /// <summary>What is scanned is a part that another step of the same plan has bounded, or the index of what is stuck; never a table.</summary>
    private static void AssertNoScan(IEnumerable<IReadOnlyList<string>> plans) => Assert.All(plans, plan =>
        Assert.All(plan.Where(line => line.StartsWith("SCAN ", StringComparison.Ordinal) && !line.Contains("IX_WorkflowInstances_Incidents", StringComparison.Ordinal)), line => Assert.Contains("CO-ROUTINE " + line[5..], plan)));

    private async Task<List<IReadOnlyList<string>>> ExplainAsync(Func<AlizeDb, Task> run)
    {
        var connectionString = await Database.WithDbAsync(db => Task.FromResult(db.Database.GetConnectionString()!));
        var context = new DbContextOptionsBuilder<SqliteAlizeDb>();
        new DatabaseOptions { ConnectionString = connectionString }.Apply(context);
        var plans = new Plans();
        await using var db = new SqliteAlizeDb(context.AddInterceptors(plans).Options);
        await run(db);
        return plans.Seen;
    }

    private static WorkflowInstance Stored(string id, int minutes)
    {
        var row = StoredSamples.Instance(id);
        row.UpdatedAt = StoredSamples.Now.AddMinutes(minutes);
        return row;
    }

    private sealed class Plans : DbCommandInterceptor
    {
        public List<IReadOnlyList<string>> Seen { get; } = [];

        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            var sql = command.CommandText;
            command.CommandText = "EXPLAIN QUERY PLAN " + sql;
            var plan = new List<string>();
            await using (var lines = await command.ExecuteReaderAsync(cancellationToken))
                while (await lines.ReadAsync(cancellationToken))
                    plan.Add(lines.GetString(3));
            Seen.Add(plan);
            command.CommandText = sql;
            return result;
        }
    }
}
