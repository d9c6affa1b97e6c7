using System.Collections.Concurrent;
using System.Reflection;
using Alize.Domain.Programmes;
using Alize.Workflows.Documents;
using Scriban.Runtime;

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

    private readonly ConcurrentDictionary<(Type, string), TextTemplate> templates = [];

    /// <param name="mail">The mail's record.</param>
    /// <param name="to">Who gets it.</param>
    /// <param name="programme">Name of the programme.</param>
    /// <param name="project">Title of the project. Null for none.</param>
    /// <param name="written">The operator's wording of the template. Null: the shipped one.</param>
    /// <exception cref="TemplateException">No template in that language, or one with a placeholder nobody fills.</exception>
    public MailWording Compose(object mail, Contact to, string programme, string? project = null, string? written = null)
    {
        var language = LanguageOf(to);
        var template = written is null
            ? templates.GetOrAdd((mail.GetType(), language), key => TextTemplate.Parse($"{key.Item1.Name}.{key.Item2}.md", TextTemplate.Shipped(key.Item1, key.Item2)))
            : TextTemplate.Parse($"{mail.GetType().Name}.{language}", written);
        var values = new ScriptObject { ["Name"] = to.FullName, ["Programme"] = programme, ["Project"] = project, ["link"] = PersonalLink.Marker };

        // The record has the last word: a mail about another project than its row's may bear a Project of its own.
        foreach (var property in mail.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
            if (property.GetIndexParameters().Length == 0) values[property.Name] = property.GetValue(mail);

        var subject = template.Render(template.Title, values, language, isMarkdown: false).Trim();
        if (subject.Length == 0)
            throw new TemplateException($"Template '{template.FileName}' gives an empty subject: its first line is the subject.", 1, "L’objet est vide : c’est la première ligne.");
        return new(subject, template.Render(template.Body, values, language, isMarkdown: true).Trim('\n') + "\n");
    }

    /// <summary>The language a person is written in: English for who asked for it, French for all others.</summary>
    public static string LanguageOf(Contact to) => to.Language.StartsWith("en", StringComparison.OrdinalIgnoreCase) ? "en" : "fr";
}
