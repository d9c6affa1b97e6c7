using Alize.Engine.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Alize.Data.Tests;

public sealed class DataServicesTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("alize-services-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Without_settings_the_database_is_a_SQLite_file_in_the_data_directory()
    {
        var data = Path.Combine(directory, "not", "there", "yet");
        await using var services = Services(("DataDirectory", data));

        await services.MigrateAsync(Cancel);
        await services.MigrateAsync(Cancel);

        Assert.True(File.Exists(Path.Combine(data, "alize.db")));
        await using var scope = services.CreateAsyncScope();
        Assert.Same(scope.ServiceProvider.GetRequiredService<SqliteAlizeDb>(), scope.ServiceProvider.GetRequiredService<AlizeDb>());
        Assert.NotNull(scope.ServiceProvider.GetRequiredService<IWorkflowStore>());
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "data"), new DatabaseOptions().DataDirectory);
    }

    [Theory]
    [InlineData("journal_mode", "wal")]
    [InlineData("synchronous", "2")]
    [InlineData("foreign_keys", "1")]
    [InlineData("busy_timeout", "30000")]
    public async Task SQLite_is_told_to_keep_what_it_confirms(string pragma, string value)
    {
        await using var services = Services(("DataDirectory", directory));
        await services.MigrateAsync(Cancel);
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AlizeDb>();
        await db.Database.OpenConnectionAsync(Cancel);
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"PRAGMA {pragma}";

        Assert.Equal(value, $"{await command.ExecuteScalarAsync(Cancel)}");
    }

    [Fact]
    public async Task A_migration_that_was_killed_does_not_keep_the_next_start_waiting()
    {
        await using var services = Services(("DataDirectory", directory));
        await services.MigrateAsync(Cancel);
        await using (var scope = services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<AlizeDb>().Database.ExecuteSqlRawAsync(
                """
                CREATE TABLE IF NOT EXISTS "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL);
                INSERT OR IGNORE INTO "__EFMigrationsLock" VALUES (1, '2026-03-02 09:30:00');
                """,
                Cancel);
        }

        await services.MigrateAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    [Fact]
    public async Task A_server_without_a_connection_string_is_refused_with_a_sentence()
    {
        await using var services = Services(("Provider", "SqlServer"));

        var refused = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<DatabaseOptions>>().Value);

        Assert.Contains("Database:ConnectionString is empty", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sqlite", "Data Sourze=alize.db")]
    [InlineData("PostgreSql", "Hostt=db")]
    [InlineData("SqlServer", "nonsense")]
    public async Task A_connection_string_for_something_else_is_refused_with_a_sentence(string provider, string connectionString)
    {
        await using var services = Services(("Provider", provider), ("ConnectionString", connectionString));

        var refused = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<DatabaseOptions>>().Value);

        Assert.Contains($"Database:ConnectionString cannot be read as one for {provider}", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PostgreSql", typeof(PostgreSqlAlizeDb))]
    [InlineData("SqlServer", typeof(SqlServerAlizeDb))]
    public async Task The_provider_chooses_the_context(string provider, Type context)
    {
        await using var services = Services(("Provider", provider), ("ConnectionString", "Server=nowhere"));
        await using var scope = services.CreateAsyncScope();

        Assert.IsType(context, scope.ServiceProvider.GetRequiredService<AlizeDb>());
    }

    [Theory]
    [InlineData("127.0.0.1")]         // nobody listens on port 9 of this machine
    [InlineData("nowhere.invalid")]   // a name that never exists (RFC 2606)
    public async Task A_database_out_of_reach_says_what_to_look_at_and_no_password(string host)
    {
        await using var services = Services(
            ("Provider", "PostgreSql"), ("ConnectionString", $"Host={host};Port=9;Database=alize;Username=alize;Password=secret;Timeout=2"));

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => services.MigrateAsync(Cancel));

        Assert.StartsWith("The PostgreSql database 'alize'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("check Database:Provider and Database:ConnectionString", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_opened_says_what_to_look_at()
    {
        await using var services = Services(("ConnectionString", $"Data Source={directory}"));

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => services.MigrateAsync(Cancel));

        Assert.StartsWith("The Sqlite database", failure.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Services(params (string Name, string Value)[] settings) => new ServiceCollection()
        .AddData(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(s => $"Database:{s.Name}", s => (string?)s.Value))
            .Build())
        .BuildServiceProvider(validateScopes: true);
}
