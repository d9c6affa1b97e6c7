using Alize.Domain.Accounts;

namespace Alize.Domain.Programmes;

/// <summary>Dotation promised by a partner for one year (Annexe 1): euros to one account, or staff-days.</summary>
public sealed class Pledge
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The partner.</summary>
    public required Guid PartnerId { get; init; }

    /// <summary>Calendar year.</summary>
    public required int Year { get; init; }

    /// <summary>The account the money is for (R9).</summary>
    public required FundAccount Account { get; init; }

    /// <summary>Euros; zero when the partner gives days alone.</summary>
    public Money Amount { get; init; }

    /// <summary>Half-days of competences.</summary>
    public int HalfDays { get; init; }
}
