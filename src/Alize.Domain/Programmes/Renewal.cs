namespace Alize.Domain.Programmes;

/// <summary>What the partners decided about the time after the three years.</summary>
public enum RenewalDecision
{
    /// <summary>Not decided yet.</summary>
    Open,

    /// <summary>Another three years.</summary>
    Renewed,

    /// <summary>Not renewed: existing aid is managed to its end, then what remains is given back.</summary>
    NotRenewed,
}

/// <summary>Where a programme is in its life.</summary>
public enum TermPhase
{
    /// <summary>New aid may be decided.</summary>
    Running,

    /// <summary>Étude des conditions de poursuite.</summary>
    RenewalStudy,

    /// <summary>Over: existing aid alone is managed.</summary>
    ManagedToItsEnd,

    /// <summary>Over, and another convention follows.</summary>
    Continued,
}

/// <summary>
/// The end of the three years (R16, art. 8): the partners « s'engagent à étudier les conditions de poursuite de l'action ». The study
/// begins nine months before the end, so that the yearly steering committee can still decide; reminded at six and three.
/// </summary>
/// <param name="SignedOn">Signature of the convention.</param>
/// <param name="EndsOn">Its last day.</param>
/// <param name="Decision">What was decided.</param>
/// <param name="DecidedOn">When. Null: not yet.</param>
public sealed record Renewal(DateOnly SignedOn, DateOnly EndsOn, RenewalDecision Decision, DateOnly? DecidedOn)
{
    /// <summary>Months before the end at which the study begins.</summary>
    public const int StudyMonths = 9;

    /// <summary>First day of the study.</summary>
    public DateOnly StudyFrom => EndsOn.AddDays(1).AddMonths(-StudyMonths);

    /// <summary>Days on which the operator and the chair are reminded, while nothing is decided.</summary>
    public IReadOnlyList<DateOnly> RemindOn => Decision != RenewalDecision.Open ? []
        : [StudyFrom, EndsOn.AddDays(1).AddMonths(-6), EndsOn.AddDays(1).AddMonths(-3)];

    /// <summary>Last day for the decision: the convention's own.</summary>
    public DateOnly DecideBy => EndsOn;

    /// <summary>The phase on a day.</summary>
    public TermPhase On(DateOnly day) =>
        day > EndsOn ? Decision == RenewalDecision.Renewed ? TermPhase.Continued : TermPhase.ManagedToItsEnd
        : day >= StudyFrom && Decision == RenewalDecision.Open ? TermPhase.RenewalStudy
        : TermPhase.Running;

    /// <summary>What forbids deciding new aid on a day: the term is over and was not renewed.</summary>
    public IEnumerable<Refusal> NewAidRefusals(DateOnly day)
    {
        if (day > EndsOn && Decision != RenewalDecision.Renewed) yield return new("R16", "8", "aid-after-the-term", FrenchText.Date(EndsOn));
    }

    /// <summary>What forbids recording a decision: it was recorded before, or the study has not begun.</summary>
    public IEnumerable<Refusal> DecisionRefusals(DateOnly day)
    {
        if (Decision != RenewalDecision.Open) yield return new("R16", "8", "renewal-decided-already", FrenchText.Date(DecidedOn ?? EndsOn));
        else if (day < StudyFrom) yield return new("R16", "8", "renewal-before-study", FrenchText.Date(StudyFrom));
    }
}
