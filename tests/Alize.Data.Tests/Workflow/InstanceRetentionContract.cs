using Alize.Data.Tasks;
using Alize.Data.Tests.Databases;
using Alize.Data.Workflow;
using Alize.Engine.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using static Alize.Data.Tests.Workflow.StoredSamples;

namespace Alize.Data.Tests.Workflow;

/// <summary>What retention deletes and what it leaves, the same on every database.</summary>
public abstract class InstanceRetentionContract(TestDatabases databases, DatabaseProvider provider) : DatabaseTests(databases, provider)
{
    private static readonly DateTime Today = Now.AddDays(500);

    [Fact]
    public async Task Ended_instances_go_by_age_and_state_and_running_ones_never()
    {
        await AddAsync(
            Ended("old", 0), Ended("young", 200), Ended("cancelled", 0, WorkflowSubStatus.Cancelled), Ended("faulted", 0, WorkflowSubStatus.Faulted), Instance("running"));

        Assert.Equal(2, await RunAsync(new() { Pause = TimeSpan.Zero }));

        Assert.Equal(["faulted", "running", "young"], await IdsAsync());
        Assert.Equal(1, await RunAsync(new() { Pause = TimeSpan.Zero, FinishedAfterDays = null, CancelledAfterDays = null, FaultedAfterDays = 400 }));
        Assert.Equal(["running", "young"], await IdsAsync());
        Assert.Equal(0, await RunAsync(new() { FinishedAfterDays = null, CancelledAfterDays = null }));
    }

    [Fact]
    public async Task What_went_is_noted_by_definition_and_end()
    {
        await AddAsync(Ended("a", 0), Ended("b", 10), Ended("c", 20, definition: "job-survey"));

        await RunAsync(new() { Pause = TimeSpan.Zero });

        var entries = await Database.WithDbAsync(db => db.RetentionEntries.OrderBy(e => e.DefinitionId).ToListAsync(Cancel));
        Assert.Equal(
            [("job-survey", 1, Now.AddDays(20), Now.AddDays(20)), ("repayment", 2, Now, Now.AddDays(10))],
            entries.Select(e => (e.DefinitionId, e.Count, e.Oldest, e.Newest)));
        Assert.All(entries, e => Assert.Equal((Today, "ombrelle", WorkflowSubStatus.Finished), (e.At, e.TenantId, e.SubStatus)));
    }

    [Fact]
    public async Task Everything_of_an_instance_goes_with_it_and_nothing_of_others()
    {
        await AddAsync(Ended("old", 0), Instance("running"));
        await Database.AddAsync(
            Bookmark("b1", "old"), Bookmark("b2", "running"), Timer("t1", "old", Now), Timer("t2", "running", Now), Message("s1", "old"), Message("s2", "running"),
            Pack("old"), Pack("running"));

        await RunAsync(new() { Pause = TimeSpan.Zero });

        Assert.Equal(["b2", "t2", "s2", "running"], await Database.WithDbAsync(async db => new[]
        {
            await db.Bookmarks.Select(b => b.Id).SingleAsync(Cancel), await db.Timers.Select(t => t.Id).SingleAsync(Cancel), await db.Stimuli.Select(s => s.Id).SingleAsync(Cancel),
            await db.JournalPacks.Select(p => p.InstanceId).SingleAsync(Cancel),
        }));
    }

    [Fact]
    public async Task What_a_running_parent_or_child_or_an_open_task_needs_stays()
    {
        await AddAsync(
            Instance("running"), Ended("child", 0, parent: "running"), Ended("parent", 0), Instance("child of parent", parent: "parent"),
            Ended("ended", 0), Ended("orphan", 1, parent: "ended"), Ended("asked", 2));
        var sample = new Sample();
        await Database.AddAsync(sample.TheProgramme, sample.ThePartner, sample.TheContact, Asked(sample, "asked", PartnerTaskState.Open), Asked(sample, "ended", PartnerTaskState.Answered));

        Assert.Equal(2, await RunAsync(new() { Pause = TimeSpan.Zero, BatchSize = 2 }));

        Assert.Equal(["asked", "child", "child of parent", "parent", "running"], await IdsAsync());
    }

