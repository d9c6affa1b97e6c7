using Alize.Data;
using Alize.Engine.Activities;
using Alize.Engine.Definitions;
using Alize.Engine.Runtime;
using Alize.Engine.Storage;
using Alize.Workflows.Deadlines;
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
    private readonly FakeTimeProvider time = new(new(2026, 11, 26, 8, 0, 0, TimeSpan.Zero));
    private ServiceProvider services = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private WorkflowRuntime Runtime => services.GetRequiredService<WorkflowRuntime>();

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

    private Task<RunResult> StartAsync(string instanceId) => Runtime.StartAsync(new StartWorkflow { DefinitionId = "waits", InstanceId = instanceId }, Cancel);

    private async Task<WorkflowSubStatus> StatusAsync(string instanceId)
    {
        await using var scope = services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<IWorkflowStore>().FindInstanceAsync(instanceId, Cancel))!.SubStatus;
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
