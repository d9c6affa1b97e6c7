using Alize.Data.Tests.Databases;
using Alize.Data.Workflow;
using Alize.Engine.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static Alize.Data.Tests.Workflow.StoredSamples;

namespace Alize.Data.Tests.Workflow;

/// <summary>The lists of instances, the same on every database.</summary>
public abstract class InstanceQueriesContract(TestDatabases databases, DatabaseProvider provider) : DatabaseTests(databases, provider)
{
    private const WorkflowSubStatus Suspended = WorkflowSubStatus.Suspended, Finished = WorkflowSubStatus.Finished, Faulted = WorkflowSubStatus.Faulted;

    private static readonly InstanceFilter Ours = new() { TenantId = "ombrelle" };

    [Fact]
    public async Task The_newest_come_first_a_page_at_a_time()
    {
        await AddAsync([.. Enumerable.Range(1, 7).Select(n => Row($"i{n}", minutes: n))]);

        var (first, last, beyond) = (await PageAsync(Ours, 0, 3), await PageAsync(Ours, 2, 3), await PageAsync(Ours, 3, 3));

        Assert.Equal(["i7", "i6", "i5"], Ids(first));
        Assert.Equal(["i1"], Ids(last));
        Assert.Empty(beyond.Items);
        Assert.Equal(new InstanceCount(7, IsExact: true), first.Count);
    }

    [Fact]
    public async Task A_line_says_everything_but_the_state()
    {
        var row = Row("i1", minutes: 1, status: Finished);
        await AddAsync(row);

        var line = Assert.Single((await PageAsync(Ours, 0, 10)).Items);

        Assert.Equal(new InstanceSummary
        {
            Id = "i1",
            DefinitionId = "repayment",
            DefinitionVersionId = "repayment:1",
            Version = 1,
            Status = WorkflowStatus.Finished,
            SubStatus = Finished,
            CorrelationId = "advance",
            Name = row.Name,
            TenantId = "ombrelle",
            ParentInstanceId = "parent",
            IncidentCount = 0,
            CreatedAt = row.CreatedAt,
            UpdatedAt = row.UpdatedAt,
            FinishedAt = row.FinishedAt,
        }, line);
    }

    [Fact]
    public async Task A_programme_sees_its_own_instances_only()
    {
        await AddAsync(Row("ours", 1), Row("theirs", 2, tenant: "parapluie"), Row("nobodys", 3, tenant: null));
        InstanceFilter[] ways =
        [
            Ours, Ours with { CorrelationId = "advance" }, Ours with { SearchTerm = "advance" }, Ours with { SearchTerm = "theirs" },
            Ours with { DefinitionIds = ["repayment"] }, Ours with { Statuses = [WorkflowStatus.Running] }, Ours with { Version = 1 },
        ];

        foreach (var way in ways)
            Assert.DoesNotContain((await PageAsync(way, 0, 10)).Items, i => i.TenantId != "ombrelle");
        Assert.Equal(["nobodys", "theirs", "ours"], Ids(await PageAsync(new(), 0, 10)));
        Assert.Equal(["nobodys", "theirs", "ours"], await FollowAsync(new(), descending: true, take: 2));
    }

    [Fact]
    public async Task Every_filter_narrows_the_list()
    {
        await AddAsync(
            Row("running", 1), Row("finished", 2, status: Finished), Row("stuck", 3, status: Faulted, incidents: 2, running: true),
            Row("failed", 4, status: Faulted), Row("session", 5, definition: "committee-session", version: 3), Row("other", 6, correlation: "project"));

        await ExpectAsync(Ours with { Statuses = [WorkflowStatus.Running] }, "other", "session", "stuck", "running");
        await ExpectAsync(Ours with { SubStatuses = [Faulted] }, "failed", "stuck");
        await ExpectAsync(Ours with { Statuses = [WorkflowStatus.Finished], SubStatuses = [Faulted, Finished] }, "failed", "finished");
        await ExpectAsync(Ours with { Statuses = [WorkflowStatus.Finished], SubStatuses = [Suspended] });
        await ExpectAsync(Ours with { DefinitionIds = ["committee-session"] }, "session");
        await ExpectAsync(Ours with { DefinitionIds = ["committee-session", "repayment"], SubStatuses = [Faulted, Suspended] }, "other", "session", "failed", "stuck", "running");
        await ExpectAsync(Ours with { Version = 3 }, "session");
        await ExpectAsync(Ours with { HasIncidents = true }, "stuck");
        await ExpectAsync(Ours with { HasIncidents = true, DefinitionIds = ["committee-session"] });
        await ExpectAsync(Ours with { HasIncidents = false, SubStatuses = [Faulted] }, "failed");
        await ExpectAsync(Ours with { CorrelationId = "project" }, "other");
        await ExpectAsync(Ours with { CorrelationId = "project", Statuses = [WorkflowStatus.Finished] });
        await ExpectAsync(new() { CorrelationId = "project", HasIncidents = true });
    }

