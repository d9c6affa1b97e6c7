using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Alize.Data.Workflow;

/// <summary>What each database says when two writers meet.</summary>
internal static class Collision
{
    /// <summary>A row with this key is there already.</summary>
    public static bool IsDuplicate(Exception failure) => Cause(failure) switch
    {
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.UniqueViolation,
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode is 1555 or 2067,   // SQLITE_CONSTRAINT_PRIMARYKEY, _UNIQUE
        SqlException server => server.Number is 2601 or 2627,                       // unique index, unique or primary key
        _ => false,
    };

    /// <summary>The database ended one of two transactions that waited for each other: the same again will do.</summary>
    public static bool IsDeadlock(Exception failure) => Cause(failure) switch
    {
        PostgresException postgres => postgres.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure,
        SqlException server => server.Number == 1205,
        _ => false,
    };

    // SaveChanges wraps what the database said, and Npgsql's execution strategy wraps that again.
    private static DbException? Cause(Exception? failure) => failure is null or DbException ? failure as DbException : Cause(failure.InnerException);
}
