using System.Data.Common;
using Alize.Data;
using Alize.Data.Tests.Databases;
using Alize.Engine;
using Alize.Engine.Definitions;
using Alize.Engine.Runtime;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Alize.Benchmarks;

/// <summary>An empty database with the engine on it, as durable as in service: SQLite syncs at each commit, PostgreSQL too.</summary>
internal sealed class BenchmarkDatabase : IAsyncDisposable
{
    private readonly string? directory;
    private readonly PostgreSqlServer? server;

    private BenchmarkDatabase(DatabaseProvider provider, string connectionString, string? directory, PostgreSqlServer? server)
    {
        (Provider, ConnectionString, this.directory, this.server) = (provider, connectionString, directory, server);
        Settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Provider"] = provider.ToString(),
            ["Database:ConnectionString"] = connectionString,
        }).Build();
        Services = new ServiceCollection().AddLogging().AddData(Settings).AddEngine().BuildServiceProvider(validateScopes: true);
    }

    public DatabaseProvider Provider { get; }

    public string ConnectionString { get; }

    public IConfiguration Settings { get; }

    public ServiceProvider Services { get; }

    public WorkflowRuntime Runtime => Services.GetRequiredService<WorkflowRuntime>();

    public static async Task<BenchmarkDatabase> NewAsync(DatabaseProvider provider)
    {
        var directory = provider == DatabaseProvider.Sqlite ? Directory.CreateTempSubdirectory("alize-benchmark-").FullName : null;
        var server = directory is null ? new PostgreSqlServer { IsDurable = true } : null;
        if (server is not null)
        {
            await using var first = new NpgsqlConnection(await server.ConnectionStringAsync("postgres", CancellationToken.None));
            await first.OpenAsync();
            await using var create = new NpgsqlCommand("DROP DATABASE IF EXISTS alize_benchmark WITH (FORCE)", first);
            await create.ExecuteNonQueryAsync();
            create.CommandText = "CREATE DATABASE alize_benchmark";
            await create.ExecuteNonQueryAsync();
        }

        var database = new BenchmarkDatabase(
            provider,
            server is null ? $"Data Source={Path.Combine(directory!, "alize.db")}" : await server.ConnectionStringAsync("alize_benchmark", CancellationToken.None),
            directory, server);
        await database.Services.MigrateAsync(CancellationToken.None);
        return database;
    }

    public Task PublishAsync(string definitionId, string json) =>
        Services.GetRequiredService<DefinitionLoader>().LoadAsync(definitionId, json, CancellationToken.None);

    public async Task<TResult> WithDbAsync<TResult>(Func<AlizeDb, Task<TResult>> read)
    {
        await using var scope = Services.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<AlizeDb>());
    }

    /// <summary>A connection that nobody else uses, with the same durability.</summary>
    public async Task<DbConnection> ConnectAsync()
    {
        DbConnection connection = Provider == DatabaseProvider.Sqlite
            ? new SqliteConnection(ConnectionString + ";Pooling=False")
            : new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        if (Provider == DatabaseProvider.Sqlite) await ExecuteAsync(connection, "PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000;");
        return connection;
    }

    /// <summary>Bytes on disk for the engine's rows, once what is only waiting to be tidied is: the log folded in, dead rows given back for use.</summary>
    public async Task<long> BytesAsync()
    {
        await using var connection = await ConnectAsync();
        await ExecuteAsync(connection, Provider == DatabaseProvider.Sqlite ? "PRAGMA wal_checkpoint(TRUNCATE)" : "VACUUM");
        await using var command = connection.CreateCommand();
        command.CommandText = Provider == DatabaseProvider.Sqlite
            ? "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            : """SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class WHERE relkind = 'r' AND relname LIKE 'Workflow%'""";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public static async Task ExecuteAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        SqliteConnection.ClearAllPools();
        NpgsqlConnection.ClearAllPools();
        if (server is not null) await server.DisposeAsync();
        if (directory is not null) Directory.Delete(directory, recursive: true);
    }
}
