using System.Globalization;

namespace Alize.Domain;

/// <summary>An amount in euros, held in integer cents; it never rounds by itself.</summary>
/// <param name="Cents">Cents, negative for what is owed the other way.</param>
public readonly record struct Money(long Cents) : IComparable<Money>
{
    /// <summary>Nothing.</summary>
    public static Money Zero { get; }

    /// <summary>Whole euros.</summary>
    public static Money Euros(long euros) => new(checked(euros * 100));

    /// <summary>The sum of all amounts, zero for none.</summary>
    public static Money Sum(IEnumerable<Money> amounts) => amounts.Aggregate(Zero, (sum, amount) => sum + amount);

    /// <summary>The smaller of two amounts.</summary>
    public static Money Min(Money left, Money right) => left <= right ? left : right;

    /// <summary>Sum; overflow throws.</summary>
    public static Money operator +(Money left, Money right) => new(checked(left.Cents + right.Cents));

    /// <summary>Difference; overflow throws.</summary>
    public static Money operator -(Money left, Money right) => new(checked(left.Cents - right.Cents));

    /// <summary>The opposite amount.</summary>
    public static Money operator -(Money amount) => new(checked(-amount.Cents));

    /// <summary>A whole number of times the amount; overflow throws.</summary>
    public static Money operator *(Money amount, int times) => new(checked(amount.Cents * times));

    /// <summary>Less than.</summary>
    public static bool operator <(Money left, Money right) => left.Cents < right.Cents;

    /// <summary>More than.</summary>
    public static bool operator >(Money left, Money right) => left.Cents > right.Cents;

    /// <summary>At most.</summary>
    public static bool operator <=(Money left, Money right) => left.Cents <= right.Cents;

    /// <summary>At least.</summary>
    public static bool operator >=(Money left, Money right) => left.Cents >= right.Cents;

    /// <inheritdoc />
    public int CompareTo(Money other) => Cents.CompareTo(other.Cents);

    /// <summary>
    /// French notation: narrow no-break space between thousands, comma, no-break space before the sign:
    /// <c>1 234,56 €</c>. Written by hand, so that it is the same on a machine without French culture data.
    /// </summary>
    public override string ToString()
    {
        var absolute = Math.Abs((decimal)Cents);
        var euros = ((long)(absolute / 100)).ToString("#,0", CultureInfo.InvariantCulture).Replace(',', '\u202F');
        var cents = ((long)(absolute % 100)).ToString("00", CultureInfo.InvariantCulture);
        return $"{(Cents < 0 ? "−" : "")}{euros},{cents}\u00A0€";
    }

    /// <summary>
    /// Reads an amount as people type it: <c>15000</c>, <c>15 000,50</c>, <c>15000.5</c>, and as <see cref="ToString"/> writes it,
    /// an optional euro sign. At most two decimals: <c>15.000</c> and <c>15.000,50</c> are refused, since nobody can tell whether
    /// fifteen euros or fifteen thousand are meant.
    /// </summary>
    public static bool TryParse(string? text, out Money money)
    {
        money = Zero;
        var typed = new string([.. (text ?? "").Where(c => !char.IsWhiteSpace(c) && c is not '€')])
            .Replace(',', '.').Replace('\u2212', '-');
        if (typed.Count(c => c is '.') > 1 || typed.SkipWhile(c => c is not '.').Count() > 3) return false;
        if (!decimal.TryParse(typed, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture, out var euros)) return false;
        // Far above any sum of money, far below where sums of cents overflow.
        if (Math.Abs(euros) > long.MaxValue / 100_000) return false;
        money = new((long)(euros * 100));
        return true;
    }
}
