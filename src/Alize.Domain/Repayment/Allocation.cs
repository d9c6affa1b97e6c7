namespace Alize.Domain.Repayment;

/// <summary>
/// Imputation of a repayment (R6, art. 6.2; Civil code, art. 1342-10): on the oldest instalment first. The convention knows no
/// interest and no penalty, so every cent received pays principal.
/// </summary>
public static class Allocation
{
    /// <summary>
    /// Shares out what was received, oldest instalment first, a partial payment and one ahead of time included. What exceeds all
    /// that is owed is the excess: it belongs to the company and is never dropped.
    /// </summary>
    /// <param name="installments">What each still owes, in any order; paid ones may be among them.</param>
    /// <param name="received">What the bank credited.</param>
    /// <returns>The parts that are not zero, by number, and the excess; together exactly what was received.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative amount: a returned direct debit is an entry of its own.</exception>
    public static (IReadOnlyList<(int Number, Money Amount)> Parts, Money Excess) OldestFirst(
        IReadOnlyList<(int Number, Money Outstanding)> installments, Money received)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(received, Money.Zero);

        var parts = new List<(int Number, Money Amount)>();
        var left = received;
        foreach (var (number, outstanding) in installments.OrderBy(installment => installment.Number))
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(outstanding, Money.Zero);
            var part = Money.Min(left, outstanding);
            if (part == Money.Zero) continue;

            parts.Add((number, part));
            left -= part;
        }

        return (parts, left);
    }
}
