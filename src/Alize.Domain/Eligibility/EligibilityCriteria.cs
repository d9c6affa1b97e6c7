namespace Alize.Domain.Eligibility;

/// <summary>What is known about one criterion. Unknown asks the company; it never passes.</summary>
public enum CriterionAnswer
{
    /// <summary>The figures meet it.</summary>
    Met,

    /// <summary>The figures miss it.</summary>
    NotMet,

    /// <summary>A figure is missing.</summary>
    Unknown,
}

/// <summary>The five criteria of article 6.1, in its order.</summary>
public enum EligibilityCriterion
{
    /// <summary>Inscrite au registre du commerce ou au registre des métiers.</summary>
    Registered,

    /// <summary>Employer moins de 250 personnes.</summary>
    Headcount,

    /// <summary>Chiffre d’affaires annuel inférieur à 50 millions d’euros, ou total de bilan inférieur à 43 millions.</summary>
    Size,

    /// <summary>Critère d’indépendance: moins de 25 % du capital détenu par une autre entreprise.</summary>
    Independence,

    /// <summary>Un projet de développement créateur d’emplois.</summary>
    CreatesJobs,
}

/// <summary>One criterion answered, with the figure and the threshold in a French sentence.</summary>
/// <param name="Criterion">Which.</param>
/// <param name="Answer">Met, not met, unknown.</param>
/// <param name="Evidence">What the answer rests on, for the file and for the company.</param>
public sealed record CriterionResult(EligibilityCriterion Criterion, CriterionAnswer Answer, string Evidence)
{
    /// <summary>The company's figures alone, as a refusal quotes them in either language.</summary>
    public IReadOnlyList<string> Figures { get; init; } = [];
}

/// <summary>What is known of a company the day it is assessed; null is "not known", never zero.</summary>
/// <param name="IsRegistered">Whether it is in the registre du commerce or the registre des métiers.</param>
/// <param name="Headcount">Persons employed.</param>
/// <param name="Turnover">Annual turnover.</param>
/// <param name="BalanceSheetTotal">Total of the balance sheet.</param>
/// <param name="LargestHolderBasisPoints">Capital held by the one other enterprise that holds most, in 1/100 of a percent.</param>
/// <param name="CreatesJobs">Whether its development project creates jobs.</param>
public sealed record CompanyFacts(
    bool? IsRegistered,
    int? Headcount,
    Money? Turnover,
    Money? BalanceSheetTotal,
    int? LargestHolderBasisPoints,
    bool? CreatesJobs);

/// <summary>
/// Les critères de la cible (R1, art. 6.1): a company is eligible when all five hold, with the strict inequalities the
/// convention writes. The European definition, which decides on the State-aid side, is <see cref="EuropeanSmeDefinition"/>.
/// </summary>
public static class EligibilityCriteria
{
    /// <summary>Fewer persons than this.</summary>
    public const int HeadcountLimit = 250;

    /// <summary>Held by one other enterprise: less than this, in basis points.</summary>
    public const int HolderLimitBasisPoints = 2_500;

    /// <summary>Turnover below this.</summary>
    public static Money TurnoverLimit { get; } = Money.Euros(50_000_000);

    /// <summary>Or balance-sheet total below this.</summary>
    public static Money BalanceSheetLimit { get; } = Money.Euros(43_000_000);

