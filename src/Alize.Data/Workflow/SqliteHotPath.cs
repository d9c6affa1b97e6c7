using System.Collections.Concurrent;
using Alize.Engine.Storage;
using Microsoft.Data.Sqlite;

namespace Alize.Data.Workflow;

/// <summary>
/// One writing connection, and a reading one for each reader at a time. Bursts that come while the disk is busy are committed
/// together by the next sync: each has a savepoint of its own, so that one that is stale leaves its neighbours alone, and none
/// is told that it is safe before all are.
/// </summary>
internal sealed class SqliteHotPath(string connectionString, SqliteWriters writers) : HotPath
{
    // More would make the first of them wait for the last.
    private const int MostInAGroup = 64;

    private readonly string connectionString = new SqliteConnectionStringBuilder(connectionString) { Pooling = false }.ToString();
    private readonly ConcurrentStack<PreparedSqlite> readers = [];   // the last one back is the first one out: its pages are the newest
    private readonly Lock gate = new();
    private readonly Lock writing = new();
    private readonly Queue<Waiting> waiting = new();
    private PreparedSqlite? writer;
    private bool isWriting;

    public override ValueTask<string?> PublishedVersionAsync(EngineStatements statements, string definitionId, CancellationToken cancel) =>
        new(Read(reader => reader.Scalar(statements.SelectPublished(definitionId)), cancel));

    public override ValueTask<WorkflowInstance?> FindInstanceAsync(EngineStatements statements, string instanceId, CancellationToken cancel) =>
        new(Read(reader => reader.Read<WorkflowInstance>(statements.SelectInstance(instanceId), statements.Instances), cancel) is [var instance] ? instance : null);

    public override async ValueTask DisposeAsync()
    {
        using var turn = await writers.TurnAsync(CancellationToken.None);
        lock (writing) writer?.Dispose();
        while (readers.TryPop(out var reader)) reader.Dispose();
    }

    protected override async Task<IReadOnlyList<Stimulus>> WriteAsync(BurstWrite write, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var mine = new Waiting(write);
        bool leads;
        lock (gate)
        {
            waiting.Enqueue(mine);
            leads = !isWriting;
            isWriting = true;
        }

        // Who finds nobody writing writes for all that have come meanwhile, once; the rest is taken over by a thread of its own.
        if (leads) await WriteGroupAsync();
        return await mine.Committed.Task;
    }

    private TResult Read<TResult>(Func<PreparedSqlite, TResult> read, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();

        // The writer, where it is idle, has what it wrote itself still at hand; any other connection has to fetch it anew.
        if (writing.TryEnter())
        {
            try
            {
                return read(writer ??= new(connectionString));
            }
            finally
            {
                writing.Exit();
            }
        }

        if (!readers.TryPop(out var reader)) reader = new(connectionString);
        try
        {
            return read(reader);
        }
        finally
        {
            readers.Push(reader);
        }
    }

    private async Task WriteGroupAsync()
    {
        var group = new List<Waiting>();
        try
        {
            using var turn = await writers.TurnAsync(CancellationToken.None);
            lock (gate)
                while (group.Count < MostInAGroup && waiting.TryDequeue(out var next)) group.Add(next);
            Write(group);
        }
        catch (Exception failure)
        {
            foreach (var one in group) one.Committed.TrySetException(failure);
        }

        lock (gate)
        {
            if (waiting.Count == 0)
            {
                isWriting = false;
                return;
            }
        }

        _ = Task.Run(WriteGroupAsync);
    }

    private void Write(List<Waiting> group)
    {
        lock (writing) Commit(group);
        foreach (var one in group)
        {
            if (one.Failure is { } failure) one.Committed.TrySetException(failure);
            else one.Committed.TrySetResult(one.Early);
        }
    }

    private void Commit(List<Waiting> group)
    {
        writer ??= new(connectionString);
        writer.Execute("BEGIN IMMEDIATE");
        try
        {
            foreach (var one in group) WriteOne(writer, one, apart: group.Count > 1);

            // Before the commit is early enough: who sends a message after it finds the bookmark.
            foreach (var one in group.Where(o => o.Failure is null))
                one.Early = [.. one.Write.SelectEarly().SelectMany(select => writer.Read<Stimulus>(select, one.Write.Texts.Stimuli))];
            writer.Execute("COMMIT");
        }
        catch
        {
            // A connection whose transaction may still be open is of no more use.
            writer.Dispose();
            writer = null;
            throw;
        }
    }

    private static void WriteOne(PreparedSqlite writer, Waiting one, bool apart)
    {
        if (apart) writer.Execute("SAVEPOINT burst");
        try
        {
            foreach (var statement in one.Write.Statements)
            {
                try
                {
                    if (writer.Execute(statement) == 0 && statement.Lost is { } lost) throw one.Write.Stale(lost);
                }
                catch (SqliteException failure) when (one.Write.Stale(statement, failure) is { } stale)
                {
                    throw stale;
                }
            }
        }
        catch (Exception failure) when (apart || failure is StaleInstanceException)
        {
            one.Failure = failure;

            // Alone, the transaction is undone as a whole; of several, what this one wrote. Some failures have ended the transaction
            // already: then this fails, and with it the group.
            writer.Execute(apart ? "ROLLBACK TO burst" : "ROLLBACK");
            if (!apart) writer.Execute("BEGIN IMMEDIATE");
        }

        if (apart) writer.Execute("RELEASE burst");
    }

    private sealed class Waiting(BurstWrite write)
    {
        public BurstWrite Write { get; } = write;

        public Exception? Failure { get; set; }

        public IReadOnlyList<Stimulus> Early { get; set; } = [];

        // The writer goes on at once, and does not do the work of whom it tells.
        public TaskCompletionSource<IReadOnlyList<Stimulus>> Committed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