    [Fact]
    public async Task Moments_limit_the_list()
    {
        await AddAsync(Row("a", 1), Row("b", 2, status: Finished), Row("c", 3, status: Finished));

        await ExpectAsync(Ours with { Moments = [At(InstanceMomentColumn.CreatedAt, InstanceMomentOperator.GreaterThan, 1)] }, "c", "b");
        await ExpectAsync(Ours with { Moments = [At(InstanceMomentColumn.CreatedAt, InstanceMomentOperator.GreaterThanOrEqual, 1), At(InstanceMomentColumn.CreatedAt, InstanceMomentOperator.LessThan, 3)] }, "b", "a");
        await ExpectAsync(Ours with { Moments = [At(InstanceMomentColumn.CreatedAt, InstanceMomentOperator.Is, 2)] }, "b");
        await ExpectAsync(Ours with { Moments = [At(InstanceMomentColumn.CreatedAt, InstanceMomentOperator.IsNot, 2)] }, "c", "a");
        await ExpectAsync(Ours with { Moments = [At(InstanceMomentColumn.UpdatedAt, InstanceMomentOperator.LessThanOrEqual, 102)] }, "b", "a");
        await ExpectAsync(Ours with { Moments = [At(InstanceMomentColumn.FinishedAt, InstanceMomentOperator.LessThan, 203)] }, "b");
        await ExpectAsync(Ours with { CorrelationId = "advance", Moments = [At(InstanceMomentColumn.CreatedAt, InstanceMomentOperator.LessThan, 2)] }, "a");
    }

    [Fact]
    public async Task Searching_finds_a_part_of_a_name_an_id_a_correlation_or_a_definition()
    {
        await AddAsync(Row("i-1", 1, name: "Avance AV-2026-003"), Row("i-2", 2, name: null, correlation: "PRJ-7"), Row("i-3", 3, name: null, definition: "committee-session"));

        await ExpectAsync(Ours with { SearchTerm = "av-2026" }, "i-1");
        await ExpectAsync(Ours with { SearchTerm = " prj " }, "i-2");
        await ExpectAsync(Ours with { SearchTerm = "Session" }, "i-3");
        await ExpectAsync(Ours with { SearchTerm = "I-" }, "i-3", "i-2", "i-1");
        await ExpectAsync(Ours with { SearchTerm = "i-2", Statuses = [WorkflowStatus.Finished] });
        await ExpectAsync(Ours with { SearchTerm = "100 %" });
    }

    [Theory]
    [InlineData(InstanceOrder.Created, false, "a b c")]
    [InlineData(InstanceOrder.LastExecuted, true, "c b a")]
    [InlineData(InstanceOrder.LastExecuted, false, "a b c")]
    [InlineData(InstanceOrder.Name, false, "c b a")]
    [InlineData(InstanceOrder.Name, true, "a b c")]
    public async Task The_list_is_sorted_as_asked(InstanceOrder order, bool descending, string expected)
    {
        await AddAsync(Row("a", 1, name: "Z"), Row("b", 2, name: "M"), Row("c", 3, name: "A"));

        var alone = await Queries(q => q.PageAsync(Ours, order, descending, 0, 10, Cancel));
        var filtered = await Queries(q => q.PageAsync(Ours with { DefinitionIds = ["repayment"] }, order, descending, 0, 10, Cancel));

        Assert.Equal(expected, string.Join(' ', Ids(alone)));
        Assert.Equal(expected, string.Join(' ', Ids(filtered)));
    }

