namespace Alize.Domain.Accounts;

/// <summary>The two accounts of art. 4 (R9); nothing crosses.</summary>
public enum FundAccount
{
    /// <summary>Fonds d'avances remboursables.</summary>
    Advances,

    /// <summary>Frais de fonctionnement.</summary>
    OperatingCosts,
}

/// <summary>Ledger accounts of the programme's books; each exists once in each <see cref="FundAccount"/>.</summary>
public enum LedgerAccount
{
    /// <summary>Banque.</summary>
    Bank,

    /// <summary>Dotations reçues: owed to the funders (R16).</summary>
    Endowments,

    /// <summary>Avances à recevoir: paid out and not yet repaid.</summary>
    AdvancesOutstanding,

    /// <summary>Trop-perçus à rendre: repaid beyond what was due.</summary>
    ExcessRepayments,

    /// <summary>Pertes constatées.</summary>
    Losses,

    /// <summary>Charges: ASTREES, communication, operator's fee.</summary>
    Expenses,
}

/// <summary>
/// One balanced entry of the journal (R9, R19; art. 4, 5.3): append-only, corrected by a reversing entry, traced to its source.
/// </summary>
public sealed class JournalEntry
{
    private readonly List<JournalLine> lines = [];

    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The account; all lines are in it.</summary>
    public required FundAccount Account { get; init; }

    /// <summary>Day of the movement.</summary>
    public required DateOnly BookedOn { get; init; }

    /// <summary>What it is, French.</summary>
    public required string Label { get; init; }

    /// <summary>The movement's own key: a second entry with the same key is the same movement, and is refused by the database.</summary>
    public required string Key { get; init; }

    /// <summary>Who booked it.</summary>
    public required string BookedBy { get; init; }

    /// <summary>When it was written, UTC.</summary>
    public required DateTime WrittenAt { get; init; }

    /// <summary>The project it concerns. Null for none.</summary>
    public Guid? ProjectId { get; init; }

    /// <summary>What justifies it: decision, advance, receipt… Null for none.</summary>
    public Guid? SourceId { get; init; }

    /// <summary>Debits and credits.</summary>
    public IReadOnlyList<JournalLine> Lines => lines;

    /// <summary>Moves an amount from the credited account to the debited one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Nothing or less than nothing is moved: a bug of the caller.</exception>
    public JournalEntry Move(LedgerAccount debit, LedgerAccount credit, Money amount, Guid? partyId)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(amount.Cents, 0, nameof(amount));
        lines.Add(new() { EntryId = Id, ProgrammeId = ProgrammeId, Ledger = debit, PartyId = partyId, Debit = amount });
        lines.Add(new() { EntryId = Id, ProgrammeId = ProgrammeId, Ledger = credit, PartyId = partyId, Credit = amount });
        return this;
    }
}

/// <summary>One line of an entry.</summary>
public sealed class JournalLine
{
    /// <summary>Id, ascending.</summary>
    public long Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The entry.</summary>
    public required Guid EntryId { get; init; }

    /// <summary>The ledger account.</summary>
    public required LedgerAccount Ledger { get; init; }

    /// <summary>Funder or company, as sub-account. Null for none.</summary>
    public Guid? PartyId { get; init; }

    /// <summary>Debit.</summary>
    public Money Debit { get; init; }

    /// <summary>Credit.</summary>
    public Money Credit { get; init; }
}
