using System.Globalization;
using Alize.Domain;
using Alize.Workflows.Eligibility;

namespace Alize.Workflows.Demo.Years;

/// <summary>How a project ends.</summary>
public enum Fate
{
    /// <summary>A criterion of article 6.1 is not met.</summary>
    NotEligible,

    /// <summary>The company does not answer.</summary>
    Silent,

    /// <summary>The company does not want to go on.</summary>
    NotInterested,

    /// <summary>Another scheme serves better (R18).</summary>
    Oriented,

    /// <summary>Dropped by the operator.</summary>
    Dropped,

    /// <summary>The two thirds are missed (R2).</summary>
    Rejected,

    /// <summary>Approved under a condition that is not met; the new vote rejects it.</summary>
    ConditionFails,

    /// <summary>Approved, and the convention is never signed.</summary>
    NotSigned,

    /// <summary>Signed, and the operator waives the payment.</summary>
    Waived,

    /// <summary>Staff-days alone.</summary>
    CompetencesOnly,

    /// <summary>Advance and staff-days.</summary>
    Aided,
}

/// <summary>How a company repays.</summary>
public enum Habit
{
    /// <summary>Within the two days before each instalment.</summary>
    OnTime,

    /// <summary>Some days after, sometimes after the formal notice.</summary>
    Late,

    /// <summary>In two transfers.</summary>
    InTwo,

    /// <summary>All that is left, after a few instalments.</summary>
    Early,

    /// <summary>More than the last instalment asks.</summary>
    Excess,

    /// <summary>The bank takes one transfer back.</summary>
    Returned,

    /// <summary>Stops, is given a new schedule, and keeps it.</summary>
    Rescheduled,

    /// <summary>Stops; half is given up, the rest has a new schedule.</summary>
    PartlyLost,

    /// <summary>Stops; all is given up.</summary>
    Never,

    /// <summary>Stops; all is given up, and a part comes in later.</summary>
    Recovered,
}

/// <summary>Staff-days a partner lends.</summary>
public sealed record PlannedSupport(string Partner, string Field, int HalfDays);

/// <summary>One project as chance made it; nobody but the people of the story looks at it.</summary>
public sealed record PlannedProject(int Rank, DateOnly DetectedOn, string DetectedBy, DetectionForm Form, string Iban, Fate Fate, Habit Habit)
{
    public Money Advance { get; init; }

    public int Months { get; init; }

    public int DeferralMonths { get; init; }

    public IReadOnlyList<PlannedSupport> Support { get; init; } = [];

    /// <summary>The committee wants to know more first.</summary>
    public bool IsDeferredFirst { get; init; }

    /// <summary>Approved under a condition.</summary>
    public bool IsConditional { get; init; }

    /// <summary>The head refuses the first convention, and signs the second.</summary>
    public bool RefusesFirst { get; init; }

    /// <summary>The advance is paid in two parts.</summary>
    public bool IsPaidInParts { get; init; }

    public string Key => string.Create(CultureInfo.InvariantCulture, $"p{Rank}");
}

/// <summary>A whole programme drawn from a seed: which project comes when, and what becomes of it.</summary>
public sealed record YearsPlan(int Seed, DateOnly SignedOn, int Months, IReadOnlyList<PlannedProject> Projects)
{
    private static readonly (Fate Fate, int InSixty)[] Fates =
    [
        (Fate.Aided, 38), (Fate.CompetencesOnly, 5), (Fate.Rejected, 4), (Fate.NotEligible, 3), (Fate.Oriented, 3), (Fate.Silent, 1), (Fate.NotInterested, 1),
        (Fate.Dropped, 1), (Fate.ConditionFails, 1), (Fate.NotSigned, 1), (Fate.Waived, 2),
    ];

    // In the order of the projects: what takes long to come out comes first.
    private static readonly Habit[] Habits =
    [
        Habit.Recovered, Habit.Rescheduled, Habit.PartlyLost, Habit.Never, Habit.Early, Habit.Excess, Habit.Returned, Habit.InTwo, Habit.Late, Habit.OnTime,
        Habit.OnTime, Habit.Late,
    ];

    private static readonly string[] Trades =
        ["Menuiserie", "Chaudronnerie", "Imprimerie", "Tournerie", "Conserverie", "Tissage", "Fonderie", "Scierie", "Brasserie", "Plasturgie", "Mécanique", "Électronique"];

    private static readonly string[] Families = ["Arnaud", "Caillaud", "Lagrange", "Mansouri", "Perrin", "Nguyen", "Rossi", "Lemoine", "Diallo", "Kowalski"];
    private static readonly string[] Communes = ["Val-Serein", "Saint-Aubin", "Le Pré-Haut", "La Combe-aux-Aulnes"];
    private static readonly string[] Fields = ["Qualité", "Achats", "Organisation de la production", "Ressources humaines", "Informatique", "Logistique"];

    /// <summary>Last day of the convention (art. 8).</summary>
    public DateOnly ConventionEndsOn => SignedOn.AddYears(3).AddDays(-1);

