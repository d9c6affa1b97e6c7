using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Alize.Data.Workflow;

/// <summary>
/// A connection that keeps its statements prepared and speaks to SQLite itself: a command of the provider costs as much as what it runs,
/// since it looks for each parameter by its name and makes a reader for each insert. Values are stored as the provider stores them, so
/// that both read what the other wrote. For one thread at a time.
/// </summary>
internal sealed class PreparedSqlite : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly Dictionary<object, sqlite3_stmt> prepared = [];

    public PreparedSqlite(string connectionString)
    {
        connection = new SqliteConnection(connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = SqlitePragmas.Pragmas;
        command.ExecuteNonQuery();
    }

    /// <summary>Runs a statement without values.</summary>
    public void Execute(string sql) => Run(Prepared(sql, sql));

    /// <summary>Runs a statement; returns the rows it met.</summary>
    public int Execute(Statement statement)
    {
        Run(Filled(statement));
        return raw.sqlite3_changes(connection.Handle);
    }

    /// <summary>The first column of the first row; null when there is none.</summary>
    public string? Scalar(Statement statement)
    {
        var filled = Filled(statement);
        try
        {
            return Step(filled) ? new SqliteRow(filled).GetString(0) : null;
        }
        finally
        {
            raw.sqlite3_reset(filled);
        }
    }

    public List<TRow> Read<TRow>(Statement statement, RowPlan plan)
    {
        var filled = Filled(statement);
        var rows = new List<TRow>();
        try
        {
            var row = new SqliteRow(filled);
            while (Step(filled)) rows.Add(plan.Read<TRow>(row));
            return rows;
        }
        finally
        {
            raw.sqlite3_reset(filled);
        }
    }

    public void Dispose()
    {
        foreach (var statement in prepared.Values) statement.Dispose();
        connection.Dispose();
    }

    private void Run(sqlite3_stmt statement)
    {
        try
        {
            while (Step(statement))
            {
            }
        }
        finally
        {
            raw.sqlite3_reset(statement);
        }
    }

    /// <summary>Whether there is a row.</summary>
    private bool Step(sqlite3_stmt statement)
    {
        var code = raw.sqlite3_step(statement);
        if (code is not (raw.SQLITE_ROW or raw.SQLITE_DONE)) SqliteException.ThrowExceptionForRC(code, connection.Handle);
        return code == raw.SQLITE_ROW;
    }

    private sqlite3_stmt Filled(Statement statement)
    {
        var filled = Prepared(statement.Sql, statement.Sql.Plain);
        for (var i = 0; i < statement.Columns.Count; i++) Check(Bind(filled, i + 1, statement.Columns[i].Stored(statement.Values[i])));
        return filled;
    }

    private sqlite3_stmt Prepared(object key, string sql)
    {
        if (prepared.TryGetValue(key, out var known)) return known;
        Check(raw.sqlite3_prepare_v3(connection.Handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement));
        return prepared[key] = statement;
    }

    private static int Bind(sqlite3_stmt statement, int place, object value) => value switch
    {
        DBNull => raw.sqlite3_bind_null(statement, place),
        string text => BindText(statement, place, text),
        DateTime moment => BindMoment(statement, place, moment),
        bool yes => raw.sqlite3_bind_int(statement, place, yes ? 1 : 0),
        int number => raw.sqlite3_bind_int(statement, place, number),
        long number => raw.sqlite3_bind_int64(statement, place, number),
        byte[] { Length: 0 } => raw.sqlite3_bind_zeroblob(statement, place, 0),   // an empty span would be taken for null
        byte[] bytes => raw.sqlite3_bind_blob(statement, place, bytes),
        _ => throw new NotSupportedException($"A burst writes no {value.GetType().Name} yet; say here how SQLite stores it."),
    };

    private static int BindText(sqlite3_stmt statement, int place, string text)
    {
        Span<byte> room = stackalloc byte[512];
        return Encoding.UTF8.TryGetBytes(text, room, out var length)
            ? raw.sqlite3_bind_text(statement, place, room[..length])
            : raw.sqlite3_bind_text(statement, place, Encoding.UTF8.GetBytes(text));
    }

    private static int BindMoment(sqlite3_stmt statement, int place, DateTime moment)
    {
        Span<byte> room = stackalloc byte[32];
        moment.TryFormat(room, out var length, @"yyyy\-MM\-dd HH\:mm\:ss.FFFFFFF", CultureInfo.InvariantCulture);
        return raw.sqlite3_bind_text(statement, place, room[..length]);
    }

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK) SqliteException.ThrowExceptionForRC(code, connection.Handle);
    }
}

/// <summary>The row a statement stands at. The names are those of a provider's reader: <see cref="RowPlan"/> reads from either.</summary>
internal sealed class SqliteRow(sqlite3_stmt statement)
{
    public bool IsDBNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public string GetString(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    public int GetInt32(int column) => raw.sqlite3_column_int(statement, column);

    public long GetInt64(int column) => raw.sqlite3_column_int64(statement, column);

    public bool GetBoolean(int column) => raw.sqlite3_column_int(statement, column) != 0;

    public DateTime GetDateTime(int column) => DateTime.Parse(GetString(column), CultureInfo.InvariantCulture);

    public TValue GetFieldValue<TValue>(int column) => typeof(TValue) == typeof(byte[])
        ? (TValue)(object)raw.sqlite3_column_blob(statement, column).ToArray()
        : throw new NotSupportedException($"A burst reads no {typeof(TValue).Name} yet; say here how SQLite stores it.");
}
