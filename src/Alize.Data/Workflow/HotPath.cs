using System.Data.Common;
using Alize.Engine.Storage;

namespace Alize.Data.Workflow;

/// <summary>
/// The way of a burst that changes nothing but the engine's rows: connections of its own with prepared statements, one read, one
/// write, no context. What such a burst changed is committed when the call returns, as by the context's transaction.
/// </summary>
internal abstract class HotPath : IAsyncDisposable
{
    /// <summary>Id of a definition's published version; null when there is none.</summary>
    public abstract ValueTask<string?> PublishedVersionAsync(EngineStatements statements, string definitionId, CancellationToken cancel);

    /// <summary>An instance; null when there is none.</summary>
    public abstract ValueTask<WorkflowInstance?> FindInstanceAsync(EngineStatements statements, string instanceId, CancellationToken cancel);

    /// <summary>Commits a burst, or nothing; returns what waited already for its new bookmarks.</summary>
    /// <param name="statements">The texts.</param>
    /// <param name="burst">What to commit.</param>
    /// <param name="loaded">The instance's row as it was loaded, see <see cref="EngineStatements.Changeable"/>; null where nobody knows.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="StaleInstanceException">See <see cref="IWorkflowStore.CommitAsync"/>.</exception>
    public async Task<IReadOnlyList<Stimulus>> CommitAsync(EngineStatements statements, Burst burst, object?[]? loaded, CancellationToken cancel)
    {
        var loadedRevision = burst.Instance.Revision;
        burst.Instance.Revision = loadedRevision + 1;
        try
        {
            var early = await WriteAsync(new(burst, [.. statements.Take(burst, loadedRevision, loaded), .. statements.Give(burst)], statements), cancel);
            return [.. early.OrderBy(s => s.CreatedAt).ThenBy(s => s.Id, StringComparer.Ordinal)];
        }
        catch
        {
            burst.Instance.Revision = loadedRevision;
            throw;
        }
    }

    public abstract ValueTask DisposeAsync();

    /// <summary>Writes it all, or nothing; returns what waited already, in any order.</summary>
    protected abstract Task<IReadOnlyList<Stimulus>> WriteAsync(BurstWrite write, CancellationToken cancel);
}

/// <summary>A burst on its way into the database.</summary>
internal sealed record BurstWrite(Burst Burst, IReadOnlyList<Statement> Statements, EngineStatements Texts)
{
    /// <summary>Reads what waits already for the burst's new bookmarks, a statement for each thing awaited.</summary>
    public IEnumerable<Statement> SelectEarly() => Burst.AwaitedHashes.Distinct().Select(Texts.SelectStimuli);

    public StaleInstanceException Stale(string what) => new(Burst.Instance.Id, what);

    /// <summary>What a failure of one statement means for the burst: that it should be run again, or nothing known.</summary>
    public StaleInstanceException? Stale(Statement statement, Exception failure) => failure switch
    {
        _ when Texts.IsStart(statement) && Collision.IsDuplicate(failure) => Stale("it was started already, or another instance claims the same for itself alone"),
        _ when Collision.IsDeadlock(failure) => Stale("the database chose it to end a deadlock"),
        _ => null,
    };

    /// <summary>Runs the statements one by one on a connection and a transaction that somebody else ends.</summary>
    public async Task RunAsync(IEnumerable<Statement> statements, DbConnection connection, DbTransaction transaction, CancellationToken cancel)
    {
        foreach (var statement in statements)
        {
            await using var command = Command(statement, connection, transaction);
            try
            {
                if (await command.ExecuteNonQueryAsync(cancel) == 0 && statement.Lost is { } lost) throw Stale(lost);
            }
            catch (DbException failure) when (Stale(statement, failure) is { } stale)
            {
                throw stale;
            }
        }
    }

    /// <summary>A statement as a command of any database.</summary>
    public static DbCommand Command(Statement statement, DbConnection connection, DbTransaction? transaction)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = statement.Sql.Plain;
        for (var i = 0; i < statement.Columns.Count; i++) command.Parameters.Add(statement.Columns[i].Parameter(command, $"@p{i}", statement.Values[i]));
        return command;
    }
}
