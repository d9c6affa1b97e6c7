using System.Threading.Channels;
using Alize.Data;
using Alize.Data.Tests.Databases;
using Alize.Engine.Definitions;
using Alize.Engine.Runtime;
using Alize.Engine.Storage;
using Alize.Workflows.Deadlines;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

[assembly: AssemblyFixture(typeof(PostgreSqlServer))]

namespace Alize.Workflows.Tests.Deadlines;

/// <summary>What Hangfire is told of deadlines, with its real storage: a job within the hour, which those of a few seconds share, none left over, none twice.</summary>
public abstract class AlarmContract : IAsyncLifetime
{
    private const string Definition =
        """{"definitionId":"waits","name":"waits","root":{"id":"root","type":"Elsa.Sequence","version":1,"activities":[{"id":"wait","type":"Elsa.Delay","version":1,"timeSpan":{"typeName":"TimeSpan","expression":{"type":"Literal","value":"00:30:00"}}},{"id":"mark","type":"Test.Mark","version":1}]}}""";

    private readonly string folder = Directory.CreateTempSubdirectory("alize-alarms-").FullName;
    private ServiceProvider services = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private FakeTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow());

    private WorkflowRuntime Runtime => services.GetRequiredService<WorkflowRuntime>();

    private Alarms Jobs => services.GetRequiredService<Alarms>();

    public async ValueTask InitializeAsync()
    {
        services = await ServicesAsync();
        await services.MigrateAsync(Cancel);
        await services.GetRequiredService<DefinitionLoader>().LoadAsync("waits", Definition, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Npgsql.NpgsqlConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_deadline_that_the_start_and_its_own_burst_both_see_has_one_job_and_cancelled_none()
    {
        var (deadlines, job) = await StartAsync();
        using (deadlines)
        {
            await Runtime.CancelAsync("i", Cancel);

            // Changes are acted on in their order: a second job would have been made before this.
            Assert.Equal(("deleted", job), await Jobs.NextAsync());
            Assert.Equal(0, Scheduled());
            await deadlines.StopAsync(Cancel);
        }
    }

    [Fact]
    public async Task Deadlines_of_a_few_seconds_share_a_job_that_goes_with_the_last_of_them()
    {
        for (var n = 0; n < 3; n++)
            await Runtime.StartAsync(new StartWorkflow { DefinitionId = "waits", InstanceId = $"i{n}" }, Cancel);
        using var deadlines = services.GetRequiredService<HangfireDeadlines>();
        await deadlines.StartAsync(Cancel);
        var (_, job) = await Jobs.NextAsync();

        await Runtime.CancelAsync("i0", Cancel);
        await Runtime.CancelAsync("i1", Cancel);
        await Runtime.CancelAsync("i2", Cancel);

        Assert.Equal(("deleted", job), await Jobs.NextAsync());
        Assert.Equal((1, 0), (Jobs.Created, Scheduled()));
        await deadlines.StopAsync(Cancel);
    }

    [Fact]
    public async Task A_restart_adds_nothing()
    {
        var (deadlines, _) = await StartAsync();
        using (deadlines) await deadlines.StopAsync(Cancel);

        await services.DisposeAsync();
        services = await ServicesAsync();
        await services.StartDeadlinesAsync(Cancel);
        for (var sweep = 0; sweep < 2; sweep++)
        {
            await Runtime.RecoverAsync(Cancel);
            await services.GetRequiredService<HangfireDeadlines>().ExtendHorizonAsync(Cancel);
        }

        Assert.Equal(1, Scheduled());
    }

    [Fact]
    public async Task A_hundred_thousand_deadlines_beyond_the_horizon_have_no_job()
    {
        await AddTimersAsync(100_000, Time.GetUtcNow().UtcDateTime.AddDays(30));

        await services.GetRequiredService<HangfireDeadlines>().ExtendHorizonAsync(Cancel);
        Assert.Equal(0, await Runtime.SweepAsync(Cancel));

        Assert.Equal(0, Scheduled());
        Assert.Equal(0, Jobs.Created);
    }

    [Fact]
    public async Task A_backlog_drains_a_few_at_a_time_each_once_and_wakes_no_worker()
    {
        for (var n = 0; n < 120; n++)
            await Runtime.StartAsync(new StartWorkflow { DefinitionId = "waits", InstanceId = $"i{n}" }, Cancel);
        Time.Advance(TimeSpan.FromHours(5));

        Assert.Equal(120, await Runtime.RecoverAsync(Cancel));
        await services.GetRequiredService<HangfireDeadlines>().ExtendHorizonAsync(Cancel);

        Assert.Equal((0, 0), (Jobs.Created, Scheduled()));
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AlizeDb>();
        Assert.Equal(120, await db.WorkflowInstances.CountAsync(i => i.SubStatus == WorkflowSubStatus.Finished, Cancel));
        Assert.Equal(0, await db.Timers.CountAsync(Cancel));
    }

    [Theory]
    [InlineData("at once")]
    [InlineData("from the schedule")]
    [InlineData("by its recurrence")]
    public async Task Servers_that_do_not_answer_hold_up_no_deadline(string enqueued)
    {
        await Runtime.StartAsync(new StartWorkflow { DefinitionId = "waits", InstanceId = "i" }, Cancel);
        Time.Advance(TimeSpan.FromHours(1));
        using var work = Serve(DeadlineServers.Work, out var workers);
        using var deadlines = Serve(DeadlineServers.Deadlines, out _);
        using var slow = services.GetRequiredService<SlowServer>();
        for (var n = 0; n < workers; n++) Jobs.Enqueue<SlowServer>(server => server.AnswerAsync(CancellationToken.None));
        for (var n = 0; n < workers; n++) await slow.AskedAsync(Cancel);

        switch (enqueued)
        {
            case "at once":
                await services.GetRequiredService<HangfireDeadlines>().ExtendHorizonAsync(Cancel);
                break;
            case "from the schedule":
                var now = Time.GetUtcNow().UtcDateTime;
                Jobs.Schedule<DeadlineJobs>(job => job.WatchAsync(now, "", CancellationToken.None), TimeSpan.Zero);
                break;
            default:
                var recurring = services.GetRequiredService<IRecurringJobManager>();
                RecurringJobs.Register(recurring);
                recurring.Trigger("sweep");
                break;
        }

        Assert.Equal("i", await services.GetRequiredService<Marked>().NextAsync(Cancel));
    }

    [Fact]
    public async Task A_deadline_that_an_older_version_left_in_the_queue_of_all_jobs_is_fired()
    {
        await Runtime.StartAsync(new StartWorkflow { DefinitionId = "waits", InstanceId = "i" }, Cancel);
        Time.Advance(TimeSpan.FromHours(1));
        var (storage, now) = (services.GetRequiredService<JobStorage>(), Time.GetUtcNow().UtcDateTime);

        // Without the attributes of the method, as they were.
        new BackgroundJobClient(storage, new JobFilterCollection()).Enqueue<DeadlineJobs>(job => job.WatchAsync(now, "", CancellationToken.None));
        Assert.Equal(1, storage.GetMonitoringApi().EnqueuedCount(EnqueuedState.DefaultQueue));
        using var work = Serve(DeadlineServers.Work, out _);
        using var deadlines = Serve(DeadlineServers.Deadlines, out _);

        Assert.Equal("i", await services.GetRequiredService<Marked>().NextAsync(Cancel));
    }

    protected abstract Task<IEnumerable<KeyValuePair<string, string?>>> DatabaseAsync(string directory, CancellationToken cancel);

    private async Task<ServiceProvider> ServicesAsync()
    {
        KeyValuePair<string, string?>[] settings = [.. await DatabaseAsync(folder, Cancel), new("Mail:Directory", folder)];
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var made = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(Time)
            .AddData(configuration).AddWorkflows(configuration).AddDeadlines()
            .AddSingleton<Alarms>().AddSingleton<IBackgroundJobClient>(provider => provider.GetRequiredService<Alarms>())
            .AddSingleton<Marked>().AddSingleton<SlowServer>()
            .BuildServiceProvider(validateScopes: true);
        made.GetRequiredService<ActivityRegistry>().Add<Mark>();
        return made;
    }

    /// <summary>A server as the program has it, but for what Hangfire keeps for the whole process.</summary>
    private BackgroundJobServer Serve(Action<BackgroundJobServerOptions> settings, out int workers)
    {
        var options = new BackgroundJobServerOptions { Activator = new FromServices(services) };
        settings(options);
        workers = options.WorkerCount;
        return new(options, services.GetRequiredService<JobStorage>());
    }

    /// <summary>
    /// An instance whose burst was committed before the host ran: the start finds its deadline, then comes what the burst said of it.
    /// </summary>
    private async Task<(HangfireDeadlines Deadlines, string Job)> StartAsync()
    {
        await Runtime.StartAsync(new StartWorkflow { DefinitionId = "waits", InstanceId = "i" }, Cancel);
        var deadlines = services.GetRequiredService<HangfireDeadlines>();
        await deadlines.StartAsync(Cancel);
        var (what, job) = await Jobs.NextAsync();
        Assert.Equal("created", what);
        return (deadlines, job);
    }

    private int Scheduled() => (int)services.GetRequiredService<JobStorage>().GetMonitoringApi().ScheduledCount();

    private async Task AddTimersAsync(int count, DateTime due)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AlizeDb>();
        foreach (var some in Enumerable.Range(0, count).Chunk(5_000))
        {
            db.Timers.AddRange(some.Select(n => new StoredTimer { Id = $"t{n}", InstanceId = $"i{n}", ActivityInstanceId = $"i{n}:1", DueAt = due.AddSeconds(n) }));
            await db.SaveChangesAsync(Cancel);
            db.ChangeTracker.Clear();
        }
    }

    private sealed class FromServices(IServiceProvider services) : JobActivator
    {
        public override object ActivateJob(Type jobType) => services.GetRequiredService(jobType);
    }

    /// <summary>Hangfire's own client, and what passed through it.</summary>
    private sealed class Alarms(JobStorage storage) : IBackgroundJobClient
    {
        private readonly BackgroundJobClient client = new(storage);
        private readonly Channel<(string What, string Id)> seen = Channel.CreateUnbounded<(string, string)>();

        public int Created { get; private set; }

        public ValueTask<(string What, string Id)> NextAsync() => seen.Reader.ReadAsync(Cancel);

        public string Create(Job job, IState state)
        {
            Created++;
            var id = client.Create(job, state);
            seen.Writer.TryWrite(("created", id));
            return id;
        }

        public bool ChangeState(string jobId, IState state, string expectedState)
        {
            var changed = client.ChangeState(jobId, state, expectedState);
            seen.Writer.TryWrite((state is DeletedState ? "deleted" : state.Name, jobId));
            return changed;
        }
    }
}

