using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Results;
using Alize.Workflows.Committee;
using Alize.Workflows.Mail;

namespace Alize.Workflows.Results;

/// <summary>Rapport d’activité of a year (R15, art. 5.1, 5.3): minutes of the activity and balance of operations.</summary>
/// <param name="Year">Calendar year.</param>
/// <param name="Through">Last day counted.</param>
/// <param name="Commentary">The operator's words on the year.</param>
/// <param name="Goals">X and Y of article 3.</param>
/// <param name="ApprovalSessions">Sessions of the approval committee.</param>
/// <param name="SteeringSessions">Sessions of the steering committee.</param>
/// <param name="Surveys">Job surveys asked and answered, in words.</param>
/// <param name="Projects">Projects decided that year.</param>
/// <param name="Partners">Euros and days by partner.</param>
/// <param name="Flows">What moved in the fund of advances.</param>
/// <param name="Stocks">What stood in it at both ends of the year.</param>
/// <param name="Advances">Each advance at the year's end.</param>
/// <param name="Arrears">What was overdue, by age.</param>
/// <param name="Costs">What the second account moved.</param>
/// <param name="CostStocks">What stood in it.</param>
/// <param name="Ceilings">ASTREES and the operator, against their ceilings.</param>
/// <param name="Operator">Name of the local operator.</param>
/// <param name="Chair">Who chairs the approval committee.</param>
public sealed record ActivityReportDocument(
    int Year, DateOnly Through, MarkdownText Commentary, IReadOnlyList<ReportedGoal> Goals, int ApprovalSessions, int SteeringSessions, string Surveys,
    IReadOnlyList<ReportedProject> Projects, IReadOnlyList<ReportedPartner> Partners, IReadOnlyList<ReportedFlow> Flows, IReadOnlyList<ReportedStock> Stocks,
    IReadOnlyList<ReportedAdvance> Advances, IReadOnlyList<ReportedAmount> Arrears, IReadOnlyList<ReportedFlow> Costs, IReadOnlyList<ReportedStock> CostStocks,
    IReadOnlyList<ReportedCeiling> Ceilings, string Operator, string Chair)
{
    public static ActivityReportDocument Sample { get; } = new(
        2026, new(2026, 12, 31), new("L’année a vu la première session du comité et six entreprises accompagnées."), [new("Projets soutenus", 60, 8, "13 %"), new("Emplois créés", 240, 21, "8 %")], 4, 1,
        "3 enquêtes, 2 réponses",
        [new("2026-003", "Tournerie des Aulnes", "Agréé", Money.Euros(30_000), 6, 2), new("2026-004", "Scierie du Val", "Ajourné", Money.Zero, 3, 0)],
        [new("Papeteries du Val", Money.Euros(45_000), Money.Euros(45_000), "12 journées", "9 journées", Money.Euros(6_300)), new("Aciéries Beaulieu", Money.Euros(45_000), Money.Zero, "6 journées", "6 journées", Money.Euros(4_200))],
        [new("Avances versées", Money.Euros(120_000), Money.Euros(120_000)), new("Remboursements reçus", Money.Euros(18_000), Money.Euros(18_000))],
        [new("Avances à recevoir (reste dû)", Money.Zero, Money.Euros(102_000))],
        [new("AV-2026-003", "Tournerie des Aulnes", Money.Euros(30_000), Money.Euros(5_000), Money.Zero, Money.Euros(25_000), Money.Euros(1_000))],
        [new("1 à 30 jours", Money.Euros(1_000)), new("Plus de 90 jours", Money.Zero)], [new("Contribution à la tête de réseau", Money.Euros(6_000), Money.Euros(6_000))],
        [new("Banque, frais de fonctionnement", Money.Zero, Money.Euros(4_000))], [new("ASTREES, dans l’année", Money.Euros(6_000), Money.Euros(6_000))], "Ombrelle Développement", "Hélène Marchand");

    /// <summary>A report in the words of its document.</summary>
    public static ActivityReportDocument Of(ActivityReport report, string commentary, string localOperator, string chair) => new(
        report.Year, report.Through, new(commentary), [Goal("Projets soutenus", report.Projects), Goal("Emplois créés", report.Jobs)], report.ApprovalSessions, report.SteeringSessions,
        $"{FrenchText.Plural(report.SurveysAsked, "enquête")}, {FrenchText.Plural(report.SurveysAnswered, "réponse")}",
        [.. report.Decided.Select(p => new ReportedProject(p.Number, p.Company, OutcomeNames.French(p.Outcome), p.Advance, p.JobsPlanned, p.JobsCounted))],
        [.. report.Partners.Select(p => new ReportedPartner(
            p.Name, p.Pledged, p.Given.ReceivedInYear, Days(p.Given.HalfDaysCommitted), Days(p.Given.HalfDaysSpent), p.Given.ValueSpent))],
        [.. report.Books.AdvanceFlows.Select(Flow)], [.. report.Books.AdvanceStocks.Select(Stock)],
        [.. report.Advances.Select(a => new ReportedAdvance(a.Reference, a.Company, a.Moved.PaidOut, a.Moved.Repaid, a.Moved.Lost, a.Moved.Outstanding, a.Arrears.Total))],
        [new("1 à 30 jours", report.Arrears.UpTo30Days), new("31 à 60 jours", report.Arrears.UpTo60Days), new("61 à 90 jours", report.Arrears.UpTo90Days), new("Plus de 90 jours", report.Arrears.Over90Days)],
        [.. report.Books.CostFlows.Select(Flow)], [.. report.Books.CostStocks.Select(Stock)], [.. CeilingsOf(report.Books)], localOperator, chair);

    /// <summary>What was paid to ASTREES and to the operator against what the convention allows (R12, R13).</summary>
    public static IReadOnlyList<ReportedCeiling> CeilingsOf(YearOfBooks books)
    {
        var (network, fee) = (books.Cost(LedgerAccount.NetworkContribution), books.Cost(LedgerAccount.OperatorFee));
        return
        [
            new("ASTREES, dans l’année", network.InYear, OperatingCosts.NetworkPerYear), new("ASTREES, sur la convention", network.InAll, OperatingCosts.NetworkInAll),
            new("Opérateur local, dans l’année", fee.InYear, OperatingCosts.OperatorPerYear),
        ];
    }

    private static string Days(int halfDays) => halfDays == 0 ? "–" : FrenchText.Days(halfDays);

    private static ReportedGoal Goal(string label, ObjectiveProgress progress) =>
        new(label, progress.Target, progress.Reached, progress.Percent is { } percent ? FrenchText.Percent(percent) : "–");

    private static ReportedFlow Flow(BooksFlow flow) => new(flow.Label, flow.InYear, flow.InAll);

    private static ReportedStock Stock(BooksStock stock) => new(stock.Label, stock.AtStart, stock.AtEnd);
}

/// <summary>An objective of article 3.</summary>
public sealed record ReportedGoal(string Label, int Target, int Reached, string Share);

/// <summary>A project of the year.</summary>
public sealed record ReportedProject(string Number, string Company, string Outcome, Money Advance, int Jobs, int JobsCounted);

/// <summary>What one partner promised for the year, and gave.</summary>
public sealed record ReportedPartner(string Partner, Money Pledged, Money Received, string Committed, string Spent, Money Value);

/// <summary>What moved.</summary>
public sealed record ReportedFlow(string Label, Money InYear, Money InAll);

/// <summary>What stood.</summary>
public sealed record ReportedStock(string Label, Money AtStart, Money AtEnd);

/// <summary>One advance.</summary>
public sealed record ReportedAdvance(string Reference, string Company, Money PaidOut, Money Repaid, Money Lost, Money Outstanding, Money Overdue);

/// <summary>One amount.</summary>
public sealed record ReportedAmount(string Label, Money Amount);

/// <summary>What was paid, and how much may be.</summary>
public sealed record ReportedCeiling(string Label, Money Paid, Money Ceiling);
