namespace Alize.Domain.Eligibility;

/// <summary>Where a project stands. Every stage is left by a recorded decision: who, when, why.</summary>
public enum ProjectStage
{
    /// <summary>Détecté by a partner.</summary>
    Detected,

    /// <summary>Vérification de l'éligibilité (R1).</summary>
    Eligibility,

    /// <summary>Instruction by the operator.</summary>
    Instruction,

    /// <summary>Passage en comité d'agrément (R2).</summary>
    Committee,

    /// <summary>Signature de la convention de coopération et développement (R8).</summary>
    Signature,

    /// <summary>Mise en œuvre: payment, competences, follow-up.</summary>
    Support,

    /// <summary>Remboursement of the advance.</summary>
    Repayment,

    /// <summary>Évaluation of the jobs created (R17).</summary>
    Evaluation,

    /// <summary>Clos, at the end of its life.</summary>
    Closed,

    /// <summary>Inéligible (R1).</summary>
    NotEligible,

    /// <summary>Orienté vers un autre dispositif (R18).</summary>
    OrientedElsewhere,

    /// <summary>Rejeté by the committee.</summary>
    Rejected,

    /// <summary>Abandonné.</summary>
    Abandoned,
}

/// <summary>Projet de développement of a company (art. 6.1), followed from detection to its closing.</summary>
public sealed class CompanyProject
{
    private readonly List<StageChange> stageChanges = [];

    /// <summary>Id; also the correlation id of its workflows.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>Number for people, unique within the programme, e.g. <c>2026-003</c>.</summary>
    public required string Number { get; init; }

    /// <summary>The company.</summary>
    public required Guid CompanyId { get; init; }

    /// <summary>Title.</summary>
    public required string Title { get; set; }

    /// <summary>What it is about.</summary>
    public string Description { get; set; } = "";

    /// <summary>The partner who detected it (art. 6.1).</summary>
    public required Guid DetectedByPartnerId { get; init; }

    /// <summary>Mandataire: keeps the committee informed (art. 6.2). Null until the committee names one.</summary>
    public Guid? LeadPartnerId { get; set; }

    /// <summary>Day of detection.</summary>
    public required DateOnly DetectedOn { get; init; }

    /// <summary>Jobs it should create. Null: unknown.</summary>
    public int? JobsPlanned { get; set; }

    /// <summary>Cost of the project.</summary>
    public Money Cost { get; set; }

    /// <summary>What its holder pays (R7b).</summary>
    public Money OwnShare { get; set; }

    /// <summary>Advance asked for; zero for competences alone.</summary>
    public Money RequestedAdvance { get; set; }

    /// <summary>Months asked for.</summary>
    public int RequestedMonths { get; set; }

    /// <summary>Deferral asked for, in months.</summary>
    public int RequestedDeferralMonths { get; set; }

    /// <summary>Competences asked for, in the company's words.</summary>
    public string CompetencesAsked { get; set; } = "";

    /// <summary>Dispositifs existants considered, and why they do not serve (R18).</summary>
    public string SchemesConsidered { get; set; } = "";

    /// <summary>State aid received in the three years before, as declared (R7c).</summary>
    public Money DeclaredDeMinimis { get; set; }

    /// <summary>Where it stands.</summary>
    public ProjectStage Stage { get; private set; } = ProjectStage.Detected;

    /// <summary>Raised at each change of stage, so that two hands never move it at once.</summary>
    public int Version { get; private set; }

    /// <summary>How it came to stand there, in order.</summary>
    public IReadOnlyList<StageChange> StageChanges => [.. stageChanges.OrderBy(c => c.At)];

    /// <summary>Whether its life has ended.</summary>
    public bool IsEnded => Stage is ProjectStage.Closed or ProjectStage.NotEligible or ProjectStage.OrientedElsewhere
        or ProjectStage.Rejected or ProjectStage.Abandoned;

    /// <summary>Enters a stage; entering the stage it stands in changes nothing, so that a step may run twice.</summary>
    public void Enter(ProjectStage stage, DateTime at, string by, string reason)
    {
        if (stage == Stage) return;
        stageChanges.Add(new() { ProjectId = Id, ProgrammeId = ProgrammeId, From = Stage, To = stage, At = at, By = by, Reason = reason });
        Stage = stage;
        Version++;
    }
}

/// <summary>One step of a project's life.</summary>
public sealed class StageChange
{
    /// <summary>Id, ascending.</summary>
    public long Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The project.</summary>
    public required Guid ProjectId { get; init; }

    /// <summary>Stage left.</summary>
    public required ProjectStage From { get; init; }

    /// <summary>Stage entered.</summary>
    public required ProjectStage To { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTime At { get; init; }

    /// <summary>Who decided.</summary>
    public required string By { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }
}