    [Fact]
    public async Task Small_batches_come_to_the_end_for_every_programme()
    {
        await AddAsync([.. Enumerable.Range(0, 7).Select(n => Ended($"a{n}", 0)), .. Enumerable.Range(0, 5).Select(n => Ended($"b{n}", n, tenant: "parapluie")), Ended("nobodys", 0, tenant: null)]);

        Assert.Equal(13, await RunAsync(new() { Pause = TimeSpan.Zero, BatchSize = 3 }));

        Assert.Empty(await IdsAsync());
    }

    protected static WorkflowInstance Ended(
        string id, int days, WorkflowSubStatus status = WorkflowSubStatus.Finished, string? parent = null, string definition = "repayment", string? tenant = "ombrelle") => new()
        {
            Id = id,
            DefinitionId = definition,
            DefinitionVersionId = $"{definition}:1",
            DefinitionVersion = 1,
            TenantId = tenant,
            ParentInstanceId = parent,
            Status = WorkflowStatus.Finished,
            SubStatus = status,
            State = [],
            CreatedAt = Now,
            UpdatedAt = Now,
            FinishedAt = Now.AddDays(days),
        };

    private static Stimulus Message(string id, string instanceId) => new()
    {
        Id = id,
        Kind = StimulusKind.Deliver,
        InstanceId = instanceId,
        CreatedAt = Now,
        NotBefore = Now,
    };

    private static PartnerTask Asked(Sample sample, string instanceId, PartnerTaskState state) => new()
    {
        Id = Guid.NewGuid(),
        ProgrammeId = sample.TheProgramme.Id,
        StepKey = instanceId,
        InstanceId = instanceId,
        Kind = "form",
        Title = "Vérifier",
        Instructions = "…",
        Form = "[]",
        Outcomes = "[]",
        AssigneeContactId = sample.TheContact.Id,
        CreatedAt = Now,
        State = state,
    };

    protected Task AddAsync(params WorkflowInstance[] rows) => Database.WithDbAsync(async db =>
    {
        await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
        await new RowWriter(db).InsertAsync(rows, Cancel);
        await transaction.CommitAsync(Cancel);
        return rows.Length;
    });

    protected Task<List<string>> IdsAsync() => Database.WithDbAsync(async db => (await db.WorkflowInstances.Select(i => i.Id).ToListAsync(Cancel)).Order(StringComparer.Ordinal).ToList());

    protected async Task<int> RunAsync(RetentionOptions options)
    {
        await using var scope = Database.Scope();
        return await new InstanceRetention(
            scope.ServiceProvider.GetRequiredService<AlizeDb>(), scope.ServiceProvider.GetRequiredService<IWorkflowStore>(), Options.Create(options),
            new FakeTimeProvider(new DateTimeOffset(Today)), NullLogger<InstanceRetention>.Instance).RunAsync(Cancel);
    }
}

public sealed class PostgreSqlInstanceRetentionTests(TestDatabases databases) : InstanceRetentionContract(databases, DatabaseProvider.PostgreSql);

public sealed class SqliteInstanceRetentionTests(TestDatabases databases) : InstanceRetentionContract(databases, DatabaseProvider.Sqlite)
{
    [Fact]
    public async Task A_batch_that_fails_takes_neither_the_others_nor_the_host_with_it()
    {
        await AddAsync(Ended("a", 0), Ended("b", 1), Ended("c", 2));
        await Database.WithDbAsync(db => db.Database.ExecuteSqlRawAsync(
            "CREATE TRIGGER refuse BEFORE DELETE ON WorkflowInstances WHEN OLD.Id = 'b' BEGIN SELECT RAISE(ABORT, 'the disk does not answer'); END", Cancel));

        Assert.Equal(2, await RunAsync(new() { Pause = TimeSpan.Zero, BatchSize = 1 }));

        Assert.Equal(["b"], await IdsAsync());
        Assert.Equal(2, await Database.WithDbAsync(db => db.RetentionEntries.SumAsync(e => e.Count, Cancel)));
    }
}

#if SQLSERVER
public sealed class SqlServerInstanceRetentionTests(TestDatabases databases) : InstanceRetentionContract(databases, DatabaseProvider.SqlServer);
#endif
