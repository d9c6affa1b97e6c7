using System.Globalization;
using Alize.Data;
using Alize.Data.Tests.Databases;
using Alize.Workflows.Tests.Mail;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Alize.Crash.Tests;

/// <summary>Pull the plug at any moment: nothing is lost, nothing happens twice.</summary>
public abstract class CrashTests
{
    private protected static async Task RunAsync(DatabaseProvider provider, string connectionString, int kills, int processes)
    {
        var plan = new CrashPlan(provider, connectionString, Number("ALIZE_CRASH_KILLS") ?? kills, processes, Number("ALIZE_CRASH_SEED") ?? Random.Shared.Next());
        await using var mailServer = new SmtpServer();
        await mailServer.StartAsync();
        await using var run = new CrashRun(plan, mailServer);
        try
        {
            Say(await run.RunAsync(TestContext.Current.CancellationToken));
        }
        catch
        {
            Say(run.Said);
            throw;
        }
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static void Say(string text)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(text);
        Console.WriteLine(text);
    }
}

public sealed class SqliteCrashTests : CrashTests
{
    [Fact]
    public async Task Nothing_is_lost_or_done_twice_when_the_process_is_killed_at_any_moment()
    {
        var directory = Directory.CreateTempSubdirectory("alize-crash-");
        try
        {
            await RunAsync(DatabaseProvider.Sqlite, $"Data Source={Path.Combine(directory.FullName, "alize.db")}", kills: 40, processes: 1);
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            directory.Delete(recursive: true);
        }
    }
}

public sealed class PostgreSqlCrashTests : CrashTests
{
    [Theory]
    [InlineData(10, 1)]
    [InlineData(10, 2)]
    public async Task Nothing_is_lost_or_done_twice_when_one_of_the_processes_is_killed_at_any_moment(int kills, int processes)
    {
        await using var server = new PostgreSqlServer();
        var connectionString = await server.ConnectionStringAsync($"alize_crash_{processes}", TestContext.Current.CancellationToken);
        await CreateAsync(await server.ConnectionStringAsync("postgres", TestContext.Current.CancellationToken), $"alize_crash_{processes}");
        try
        {
            await RunAsync(DatabaseProvider.PostgreSql, connectionString, kills, processes);
        }
        finally
        {
            NpgsqlConnection.ClearAllPools();
        }
    }

    internal static async Task CreateAsync(string connectionString, string database)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        foreach (var statement in new[] { $"DROP DATABASE IF EXISTS {database} WITH (FORCE)", $"CREATE DATABASE {database}" })
        {
            await using var command = source.CreateCommand(statement);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }
}
