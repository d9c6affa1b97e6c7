using System.Text;

namespace Alize.Workflows.Mail;

/// <summary>
/// Text that is Markdown already, such as the instructions an operator wrote into a definition: a template takes it as it is.
/// Everything else is escaped; whoever makes one answers for the values in it (<see cref="Escape"/>).
/// </summary>
public sealed record MarkdownText(string Markdown)
{
    // Every ASCII sign CommonMark may give a meaning to, wherever it stands. Not the apostrophe, comma, colon, slash, percent…:
    // none of them opens anything in the dialect of MailRenderer.
    private const string Signs = "\\`*_{}[]()<>#+-=.!|~&\"^$";

    /// <summary>Somebody's words as Markdown that reads exactly as those words; its line breaks stay, a blank line starts a paragraph.</summary>
    public static string Escape(string text)
    {
        var markdown = new StringBuilder(text.Length + 16);
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n', '\r', '\u2028', '\u2029', '\u0085', '\v', '\f');
        var blank = false;
        foreach (var line in lines.Select(l => Printable(l).Trim(' ')))
        {
            if (line.Length == 0)
            {
                blank = true;
                continue;
            }

            if (markdown.Length > 0) markdown.Append(blank ? "\n\n" : "\\\n");
            blank = false;
            foreach (var c in line)
            {
                if (Signs.Contains(c, StringComparison.Ordinal)) markdown.Append('\\');
                markdown.Append(c);
            }
        }

        return markdown.ToString();
    }

    /// <inheritdoc />
    public override string ToString() => Markdown;

    /// <summary>The text on one line, nothing escaped: for a subject or a header.</summary>
    public static string OneLine(string text) => string.Join(' ',
        text.Split(['\n', '\r', '\u2028', '\u2029', '\u0085', '\v', '\f']).Select(l => Printable(l).Trim(' ')).Where(l => l.Length > 0));

    // A control sign has no place in a mail, and one that turns the direction of writing can make an address read as another.
    private static string Printable(string line) =>
        new([.. line.Select(c => c == '\t' ? ' ' : c).Where(c => !char.IsControl(c) && c is not ((>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069')))]);
}
