using Alize.Data;
using Alize.Engine.Activities;
using Alize.Engine.Definitions;
using Alize.Engine.Runtime;
using Alize.Engine.Storage;
using Alize.Workflows.Deadlines;
using Alize.Workflows.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Alize.Workflows.Tests.Deadlines;

/// <summary>What the watch and the sweep leave to whom.</summary>
public sealed class DeadlineJobsTests : IAsyncLifetime
{
    private const string Waits =
        """{"definitionId":"waits","name":"waits","root":{"id":"root","type":"Elsa.Sequence","version":1,"activities":[{"id":"wait","type":"Elsa.Delay","version":1,"timeSpan":{"typeName":"TimeSpan","expression":{"type":"Literal","value":"00:30:00"}}}]}}""";

    private const string Hangs =
        """{"definitionId":"hangs","name":"hangs","root":{"id":"root","type":"Elsa.Sequence","version":1,"activities":[{"id":"hang","type":"Test.Hang","version":1}]}}""";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("alize-deadlines-");
    private readonly Hurried time = new();
    private ServiceProvider services = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private WorkflowRuntime Runtime => services.GetRequiredService<WorkflowRuntime>();

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    public async ValueTask InitializeAsync()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Database:DataDirectory", folder.FullName), new("Mail:Directory", folder.FullName)]).Build();
        services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(time).AddSingleton<Hung>()
            .AddData(configuration).AddWorkflows(configuration).AddDeadlines()
            .Configure<EngineOptions>(engine => engine.PauseBeforeSuspects = TimeSpan.Zero)
            .BuildServiceProvider(validateScopes: true);
        services.GetRequiredService<ActivityRegistry>().Add<Hang>();
        await services.MigrateAsync(Cancel);
        await services.GetRequiredService<DefinitionLoader>().LoadAsync("waits", Waits, Cancel);
        await services.GetRequiredService<DefinitionLoader>().LoadAsync("hangs", Hangs, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_suspect_that_takes_its_time_holds_up_neither_deadlines_nor_the_horizon()
    {
        await StartAsync("due");
        await using (var scope = services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<AlizeDb>();
            var left = Stimuli.Start("hangs", "suspect", null, null, null, null, time.GetUtcNow());
            left.Crashes = 1;
            db.Stimuli.Add(left);
            await db.SaveChangesAsync(Cancel);
        }

        var (jobs, hung) = (services.GetRequiredService<DeadlineJobs>(), services.GetRequiredService<Hung>());
        var sweep = jobs.SweepAsync(Cancel);
        await hung.Begun.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        time.Advance(TimeSpan.FromMinutes(30));
        await StartAsync("next");
        await jobs.SweepAsync(Cancel);

        Assert.Equal(WorkflowSubStatus.Finished, await StatusAsync("due"));
        await using (var scope = services.CreateAsyncScope())
            Assert.NotNull((await scope.ServiceProvider.GetRequiredService<AlizeDb>().Timers.SingleAsync(t => t.InstanceId == "next", Cancel)).JobId);

        hung.Release.SetResult();
        await sweep;
        Assert.Equal(WorkflowSubStatus.Finished, await StatusAsync("suspect"));
    }

    [Fact]
    public async Task A_deadline_between_the_last_look_and_the_end_of_the_watch_is_fired_by_the_watch()
    {
        await StartAsync("i");
        var due = Now.AddMinutes(30);
        time.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromMilliseconds(1));

        // The look finds nothing, and takes until the end itself.
        var jobs = Jobs(afterTheFirstLook: _ => time.Advance(TimeSpan.FromMilliseconds(2)));
        await jobs.WatchAsync(due.AddMilliseconds(1), "", Cancel);

        Assert.Equal(WorkflowSubStatus.Finished, await StatusAsync("i"));
    }

    [Fact]
    public async Task Who_asks_for_a_look_while_the_last_one_ends_is_given_another()
    {
        await StartAsync("i");

        // A burst that took its time to commit: its deadline has passed, and the look did not see it.
        Task asked = null!;
        DeadlineJobs jobs = null!;
        jobs = Jobs(afterTheFirstLook: db =>
        {
            db.Timers.ExecuteUpdate(set => set.SetProperty(t => t.DueAt, Now.AddSeconds(-1)));
            asked = jobs.WatchAsync(Now, "", Cancel);
        });
        await jobs.WatchAsync(Now, "", Cancel);

        Assert.True(asked.IsCompletedSuccessfully);
        Assert.Equal(WorkflowSubStatus.Finished, await StatusAsync("i"));
    }

    private DeadlineJobs Jobs(Action<AlizeDb> afterTheFirstLook) =>
        new(Runtime, new Between(services.GetRequiredService<IServiceScopeFactory>(), afterTheFirstLook), services.GetRequiredService<ReadInbox>(), time);

    private Task<RunResult> StartAsync(string instanceId) => Runtime.StartAsync(new StartWorkflow { DefinitionId = "waits", InstanceId = instanceId }, Cancel);

    private async Task<WorkflowSubStatus> StatusAsync(string instanceId)
    {
        await using var scope = services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<IWorkflowStore>().FindInstanceAsync(instanceId, Cancel))!.SubStatus;
    }

    /// <summary>A clock on which whoever waits is woken at once, at the moment waited for.</summary>
    private sealed class Hurried() : FakeTimeProvider(new(2026, 11, 26, 8, 0, 0, TimeSpan.Zero))
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime > TimeSpan.Zero) Advance(dueTime);
            return timer;
        }
    }

    /// <summary>Does something once when the jobs ask for a scope of their own, which is between two looks.</summary>
    private sealed class Between(IServiceScopeFactory scopes, Action<AlizeDb> act) : IServiceScopeFactory
    {
        private int isDone;

        public IServiceScope CreateScope()
        {
            var scope = scopes.CreateScope();
            if (Interlocked.Exchange(ref isDone, 1) == 0) act(scope.ServiceProvider.GetRequiredService<AlizeDb>());
            return scope;
        }
    }
}

/// <summary>A step under way, until it is released.</summary>
public sealed class Hung
{
    public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

[Activity("Test", "Test", "Takes until it is released.")]
public sealed class Hang : Activity
{
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var hung = context.GetRequiredService<Hung>();
        hung.Begun.TrySetResult();
        await hung.Release.Task.WaitAsync(context.CancellationToken);
        await context.CompleteActivityAsync();
    }
}
