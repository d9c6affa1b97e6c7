using System.Collections.Concurrent;
using SkiaSharp;

namespace Alize.Workflows.Documents.Pdf;

/// <summary>How a run of text is set.</summary>
/// <param name="Size">In points.</param>
/// <param name="IsBold">Bold.</param>
/// <param name="IsItalic">Italic.</param>
/// <param name="Color">Colour of the ink.</param>
/// <param name="Url">Address a link opens. Null: no link.</param>
internal sealed record TextStyle(float Size, bool IsBold, bool IsItalic, SKColor Color, string? Url = null)
{
    public SKTypeface Typeface => DocumentFonts.Face(IsBold, IsItalic);
}

/// <summary>Glyphs of one style with the distance each one advances, kerning included, in points.</summary>
internal sealed record Fragment(ushort[] Glyphs, float[] Advances, TextStyle Style)
{
    public float Width { get; } = Advances.Sum();
}

/// <summary>
/// The fonts of every document: Lato (SIL Open Font License), carried in the assembly so that a document looks the same on every
/// machine and its bytes do not depend on what is installed. Only the glyphs used go into a PDF.
/// </summary>
internal static class DocumentFonts
{
    private static readonly ConcurrentDictionary<(bool, bool), SKTypeface> Faces = [];

    /// <summary>What the font lacks, by what reads the same.</summary>
    private static readonly Dictionary<char, string> Substitutes = new()
    {
        ['\u2011'] = "-",
        ['\u2010'] = "-",
        ['☐'] = "□",
        ['✓'] = "√",
        ['\t'] = " ",
    };

    public static SKTypeface Face(bool isBold, bool isItalic) => Faces.GetOrAdd((isBold, isItalic), Load);

    public static Fragment Shape(string text, TextStyle style)
    {
        using var font = Font(style);
        if (!font.ContainsGlyphs(text)) text = string.Concat(text.Select(c => font.ContainsGlyphs([c]) ? $"{c}" : Substitutes.GetValueOrDefault(c, $"{c}")));
        var glyphs = font.GetGlyphs(text);
        var advances = font.GetGlyphWidths(glyphs);
        if (style.Typeface.HasGetKerningPairAdjustments && style.Typeface.GetKerningPairAdjustments(glyphs) is { } pairs)
        {
            var scale = style.Size / style.Typeface.UnitsPerEm;
            for (var i = 0; i < glyphs.Length - 1; i++) advances[i] += pairs[i] * scale;
        }

        return new(glyphs, advances, style);
    }

    public static float SpaceOf(TextStyle style)
    {
        using var font = Font(style);
        return font.MeasureText(" ");
    }

    // Without hinting, widths are those of the design at every size: a line breaks at the same place on every machine.
    public static SKFont Font(TextStyle style) =>
        new(style.Typeface, style.Size) { Hinting = SKFontHinting.None, LinearMetrics = true, Subpixel = true };

    private static SKTypeface Load((bool IsBold, bool IsItalic) face)
    {
        var name = $"Lato-{(face.IsBold ? face.IsItalic ? "BoldItalic" : "Bold" : face.IsItalic ? "Italic" : "Regular")}.ttf";
        using var stream = typeof(DocumentFonts).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The font '{name}' is not in the assembly; it stands in Documents/Fonts and is embedded by the project file.");
        using var data = SKData.Create(stream);
        return SKTypeface.FromData(data);
    }
}
