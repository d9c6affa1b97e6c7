using Alize.Domain;

namespace Alize.Workflows;

/// <summary>What a person typed cannot be taken: where, and a French sentence saying what, why and what to do.</summary>
/// <param name="Field">Name of the form's field; empty for the whole form.</param>
/// <param name="Sentence">The sentence.</param>
public sealed record Problem(string Field, string Sentence)
{
    /// <summary>The sentence, with the no-break spaces of French typography.</summary>
    public string Sentence { get; init; } = FrenchText.Typeset(Sentence);
}
