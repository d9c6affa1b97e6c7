using SkiaSharp;

namespace Alize.Workflows.Documents.Pdf;

/// <summary>Measures and colours of a page, A4, in points (1/72 inch).</summary>
internal static class PageLook
{
    public const float Width = 595.28f;
    public const float Height = 841.89f;
    public const float Left = 65;
    public const float Right = Width - 65;
    public const float TextWidth = Right - Left;

    /// <summary>Top of the text on the pages after the first.</summary>
    public const float Top = 74;

    /// <summary>Bottom of the text; below stand the initials, then the footer.</summary>
    public const float Bottom = Height - 92;

    /// <summary>Baseline of the initials (paraphes), kept free on every page.</summary>
    public const float InitialsLine = Height - 67;

    public const float FooterRule = Height - 56;

    public const float BodySize = 10.2f;
    public const float LineHeight = 14.6f;
    public const float SmallSize = 8;

    public static readonly SKColor Ink = new(0x16, 0x25, 0x2d);
    public static readonly SKColor Soft = new(0x47, 0x58, 0x62);
    public static readonly SKColor Hairline = new(0xc9, 0xd4, 0xd8);
    public static readonly SKColor Accent = new(0x0b, 0x5c, 0x6b);
    public static readonly SKColor Deep = new(0x07, 0x3f, 0x4a);
    public static readonly SKColor Tint = new(0xed, 0xf4, 0xf5);

    public static readonly TextStyle Body = new(BodySize, false, false, Ink);
    public static readonly TextStyle Small = new(SmallSize, false, false, Soft);

    /// <summary>Size, line height, space before and after of a heading by its level.</summary>
    public static (float Size, float Line, float Before, float After) Heading(int level) => level switch
    {
        1 => (20, 25, 18, 12),
        2 => (13, 17.5f, 19, 6),
        _ => (10.8f, 15, 13, 4),
    };
}
