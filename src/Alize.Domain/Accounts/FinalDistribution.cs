namespace Alize.Domain.Accounts;

/// <summary>What goes back to one funder.</summary>
/// <param name="FunderId">The funder.</param>
/// <param name="Contribution">Participation financière: all it gave.</param>
/// <param name="Loss">Its part of the losses, in proportion.</param>
/// <param name="Share">What it gets in all: its contribution less its part of the losses, when everything else is there.</param>
/// <param name="Returned">What it got before.</param>
public sealed record FunderShare(Guid FunderId, Money Contribution, Money Loss, Money Share, Money Returned)
{
    /// <summary>What it gets now.</summary>
    public Money Due => Share - Returned;
}

/// <summary>
/// Dévolution of what remains or is repaid when the programme is not renewed (R16, art. 8): to the funders « au prorata des
/// participations financières, déductions faites des pertes constatées ». Each part is rounded down to the cent and the cents left
/// go one by one to the largest remainders, so that the parts make the whole exactly.
/// </summary>
public static class FinalDistribution
{
    /// <summary>What may be given away: the bank's balance less what is the companies' own and what the committee has promised.</summary>
    /// <param name="balance">Balance of the account.</param>
    /// <param name="excess">Trop-perçus to be given back to companies.</param>
    /// <param name="promised">Advances decided and not paid: existing aid is still managed.</param>
    public static Money Distributable(Money balance, Money excess, Money promised) =>
        balance - excess - promised is { Cents: > 0 } left ? left : Money.Zero;

    /// <summary>An amount in parts, in proportion to weights; the sum is exact.</summary>
    /// <param name="amount">Not negative.</param>
    /// <param name="weights">Not negative, and not all zero. Where remainders are equal, the larger weight is served first, then the earlier one.</param>
    public static IReadOnlyList<Money> Shares(Money amount, IReadOnlyList<Money> weights)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(amount, Money.Zero);
        if (weights.Any(w => w < Money.Zero)) throw new ArgumentOutOfRangeException(nameof(weights), "A contribution is negative.");
        var total = weights.Sum(w => w.Cents);
        if (total == 0) throw new ArgumentException("Nobody contributed: there is nobody to share among.", nameof(weights));

        // Products of two amounts in cents leave 64 bits from three thousand million euros on.
        var products = weights.Select(w => (Int128)w.Cents * amount.Cents).ToList();
        var cents = products.Select(p => (long)(p / total)).ToList();
        var order = Enumerable.Range(0, weights.Count).OrderByDescending(i => products[i] % total).ThenByDescending(i => weights[i]).ThenBy(i => i);
        foreach (var i in order.Take((int)(amount.Cents - cents.Sum()))) cents[i]++;
        return [.. cents.Select(c => new Money(c))];
    }

    /// <summary>
    /// What goes to each funder now. Instalments go on coming in after the first distribution: what is shared is always all that was
    /// ever given back, so that many small distributions end at the same cent as one.
    /// </summary>
    /// <param name="contributions">All that each funder gave, with what it got back before.</param>
    /// <param name="remaining">What is given back now, see <see cref="Distributable"/>.</param>
    /// <returns>In the order of the contributions; what is due makes up what remains exactly.</returns>
    public static IReadOnlyList<FunderShare> Of(IReadOnlyList<(Guid FunderId, Money Contribution, Money Returned)> contributions, Money remaining)
    {
        var weights = contributions.Select(c => c.Contribution).ToList();
        var returned = Money.Sum(contributions.Select(c => c.Returned));
        var contributed = Money.Sum(weights);
        var shares = Shares(returned + remaining, weights).ToArray();

        // By largest remainder a funder's part may fall by a cent when the whole grows; what was paid is not asked back.
        var missing = 0L;
        for (var i = 0; i < shares.Length; i++)
        {
            if (shares[i] >= contributions[i].Returned) continue;
            missing += (contributions[i].Returned - shares[i]).Cents;
            shares[i] = contributions[i].Returned;
        }

        foreach (var i in Enumerable.Range(0, shares.Length).OrderByDescending(i => shares[i] - contributions[i].Returned).ThenBy(i => i))
        {
            var taken = Math.Min(missing, (shares[i] - contributions[i].Returned).Cents);
            (shares[i], missing) = (shares[i] - new Money(taken), missing - taken);
        }

        var loss = contributed > returned + remaining ? contributed - returned - remaining : Money.Zero;
        var losses = Shares(loss, weights);
        return [.. contributions.Select((c, i) => new FunderShare(c.FunderId, c.Contribution, losses[i], shares[i], c.Returned))];
    }

    /// <summary>What forbids giving back what remains.</summary>
    /// <param name="endsOn">Last day of the convention.</param>
    /// <param name="today">The day.</param>
    /// <param name="isRenewed">Whether the partners go on for another three years.</param>
    /// <param name="contributed">All that the funders gave.</param>
    /// <param name="remaining">What would be given back.</param>
    public static IEnumerable<Refusal> Refusals(DateOnly endsOn, DateOnly today, bool isRenewed, Money contributed, Money remaining)
    {
        if (today <= endsOn) yield return new("R16", "8", "distribution-before-the-end", FrenchText.Date(endsOn));
        if (isRenewed) yield return new("R16", "8", "distribution-though-renewed");
        if (contributed <= Money.Zero) yield return new("R16", "8", "distribution-without-funders");
        if (remaining <= Money.Zero) yield return new("R16", "8", "distribution-of-nothing");
    }

    /// <summary>
    /// What forbids sharing while companies still repay: « déductions faites des pertes constatées », which are known only when the last
    /// advance is repaid or lost. Clauses spécifiques signed between the funders and the operator may say otherwise.
    /// </summary>
    /// <param name="outstanding">Still owed by companies.</param>
    /// <param name="hasSpecificClause">Whether such clauses were signed.</param>
    public static IEnumerable<Refusal> OutstandingRefusals(Money outstanding, bool hasSpecificClause)
    {
        if (outstanding > Money.Zero && !hasSpecificClause) yield return new("R16", "8", "distribution-while-outstanding", $"{outstanding}");
    }
}

/// <summary>
/// The alternative of art. 8 (R16): what remains goes to a structure locale de développement économique, « avec l'accord et sous le
/// contrôle du Président du comité local de pilotage ».
/// </summary>
/// <param name="Structure">The structure.</param>
/// <param name="AgreedBy">Chair of the steering committee. Empty: not agreed.</param>
/// <param name="AgreedOn">Day of the agreement. Null: not agreed.</param>
/// <param name="Document">Reference of the written agreement. Empty: none is at hand.</param>
public sealed record TransferToLocalStructure(string Structure, string AgreedBy, DateOnly? AgreedOn, string Document)
{
    /// <summary>What forbids the transfer.</summary>
    /// <param name="steeringChair">Who chairs the steering committee.</param>
    /// <param name="today">The day.</param>
    public IEnumerable<Refusal> Refusals(string steeringChair, DateOnly today)
    {
        if (string.IsNullOrWhiteSpace(Structure)) yield return new("R16", "8", "transfer-without-structure");
        if (AgreedOn is not { } on || on > today || AgreedBy != steeringChair || string.IsNullOrWhiteSpace(Document))
            yield return new("R16", "8", "transfer-without-agreement", steeringChair);
    }
}
