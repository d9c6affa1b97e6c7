namespace Alize.Domain.Accounts;

/// <summary>Where an order stands.</summary>
public enum PaymentOrderState
{
    /// <summary>Prepared by one person, to be released by another.</summary>
    Prepared,

    /// <summary>In a file for the bank; its line on a statement is awaited.</summary>
    Released,

    /// <summary>Found on a statement.</summary>
    Executed,

    /// <summary>Withdrawn before its release.</summary>
    Withdrawn,
}

/// <summary>
/// Ordre de virement (R8, R9, R19; art. 4, 5.3): one transfer from one of the two accounts. What it pays was decided and booked
/// before; the order carries it to the bank.
/// </summary>
public sealed class PaymentOrder
{
    /// <summary>Id; the transfer's end-to-end reference is made of it, so that an order has one in all its life.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The account it leaves from (R9).</summary>
    public required FundAccount Account { get; init; }

    /// <summary>The advance it carries to the company. Null for another payment.</summary>
    public Guid? AdvanceId { get; init; }

    /// <summary>From 1; an order that was withdrawn leaves its place to the next attempt, and two are never under way.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>The project it concerns. Null for none.</summary>
    public Guid? ProjectId { get; init; }

    /// <summary>The company paid. Null for another payee.</summary>
    public Guid? CompanyId { get; init; }

    /// <summary>Bénéficiaire.</summary>
    public required string Payee { get; init; }

    /// <summary>The payee's IBAN, as it was when the order was prepared.</summary>
    public required string PayeeIban { get; init; }

    /// <summary>The payee's BIC. Empty for none.</summary>
    public string PayeeBic { get; init; } = "";

    /// <summary>Amount.</summary>
    public required Money Amount { get; init; }

    /// <summary>What the payee reads on its statement: the reference of the advance.</summary>
    public required string Reference { get; init; }

    /// <summary>Who prepared it.</summary>
    public required string PreparedBy { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTime PreparedAt { get; init; }

    /// <summary>Where it stands.</summary>
    public PaymentOrderState State { get; private set; } = PaymentOrderState.Prepared;

    /// <summary>The file it left in. Null before its release.</summary>
    public Guid? TransferFileId { get; private set; }

    /// <summary>Who withdrew it. Empty: nobody.</summary>
    public string WithdrawnBy { get; private set; } = "";

    /// <summary>Raised at each change, so that two hands never release it twice.</summary>
    public int Version { get; private set; }

    /// <summary>Référence de bout en bout, 32 characters, the same in each file that would ever hold the order.</summary>
    public string EndToEndId => Id.ToString("N").ToUpperInvariant();

    /// <summary>What stands against this person releasing it now.</summary>
    public IEnumerable<Refusal> ReleaseRefusals(string by)
    {
        if (State != PaymentOrderState.Prepared) yield return new("R19", "5.3", "order-not-prepared", Reference);
        // Four eyes: an IBAN typed wrong, or changed by fraud, is seen by a second person before the money leaves.
        if (by == PreparedBy) yield return new("R19", "5.3", "order-released-by-preparer", Reference, PreparedBy);
    }

    /// <summary>Puts it in a file.</summary>
    /// <exception cref="InvalidOperationException">It is not to be released: the caller did not ask for the refusals.</exception>
    public void Release(Guid transferFileId)
    {
        Demand(PaymentOrderState.Prepared);
        (State, TransferFileId, Version) = (PaymentOrderState.Released, transferFileId, Version + 1);
    }

    /// <summary>Its line was found on a statement.</summary>
    /// <exception cref="InvalidOperationException">It was never sent, or found before.</exception>
    public void Execute()
    {
        Demand(PaymentOrderState.Released);
        (State, Version) = (PaymentOrderState.Executed, Version + 1);
    }

    /// <summary>The line was not its own after all: it is awaited again.</summary>
    /// <exception cref="InvalidOperationException">It was not found before.</exception>
    public void AwaitAgain()
    {
        Demand(PaymentOrderState.Executed);
        (State, Version) = (PaymentOrderState.Released, Version + 1);
    }

    /// <summary>Takes it back before its release.</summary>
    /// <exception cref="InvalidOperationException">It has left.</exception>
    public void Withdraw(string by)
    {
        Demand(PaymentOrderState.Prepared);
        (State, WithdrawnBy, Version) = (PaymentOrderState.Withdrawn, by, Version + 1);
    }

    private void Demand(PaymentOrderState wanted)
    {
        if (State != wanted) throw new InvalidOperationException($"Payment order '{Id}' is {State}, not {wanted}: ask for its refusals first.");
    }
}

/// <summary>Fichier de virements: what was handed to the bank, kept to the byte with its hash (R19, art. 5.3).</summary>
public sealed class TransferFile
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The account all its orders leave from (R9).</summary>
    public required FundAccount Account { get; init; }

    /// <summary>The message's own id: the same orders give the same, and the bank refuses a second file with it.</summary>
    public required string MessageId { get; init; }

    /// <summary>Requested execution day, a working day.</summary>
    public required DateOnly ExecuteOn { get; init; }

    /// <summary>Number of transfers.</summary>
    public required int Transfers { get; init; }

    /// <summary>Their sum.</summary>
    public required Money Total { get; init; }

    /// <summary>The file, pain.001.001.09, UTF-8.</summary>
    public required string Content { get; init; }

    /// <summary>SHA-256 of its bytes, hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Who released it.</summary>
    public required string ReleasedBy { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTime ReleasedAt { get; init; }
}
