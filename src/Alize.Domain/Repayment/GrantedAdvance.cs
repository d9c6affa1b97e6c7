namespace Alize.Domain.Repayment;

/// <summary>
/// Where an advance stands, from sums alone (R6, art. 6.2): what the order of events was does not matter. Outstanding is what was paid
/// out, less repaid, less lost, and never below zero: what comes in beyond is first what had been lost, then the company's own.
/// </summary>
/// <param name="PaidOut">Paid to the company.</param>
/// <param name="Received">Received from it.</param>
/// <param name="Lost">Recorded as lost by the committee.</param>
/// <param name="Returned">Excess given back to it.</param>
public sealed record AdvancePosition(Money PaidOut, Money Received, Money Lost, Money Returned)
{
    /// <summary>Received and kept. Below zero, money was given back that never came: no receipt may be taken back that far.</summary>
    public Money Kept => Received - Returned;

    /// <summary>Repaid on what was owed.</summary>
    public Money Repaid => Money.Min(Kept, PaidOut - Lost);

    /// <summary>Received on what had been recorded as lost.</summary>
    public Money Recovered => Money.Min(Kept - Repaid, Lost);

    /// <summary>Trop-perçu still to be given back.</summary>
    public Money Excess => Kept - Repaid - Recovered;

    /// <summary>Still owed.</summary>
    public Money Outstanding => PaidOut - Lost - Repaid;
}

/// <summary>
/// Avance remboursable, once paid out (R6, art. 6.2): its payments, its schedule and what came back. What each instalment received is
/// worked out anew from all receipts in order of their value day, so that one recorded late falls where it belongs.
/// </summary>
public sealed class GrantedAdvance
{
    private readonly List<Installment> installments = [];
    private readonly List<RepaymentReceived> received = [];
    private readonly List<AdvancePayout> payouts = [];
    private readonly List<AdvanceRuling> rulings = [];
    private readonly List<ExcessReturn> returns = [];

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

    /// <summary>What the committee granted; paid at once or in parts.</summary>
    public required Money Principal { get; init; }

    /// <summary>Months.</summary>
    public required int Months { get; init; }

    /// <summary>Deferral in months.</summary>
    public required int DeferralMonths { get; init; }

    /// <summary>Day of the first payment.</summary>
    public required DateOnly PaidOn { get; init; }

    /// <summary>Raised at each change, so that two hands never overwrite each other.</summary>
    public int Version { get; private set; }

    /// <summary>The schedule in force, in order.</summary>
    public IReadOnlyList<Installment> Installments => [.. installments.Where(i => !i.IsSuperseded).OrderBy(i => i.Number)];

    /// <summary>Instalments that a later schedule replaced.</summary>
    public IReadOnlyList<Installment> Superseded => [.. installments.Where(i => i.IsSuperseded).OrderBy(i => i.Number)];

    /// <summary>What came in, in order of recording.</summary>
    public IReadOnlyList<RepaymentReceived> Received => received;

    /// <summary>Payments to the company, in order.</summary>
    public IReadOnlyList<AdvancePayout> Payouts => [.. payouts.OrderBy(p => p.Number)];

    /// <summary>What the committee decided on it since.</summary>
    public IReadOnlyList<AdvanceRuling> Rulings => [.. rulings.OrderBy(r => r.DecidedOn).ThenBy(r => r.Id)];

    /// <summary>Excess given back.</summary>
    public IReadOnlyList<ExcessReturn> Returns => returns;

    /// <summary>Where it stands.</summary>
    public AdvancePosition Position => new(
        Money.Sum(payouts.Select(p => p.Amount)), Money.Sum(received.Where(r => !r.IsCancelled).Select(r => r.Amount)),
        Money.Sum(rulings.Select(r => r.Lost)), Money.Sum(returns.Select(r => r.Amount)));

    /// <summary>Repaid so far.</summary>
    public Money Repaid => Position.Repaid;

    /// <summary>Still to come.</summary>
    public Money Outstanding => Position.Outstanding;

    /// <summary>Granted and not yet paid.</summary>
    public Money Unpaid => Principal - Position.PaidOut;

    /// <summary>Whether nothing is left to repay.</summary>
    public bool IsRepaid => payouts.Count > 0 && Outstanding == Money.Zero;

    /// <summary>
    /// What was overdue at the end of a past day, by age, for the report on a year that is over: the schedule of that day, less what
    /// had come in by then. By value day: a receipt recorded later counts for the day the bank got it.
    /// </summary>
    public Arrears ArrearsOn(DateOnly day)
    {
        bool Held(Installment i) => i.SupersededOn is null || i.SupersededOn > day;
        var known = installments.Where(i => i.EstablishedOn <= day).OrderBy(i => i.Number).Select(i => (i.Number, i.CollectOn, Due: Held(i) ? i.Amount : i.Kept)).ToList();
        var kept = Money.Sum(received.Where(r => r.ReceivedOn <= day && (r.CancelledOn is null || r.CancelledOn > day)).Select(r => r.Amount))
            - Money.Sum(returns.Where(r => r.On <= day).Select(r => r.Amount));
        var (parts, _) = Allocation.OldestFirst([.. known.Select(i => (i.Number, i.Due))], kept < Money.Zero ? Money.Zero : kept);
        var paid = parts.ToDictionary(p => p.Number, p => p.Amount);
        return Arrears.ByAge(known.Select(i => (i.CollectOn, i.Due - paid.GetValueOrDefault(i.Number))), day);
    }

