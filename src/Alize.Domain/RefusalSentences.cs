using System.Globalization;

namespace Alize.Domain;

/// <summary>
/// The sentence behind each <see cref="Refusal.Reason"/>, in French and in English: what is refused, why, and what to do.
/// One table, so that a translator or a lawyer reads them all on one page.
/// </summary>
public static class RefusalSentences
{
    private static readonly Dictionary<string, (string French, string English)> Sentences = new()
    {
        ["advance-not-positive"] = (
            "Le montant de l'avance doit être supérieur à zéro.",
            "The advance must be more than zero."),
    };

    /// <summary>The sentence in French, with its article: « … (art. 6.2, R6) ».</summary>
    public static string French(Refusal refusal) => Say(refusal, Sentences[refusal.Reason].French);

    /// <summary>The sentence in English, with its article.</summary>
    public static string English(Refusal refusal) => Say(refusal, Sentences[refusal.Reason].English);

    private static string Say(Refusal refusal, string sentence) =>
        string.Format(CultureInfo.InvariantCulture, sentence, [.. refusal.Figures]) + $" (art. {refusal.Article}, {refusal.Rule})";
}
