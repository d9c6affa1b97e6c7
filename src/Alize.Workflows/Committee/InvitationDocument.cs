namespace Alize.Workflows.Committee;

/// <summary>The letter that convenes a committee (R4, art. 5.1, 5.2).</summary>
/// <param name="Committee">« comité d’agrément » or « comité local de pilotage et d’évaluation ».</param>
/// <param name="StartsAt">Start, UTC.</param>
/// <param name="Place">Room, address or link.</param>
/// <param name="Chair">Who presides. Empty: not named yet.</param>
/// <param name="Agenda">Projects to decide on, in order.</param>
/// <param name="Invited">Everybody invited, with whom they act for.</param>
/// <param name="Operator">Name of the local operator, who convenes. Empty: not known.</param>
public sealed record InvitationDocument(
    string Committee, DateTime StartsAt, string Place, string Chair, IReadOnlyList<AgendaLine> Agenda, IReadOnlyList<PersonNamed> Invited, string Operator)
{
    /// <summary>Address of the video meeting. Empty for none.</summary>
    public string VideoLink { get; init; } = "";

    /// <summary>Points of the agenda that are no project.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>Whether it is the committee that votes on projects (art. 5.2).</summary>
    public bool DecidesOnProjects { get; init; } = true;

    public static InvitationDocument Sample { get; } = new(
        "comité d’agrément", new(2026, 3, 16, 8, 30, 0, DateTimeKind.Utc), "Salle du conseil, 12 place de la Mairie, Saint-Aubin-sur-Ombrelle", "Hélène Marchand",
        [new("2026-003", "Atelier d’usinage cinq axes", "Tournerie des Aulnes"), new("2026-004", "Extension du séchoir", "Scierie du Val")],
        [new("Hélène Marchand", "Verrerie de l’Ombrelle"), new("Karim Benali", "Papeteries du Val"), new("Anne Vidal", "ASTREES")], "Ombrelle Développement")
    {
        VideoLink = "https://visio.example/ombrelle",
        Topics = ["Approbation du compte rendu précédent"],
    };
}

/// <summary>A project on the agenda.</summary>
public sealed record AgendaLine(string Number, string Title, string Company);

/// <summary>A person, and whom they act for; empty for nobody.</summary>
public sealed record PersonNamed(string Name, string For);
