namespace Alize.Domain.Aid;

/// <summary>Why a support is late (R20, art. 4).</summary>
public enum Lateness
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>The day until which a person was to be named has passed.</summary>
    NotNamed,

    /// <summary>The last day agreed has passed and the partner has not said that the support is finished.</summary>
    NotFinished,
}

/// <summary>
/// Appui en compétences: the half-days a partner committed at the committee (R5, R11, R20; art. 4, 5.2, 6.2). They are committed by
/// the decision, agreed on with the company, and spent; each step has its figures.
/// </summary>
public sealed class CompetenceCommitment
{
    private readonly List<TimeLogged> time = [];

    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The project.</summary>
    public required Guid ProjectId { get; init; }

    /// <summary>The decision that accepted it.</summary>
    public required Guid DecisionId { get; init; }

    /// <summary>The partner that lends.</summary>
    public required Guid PartnerId { get; init; }

    /// <summary>The field, e.g. « Qualité ».</summary>
    public required string Field { get; init; }

    /// <summary>Half-days committed.</summary>
    public required int HalfDays { get; init; }

    /// <summary>Value of a day when it was decided (R11).</summary>
    public required Money DayRate { get; init; }

    /// <summary>Day until which a person is to be named (R20).</summary>
    public required DateOnly MobiliseBy { get; init; }

    /// <summary>The person who comes. Null until named.</summary>
    public string? PersonName { get; private set; }

    /// <summary>When the person was named.</summary>
    public DateOnly? MobilisedOn { get; private set; }

    /// <summary>First day the partner announced. Null until announced.</summary>
    public DateOnly? StartsOn { get; private set; }

    /// <summary>Last day the partner announced. Null until announced.</summary>
    public DateOnly? EndsOn { get; private set; }

    /// <summary>When the company agreed to those days. Null until then; new days need its agreement again.</summary>
    public DateOnly? AgreedOn { get; private set; }

    /// <summary>When the support ended.</summary>
    public DateOnly? CompletedOn { get; private set; }

    /// <summary>Time as logged, corrections included.</summary>
    public IReadOnlyList<TimeLogged> Time => time;

    /// <summary>Value of what was committed.</summary>
    public Money Value => CompetenceValue.Of(HalfDays, DayRate);

    /// <summary>Half-days the company has agreed on the days of.</summary>
    public int HalfDaysAgreed => AgreedOn is null ? 0 : HalfDays;

    /// <summary>Half-days spent so far.</summary>
    public int HalfDaysLogged => time.Sum(t => t.Sign * t.HalfDays);

    /// <summary>Value of the half-days spent, each at the rate of its day (R11).</summary>
    public Money ValueLogged => Money.Sum(time.Select(t => t.Sign < 0 ? -t.Value : t.Value));

    /// <summary>Half-days committed and not yet fulfilled by time spent; what goes beyond the commitment fulfils nothing.</summary>
    public int HalfDaysLeft => HalfDays - Fulfilled;

    /// <summary>Value of <see cref="HalfDaysLeft"/>, so that the parts always add up to the whole commitment.</summary>
    public Money ValueLeft => Value - FulfilledValue;

    private static string Days(int halfDays) => FrenchText.Number(halfDays / 2m, 1);

    private int Fulfilled => time.Sum(t => t.Sign * t.Fulfils);

    private Money FulfilledValue => Money.Sum(time.Select(t => t.Sign < 0 ? -t.FulfilledValue : t.FulfilledValue));

    /// <summary>Names the person who comes.</summary>
    public void Mobilise(string personName, DateOnly on)
    {
        PersonName = personName;
        MobilisedOn ??= on;
    }

    /// <summary>Notes the days the partner announces; the company has not agreed to them yet.</summary>
    /// <exception cref="ArgumentException">They would end before they begin: the form asks again before it comes to this.</exception>
    public void Announce(DateOnly startsOn, DateOnly endsOn)
    {
        if (endsOn < startsOn) throw new ArgumentException($"Commitment '{Id}' cannot end on {endsOn:O}, before it begins on {startsOn:O}.", nameof(endsOn));
        (StartsOn, EndsOn, AgreedOn) = (startsOn, endsOn, null);
    }

    /// <summary>The days announced no longer hold: others are to be agreed on.</summary>
    public void Withdraw() => (StartsOn, EndsOn, AgreedOn) = (null, null, null);

    /// <summary>Notes that the company agrees to the days announced.</summary>
    /// <exception cref="InvalidOperationException">No days were announced: a bug of the caller.</exception>
    public void Agree(DateOnly on)
    {
        if (StartsOn is null) throw new InvalidOperationException($"Commitment '{Id}' has no days to agree on.");
        AgreedOn = on;
    }

    /// <summary>Why it is late on a day; a day that is the last one in time is not late.</summary>
    public Lateness LatenessOn(DateOnly day) =>
        CompletedOn is not null ? Lateness.None
        : PersonName is null && Mobilisation.IsLate(MobiliseBy, MobilisedOn, day) ? Lateness.NotNamed
        : EndsOn < day ? Lateness.NotFinished
        : Lateness.None;

