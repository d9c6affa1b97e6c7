using Alize.Engine.Storage;
using Microsoft.Data.SqlClient;

namespace Alize.Data.Workflow;

/// <summary>The same statements in a transaction, one after the other; the server keeps their plans by their texts.</summary>
internal sealed class SqlServerHotPath(string connectionString) : HotPath
{
    public override async ValueTask<string?> PublishedVersionAsync(EngineStatements statements, string definitionId, CancellationToken cancel)
    {
        await using var connection = new SqlConnection(connectionString);
        await connection.OpenAsync(cancel);
        await using var command = BurstWrite.Command(statements.SelectPublished(definitionId), connection, null);
        return await command.ExecuteScalarAsync(cancel) as string;
    }

    public override async ValueTask<WorkflowInstance?> FindInstanceAsync(EngineStatements statements, string instanceId, CancellationToken cancel)
    {
        await using var connection = new SqlConnection(connectionString);
        await connection.OpenAsync(cancel);
        return await ReadAsync<WorkflowInstance>(connection, statements.SelectInstance(instanceId), statements.Instances, cancel) is [var instance] ? instance : null;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected override async Task<IReadOnlyList<Stimulus>> WriteAsync(BurstWrite write, CancellationToken cancel)
    {
        await using var connection = new SqlConnection(connectionString);
        await connection.OpenAsync(cancel);
        await using (var transaction = await connection.BeginTransactionAsync(cancel))
        {
            await write.RunAsync(write.Statements, connection, transaction, cancel);
            await transaction.CommitAsync(cancel);
        }

        var stimuli = new List<Stimulus>();
        foreach (var select in write.SelectEarly()) stimuli.AddRange(await ReadAsync<Stimulus>(connection, select, write.Texts.Stimuli, cancel));
        return stimuli;
    }

    private static async Task<List<TRow>> ReadAsync<TRow>(SqlConnection connection, Statement statement, RowPlan plan, CancellationToken cancel)
    {
        await using var command = BurstWrite.Command(statement, connection, null);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<TRow>();
        while (await reader.ReadAsync(cancel)) rows.Add(plan.Read<TRow>(reader));
        return rows;
    }
}
