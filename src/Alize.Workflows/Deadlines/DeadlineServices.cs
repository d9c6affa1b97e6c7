using System.Runtime.CompilerServices;
using Alize.Data;
using Alize.Engine.Storage;
using Hangfire;
using Hangfire.InMemory;
using Hangfire.PostgreSql;
using Hangfire.SqlServer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Alize.Workflows.Deadlines;

public static class DeadlineServices
{
    /// <summary>Hangfire with the storage that matches the database, and what it wakes.</summary>
    public static IServiceCollection AddDeadlines(this IServiceCollection services)
    {
        services.AddSingleton<JobStorage>(provider =>
        {
            var database = provider.GetRequiredService<IOptions<DatabaseOptions>>().Value;
            return database.Provider switch
            {
                DatabaseProvider.PostgreSql => OnPostgreSql(database.ConnectionString),
                DatabaseProvider.SqlServer => OnSqlServer(database.ConnectionString),
                _ => new InMemoryStorage(),
            };
        });
        services.AddSingleton<IBackgroundJobClient>(provider => new BackgroundJobClient(provider.GetRequiredService<JobStorage>()));
        services.AddSingleton<IRecurringJobManager>(provider => new RecurringJobManager(provider.GetRequiredService<JobStorage>()));
        services.AddSingleton<DeadlineJobs>();
        services.AddSingleton<HangfireDeadlines>();
        services.AddSingleton<IWakeups>(provider => provider.GetRequiredService<HangfireDeadlines>());
        services.AddHostedService(provider => provider.GetRequiredService<HangfireDeadlines>());
        return services;
    }

    /// <summary>
    /// At start: forgets the jobs of a storage that did not survive the restart. Timers themselves
    /// are rows: what was left by a process that was killed is taken up as soon as the host runs, see <see cref="HangfireDeadlines"/>.
    /// </summary>
    public static async Task StartDeadlinesAsync(this IServiceProvider services, CancellationToken cancel)
    {
        await using var scope = services.CreateAsyncScope();
        if (scope.ServiceProvider.GetRequiredService<JobStorage>() is InMemoryStorage)
            await scope.ServiceProvider.GetRequiredService<IWorkflowStore>().ForgetTimerJobsAsync(cancel);
    }

    // Methods of their own: the library of a storage that is not used is not loaded.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SqlServerStorage OnSqlServer(string connectionString) => new(connectionString);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static PostgreSqlStorage OnPostgreSql(string connectionString)
    {
        // Sliding invisibility keeps a long job from running twice; the defaults poll every 15 s, which is late for a deadline.
        var options = new PostgreSqlStorageOptions
        {
            UseSlidingInvisibilityTimeout = true,
            InvisibilityTimeout = TimeSpan.FromMinutes(1),
            QueuePollInterval = TimeSpan.FromSeconds(1),

            // Hangfire's own locks are rows that outlive a killed process; it holds them for milliseconds and waits 15 s for them. Its
            // default is 10 minutes, in which nothing scheduled or recurring would run.
            DistributedLockTimeout = TimeSpan.FromSeconds(10),
            JobExpirationCheckInterval = TimeSpan.FromMinutes(30),
        };
        return new(new Hangfire.PostgreSql.Factories.NpgsqlConnectionFactory(connectionString, options), options);
    }
}
