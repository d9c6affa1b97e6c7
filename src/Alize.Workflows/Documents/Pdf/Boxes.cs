using SkiaSharp;

namespace Alize.Workflows.Documents.Pdf;

/// <summary>Something of a known height that no page break parts: a line, a table row, a rule.</summary>
internal abstract class Box
{
    public required float Height { get; init; }

    /// <summary>White above and below; of two that meet, the larger counts.</summary>
    public float Before { get; set; }

    public float After { get; set; }

    /// <summary>Not the last of a page: a heading, the first line of a paragraph, the line before its last.</summary>
    public bool IsKeptWithNext { get; set; }

    /// <summary>Starts a page.</summary>
    public bool StartsPage { get; set; }

    /// <summary>Drawn again above this one when it starts a page: the head of its table.</summary>
    public Box? Repeated { get; init; }

    /// <summary>Where a quote's bar or a frame stands beside it, from the left margin. Null for none.</summary>
    public Border? Border { get; set; }

    public void DrawAt(SKCanvas canvas, float top, float above)
    {
        Border?.Draw(canvas, top - (Border.IsFirst(this) ? Border.Padding : above), top + Height + (Border.IsLast(this) ? Border.Padding : 0));
        Draw(canvas, top);
    }

    protected abstract void Draw(SKCanvas canvas, float top);

    protected static void DrawLine(SKCanvas canvas, TextLine line, float x, float baseline, float width, bool isJustified, float alignment = 0)
    {
        var gaps = line.Words.Count - 1;
        var left = width - line.Width;
        var stretch = isJustified && gaps > 0 && (left < 0 || !line.IsLast) ? left / gaps : 0;
        if (stretch == 0) x += Math.Max(0, left) * alignment;

        var run = new Run(canvas, baseline);
        for (var i = 0; i < line.Words.Count; i++)
        {
            var word = line.Words[i];
            foreach (var fragment in word.Fragments) x = run.Add(fragment, x);
            if (i == gaps || word.Space == 0) continue;

            // The space is written too, so that what is copied or read aloud has words and not one long word.
            x = run.Add(DocumentFonts.Shape(" ", word.SpaceStyle) with { Advances = [word.Space + stretch] }, x);
        }

        run.Flush();
    }

    /// <summary>Glyphs of one style that follow one another are written at once.</summary>
    private sealed class Run(SKCanvas canvas, float baseline)
    {
        private readonly List<ushort> glyphs = [];
        private readonly List<SKPoint> points = [];
        private TextStyle? style;
        private float end;

        public float Add(Fragment fragment, float x)
        {
            if (style is not null && style != fragment.Style) Flush();
            style = fragment.Style;
            for (var i = 0; i < fragment.Glyphs.Length; i++)
            {
                glyphs.Add(fragment.Glyphs[i]);
                points.Add(new(x, baseline));
                x += fragment.Advances[i];
            }

            return end = x;
        }

        public void Flush()
        {
            if (style is null || glyphs.Count == 0) return;
            using var font = DocumentFonts.Font(style);
            using var paint = new SKPaint { Color = style.Color, IsAntialias = true };
            using var builder = new SKTextBlobBuilder();
            builder.AddPositionedRun(glyphs.ToArray(), font, points.ToArray());
            using var blob = builder.Build();
            canvas.DrawText(blob, 0, 0, paint);
            if (style.Url is { } url)
            {
                using var line = new SKPaint { Color = style.Color, StrokeWidth = 0.5f };
                canvas.DrawLine(points[0].X, baseline + 1.6f, end, baseline + 1.6f, line);
                canvas.DrawUrlAnnotation(new(points[0].X, baseline - style.Size, end, baseline + (style.Size * 0.3f)), url)?.Dispose();
            }

            glyphs.Clear();
            points.Clear();
            style = null;
        }
    }
}

/// <summary>The bar of a quote, or the tint of a frame, drawn behind each of its boxes.</summary>
internal sealed class Border(float x, float width, bool isFrame)
{
    private const float Outside = 9;

