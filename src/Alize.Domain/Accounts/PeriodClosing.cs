namespace Alize.Domain.Accounts;

/// <summary>
/// Arrêté des comptes (R15, art. 5.3): from a closing on, no movement enters the days it covers. It is never undone; what was wrong
/// is corrected in the open period.
/// </summary>
public sealed class PeriodClosing
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>Last day closed; all before it are closed as well.</summary>
    public required DateOnly Through { get; init; }

    /// <summary>Who closed it.</summary>
    public required string ClosedBy { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTime ClosedAt { get; init; }

    /// <summary>What forbids a movement on a day.</summary>
    /// <param name="closedThrough">Last day closed, null when none is.</param>
    /// <param name="on">Day of the movement.</param>
    public static IEnumerable<Refusal> Refusals(DateOnly? closedThrough, DateOnly on)
    {
        if (closedThrough is { } closed && on <= closed)
            yield return new("R15", "5.3", "period-closed", FrenchText.Short(on), FrenchText.Short(closed), FrenchText.Short(closed.AddDays(1)));
    }

    /// <summary>The day itself where its period is open, else the first open day after it.</summary>
    public static DateOnly OpenDay(DateOnly? closedThrough, DateOnly on) => closedThrough is { } closed && on <= closed ? closed.AddDays(1) : on;
}
