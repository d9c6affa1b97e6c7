using Alize.Data.Tests.Databases;
using Alize.Engine.Storage;
using Alize.Engine.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Alize.Data.Tests.Workflow;

/// <summary>The contract of every store, the same tests as of the one in memory, on real databases.</summary>
public abstract class StoreContractTests(TestDatabases databases, DatabaseProvider provider) : WorkflowStoreContract, IAsyncLifetime
{
    private TestDatabase? database;

    public async ValueTask InitializeAsync() => database = await databases.NewAsync(provider, Cancel);

    public async ValueTask DisposeAsync()
    {
        if (database is not null) await database.DisposeAsync();
    }

    protected override async Task<T> InScopeAsync<T>(Func<IWorkflowStore, Task<T>> work)
    {
        await using var scope = database!.Scope();
        return await work(scope.ServiceProvider.GetRequiredService<IWorkflowStore>());
    }
}

public sealed class SqliteStoreContractTests(TestDatabases databases) : StoreContractTests(databases, DatabaseProvider.Sqlite);

public sealed class PostgreSqlStoreContractTests(TestDatabases databases) : StoreContractTests(databases, DatabaseProvider.PostgreSql);

#if SQLSERVER
public sealed class SqlServerStoreContractTests(TestDatabases databases) : StoreContractTests(databases, DatabaseProvider.SqlServer);
#endif