    /// <summary>An instalment by its number, replaced or not.</summary>
    public Installment? Find(int number) => installments.SingleOrDefault(i => i.Number == number);

    /// <summary>Place of an instalment in the schedule in force, from 1, as people count.</summary>
    public int RankOf(Installment installment) => Installments.Count(i => i.Number <= installment.Number);

    /// <summary>Pays a part, or all; the schedule then covers all that is owed, from this payment on.</summary>
    /// <param name="payout">The payment.</param>
    /// <param name="planned">The schedule of what is then outstanding.</param>
    /// <exception cref="ArgumentException">More than was granted, or after a loss: a bug of the caller.</exception>
    public void Pay(AdvancePayout payout, IEnumerable<Installment> planned)
    {
        if (payout.Amount <= Money.Zero || payout.Amount > Unpaid || Position.Lost > Money.Zero)
            throw new ArgumentException($"{payout.Amount} cannot be paid on advance '{Reference}': {Unpaid} of it is unpaid.", nameof(payout));
        payouts.Add(payout);
        Replace(planned, payout.PaidOn);
    }

    /// <summary>Replaces what is not yet settled of the schedule, by a decision of the committee; what it gives up is a loss.</summary>
    /// <returns>The instalments that no longer hold.</returns>
    /// <exception cref="ArgumentException">More is given up than is owed, or the schedule is not what is left: a bug of the caller.</exception>
    public IReadOnlyList<Installment> Rule(AdvanceRuling ruling, IEnumerable<Installment> planned)
    {
        if (ruling.Lost < Money.Zero || ruling.Lost > Outstanding)
            throw new ArgumentException($"{ruling.Lost} cannot be given up on advance '{Reference}': {Outstanding} is owed.", nameof(ruling));
        rulings.Add(ruling);
        return Replace(planned, ruling.DecidedOn);
    }

    /// <summary>Records a repayment; each instalment's state follows from all receipts in order of their value day.</summary>
    /// <returns>The instalments it settled, and the excess it leaves when everything is repaid.</returns>
    public (IReadOnlyList<Installment> Settled, Money Excess) Receive(RepaymentReceived repayment)
    {
        var (before, excess) = (installments.Where(i => i.IsSettled).ToHashSet(), Position.Excess);
        received.Add(repayment);
        Version++;
        Replay();
        return ([.. Installments.Where(i => i.IsSettled && !before.Contains(i))], Position.Excess - excess);
    }

    /// <summary>
    /// Takes a receipt back, as when a bank returns it. What it had settled is due again: those instalments, and all that follow, are
    /// set up anew for the same days.
    /// </summary>
    /// <param name="receiptId">The receipt.</param>
    /// <param name="on">Day it is taken back.</param>
    /// <param name="reason">Why.</param>
    /// <param name="newId">Gives ids.</param>
    /// <returns>The instalments that no longer hold.</returns>
    public IReadOnlyList<Installment> TakeBack(Guid receiptId, DateOnly on, string reason, Func<Guid> newId)
    {
        received.Single(r => r.Id == receiptId).Cancel(on, reason);
        Replay();
        var missing = Money.Zero;
        foreach (var replaced in installments.Where(i => i.IsSuperseded))
        {
            missing += replaced.Due - replaced.Repaid;
            replaced.Supersede(replaced.SupersededOn!.Value);
        }

        var again = new List<Installment>();
        var number = installments.Select(i => i.Number).DefaultIfEmpty().Max();
        foreach (var open in Installments.Where(i => !i.IsSettled))
        {
            again.Add(open.Again(newId(), ++number, on, missing));
            missing = Money.Zero;
        }

        if (missing > Money.Zero) again.Add(new Installment { Id = newId(), ProgrammeId = ProgrammeId, AdvanceId = Id, Number = ++number, DueOn = on, CollectOn = on, Amount = missing, EstablishedOn = on });
        return Replace(again, on);
    }

    /// <summary>Gives excess back.</summary>
    /// <exception cref="ArgumentException">More than there is: a bug of the caller.</exception>
    public void Return(ExcessReturn excess)
    {
        if (excess.Amount <= Money.Zero || excess.Amount > Position.Excess)
            throw new ArgumentException($"{excess.Amount} cannot be given back on advance '{Reference}': {Position.Excess} is in excess.", nameof(excess));
        returns.Add(excess);
        Version++;
    }

    /// <summary>Number of the first instalment of a schedule to come: numbers are never used again.</summary>
    public int NextNumber => installments.Select(i => i.Number).DefaultIfEmpty().Max() + 1;

