namespace Alize.Domain.Aid;

/// <summary>
/// What the comité d’agrément makes sure of « avant toute décision financière » (R5, R6, R7, art. 6.2): every figure the vote
/// rests on, so that the refusals can be read at once before anyone votes, and checked again later.
/// </summary>
/// <param name="Advance">Avance remboursable asked for, if any.</param>
/// <param name="HasSubsidisedLoan">Whether a partner lends as a prêt bonifié in the same decision.</param>
/// <param name="CompetenceHalfDays">Half-days of competences the partners commit in the same decision.</param>
/// <param name="CreditsAvailable">Balance of the advances account less what is decided and not yet paid.</param>
/// <param name="ProjectCost">Cost of the company's project.</param>
/// <param name="OwnShare">What its holder finances himself: own funds and ordinary loans.</param>
/// <param name="MinimumOwnSharePercent">The programme's reading of « une partie significative », 25 by default.</param>
/// <param name="DeMinimisRoom">What State-aid rules still allow the single undertaking, see <see cref="DeMinimis"/>.</param>
/// <param name="GrossGrant">Équivalent-subvention brut of all that is decided, competences included when the programme counts them.</param>
public sealed record FinancialRequest(
    RepayableAdvance? Advance,
    bool HasSubsidisedLoan,
    int CompetenceHalfDays,
    Money CreditsAvailable,
    Money ProjectCost,
    Money OwnShare,
    int MinimumOwnSharePercent,
    Money DeMinimisRoom,
    Money GrossGrant)
{
    /// <summary>Default for <see cref="MinimumOwnSharePercent"/>.</summary>
    public const int DefaultMinimumOwnSharePercent = 25;

    /// <summary>Whether money is decided at all; competences alone need neither R5 nor the credits.</summary>
    public bool HasMoney => Advance is not null || HasSubsidisedLoan;

    /// <summary>Everything that forbids the decision, at once, with its figures; empty when it may be put to the vote.</summary>
    public IEnumerable<Refusal> Refusals() =>
        [.. Advance?.Refusals() ?? [], .. WithoutCompetences(), .. Credits(), .. OwnFinancing(), .. StateAid()];

    private IEnumerable<Refusal> WithoutCompetences()
    {
        if (HasMoney && CompetenceHalfDays < 1) yield return new("R5", "6.2", "money-without-competences");
    }

    private IEnumerable<Refusal> Credits()
    {
        // A subsidised loan is paid from its lender's own means: only the advance draws on the fund.
        if (Advance is { Principal: var asked } && asked > CreditsAvailable)
            yield return new("R7", "6.2", "credits-not-available", $"{asked}", $"{CreditsAvailable}", $"{asked - CreditsAvailable}");
    }

    private IEnumerable<Refusal> OwnFinancing()
    {
        if (!HasMoney) yield break;
        if (ProjectCost <= Money.Zero)
        {
            yield return new("R7", "6.2", "project-cost-missing");
            yield break;
        }

        if (OwnShare > ProjectCost)
            yield return new("R7", "6.2", "own-share-exceeds-cost", $"{OwnShare}", $"{ProjectCost}");
        else if ((Int128)OwnShare.Cents * 100 < (Int128)ProjectCost.Cents * MinimumOwnSharePercent)
            yield return new("R7", "6.2", "own-share-too-small",
                $"{OwnShare}", $"{ProjectCost}", SharePercent(), FrenchText.Percent(MinimumOwnSharePercent), $"{LeastOwnShare()}");
    }

    private IEnumerable<Refusal> StateAid()
    {
        if (GrossGrant > DeMinimisRoom)
            yield return new("R7", "6.2", "de-minimis-exceeded", $"{GrossGrant}", $"{DeMinimisRoom}", $"{GrossGrant - DeMinimisRoom}");
    }

    // Rounded down: a share refused for a cent must not be shown as the 25 % it misses.
    private string SharePercent() =>
        FrenchText.Percent(Math.Floor(OwnShare.Cents * 10_000m / ProjectCost.Cents) / 100);

    private Money LeastOwnShare() => new((long)Math.Ceiling(ProjectCost.Cents * (decimal)MinimumOwnSharePercent / 100));
}
