using Alize.Workflows.Mail;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Alize.Workflows.Documents;

/// <summary>A template that is missing, is no Liquid, or does not fit its record; <see cref="Line"/> says where.</summary>
public sealed class TemplateException(string message, int? line = null, string? reason = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Line of the template, from 1. Null where no single line is at fault.</summary>
    public int? Line { get; } = line;

    /// <summary>What is wrong there, without the name of the file.</summary>
    public string Reason { get; } = reason ?? message;
}

/// <summary>
/// The one template language of mails and documents: first line the subject or title, a blank line, then Markdown, both with Liquid
/// placeholders: the public properties of a record by their names. A placeholder nobody fills is an error, with its line.
/// </summary>
internal sealed record TextTemplate(string FileName, Template Title, Template Body)
{
    /// <summary>The shipped text of a record's template: embedded beside the record, in its assembly.</summary>
    public static string Shipped(Type record, string language)
    {
        var fileName = $"{record.Name}.{language}.md";
        using var stream = record.Assembly.GetManifestResourceStream(fileName)
            ?? throw new TemplateException(
                $"'{record.Name}' has no template '{fileName}' in '{record.Assembly.GetName().Name}'. Add the file beside the record; it is embedded by the project file.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    /// <exception cref="TemplateException">It does not begin with a title, or is no Liquid.</exception>
    public static TextTemplate Parse(string fileName, string text)
    {
        var parts = text.ReplaceLineEndings("\n").Split('\n', 3);
        if (parts.Length < 3 || parts[0].Trim().Length == 0 || parts[1].Trim().Length > 0)
            throw new TemplateException(
                $"Template '{fileName}' must start with the subject on its first line, then a blank line, then the body.", 1,
                "La première ligne est l’objet ou le titre, la deuxième reste vide, le texte suit.");

        // Two empty lines stand for the title and the blank line, so that errors count lines as the writer sees them.
        return new(fileName, ParsePart(fileName, parts[0]), ParsePart(fileName, "\n\n" + parts[2]));
    }

    /// <exception cref="TemplateException">A placeholder that nobody fills, or a limit passed.</exception>
    public string Render(Template part, ScriptObject values, string language, bool isMarkdown)
    {
        try
        {
            return part.Render(new TextTemplateContext(values, language, isMarkdown));
        }
        catch (ScriptRuntimeException e)
        {
            throw new TemplateException(
                $"Template '{FileName}' cannot be filled: {e.OriginalMessage} (line {e.Span.Start.Line + 1}). It knows the properties of its record, and Name, Programme, Project, link.",
                e.Span.Start.Line + 1, e.OriginalMessage, e);
        }
    }

    private static Template ParsePart(string fileName, string text)
    {
        var template = Template.ParseLiquid(text, fileName, new ParserOptions { ExpressionDepthLimit = 100 });
        if (!template.HasErrors) return template;
        var error = template.Messages.First(m => m.Type == ParserMessageType.Error);
        throw new TemplateException(
            $"Template '{fileName}' is not valid Liquid: {string.Join(" ", template.Messages)}", Math.Max(0, error.Span.Start.Line) + 1, error.Message);
    }
}

/// <summary>Writes literal text as it is and every value escaped; stops what would run on for ever.</summary>
internal sealed class TextTemplateContext : LiquidTemplateContext
{
    private readonly string language;
    private readonly bool isMarkdown;

    public TextTemplateContext(ScriptObject values, string language, bool isMarkdown)
    {
        this.language = language;
        this.isMarkdown = isMarkdown;
        StrictVariables = true;
        EnableRelaxedMemberAccess = false;
        MemberRenamer = member => member.Name;
        LoopLimit = 20_000;
        RecursiveLimit = 50;
        LimitToString = 1_000_000;
        RegexTimeOut = TimeSpan.FromSeconds(1);
        PushGlobal(MailWords.Filters);
        PushGlobal(values);
    }

    // Only the value of an expression comes here; the text of the template takes the overload for strings.
    public override TemplateContext Write(SourceSpan span, object? textAsObject)
    {
        if (textAsObject is PersonalLink)
            return isMarkdown
                ? Write(MailComposer.LinkMarker)
                : throw new ScriptRuntimeException(span, "a subject cannot hold the personal link");
        if (isMarkdown && textAsObject is MarkdownText written) return Write(written.Markdown.Trim('\n'));
        var text = ObjectToString(textAsObject) ?? "";
        return Write(isMarkdown ? MarkdownText.Escape(text) : MarkdownText.OneLine(text));
    }

    public override string? ObjectToString(object? value, bool nested = false) =>
        value is not null && MailWords.TryWrite(value, language) is { } words ? words : base.ObjectToString(value, nested);
}

internal sealed class PersonalLink
{
    public static readonly PersonalLink Marker = new();
}
