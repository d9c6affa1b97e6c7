using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Alize.Data.Workflow;

/// <summary>What the stores of all scopes share: the engine's own way into the database, and its statements.</summary>
internal sealed class EngineConnections : IAsyncDisposable
{
    private readonly Lazy<EngineStatements> statements;

    public EngineConnections(IServiceScopeFactory scopes, IOptions<DatabaseOptions> options)
    {
        Writers = options.Value.Provider == DatabaseProvider.Sqlite ? new() : null;
        HotPath = options.Value.HotPath(Writers ?? new());
        statements = new(() =>
        {
            using var scope = scopes.CreateScope();
            return new(scope.ServiceProvider.GetRequiredService<AlizeDb>());
        });
    }

    /// <summary>Of one context alone: everything goes by it.</summary>
    internal EngineConnections(AlizeDb db) => statements = new(() => new(db));

    /// <summary>Null where only the scope's context reaches the database.</summary>
    public HotPath? HotPath { get; }

    /// <summary>The queue of those who write; null where the database has more than one writer.</summary>
    public SqliteWriters? Writers { get; }

    public EngineStatements Statements => statements.Value;

    public async ValueTask DisposeAsync()
    {
        if (HotPath is not null) await HotPath.DisposeAsync();
        Writers?.Dispose();
    }
}
