using SkiaSharp;

namespace Alize.Workflows.Documents.Pdf;

/// <summary>Boxes put on pages: headings stay with their text, no line stands alone, a table's head comes again.</summary>
internal static class Pages
{
    /// <summary>A box where it stands.</summary>
    /// <param name="Box">What.</param>
    /// <param name="Top">Its upper edge.</param>
    /// <param name="Above">White between it and the box before.</param>
    public sealed record Placed(Box Box, float Top, float Above);

    public static IReadOnlyList<IReadOnlyList<Placed>> Of(IReadOnlyList<Box> boxes, float firstTop)
    {
        List<List<Placed>> pages = [[]];
        var y = firstTop;
        var white = 0f;
        for (var i = 0; i < boxes.Count; i++)
        {
            var box = boxes[i];
            var gap = pages[^1].Count == 0 ? 0 : Math.Max(white, box.Before);
            var isFull = y + gap + Chain(boxes, i) > PageLook.Bottom;
            if (pages[^1].Count > 0 && (isFull || box.StartsPage))
            {
                pages.Add([]);
                y = PageLook.Top;
                gap = 0;
                if (box.Repeated is { } head)
                {
                    pages[^1].Add(new(head, y, 0));
                    y += head.Height;
                }
            }

            y += gap;
            pages[^1].Add(new(box, y, gap));
            y += box.Height;
            white = box.After;
        }

        return pages;
    }

    public static void Draw(SKCanvas canvas, IReadOnlyList<Placed> page)
    {
        foreach (var placed in page) placed.Box.DrawAt(canvas, placed.Top, placed.Above);
    }

    /// <summary>Height of a box with all that may not be parted from it; alone where together they would not fit a page.</summary>
    private static float Chain(IReadOnlyList<Box> boxes, int first)
    {
        var height = boxes[first].Height;
        for (var i = first; boxes[i].IsKeptWithNext && i + 1 < boxes.Count; i++)
            height += Math.Max(boxes[i].After, boxes[i + 1].Before) + boxes[i + 1].Height;
        return height > PageLook.Bottom - PageLook.Top ? boxes[first].Height : height;
    }
}
