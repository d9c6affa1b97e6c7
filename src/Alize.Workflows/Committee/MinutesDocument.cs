using Alize.Workflows.Mail;

namespace Alize.Workflows.Committee;

/// <summary>Compte rendu of a session (R4, art. 5.2), as the chair approved it.</summary>
/// <param name="Committee">« comité d’agrément » or « comité local de pilotage et d’évaluation ».</param>
/// <param name="StartsAt">Start of the session, UTC.</param>
/// <param name="Place">Where it sat.</param>
/// <param name="Chair">Who presided.</param>
/// <param name="Minutes">The approved text, Markdown.</param>
/// <param name="ApprovedBy">Who approved it. Empty: not known.</param>
/// <param name="Present">Voting members present.</param>
public sealed record MinutesDocument(string Committee, DateTime StartsAt, string Place, string Chair, MarkdownText Minutes, string ApprovedBy, int Present)
{
    public static MinutesDocument Sample { get; } = new(
        "comité d’agrément", new(2026, 3, 16, 8, 30, 0, DateTimeKind.Utc), "Salle du conseil, Saint-Aubin-sur-Ombrelle", "Hélène Marchand",
        new("""
            ## Présences

            - Présents : Hélène Marchand, Karim Benali, Sophie Lambert, Julien Morel
            - Présents par visioconférence : Emily Carter

            ## 2026-003 — Atelier d’usinage cinq axes

            **Agréé.** 6 voix pour sur 9 membres présents (2 contre, 1 abstention) : 3 × 6 = 18 est au moins égal à 2 × 9 = 18. La décision est adoptée.

            Avance remboursable de 30 000,00 € sur 36 mois, dont 6 de différé.
            """),
        "Hélène Marchand", 9);
}
