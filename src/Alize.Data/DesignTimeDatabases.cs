using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Alize.Data;

// What `dotnet ef migrations add` builds its contexts with; it compares models and opens no connection:
//   dotnet ef migrations add <Name> --project src/Alize.Data --context SqliteAlizeDb --output-dir Migrations/Sqlite
// and the same for PostgreSqlAlizeDb and SqlServerAlizeDb.

internal sealed class SqliteDesignTime : IDesignTimeDbContextFactory<SqliteAlizeDb>
{
    public SqliteAlizeDb CreateDbContext(string[] args) => new(DesignTime.Options<SqliteAlizeDb>(DatabaseProvider.Sqlite));
}

internal sealed class PostgreSqlDesignTime : IDesignTimeDbContextFactory<PostgreSqlAlizeDb>
{
    public PostgreSqlAlizeDb CreateDbContext(string[] args) => new(DesignTime.Options<PostgreSqlAlizeDb>(DatabaseProvider.PostgreSql));
}

internal sealed class SqlServerDesignTime : IDesignTimeDbContextFactory<SqlServerAlizeDb>
{
    public SqlServerAlizeDb CreateDbContext(string[] args) => new(DesignTime.Options<SqlServerAlizeDb>(DatabaseProvider.SqlServer));
}

internal static class DesignTime
{
    public static DbContextOptions<TContext> Options<TContext>(DatabaseProvider provider) where TContext : DbContext
    {
        var context = new DbContextOptionsBuilder<TContext>();
        var nowhere = provider == DatabaseProvider.Sqlite ? "Data Source=:memory:" : "Server=nowhere";
        new DatabaseOptions { Provider = provider, ConnectionString = nowhere }.Apply(context);
        return context.Options;
    }
}
