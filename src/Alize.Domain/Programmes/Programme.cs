namespace Alize.Domain.Programmes;

/// <summary>
/// Dispositif ALIZÉ®XXX (art. 1, 2, 8): one territory's programme, three years from its signature. A server hosts many, and
/// every row that belongs to one says which.
/// </summary>
public sealed class Programme
{
    private readonly List<ProgrammeSettings> settings = [];

    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Short name in addresses, e.g. <c>vallee-de-l-ombrelle</c>; lower-case letters, digits and hyphens.</summary>
    public required string Slug { get; init; }

    /// <summary>Name for people, e.g. « ALIZÉ® Vallée de l'Ombrelle ».</summary>
    public required string Name { get; set; }

    /// <summary>Territoire (art. 2).</summary>
    public required string Territory { get; set; }

    /// <summary>Signature of the territorial convention (art. 8).</summary>
    public required DateOnly SignedOn { get; init; }

    /// <summary>X, the number of projects aimed at over the term (R17, art. 3).</summary>
    public int TargetProjects { get; set; }

    /// <summary>Y, the number of jobs aimed at (R17, art. 3).</summary>
    public int TargetJobs { get; set; }

    /// <summary>The communes of the territory (art. 2), by name. Empty: not described yet, and no commune is outside it.</summary>
    public IReadOnlyList<string> Communes { get; set; } = [];

    /// <summary>The territory's agreement, dated.</summary>
    public IReadOnlyList<ProgrammeSettings> Settings => settings;

    /// <summary>Last day of the convention: three years from its signature (R16, art. 8).</summary>
    public DateOnly EndsOn => SignedOn.AddYears(3).AddDays(-1);

    /// <summary>The settings in force on a day; the first ones for a day before them all.</summary>
    /// <exception cref="InvalidOperationException">The programme was made without settings: a bug.</exception>
    public ProgrammeSettings SettingsOn(DateOnly day) =>
        settings.Where(s => s.From <= day).MaxBy(s => s.From) ?? settings.MinBy(s => s.From)
        ?? throw new InvalidOperationException($"Programme '{Slug}' has no settings; add one row dated {SignedOn:O}.");

    /// <summary>
    /// Whether a commune lies in the territory (art. 2). A project elsewhere is not refused by the convention: people are told, and decide.
    /// </summary>
    public bool Covers(string commune) => Communes.Count == 0 || CommuneNames.Contain(Communes, commune);

    /// <summary>Adds settings that hold from their day on.</summary>
    public void Agree(ProgrammeSettings agreed) => settings.Add(agreed);
}

/// <summary>What the territory agreed on and may agree anew: one row from each day on, never edited in place.</summary>
public sealed class ProgrammeSettings
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>First day it holds.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Value of a day of competences (R11, art. 4). Default 700 €.</summary>
    public Money DayRate { get; init; } = Money.Euros(700);

    /// <summary>Least part of the project's cost that its holder pays, in percent (R7b, art. 6.2). Default 25.</summary>
    public int MinimumOwnSharePercent { get; init; } = 25;

    /// <summary>Whether the deferral counts inside the 36 months (R6). Default: it does.</summary>
    public bool DeferralCountsInside { get; init; } = true;

    /// <summary>Whether Good Friday and 26 December are holidays too. Default: no.</summary>
    public bool IsAlsaceMoselle { get; init; }

    /// <summary>Working days a partner has to name the person for a competence it committed (R20). Default 20.</summary>
    public int MobilisationWorkingDays { get; init; } = 20;

    /// <summary>
    /// The Commission's base rate for France in hundredths of a percent, for the gross grant equivalent of an advance (R7c). Null:
    /// the operator has not entered one yet, and no advance can be decided.
    /// </summary>
    public int? BaseRateBasisPoints { get; init; }

    /// <summary>Where that rate was read.</summary>
    public string BaseRateSource { get; init; } = "";

    /// <summary>Whether the CDC's own endowment counts in the total of which it may give 20 % (R10, art. 4). Default: it does.</summary>
    public bool CdcCountsOwn { get; init; } = true;

    /// <summary>Whether staff-days lent free count as State aid (R7c). Default: they do.</summary>
    public bool CompetencesCountAsAid { get; init; } = true;
}
