using Alize.Domain;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Alize.Workflows.Documents.Pdf;

/// <summary>A piece of text of one style. A line break is a text of its own.</summary>
internal sealed record Span(string Text, TextStyle Style)
{
    public const string Break = "\n";
}

/// <summary>What stands inside a Markdown block, as spans with French typography.</summary>
internal static class Inlines
{
    private const float CodeScale = 0.94f;

    public static IReadOnlyList<Span> Of(LeafBlock block, TextStyle style) => block.Inline is { } inline ? [.. Of(inline, style)] : [];

    private static IEnumerable<Span> Of(ContainerInline container, TextStyle style)
    {
        foreach (var inline in container)
            foreach (var span in One(inline, style))
                yield return span;
    }

    private static IEnumerable<Span> One(Inline inline, TextStyle style) => inline switch
    {
        LiteralInline literal => [new(FrenchText.Typeset(literal.Content.ToString()), style)],
        HtmlEntityInline entity => [new(entity.Transcoded.ToString(), style)],
        CodeInline code => [new(code.Content, style with { Size = style.Size * CodeScale, Color = PageLook.Soft })],
        LineBreakInline { IsHard: true } => [new(Span.Break, style)],
        LineBreakInline => [new(" ", style)],
        AutolinkInline auto => [new(auto.Url, Linked(style, auto.IsEmail ? $"mailto:{auto.Url}" : auto.Url))],
        EmphasisInline emphasis => Of(emphasis, emphasis.DelimiterCount > 1 ? style with { IsBold = true } : style with { IsItalic = true }),
        LinkInline { IsImage: true } image => Of(image, style),
        LinkInline link => Of(link, Linked(style, link.Url)),
        ContainerInline inner => Of(inner, style),
        _ => [],
    };

    // Only what a reader may safely press: a document travels further than the page it was made on.
    private static TextStyle Linked(TextStyle style, string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is ("https" or "http" or "mailto")
            ? style with { Url = url, Color = PageLook.Accent }
            : style;
}