    private List<Installment> Replace(IEnumerable<Installment> planned, DateOnly on)
    {
        var replaced = installments.Where(i => i is { IsSuperseded: false, IsSettled: false }).ToList();
        foreach (var installment in replaced) installment.Supersede(on);
        installments.AddRange(planned);
        Version++;
        Replay();
        var left = Money.Sum(Installments.Select(i => i.Outstanding));
        if (left != Outstanding)
            throw new ArgumentException($"The schedule of advance '{Reference}' asks for {left}, and {Outstanding} is owed.", nameof(planned));
        return replaced;
    }

    private void Replay()
    {
        foreach (var installment in installments) installment.Clear();
        var kept = Position.Kept;
        foreach (var receipt in received.Where(r => !r.IsCancelled).OrderBy(r => r.ReceivedOn).ThenBy(r => r.Id))
        {
            // What was given back as excess came last; it repays nothing, not even a part of the advance that is paid later.
            var amount = Money.Min(receipt.Amount, kept);
            kept -= amount;
            var (parts, _) = Allocation.OldestFirst([.. installments.Select(i => (i.Number, i.Due - i.Repaid))], amount);
            foreach (var (number, part) in parts) installments.Single(i => i.Number == number).Receive(part, receipt.ReceivedOn);
        }
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

    /// <summary>From 1; a replaced instalment keeps its number, the next schedule goes on counting.</summary>
    public required int Number { get; init; }

    /// <summary>Nominal day.</summary>
    public required DateOnly DueOn { get; init; }

    /// <summary>Day it is collected: the nominal one, or the next working day.</summary>
    public required DateOnly CollectOn { get; init; }

    /// <summary>Amount, when it was planned.</summary>
    public required Money Amount { get; init; }

    /// <summary>Day its schedule was set up: a reminder that would have gone out before is not sent after the fact.</summary>
    public DateOnly EstablishedOn { get; init; }

    /// <summary>Day another schedule replaced it. Null while it holds.</summary>
    public DateOnly? SupersededOn { get; private set; }

    /// <summary>What it had received when it was replaced: that much stays with it.</summary>
    public Money Kept { get; private set; }

    /// <summary>Repaid so far.</summary>
    public Money Repaid { get; private set; }

    /// <summary>Day it was settled. Null before.</summary>
    public DateOnly? SettledOn { get; private set; }

    /// <summary>Whether it is repaid in full.</summary>
    public bool IsSettled => SettledOn is not null;

    /// <summary>Whether another schedule replaced it.</summary>
    public bool IsSuperseded => SupersededOn is not null;

    /// <summary>Whether nobody is to be reminded of it any more.</summary>
    public bool IsOver => IsSettled || IsSuperseded;

    /// <summary>What it takes of what is received.</summary>
    public Money Due => IsSuperseded ? Kept : Amount;

    /// <summary>Still due.</summary>
    public Money Outstanding => Due - Repaid;

    internal void Receive(Money part, DateOnly on)
    {
        Repaid += part;
        if (Repaid >= Due) SettledOn = on;
    }

    internal void Clear() => (Repaid, SettledOn) = (Money.Zero, null);

    internal void Supersede(DateOnly on) => (SupersededOn, Kept) = (on, Repaid);

    internal Installment Again(Guid id, int number, DateOnly on, Money more) => new()
    {
        Id = id,
        ProgrammeId = ProgrammeId,
        AdvanceId = AdvanceId,
        Number = number,
        DueOn = DueOn,
        CollectOn = CollectOn,
        Amount = Outstanding + more,
        EstablishedOn = on,
    };
}

/// <summary>Versement of an advance, or of a part of it.</summary>
public sealed class AdvancePayout
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The advance.</summary>
    public required Guid AdvanceId { get; init; }

    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    /// <summary>The day.</summary>
    public required DateOnly PaidOn { get; init; }

    /// <summary>Amount.</summary>
    public required Money Amount { get; init; }

    /// <summary>Who ordered it.</summary>
    public required string OrderedBy { get; init; }
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

    /// <summary>Value day: the day the bank got it.</summary>
    public required DateOnly ReceivedOn { get; init; }

    /// <summary>Amount.</summary>
    public required Money Amount { get; init; }

    /// <summary>The bank's reference.</summary>
    public required string BankReference { get; init; }

    /// <summary>Who recorded it.</summary>
    public required string RecordedBy { get; init; }

    /// <summary>Day it was taken back. Null: it counts.</summary>
    public DateOnly? CancelledOn { get; private set; }

    /// <summary>Why it was taken back.</summary>
    public string CancelReason { get; private set; } = "";

    /// <summary>Whether it no longer counts.</summary>
    public bool IsCancelled => CancelledOn is not null;

    internal void Cancel(DateOnly on, string reason) => (CancelledOn, CancelReason) = (on, reason);
}

/// <summary>Trop-perçu given back to a company.</summary>
public sealed class ExcessReturn
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The advance.</summary>
    public required Guid AdvanceId { get; init; }

    /// <summary>The day.</summary>
    public required DateOnly On { get; init; }

    /// <summary>Amount.</summary>
    public required Money Amount { get; init; }

    /// <summary>The bank's reference.</summary>
    public required string BankReference { get; init; }
}
