using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Alize.Data;

/// <summary>
/// A database of its own in this process's memory, for trying something out on a copy of some rows: it has no way back to where the
/// rows came from, nothing of it is ever on a disk, and it is gone when it is disposed.
/// </summary>
public sealed class PrivateCopy : IAsyncDisposable
{
    // The database lives as long as a connection to it is open.
    private readonly SqliteConnection keeper;

    private PrivateCopy(string connectionString) => keeper = new(connectionString);

    /// <summary>As <see cref="DatabaseOptions.ConnectionString"/> of <see cref="DatabaseProvider.Sqlite"/>.</summary>
    public string ConnectionString => keeper.ConnectionString;

    /// <summary>Makes an empty one, without tables.</summary>
    public static async Task<PrivateCopy> OpenAsync(CancellationToken cancel)
    {
        // A pooled connection would keep the database after its end.
        var copy = new PrivateCopy($"Data Source=file:/alize-{Guid.NewGuid():N}?vfs=memdb;Pooling=False");
        await copy.keeper.OpenAsync(cancel);
        return copy;
    }

    /// <summary>
    /// Makes the tables, by one connection alone: of a database in memory nobody reads while somebody writes, and migrations look at it
    /// by two.
    /// </summary>
    public async Task MakeTablesAsync(AlizeDb into, CancellationToken cancel)
    {
        Check(into);
        await into.GetService<IRelationalDatabaseCreator>().CreateTablesAsync(cancel);
    }

    /// <summary>
    /// Takes rows over as they are, with all that belongs to them: nothing is numbered anew, and rows they refer to may be left out.
    /// </summary>
    /// <param name="rows">The rows, each with its parts.</param>
    /// <param name="into">A context on this copy.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="InvalidOperationException">The context is on another database.</exception>
    public async Task TakeAsync(IEnumerable<object> rows, AlizeDb into, CancellationToken cancel)
    {
        Check(into);
        await into.Database.OpenConnectionAsync(cancel);
        try
        {
            await into.Database.ExecuteSqlRawAsync("PRAGMA foreign_keys=OFF;", cancel);
            into.AddRange(rows);
            await into.SaveCopiedAsync(cancel);
            into.ChangeTracker.Clear();
        }
        finally
        {
            await into.Database.CloseConnectionAsync();
        }
    }

    private void Check(AlizeDb into)
    {
        ArgumentNullException.ThrowIfNull(into);
        if (new SqliteConnectionStringBuilder(into.Database.GetConnectionString()).DataSource != new SqliteConnectionStringBuilder(keeper.ConnectionString).DataSource)
            throw new InvalidOperationException("Only the private copy itself is written to; this context is on another database.");
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => keeper.DisposeAsync();
}
