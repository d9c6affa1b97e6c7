namespace Alize.Domain.Aid;

/// <summary>What a day of competences is worth from a date on; a row of the programme's settings.</summary>
/// <param name="From">First day it applies.</param>
/// <param name="PerDay">Value of one day.</param>
public sealed record CompetenceDayRate(DateOnly From, Money PerDay);

/// <summary>
/// Valorisation des moyens humains (R11, art. 4): 700 euros a day, counted in half-days. A later agreement may change the
/// rate from a date on; time already spent keeps the rate of its day.
/// </summary>
public static class CompetenceValue
{
    /// <summary>The convention's rate, in euros a day.</summary>
    public const int DefaultEurosPerDay = 700;

    /// <summary>The convention's rate.</summary>
    public static Money DefaultPerDay { get; } = Money.Euros(DefaultEurosPerDay);

    /// <summary>Value of that many half-days at a rate; half a cent goes to the even cent.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative time: a correction is an entry of its own, not a negative one.</exception>
    public static Money Of(int halfDays, Money perDay)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(halfDays);
        ArgumentOutOfRangeException.ThrowIfLessThan(perDay, Money.Zero);
        return new Money((long)Math.Round((decimal)perDay.Cents * halfDays / 2, MidpointRounding.ToEven));
    }

    /// <summary>Value of that many half-days at the convention's rate.</summary>
    public static Money Of(int halfDays) => Of(halfDays, DefaultPerDay);

    /// <summary>Value of time spent on several days, each at the rate of its day; rounded once for each rate.</summary>
    public static Money Of(IEnumerable<(DateOnly Day, int HalfDays)> timeSpent, IEnumerable<CompetenceDayRate> rates)
    {
        var table = rates.ToList();
        return Money.Sum(timeSpent
            .GroupBy(time => RateOn(table, time.Day))
            .Select(group => Of(group.Sum(time => time.HalfDays), group.Key)));
    }

    /// <summary>The rate of a day: the latest that had begun, or the convention's before the first.</summary>
    public static Money RateOn(IEnumerable<CompetenceDayRate> rates, DateOnly day) =>
        rates.Where(rate => rate.From <= day).MaxBy(rate => rate.From)?.PerDay ?? DefaultPerDay;
}
