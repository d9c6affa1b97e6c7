namespace Alize.Domain.Committee;

/// <summary>
/// Majorité des 2/3 des membres présents (R2, art. 5.2). Abstentions and blank votes count as present;
/// a member by video is present, a proxy is not, and one who left before the vote is not.
/// </summary>
public static class TwoThirdsMajority
{
    /// <summary>Whether that many yes votes carry the decision.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More yes votes than members present: a counting bug.</exception>
    public static bool IsReached(int yes, int present)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(yes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(yes, present);

        // In integers: 2/3 of 10 members is 6.66…, and rounding it either way would be a decision of ours.
        return present > 0 && 3L * yes >= 2L * present;
    }

    /// <summary>
    /// The fewest yes votes that carry a decision among that many members present. One in an empty room, where nobody can
    /// give it: nothing is carried there.
    /// </summary>
    public static int VotesNeeded(int present)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(present);
        return present == 0 ? 1 : (int)(((2L * present) + 2) / 3);
    }
}
