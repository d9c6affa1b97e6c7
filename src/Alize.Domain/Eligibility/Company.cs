using Alize.Domain.Aid;

namespace Alize.Domain.Eligibility;

/// <summary>PME/TPE bénéficiaire, porteur de projet (art. 6.1). What is not known yet is null: unknown never passes (R1).</summary>
public sealed class Company
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>Name.</summary>
    public required string Name { get; set; }

    /// <summary>SIRET of its head office, 14 digits, checked.</summary>
    public required string Siret { get; init; }

    /// <summary>Commune of the territory.</summary>
    public required string Commune { get; set; }

    /// <summary>What it does, e.g. « Mécanique de précision ».</summary>
    public string Activity { get; set; } = "";

    /// <summary>Whether it is in the RCS or the RM.</summary>
    public bool? IsRegistered { get; set; }

    /// <summary>Effectif.</summary>
    public int? Headcount { get; set; }

    /// <summary>Chiffre d'affaires annuel.</summary>
    public Money? Turnover { get; set; }

    /// <summary>Total de bilan.</summary>
    public Money? BalanceSheetTotal { get; set; }

    /// <summary>Largest share of its capital that one other enterprise holds, in hundredths of a percent: 25 % is 2500.</summary>
    public int? LargestHolderBasisPoints { get; set; }

    /// <summary>Clôture de l'exercice, by which the State-aid law before 2024 counts (R7c). Null: not known, 31 December is taken.</summary>
    public FiscalYearEnd? AccountsCloseOn { get; set; }
}
