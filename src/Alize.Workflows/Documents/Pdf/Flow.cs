using System.Globalization;
using Markdig.Extensions.CustomContainers;
using Markdig.Extensions.Tables;
using Markdig.Syntax;

namespace Alize.Workflows.Documents.Pdf;

/// <summary>A Markdown document as boxes from top to bottom, before anybody knows where pages end.</summary>
internal sealed class Flow
{
    private const float ListIndent = 17;
    private const float QuoteIndent = 12;

    private readonly List<Box> boxes = [];

    public static IReadOnlyList<Box> Of(MarkdownDocument document)
    {
        var flow = new Flow();
        flow.Add(document, PageLook.Left, PageLook.TextWidth, PageLook.Body);
        return flow.boxes;
    }

    /// <summary>Where letters stand in a line of that height.</summary>
    public static float Baseline(float lineHeight) => lineHeight * 0.74f;

    private void Add(ContainerBlock container, float x, float width, TextStyle style)
    {
        foreach (var block in container) Add(block, x, width, style);
    }

    private void Add(Block block, float x, float width, TextStyle style)
    {
        switch (block)
        {
            case HeadingBlock heading:
                AddHeading(heading, x, width);
                break;
            case ParagraphBlock paragraph:
                AddLines(Inlines.Of(paragraph, style), x, width, PageLook.LineHeight, before: 0, after: 7, isJustified: true);
                break;
            case ListBlock list:
                AddList(list, x, width, style);
                break;
            case Table table:
                boxes.AddRange(TableText.Boxes(table, x, width));
                break;
            case ThematicBreakBlock:
                boxes.Add(new RuleBox(x, width) { Height = 1, Before = 12, After = 12 });
                break;
            case QuoteBlock quote:
                AddBordered(quote, x, width, QuoteIndent, style with { Color = PageLook.Soft }, isFrame: false);
                break;
            case CustomContainer special:
                AddSpecial(special, x, width, style);
                break;
            case CodeBlock code:
                AddLines([.. code.Lines.ToString().Split('\n').SelectMany(line => new Span[] { new(line.Replace(' ', '\u00A0'), style), new(Span.Break, style) })],
                    x, width, PageLook.LineHeight, 0, 7, isJustified: false);
                break;
            case ContainerBlock other:
                Add(other, x, width, style);
                break;
        }
    }

    private void AddHeading(HeadingBlock heading, float x, float width)
    {
        var look = PageLook.Heading(heading.Level);
        var style = new TextStyle(look.Size, true, false, heading.Level > 2 ? PageLook.Ink : PageLook.Deep);
        var first = boxes.Count;
        AddLines(Inlines.Of(heading, style), x, width, look.Line, look.Before, look.After, isJustified: false);
        foreach (var box in boxes.Skip(first)) box.IsKeptWithNext = true;
    }

    /// <summary>The lines of a paragraph; neither its first nor its last stands alone on a page.</summary>
    private void AddLines(
        IReadOnlyList<Span> spans, float x, float width, float lineHeight, float before, float after, bool isJustified, (Fragment, float)? mark = null)
    {
        var lines = LineBreaker.Break(spans, width, isJustified);
        if (isJustified && lines.Any(line => line.IsLoose(width)))
        {
            // Gaps as wide as words are worse than a ragged edge.
            isJustified = false;
            lines = LineBreaker.Break(spans, width, isJustified);
        }

        for (var i = 0; i < lines.Count; i++)
            boxes.Add(new LineBox(lines[i], x, width, Baseline(lineHeight), isJustified)
            {
                Height = lineHeight,
                Before = i == 0 ? before : 0,
                After = i == lines.Count - 1 ? after : 0,
                IsKeptWithNext = i < lines.Count - 1 && (i == 0 || i == lines.Count - 2),
                Marked = i == 0 ? mark : null,
            });
    }

    private void AddList(ListBlock list, float x, float width, TextStyle style)
    {
        var number = list.IsOrdered && int.TryParse(list.OrderedStart, CultureInfo.InvariantCulture, out var start) ? start : 1;
        var first = boxes.Count;
        foreach (var item in list.OfType<ListItemBlock>())
        {
            var sign = list.IsOrdered ? string.Create(CultureInfo.InvariantCulture, $"{number++}.") : x > PageLook.Left + 1 ? "–" : "•";
            var mark = DocumentFonts.Shape(sign, list.IsOrdered ? style : style with { Color = PageLook.Accent });
            var markX = list.IsOrdered ? x + ListIndent - 5 - mark.Width : x + 4;
            var blocks = item.ToList();
            for (var i = 0; i < blocks.Count; i++)
            {
                if (i == 0 && blocks[i] is ParagraphBlock paragraph)
                    AddLines(Inlines.Of(paragraph, style), x + ListIndent, width - ListIndent, PageLook.LineHeight, 0, list.IsLoose ? 6 : 3, isJustified: true, (mark, markX));
                else
                    Add(blocks[i], x + ListIndent, width - ListIndent, style);
            }
        }

        if (boxes.Count > first) boxes[^1].After = Math.Max(boxes[^1].After, 8);
    }

    private void AddSpecial(CustomContainer special, float x, float width, TextStyle style)
    {
        switch (special.Info)
        {
            case DocumentDialect.Address:
                // Where a window envelope shows it: the right half, ragged.
                var first = boxes.Count;
                foreach (var block in special.OfType<LeafBlock>())
                    AddLines(Inlines.Of(block, style), x + (width * 0.54f), width * 0.46f, PageLook.LineHeight, 0, 4, isJustified: false);
                if (boxes.Count > first) (boxes[first].Before, boxes[^1].After) = (8, 30);
                break;
            case DocumentDialect.Frame:
                AddBordered(special, x, width, QuoteIndent, style, isFrame: true);
                break;
            case DocumentDialect.SigningPlaces when special.FirstOrDefault() is ListBlock list:
                if (boxes.Count > 0) boxes[^1].IsKeptWithNext = true;
                boxes.AddRange(TableText.SigningPlaces(list, x, width));
                break;
            case DocumentDialect.NewPage:
                var next = boxes.Count;
                Add(special, x, width, style);
                if (boxes.Count > next) boxes[next].StartsPage = true;
                break;
            default:
                Add(special, x, width, style);
                break;
        }
    }

    private void AddBordered(ContainerBlock block, float x, float width, float indent, TextStyle style, bool isFrame)
    {
        var first = boxes.Count;
        Add(block, x + indent, width - indent - (isFrame ? 8 : 0), style);
        new Border(x, width, isFrame).Surround(boxes.Skip(first).ToList());
    }
}
