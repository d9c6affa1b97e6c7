namespace Alize.Domain.Programmes;

/// <summary>How a duty with a day stands.</summary>
public enum DutyState
{
    /// <summary>Its time has not come.</summary>
    NotYet,

    /// <summary>To be done now.</summary>
    Due,

    /// <summary>Its day has passed.</summary>
    Overdue,

    /// <summary>Done.</summary>
    Done,
}

/// <summary>
/// The comité local de pilotage « se réunit à minima une fois par an » (R14, art. 5.1): warned nine months after the last meeting,
/// overdue after twelve; before the first one, from the signature of the convention.
/// </summary>
/// <param name="LastMetOn">Last meeting that was held. Null: none yet.</param>
/// <param name="SignedOn">Signature of the territorial convention.</param>
public sealed record SteeringRhythm(DateOnly? LastMetOn, DateOnly SignedOn)
{
    /// <summary>Months without a meeting after which the operator is warned.</summary>
    public const int WarnAfterMonths = 9;

    /// <summary>Months within which it must meet.</summary>
    public const int MeetWithinMonths = 12;

    /// <summary>First day of the warning.</summary>
    public DateOnly WarnOn => Since.AddMonths(WarnAfterMonths);

    /// <summary>Last day for the next meeting.</summary>
    public DateOnly MeetBy => Since.AddMonths(MeetWithinMonths);

    private DateOnly Since => LastMetOn ?? SignedOn;

    /// <summary>How it stands on a day.</summary>
    public DutyState On(DateOnly day) => day > MeetBy ? DutyState.Overdue : day >= WarnOn ? DutyState.Due : DutyState.Done;

    /// <summary>What R14 holds against the programme on a day.</summary>
    public IEnumerable<Refusal> Refusals(DateOnly day)
    {
        if (On(day) == DutyState.Overdue) yield return new("R14", "5.1", "steering-not-met", FrenchText.Date(MeetBy));
    }
}

/// <summary>What each year owes to the steering committee and to the funders.</summary>
public enum YearlyDutyKind
{
    /// <summary>Arrêté des comptes, by the operator (art. 5.3).</summary>
    AccountsClosed,

    /// <summary>Rapport d'activité: compte rendu d'activité and bilan des opérations, by the chair of the approval committee and the operator (art. 5.1).</summary>
    ActivityReport,

    /// <summary>The report laid before the steering committee (art. 5.1, 5.2).</summary>
    ReportPresented,

    /// <summary>The report annexed to the appel de fonds (art. 5.1).</summary>
    AnnexedToCall,
}

/// <summary>A duty of a year, with its day and what shows that it was done.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Year">The calendar year it is about.</param>
/// <param name="From">First day it can be done: the year is over.</param>
/// <param name="By">Last day.</param>
/// <param name="DoneOn">Day it was done. Null: not yet.</param>
public sealed record YearlyDuty(YearlyDutyKind Kind, int Year, DateOnly From, DateOnly By, DateOnly? DoneOn)
{
    /// <summary>How it stands on a day.</summary>
    public DutyState On(DateOnly day) => DoneOn <= day ? DutyState.Done : day < From ? DutyState.NotYet : day <= By ? DutyState.Due : DutyState.Overdue;
}

/// <summary>
/// Yearly duties (R15, art. 5.1, 5.2, 5.3): accounts closed, activity report, its presentation, its annexation to the call for funds.
/// The convention names no day: six months after the year's end are taken, as for the accounts of associations and companies.
/// </summary>
public static class YearlyDuties
{
    /// <summary>Months after the year's end.</summary>
    public const int WithinMonths = 6;

    /// <summary>The calendar years a convention touches, its last one included.</summary>
    public static IEnumerable<int> Years(DateOnly signedOn, DateOnly endsOn) => Enumerable.Range(signedOn.Year, endsOn.Year - signedOn.Year + 1);

    /// <summary>The four duties about one year.</summary>
    /// <param name="year">The year.</param>
    /// <param name="doneOn">When each was done; those not done are not in it.</param>
    public static IReadOnlyList<YearlyDuty> Of(int year, IReadOnlyDictionary<YearlyDutyKind, DateOnly> doneOn)
    {
        var from = new DateOnly(year + 1, 1, 1);
        return
        [
            .. Enum.GetValues<YearlyDutyKind>().Select(kind => new YearlyDuty(
                kind, year, from, from.AddMonths(WithinMonths).AddDays(-1), doneOn.TryGetValue(kind, out var day) ? day : null)),
        ];
    }

    /// <summary>
    /// What forbids a call for funds: the report on the year before is its annexe. The first year of a convention has none before it.
    /// </summary>
    /// <param name="callYear">Year the money is called for.</param>
    /// <param name="signedOn">Signature of the convention.</param>
    /// <param name="isReportReady">Whether the report on the year before is there, closed accounts included.</param>
    public static IEnumerable<Refusal> CallRefusals(int callYear, DateOnly signedOn, bool isReportReady)
    {
        if (callYear > signedOn.Year && !isReportReady) yield return new("R15", "5.1", "call-without-report", $"{callYear - 1}");
    }
}
