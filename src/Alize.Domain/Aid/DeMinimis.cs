namespace Alize.Domain.Aid;

/// <summary>An aid de minimis granted to a company or to one linked with it, by this programme or by anybody else.</summary>
/// <param name="GrantedOn">Day of the decision: the right to the aid is born then, not with the payment.</param>
/// <param name="Money">Gross grant equivalent of money.</param>
/// <param name="Competences">Value of the competence days lent free, kept apart because their nature as State aid is an open legal point.</param>
public sealed record DeMinimisGrant(DateOnly GrantedOn, Money Money, Money Competences = default);

/// <summary>The day a company closes its accounts each year.</summary>
/// <param name="Month">Month, 12 for most.</param>
/// <param name="Day">Day; 31 stands for the last of the month.</param>
public readonly record struct FiscalYearEnd(int Month, int Day)
{
    /// <summary>31 December.</summary>
    public static FiscalYearEnd December { get; } = new(12, 31);

    /// <summary>First day of the fiscal year that holds the given day.</summary>
    public DateOnly StartOfYearHolding(DateOnly day) => day <= Closing(day.Year) ? Closing(day.Year - 1).AddDays(1) : Closing(day.Year).AddDays(1);

    private DateOnly Closing(int year) => new(year, Month, Math.Min(Day, DateTime.DaysInMonth(year, Month)));
}

/// <summary>What State-aid rules leave to a single undertaking on a day, with both readings of competence days.</summary>
/// <param name="Ceiling">Plafond in force.</param>
/// <param name="From">First day whose aid still counts.</param>
/// <param name="GrantedMoney">Money granted since, in gross grant equivalent.</param>
/// <param name="GrantedCompetences">Competence days granted since, valued.</param>
/// <param name="CompetencesCount">Which reading decides: the programme's setting.</param>
public sealed record DeMinimisPosition(Money Ceiling, DateOnly From, Money GrantedMoney, Money GrantedCompetences, bool CompetencesCount)
{
    /// <summary>What counts against the ceiling.</summary>
    public Money Granted => CompetencesCount ? GrantedMoney + GrantedCompetences : GrantedMoney;

    /// <summary>What may still be granted; never below zero.</summary>
    public Money Room => Granted < Ceiling ? Ceiling - Granted : Money.Zero;

    /// <summary>What forbids a new aid of that gross grant equivalent (R7, art. 6.2).</summary>
    public IEnumerable<Refusal> Refusals(Money newAid)
    {
        if (newAid > Room) yield return new("R7", "6.2", "de-minimis-exceeded", $"{newAid}", $"{Room}", $"{newAid - Room}");
    }
}

/// <summary>
/// Règles européennes en matière de cumul d’aides publiques (R7c, art. 6.2): aides de minimis of the single undertaking
/// (entreprise unique, <see cref="SingleUndertaking"/>). The regulation is the one in force on the day of the decision.
/// </summary>
public static class DeMinimis
{
    /// <summary>First day of Regulation (EU) 2023/2831; Regulations 1998/2006 and 1407/2013 before.</summary>
    public static readonly DateOnly RollingYearsFrom = new(2024, 1, 1);

    /// <summary>Regulation (EU) 2023/2831, art. 3(2).</summary>
    public static Money CurrentCeiling { get; } = Money.Euros(300_000);

    /// <summary>Regulations 1998/2006 and 1407/2013, art. 3(2) of the latter.</summary>
    public static Money FormerCeiling { get; } = Money.Euros(200_000);

    /// <summary>The plafond for an aid granted that day.</summary>
    public static Money Ceiling(DateOnly grantedOn) => grantedOn >= RollingYearsFrom ? CurrentCeiling : FormerCeiling;

    /// <summary>
    /// First day whose aid counts with one granted that day: three years earlier, itself included; under the former
    /// regulations the first day of the fiscal year before last.
    /// </summary>
    public static DateOnly CountedFrom(DateOnly grantedOn, FiscalYearEnd closing)
    {
        if (grantedOn >= RollingYearsFrom) return grantedOn.AddYears(-3);

        // Back one fiscal year at a time: the day before one begins lies in the one before, also across a 29 February.
        var start = closing.StartOfYearHolding(grantedOn);
        start = closing.StartOfYearHolding(start.AddDays(-1));
        return closing.StartOfYearHolding(start.AddDays(-1));
    }

    /// <summary>Where the single undertaking stands for an aid to be granted that day.</summary>
    /// <param name="grantedOn">Day of the decision.</param>
    /// <param name="grants">All aids known of all its enterprises, whatever their dates; the new one not among them.</param>
    /// <param name="closing">Close of the company's accounts, which the former regulations count by; 31 December when null.</param>
    /// <param name="competencesCount">Whether competence days are counted as aid (programme setting, default: they are).</param>
    public static DeMinimisPosition PositionOn(
        DateOnly grantedOn, IEnumerable<DeMinimisGrant> grants, FiscalYearEnd? closing = null, bool competencesCount = true)
    {
        var from = CountedFrom(grantedOn, closing ?? FiscalYearEnd.December);
        var counted = grants.Where(grant => grant.GrantedOn >= from && grant.GrantedOn <= grantedOn).ToList();
        return new DeMinimisPosition(
            Ceiling(grantedOn),
            from,
            Money.Sum(counted.Select(grant => grant.Money)),
            Money.Sum(counted.Select(grant => grant.Competences)),
            competencesCount);
    }
}
