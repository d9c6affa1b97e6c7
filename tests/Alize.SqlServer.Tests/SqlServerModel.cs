using System.Globalization;
using Alize.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.SqlServer.Dac.Model;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Alize.SqlServer.Tests;

/// <summary>
/// What SQL Server would make of our statements, without a server: its own parser reads them, and its own model of the tables finds
/// every table, column and type they name.
/// </summary>
internal static class SqlServerModel
{
    /// <summary>The tables, keys and indexes that the model of the database makes, one statement each.</summary>
    public static IReadOnlyList<string> Tables()
    {
        using var db = Context();
        return [.. Parse(db.Database.GenerateCreateScript()).OfType<TSqlScript>()
            .SelectMany(script => script.Batches).SelectMany(batch => batch.Statements)
            .Where(s => s is CreateTableStatement or CreateIndexStatement or AlterTableAddTableElementStatement).Select(Text)];
    }

    /// <summary>Statements of every batch, as the parser of SQL Server 2022 reads them.</summary>
    /// <exception cref="FormatException">It is no Transact-SQL; the message says where.</exception>
    public static IReadOnlyList<TSqlFragment> Parse(string sql)
    {
        var fragment = new TSql160Parser(initialQuotedIdentifiers: true).Parse(new StringReader(sql), out var errors);
        if (errors.Count > 0)
            throw new FormatException(string.Join("; ", errors.Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Line}:{e.Column} {e.Message}"))) + Environment.NewLine + sql);
        return [fragment];
    }

    /// <summary>What SQL Server holds against these statements, errors and warnings.</summary>
    public static IReadOnlyList<string> Complaints(IEnumerable<string> statements)
    {
        using var model = new TSqlModel(SqlServerVersion.Sql160, new TSqlModelOptions());
        foreach (var statement in statements)
            model.AddObjects(statement);
        return [.. model.Validate().Select(m => $"{m.MessageType} {m.Prefix}{m.Number}: {m.Message}")];
    }

    public static SqlServerAlizeDb Context() => new(new DbContextOptionsBuilder<SqlServerAlizeDb>().UseSqlServer("Server=nowhere").Options);

    private static string Text(TSqlFragment fragment) =>
        string.Concat(fragment.ScriptTokenStream.Skip(fragment.FirstTokenIndex).Take(fragment.LastTokenIndex - fragment.FirstTokenIndex + 1).Select(t => t.Text));
}
