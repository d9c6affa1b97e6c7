namespace Alize.Domain.Programmes;

/// <summary>
/// A calendar year of a programme (R15, art. 5.1, 5.3), from its first day until its report has been laid before the steering
/// committee. What the procedure <c>programme-year</c> is about.
/// </summary>
public sealed class ProgrammeYear
{
    /// <summary>Id; also the correlation id of the year's procedure.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The calendar year.</summary>
    public required int Year { get; init; }

    /// <summary>Day its procedure was started.</summary>
    public required DateOnly OpenedOn { get; init; }

    /// <summary>The operator's words on the year, Markdown: the compte rendu d'activité beside the figures.</summary>
    public string Commentary { get; private set; } = "";

    /// <summary>The newest report, a document of the archive. Null: none is drawn up yet.</summary>
    public Guid? ReportId { get; private set; }

    /// <summary>Day it was drawn up.</summary>
    public DateOnly? DraftedOn { get; private set; }

    /// <summary>Chair of the approval committee who approved it. Empty: nobody yet.</summary>
    public string ApprovedBy { get; private set; } = "";

    /// <summary>Day it was approved.</summary>
    public DateOnly? ApprovedOn { get; private set; }

    /// <summary>Day it went to the members of the steering committee and ASTREES.</summary>
    public DateOnly? SentOn { get; private set; }

    /// <summary>Raised at each change, so that two hands never overwrite each other.</summary>
    public int Version { get; private set; }

    /// <summary>Whether the report is there for the call for funds: approved, and sent.</summary>
    public bool IsReportReady => SentOn is not null;

    /// <summary>A report was drawn up; one drawn up before no longer counts, nor what was said of it.</summary>
    public void Draft(Guid reportId, string commentary, DateOnly on)
    {
        (ReportId, Commentary, DraftedOn) = (reportId, commentary, on);
        (ApprovedBy, ApprovedOn) = ("", null);
        Version++;
    }

    /// <summary>The chair of the approval committee approves it (art. 5.1, 5.3: « en concertation avec le président du comité d'agrément »).</summary>
    /// <exception cref="InvalidOperationException">There is no report: a bug of the caller.</exception>
    public void Approve(string by, DateOnly on)
    {
        if (ReportId is null) throw new InvalidOperationException($"The report on {Year} is not drawn up: draft it first.");
        (ApprovedBy, ApprovedOn) = (by, on);
        Version++;
    }

    /// <summary>It goes to those it is for.</summary>
    /// <exception cref="InvalidOperationException">It is not approved: a bug of the caller.</exception>
    public void Send(DateOnly on)
    {
        if (ApprovedOn is null) throw new InvalidOperationException($"The report on {Year} is not approved: have it approved first.");
        SentOn = on;
        Version++;
    }

    /// <summary>The four duties of the year, with the day each was done.</summary>
    /// <param name="closedOn">Day the accounts were closed through the year's end. Null: not yet.</param>
    /// <param name="presentedOn">First session of the steering committee held after the report was sent. Null: none yet.</param>
    /// <param name="annexedOn">First call for funds that bears the report. Null: none yet.</param>
    public IReadOnlyList<YearlyDuty> Duties(DateOnly? closedOn, DateOnly? presentedOn, DateOnly? annexedOn)
    {
        var done = new Dictionary<YearlyDutyKind, DateOnly>();
        if (closedOn is { } closed) done[YearlyDutyKind.AccountsClosed] = closed;
        if (SentOn is { } sent) done[YearlyDutyKind.ActivityReport] = sent;
        if (presentedOn is { } presented) done[YearlyDutyKind.ReportPresented] = presented;
        if (annexedOn is { } annexed) done[YearlyDutyKind.AnnexedToCall] = annexed;
        return YearlyDuties.Of(Year, done);
    }
}
