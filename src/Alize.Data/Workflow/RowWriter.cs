using System.Data.Common;
using System.Text;
using Microsoft.EntityFrameworkCore;
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

    public async Task InsertAsync<TRow>(IReadOnlyCollection<TRow> rows, CancellationToken cancel) where TRow : class
    {
        if (rows.Count == 0) return;
        var plan = RowPlan.Of<TRow>(db);
        foreach (var chunk in rows.Chunk(ParametersInAStatement / plan.Columns.Count))
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
            Fill(command, plan, chunk);
            await command.ExecuteNonQueryAsync(cancel);
        }
    }

    private static void Fill(DbCommand command, RowPlan plan, IEnumerable<object> rows)
    {
        var sql = new StringBuilder(plan.InsertInto);
        foreach (var row in rows)
        {
            sql.Append(command.Parameters.Count == 0 ? "(" : ", (");
            for (var column = 0; column < plan.Columns.Count; column++)
            {
                var name = $"@p{command.Parameters.Count}";
                sql.Append(column == 0 ? "" : ", ").Append(name);
                command.Parameters.Add(plan.Columns[column].Parameter(command, name, plan.Columns[column].ValueOf(row)));
            }

            sql.Append(')');
        }

        command.CommandText = sql.ToString();
    }
}
