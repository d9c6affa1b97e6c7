using System.Collections.Concurrent;
using System.Data.Common;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Alize.Data.Workflow;

/// <summary>
/// Inserts the engine's rows by plain statements on the context's connection and transaction. Tracked rows would be lost when the
/// engine discards what a failed step has changed, and cost more. Tables, columns and values are those of the mapping.
/// </summary>
internal sealed class RowWriter(AlizeDb db)
{
    // SQL Server takes 2,100 parameters a statement, the others more.
    private const int ParametersInAStatement = 2000;

    private static readonly ConcurrentDictionary<(Type Context, Type Row), Plan> Plans = new();

    public async Task InsertAsync<TRow>(IReadOnlyCollection<TRow> rows, CancellationToken cancel) where TRow : class
    {
        if (rows.Count == 0) return;
        var plan = Plans.GetOrAdd((db.GetType(), typeof(TRow)), _ => Plan.Make(db, typeof(TRow)));
        foreach (var chunk in rows.Chunk(ParametersInAStatement / plan.Columns.Count))
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
            Fill(command, plan, chunk);
            await command.ExecuteNonQueryAsync(cancel);
        }
    }

    private static void Fill(DbCommand command, Plan plan, IEnumerable<object> rows)
    {
        var sql = new StringBuilder(plan.Insert);
        foreach (var row in rows)
        {
            sql.Append(command.Parameters.Count == 0 ? "(" : ", (");
            for (var column = 0; column < plan.Columns.Count; column++)
            {
                var property = plan.Columns[column];
                var name = $"@p{command.Parameters.Count}";
                sql.Append(column == 0 ? "" : ", ").Append(name);
                var value = property.GetGetter().GetClrValue(row);
                command.Parameters.Add(property.GetRelationalTypeMapping().CreateParameter(command, name, value, property.IsNullable));
            }

            sql.Append(')');
        }

        command.CommandText = sql.ToString();
    }

    /// <param name="Insert">The statement up to its values.</param>
    /// <param name="Columns">What is written, in the statement's order.</param>
    private sealed record Plan(string Insert, IReadOnlyList<IProperty> Columns)
    {
        public static Plan Make(AlizeDb db, Type row)
        {
            var entity = db.Model.FindEntityType(row) ?? throw new InvalidOperationException($"{row.Name} has no mapping in {db.GetType().Name}.");
            var table = StoreObjectIdentifier.Create(entity, StoreObjectType.Table)!.Value;
            var quote = db.GetService<ISqlGenerationHelper>();
            var columns = entity.GetProperties().ToList();
            var names = string.Join(", ", columns.Select(c => quote.DelimitIdentifier(c.GetColumnName(table)!)));
            return new($"INSERT INTO {quote.DelimitIdentifier(table.Name, table.Schema)} ({names}) VALUES ", columns);
        }
    }
}
