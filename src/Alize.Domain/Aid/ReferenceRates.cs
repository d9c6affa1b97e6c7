namespace Alize.Domain.Aid;

/// <summary>A base rate the Commission published for France.</summary>
/// <param name="From">First day in force.</param>
/// <param name="BasisPoints">436 for 4.36 %.</param>
/// <param name="Source">Where it was read, for whoever checks the grant equivalent later.</param>
public sealed record BaseRate(DateOnly From, int BasisPoints, string Source);

/// <summary>
/// Taux de référence (R7c, art. 6.2): base rate in force on the grant date plus a margin for the borrower's rating and
/// collateral (Communication of the Commission, OJ C 14 of 19.1.2008, p. 6). The operator keeps the table of base rates.
/// </summary>
public static class ReferenceRates
{
    /// <summary>Least margin for a borrower without rating or credit history, who gives no collateral: 400 basis points.</summary>
    public const int UnratedMarginBasisPoints = 400;

    /// <summary>The base rates the programme ships; the operator adds those in force since.</summary>
    public static IReadOnlyList<BaseRate> KnownFrench { get; } =
    [
        new(new DateOnly(2006, 9, 1), 436, "Commission européenne, taux de référence et d’actualisation, France, 1.9.2006"),
        new(new DateOnly(2008, 7, 1), 459, "Commission européenne, taux de base (JO C 14 du 19.1.2008), France, 1.7.2008"),
        new(new DateOnly(2009, 9, 1), 177, "Commission européenne, taux de base (JO C 14 du 19.1.2008), France, 1.9.2009"),
        new(new DateOnly(2010, 4, 1), 124, "Commission européenne, taux de base (JO C 14 du 19.1.2008), France, 1.4.2010"),
    ];

    /// <summary>The base rate in force that day, or null when the table begins later.</summary>
    public static BaseRate? BaseRateOn(IEnumerable<BaseRate> table, DateOnly grantedOn) =>
        table.Where(rate => rate.From <= grantedOn).MaxBy(rate => rate.From);

    /// <summary>Reference rate of that day as a fraction, 0.0859 for 8.59 %, or null when the table begins later.</summary>
    public static decimal? On(IEnumerable<BaseRate> table, DateOnly grantedOn, int marginBasisPoints = UnratedMarginBasisPoints) =>
        (BaseRateOn(table, grantedOn)?.BasisPoints + marginBasisPoints) / 10_000m;

    /// <summary>
    /// Why the table cannot be trusted for that day: no rate yet, or the last one older than a year. The Commission sets the rate
    /// anew at least each 1 January, so an old row means that nobody typed the new one.
    /// </summary>
    public static IEnumerable<Refusal> Refusals(IEnumerable<BaseRate> table, DateOnly grantedOn)
    {
        var rate = BaseRateOn(table, grantedOn);
        if (rate is null)
            yield return new("R7", "6.2", "base-rate-missing", FrenchText.Short(grantedOn));
        else if (rate.From.AddYears(1) <= grantedOn)
            yield return new("R7", "6.2", "base-rate-too-old", FrenchText.Short(grantedOn),
                FrenchText.PercentOfBasisPoints(rate.BasisPoints), FrenchText.Short(rate.From));
    }
}