    /// <summary>
    /// Everything that forbids logging time (R8, R15, R20; art. 5.2, 5.3, 6.2): it is spent on a day that has come, under a convention
    /// signed by all, in an open period; and it goes beyond the commitment only where whoever logs it says so.
    /// </summary>
    /// <param name="on">The day it was spent.</param>
    /// <param name="halfDays">The time.</param>
    /// <param name="saysBeyond">Whether it is said to go beyond the commitment, where it does.</param>
    /// <param name="today">The day of the question.</param>
    /// <param name="inForceOn">Day of the last signature under the convention. Null while one is missing.</param>
    /// <param name="closedThrough">Last day of the closed periods. Null while none is closed.</param>
    public IEnumerable<Refusal> TimeRefusals(DateOnly on, int halfDays, bool saysBeyond, DateOnly today, DateOnly? inForceOn, DateOnly? closedThrough)
    {
        if (halfDays < 1) yield return new("R20", "5.2", "time-not-positive");
        if (on > today) yield return new("R20", "5.2", "time-in-future", FrenchText.Short(on), FrenchText.Short(today));
        if (inForceOn is null) yield return new("R8", "6.2", "time-without-convention");
        else if (on < inForceOn) yield return new("R8", "6.2", "time-before-convention", FrenchText.Short(on), FrenchText.Short(inForceOn.Value));
        if (closedThrough is { } closed && on <= closed)
            yield return new("R15", "5.3", "time-in-closed-period", FrenchText.Short(on), FrenchText.Short(closed), FrenchText.Short(closed.AddDays(1)));
        if (halfDays > 0 && HalfDaysLogged + halfDays is var all && all > HalfDays && !saysBeyond)
            yield return new("R20", "4", "time-beyond-commitment", Days(all), Days(HalfDays), Days(all - HalfDays));
    }

    /// <summary>Logs half-days spent, valued at the rate of their day (R11); what is left of the commitment is fulfilled first.</summary>
    /// <param name="id">Id of the line.</param>
    /// <param name="key">Its own key: the same form sent twice is one line.</param>
    /// <param name="on">The day it was spent.</param>
    /// <param name="halfDays">The time.</param>
    /// <param name="note">What was done.</param>
    /// <param name="dayRate">Value of a day on that day.</param>
    /// <param name="by">Who logs it.</param>
    /// <param name="at">When, UTC.</param>
    public TimeLogged Log(Guid id, string key, DateOnly on, int halfDays, string note, Money dayRate, string by, DateTime at)
    {
        // Once the support has ended, what was left of the commitment is given back: nothing more is fulfilled.
        var fulfils = CompletedOn is null ? Math.Clamp(HalfDaysLeft, 0, halfDays) : 0;
        var line = new TimeLogged
        {
            Id = id,
            ProgrammeId = ProgrammeId,
            CommitmentId = Id,
            Key = key,
            On = on,
            HalfDays = halfDays,
            Note = note,
            Value = CompetenceValue.Of(halfDays, dayRate),
            Fulfils = fulfils,
            FulfilledValue = fulfils == 0 ? Money.Zero : CompetenceValue.Of(Fulfilled + fulfils, DayRate) - FulfilledValue,
            By = by,
            LoggedAt = at,
        };
        time.Add(line);
        return line;
    }

    /// <summary>Takes a wrong line back by a line of its own; both stay (R19). What it fulfilled is to be spent again.</summary>
    /// <exception cref="InvalidOperationException">The line is not one of this commitment, takes another back, or was taken back: who offers it looks first.</exception>
    public TimeLogged TakeBack(TimeLogged wrong, Guid id, string reason, string by, DateTime at)
    {
        if (!time.Contains(wrong) || wrong.CorrectsId is not null || IsTakenBack(wrong))
            throw new InvalidOperationException($"Line '{wrong.Id}' of commitment '{Id}' cannot be taken back.");
        var line = new TimeLogged
        {
            Id = id,
            ProgrammeId = ProgrammeId,
            CommitmentId = Id,
            Key = $"back:{wrong.Id:N}",
            On = wrong.On,
            HalfDays = wrong.HalfDays,
            Note = reason,
            Value = wrong.Value,
            Fulfils = wrong.Fulfils,
            FulfilledValue = wrong.FulfilledValue,
            By = by,
            LoggedAt = at,
            CorrectsId = wrong.Id,
        };
        time.Add(line);
        return line;
    }

    /// <summary>Whether a line was taken back.</summary>
    public bool IsTakenBack(TimeLogged line) => time.Any(t => t.CorrectsId == line.Id);

    /// <summary>Ends the support.</summary>
    public void Complete(DateOnly on) => CompletedOn = on;
}

/// <summary>Temps passé, as a member logs it (R20, art. 5.2); never changed, a mistake is taken back by another line (R19).</summary>
public sealed class TimeLogged
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The commitment.</summary>
    public required Guid CommitmentId { get; init; }

    /// <summary>The line's own key within its commitment.</summary>
    public required string Key { get; init; }

    /// <summary>The day it was spent.</summary>
    public required DateOnly On { get; init; }

    /// <summary>Half-days, positive also in a line that takes another back.</summary>
    public required int HalfDays { get; init; }

    /// <summary>What was done, or why the other line was wrong.</summary>
    public string Note { get; init; } = "";

    /// <summary>Value at the rate of its day (R11).</summary>
    public required Money Value { get; init; }

    /// <summary>Half-days of the commitment that it fulfils; fewer than <see cref="HalfDays"/> where it goes beyond.</summary>
    public required int Fulfils { get; init; }

    /// <summary>Value that <see cref="Fulfils"/> had in the commitment.</summary>
    public required Money FulfilledValue { get; init; }

    /// <summary>Who logged it.</summary>
    public required string By { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTime LoggedAt { get; init; }

    /// <summary>The line this one takes back. Null for time spent.</summary>
    public Guid? CorrectsId { get; init; }

    /// <summary>1 for time spent, −1 for a line that takes another back.</summary>
    public int Sign => CorrectsId is null ? 1 : -1;
}