/// <summary>Somebody's server that answers when it is disposed of: a job that asks it keeps its worker.</summary>
public sealed class SlowServer : IDisposable
{
    private readonly Channel<bool> asked = Channel.CreateUnbounded<bool>();
    private readonly TaskCompletionSource answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task AnswerAsync(CancellationToken cancel)
    {
        asked.Writer.TryWrite(true);
        return answer.Task.WaitAsync(cancel);
    }

    public Task AskedAsync(CancellationToken cancel) => asked.Reader.ReadAsync(cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(30), cancel);

    public void Dispose() => answer.TrySetResult();
}

public sealed class InMemoryAlarmTests : AlarmContract
{
    protected override Task<IEnumerable<KeyValuePair<string, string?>>> DatabaseAsync(string directory, CancellationToken cancel) =>
        Task.FromResult<IEnumerable<KeyValuePair<string, string?>>>([new("Database:DataDirectory", directory)]);
}

public sealed class PostgreSqlAlarmTests(PostgreSqlServer server) : AlarmContract
{
    private readonly string database = $"alarms_{Guid.NewGuid():N}";

    protected override async Task<IEnumerable<KeyValuePair<string, string?>>> DatabaseAsync(string directory, CancellationToken cancel) =>
        [new("Database:Provider", "PostgreSql"), new("Database:ConnectionString", await server.ConnectionStringAsync(database, cancel))];
}
