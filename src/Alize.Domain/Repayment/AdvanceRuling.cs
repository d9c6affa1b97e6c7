using Alize.Domain.Aid;
using Alize.Domain.Committee;

namespace Alize.Domain.Repayment;

/// <summary>What the committee may decide on an advance that is paid.</summary>
public enum RulingKind
{
    /// <summary>Rééchelonnement, or a longer différé.</summary>
    Rescheduled,

    /// <summary>Passage en perte, of all that is owed or of a part of it.</summary>
    WrittenOff,
}

/// <summary>Décision du comité d'agrément on an advance that is paid (R2, R6; art. 5.2, 6.2), with the vote that carried it.</summary>
public sealed class AdvanceRuling
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The advance.</summary>
    public required Guid AdvanceId { get; init; }

    /// <summary>What was decided.</summary>
    public required RulingKind Kind { get; init; }

    /// <summary>The session.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>The day.</summary>
    public required DateOnly DecidedOn { get; init; }

    /// <summary>Voting members present.</summary>
    public required int Present { get; init; }

    /// <summary>Votes for.</summary>
    public required int Yes { get; init; }

    /// <summary>What is given up; zero for a mere rescheduling.</summary>
    public Money Lost { get; init; }

    /// <summary>Why, as the minutes say it.</summary>
    public required string Reason { get; init; }

    /// <summary>Who recorded it.</summary>
    public required string RecordedBy { get; init; }

    /// <summary>What forbids it: the two thirds are not reached (R2).</summary>
    public static IEnumerable<Refusal> Refusals(int yes, int present)
    {
        if (yes < 0 || yes > present || !TwoThirdsMajority.IsReached(yes, present))
            yield return new("R2", "5.2", "ruling-not-carried", $"{yes}", $"{present}", $"{((2 * present) + 2) / 3}");
    }
}

/// <summary>
/// Rééchelonnement (R6, art. 6.2): what is still owed, in equal instalments, monthly on the day of the first payment, still inside the
/// 36 months of the convention.
/// </summary>
/// <param name="Outstanding">What is still owed.</param>
/// <param name="PaidOn">Day of the first payment.</param>
/// <param name="DeferralMonths">Deferral first granted.</param>
/// <param name="DeferralCountsInside">Whether the deferral is part of the 36 months (programme setting).</param>
/// <param name="DecidedOn">Day of the decision.</param>
/// <param name="HasBegun">Whether an instalment has been due already: before that, a later start is a longer deferral.</param>
/// <param name="FirstMonth">Months after the payment at which the first new instalment falls due.</param>
/// <param name="Count">How many.</param>
public sealed record Rescheduling(
    Money Outstanding, DateOnly PaidOn, int DeferralMonths, bool DeferralCountsInside, DateOnly DecidedOn, bool HasBegun, int FirstMonth, int Count)
{
    /// <summary>Last month after the payment in which anything may fall due.</summary>
    public int LastMonth => RepayableAdvance.MaxMonths + (DeferralCountsInside ? 0 : DeferralMonths);

    /// <summary>Last day on which anything may fall due.</summary>
    public DateOnly LastDay => PaidOn.AddMonths(LastMonth);

    /// <summary>Everything the convention holds against it; empty when it may be decided.</summary>
    public IEnumerable<Refusal> Refusals()
    {
        if (Outstanding <= Money.Zero) yield return new("R6", "6.2", "nothing-to-reschedule");
        if (Count < 1) yield return new("R6", "6.2", "advance-without-duration");
        if (FirstMonth < 0 || FirstMonth > LastMonth || PaidOn.AddMonths(FirstMonth) <= DecidedOn)
            yield return new("R6", "6.2", "rescheduling-out-of-term", FrenchText.Short(DecidedOn), FrenchText.Short(LastDay));
        else if (Count > LastMonth - FirstMonth + 1)
            yield return new("R6", "6.2", "rescheduling-too-long", $"{Count}", FrenchText.Short(LastDay), $"{LastMonth - FirstMonth + 1}");
        if (!HasBegun && FirstMonth - 1 > RepayableAdvance.MaxDeferralMonths)
            yield return new("R6", "6.2", "deferral-out-of-range", $"{FirstMonth - 1}", $"{RepayableAdvance.MaxDeferralMonths}");
        if (Count >= 1 && Outstanding > Money.Zero && Amounts().Any(amount => amount <= Money.Zero))
            yield return new("R6", "6.2", "advance-too-small", $"{Outstanding}", $"{Count}");
    }

    /// <summary>The new instalments, numbered from the one given; their sum is what is owed.</summary>
    public IReadOnlyList<PlannedInstallment> Plan(int firstNumber, FrenchCalendar calendar) =>
    [
        .. Amounts().Select((amount, i) =>
        {
            var dueOn = PaidOn.AddMonths(FirstMonth + i);
            return new PlannedInstallment(firstNumber + i, dueOn, calendar.OnOrAfter(dueOn), amount);
        }),
    ];

    // As in the schedule of the advance: each rounded half-even, the last takes the rest.
    private List<Money> Amounts()
    {
        var count = Math.Clamp(Count, 1, RepayableAdvance.MaxMonths + RepayableAdvance.MaxDeferralMonths);
        var regular = new Money((long)Math.Round((decimal)Outstanding.Cents / count, MidpointRounding.ToEven));
        return [.. Enumerable.Repeat(regular, count - 1), Outstanding - (regular * (count - 1))];
    }
}
