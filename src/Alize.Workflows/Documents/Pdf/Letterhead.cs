using SkiaSharp;

namespace Alize.Workflows.Documents.Pdf;

/// <summary>One of those whose name every document carries (R21, art. 7).</summary>
/// <param name="Name">Name, in letters.</param>
/// <param name="Image">Logo, PNG or JPEG. Null: the name stands for it.</param>
public sealed record Emblem(string Name, byte[]? Image = null);

/// <summary>What stands around a document's text.</summary>
/// <param name="Title">Title, for the reader's window and the running head.</param>
/// <param name="Programme">Name of the programme.</param>
/// <param name="Territory">Its territory.</param>
/// <param name="Reference">What the document is filed under, e.g. the project's number. Empty for none.</param>
/// <param name="MadeAt">Instant the document carries, UTC: of two documents made from the same, the bytes are the same.</param>
/// <param name="Emblems">ASTREES, the State's agency, the Caisse des dépôts (R21).</param>
/// <param name="Language">Language of the text.</param>
public sealed record Letterhead(
    string Title, string Programme, string Territory, string Reference, DateTime MadeAt, IReadOnlyList<Emblem> Emblems, string Language = "fr-FR")
{
    private const float BandTop = 46;
    private const float LogoHeight = 34;
    private const float LogoWidth = 78;
    private const float Between = 14;

    /// <summary>Where the text of the first page begins.</summary>
    internal const float FirstTop = 128;

    internal void DrawFirst(SKCanvas canvas)
    {
        Write(canvas, Programme, new(15, true, false, PageLook.Deep), PageLook.Left, BandTop + 12);
        Write(canvas, Territory, new(9, false, false, PageLook.Soft), PageLook.Left, BandTop + 26);
        var right = PageLook.Right;
        foreach (var emblem in Emblems.Reverse()) right -= DrawEmblem(canvas, emblem, right) + Between;
        Rule(canvas, BandTop + LogoHeight + 14, PageLook.Accent, 1.2f);
    }

    internal void DrawNext(SKCanvas canvas)
    {
        Write(canvas, Programme, PageLook.Small with { IsBold = true, Color = PageLook.Deep }, PageLook.Left, 46);
        var title = DocumentFonts.Shape(Shortened(Title), PageLook.Small);
        Write(canvas, Shortened(Title), PageLook.Small, PageLook.Right - title.Width, 46);
        Rule(canvas, 53, PageLook.Hairline, 0.6f);
    }

    internal void DrawFoot(SKCanvas canvas, int page, int pages)
    {
        Rule(canvas, PageLook.FooterRule, PageLook.Hairline, 0.6f);
        var number = $"page {page} sur {pages}";
        var width = DocumentFonts.Shape(number, PageLook.Small).Width;
        Write(canvas, number, PageLook.Small, PageLook.Right - width, PageLook.FooterRule + 14);
        var names = string.Join(" · ", Emblems.Select(e => e.Name));
        Write(canvas, names, PageLook.Small, PageLook.Left, PageLook.FooterRule + 14);
        Write(canvas, $"ALIZÉ® est une marque déposée par ASTREES.{(Reference.Length > 0 ? $" Dossier {Reference}." : "")}",
            PageLook.Small with { Size = 7 }, PageLook.Left, PageLook.FooterRule + 25);
    }

    /// <returns>Width it takes.</returns>
    private static float DrawEmblem(SKCanvas canvas, Emblem emblem, float right)
    {
        if (emblem.Image is { } bytes && SKImage.FromEncodedData(bytes) is { } image)
        {
            using (image)
            {
                var scale = Math.Min(LogoHeight / image.Height, LogoWidth / image.Width);
                var (width, height) = (image.Width * scale, image.Height * scale);
                var top = BandTop + ((LogoHeight - height) / 2);
                using var paint = new SKPaint { IsAntialias = true };
                canvas.DrawImage(image, new SKRect(right - width, top, right, top + height), new SKSamplingOptions(SKCubicResampler.Mitchell), paint);
                return width;
            }
        }

        var style = new TextStyle(7.6f, true, false, PageLook.Soft);
        var lines = LineBreaker.Break([new(emblem.Name, style)], LogoWidth, isJustified: false);
        var widest = lines.Max(l => l.Width);
        var y = BandTop + ((LogoHeight - (lines.Count * 9.4f)) / 2) + 7;
        foreach (var line in lines)
        {
            var x = right - widest;
            foreach (var word in line.Words)
            {
                foreach (var fragment in word.Fragments)
                {
                    Write(canvas, fragment, x, y);
                    x += fragment.Width;
                }

                x += word.Space;
            }

            y += 9.4f;
        }

        using var bar = new SKPaint { Color = PageLook.Hairline, StrokeWidth = 0.8f };
        canvas.DrawLine(right - widest - 7, BandTop + 2, right - widest - 7, BandTop + LogoHeight - 2, bar);
        return widest + 7;
    }

    private static string Shortened(string title) => title.Length <= 80 ? title : title[..79] + "…";

    private static void Rule(SKCanvas canvas, float y, SKColor color, float width)
    {
        using var paint = new SKPaint { Color = color, StrokeWidth = width };
        canvas.DrawLine(PageLook.Left, y, PageLook.Right, y, paint);
    }

    internal static void Write(SKCanvas canvas, string text, TextStyle style, float x, float baseline) => Write(canvas, DocumentFonts.Shape(text, style), x, baseline);

    private static void Write(SKCanvas canvas, Fragment fragment, float x, float baseline)
    {
        var points = new SKPoint[fragment.Glyphs.Length];
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = new(x, baseline);
            x += fragment.Advances[i];
        }

        if (points.Length == 0) return;
        using var font = DocumentFonts.Font(fragment.Style);
        using var paint = new SKPaint { Color = fragment.Style.Color, IsAntialias = true };
        using var builder = new SKTextBlobBuilder();
        builder.AddPositionedRun(fragment.Glyphs, font, points);
        using var blob = builder.Build();
        canvas.DrawText(blob, 0, 0, paint);
    }
}
