using Alize.Data.Tests.Databases;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

[assembly: AssemblyFixture(typeof(TestDatabases))]

namespace Alize.Data.Tests.Databases;

/// <summary>Real databases for tests: each test gets an empty one, copied from one that was migrated once.</summary>
public sealed class TestDatabases : IAsyncLifetime
{
    private readonly string directory = Directory.CreateTempSubdirectory("alize-data-").FullName;
    private readonly PostgreSqlServer postgreSql = new();
    private readonly SemaphoreSlim gate = new(1);
    private readonly HashSet<DatabaseProvider> migrated = [];
    private int count;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async Task<TestDatabase> NewAsync(DatabaseProvider provider, CancellationToken cancel)
    {
        await gate.WaitAsync(cancel);
        try
        {
            if (provider == DatabaseProvider.SqlServer) return await NewOnSqlServerAsync($"alize_test_{++count}", cancel);
            if (!migrated.Contains(provider))
            {
                await using var template = new TestDatabase(provider, await ConnectionStringAsync(provider, "template", cancel));
                await template.Services.MigrateAsync(cancel);
                migrated.Add(provider);
            }

            var name = $"copy{++count}";
            var connectionString = await ConnectionStringAsync(provider, name, cancel);
            if (provider == DatabaseProvider.Sqlite) CopyFile(name);
            else await CopyDatabaseAsync(name, cancel);
            return new(provider, connectionString);
        }
        finally
        {
            gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        NpgsqlConnection.ClearAllPools();
        await postgreSql.DisposeAsync();
        gate.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    /// <summary>On the server that ALIZE_TEST_SQLSERVER names, where its account may make and drop databases.</summary>
    private static async Task<TestDatabase> NewOnSqlServerAsync(string name, CancellationToken cancel)
    {
        var server = Environment.GetEnvironmentVariable("ALIZE_TEST_SQLSERVER")
            ?? throw new InvalidOperationException("ALIZE_TEST_SQLSERVER is not set: it is the connection string of a SQL Server for tests.");
        var database = new TestDatabase(DatabaseProvider.SqlServer, new SqlConnectionStringBuilder(server) { InitialCatalog = name }.ToString());
        await database.WithDbAsync(db => db.Database.EnsureDeletedAsync(cancel));
        await database.Services.MigrateAsync(cancel);
        return database;
    }

    private async Task<string> ConnectionStringAsync(DatabaseProvider provider, string name, CancellationToken cancel) =>
        provider == DatabaseProvider.Sqlite
            ? $"Data Source={Path.Combine(directory, name + ".db")}"
            : await postgreSql.ConnectionStringAsync("alize_test_" + name, cancel);

    private void CopyFile(string name)
    {
        // Closing the last connection folds the write-ahead log into the file.
        SqliteConnection.ClearAllPools();
        File.Copy(Path.Combine(directory, "template.db"), Path.Combine(directory, name + ".db"));
    }

    private async Task CopyDatabaseAsync(string name, CancellationToken cancel)
    {
        NpgsqlConnection.ClearAllPools();
        await using var connection = new NpgsqlConnection(await postgreSql.ConnectionStringAsync("postgres", cancel));
        await connection.OpenAsync(cancel);
        string[] statements =
        [
            $"DROP DATABASE IF EXISTS alize_test_{name} WITH (FORCE)",
            $"CREATE DATABASE alize_test_{name} TEMPLATE alize_test_template",
        ];
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(cancel);
        }
    }
}

/// <summary>One database with the services that the program registers for it.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    public TestDatabase(DatabaseProvider provider, string connectionString)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Database:Provider"] = provider.ToString(),
            ["Database:ConnectionString"] = connectionString,
        };
        Services = new ServiceCollection()
            .AddData(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .BuildServiceProvider(validateScopes: true);
    }

    public ServiceProvider Services { get; }

    public AsyncServiceScope Scope() => Services.CreateAsyncScope();

    /// <summary>Runs something in a context of its own.</summary>
    public async Task<TResult> WithDbAsync<TResult>(Func<AlizeDb, Task<TResult>> run)
    {
        await using var scope = Scope();
        return await run(scope.ServiceProvider.GetRequiredService<AlizeDb>());
    }

    /// <summary>Adds rows in a context of their own.</summary>
    public Task<int> AddAsync(params object[] rows) => WithDbAsync(db =>
    {
        db.AddRange(rows);
        return db.SaveChangesAsync(TestContext.Current.CancellationToken);
    });

    public ValueTask DisposeAsync() => Services.DisposeAsync();
}

/// <summary>A test class whose tests have an empty database each.</summary>
public abstract class DatabaseTests(TestDatabases databases, DatabaseProvider provider) : IAsyncLifetime
{
    private TestDatabase? database;

    protected TestDatabase Database => database ?? throw new InvalidOperationException("The database is made by InitializeAsync, which has not run.");

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => database = await databases.NewAsync(provider, Cancel);

    public async ValueTask DisposeAsync()
    {
        if (database is not null) await database.DisposeAsync();
    }
}
