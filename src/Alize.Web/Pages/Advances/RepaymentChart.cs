using System.Globalization;
using System.Text;
using Alize.Domain;
using Alize.Domain.Repayment;

namespace Alize.Web.Pages.Advances;

/// <summary>
/// What should have come back by each day against what did: two staircases from the payment to the last instalment, drawn as SVG
/// so that the page needs no script.
/// </summary>
public sealed class RepaymentChart(GrantedAdvance advance, DateOnly today)
{
    public const int Width = 640;
    public const int Height = 220;
    private const int Left = 8;
    private const int Right = 8;
    private const int Top = 22;
    private const int Bottom = 24;

    /// <summary>What is due, day by day.</summary>
    public string Due => Staircase(advance.Installments.Select(i => (i.CollectOn, i.Amount)), Last);

    /// <summary>What came back, up to today.</summary>
    public string Repaid => Staircase(advance.Received.Where(r => !r.IsCancelled).OrderBy(r => r.ReceivedOn).Select(r => (r.ReceivedOn, r.Amount)), today < Last ? today : Last);

    /// <summary>Where today stands; null outside the chart.</summary>
    public string? Today => today < advance.PaidOn || today > Last ? null : Number(X(today));

    public DateOnly First => advance.PaidOn;

    public DateOnly Last => Later(advance.Installments.Select(i => i.CollectOn).DefaultIfEmpty(advance.PaidOn).Max(), advance.Received.Where(r => !r.IsCancelled).Select(r => r.ReceivedOn).DefaultIfEmpty(advance.PaidOn).Max());

    /// <summary>The chart in words.</summary>
    public string Words
    {
        get
        {
            var due = Money.Sum(advance.Installments.Where(i => i.CollectOn <= today).Select(i => i.Amount));
            return FrenchText.Typeset($"Au {FrenchText.Date(today)}, {due} étaient dus et {advance.Position.Received} ont été reçus, sur {advance.Position.PaidOut}.");
        }
    }

    private Money Highest => new(Math.Max(advance.Principal.Cents, advance.Position.Received.Cents));

    private string Staircase(IEnumerable<(DateOnly On, Money Amount)> steps, DateOnly until)
    {
        var path = new StringBuilder($"M{Number(X(First))} {Number(Y(Money.Zero))}");
        var sum = Money.Zero;
        foreach (var (on, amount) in steps)
        {
            sum += amount;
            path.Append(CultureInfo.InvariantCulture, $"H{Number(X(on))}V{Number(Y(sum))}");
        }

        return path.Append(CultureInfo.InvariantCulture, $"H{Number(X(until))}").ToString();
    }

    private double X(DateOnly day) =>
        Left + ((Width - Left - Right) * (double)(day.DayNumber - First.DayNumber) / Math.Max(1, Last.DayNumber - First.DayNumber));

    private double Y(Money amount) => Height - Bottom - ((Height - Top - Bottom) * (double)amount.Cents / Math.Max(1, Highest.Cents));

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static DateOnly Later(DateOnly left, DateOnly right) => left > right ? left : right;
}
