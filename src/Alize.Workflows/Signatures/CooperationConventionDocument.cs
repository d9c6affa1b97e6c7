using Alize.Domain;

namespace Alize.Workflows.Signatures;

/// <summary>What the convention de coopération et développement says (art. 6.2); its words are in the template beside it.</summary>
/// <param name="Company">Name of the company.</param>
/// <param name="Commune">Its commune.</param>
/// <param name="Siret">Its SIRET, in groups.</param>
/// <param name="CompanyHead">Who signs for it.</param>
/// <param name="CompanyHeadTitle">That person's function. Empty: unknown.</param>
/// <param name="Number">Number of the project.</param>
/// <param name="Title">Title of the project.</param>
/// <param name="Description">What it is about.</param>
/// <param name="Jobs">Jobs it should create. Null: unknown.</param>
/// <param name="Cost">Cost of the project.</param>
/// <param name="OwnShare">What its holder pays.</param>
/// <param name="DecidedOn">Day of the decision.</param>
/// <param name="Vote">Proof of the majority (R2).</param>
/// <param name="Commitments">Competences lent.</param>
/// <param name="CompetenceTotal">Their value.</param>
/// <param name="HasAdvance">Whether money is granted beside the competences.</param>
/// <param name="Advance">The advance.</param>
/// <param name="Months">Its duration.</param>
/// <param name="DeferralMonths">Its deferral.</param>
/// <param name="Installments">Its instalments, by months after the payment.</param>
/// <param name="LeadPartner">Mandataire. Empty: none.</param>
/// <param name="Operator">Name of the local operator.</param>
/// <param name="Signatories">Who signs (R8).</param>
public sealed record CooperationConventionDocument(
    string Company, string Commune, string Siret, string CompanyHead, string CompanyHeadTitle,
    string Number, string Title, string Description, int? Jobs, Money Cost, Money OwnShare, DateOnly DecidedOn, string Vote,
    IReadOnlyList<LentCompetence> Commitments, Money CompetenceTotal,
    bool HasAdvance, Money Advance, int Months, int DeferralMonths, IReadOnlyList<InstallmentToCome> Installments,
    string LeadPartner, string Operator, IReadOnlyList<SignatoryNamed> Signatories)
{
    private static readonly CooperationConventionDocument WithAdvance = new(
        "Tournerie des Aulnes", "Saint-Aubin-sur-Ombrelle", "412 345 670 00019", "Sylvie Arnaud", "gérante", "2026-003", "Atelier d’usinage cinq axes",
        "Un centre d’usinage et une deuxième équipe.", 6, Money.Euros(180_000), Money.Euros(150_000), new(2026, 3, 16),
        "6 voix pour sur 9 membres présents (2 contre, 1 abstention) : la décision est adoptée.",
        [new("Papeteries du Val", "Qualité", "5 journées", Money.Euros(3_500)), new("Aciéries Beaulieu", "Organisation de la production", "4 journées", Money.Euros(2_800))],
        Money.Euros(6_300), true, Money.Euros(30_000), 36, 6,
        [.. Enumerable.Range(1, 30).Select(i => new InstallmentToCome(i, i + 6, Money.Euros(1_000), Money.Euros(30_000 - (1_000 * i))))],
        "Chambre de commerce du Val", "Ombrelle Développement",
        [
            new("Sylvie Arnaud", "gérante", "Tournerie des Aulnes", "responsable de la PME bénéficiaire"),
            new("Hélène Marchand", "directrice du site", "Verrerie de l’Ombrelle", "président du comité d’agrément"),
            new("Karim Benali", "directeur industriel", "Papeteries du Val", "entreprise partenaire apportant des compétences"),
            new("Julien Morel", "conseiller entreprises", "Chambre de commerce du Val", "mandataire"),
        ]);

    /// <summary>With an advance, and with competences alone.</summary>
    public static IReadOnlyList<object> Samples { get; } =
    [
        WithAdvance,
        WithAdvance with { HasAdvance = false, Advance = Money.Zero, Months = 0, DeferralMonths = 0, Installments = [], Jobs = null, LeadPartner = "", CompanyHeadTitle = "" },
    ];
}

/// <summary>Competences one partner lends.</summary>
public sealed record LentCompetence(string Partner, string Field, string Days, Money Value);

/// <summary>An instalment before its day is known: so many months after the payment.</summary>
public sealed record InstallmentToCome(int Number, int MonthsAfter, Money Amount, Money Left);

/// <summary>Somebody who signs.</summary>
public sealed record SignatoryNamed(string Name, string JobTitle, string For, string Capacity);
