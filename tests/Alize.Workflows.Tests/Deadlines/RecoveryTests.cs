using System.Reflection;
using System.Threading.Channels;
using Alize.Data;
using Alize.Engine.Activities;
using Alize.Engine.Definitions;
using Alize.Engine.Runtime;
using Alize.Workflows.Deadlines;
using Hangfire;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Alize.Workflows.Tests.Deadlines;

public sealed class RecoveryTests
{
    private const string Definition =
        """{"definitionId":"left","name":"left","root":{"id":"root","type":"Elsa.Sequence","version":1,"activities":[{"id":"mark","type":"Test.Mark","version":1}]}}""";

    [Fact]
    public async Task What_a_killed_process_left_undone_is_taken_up_at_start_without_any_sweep()
    {
        var folder = Directory.CreateTempSubdirectory("alize-recovery-");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Database:DataDirectory", folder.FullName), new("Mail:Directory", folder.FullName)]).Build();
        var marked = new Marked();
        await using (var services = new ServiceCollection().AddLogging().AddSingleton(marked).AddData(configuration).AddWorkflows(configuration).AddDeadlines().BuildServiceProvider(validateScopes: true))
        {
            services.GetRequiredService<ActivityRegistry>().Add<Mark>();
            await services.MigrateAsync(TestContext.Current.CancellationToken);
            await services.GetRequiredService<DefinitionLoader>().LoadAsync("left", Definition, TestContext.Current.CancellationToken);
            await using (var scope = services.CreateAsyncScope())
            {
                var db = scope.ServiceProvider.GetRequiredService<AlizeDb>();
                db.Stimuli.Add(Stimuli.Start("left", "left1", null, null, null, null, TimeProvider.System.GetUtcNow()));
                await db.SaveChangesAsync(TestContext.Current.CancellationToken);
            }

            using var deadlines = services.GetRequiredService<HangfireDeadlines>();
            await deadlines.StartAsync(TestContext.Current.CancellationToken);
            Assert.Equal("left1", await marked.NextAsync(TestContext.Current.CancellationToken));
            await deadlines.StopAsync(TestContext.Current.CancellationToken);
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    [Fact]
    public void No_recurring_job_takes_a_lock_that_outlives_a_killed_process() =>
        Assert.DoesNotContain(typeof(DeadlineJobs).GetMethods(), m => m.GetCustomAttribute<DisableConcurrentExecutionAttribute>() is not null);
}

/// <summary>The instances whose step ran.</summary>
public sealed class Marked
{
    private readonly Channel<string> instances = Channel.CreateUnbounded<string>();

    public Task<string> NextAsync(CancellationToken cancel) => instances.Reader.ReadAsync(cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(30), cancel);

    internal void Add(string instanceId) => instances.Writer.TryWrite(instanceId);
}

[Activity("Test", "Test", "Says that it ran.")]
public sealed class Mark : CodeActivity
{
    protected override void Execute(ActivityExecutionContext context) => context.GetRequiredService<Marked>().Add(context.WorkflowExecutionContext.Id);
}
