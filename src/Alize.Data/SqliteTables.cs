using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace Alize.Data;

/// <summary>
/// Keeps the engine's small rows in their key: elsewhere SQLite keeps a row by a number of its own and the key beside it, and so writes two
/// pages for each row, the one before it and the one after. Rows of some kilobytes are better off as usual.
/// </summary>
/// <seealso href="https://www.sqlite.org/withoutrowid.html"/>
internal sealed class SqliteTables(MigrationsSqlGeneratorDependencies dependencies, IRelationalAnnotationProvider annotations)
    : SqliteMigrationsSqlGenerator(dependencies, annotations)
{
    private static readonly HashSet<string> KeptInTheirKey = ["WorkflowBookmarks", "WorkflowTimers"];

    protected override void Generate(CreateTableOperation operation, IModel? model, MigrationCommandListBuilder builder, bool terminate = true)
    {
        if (!KeptInTheirKey.Contains(operation.Name))
        {
            base.Generate(operation, model, builder, terminate);
            return;
        }

        base.Generate(operation, model, builder, terminate: false);
        builder.Append(" WITHOUT ROWID");
        if (!terminate) return;
        builder.AppendLine(Dependencies.SqlGenerationHelper.StatementTerminator);
        EndStatement(builder);
    }
}
