using System.ComponentModel.DataAnnotations;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Alize.Data.Workflow;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace Alize.Data;

/// <summary>Which database the service runs on.</summary>
public enum DatabaseProvider
{
    /// <summary>A file beside the app; one machine.</summary>
    Sqlite,

    /// <summary>PostgreSQL 13 or later; several nodes.</summary>
    PostgreSql,

    /// <summary>SQL Server 2019 or later; several nodes.</summary>
    SqlServer,
}

/// <summary>Where the service keeps what it knows.</summary>
public sealed class DatabaseOptions : IValidatableObject
{
    public const string Section = "Database";

    private const string DefaultSqlite = "Data Source=alize.db";

    /// <summary>Which database. Default <see cref="DatabaseProvider.Sqlite"/>.</summary>
    [EnumDataType(typeof(DatabaseProvider))]
    public DatabaseProvider Provider { get; init; } = DatabaseProvider.Sqlite;

    /// <summary>
    /// How to reach it. Default for SQLite <c>Data Source=alize.db</c>; needed for the others, e.g.
    /// <c>Host=db;Database=alize;Username=alize;Password=…</c>.
    /// </summary>
    public string ConnectionString { get; init; } = "";

    /// <summary>Where a SQLite file named by a relative path lies; made when missing. Default <c>data</c> beside the program.</summary>
    public string DataDirectory { get; init; } = Path.Combine(AppContext.BaseDirectory, "data");

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Provider != DatabaseProvider.Sqlite && string.IsNullOrWhiteSpace(ConnectionString))
            yield return new($"Database:Provider is {Provider}, but Database:ConnectionString is empty; say where the server is.", [nameof(ConnectionString)]);
        if (Provider == DatabaseProvider.Sqlite && string.IsNullOrWhiteSpace(DataDirectory))
            yield return new("Database:DataDirectory is empty; name a directory for the SQLite file or leave the setting out.", [nameof(DataDirectory)]);
        if (Misread() is { } why)
            yield return new($"Database:ConnectionString cannot be read as one for {Provider}: {why}", [nameof(ConnectionString)]);
    }

    /// <summary>Points a context at the database.</summary>
    internal void Apply(DbContextOptionsBuilder context)
    {
        // Lists sort in one place; to count the first ten thousand of something needs no order.
        context.ConfigureWarnings(warnings => warnings.Ignore(CoreEventId.RowLimitingOperationWithoutOrderByWarning));
        switch (Provider)
        {
            case DatabaseProvider.Sqlite: ApplySqlite(context); break;
            case DatabaseProvider.PostgreSql: ApplyPostgreSql(context); break;
            case DatabaseProvider.SqlServer: ApplySqlServer(context); break;
            default: throw new InvalidOperationException($"Database:Provider '{Provider}' is not known; use Sqlite, PostgreSql or SqlServer.");
        }
    }

    // A method for each database, so that the libraries of the others are not even loaded. Lists of an aggregate are loaded by one query
    // each: joined in one, they would multiply.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ApplySqlite(DbContextOptionsBuilder context) => context
        .UseSqlite(SqliteConnectionString(), o => o.UseQuerySplittingBehavior(QuerySplittingBehavior.SplitQuery))
        .ReplaceService<IMigrationsSqlGenerator, SqliteTables>()
        .AddInterceptors(SqlitePragmas.Instance);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ApplyPostgreSql(DbContextOptionsBuilder context) =>
        context.UseNpgsql(ConnectionString, o => o.UseQuerySplittingBehavior(QuerySplittingBehavior.SplitQuery));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ApplySqlServer(DbContextOptionsBuilder context) =>
        context.UseSqlServer(ConnectionString, o => o.UseQuerySplittingBehavior(QuerySplittingBehavior.SplitQuery));

    private string? Misread()
    {
        try
        {
            _ = Provider switch
            {
                DatabaseProvider.PostgreSql => PostgreSql(),
                DatabaseProvider.SqlServer => SqlServer(),
                _ => new SqliteConnectionStringBuilder(ConnectionString),
            };
            return null;
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or KeyNotFoundException)
        {
            return failure.Message;
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        DbConnectionStringBuilder PostgreSql() => new NpgsqlConnectionStringBuilder(ConnectionString);

        [MethodImpl(MethodImplOptions.NoInlining)]
        DbConnectionStringBuilder SqlServer() => new SqlConnectionStringBuilder(ConnectionString);
    }

    /// <summary>The engine's own connections to the database; null for a SQLite database in memory, which only its own connection sees.</summary>
    internal HotPath? HotPath(SqliteWriters writers) => Provider switch
    {
        DatabaseProvider.PostgreSql => new PostgreSqlHotPath(ConnectionString),
        DatabaseProvider.SqlServer => new SqlServerHotPath(ConnectionString),
        _ when IsFile(Sqlite()) => new SqliteHotPath(SqliteConnectionString(), writers),
        _ => null,
    };

    private static bool IsFile(SqliteConnectionStringBuilder connection) =>
        connection.Mode != SqliteOpenMode.Memory && connection.DataSource is not "" and not ":memory:"
        && !connection.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase);

    private SqliteConnectionStringBuilder Sqlite() => new(string.IsNullOrWhiteSpace(ConnectionString) ? DefaultSqlite : ConnectionString) { ForeignKeys = true };

    private string SqliteConnectionString()
    {
        var connection = Sqlite();
        if (IsFile(connection))
        {
            connection.DataSource = Path.GetFullPath(connection.DataSource, Path.GetFullPath(DataDirectory));
            Directory.CreateDirectory(Path.GetDirectoryName(connection.DataSource)!);
        }

        return connection.ToString();
    }
}
