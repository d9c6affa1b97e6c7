namespace Alize.Domain.Accounts;

/// <summary>How a statement came.</summary>
public enum StatementFormat
{
    /// <summary>ISO 20022, bank-to-customer statement.</summary>
    Camt053,

    /// <summary>Relevé de compte à 120 caractères of the French banks.</summary>
    Cfonb120,
}

/// <summary>Relevé de compte, as the bank sent it (R19, art. 5.3): the voucher of every line that is matched to the books.</summary>
public sealed class BankStatement
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>Which of the two accounts, known by its IBAN (R9).</summary>
    public required FundAccount Account { get; init; }

    /// <summary>How it came.</summary>
    public required StatementFormat Format { get; init; }

    /// <summary>Its identity: account and number, or account and days where the format has no number. A second import is refused.</summary>
    public required string Key { get; init; }

    /// <summary>The bank's number or the days, for people.</summary>
    public required string Number { get; init; }

    /// <summary>Day of the opening balance.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Day of the closing balance.</summary>
    public required DateOnly To { get; init; }

    /// <summary>Ancien solde.</summary>
    public required Money Opening { get; init; }

    /// <summary>Nouveau solde.</summary>
    public required Money Closing { get; init; }

    /// <summary>Number of lines.</summary>
    public required int Lines { get; init; }

    /// <summary>Name of the file.</summary>
    public required string FileName { get; init; }

    /// <summary>SHA-256 of the file, hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Who imported it.</summary>
    public required string ImportedBy { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTime ImportedAt { get; init; }
}

/// <summary>Opération of a statement. What the bank says never changes; what was done with it does.</summary>
public sealed class BankLine
{
    /// <summary>Id, ascending; the key of what it books.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The statement.</summary>
    public required Guid StatementId { get; init; }

    /// <summary>The statement's account.</summary>
    public required FundAccount Account { get; init; }

    /// <summary>Position in its statement, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>The line's own identity, whatever statement it came in: a line imported twice is refused.</summary>
    public required string Identity { get; init; }

    /// <summary>Date de comptabilisation.</summary>
    public required DateOnly BookedOn { get; init; }

    /// <summary>Date de valeur.</summary>
    public required DateOnly ValueOn { get; init; }

    /// <summary>Positive: received. Negative: paid.</summary>
    public required Money Amount { get; init; }

    /// <summary>Who paid or was paid, as the bank says. Empty: it does not.</summary>
    public string Counterparty { get; init; } = "";

    /// <summary>The other's IBAN. Empty: the bank does not say.</summary>
    public string CounterpartyIban { get; init; } = "";

    /// <summary>Libellé and motif.</summary>
    public required string Text { get; init; }

    /// <summary>Référence de bout en bout. Empty for none.</summary>
    public string EndToEndId { get; init; } = "";

    /// <summary>The bank's own reference. Empty for none.</summary>
    public string BankReference { get; init; } = "";

    /// <summary>The part that is matched, with the sign of the amount.</summary>
    public Money Matched { get; private set; }

    /// <summary>Raised at each change.</summary>
    public int Version { get; private set; }

    /// <summary>What has no counterpart yet.</summary>
    public Money Remaining => Amount - Matched;

    /// <summary>Gives a part of the line a counterpart.</summary>
    /// <param name="part">With the sign of the amount.</param>
    /// <exception cref="ArgumentOutOfRangeException">Nothing, the other way, or more than is left: a bug of the caller.</exception>
    public void Match(Money part)
    {
        if (part == Money.Zero || Math.Sign(part.Cents) != Math.Sign(Amount.Cents) || Math.Abs(part.Cents) > Math.Abs(Remaining.Cents))
            throw new ArgumentOutOfRangeException(nameof(part), part.Cents, $"Bank line '{Id}' has {Remaining.Cents} cents without counterpart.");
        (Matched, Version) = (Matched + part, Version + 1);
    }

    /// <summary>Takes a counterpart away again.</summary>
    /// <param name="part">With the sign of the amount.</param>
    /// <exception cref="ArgumentOutOfRangeException">More than is matched: a bug of the caller.</exception>
    public void Unmatch(Money part)
    {
        if (Math.Sign(part.Cents) != Math.Sign(Amount.Cents) || Math.Abs(part.Cents) > Math.Abs(Matched.Cents))
            throw new ArgumentOutOfRangeException(nameof(part), part.Cents, $"Bank line '{Id}' has {Matched.Cents} cents matched.");
        (Matched, Version) = (Matched - part, Version + 1);
    }
}

/// <summary>What a part of a line turned out to be.</summary>
public enum CounterpartKind
{
    /// <summary>Remboursement of an advance.</summary>
    Repayment,

    /// <summary>The bank executed a transfer that was released here.</summary>
    Transfer,

    /// <summary>Dotation of a funder.</summary>
    Endowment,

    /// <summary>Charge of the operating account.</summary>
    Cost,

    /// <summary>Rejet: the bank took a repayment back.</summary>
    ReturnedRepayment,

    /// <summary>Trop-perçu given back to a company.</summary>
    ReturnedExcess,

    /// <summary>What the journal holds already, entered by hand or by a procedure: the line is its voucher and books nothing.</summary>
    BookedEntry,
}

/// <summary>Rapprochement: a part of a bank line and its counterpart in the books; taken back by a reversing entry, never deleted.</summary>
public sealed class BankMatch
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The line.</summary>
    public required Guid LineId { get; init; }

    /// <summary>What it is.</summary>
    public required CounterpartKind Kind { get; init; }

    /// <summary>Advance, payment order, partner, receipt or entry. Null for a cost.</summary>
    public Guid? TargetId { get; init; }

    /// <summary>The counterpart in words, as it was shown.</summary>
    public required string Label { get; init; }

    /// <summary>With the sign of the line.</summary>
    public required Money Amount { get; init; }

    /// <summary>Key of the entry it booked or found. Empty: a transfer's entry was booked when it was decided.</summary>
    public string EntryKey { get; init; } = "";

    /// <summary>Who confirmed it.</summary>
    public required string ConfirmedBy { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTime ConfirmedAt { get; init; }

    /// <summary>Who took it back. Empty: nobody.</summary>
    public string UndoneBy { get; private set; } = "";

    /// <summary>When it was taken back, UTC. Null: it holds.</summary>
    public DateTime? UndoneAt { get; private set; }

    /// <summary>Takes it back.</summary>
    public void Undo(string by, DateTime at) => (UndoneBy, UndoneAt) = (by, at);
}
