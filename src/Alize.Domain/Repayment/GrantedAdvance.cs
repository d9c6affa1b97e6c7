namespace Alize.Domain.Repayment;

/// <summary>Avance remboursable, once paid out (R6, art. 6.2): its schedule and what came back.</summary>
public sealed class GrantedAdvance
{
    private readonly List<Installment> installments = [];
    private readonly List<RepaymentReceived> received = [];

    /// <summary>Id; also the correlation id of its repayment workflow.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The project.</summary>
    public required Guid ProjectId { get; init; }

    /// <summary>The company.</summary>
    public required Guid CompanyId { get; init; }

    /// <summary>The decision that granted it.</summary>
    public required Guid DecisionId { get; init; }

    /// <summary>Reference on every transfer, e.g. <c>AV-2026-003</c>.</summary>
    public required string Reference { get; init; }

    /// <summary>Principal.</summary>
    public required Money Principal { get; init; }

    /// <summary>Months.</summary>
    public required int Months { get; init; }

    /// <summary>Deferral in months.</summary>
    public required int DeferralMonths { get; init; }

    /// <summary>Day of payment.</summary>
    public required DateOnly PaidOn { get; init; }

    /// <summary>Raised at each change, so that two hands never overwrite each other.</summary>
    public int Version { get; private set; }

    /// <summary>The schedule, in order.</summary>
    public IReadOnlyList<Installment> Installments => [.. installments.OrderBy(i => i.Number)];

    /// <summary>What came in, in order of recording.</summary>
    public IReadOnlyList<RepaymentReceived> Received => received;

    /// <summary>Repaid so far.</summary>
    public Money Repaid => Money.Sum(installments.Select(i => i.Repaid));

    /// <summary>Still to come.</summary>
    public Money Outstanding => Principal - Repaid;

    /// <summary>Whether nothing is left to repay.</summary>
    public bool IsRepaid => installments.Count > 0 && installments.All(i => i.IsSettled);

    /// <summary>Puts the schedule in place.</summary>
    public void Schedule(IEnumerable<Installment> planned) => installments.AddRange(planned);

    /// <summary>
    /// Takes back a repayment that was not one, e.g. a bank line of somebody else: what was received otherwise is shared out anew,
    /// oldest instalment first. The row stays and says so.
    /// </summary>
    /// <exception cref="InvalidOperationException">It was taken back before, or is another advance's.</exception>
    public void TakeBack(RepaymentReceived repayment, DateOnly on)
    {
        if (repayment.TakenBackOn is not null || !received.Contains(repayment))
            throw new InvalidOperationException($"Repayment '{repayment.Id}' is not one that advance '{Id}' holds.");
        repayment.TakeBack(on);
        Version++;
        foreach (var installment in installments) installment.Reopen();
        foreach (var held in received.Where(r => r.TakenBackOn is null).OrderBy(r => r.ReceivedOn).ThenBy(r => r.Id)) Share(held);
    }

    /// <summary>
    /// Records a repayment and gives it to the oldest unsettled instalments first.
    /// </summary>
    /// <returns>The instalments it settled, and what is left over when everything is repaid.</returns>
    public (IReadOnlyList<Installment> Settled, Money Excess) Receive(RepaymentReceived repayment)
    {
        received.Add(repayment);
        Version++;
        return Share(repayment);
    }

    private (IReadOnlyList<Installment> Settled, Money Excess) Share(RepaymentReceived repayment)
    {
        var (parts, excess) = Allocation.OldestFirst([.. installments.Select(i => (i.Number, i.Outstanding))], repayment.Amount);
        var settled = new List<Installment>();
        foreach (var (number, amount) in parts)
        {
            var installment = installments.Single(i => i.Number == number);
            installment.Receive(amount, repayment.ReceivedOn);
            if (installment.IsSettled) settled.Add(installment);
        }

        return (settled, excess);
    }
}

/// <summary>Échéance of an advance. The schedule keeps its nominal day; it is collected the next working day.</summary>
public sealed class Installment
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The advance.</summary>
    public required Guid AdvanceId { get; init; }

    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    /// <summary>Nominal day.</summary>
    public required DateOnly DueOn { get; init; }

    /// <summary>Day it is collected: the nominal one, or the next working day.</summary>
    public required DateOnly CollectOn { get; init; }

    /// <summary>Amount due.</summary>
    public required Money Amount { get; init; }

    /// <summary>Repaid so far.</summary>
    public Money Repaid { get; private set; }

    /// <summary>Day it was settled. Null before.</summary>
    public DateOnly? SettledOn { get; private set; }

    /// <summary>Whether it is repaid in full.</summary>
    public bool IsSettled => SettledOn is not null;

    /// <summary>Still due.</summary>
    public Money Outstanding => Amount - Repaid;

    internal void Reopen() => (Repaid, SettledOn) = (Money.Zero, null);

    internal void Receive(Money part, DateOnly on)
    {
        Repaid += part;
        if (Repaid >= Amount) SettledOn = on;
    }
}

/// <summary>Remboursement received from a company.</summary>
public sealed class RepaymentReceived
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The advance.</summary>
    public required Guid AdvanceId { get; init; }

    /// <summary>Day the bank got it.</summary>
    public required DateOnly ReceivedOn { get; init; }

    /// <summary>Amount.</summary>
    public required Money Amount { get; init; }

    /// <summary>The bank's reference.</summary>
    public required string BankReference { get; init; }

    /// <summary>Who recorded it.</summary>
    public required string RecordedBy { get; init; }

    /// <summary>Day it was taken back, because it was not this advance's. Null: it holds.</summary>
    public DateOnly? TakenBackOn { get; private set; }

    internal void TakeBack(DateOnly on) => TakenBackOn = on;
}
