namespace Alize.Domain.Accounts;

/// <summary>What happened; it says by which way it can be put right.</summary>
public enum MovementKind
{
    /// <summary>Dotation promised for a year (Annexe 1).</summary>
    EndowmentPledged,

    /// <summary>Appel de fonds.</summary>
    EndowmentCalled,

    /// <summary>Dotation received.</summary>
    EndowmentReceived,

    /// <summary>Dotation given back to its funder, or in its name to a local structure (R16).</summary>
    EndowmentReturned,

    /// <summary>Advance carried by the committee.</summary>
    AdvanceDecided,

    /// <summary>Its convention signed by all.</summary>
    AdvanceCommitted,

    /// <summary>Decided or committed, and given up before it was paid.</summary>
    AdvanceReleased,

    /// <summary>Advance, or one of its parts, paid.</summary>
    AdvancePaid,

    /// <summary>Instalments fallen due, or no longer due.</summary>
    InstallmentsDue,

    /// <summary>Repaid by the company.</summary>
    Repayment,

    /// <summary>Excess given back to the company.</summary>
    ExcessReturned,

    /// <summary>Loss recorded by a decision of the committee.</summary>
    Loss,

    /// <summary>Received on what was recorded as lost.</summary>
    Recovery,

    /// <summary>Operating cost paid.</summary>
    Expense,

    /// <summary>Subsidised loan of a partner, or what was repaid on it.</summary>
    SubsidisedLoan,

    /// <summary>Days promised for a year (Annexe 1).</summary>
    DaysPledged,

    /// <summary>Days committed in a decision.</summary>
    DaysCommitted,

    /// <summary>Days spent.</summary>
    DaysSpent,

    /// <summary>Days committed that will not be spent.</summary>
    DaysReleased,

    /// <summary>Reversing entry.</summary>
    Reversal,
}

/// <summary>What an entry rests on (R19, art. 5.3: « justifier à tout moment de l’emploi des fonds reçus »).</summary>
public enum SourceKind
{
    /// <summary>A committee's decision.</summary>
    Decision,

    /// <summary>A document: convention, call for funds, invoice.</summary>
    Document,

    /// <summary>A line of a bank statement.</summary>
    BankLine,

    /// <summary>Somebody's word: time logged by a member, a correction by the operator.</summary>
    Person,
}

/// <summary>Pièce justificative of an entry.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">The row it is: decision, convention, receipt… Null for what is only named.</param>
/// <param name="Reference">What is written on it, for people and for the FEC's PieceRef; never empty.</param>
/// <param name="On">Its date, when it is not the day of the movement.</param>
public sealed record EntrySource(SourceKind Kind, Guid? Id, string Reference, DateOnly? On = null);

/// <summary>An amount that goes from the credited account to the debited one.</summary>
/// <param name="Debit">Debited.</param>
/// <param name="Credit">Credited.</param>
/// <param name="Amount">Euros; for days, their value (R11).</param>
/// <param name="PartyId">Sub-account: the funder or the company.</param>
/// <param name="HalfDays">Second unit, for the books of competences alone.</param>
public sealed record Posting(LedgerAccount Debit, LedgerAccount Credit, Money Amount, Guid? PartyId, int HalfDays = 0);

/// <summary>A movement to be booked: what a step or a page hands to the journal.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Account">The books; every posting is in them (R9).</param>
/// <param name="Key">Its own key: a second movement with the same key is the same one.</param>
/// <param name="Label">What it is, in French.</param>
/// <param name="On">The day.</param>
/// <param name="Source">What it rests on.</param>
/// <param name="ProjectId">The project. Null for none.</param>
/// <param name="Postings">What moves; at least one.</param>
public sealed record Movement(
    MovementKind Kind, FundAccount Account, string Key, string Label, DateOnly On, EntrySource Source, Guid? ProjectId, params IReadOnlyList<Posting> Postings)
{
    /// <summary>What leaves the bank, less what enters it.</summary>
    public Money LeavesBank => Money.Sum(Postings.Where(p => p.Credit == LedgerAccount.Bank).Select(p => p.Amount))
        - Money.Sum(Postings.Where(p => p.Debit == LedgerAccount.Bank).Select(p => p.Amount));
}
