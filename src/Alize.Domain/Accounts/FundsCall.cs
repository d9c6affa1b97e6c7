namespace Alize.Domain.Accounts;

/// <summary>Appel de fonds to a partner (art. 5.1): what it promised for a year is asked for, the activity report annexed when there is one.</summary>
public sealed class FundsCall
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>Its reference, which the transfer bears, e.g. <c>AF-2026-003</c>.</summary>
    public required string Reference { get; init; }

    /// <summary>The funder.</summary>
    public required Guid PartnerId { get; init; }

    /// <summary>The account it is for (R9).</summary>
    public required FundAccount Account { get; init; }

    /// <summary>The year of the pledge.</summary>
    public required int Year { get; init; }

    /// <summary>Amount called.</summary>
    public required Money Amount { get; init; }

    /// <summary>The day.</summary>
    public required DateOnly CalledOn { get; init; }

    /// <summary>Who called it.</summary>
    public required string CalledBy { get; init; }

    /// <summary>Rapport d'activité that is annexed (R15): its title or address. Empty in the first year, when there is none.</summary>
    public string Report { get; init; } = "";

    /// <summary>The report itself, a document of the archive. Null where the title alone is known.</summary>
    public Guid? ReportId { get; init; }

    /// <summary>Received so far.</summary>
    public Money Received { get; private set; }

    /// <summary>Still expected.</summary>
    public Money Expected => Amount > Received ? Amount - Received : Money.Zero;

    /// <summary>Raised at each receipt, so that two hands never overwrite each other.</summary>
    public int Version { get; private set; }

    /// <summary>Records what came in on it.</summary>
    public void Receive(Money amount)
    {
        Received += amount;
        Version++;
    }
}
