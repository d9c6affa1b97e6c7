using System.Data.Common;

namespace Alize.Benchmarks;

/// <summary>The yardstick: what the same database does with one insert and one update a transaction, prepared, and nothing else.</summary>
internal sealed class RawCommits : IAsyncDisposable
{
    private readonly List<Worker> workers = [];

    public static async Task<RawCommits> NewAsync(BenchmarkDatabase database, int connections)
    {
        var raw = new RawCommits();
        for (var i = 0; i < connections; i++)
        {
            var connection = await database.ConnectAsync();
            await BenchmarkDatabase.ExecuteAsync(connection, "CREATE TABLE IF NOT EXISTS raw_rows (id varchar(40) PRIMARY KEY, n integer, content varchar(400))");
            raw.workers.Add(new(connection));
        }

        return raw;
    }

    /// <summary>Commits a second.</summary>
    public async Task<double> RateAsync(int commits)
    {
        var free = new System.Collections.Concurrent.ConcurrentBag<Worker>(workers);
        var (seconds, _) = await Measure.TimeAsync(Enumerable.Range(0, commits).ToList(), workers.Count, async _ =>
        {
            free.TryTake(out var worker);
            await worker!.CommitAsync();
            free.Add(worker);
        });
        return commits / seconds;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in workers) await worker.DisposeAsync();
    }

    private sealed class Worker : IAsyncDisposable
    {
        private readonly DbConnection connection;
        private readonly DbCommand insert;
        private readonly DbCommand update;
        private string last = "";

        public Worker(DbConnection connection)
        {
            this.connection = connection;
            insert = Command("INSERT INTO raw_rows (id, n, content) VALUES (@id, 1, @content)", "@id", "@content");
            update = Command("UPDATE raw_rows SET n = n + 1 WHERE id = @id", "@id");
            insert.Parameters["@content"].Value = new string('x', 200);
        }

        public async Task CommitAsync()
        {
            var id = Guid.CreateVersion7().ToString("N");
            insert.Parameters["@id"].Value = id;
            update.Parameters["@id"].Value = last.Length == 0 ? id : last;
            await using var transaction = await connection.BeginTransactionAsync();
            (insert.Transaction, update.Transaction) = (transaction, transaction);
            await insert.ExecuteNonQueryAsync();
            await update.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
            last = id;
        }

        public async ValueTask DisposeAsync()
        {
            await insert.DisposeAsync();
            await update.DisposeAsync();
            await connection.DisposeAsync();
        }

        private DbCommand Command(string sql, params string[] names)
        {
            var command = connection.CreateCommand();
            command.CommandText = sql;
            foreach (var name in names)
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.DbType, parameter.Value) = (name, System.Data.DbType.String, "");
                command.Parameters.Add(parameter);
            }

            command.Prepare();
            return command;
        }
    }
}
