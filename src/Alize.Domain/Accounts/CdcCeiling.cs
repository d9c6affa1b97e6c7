namespace Alize.Domain.Accounts;

/// <summary>
/// Plafond de la Caisse des dépôts (R10, art. 4): it may endow the fund of advances « dans la limite de 20 % du total des dotations
/// privées et publiques ». Whether that total includes its own endowment is a setting of the programme; by default it does.
/// </summary>
public static class CdcCeiling
{
    /// <summary>« 20 % ».</summary>
    public const int Percent = 20;

    /// <summary>The most it may give beside what the others give, rounded down: one cent more would pass the limit.</summary>
    public static Money Highest(Money others, bool countsOwn)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(others, Money.Zero);

        // With its own counted, x ≤ 20 % of (others + x) is x ≤ others × 20 / 80.
        return new((long)((Int128)others.Cents * Percent / (countsOwn ? 100 - Percent : 100)));
    }

    /// <summary>What forbids its endowment, with the figure that would pass.</summary>
    public static IEnumerable<Refusal> Refusals(Money cdc, Money others, bool countsOwn)
    {
        var highest = Highest(others, countsOwn);
        if (cdc > highest) yield return new("R10", "4", "cdc-beyond-ceiling", $"{cdc}", $"{others}", $"{highest}", $"{cdc - highest}");
    }
}
