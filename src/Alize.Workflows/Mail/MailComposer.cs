using System.Collections.Concurrent;
using System.Reflection;
using Alize.Domain.Programmes;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Alize.Workflows.Mail;

/// <summary>A mail's words: a subject, and a body in Markdown that may hold the marker <c>{{link}}</c>.</summary>
public sealed record MailWording(string Subject, string Body);

/// <summary>
/// Fills a mail's template. A mail is one record, e.g. <c>AskPartnerMail</c>, with one template a language embedded in the
/// record's assembly: <c>AskPartnerMail.fr.md</c>. First line the subject, a blank line, then Markdown with Liquid placeholders:
/// the record's public properties by their names, and <c>Name</c> (addressee), <c>Programme</c>, <c>Project</c>, <c>link</c>.
/// Values are escaped, so that the name of a company never becomes a link, a heading or HTML; only <see cref="MarkdownText"/> is not.
/// </summary>
public sealed class MailComposer
{
    /// <summary>Stands in a body where the personal link goes; a value can never write it, its braces are escaped.</summary>
    public const string LinkMarker = "{{link}}";

    private readonly ConcurrentDictionary<(Type, string), MailTemplate> templates = [];

    /// <exception cref="MailTemplateException">No template in that language, or one with a placeholder nobody fills.</exception>
    public MailWording Compose(object mail, Contact to, string programme, string? project = null)
    {
        var language = LanguageOf(to);
        var template = templates.GetOrAdd((mail.GetType(), language), key => MailTemplate.Read(key.Item1, key.Item2));
        var values = new ScriptObject { ["Name"] = to.FullName, ["Programme"] = programme, ["Project"] = project, ["link"] = PersonalLink.Marker };

        // The record has the last word: a mail about another project than its row's may bear a Project of its own.
        foreach (var property in mail.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
            if (property.GetIndexParameters().Length == 0) values[property.Name] = property.GetValue(mail);

        var subject = template.Render(template.Subject, new(values, language, isMarkdown: false)).Trim();
        if (subject.Length == 0) throw new MailTemplateException($"Template '{template.FileName}' gives an empty subject: its first line is the subject.");
        return new(subject, template.Render(template.Body, new(values, language, isMarkdown: true)).Trim('\n') + "\n");
    }

    /// <summary>The language a person is written in: English for who asked for it, French for all others.</summary>
    public static string LanguageOf(Contact to) => to.Language.StartsWith("en", StringComparison.OrdinalIgnoreCase) ? "en" : "fr";
}

/// <summary>A template that is missing or does not fit its record: a bug, found by the test that renders them all.</summary>
public sealed class MailTemplateException(string message, Exception? inner = null) : Exception(message, inner);

internal sealed record MailTemplate(string FileName, Template Subject, Template Body)
{
    public static MailTemplate Read(Type mail, string language)
    {
        var fileName = $"{mail.Name}.{language}.md";
        using var stream = mail.Assembly.GetManifestResourceStream(fileName)
            ?? throw new MailTemplateException(
                $"Mail '{mail.Name}' has no template '{fileName}' in '{mail.Assembly.GetName().Name}'. Add the file beside the record; it is embedded by the project file.");
        using var reader = new StreamReader(stream);
        var parts = reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n', 3);
        if (parts.Length < 3 || parts[0].Trim().Length == 0 || parts[1].Trim().Length > 0)
            throw new MailTemplateException($"Template '{fileName}' must start with the subject on its first line, then a blank line, then the body.");
        return new(fileName, Parse(fileName, parts[0]), Parse(fileName, parts[2]));
    }

    public string Render(Template template, MailTemplateContext context)
    {
        try
        {
            return template.Render(context);
        }
        catch (ScriptRuntimeException e)
        {
            throw new MailTemplateException(
                $"Template '{FileName}' cannot be filled: {e.OriginalMessage}. It knows the properties of its record, and Name, Programme, Project, link.", e);
        }
    }

    private static Template Parse(string fileName, string text)
    {
        var template = Template.ParseLiquid(text, fileName);
        return template.HasErrors
            ? throw new MailTemplateException($"Template '{fileName}' is not valid Liquid: {string.Join(" ", template.Messages)}")
            : template;
    }
}

/// <summary>Writes literal text as it is and every value escaped.</summary>
internal sealed class MailTemplateContext : LiquidTemplateContext
{
    private readonly string language;
    private readonly bool isMarkdown;

    public MailTemplateContext(ScriptObject values, string language, bool isMarkdown)
    {
        this.language = language;
        this.isMarkdown = isMarkdown;
        StrictVariables = true;
        EnableRelaxedMemberAccess = false;
        MemberRenamer = member => member.Name;
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
