namespace Alize.Domain.Eligibility;

/// <summary>The figures of an enterprise's last closed accounts.</summary>
/// <param name="Headcount">Effectif in annual work units (UTA): part-time work counts as its fraction.</param>
/// <param name="Turnover">Annual turnover.</param>
/// <param name="BalanceSheetTotal">Total of the balance sheet.</param>
public sealed record EnterpriseFigures(decimal Headcount, Money Turnover, Money BalanceSheetTotal);

/// <summary>An enterprise that holds the company, or that it holds.</summary>
/// <param name="Figures">Its own figures.</param>
/// <param name="ShareBasisPoints">The higher of capital and votes, in 1/100 of a percent, in whichever direction.</param>
/// <param name="HasControl">Control without a majority: board, contract, agreement among shareholders.</param>
/// <param name="IsExemptInvestor">
/// Venture capital, university, institutional investor, small local authority: up to 50 % and without control it makes no partner (art. 3(2)).
/// </param>
public sealed record RelatedEnterprise(
    EnterpriseFigures Figures, int ShareBasisPoints, bool HasControl = false, bool IsExemptInvestor = false);

/// <summary>Class of an enterprise in the Recommendation.</summary>
public enum EnterpriseSize
{
    /// <summary>Micro-entreprise: fewer than 10, at most 2 M€.</summary>
    Micro,

    /// <summary>Petite entreprise: fewer than 50, at most 10 M€.</summary>
    Small,

    /// <summary>Moyenne entreprise: fewer than 250, at most 50 M€ of turnover or 43 M€ of balance sheet.</summary>
    Medium,

    /// <summary>No SME.</summary>
    Large,
}

/// <summary>
/// Définition européenne de la PME (Recommendation 2003/361/EC, annex), which decides on the State-aid side, where the
/// convention's own criteria decide eligibility (<see cref="EligibilityCriteria"/>, R1). Both are shown: they differ at the thresholds
/// and about capital ties, which the Recommendation adds up instead of forbidding.
/// </summary>
public static class EuropeanSmeDefinition
{
    /// <summary>Own figures plus all of linked enterprises (over 50 %, or control) plus the share of partners (25 to 50 %).</summary>
    public static EnterpriseFigures Consolidate(EnterpriseFigures own, IEnumerable<RelatedEnterprise> related)
    {
        var (headcount, turnover, balance) = (own.Headcount, (decimal)own.Turnover.Cents, (decimal)own.BalanceSheetTotal.Cents);
        foreach (var enterprise in related)
        {
            var share = CountedBasisPoints(enterprise) / 10_000m;
            headcount += share * enterprise.Figures.Headcount;
            turnover += share * enterprise.Figures.Turnover.Cents;
            balance += share * enterprise.Figures.BalanceSheetTotal.Cents;
        }

        // Upwards: 50 M€ and half a cent is more than 50 M€.
        return new EnterpriseFigures(headcount, new Money((long)Math.Ceiling(turnover)), new Money((long)Math.Ceiling(balance)));
    }

    /// <summary>The class of an enterprise with all its ties.</summary>
    /// <param name="own">Its own figures.</param>
    /// <param name="related">Those it is tied with.</param>
    /// <param name="publicBodiesBasisPoints">Capital or votes that public bodies control together: from 25 % on, no SME (art. 3(4)).</param>
    public static EnterpriseSize SizeOf(EnterpriseFigures own, IEnumerable<RelatedEnterprise> related, int publicBodiesBasisPoints = 0)
    {
        if (publicBodiesBasisPoints >= 2_500) return EnterpriseSize.Large;

        var total = Consolidate(own, related);
        bool Within(int headcount, long turnover, long balance) => total.Headcount < headcount
            && (total.Turnover <= Money.Euros(turnover) || total.BalanceSheetTotal <= Money.Euros(balance));

        return Within(10, 2_000_000, 2_000_000) ? EnterpriseSize.Micro
            : Within(50, 10_000_000, 10_000_000) ? EnterpriseSize.Small
            : Within(250, 50_000_000, 43_000_000) ? EnterpriseSize.Medium
            : EnterpriseSize.Large;
    }

    /// <summary>Whether it is a PME for the rules on State aid.</summary>
    public static bool IsSme(EnterpriseFigures own, IEnumerable<RelatedEnterprise> related, int publicBodiesBasisPoints = 0) =>
        SizeOf(own, related, publicBodiesBasisPoints) != EnterpriseSize.Large;

    private static int CountedBasisPoints(RelatedEnterprise enterprise) => enterprise switch
    {
        { ShareBasisPoints: > 5_000 } or { HasControl: true } => 10_000,
        { IsExemptInvestor: true } or { ShareBasisPoints: < 2_500 } => 0,
        _ => enterprise.ShareBasisPoints,
    };
}
