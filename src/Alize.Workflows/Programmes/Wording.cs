using System.Text.RegularExpressions;
using Alize.Domain;
using Alize.Domain.Programmes;
using Alize.Workflows.Mail;

namespace Alize.Workflows.Programmes;

/// <summary>A text of a definition in the languages it is written in. Who reads English gets the French one where there is no other.</summary>
/// <param name="French">In French, as the operator typed it.</param>
/// <param name="English">In English. Null or empty: not written.</param>
public sealed partial record Wording(string French, string? English = null)
{
    /// <summary>The language this person gets it in: <c>fr</c> or <c>en</c>.</summary>
    public string LanguageFor(Contact? reader) => English is { Length: > 0 } && ReadsEnglish(reader) ? "en" : "fr";

    /// <summary>The text for this person; French with its no-break spaces, which nobody types into a definition.</summary>
    public string For(Contact? reader) => LanguageFor(reader) == "en" ? English! : Typeset(French);

    /// <summary>Whether a person asked to be written to in English.</summary>
    public static bool ReadsEnglish(Contact? reader) => reader is not null && MailComposer.LanguageOf(reader) == "en";

    // Only what the operator wrote: an apostrophe in a Liquid tag is a quote, and a company's name stays as it is written.
    private static string Typeset(string template) =>
        string.Concat(LiquidTag().Split(template).Select((part, i) => i % 2 == 1 ? part : FrenchText.Typeset(part)));

    [GeneratedRegex(@"(\{\{.*?\}\}|\{%.*?%\})", RegexOptions.Singleline)]
    private static partial Regex LiquidTag();
}