    private readonly List<Box> boxes = [];

    /// <summary>White inside, above the first box and below the last.</summary>
    public float Padding => isFrame ? 8 : 0;

    public void Surround(IEnumerable<Box> inside)
    {
        foreach (var box in inside)
        {
            if (box.Border is not null) continue;
            box.Border = this;
            boxes.Add(box);
        }

        if (boxes.Count == 0) return;
        boxes[0].Before = Math.Max(boxes[0].Before, Outside) + Padding;
        boxes[^1].After = Math.Max(boxes[^1].After, Outside) + Padding;
    }

    public bool IsFirst(Box box) => boxes.Count > 0 && boxes[0] == box;

    public bool IsLast(Box box) => boxes.Count > 0 && boxes[^1] == box;

    public void Draw(SKCanvas canvas, float top, float bottom)
    {
        using var paint = new SKPaint { Color = isFrame ? PageLook.Tint : PageLook.Hairline };
        canvas.DrawRect(isFrame ? new SKRect(x, top - 0.3f, x + width, bottom + 0.3f) : new SKRect(x, top, x + 2, bottom), paint);
        if (!isFrame) return;
        paint.Color = PageLook.Accent;
        canvas.DrawRect(new SKRect(x, top - 0.3f, x + 2, bottom + 0.3f), paint);
    }
}

/// <summary>One line of text, with the mark of its list item where it is the first.</summary>
internal sealed class LineBox(TextLine line, float x, float width, float baseline, bool isJustified, float alignment = 0) : Box
{
    /// <summary>Mark of the item, and where it stands.</summary>
    public (Fragment Mark, float X)? Marked { get; init; }

    protected override void Draw(SKCanvas canvas, float top)
    {
        if (Marked is { } mark)
            DrawLine(canvas, new([new([mark.Mark], 0, mark.Mark.Style, false)], true), mark.X, top + baseline, mark.Mark.Width, isJustified: false);
        DrawLine(canvas, line, x, top + baseline, width, isJustified, alignment);
    }
}

/// <summary>A rule across the text.</summary>
internal sealed class RuleBox(float x, float width) : Box
{
    protected override void Draw(SKCanvas canvas, float top)
    {
        using var paint = new SKPaint { Color = PageLook.Hairline, StrokeWidth = 0.8f };
        canvas.DrawLine(x, top + (Height / 2), x + width, top + (Height / 2), paint);
    }
}

/// <summary>A cell: its lines, and where they stand in the row.</summary>
internal sealed record Cell(IReadOnlyList<TextLine> Lines, float X, float Width, float Alignment);

/// <summary>A row of a table, or a row of places to sign.</summary>
internal sealed class RowBox(IReadOnlyList<Cell> cells, float left, float right, bool isHead, bool isBoxed) : Box
{
    public const float PaddingX = 6;
    public const float PaddingY = 3.1f;

    protected override void Draw(SKCanvas canvas, float top)
    {
        using var paint = new SKPaint { Color = PageLook.Tint };
        if (isHead) canvas.DrawRect(new SKRect(left, top, right, top + Height), paint);
        paint.Color = isHead ? PageLook.Accent : PageLook.Hairline;
        paint.StrokeWidth = isHead ? 1 : 0.6f;
        if (!isBoxed) canvas.DrawLine(left, top + Height, right, top + Height, paint);
        foreach (var cell in cells)
        {
            if (isBoxed)
            {
                paint.IsStroke = true;
                canvas.DrawRect(new SKRect(cell.X - PaddingX, top, cell.X + cell.Width + PaddingX, top + Height), paint);
            }

            var y = top + PaddingY;
            foreach (var line in cell.Lines)
            {
                DrawLine(canvas, line, cell.X, y + Flow.Baseline(TableText.LineHeight), cell.Width, isJustified: false, cell.Alignment);
                y += TableText.LineHeight;
            }
        }
    }
}
