using System.Data.Common;
using System.Net.Sockets;
using Alize.Data.Workflow;
using Alize.Engine.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Alize.Data;

/// <summary>Registration of the database, and its preparation at start.</summary>
public static class DataServices
{
    /// <summary>
    /// Adds the database of <see cref="DatabaseOptions"/> as a scoped <see cref="AlizeDb"/>, and the engine's store on it.
    /// </summary>
    public static IServiceCollection AddData(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DatabaseOptions>()
            .Bind(configuration.GetSection(DatabaseOptions.Section))
            .ValidateDataAnnotations()
            .ValidateOnStart();

        services.AddOptions<RetentionOptions>().Bind(configuration.GetSection(RetentionOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);

        // All three are known and one is asked for: the setting is read when it is needed, so that a host may still change it.
        services.AddDbContext<SqliteAlizeDb>(ApplyOptions, optionsLifetime: ServiceLifetime.Singleton);
        services.AddDbContext<PostgreSqlAlizeDb>(ApplyOptions, optionsLifetime: ServiceLifetime.Singleton);
        services.AddDbContext<SqlServerAlizeDb>(ApplyOptions, optionsLifetime: ServiceLifetime.Singleton);
        services.AddScoped<ScopeDb>();
        services.AddScoped<AlizeDb>(scope => scope.GetRequiredService<ScopeDb>().Value);
        services.AddSingleton<EngineConnections>();
        services.AddScoped<DefinitionQueries>();
        services.AddScoped<InstanceDeletion>();
        services.AddScoped<InstanceQueries>();
        services.AddScoped<InstanceRetention>();
        services.AddScoped<IWorkflowStore, EfWorkflowStore>();

        // Its keys are in the database, so that every process of the service reads what another has protected.
        services.AddDataProtection().SetApplicationName("Alize").PersistKeysToDbContext<AlizeDb>();
        return services;
    }

    /// <summary>Brings the database up to date, making it where there is none. To be called once at start.</summary>
    /// <exception cref="InvalidOperationException">The database cannot be reached or changed; the message says what to look at.</exception>
    public static async Task MigrateAsync(this IServiceProvider services, CancellationToken cancel)
    {
        await using var scope = services.CreateAsyncScope();
        var options = Options(scope.ServiceProvider);
        var db = scope.ServiceProvider.GetRequiredService<AlizeDb>().Database;
        try
        {
            if (options.Provider == DatabaseProvider.Sqlite)
            {
                // One process only uses the file: a lock found at start was left by one that was killed while it migrated, and
                // waiting for it would never end.
                await db.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL; DROP TABLE IF EXISTS \"__EFMigrationsLock\";", cancel);
            }

            // Where there is nothing to do, asking is a tenth of the work: migrating begins by building the model a second time, to compare.
            if ((await db.GetPendingMigrationsAsync(cancel)).Any()) await db.MigrateAsync(cancel);
        }
        catch (Exception failure) when (failure is DbException or SocketException or TimeoutException)
        {
            var connection = db.GetDbConnection();
            throw new InvalidOperationException(
                $"The {options.Provider} database '{connection.Database}' at '{connection.DataSource}' cannot be opened or brought up to date "
                + $"({failure.Message}): check Database:Provider and Database:ConnectionString, that the server runs and is reachable from here, "
                + "and that this account may create tables.", failure);
        }
    }

    private static DatabaseOptions Options(IServiceProvider services) => services.GetRequiredService<IOptions<DatabaseOptions>>().Value;

    private static void ApplyOptions(IServiceProvider services, DbContextOptionsBuilder context) => Options(services).Apply(context);
}
