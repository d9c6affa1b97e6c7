using System.Data;
using Alize.Domain;
using Microsoft.AspNetCore.Mvc;
using MiniExcelLibs;

namespace Alize.Web.Look;

/// <summary>
/// A page's table as a spreadsheet: the one way tables are exported. Amounts are numbers of euros and days are dates, so that they can
/// be added up and sorted; all rows are there, also where the page shows some of them. A text stays a text: nothing in it is a formula.
/// </summary>
public sealed class Sheet(params string[] columns)
{
    private const string Excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    private readonly List<object[]> rows = [];

    /// <summary>Adds a row: texts, numbers, <see cref="Money"/>, <see cref="DateOnly"/>, nothing.</summary>
    public Sheet Row(params object?[] cells)
    {
        rows.Add([.. cells.Select(Cell)]);
        return this;
    }

    /// <summary>The file to download.</summary>
    public FileStreamResult File(string name)
    {
        using var table = Table();
        var stream = new MemoryStream();
        stream.SaveAs(table, sheetName: NameOf(name));
        return FileOf(stream, name);
    }

    /// <summary>Several tables in one file, a sheet each, in order.</summary>
    public static FileStreamResult Book(string name, IReadOnlyList<(string Name, Sheet Sheet)> sheets)
    {
        var stream = new MemoryStream();
        stream.SaveAs(sheets.ToDictionary(s => NameOf(s.Name), s => (object)s.Sheet.Table()));
        return FileOf(stream, name);
    }

    // A table keeps its headings when it has no row.
    private DataTable Table()
    {
        var table = new DataTable();
        foreach (var column in columns) table.Columns.Add(column, typeof(object));
        foreach (var row in rows) table.Rows.Add(row);
        return table;
    }

    private static FileStreamResult FileOf(MemoryStream stream, string name)
    {
        stream.Position = 0;
        return new FileStreamResult(stream, Excel) { FileDownloadName = $"{name}.xlsx" };
    }

    // The format's own limit.
    private static string NameOf(string name) => name.Length > 31 ? name[..31] : name;

    private static object Cell(object? value) => value switch
    {
        null => DBNull.Value,
        Money money => money.Cents / 100m,
        DateOnly day => day.ToDateTime(TimeOnly.MinValue),
        _ => value,
    };
}
