using Markdig.Extensions.Tables;
using Markdig.Syntax;

namespace Alize.Workflows.Documents.Pdf;

/// <summary>Tables: columns as wide as their words ask for, figures to the right, the head again on each page.</summary>
internal static class TableText
{
    public const float LineHeight = 12.8f;

    private static readonly TextStyle Text = PageLook.Body with { Size = 9.2f };
    private static readonly TextStyle Head = Text with { IsBold = true, Color = PageLook.Deep };

    public static IEnumerable<Box> Boxes(Table table, float left, float width)
    {
        var rows = table.OfType<TableRow>().Select(row => (row.IsHeader, Cells: row.OfType<TableCell>().Select(cell => Spans(cell, row.IsHeader)).ToList())).ToList();
        var count = rows.Count == 0 ? 0 : rows.Max(r => r.Cells.Count);
        if (count == 0) yield break;

        var widths = Widths([.. Enumerable.Range(0, count).Select(i => rows.Where(r => i < r.Cells.Count).Select(r => LineBreaker.Measure(r.Cells[i])).ToList())], width);
        var alignments = Enumerable.Range(0, count).Select(i => (i < table.ColumnDefinitions.Count ? table.ColumnDefinitions[i].Alignment : null) switch
        {
            TableColumnAlign.Right => 1f,
            TableColumnAlign.Center => 0.5f,
            _ => 0f,
        }).ToList();

        Box? head = null;
        for (var i = 0; i < rows.Count; i++)
        {
            var cells = new List<Cell>();
            var x = left;
            for (var column = 0; column < rows[i].Cells.Count; column++)
            {
                var inside = widths[column] - (2 * RowBox.PaddingX);
                cells.Add(new(LineBreaker.Break(rows[i].Cells[column], inside, isJustified: false), x + RowBox.PaddingX, inside, alignments[column]));
                x += widths[column];
            }

            // A head without words only says how many columns there are.
            if (rows[i].IsHeader && cells.All(c => c.Lines.Count == 0)) continue;
            var box = new RowBox(cells, left, left + widths.Sum(), rows[i].IsHeader, isBoxed: false)
            {
                Height = (Math.Max(1, cells.Max(c => c.Lines.Count)) * LineHeight) + (2 * RowBox.PaddingY),
                IsKeptWithNext = rows[i].IsHeader || i == rows.Count - 2,
                Before = i == 0 ? 6 : 0,
                After = i == rows.Count - 1 ? 11 : 0,
                Repeated = head,
            };
            if (rows[i].IsHeader) head = box;
            yield return box;
        }
    }

    /// <summary>Places to sign: two to a row, with room for a hand.</summary>
    public static IEnumerable<Box> SigningPlaces(ListBlock list, float left, float width)
    {
        const float Room = 74, Between = 12;
        var column = (width - Between) / 2;
        foreach (var pair in list.OfType<ListItemBlock>().Chunk(2))
        {
            var cells = pair.Select((item, i) =>
            {
                var inside = column - (2 * RowBox.PaddingX);
                var spans = item.OfType<LeafBlock>().SelectMany(block => Inlines.Of(block, Text)).ToList();
                return new Cell(LineBreaker.Break(spans, inside, isJustified: false), left + (i * (column + Between)) + RowBox.PaddingX, inside, 0);
            }).ToList();
            yield return new RowBox(cells, left, left + width, isHead: false, isBoxed: true)
            {
                Height = (cells.Max(c => c.Lines.Count) * LineHeight) + Room,
                Before = 10,
                After = 10,
            };
        }
    }

    private static IReadOnlyList<Span> Spans(TableCell cell, bool isHead) =>
        [.. cell.OfType<LeafBlock>().SelectMany((block, i) => Inlines.Of(block, isHead ? Head : Text))];

    private static List<float> Widths(List<List<(float Whole, float Word)>> columns, float width)
    {
        const float Padding = 2 * RowBox.PaddingX;
        var whole = columns.Select(c => c.Max(x => x.Whole) + Padding + 0.5f).ToList();
        var least = columns.Select(c => c.Max(x => x.Word) + Padding + 0.5f).ToList();

        // Room for all: what is left goes to the columns in proportion, so that the table is as wide as the text.
        if (whole.Sum() <= width) return [.. whole.Select(w => w * width / whole.Sum())];
        if (least.Sum() >= width) return [.. least.Select(w => w * width / least.Sum())];
        var free = (width - least.Sum()) / (whole.Sum() - least.Sum());
        return [.. whole.Zip(least, (w, l) => l + ((w - l) * free))];
    }
}
