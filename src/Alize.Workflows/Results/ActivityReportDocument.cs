using Alize.Domain;

namespace Alize.Workflows.Results;

/// <summary>Rapport d’activité of a year (R15, art. 5.1, 5.3): minutes of the activity and balance of operations.</summary>
/// <param name="Year">Calendar year.</param>
/// <param name="Projects">Projects decided that year and what became of them.</param>
/// <param name="Approved">How many were approved since the programme began.</param>
/// <param name="TargetProjects">X, the number aimed at (art. 3).</param>
/// <param name="Jobs">Jobs counted since the programme began.</param>
/// <param name="TargetJobs">Y, the number aimed at (art. 3).</param>
/// <param name="Sessions">Sessions held that year.</param>
/// <param name="Commitments">Competences committed that year, by partner.</param>
/// <param name="Advances">Advances granted that year.</param>
/// <param name="Repaid">Repayments received that year.</param>
/// <param name="Outstanding">Still to be repaid at the end of the year.</param>
/// <param name="Operator">Name of the local operator.</param>
/// <param name="Chair">Who chairs the approval committee.</param>
public sealed record ActivityReportDocument(
    int Year, IReadOnlyList<ReportedProject> Projects, int Approved, int TargetProjects, int Jobs, int TargetJobs, int Sessions,
    IReadOnlyList<ReportedCompetence> Commitments, Money Advances, Money Repaid, Money Outstanding, string Operator, string Chair)
{
    public static ActivityReportDocument Sample { get; } = new(
        2026, [new("2026-003", "Tournerie des Aulnes", "Agréé", Money.Euros(30_000), 6), new("2026-004", "Scierie du Val", "Ajourné", Money.Zero, 3)],
        8, 60, 21, 240, 4, [new("Papeteries du Val", "12 journées", "9 journées", Money.Euros(8_400)), new("Aciéries Beaulieu", "6 journées", "6 journées", Money.Euros(4_200))],
        Money.Euros(120_000), Money.Euros(18_000), Money.Euros(102_000), "Ombrelle Développement", "Hélène Marchand");
}

/// <summary>A project of the year.</summary>
public sealed record ReportedProject(string Number, string Company, string Outcome, Money Advance, int Jobs);

/// <summary>What one partner committed and gave.</summary>
public sealed record ReportedCompetence(string Partner, string Committed, string Given, Money Value);
