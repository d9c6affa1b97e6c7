namespace Alize.Domain.Aid;

/// <summary>How often an instalment falls due.</summary>
public enum RepaymentPeriod
{
    /// <summary>Mensualités.</summary>
    Monthly,

    /// <summary>Trimestrialités.</summary>
    Quarterly,
}

/// <summary>
/// Avance remboursable (R6, art. 6.2): a loan at 0 %, without guarantee or caution. Neither a rate nor a guarantee can be
/// written down here, so none can be asked for.
/// </summary>
/// <param name="Principal">What is lent and repaid.</param>
/// <param name="Months">Duration in months, at most 36.</param>
/// <param name="DeferralMonths">Différé before the first period of repayment, 0 to 6 months.</param>
/// <param name="DeferralCountsInside">
/// Whether the deferral is part of the duration; a setting of the programme, since « assortie d’une période de différé » reads both ways.
/// </param>
/// <param name="Period">Monthly or quarterly instalments.</param>
public sealed record RepayableAdvance(
    Money Principal,
    int Months,
    int DeferralMonths,
    bool DeferralCountsInside = true,
    RepaymentPeriod Period = RepaymentPeriod.Monthly)
{
    /// <summary>« 3 années maximum ».</summary>
    public const int MaxMonths = 36;

    /// <summary>« différé de 0 à 6 mois ».</summary>
    public const int MaxDeferralMonths = 6;

    /// <summary>
    /// How many instalments fit; zero when none does. Months that do not fill a last quarter are left unused: the advance is
    /// then repaid a little earlier, which R6 allows, rather than later, which it may not.
    /// </summary>
    public int InstallmentCount => Math.Max(0, (DeferralCountsInside ? Months - DeferralMonths : Months) / PeriodMonths);

    private int PeriodMonths => Period == RepaymentPeriod.Quarterly ? 3 : 1;

    /// <summary>Everything the convention holds against these terms; empty when they may be granted.</summary>
    public IEnumerable<Refusal> Refusals()
    {
        if (Principal <= Money.Zero) yield return new("R6", "6.2", "advance-not-positive");
        if (Months < 1) yield return new("R6", "6.2", "advance-without-duration");
        if (Months > MaxMonths) yield return new("R6", "6.2", "advance-too-long", $"{Months}", $"{MaxMonths}");
        if (DeferralMonths is < 0 or > MaxDeferralMonths)
            yield return new("R6", "6.2", "deferral-out-of-range", $"{DeferralMonths}", $"{MaxDeferralMonths}");

        // Outside these ranges there is no schedule to look at, and one of a billion instalments would be drawn up in earnest.
        if (Months is < 1 or > MaxMonths || DeferralMonths is < 0 or > MaxDeferralMonths) yield break;
        if (InstallmentCount == 0)
            yield return new("R6", "6.2", "no-time-to-repay", $"{Months}", $"{DeferralMonths}");
        else if (Principal > Money.Zero && Amounts().Any(amount => amount <= Money.Zero))
            yield return new("R6", "6.2", "advance-too-small", Principal.ToString(), $"{InstallmentCount}");
    }

    /// <summary>
    /// The instalments in order: each the principal divided and rounded half-even to the cent, the last what is left, so that the
    /// sum is the principal exactly.
    /// </summary>
    public IReadOnlyList<Money> Amounts()
    {
        var count = InstallmentCount;
        if (count == 0) return [];

        var regular = new Money((long)Math.Round((decimal)Principal.Cents / count, MidpointRounding.ToEven));
        return [.. Enumerable.Repeat(regular, count - 1), Principal - (regular * (count - 1))];
    }

    /// <summary>How many months after the payment an instalment falls due.</summary>
    /// <param name="number">From 1.</param>
    public int MonthsAfterPayment(int number) => DeferralMonths + (number * PeriodMonths);
}
