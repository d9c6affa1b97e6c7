namespace Alize.Domain.Programmes;

/// <summary>What a partner is; it decides which committees it sits on and what it may give.</summary>
public enum PartnerKind
{
    /// <summary>Entreprise partenaire.</summary>
    Company,

    /// <summary>Collectivité territoriale.</summary>
    LocalAuthority,

    /// <summary>Organisme local.</summary>
    LocalBody,

    /// <summary>L'État, represented by the Prefect.</summary>
    State,

    /// <summary>Caisse des dépôts et consignations.</summary>
    Cdc,

    /// <summary>ASTREES, tête de réseau.</summary>
    Astrees,

    /// <summary>Opérateur local.</summary>
    LocalOperator,

    /// <summary>Structure relais.</summary>
    RelayStructure,
}

/// <summary>Partenaire: a signatory of the territorial convention, or a relay structure.</summary>
public sealed class Partner
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>What it is.</summary>
    public required PartnerKind Kind { get; init; }

    /// <summary>Name.</summary>
    public required string Name { get; set; }
}

/// <summary>The role a contact holds; one contact row for each role.</summary>
public enum ContactRole
{
    /// <summary>Speaks and signs for a partner.</summary>
    Representative,

    /// <summary>Membre du comité d'agrément (art. 5.2).</summary>
    CommitteeMember,

    /// <summary>Président du comité d'agrément (art. 5.2, R3).</summary>
    CommitteeChair,

    /// <summary>Dirigeant of a company that is helped.</summary>
    CompanyHead,

    /// <summary>Chargé de mission of the local operator.</summary>
    OperatorStaff,
}

/// <summary>A person in a role, for a partner or for a company, from a day to a day.</summary>
public sealed class Contact
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The partner this person acts for. Null for a company's head.</summary>
    public Guid? PartnerId { get; init; }

    /// <summary>The company this person heads. Null for a partner's contact.</summary>
    public Guid? CompanyId { get; init; }

    /// <summary>The role.</summary>
    public required ContactRole Role { get; init; }

    /// <summary>First and last name.</summary>
    public required string FullName { get; set; }

    /// <summary>Function, e.g. « Directrice du site ».</summary>
    public string JobTitle { get; set; } = "";

    /// <summary>Mail address.</summary>
    public required string Email { get; set; }

    /// <summary>Language of mails and pages: <c>fr</c> or <c>en</c>. Default <c>fr</c>.</summary>
    public string Language { get; set; } = "fr";

    /// <summary>First day in the role.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Last day in the role. Null: still in it.</summary>
    public DateOnly? Until { get; set; }

    /// <summary>Whether the person is in the role on a day.</summary>
    public bool IsActiveOn(DateOnly day) => From <= day && (Until is null || day <= Until);
}
