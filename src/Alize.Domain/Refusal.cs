namespace Alize.Domain;

/// <summary>A reason the convention forbids something: shown to people, kept in the audit trail, never thrown.</summary>
/// <param name="Rule">Number in the rule list, e.g. "R6".</param>
/// <param name="Article">Article of the convention, e.g. "6.2".</param>
/// <param name="Reason">Key of the sentence shown in French or English, see <see cref="RefusalSentences"/>.</param>
/// <param name="Figures">What the sentence names: amounts, counts, names, already formatted for people.</param>
public sealed record Refusal(string Rule, string Article, string Reason, params IReadOnlyList<string> Figures)
{
    /// <summary>The French sentence with its rule and article.</summary>
    public override string ToString() => RefusalSentences.French(this);
}
