using Alize.Domain.Aid;

namespace Alize.Domain.Repayment;

/// <summary>One échéance of a schedule.</summary>
/// <param name="Number">From 1.</param>
/// <param name="DueOn">Nominal due date, which the convention prints.</param>
/// <param name="CollectOn">The first working day on or after it, when the bank moves the money.</param>
/// <param name="Amount">What is due.</param>
public sealed record PlannedInstallment(int Number, DateOnly DueOn, DateOnly CollectOn, Money Amount);

/// <summary>
/// Échéancier of an avance remboursable (R6, art. 6.2): equal instalments from the day of the payment, the first one period
/// after the deferral.
/// </summary>
public static class RepaymentSchedule
{
    /// <summary>All instalments in order; their sum is the principal exactly.</summary>
    /// <param name="terms">Terms that R6 does not refuse.</param>
    /// <param name="paidOn">Day the advance was paid out: its day of month is kept through short months.</param>
    /// <param name="calendar">Holidays of the territory.</param>
    /// <exception cref="ArgumentException">The terms are refused by R6: they should never have been decided.</exception>
    public static IReadOnlyList<PlannedInstallment> Plan(RepayableAdvance terms, DateOnly paidOn, FrenchCalendar calendar)
    {
        if (terms.Refusals().FirstOrDefault() is { } refusal)
            throw new ArgumentException($"No schedule for terms the convention refuses: {RefusalSentences.English(refusal)}", nameof(terms));

        return
        [
            .. terms.Amounts().Select((amount, i) =>
            {
                // From the day of the payment each time, not from the instalment before: 31 January, 29 February, 31 March.
                var dueOn = paidOn.AddMonths(terms.MonthsAfterPayment(i + 1));
                return new PlannedInstallment(i + 1, dueOn, calendar.OnOrAfter(dueOn), amount);
            }),
        ];
    }
}
