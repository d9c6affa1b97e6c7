using Alize.Domain.Accounts;
using Alize.Domain.Committee;
using Alize.Domain.Repayment;

namespace Alize.Domain.Results;

/// <summary>A project on which the committee decided in the year.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Company">The company.</param>
/// <param name="DecidedOn">Day of the decision.</param>
/// <param name="Outcome">What was decided.</param>
/// <param name="Advance">Advance granted.</param>
/// <param name="JobsPlanned">Jobs the company planned.</param>
/// <param name="JobsCounted">Jobs counted so far (R17).</param>
public sealed record ProjectOfYear(string Number, string Company, DateOnly DecidedOn, DecisionOutcome Outcome, Money Advance, int JobsPlanned, int JobsCounted);

/// <summary>What a partner promised for the year, beside what it gave.</summary>
/// <param name="Name">The partner.</param>
/// <param name="Pledged">Euros promised for the year (Annexe 1).</param>
/// <param name="HalfDaysPledged">Half-days promised for the year.</param>
/// <param name="Given">What it gave.</param>
public sealed record PartnerOfYear(string Name, Money Pledged, int HalfDaysPledged, PartnerContribution Given);

/// <summary>An advance as it stands at the year's end.</summary>
/// <param name="Reference">Its reference.</param>
/// <param name="Company">The company.</param>
/// <param name="Moved">What the journal moved on it.</param>
/// <param name="Arrears">What was overdue at the year's end, by age.</param>
public sealed record AdvanceOfYear(string Reference, string Company, AdvanceMovements Moved, Arrears Arrears);

/// <summary>
/// Rapport d'activité of a year (R15, art. 5.1, 5.3): « un compte rendu d'activité et un bilan des opérations réalisées l'année
/// précédente ». The one place of its figures: the page, the PDF, the spreadsheet and the renewal study read them here.
/// </summary>
/// <param name="Year">The calendar year.</param>
/// <param name="Through">Last day counted: the year's last, or the day of the question while the year runs.</param>
/// <param name="Projects">Projects supported against X, since the beginning (R17).</param>
/// <param name="Jobs">Jobs counted against Y, since the beginning (R17).</param>
/// <param name="ApprovalSessions">Sessions of the approval committee in the year.</param>
/// <param name="SteeringSessions">Sessions of the steering committee in the year (R14).</param>
/// <param name="SurveysAsked">Job surveys asked in the year.</param>
/// <param name="SurveysAnswered">Of these, answered.</param>
/// <param name="Decided">Projects decided in the year.</param>
/// <param name="Partners">Partners that promised or gave anything.</param>
/// <param name="Advances">Advances paid so far.</param>
/// <param name="Books">The balance of operations.</param>
public sealed record ActivityReport(
    int Year, DateOnly Through, ObjectiveProgress Projects, ObjectiveProgress Jobs, int ApprovalSessions, int SteeringSessions, int SurveysAsked, int SurveysAnswered,
    IReadOnlyList<ProjectOfYear> Decided, IReadOnlyList<PartnerOfYear> Partners, IReadOnlyList<AdvanceOfYear> Advances, YearOfBooks Books)
{
    /// <summary>Projects approved in the year.</summary>
    public int ApprovedInYear => Decided.Count(p => p.Outcome == DecisionOutcome.Approved);

    /// <summary>What was overdue at the year's end, by age, all advances.</summary>
    public Arrears Arrears => new(
        Money.Sum(Advances.Select(a => a.Arrears.UpTo30Days)), Money.Sum(Advances.Select(a => a.Arrears.UpTo60Days)),
        Money.Sum(Advances.Select(a => a.Arrears.UpTo90Days)), Money.Sum(Advances.Select(a => a.Arrears.Over90Days)));

    /// <summary>Still owed by companies at the year's end.</summary>
    public Money Outstanding => Books.Balance(FundAccount.Advances, LedgerAccount.AdvancesOutstanding);
}