    [Fact]
    public async Task The_end_sorts_what_has_one()
    {
        await AddAsync(Row("a", 1, status: Finished), Row("b", 2, status: Finished));

        Assert.Equal(["b", "a"], Ids(await Queries(q => q.PageAsync(Ours, InstanceOrder.Finished, true, 0, 10, Cancel))));
        Assert.Equal(["a", "b"], Ids(await Queries(q => q.PageAsync(Ours, InstanceOrder.Finished, false, 0, 10, Cancel))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cursors_lead_to_each_instance_once_also_where_moments_are_equal(bool descending)
    {
        await AddAsync([.. Enumerable.Range(0, 23).Select(n => Row($"i{n:00}", minutes: n / 5, status: n % 3 == 0 ? Finished : Suspended, definition: n % 2 == 0 ? "repayment" : "job-survey"))]);
        InstanceFilter[] filters = [Ours, Ours with { DefinitionIds = ["repayment", "job-survey"] }, Ours with { SearchTerm = "i" }, Ours with { CorrelationId = "advance" }, new()];

        foreach (var filter in filters)
        {
            var ids = await FollowAsync(filter, descending, take: 4);
            Assert.Equal(Enumerable.Range(0, 23).Select(n => $"i{n:00}").OrderBy(i => i, StringComparer.Ordinal), descending ? ids.AsEnumerable().Reverse() : ids);
        }
    }

    [Fact]
    public async Task What_is_added_in_front_shifts_no_page_by_cursor()
    {
        await AddAsync(Row("a", 1), Row("b", 2), Row("c", 3), Row("d", 4));
        var first = await Queries(q => q.AfterAsync(Ours, true, null, 2, Cancel));
        await AddAsync(Row("e", 5));

        var second = await Queries(q => q.AfterAsync(Ours, true, first.Next, 2, Cancel));

        Assert.Equal(["b", "a"], second.Items.Select(i => i.Id));
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task A_strange_cursor_is_refused()
    {
        await AddAsync(Row("a", 1), Row("b", 2));
        var slice = await Queries(q => q.AfterAsync(Ours, true, null, 1, Cancel));

        foreach (var cursor in new[] { "", "nonsense!", "MGQxMjM" })
            Assert.Contains("first page", (await Assert.ThrowsAsync<FormatException>(() => Queries(q => q.AfterAsync(Ours, true, cursor, 1, Cancel)))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<FormatException>(() => Queries(q => q.AfterAsync(Ours, false, slice.Next, 1, Cancel)));
    }

    [Fact]
    public async Task Beyond_the_bound_the_count_says_so_and_an_id_is_found_nevertheless()
    {
        var rows = Enumerable.Range(0, InstanceQueries.Bound + 5).Select(n => Row($"i{n:00000}", minutes: n, name: n == 2 ? "Oldest" : null));
        await AddAsync([.. rows]);

        Assert.Equal(new InstanceCount(InstanceQueries.Bound, IsExact: false), (await PageAsync(Ours, 0, 2)).Count);
        Assert.Empty((await PageAsync(Ours, InstanceQueries.Bound / 10, 10)).Items);
        await ExpectAsync(Ours with { SearchTerm = "i00001" }, "i00001");
        Assert.Equal(["i00002"], await FollowAsync(Ours with { SearchTerm = "oldest" }, descending: true, take: 5));
        Assert.Equal(InstanceQueries.Bound + 5, (await FollowAsync(Ours, descending: false, take: 1000)).Distinct().Count());
    }

    [Fact]
    public async Task Versions_of_definitions_are_listed_as_the_designer_asks()
    {
        await Database.WithDbAsync(async db =>
        {
            db.AddRange(Version("repayment", 1, latest: false, published: true), Version("repayment", 2, latest: true, published: false), Version("job-survey", 1, latest: true, published: true, name: "Enquête"));
            return await db.SaveChangesAsync(Cancel);
        });

        async Task Expect(DefinitionFilter filter, params string[] ids) =>
            Assert.Equal(ids, (await Definitions(q => q.PageAsync(filter, DefinitionOrder.Name, false, 0, null, Cancel))).Items.Select(d => d.Id));
        await Expect(new() { Versions = DefinitionVersions.Latest }, "job-survey:1", "repayment:2");
        await Expect(new() { Versions = DefinitionVersions.Published }, "job-survey:1", "repayment:1");
        await Expect(new() { Versions = DefinitionVersions.LatestOrPublished }, "job-survey:1", "repayment:1", "repayment:2");
        await Expect(new() { Versions = DefinitionVersions.LatestAndPublished }, "job-survey:1");
        await Expect(new() { Versions = DefinitionVersions.Draft }, "repayment:2");
        await Expect(new() { Version = 1, DefinitionIds = ["repayment"] }, "repayment:1");
        await Expect(new() { Ids = ["repayment:2"] }, "repayment:2");
        await Expect(new() { SearchTerm = "SURVEY" }, "job-survey:1");

        var page = await Definitions(q => q.PageAsync(new() { DefinitionIds = ["repayment"] }, DefinitionOrder.Version, true, 0, 1, Cancel));
        Assert.Equal(("repayment:2", 2), (Assert.Single(page.Items).Id, page.TotalCount));
        Assert.Equal(3, await Definitions(q => q.CountAsync(new(), Cancel)));
    }

    protected static WorkflowInstance Row(
        string id, int minutes, string? tenant = "ombrelle", WorkflowSubStatus status = Suspended, bool running = false, int incidents = 0,
        string definition = "repayment", int version = 1, string? correlation = "advance", string? name = "Remboursement")
    {
        var isFinished = status is Finished || (status is Faulted && !running);
        return new()
        {
            Id = id,
            DefinitionId = definition,
            DefinitionVersionId = $"{definition}:{version}",
            DefinitionVersion = version,
            CorrelationId = correlation,
            Name = name,
            TenantId = tenant,
            ParentInstanceId = "parent",
            Status = isFinished ? WorkflowStatus.Finished : WorkflowStatus.Running,
            SubStatus = status,
            IncidentCount = incidents,
            State = [1, 2, 3],
            CreatedAt = Now.AddMinutes(minutes),
            UpdatedAt = Now.AddMinutes(100 + minutes),
            FinishedAt = isFinished ? Now.AddMinutes(200 + minutes) : null,
        };
    }

    protected Task AddAsync(params WorkflowInstance[] rows) => Database.WithDbAsync(async db =>
    {
        await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
        await new RowWriter(db).InsertAsync(rows, Cancel);
        await transaction.CommitAsync(Cancel);
        return rows.Length;
    });

    private static StoredDefinition Version(string definition, int version, bool latest, bool published, string name = "Remboursement") => new()
    {
        Id = $"{definition}:{version}",
        DefinitionId = definition,
        Version = version,
        Name = name,
        Json = "{}",
        IsLatest = latest,
        IsPublished = published,
        CreatedAt = Now,
    };

    private static InstanceMoment At(InstanceMomentColumn column, InstanceMomentOperator compared, int minutes) => new(column, compared, Now.AddMinutes(minutes));

    private static IEnumerable<string> Ids(InstancePage page) => page.Items.Select(i => i.Id);

    private async Task ExpectAsync(InstanceFilter filter, params string[] ids)
    {
        var page = await PageAsync(filter, 0, 10);
        Assert.Equal(ids, Ids(page));
        Assert.Equal(ids.Length, (await Queries(q => q.CountAsync(filter, Cancel))).Value);
    }

    private async Task<List<string>> FollowAsync(InstanceFilter filter, bool descending, int take)
    {
        var ids = new List<string>();
        string? cursor = null;
        do
        {
            var slice = await Queries(q => q.AfterAsync(filter, descending, cursor, take, Cancel));
            ids.AddRange(slice.Items.Select(i => i.Id));
            cursor = slice.Next;
        }
        while (cursor is not null);
        return ids;
    }

    private Task<InstancePage> PageAsync(InstanceFilter filter, int page, int size) =>
        Queries(q => q.PageAsync(filter, InstanceOrder.Created, descending: true, page, size, Cancel));

    private async Task<TResult> Queries<TResult>(Func<InstanceQueries, Task<TResult>> run)
    {
        await using var scope = Database.Scope();
        return await run(scope.ServiceProvider.GetRequiredService<InstanceQueries>());
    }

    private async Task<TResult> Definitions<TResult>(Func<DefinitionQueries, Task<TResult>> run)
    {
        await using var scope = Database.Scope();
        return await run(scope.ServiceProvider.GetRequiredService<DefinitionQueries>());
    }
}

public sealed class PostgreSqlInstanceQueriesTests(TestDatabases databases) : InstanceQueriesContract(databases, DatabaseProvider.PostgreSql);

public sealed class SqliteInstanceQueriesTests(TestDatabases databases) : InstanceQueriesContract(databases, DatabaseProvider.Sqlite);

#if SQLSERVER
public sealed class SqlServerInstanceQueriesTests(TestDatabases databases) : InstanceQueriesContract(databases, DatabaseProvider.SqlServer);
#endif
