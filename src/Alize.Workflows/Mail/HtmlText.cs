using System.Net;
using System.Text.RegularExpressions;

namespace Alize.Workflows.Mail;

/// <summary>
/// HTML that a definition brings, as the Markdown our mails are written in: paragraphs, lists, headings, links and emphasis stay, the rest is
/// its words. What is no HTML stays as it is.
/// </summary>
internal static partial class HtmlText
{
    private static readonly (Regex Tag, string Markdown)[] Tags =
    [
        (Hidden(), ""),
        (Space(), " "),
        (Link(), "[$2]($1)"),
        (Strong(), "**"),
        (Emphasis(), "*"),
        (Break(), "\\\n"),
        (Heading(), "\n\n## "),
        (Item(), "\n- "),
        (Block(), "\n\n"),
        (AnyTag(), ""),
    ];

    public static string ToMarkdown(string text)
    {
        if (!LooksLikeHtml().IsMatch(text)) return text;
        var markdown = Tags.Aggregate(text, (so, step) => step.Tag.Replace(so, step.Markdown));
        var lines = WebUtility.HtmlDecode(markdown).Split('\n').Select(l => l.Trim(' ', '\t'));
        return BlankLines().Replace(string.Join('\n', lines), "\n\n").Trim('\n') + "\n";
    }

    [GeneratedRegex(@"<(p|br|div|html|body|table|ul|ol|h[1-6]|a|b|strong|em|i|span)\b[^>]*>", RegexOptions.IgnoreCase, 250)]
    private static partial Regex LooksLikeHtml();

    [GeneratedRegex(@"<(style|script|head)\b[^>]*>.*?</\1\s*>|<!--.*?-->", RegexOptions.IgnoreCase | RegexOptions.Singleline, 250)]
    private static partial Regex Hidden();

    [GeneratedRegex(@"[ \t\r\n]+", RegexOptions.None, 250)]
    private static partial Regex Space();

    [GeneratedRegex(@"<a\b[^>]*?\bhref\s*=\s*[""'](https?:[^""'\s]+|mailto:[^""'\s]+)[""'][^>]*>(.*?)</a\s*>", RegexOptions.IgnoreCase, 250)]
    private static partial Regex Link();

    [GeneratedRegex(@"</?(b|strong)\b[^>]*>", RegexOptions.IgnoreCase, 250)]
    private static partial Regex Strong();

    [GeneratedRegex(@"</?(i|em)\b[^>]*>", RegexOptions.IgnoreCase, 250)]
    private static partial Regex Emphasis();

    [GeneratedRegex(@"\s*<br\b[^>]*>\s*", RegexOptions.IgnoreCase, 250)]
    private static partial Regex Break();

    [GeneratedRegex(@"<h[1-6]\b[^>]*>", RegexOptions.IgnoreCase, 250)]
    private static partial Regex Heading();

    [GeneratedRegex(@"<li\b[^>]*>", RegexOptions.IgnoreCase, 250)]
    private static partial Regex Item();

    [GeneratedRegex(@"</?(p|div|table|tr|ul|ol|h[1-6]|blockquote|section|article|header|footer)\b[^>]*>", RegexOptions.IgnoreCase, 250)]
    private static partial Regex Block();

    [GeneratedRegex(@"</?[a-z!][^>]*>", RegexOptions.IgnoreCase, 250)]
    private static partial Regex AnyTag();

    [GeneratedRegex(@"\n{3,}", RegexOptions.None, 250)]
    private static partial Regex BlankLines();
}
