using Alize.Domain;
using Alize.Workflows.Documents;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Microsoft.AspNetCore.Html;

namespace Alize.Web.Look;

/// <summary>
/// Markdown that came from a definition, a template or a person, as HTML that can do no harm: no raw HTML, no image, and links
/// only to web pages and mail addresses. Headings start under the page's own title,
/// and no line breaks before a colon or inside guillemets.
/// </summary>
public sealed class SafeMarkdown
{
    private static readonly string[] Schemes = ["https", "http", "mailto"];

    private readonly MarkdownPipeline pipeline = new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().UseAutoLinks().Build();

    public IHtmlContent Html(string markdown) => Write(markdown, pipeline);

    /// <summary>A document's text, with the containers of <see cref="DocumentDialect"/>.</summary>
    public IHtmlContent Document(string markdown) => Write(markdown, DocumentDialect.Pipeline);

    private static HtmlString Write(string markdown, MarkdownPipeline dialect)
    {
        var document = Markdown.Parse(markdown, dialect);
        foreach (var table in document.Descendants<Table>())
        {
            AlignByClass(table);

            // A wide one scrolls sideways on a phone: the keyboard must reach it.
            table.GetAttributes().AddProperty("tabindex", "0");
        }

        foreach (var heading in document.Descendants<HeadingBlock>()) heading.Level = Math.Min(6, heading.Level + 1);
        foreach (var link in document.Descendants<LinkInline>().ToList())
            if (link.IsImage || !IsHarmless(link.Url)) ReplaceByItsText(link);
        foreach (var link in document.Descendants<AutolinkInline>().Where(l => !l.IsEmail && !IsHarmless(l.Url)).ToList())
            link.ReplaceBy(new LiteralInline(link.Url));
        foreach (var words in document.Descendants<LiteralInline>()) words.Content = new(FrenchText.Typeset(words.Content.ToString()));
        return new HtmlString(document.ToHtml(dialect));
    }

    /// <summary>The writer of tables would align by an inline style, which our pages refuse.</summary>
    private static void AlignByClass(Table table)
    {
        for (var column = 0; column < table.ColumnDefinitions.Count; column++)
        {
            var alignment = table.ColumnDefinitions[column].Alignment;
            table.ColumnDefinitions[column].Alignment = null;
            if (alignment is null or TableColumnAlign.Left) continue;
            foreach (var row in table.OfType<TableRow>().Where(row => row.Count > column))
                row[column].GetAttributes().AddClass(alignment == TableColumnAlign.Right ? "text-end" : "text-center");
        }
    }

    private static bool IsHarmless(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && Schemes.Contains(address.Scheme);

    private static void ReplaceByItsText(LinkInline link)
    {
        foreach (var child in link.ToList())
        {
            child.Remove();
            link.InsertBefore(child);
        }

        link.Remove();
    }
}
