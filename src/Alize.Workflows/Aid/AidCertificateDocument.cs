using Alize.Domain;

namespace Alize.Workflows.Aid;

/// <summary>Attestation of State aid given to a company as de minimis aid (R7c, Regulation (EU) 2023/2831, art. 7).</summary>
/// <param name="Company">Name of the company.</param>
/// <param name="Commune">Its commune.</param>
/// <param name="Siret">Its SIRET, in groups.</param>
/// <param name="Number">Number of the project.</param>
/// <param name="GrantedOn">Day of the decision: the grant date.</param>
/// <param name="Advance">The advance; zero for competences alone.</param>
/// <param name="Months">Its duration.</param>
/// <param name="DeferralMonths">Its deferral.</param>
/// <param name="GrossGrantEquivalent">Équivalent-subvention brut of the advance.</param>
/// <param name="Competences">Value of the competences lent, where they count as aid; zero otherwise.</param>
/// <param name="Total">Aid granted in all.</param>
/// <param name="Ceiling">Ceiling per single undertaking over three years.</param>
/// <param name="Method">How the equivalent was reckoned: rate, source.</param>
/// <param name="Operator">Name of the local operator.</param>
public sealed record AidCertificateDocument(
    string Company, string Commune, string Siret, string Number, DateOnly GrantedOn, Money Advance, int Months, int DeferralMonths,
    Money GrossGrantEquivalent, Money Competences, Money Total, Money Ceiling, string Method, string Operator)
{
    public static AidCertificateDocument Sample { get; } = new(
        "Tournerie des Aulnes", "Saint-Aubin-sur-Ombrelle", "412 345 670 00019", "2026-003", new(2026, 3, 16), Money.Euros(30_000), 36, 6,
        new(407_225), Money.Euros(6_300), new(1_037_225), Money.Euros(300_000), "taux de référence de 8,59 %, équivalent annuel", "Ombrelle Développement");
}
