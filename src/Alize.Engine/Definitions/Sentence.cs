using System.Globalization;

namespace Alize.Engine.Definitions;

/// <summary>
/// Something said about a definition, by its key in <see cref="DefinitionSentences"/> and what it is about: so that the same thing is said
/// in French to people and in English to the log.
/// </summary>
/// <param name="Key">Key of the sentence.</param>
/// <param name="Arguments">What stands for {0}, {1}… A sentence among them is said in the same language.</param>
public sealed record Sentence(string Key, params IReadOnlyList<object?> Arguments)
{
    /// <summary>In French, with French typography: for people.</summary>
    public string French => FrenchSpaces(Say(DefinitionSentences.Of(Key).French, a => a.French));

    /// <summary>In English: for the log.</summary>
    public string English => Say(DefinitionSentences.Of(Key).English, a => a.English);

    /// <summary>A word or an empty text, the same in every language.</summary>
    public static Sentence Nothing { get; } = new("nothing");

    /// <summary>Several, one a line.</summary>
    internal static Sentence Lines(IEnumerable<Sentence> sentences) =>
        sentences.Aggregate((all, next) => new("lines", all, next));

    /// <summary>"Did you mean…", or nothing when no candidate is near.</summary>
    internal static Sentence DidYouMean(string? nearest) => nearest is null ? Nothing : new("did-you-mean", nearest);

    private string Say(string pattern, Func<Sentence, string> language) =>
        string.Format(CultureInfo.InvariantCulture, pattern, [.. Arguments.Select(a => a is Sentence inner ? language(inner) : a)]);

    // No-break spaces where French puts a space before a sign, so that a line never begins with it.
    private static string FrenchSpaces(string text) => text
        .Replace("« ", "«\u00A0", StringComparison.Ordinal).Replace(" »", "\u00A0»", StringComparison.Ordinal)
        .Replace(" :", "\u00A0:", StringComparison.Ordinal).Replace(" ?", "\u202F?", StringComparison.Ordinal)
        .Replace(" ;", "\u202F;", StringComparison.Ordinal);
}
