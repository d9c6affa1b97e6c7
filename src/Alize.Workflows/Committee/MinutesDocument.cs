using Alize.Domain;
using Alize.Workflows.Mail;

namespace Alize.Workflows.Committee;

/// <summary>
/// Compte rendu of a session (R4, art. 5.2), as the chair approved it: the text people read and, beside it, who was there and what was
/// decided as data.
/// </summary>
/// <param name="Committee">« comité d’agrément » or « comité local de pilotage et d’évaluation ».</param>
/// <param name="StartsAt">Start of the session, UTC.</param>
/// <param name="Place">Where it sat.</param>
/// <param name="Chair">Who presided.</param>
/// <param name="Minutes">The approved text, Markdown.</param>
/// <param name="ApprovedBy">Who approved it. Empty: not known.</param>
/// <param name="Present">Voting members present.</param>
public sealed record MinutesDocument(string Committee, DateTime StartsAt, string Place, string Chair, MarkdownText Minutes, string ApprovedBy, int Present)
{
    /// <summary>When it was approved, UTC. Null: not known.</summary>
    public DateTime? ApprovedAt { get; init; }

    /// <summary>Everybody invited, and how each attended.</summary>
    public IReadOnlyList<MinutedPerson> Invited { get; init; } = [];

    /// <summary>Points of the agenda that were no project.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>What was decided, in order.</summary>
    public IReadOnlyList<MinutedDecision> Decisions { get; init; } = [];

    /// <summary>Address of the page that checks the seal. Empty for none.</summary>
    public string VerifyAt { get; init; } = "";

    public static MinutesDocument Sample { get; } = new(
        "comité d’agrément", new(2026, 3, 16, 8, 30, 0, DateTimeKind.Utc), "Salle du conseil, Saint-Aubin-sur-Ombrelle", "Hélène Marchand",
        new("""
            ## Comité d’agrément – séance du 16 mars 2026 à 9 h 30, Salle du conseil, Saint-Aubin-sur-Ombrelle

            Présidence : Hélène Marchand

            - Présents : Hélène Marchand, Karim Benali, Sophie Lambert, Julien Morel
            - Présents par visioconférence : Emily Carter

            ### 2026-003 — Atelier d’usinage cinq axes

            **Projet agréé.** 6 voix pour sur 9 membres présents (2 contre, 1 abstention) : 3 × 6 = 18 est au moins égal à 2 × 9 = 18. La décision est adoptée.

            Avance remboursable de 30 000,00 € sur 36 mois, dont 6 de différé.
            """),
        "Hélène Marchand", 9)
    {
        ApprovedAt = new(2026, 3, 18, 14, 5, 0, DateTimeKind.Utc),
        Invited = [new("Hélène Marchand", "Verrerie de l’Ombrelle", true, "Room"), new("Anne Vidal", "ASTREES", false, "Room")],
        Decisions =
        [
            new("2026-003", "Atelier d’usinage cinq axes", "Tournerie des Aulnes", "Approved", 9, 6, 2, 1, "6 voix pour sur 9 membres présents (2 contre, 1 abstention)", Money.Euros(30_000), 36, 6, "", "", []),
        ],
        VerifyAt = "https://alize.example.org/verifier",
    };
}

/// <summary>Somebody invited to the session.</summary>
/// <param name="Name">Name.</param>
/// <param name="For">Whom this person acts for. Empty for nobody.</param>
/// <param name="HasVote">Whether this person has a vote.</param>
/// <param name="Presence">How this person attended: <c>Room</c>, <c>Video</c>, <c>Left</c>, <c>Absent</c>.</param>
public sealed record MinutedPerson(string Name, string For, bool HasVote, string Presence);

/// <summary>A decision with the figures of its vote (R2); who voted how stays in the trail.</summary>
public sealed record MinutedDecision(
    string Number, string Title, string Company, string Outcome, int Present, int Yes, int No, int Abstained, string Proof, Money Advance, int Months, int DeferralMonths,
    string Condition, string Reason, IReadOnlyList<string> Recused)
{
    /// <summary>Competences engaged with it (R5).</summary>
    public IReadOnlyList<MinutedDays> Competences { get; init; } = [];
}

/// <summary>Half-days that a partner engaged.</summary>
public sealed record MinutedDays(string Partner, string Field, int HalfDays);