    /// <summary>Last day of the story: of one that lasts its three years, the day on which what remained has been given back.</summary>
    public DateOnly EndsOn => Months < 36 ? SignedOn.AddMonths(Months) : ConventionEndsOn.AddDays(70);

    public static YearsPlan Of(int seed, DateOnly signedOn, int months, int projects)
    {
        var dice = new Dice(seed);
        var calendar = new FrenchCalendar();
        var fates = dice.Shuffled(Fates.SelectMany(f => Enumerable.Repeat(f.Fate, f.InSixty)), "fates").Take(projects).ToList();

        // Companies are found in the first two years: what comes later has no time to come out.
        var days = Enumerable.Range(1, projects).Select(rank => calendar.OnOrAfter(signedOn.AddDays(20 + (rank * months * 20 / projects) + dice.Between(0, 9, $"day{rank}")))).Order().ToList();
        var (all, aided) = (new List<PlannedProject>(), 0);
        for (var i = 0; i < projects; i++)
        {
            var habit = fates[i] == Fate.Aided ? Habits[aided++ % Habits.Length] : Habit.OnTime;
            all.Add(Project(dice, i + 1, days[i], fates[i], habit));
        }

        return new(seed, signedOn, months, all);
    }

    private static PlannedProject Project(Dice dice, int rank, DateOnly on, Fate fate, Habit habit)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"project{rank}");
        var trade = Trades[(rank - 1) % Trades.Length];
        var family = Families[(rank - 1) / Trades.Length % Families.Length];
        var siret = MadeNumbers.Siret(rank);
        var hasAdvance = fate is not (Fate.CompetencesOnly or Fate.NotEligible or Fate.Silent);
        var advance = hasAdvance ? Money.Euros((100 * dice.Between(60, 380, key + "advance")) + dice.Between(0, 99, key + "odd")) : Money.Zero;
        var months = dice.Of([12, 18, 24, 30, 36], key + "months");
        var knows = fate is not (Fate.Silent or Fate.NotInterested) && !dice.Falls(25, key + "unknown");
        var cost = advance * dice.Between(4, 8, key + "cost");
        var form = new DetectionForm
        {
            Company = $"{trade} {family}",
            Siret = siret,
            Commune = dice.Of(Communes, key + "commune"),
            Activity = trade,
            HeadName = $"Dominique {family}",
            HeadEmail = $"direction@{siret[..9]}.example",
            IsRegistered = true,
            Headcount = knows ? Typed(fate == Fate.NotEligible ? dice.Between(250, 900, key + "staff") : dice.Between(3, 120, key + "staff")) : "",
            Turnover = Typed(10_000 * dice.Between(40, 900, key + "turnover")),
            LargestHolderPercent = knows || fate == Fate.NotEligible ? Typed(fate == Fate.NotEligible ? 30 : dice.Between(0, 24, key + "holder")) : "",
            Title = $"{dice.Of(["Nouvelle ligne", "Deuxième équipe", "Reprise d’atelier", "Machine neuve"], key + "title")} de {trade.ToLowerInvariant()}",
            Description = "Développement de l’activité et des emplois.",
            JobsPlanned = Typed(dice.Between(1, 12, key + "jobs")),
            Cost = hasAdvance ? Typed(cost) : "",
            OwnShare = hasAdvance ? Typed(cost - advance) : "",
            RequestedAdvance = hasAdvance ? Typed(advance) : "",
            RequestedMonths = hasAdvance ? Typed(months) : "",
            RequestedDeferralMonths = hasAdvance ? Typed(dice.Between(0, 6, key + "deferral")) : "",
            CompetencesAsked = dice.Of(Fields, key + "field0"),
        };
        return new(rank, on, dice.Of(YearsTerritory.Detectors, key + "by"), form, MadeNumbers.Iban(rank), fate, habit)
        {
            Advance = advance,
            Months = hasAdvance ? months : 0,
            DeferralMonths = hasAdvance ? dice.Between(0, 6, key + "deferral") : 0,
            Support = [.. Enumerable.Range(1, dice.Between(1, 2, key + "supports")).Select(n => new PlannedSupport(
                dice.Of(YearsTerritory.Lenders, $"{key}lender{n}"), dice.Of(Fields, $"{key}field{n}"), dice.Between(3, 24, $"{key}days{n}"))).DistinctBy(s => s.Partner)],
            IsDeferredFirst = fate is Fate.Aided && rank % 9 == 4,
            IsConditional = fate is Fate.ConditionFails || (fate is Fate.Aided && rank % 8 == 3),
            RefusesFirst = fate is Fate.Aided && rank % 17 == 5,
            IsPaidInParts = fate is Fate.Aided && rank % 5 == 2,
        };
    }

    private static string Typed(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Typed(Money amount) => (amount.Cents / 100m).ToString("0.00", CultureInfo.InvariantCulture).Replace('.', ',');
}
