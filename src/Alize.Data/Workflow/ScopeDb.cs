using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Alize.Data.Workflow;

/// <summary>
/// The scope's context, made when somebody first asks for it: most bursts change nothing but the engine's rows, and a context costs
/// more than they do.
/// </summary>
internal sealed class ScopeDb(IServiceProvider scope, IOptions<DatabaseOptions> options)
{
    /// <summary>Of a context that is made already, for whoever makes its own.</summary>
    internal ScopeDb(AlizeDb made) : this(null!, null!) => Made = made;

    /// <summary>The context; null when nobody has asked for it yet.</summary>
    public AlizeDb? Made { get; private set; }

    public AlizeDb Value => Made ??= options.Value.Provider switch
    {
        DatabaseProvider.PostgreSql => scope.GetRequiredService<PostgreSqlAlizeDb>(),
        DatabaseProvider.SqlServer => scope.GetRequiredService<SqlServerAlizeDb>(),
        _ => scope.GetRequiredService<SqliteAlizeDb>(),
    };

    /// <summary>Whether the scope holds something that has to be committed with the burst.</summary>
    public bool HasWork => Made is { } db && (db.Database.CurrentTransaction is not null || db.ChangeTracker.HasChanges());
}
