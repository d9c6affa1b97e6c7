namespace Alize.Domain.Aid;

/// <summary>Appui en compétences: the half-days a partner committed at the committee (R5, R11, R20; art. 4, 5.2, 6.2).</summary>
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

    /// <summary>When the support ended.</summary>
    public DateOnly? CompletedOn { get; private set; }

    /// <summary>Half-days spent, as logged.</summary>
    public IReadOnlyList<TimeLogged> Time => time;

    /// <summary>Half-days spent so far.</summary>
    public int HalfDaysLogged => time.Sum(t => t.HalfDays);

    /// <summary>Value of what was committed.</summary>
    public Money Value => CompetenceValue.Of(HalfDays, DayRate);

    /// <summary>Names the person who comes.</summary>
    public void Mobilise(string personName, DateOnly on)
    {
        PersonName = personName;
        MobilisedOn = on;
    }

    /// <summary>Logs half-days spent.</summary>
    public void Log(DateOnly on, int halfDays, string note) =>
        time.Add(new() { CommitmentId = Id, ProgrammeId = ProgrammeId, On = on, HalfDays = halfDays, Note = note });

    /// <summary>Ends the support.</summary>
    public void Complete(DateOnly on) => CompletedOn = on;
}

/// <summary>Temps passé, as a member logs it (R20, art. 5.2).</summary>
public sealed class TimeLogged
{
    /// <summary>Id, ascending.</summary>
    public long Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The commitment.</summary>
    public required Guid CommitmentId { get; init; }

    /// <summary>The day.</summary>
    public required DateOnly On { get; init; }

    /// <summary>Half-days.</summary>
    public required int HalfDays { get; init; }

    /// <summary>What was done.</summary>
    public string Note { get; init; } = "";
}
