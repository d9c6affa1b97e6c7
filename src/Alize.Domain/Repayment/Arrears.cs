namespace Alize.Domain.Repayment;

/// <summary>How long an instalment has been overdue.</summary>
public enum ArrearsAge
{
    /// <summary>Not overdue.</summary>
    None,

    /// <summary>1 to 30 days.</summary>
    UpTo30Days,

    /// <summary>31 to 60 days.</summary>
    UpTo60Days,

    /// <summary>61 to 90 days.</summary>
    UpTo90Days,

    /// <summary>More than 90 days.</summary>
    Over90Days,
}

/// <summary>
/// Impayés by age (R6, art. 6.2). Days are calendar days, from the day the instalment could be collected: one that falls on a
/// Saturday is not overdue on the Monday it is paid.
/// </summary>
/// <param name="UpTo30Days">Overdue for 1 to 30 days.</param>
/// <param name="UpTo60Days">Overdue for 31 to 60 days.</param>
/// <param name="UpTo90Days">Overdue for 61 to 90 days.</param>
/// <param name="Over90Days">Overdue for more than 90 days.</param>
public sealed record Arrears(Money UpTo30Days, Money UpTo60Days, Money UpTo90Days, Money Over90Days)
{
    /// <summary>All that is overdue.</summary>
    public Money Total => UpTo30Days + UpTo60Days + UpTo90Days + Over90Days;

    /// <summary>Days overdue, zero up to the day of collection itself.</summary>
    public static int DaysOverdue(DateOnly collectOn, DateOnly today) => Math.Max(0, today.DayNumber - collectOn.DayNumber);

    /// <summary>The bucket of an instalment.</summary>
    public static ArrearsAge Age(DateOnly collectOn, DateOnly today) => DaysOverdue(collectOn, today) switch
    {
        0 => ArrearsAge.None,
        <= 30 => ArrearsAge.UpTo30Days,
        <= 60 => ArrearsAge.UpTo60Days,
        <= 90 => ArrearsAge.UpTo90Days,
        _ => ArrearsAge.Over90Days,
    };

    /// <summary>The outstanding part of each instalment, added up by age.</summary>
    public static Arrears ByAge(IEnumerable<(DateOnly CollectOn, Money Outstanding)> installments, DateOnly today)
    {
        var ages = installments.ToLookup(installment => Age(installment.CollectOn, today), installment => installment.Outstanding);
        return new Arrears(
            Money.Sum(ages[ArrearsAge.UpTo30Days]),
            Money.Sum(ages[ArrearsAge.UpTo60Days]),
            Money.Sum(ages[ArrearsAge.UpTo90Days]),
            Money.Sum(ages[ArrearsAge.Over90Days]));
    }
}
