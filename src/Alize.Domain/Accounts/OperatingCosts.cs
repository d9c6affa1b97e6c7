namespace Alize.Domain.Accounts;

/// <summary>
/// What the account of frais de fonctionnement may pay each year (R12, R13; art. 5.3, 7): 6,000 € a calendar year to ASTREES and
/// 18,000 € over the convention, at most 10,000 € a year to the operator. A year is the calendar year of the payment.
/// </summary>
public static class OperatingCosts
{
    /// <summary>« 6 000 euros … par année calendaire ».</summary>
    public static Money NetworkPerYear { get; } = Money.Euros(6_000);

    /// <summary>« soit 18 000 euros pour la période totale de la convention », also when it touches four calendar years.</summary>
    public static Money NetworkInAll { get; } = Money.Euros(18_000);

    /// <summary>« dans la limite de 10 000 € ».</summary>
    public static Money OperatorPerYear { get; } = Money.Euros(10_000);

    /// <summary>What forbids a payment of one of these costs.</summary>
    /// <param name="cost">The account it is booked on.</param>
    /// <param name="amount">The payment.</param>
    /// <param name="paidInYear">Paid already in the calendar year.</param>
    /// <param name="paidInAll">Paid already over the convention.</param>
    /// <param name="year">The calendar year.</param>
    public static IEnumerable<Refusal> Refusals(LedgerAccount cost, Money amount, Money paidInYear, Money paidInAll, int year)
    {
        if (cost == LedgerAccount.NetworkContribution)
        {
            if (paidInYear + amount > NetworkPerYear)
                yield return new("R12", "7", "network-beyond-year", $"{amount}", $"{year}", $"{paidInYear}", $"{Room(NetworkPerYear, paidInYear)}");
            if (paidInAll + amount > NetworkInAll)
                yield return new("R12", "7", "network-beyond-term", $"{amount}", $"{paidInAll}", $"{Room(NetworkInAll, paidInAll)}");
        }

        if (cost == LedgerAccount.OperatorFee && paidInYear + amount > OperatorPerYear)
            yield return new("R13", "5.3", "operator-fee-beyond-year", $"{amount}", $"{year}", $"{paidInYear}", $"{Room(OperatorPerYear, paidInYear)}");
    }

    /// <summary>What ASTREES is still to get for the year: the year's 6,000 €, or what the 18,000 € leave.</summary>
    public static Money NetworkDue(Money paidInYear, Money paidInAll) => Money.Min(Room(NetworkPerYear, paidInYear), Room(NetworkInAll, paidInAll));

    private static Money Room(Money ceiling, Money paid) => paid < ceiling ? ceiling - paid : Money.Zero;
}
