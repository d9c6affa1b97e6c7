using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Alize.Domain.Accounts;

/// <summary>
/// One balanced entry of the journal (R9, R19; art. 4, 5.3): append-only, corrected by a reversing entry, traced to its source, and
/// chained to the one before by its seal, so that a row changed behind the service's back is found.
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

    /// <summary>What happened.</summary>
    public required MovementKind Kind { get; init; }

    /// <summary>Day of the movement, in an open period.</summary>
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

    /// <summary>What kind of thing justifies it.</summary>
    public required SourceKind SourceKind { get; init; }

    /// <summary>What justifies it: decision, advance, receipt… Null when it is only named.</summary>
    public Guid? SourceId { get; init; }

    /// <summary>What is written on what justifies it: a bank reference, an invoice number.</summary>
    public required string SourceReference { get; init; }

    /// <summary>Date of what justifies it.</summary>
    public required DateOnly SourceOn { get; init; }

    /// <summary>The entry this one undoes. Null for an entry of its own.</summary>
    public Guid? ReversesId { get; init; }

    /// <summary>Place in the programme's chain, from 1, without a gap. Zero until it is written.</summary>
    public long Sequence { get; private set; }

    /// <summary>Fiscal year, a calendar year.</summary>
    public int Year { get; private set; }

    /// <summary>Number in its year, from 1, without a gap (EcritureNum of the FEC).</summary>
    public int Number { get; private set; }

    /// <summary>SHA-256, in hex, of the entry and of the seal before it.</summary>
    public string Seal { get; private set; } = "";

    /// <summary>Debits and credits.</summary>
    public IReadOnlyList<JournalLine> Lines => lines;

    /// <summary>Whether debits equal credits, in each of the two units.</summary>
    public bool IsBalanced =>
        lines.Sum(l => l.DebitCents) == lines.Sum(l => l.CreditCents) && lines.Sum(l => l.DebitHalfDays) == lines.Sum(l => l.CreditHalfDays);

    /// <summary>Euros moved: the sum of the debits.</summary>
    public Money Amount => Money.Sum(lines.Select(l => l.Debit));

    /// <summary>Writes a movement down.</summary>
    /// <exception cref="ArgumentException">It moves nothing, or names an account its books do not have: a bug of the caller.</exception>
    public static JournalEntry Of(Movement movement, Guid id, Guid programmeId, string by, DateTime at)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(movement.Source.Reference, nameof(movement));
        if (movement.Postings.Count == 0) throw new ArgumentException($"Movement '{movement.Key}' moves nothing.", nameof(movement));
        var entry = new JournalEntry
        {
            Id = id,
            ProgrammeId = programmeId,
            Account = movement.Account,
            Kind = movement.Kind,
            BookedOn = movement.On,
            Label = movement.Label,
            Key = movement.Key,
            BookedBy = by,
            WrittenAt = at,
            ProjectId = movement.ProjectId,
            SourceKind = movement.Source.Kind,
            SourceId = movement.Source.Id,
            SourceReference = movement.Source.Reference,
            SourceOn = movement.Source.On ?? movement.On,
        };
        foreach (var posting in movement.Postings) entry.Move(posting);
        return entry;
    }

    /// <summary>The entry that undoes this one: the same lines on the other side.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="on">Its day, in an open period; the entry it undoes may lie in a closed one.</param>
    /// <param name="reason">Why, in French.</param>
    /// <param name="by">Who.</param>
    /// <param name="at">When, UTC.</param>
    /// <exception cref="InvalidOperationException">This is a reversing entry itself: what was undone is booked anew.</exception>
    public JournalEntry Reverse(Guid id, DateOnly on, string reason, string by, DateTime at)
    {
        if (ReversesId is not null) throw new InvalidOperationException($"Entry '{Id}' reverses another: book the movement anew instead.");
        var entry = new JournalEntry
        {
            Id = id,
            ProgrammeId = ProgrammeId,
            Account = Account,
            Kind = MovementKind.Reversal,
            BookedOn = on,
            Label = $"Extourne de l’écriture {Year}-{Number} ({Label}) : {reason}",
            Key = $"reversal:{Id:N}",
            BookedBy = by,
            WrittenAt = at,
            ProjectId = ProjectId,
            SourceKind = SourceKind.Person,
            SourceId = SourceId,
            SourceReference = $"{by} : {reason}",
            SourceOn = on,
            ReversesId = Id,
        };
        foreach (var line in lines)
            entry.lines.Add(new()
            {
                EntryId = id,
                ProgrammeId = ProgrammeId,
                Account = Account,
                Ledger = line.Ledger,
                PartyId = line.PartyId,
                Debit = line.Credit,
                Credit = line.Debit,
                DebitHalfDays = line.CreditHalfDays,
                CreditHalfDays = line.DebitHalfDays,
            });
        return entry;
    }

    /// <summary>Gives the entry its place and its seal; done once, by whoever holds the programme's journal.</summary>
    public void Place(long sequence, int number, string previousSeal)
    {
        Sequence = sequence;
        Year = BookedOn.Year;
        Number = number;
        Seal = SealAfter(previousSeal);
    }

    /// <summary>What the seal must be after the one before it. Another value than <see cref="Seal"/> means that a row was changed.</summary>
    public string SealAfter(string previousSeal)
    {
        // Sorted, because a database gives lines back in any order; seconds, because databases keep different fractions of them.
        var written = lines
            .Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Ledger}|{l.PartyId:N}|{l.DebitCents}|{l.CreditCents}|{l.DebitHalfDays}|{l.CreditHalfDays}"))
            .Order(StringComparer.Ordinal);
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{previousSeal}\n{Id:N}|{ProgrammeId:N}|{Account}|{Kind}|{BookedOn:O}|{Sequence}|{Year}|{Number}|{WrittenAt:yyyy-MM-ddTHH:mm:ss}|{ProjectId:N}|{SourceKind}|{SourceId:N}|{SourceOn:O}|{ReversesId:N}\n{Key}\n{Label}\n{BookedBy}\n{SourceReference}\n{string.Join('\n', written)}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private void Move(Posting posting)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(posting.HalfDays);
        ArgumentOutOfRangeException.ThrowIfLessThan(posting.Amount, Money.Zero);
        if (posting is { Amount.Cents: 0, HalfDays: 0 }) throw new ArgumentException($"Movement '{Key}' moves nothing from {posting.Credit} to {posting.Debit}.", nameof(posting));
        foreach (var ledger in new[] { posting.Debit, posting.Credit })
            if (!ledger.Line().Books.Contains(Account))
                throw new ArgumentException($"Movement '{Key}' names {ledger}, which is not in the books of {Account} (R9).", nameof(posting));
        if (posting.HalfDays > 0 != (Account == FundAccount.Competences))
            throw new ArgumentException($"Movement '{Key}' moves {posting.HalfDays} half-days in the books of {Account}: days stand in those of competences alone.", nameof(posting));

        lines.Add(new() { EntryId = Id, ProgrammeId = ProgrammeId, Account = Account, Ledger = posting.Debit, PartyId = posting.PartyId, Debit = posting.Amount, DebitHalfDays = posting.HalfDays });
        lines.Add(new() { EntryId = Id, ProgrammeId = ProgrammeId, Account = Account, Ledger = posting.Credit, PartyId = posting.PartyId, Credit = posting.Amount, CreditHalfDays = posting.HalfDays });
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

    /// <summary>The entry's account, again: the database refuses a line of another one (R9).</summary>
    public required FundAccount Account { get; init; }

    /// <summary>The ledger account.</summary>
    public required LedgerAccount Ledger { get; init; }

    /// <summary>Funder or company, as sub-account. Null for none.</summary>
    public Guid? PartyId { get; init; }

    /// <summary>Debit in cents, as databases add it up.</summary>
    public long DebitCents { get; private init; }

    /// <summary>Credit in cents, as databases add it up.</summary>
    public long CreditCents { get; private init; }

    /// <summary>Debit.</summary>
    public Money Debit
    {
        get => new(DebitCents);
        init => DebitCents = value.Cents;
    }

    /// <summary>Credit.</summary>
    public Money Credit
    {
        get => new(CreditCents);
        init => CreditCents = value.Cents;
    }

    /// <summary>Half-days debited, in the books of competences.</summary>
    public int DebitHalfDays { get; init; }

    /// <summary>Half-days credited, in the books of competences.</summary>
    public int CreditHalfDays { get; init; }
}
