using Alize.Data;
using Alize.Data.Tests.Databases;
using Alize.Engine.Definitions;
using Alize.Workflows;
using Alize.Workflows.Demo.Years;
using Alize.Workflows.Mail;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Alize.Simulation.Tests;

/// <summary>The service with its real definitions, steps, outbox and database; only the clock is a fake.</summary>
public sealed class StoryHost : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("alize-years-").FullName;
    private readonly PostgreSqlServer? server;
    private readonly ServiceProvider services;

    private StoryHost(PostgreSqlServer? server, string? connectionString, DateOnly firstDay)
    {
        this.server = server;
        Time = new(new DateTimeOffset(firstDay, new TimeOnly(7, 0), TimeSpan.Zero));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Provider"] = connectionString is null ? "Sqlite" : "PostgreSql",
            ["Database:ConnectionString"] = connectionString,
            ["Database:DataDirectory"] = folder,
            ["Mail:Directory"] = Path.Combine(folder, "mail"),
        }).Build();
        services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton<IConfiguration>(configuration)
            .AddData(configuration)
            .AddWorkflows(configuration)
            .BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true });
        World = new(services, moment =>
        {
            if (moment > Time.GetUtcNow()) Time.SetUtcNow(moment);
        });
    }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public FakeTimeProvider Time { get; }

    public YearsWorld World { get; }

    /// <summary>A service on an empty database on the day the convention is signed.</summary>
    public static async Task<StoryHost> StartAsync(YearsPlan plan, bool onPostgreSql)
    {
        var server = onPostgreSql ? new PostgreSqlServer() : null;
        var host = new StoryHost(server, server is null ? null : await CreateAsync(server), plan.SignedOn);
        await host.services.MigrateAsync(Cancel);
        await host.services.GetRequiredService<DefinitionLoader>().LoadAsync(Path.Combine(AppContext.BaseDirectory, "workflows"), Cancel);
        return host;
    }

    public Task<YearsStory> FoundAsync(YearsPlan plan) => YearsStory.FoundAsync(
        World, plan, services.GetRequiredService<DevelopmentMailbox>(), line => TestContext.Current.SendDiagnosticMessage(line), Cancel);

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        NpgsqlConnection.ClearAllPools();
        if (server is not null) await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<string> CreateAsync(PostgreSqlServer server)
    {
        var name = $"alize_years_{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(await server.ConnectionStringAsync("postgres", Cancel));
        await connection.OpenAsync(Cancel);
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await create.ExecuteNonQueryAsync(Cancel);
        return await server.ConnectionStringAsync(name, Cancel);
    }
}
