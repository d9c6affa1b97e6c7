namespace Alize.Domain.Aid;

/// <summary>How a yearly reference rate becomes a monthly one.</summary>
public enum RateConversion
{
    /// <summary>(1 + rate)^(1/12) − 1: twelve months make exactly the year.</summary>
    AnnualEquivalent,

    /// <summary>Rate / 12.</summary>
    Nominal,
}

/// <summary>
/// Équivalent-subvention brut (ESB) of an advance (R7c, art. 6.2): what the interest not charged is worth on the day of the
/// payment, P − Σ A / (1 + r)^m. An advance has no collateral, so the fixed safe harbour of the Regulation is closed to it.
/// </summary>
public static class GrossGrantEquivalent
{
    /// <summary>The ESB of an advance, to the cent.</summary>
    /// <param name="advance">Terms that R6 does not refuse.</param>
    /// <param name="referenceRate">Yearly, as a fraction: 0.0859 for 8.59 %, see <see cref="ReferenceRates"/>.</param>
    /// <param name="conversion">The programme's setting.</param>
    public static Money Of(RepayableAdvance advance, decimal referenceRate, RateConversion conversion = RateConversion.AnnualEquivalent) =>
        Of(advance.Principal, advance.Amounts().Select((amount, i) => (advance.MonthsAfterPayment(i + 1), amount)), referenceRate, conversion);

    /// <summary>The ESB of any repayments, e.g. after a rescheduling.</summary>
    /// <param name="principal">What is paid out.</param>
    /// <param name="repayments">Months after the payment, and amount.</param>
    /// <param name="referenceRate">Yearly, as a fraction.</param>
    /// <param name="conversion">The programme's setting.</param>
    public static Money Of(
        Money principal, IEnumerable<(int Months, Money Amount)> repayments, decimal referenceRate,
        RateConversion conversion = RateConversion.AnnualEquivalent)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(referenceRate, -1m);

        var growth = MonthlyGrowth(referenceRate, conversion);
        var presentValue = repayments.Sum(repayment => repayment.Amount.Cents / Power(growth, repayment.Months));
        return new Money((long)Math.Round(principal.Cents - presentValue, MidpointRounding.AwayFromZero));
    }

    // In decimal throughout: 28 digits leave no doubt about the cent, on any machine.
    private static decimal MonthlyGrowth(decimal referenceRate, RateConversion conversion)
    {
        if (conversion == RateConversion.Nominal) return 1 + (referenceRate / 12);

        // Twelfth root: double gives 15 digits, each step of Newton's method doubles them.
        var year = 1 + referenceRate;
        var root = (decimal)Math.Pow((double)year, 1d / 12);
        for (var step = 0; step < 3; step++) root -= (root - (year / Power(root, 11))) / 12;
        return root;
    }

    private static decimal Power(decimal number, int exponent)
    {
        var power = 1m;
        for (var i = 0; i < exponent; i++) power *= number;
        return power;
    }
}
