using Alize.Domain;

namespace Alize.Workflows.Accounts;

/// <summary>Relevé of the dévolution for one funder (R16, art. 8): what it gave, its part of the losses, what it gets.</summary>
/// <param name="Funder">The funder.</param>
/// <param name="EndsOn">Last day of the convention.</param>
/// <param name="Lines">One line an account.</param>
/// <param name="Due">Paid now, both accounts.</param>
/// <param name="Structure">The local structure that gets it in the funder's name. Empty: the funder itself does.</param>
/// <param name="AgreedBy">Chair of the steering committee who decided it.</param>
/// <param name="Agreement">Where that is written.</param>
/// <param name="Operator">Name of the local operator.</param>
public sealed record RemainderStatementDocument(
    string Funder, DateOnly EndsOn, IReadOnlyList<RemainderLine> Lines, Money Due, string Structure, string AgreedBy, string Agreement, string Operator)
{
    public static IReadOnlyList<object> Samples { get; } =
    [
        new RemainderStatementDocument(
            "Verrerie de l’Ombrelle", new(2029, 1, 4), [new("Fonds d’avances remboursables", Money.Euros(60_000), Money.Euros(4_200), Money.Euros(55_800), Money.Zero, Money.Euros(55_800))],
            Money.Euros(55_800), "", "Isabelle Fontaine", "Réponse du 4 février 2029", "Ombrelle Développement"),
        new RemainderStatementDocument(
            "Papeteries du Val", new(2029, 1, 4), [new("Fonds d’avances remboursables", Money.Euros(45_000), Money.Euros(3_150), Money.Euros(41_850), Money.Euros(10_000), Money.Euros(31_850))],
            Money.Euros(31_850), "Initiative Ombrelle", "Isabelle Fontaine", "Réponse du 4 février 2029", "Ombrelle Développement"),
    ];
}

/// <summary>What a funder gave to one account, and what becomes of it.</summary>
/// <param name="Account">The account, in French.</param>
/// <param name="Contribution">Participation financière.</param>
/// <param name="Loss">Its part of the losses.</param>
/// <param name="Share">Its part of what remains.</param>
/// <param name="Returned">What it got before.</param>
/// <param name="Due">What it gets now.</param>
public sealed record RemainderLine(string Account, Money Contribution, Money Loss, Money Share, Money Returned, Money Due);
