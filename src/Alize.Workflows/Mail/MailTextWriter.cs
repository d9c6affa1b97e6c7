using System.Globalization;
using System.Text;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Alize.Workflows.Mail;

/// <summary>The text part: what the Markdown says, without its signs. A link reads « label : address ».</summary>
internal sealed class MailTextWriter(MailFrameWords words)
{
    public static string Write(MarkdownDocument document, MailFrame frame, MailFrameWords words)
    {
        // "-- " alone on its line is what mail programs fold away as a signature (RFC 3676).
        var text = new StringBuilder(string.Join("\n\n", new MailTextWriter(words).BlocksOf(document)));
        if (words.Attached(frame) is { } attached) text.Append("\n\n").Append(attached);
        text.Append("\n\n-- \n");
        foreach (var line in words.Footer(frame)) text.Append(line).Append('\n');
        return text.ToString();
    }

    /// <summary>The words of an inline, without any address.</summary>
    public static string PlainText(ContainerInline container)
    {
        var text = new StringBuilder();
        foreach (var inline in container)
            text.Append(inline switch
            {
                LiteralInline literal => literal.Content.ToString(),
                CodeInline code => code.Content,
                HtmlEntityInline entity => entity.Transcoded.ToString(),
                LineBreakInline { IsHard: true } => "\n",
                LineBreakInline => " ",
                ContainerInline inner => PlainText(inner),
                _ => "",
            });
        return text.ToString();
    }

    private IEnumerable<string> BlocksOf(ContainerBlock container) => container.Select(Block).Where(text => text.Length > 0);

    private string Block(Block block) => block switch
    {
        LinkButton button => Link(button.Label, button.Url),
        HeadingBlock heading => Heading(heading),
        CodeBlock code => code.Lines.ToString().TrimEnd('\n'),
        LeafBlock { Inline: { } inline } => Inlines(inline),
        ListBlock list => List(list),
        QuoteBlock quote => Indent(string.Join("\n\n", BlocksOf(quote)), words.Quote, words.Quote),
        Table table => Rows(table),
        ThematicBreakBlock => "———",
        ContainerBlock other => string.Join("\n\n", BlocksOf(other)),
        _ => "",
    };

    private string Heading(HeadingBlock heading)
    {
        var title = heading.Inline is null ? "" : Inlines(heading.Inline);
        return title.Length == 0 ? "" : $"{title}\n{new string(heading.Level == 1 ? '=' : '-', Math.Min(title.Length, 72))}";
    }

    private string List(ListBlock list)
    {
        var number = list.IsOrdered && int.TryParse(list.OrderedStart, CultureInfo.InvariantCulture, out var start) ? start : 1;
        var items = list.OfType<ListItemBlock>().Select(item =>
        {
            var mark = list.IsOrdered ? string.Create(CultureInfo.InvariantCulture, $"{number++}. ") : "- ";
            return Indent(string.Join(list.IsLoose ? "\n\n" : "\n", BlocksOf(item)), mark, new string(' ', mark.Length));
        });
        return string.Join(list.IsLoose ? "\n\n" : "\n", items);
    }

    private string Rows(Table table)
    {
        var rows = table.OfType<TableRow>().Select(row => row.OfType<TableCell>().Select(cell => string.Join(' ', BlocksOf(cell))).ToList()).ToList();

        // A column without a heading holds values of the labels before it: « Montant : 500 € ».
        var between = rows.Count > 0 && rows[0].Contains("") ? words.Colon : " | ";
        return string.Join('\n', rows.Select(cells => string.Join(between, cells.Where(cell => cell.Length > 0))).Where(row => row.Length > 0));
    }

    private string Inlines(ContainerInline container)
    {
        var text = new StringBuilder();
        foreach (var inline in container)
            text.Append(inline switch
            {
                LinkInline { IsImage: true } image => PlainText(image),
                LinkInline link => Link(Inlines(link), link.Url ?? ""),
                AutolinkInline auto => auto.Url,
                LiteralInline literal => literal.Content.ToString(),
                CodeInline code => code.Content,
                HtmlEntityInline entity => entity.Transcoded.ToString(),
                LineBreakInline { IsHard: true } => "\n",
                LineBreakInline => " ",
                ContainerInline inner => Inlines(inner),
                _ => "",
            });
        return text.ToString();
    }

    private string Link(string label, string url) => label == url || label.Length == 0 ? url : label + words.Colon + url;

    private static string Indent(string text, string first, string next) => first + text.Replace("\n", "\n" + next, StringComparison.Ordinal);
}
