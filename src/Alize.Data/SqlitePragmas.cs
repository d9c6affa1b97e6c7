using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Alize.Data;

/// <summary>
/// What SQLite keeps for one connection only and so must be told anew at each opening: sync to the disk at each commit, because a
/// signature that was confirmed must survive a power cut; patience while the one writer is at work; a log of up to 64 MB before it is
/// folded in, so that a page written again and again is folded in once. That the journal is a write-ahead log is kept in the file itself, see <see cref="DataServices.MigrateAsync"/>.
/// </summary>
internal sealed class SqlitePragmas : DbConnectionInterceptor
{
    public static readonly SqlitePragmas Instance = new();

    public const string Pragmas = "PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000; PRAGMA wal_autocheckpoint=16000;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
