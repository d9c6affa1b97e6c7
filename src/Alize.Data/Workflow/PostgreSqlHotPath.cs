using System.Collections.Concurrent;
using System.Data;
using Alize.Engine.Storage;
using Npgsql;

namespace Alize.Data.Workflow;

/// <summary>
/// One round trip to read and one to write. A batch is one transaction of itself, committed by its last statement; what has to be
/// met and is not makes its statement fail, and with it the batch, without asking back. Concurrent commits share the server's syncs.
/// The connection given back last is taken first: the pool goes round all it has, and so every burst would meet a process of the server
/// that has forgotten what it knew.
/// </summary>
internal sealed class PostgreSqlHotPath : HotPath
{
    // Never run; Npgsql makes parameters without one, the mapping does not.
    private static readonly NpgsqlCommand Maker = new();

    // Kept here between two bursts; the others go back to the pool, which closes them in time.
    private const int MostAtHand = 8;

    private readonly NpgsqlDataSource database;
    private readonly ConcurrentStack<NpgsqlConnection> atHand = [];
    private readonly int mostAtHand;

    public PostgreSqlHotPath(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,               // nothing here changes the session
            IncludeFailedBatchedCommand = true,   // says which statement met nothing
        };
        database = NpgsqlDataSource.Create(settings);
        mostAtHand = Math.Min(MostAtHand, settings.MaxPoolSize / 2);   // who waits at the pool is to be served as well
    }

    public override async ValueTask<string?> PublishedVersionAsync(EngineStatements statements, string definitionId, CancellationToken cancel)
    {
        await using var held = await TakeAsync(cancel);
        await using var command = Select(held.Connection, statements.SelectPublished(definitionId));
        return await command.ExecuteScalarAsync(cancel) as string;
    }

    public override async ValueTask<WorkflowInstance?> FindInstanceAsync(EngineStatements statements, string instanceId, CancellationToken cancel)
    {
        await using var held = await TakeAsync(cancel);
        await using var command = Select(held.Connection, statements.SelectInstance(instanceId));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? statements.Instances.Read<WorkflowInstance>(reader) : null;
    }

    public override async ValueTask DisposeAsync()
    {
        await ForgetAsync();
        await database.DisposeAsync();
    }

    protected override async Task<IReadOnlyList<Stimulus>> WriteAsync(BurstWrite write, CancellationToken cancel)
    {
        await using var held = await TakeAsync(cancel);
        await using var batch = held.Connection.CreateBatch();
        foreach (var statement in write.Statements) batch.BatchCommands.Add(Command(statement));

        // Committed here. What follows is read after the commit: whoever sends a message meanwhile finds the bookmark, or is found.
        batch.BatchCommands[^1].AppendErrorBarrier = true;
        foreach (var select in write.SelectEarly()) batch.BatchCommands.Add(Command(select));
        try
        {
            await using var reader = await batch.ExecuteReaderAsync(cancel);
            foreach (var statement in write.Statements)
                if (statement.Sql.Guarded is not null) await reader.NextResultAsync(cancel);
            var stimuli = new List<Stimulus>();
            do
            {
                while (await reader.ReadAsync(cancel)) stimuli.Add(write.Texts.Stimuli.Read<Stimulus>(reader));
            }
            while (await reader.NextResultAsync(cancel));
            return stimuli;
        }
        catch (PostgresException failure) when (Stale(write, batch, failure) is { } stale)
        {
            throw stale;
        }
    }

    private static StaleInstanceException? Stale(BurstWrite write, NpgsqlBatch batch, PostgresException failure)
    {
        var place = failure.BatchCommand is { } command ? batch.BatchCommands.IndexOf((NpgsqlBatchCommand)command) : -1;
        if (place < 0 || place >= write.Statements.Count) return null;
        var statement = write.Statements[place];
        return failure.SqlState == PostgresErrorCodes.DivisionByZero && statement.Lost is { } lost ? write.Stale(lost) : write.Stale(statement, failure);
    }

    private async ValueTask<Held> TakeAsync(CancellationToken cancel) =>
        new(this, atHand.TryPop(out var connection) ? connection : await database.OpenConnectionAsync(cancel));

    private async ValueTask GiveBackAsync(NpgsqlConnection connection)
    {
        if (connection.State == ConnectionState.Open && atHand.Count < mostAtHand)
        {
            atHand.Push(connection);
            return;
        }

        // Where one is broken the server was away, and the others are too: each of them would fail another burst.
        if (connection.State != ConnectionState.Open) await ForgetAsync();
        await connection.DisposeAsync();
    }

    private async ValueTask ForgetAsync()
    {
        while (atHand.TryPop(out var connection)) await connection.DisposeAsync();
    }

    private static NpgsqlCommand Select(NpgsqlConnection connection, Statement statement)
    {
        var command = new NpgsqlCommand(statement.Sql.Numbered, connection);
        Fill(command.Parameters, statement);
        return command;
    }

    private static NpgsqlBatchCommand Command(Statement statement)
    {
        var command = new NpgsqlBatchCommand(statement.Sql.Numbered);
        Fill(command.Parameters, statement);
        return command;
    }

    private static void Fill(NpgsqlParameterCollection parameters, Statement statement)
    {
        for (var i = 0; i < statement.Columns.Count; i++) parameters.Add(statement.Columns[i].Parameter(Maker, "", statement.Values[i]));
    }

    /// <summary>A connection, given back at the end.</summary>
    private readonly struct Held(PostgreSqlHotPath path, NpgsqlConnection connection) : IAsyncDisposable
    {
        public NpgsqlConnection Connection => connection;

        public ValueTask DisposeAsync() => path.GiveBackAsync(connection);
    }
}
