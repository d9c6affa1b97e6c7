using System.Text.RegularExpressions;
using Alize.Domain.Programmes;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Alize.Workflows.Mail;

/// <summary>The two parts of a mail: the same words.</summary>
public sealed record MailParts(string Text, string Html);

/// <summary>What stands around a mail's body.</summary>
/// <param name="Language"><c>fr</c> or <c>en</c>.</param>
/// <param name="Subject">Subject.</param>
/// <param name="Programme">Name of the programme, or of the service.</param>
/// <param name="Role">Role of the addressee: why this person gets it. Null: not known.</param>
/// <param name="Link">The personal link. Null for none.</param>
public sealed record MailFrame(string Language, string Subject, string Programme, ContactRole? Role, string? Link)
{
    /// <summary>Names of the files that go with it: a program that hides them must not hide that they are there.</summary>
    public IReadOnlyList<string> Attachments { get; init; } = [];
}

/// <summary>
/// Markdown to a text part that reads well by itself, and to HTML in one layout: narrow, inline styles (what mail programs keep),
/// colours that a dark mode may turn. A paragraph that is the personal link alone becomes a button. Raw HTML is shown as text.
/// </summary>
public static partial class MailRenderer
{
    private static readonly MarkdownPipeline Dialect = new MarkdownPipelineBuilder().UsePipeTables().DisableHtml().Build();

    public static MailParts Render(string body, MailFrame frame)
    {
        var words = MailFrameWords.In(frame.Language);
        var document = Markdown.Parse(WithLink(body, frame, words), Dialect);
        if (frame.Link is not null) MakeButtons(document, frame.Link);
        return new(MailTextWriter.Write(document, frame, words), Html(document, frame, words));
    }

    private static string WithLink(string body, MailFrame frame, MailFrameWords words)
    {
        if (frame.Link is null) return body;
        return LinkAlone().Replace(body, $"[{words.OpenPage}]({MailComposer.LinkMarker})")
            .Replace(MailComposer.LinkMarker, frame.Link, StringComparison.Ordinal);
    }

    private static void MakeButtons(MarkdownDocument document, string url)
    {
        foreach (var paragraph in document.Descendants<ParagraphBlock>().ToList())
        {
            if (paragraph is not { Inline: { FirstChild: LinkInline { IsImage: false } link } inline, Parent: { } parent }) continue;
            if (link.Url != url || inline.LastChild != link) continue;
            parent[parent.IndexOf(paragraph)] = new LinkButton { Label = MailTextWriter.PlainText(link), Url = url };
        }
    }

    private static string Html(MarkdownDocument document, MailFrame frame, MailFrameWords words)
    {
        foreach (var item in document.Descendants())
            if (StyleOf(item) is { } style) item.GetAttributes().AddProperty("style", style);

        using var content = new StringWriter();
        var renderer = new HtmlRenderer(content);
        Dialect.Setup(renderer);
        renderer.ObjectRenderers.Insert(0, new LinkButtonRenderer(words));
        renderer.Render(document);
        var attached = words.Attached(frame) is { } line ? $"<p style=\"margin:16px 0 0;padding-top:12px;border-top:1px solid #d9dfe6;font-size:14px\">{Encode(line)}</p>\n" : "";
        var footer = string.Concat(words.Footer(frame).Select(said => $"<p style=\"margin:0 0 8px\">{Encode(said)}</p>\n"));

        return $$"""
            <!DOCTYPE html>
            <html lang="{{frame.Language}}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="supported-color-schemes" content="light dark">
            <title>{{Encode(frame.Subject)}}</title>
            <style>
            :root { color-scheme: light dark; }
            @media (prefers-color-scheme: dark) {
              .page { background: #14191f !important; }
              .card { background: #1e252d !important; color: #e8ecf0 !important; border-color: #36414d !important; }
              .card a { color: #8cc4ff !important; }
              .card a.button { color: #ffffff !important; }
              .foot { color: #a9b4c0 !important; }
            }
            </style>
            </head>
            <body class="page" style="margin:0;padding:0;background:#f2f4f7">
            <div role="article" lang="{{frame.Language}}" class="page" style="padding:24px 12px;background:#f2f4f7;font-family:'Segoe UI',Roboto,Helvetica,Arial,sans-serif">
            <div class="card" style="max-width:600px;margin:0 auto;padding:24px;background:#ffffff;color:#1d2733;border:1px solid #d9dfe6;border-radius:6px;font-size:16px;line-height:1.5">
            <p style="margin:0 0 20px;font-size:14px;font-weight:600">{{Encode(frame.Programme)}}</p>
            {{content}}{{attached}}</div>
            <div class="foot" style="max-width:600px;margin:16px auto 0;padding:0 24px;color:#55616e;font-size:13px;line-height:1.45">
            {{footer}}</div>
            </div>
            </body>
            </html>

            """.ReplaceLineEndings("\n");
    }

    private static string? StyleOf(MarkdownObject item) => item switch
    {
        HeadingBlock heading => $"margin:24px 0 8px;font-size:{(heading.Level == 1 ? 20 : 17)}px;line-height:1.3",
        ParagraphBlock => "margin:0 0 16px",
        ListBlock => "margin:0 0 16px;padding-left:22px",
        ListItemBlock => "margin:0 0 6px",
        QuoteBlock => "margin:0 0 16px;padding-left:12px;border-left:3px solid #b8c2cc",
        Table => "border-collapse:collapse;margin:0 0 16px;width:100%",
        TableCell => "border:1px solid #c5ced8;padding:6px 8px;text-align:left",
        LinkInline { IsImage: false } => "color:#0b5cad",
        _ => null,
    };

    // By hand: WebUtility would turn every accent into a number.
    internal static string Encode(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal);

    [GeneratedRegex(@"^[ ]{0,3}\{\{link\}\}[ ]*$", RegexOptions.Multiline)]
    private static partial Regex LinkAlone();
}

/// <summary>The personal link as a button: one thing to press, large enough for a thumb.</summary>
internal sealed class LinkButton() : LeafBlock(null)
{
    public required string Label { get; init; }

    public required string Url { get; init; }
}

internal sealed class LinkButtonRenderer(MailFrameWords words) : HtmlObjectRenderer<LinkButton>
{
    protected override void Write(HtmlRenderer renderer, LinkButton obj)
    {
        var url = MailRenderer.Encode(obj.Url);
        renderer.EnsureLine();
        renderer.WriteLine("<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" style=\"margin:8px 0 12px\"><tr><td style=\"border-radius:6px;background:#0b5cad\">");
        renderer.WriteLine($"<a class=\"button\" href=\"{url}\" style=\"display:inline-block;padding:13px 22px;color:#ffffff;font-weight:600;text-decoration:none;border-radius:6px;border:1px solid #0b5cad\">{MailRenderer.Encode(obj.Label)}</a>");
        renderer.WriteLine("</td></tr></table>");
        renderer.WriteLine($"<p style=\"margin:0 0 16px;font-size:13px;word-break:break-all\">{MailRenderer.Encode(words.CopyAddress)}<br><a href=\"{url}\" style=\"color:#0b5cad\">{url}</a></p>");
    }
}
