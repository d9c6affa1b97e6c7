namespace Alize.Domain.Signatures;

/// <summary>What each lock on a payment guards, in the order they open.</summary>
public enum PaymentLockKind
{
    /// <summary>The committee carried the decision (R2).</summary>
    DecisionCarried,

    /// <summary>Everyone has signed and initialled (R8).</summary>
    ConventionFullySigned,

    /// <summary>Competences are committed in the same decision (R5).</summary>
    CompetenceCommitted,

    /// <summary>A significant part of the financing stays with the project's holder (R7b).</summary>
    OwnShareKept,

    /// <summary>European rules on cumulated aid are respected (R7c).</summary>
    StateAidRespected,

    /// <summary>The advances account can pay (R7).</summary>
    CreditsAvailable,

    /// <summary>It was not paid before (R19: each payment answers to one decision).</summary>
    NotAlreadyPaid,
}

/// <summary>One lock, as the page shows it.</summary>
/// <param name="Kind">What it guards.</param>
/// <param name="IsOpen">Whether it lets the payment through.</param>
/// <param name="Evidence">What that rests on: « signée par 4 sur 4, le 3 juin 2026 ».</param>
public sealed record PaymentLock(PaymentLockKind Kind, bool IsOpen, string Evidence)
{
    /// <summary>French label of the page.</summary>
    public string Label => Kind switch
    {
        PaymentLockKind.DecisionCarried => "Décision adoptée par le comité d’agrément",
        PaymentLockKind.ConventionFullySigned => "Convention signée par tous",
        PaymentLockKind.CompetenceCommitted => "Appui en compétences engagé",
        PaymentLockKind.OwnShareKept => "Part significative à la charge du porteur",
        PaymentLockKind.StateAidRespected => "Cumul d’aides publiques respecté",
        PaymentLockKind.CreditsAvailable => "Crédits disponibles sur le compte d’avances",
        PaymentLockKind.NotAlreadyPaid => "Pas encore versée",
        _ => throw new ArgumentOutOfRangeException(nameof(Kind), Kind, "A payment has seven locks."),
    };
}

/// <summary>
/// « L’opérateur local ne versera les fonds aux bénéficiaires qu’après signature de ladite convention » (R8, art. 6.2), with
/// the other conditions a payment needs at the moment it is made, not only when it was decided. A payment that is tried while
/// a lock is shut is refused, and the refusals are recorded.
/// </summary>
/// <param name="DecisionCarried">R2.</param>
/// <param name="ConventionFullySigned">R8.</param>
/// <param name="CompetenceCommitted">R5.</param>
/// <param name="OwnShareKept">R7b.</param>
/// <param name="StateAidRespected">R7c.</param>
/// <param name="CreditsAvailable">R7.</param>
/// <param name="NotAlreadyPaid">R19.</param>
public sealed record PaymentInterlock(
    (bool IsOpen, string Evidence) DecisionCarried,
    (bool IsOpen, string Evidence) ConventionFullySigned,
    (bool IsOpen, string Evidence) CompetenceCommitted,
    (bool IsOpen, string Evidence) OwnShareKept,
    (bool IsOpen, string Evidence) StateAidRespected,
    (bool IsOpen, string Evidence) CreditsAvailable,
    (bool IsOpen, string Evidence) NotAlreadyPaid)
{
    /// <summary>All seven, open or shut, in order.</summary>
    public IReadOnlyList<PaymentLock> Locks =>
    [
        Lock(PaymentLockKind.DecisionCarried, DecisionCarried),
        Lock(PaymentLockKind.ConventionFullySigned, ConventionFullySigned),
        Lock(PaymentLockKind.CompetenceCommitted, CompetenceCommitted),
        Lock(PaymentLockKind.OwnShareKept, OwnShareKept),
        Lock(PaymentLockKind.StateAidRespected, StateAidRespected),
        Lock(PaymentLockKind.CreditsAvailable, CreditsAvailable),
        Lock(PaymentLockKind.NotAlreadyPaid, NotAlreadyPaid),
    ];

    /// <summary>Whether the operator may pay.</summary>
    public bool IsOpen => Locks.All(paymentLock => paymentLock.IsOpen);

    /// <summary>One refusal for each lock that is shut, with its evidence.</summary>
    public IEnumerable<Refusal> Refusals() => Locks.Where(paymentLock => !paymentLock.IsOpen).Select(Refusal);

    private static PaymentLock Lock(PaymentLockKind kind, (bool IsOpen, string Evidence) state) => new(kind, state.IsOpen, state.Evidence);

    private static Refusal Refusal(PaymentLock shut) => shut.Kind switch
    {
        PaymentLockKind.DecisionCarried => new("R2", "5.2", "pay-without-decision", shut.Evidence),
        PaymentLockKind.ConventionFullySigned => new("R8", "6.2", "pay-before-signature", shut.Evidence),
        PaymentLockKind.CompetenceCommitted => new("R5", "6.2", "pay-without-competences", shut.Evidence),
        PaymentLockKind.OwnShareKept => new("R7", "6.2", "pay-without-own-share", shut.Evidence),
        PaymentLockKind.StateAidRespected => new("R7", "6.2", "pay-beyond-state-aid", shut.Evidence),
        PaymentLockKind.CreditsAvailable => new("R7", "6.2", "pay-without-credits", shut.Evidence),
        PaymentLockKind.NotAlreadyPaid => new("R19", "5.3", "pay-twice", shut.Evidence),
        _ => throw new ArgumentOutOfRangeException(nameof(shut), shut.Kind, "A payment has seven locks."),
    };
}
