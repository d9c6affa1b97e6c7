namespace Alize.Data.Workflow;

/// <summary>
/// SQLite has one writer. Whoever is about to write waits here for its turn, in order, instead of asking the file again and again;
/// who does not come by here (a page's own SaveChanges) is kept apart by the file's lock as before.
/// </summary>
internal sealed class SqliteWriters : IDisposable
{
    // As long as a connection waits for the file's lock. Then that lock decides.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim turn = new(1, 1);

    /// <summary>Waits for the turn, which ends when the result is disposed; null when it did not come.</summary>
    public async ValueTask<IDisposable?> TurnAsync(CancellationToken cancel) => await turn.WaitAsync(Patience, cancel) ? new Turn(turn) : null;

    public void Dispose() => turn.Dispose();

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        private int isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isOver, 1) == 0) turn.Release();
        }
    }
}
