using Alize.Domain;

namespace Alize.Workflows.Accounts;

/// <summary>Appel de fonds: the letter by which a funder is asked for what it promised (art. 5.1).</summary>
/// <param name="Funder">Name of the partner.</param>
/// <param name="Reference">Reference of the call, to write on the transfer.</param>
/// <param name="Year">Year of the pledge.</param>
/// <param name="Amount">Amount called.</param>
/// <param name="Account">The account it is for, in French.</param>
/// <param name="Report">The activity report annexed. Empty: there is none yet.</param>
/// <param name="Operator">Name of the local operator.</param>
public sealed record FundsCallDocument(string Funder, string Reference, int Year, Money Amount, string Account, string Report, string Operator)
{
    public static FundsCallDocument Sample { get; } = new(
        "Verrerie de l’Ombrelle", "AF-2026-001", 2026, Money.Euros(20_000), "Fonds d’avances remboursables", "Rapport d’activité 2025", "Ombrelle Développement");
}