    /// <summary>Answers the five criteria, in the order of the article.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A figure no company can have: the page should have refused it.</exception>
    public static EligibilityVerdict Assess(CompanyFacts facts)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(facts.Headcount ?? 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(facts.Turnover ?? Money.Zero, Money.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(facts.BalanceSheetTotal ?? Money.Zero, Money.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(facts.LargestHolderBasisPoints ?? 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(facts.LargestHolderBasisPoints ?? 0, 10_000);

        return new EligibilityVerdict(
        [
            Registered(facts.IsRegistered),
            Staff(facts.Headcount),
            Size(facts.Turnover, facts.BalanceSheetTotal),
            Independence(facts.LargestHolderBasisPoints),
            Jobs(facts.CreatesJobs),
        ]);
    }

    private static CriterionResult Registered(bool? registered) => Result(EligibilityCriterion.Registered, registered, registered switch
    {
        true => "Inscrite au registre du commerce ou au registre des métiers.",
        false => "N’est inscrite ni au registre du commerce ni au registre des métiers.",
        null => "Inscription au registre inconnue : demandez un extrait Kbis ou D1 de moins de trois mois.",
    });

    private static CriterionResult Staff(int? headcount) => Result(EligibilityCriterion.Headcount, Below(headcount, HeadcountLimit), headcount is { } staff
        ? $"Emploie {FrenchText.Plural(staff, "personne")} (seuil : moins de {HeadcountLimit})."
        : $"Effectif inconnu : demandez-le à l’entreprise (seuil : moins de {HeadcountLimit} personnes).") with
    {
        Figures = headcount is { } known ? [FrenchText.Number(known)] : [],
    };

    // "Soit … soit": one of the two below is enough, so one known and below decides, and one known and above decides nothing.
    private static CriterionResult Size(Money? turnover, Money? balance)
    {
        bool? met = turnover < TurnoverLimit || balance < BalanceSheetLimit ? true
            : turnover is null || balance is null ? null
            : false;
        var figures = $"Chiffre d’affaires : {turnover?.ToString() ?? "inconnu"} (seuil : moins de {TurnoverLimit}) ; "
            + $"total de bilan : {balance?.ToString() ?? "inconnu"} (seuil : moins de {BalanceSheetLimit})";
        return Result(EligibilityCriterion.Size, met, met switch
        {
            true => $"{figures}. L’un des deux suffit.",
            false => $"{figures}. Aucun des deux n’est sous son seuil.",
            null => $"{figures}. Demandez à l’entreprise le chiffre qui manque.",
        }) with
        {
            Figures = [$"{turnover}", $"{balance}"],
        };
    }

    private static CriterionResult Independence(int? basisPoints) => Result(EligibilityCriterion.Independence, Below(basisPoints, HolderLimitBasisPoints),
        basisPoints is { } held
            ? $"Au plus {FrenchText.PercentOfBasisPoints(held)} du capital détenus par une même autre entreprise (seuil : moins de 25 %)."
            : "Répartition du capital inconnue : demandez à l’entreprise la part de son principal associé (seuil : moins de 25 %).") with
    {
        Figures = basisPoints is { } known ? [FrenchText.PercentOfBasisPoints(known)] : [],
    };

    private static CriterionResult Jobs(bool? createsJobs) => Result(EligibilityCriterion.CreatesJobs, createsJobs, createsJobs switch
    {
        true => "Le projet de développement crée des emplois.",
        false => "Le projet de développement ne crée pas d’emploi.",
        null => "Emplois créés par le projet inconnus : demandez le nombre prévu à l’entreprise.",
    });

    // C# answers false to null < 250; a figure nobody knows is not a figure above.
    private static bool? Below(int? figure, int limit) => figure is { } known ? known < limit : null;

    private static CriterionResult Result(EligibilityCriterion criterion, bool? met, string evidence) => new(
        criterion,
        met switch { true => CriterionAnswer.Met, false => CriterionAnswer.NotMet, null => CriterionAnswer.Unknown },
        FrenchText.Typeset(evidence));
}

/// <summary>The five answers, and what follows from them.</summary>
/// <param name="Criteria">In the order of article 6.1.</param>
public sealed record EligibilityVerdict(IReadOnlyList<CriterionResult> Criteria)
{
    /// <summary>Each of the five criteria is met; one that was not even asked is not.</summary>
    public bool IsEligible => Enum.GetValues<EligibilityCriterion>().All(asked =>
        Criteria.Any(criterion => criterion.Criterion == asked && criterion.Answer == CriterionAnswer.Met)) && !IsRefused;

    /// <summary>At least one is not met: what is still unknown cannot change that.</summary>
    public bool IsRefused => Criteria.Any(criterion => criterion.Answer == CriterionAnswer.NotMet);

    /// <summary>None is missed, but something must still be asked.</summary>
    public bool IsUndecided => !IsEligible && !IsRefused;

    /// <summary>One refusal for each criterion not met, with its figures.</summary>
    public IEnumerable<Refusal> Refusals() => Criteria
        .Where(criterion => criterion.Answer == CriterionAnswer.NotMet)
        .Select(criterion => new Refusal("R1", "6.1", Reason(criterion.Criterion), criterion.Figures));

    /// <summary>The criteria to ask the company about.</summary>
    public IEnumerable<CriterionResult> Missing() => Criteria.Where(criterion => criterion.Answer == CriterionAnswer.Unknown);

    private static string Reason(EligibilityCriterion criterion) => criterion switch
    {
        EligibilityCriterion.Registered => "not-registered",
        EligibilityCriterion.Headcount => "headcount-too-high",
        EligibilityCriterion.Size => "company-too-large",
        EligibilityCriterion.Independence => "not-independent",
        EligibilityCriterion.CreatesJobs => "creates-no-job",
        _ => throw new ArgumentOutOfRangeException(nameof(criterion), criterion, "Article 6.1 has five criteria."),
    };
}
