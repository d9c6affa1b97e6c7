using Alize.Domain;
using Alize.Domain.Results;
using Alize.Workflows.Results;

namespace Alize.Workflows.Programmes;

/// <summary>Étude des conditions de poursuite (R16, art. 8): where the programme stands, read from the same figures as the activity report.</summary>
/// <param name="SignedOn">Signature of the convention.</param>
/// <param name="EndsOn">Its last day.</param>
/// <param name="Through">Last day counted.</param>
/// <param name="Goals">X and Y of article 3.</param>
/// <param name="Flows">What moved in the fund of advances since the beginning.</param>
/// <param name="Stocks">What stands in it.</param>
/// <param name="Partners">What each partner gave since the beginning.</param>
/// <param name="Operator">Name of the local operator.</param>
public sealed record RenewalStudyDocument(
    DateOnly SignedOn, DateOnly EndsOn, DateOnly Through, IReadOnlyList<ReportedGoal> Goals, IReadOnlyList<ReportedFlow> Flows, IReadOnlyList<ReportedStock> Stocks,
    IReadOnlyList<StudiedPartner> Partners, string Operator)
{
    public static RenewalStudyDocument Sample { get; } = new(
        new(2026, 1, 5), new(2029, 1, 4), new(2028, 4, 5), ActivityReportDocument.Sample.Goals, ActivityReportDocument.Sample.Flows, ActivityReportDocument.Sample.Stocks,
        [new("Papeteries du Val", Money.Euros(45_000), "32 journées", Money.Euros(22_400))], "Ombrelle Développement");

    /// <summary>The study of today's report.</summary>
    public static RenewalStudyDocument Of(ActivityReport report, DateOnly signedOn, DateOnly endsOn, string localOperator)
    {
        var words = ActivityReportDocument.Of(report, "", localOperator, "");
        return new(
            signedOn, endsOn, report.Through, words.Goals, words.Flows, words.Stocks,
            [.. report.Partners.Select(p => new StudiedPartner(p.Name, p.Given.ReceivedInAll, p.Given.HalfDaysInAll == 0 ? "–" : FrenchText.Days(p.Given.HalfDaysInAll), p.Given.ValueInAll))],
            localOperator);
    }
}

/// <summary>What a partner gave since the beginning.</summary>
public sealed record StudiedPartner(string Partner, Money Received, string Spent, Money Value);
