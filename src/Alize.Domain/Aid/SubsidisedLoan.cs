namespace Alize.Domain.Aid;

/// <summary>
/// Prêt bonifié of a partner (R5, art. 6.2): lent from its own means, followed by the programme and not funded by it. No account of
/// the programme moves; the books note it beside them.
/// </summary>
public sealed class SubsidisedLoan
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The project.</summary>
    public required Guid ProjectId { get; init; }

    /// <summary>The partner that lends.</summary>
    public required Guid LenderId { get; init; }

    /// <summary>Amount lent.</summary>
    public required Money Amount { get; init; }

    /// <summary>Duration in months.</summary>
    public required int Months { get; init; }

    /// <summary>Rate the company pays, in hundredths of a percent.</summary>
    public int RateBasisPoints { get; init; }

    /// <summary>Day it was granted.</summary>
    public required DateOnly GrantedOn { get; init; }

    /// <summary>Repaid so far, as the lender last reported.</summary>
    public Money Repaid { get; private set; }

    /// <summary>Day of the lender's last report. Null: it has not reported yet.</summary>
    public DateOnly? ReportedOn { get; private set; }

    /// <summary>Still owed to the lender.</summary>
    public Money Outstanding => Amount - Repaid;

    /// <summary>Raised at each report, so that two hands never overwrite each other.</summary>
    public int Version { get; private set; }

    /// <summary>Takes the lender's report.</summary>
    /// <returns>What was repaid since the last one; below zero when the lender corrects itself.</returns>
    /// <exception cref="ArgumentOutOfRangeException">More than was lent, or less than nothing: a bug of the caller.</exception>
    public Money Report(Money repaid, DateOnly on)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repaid, Money.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(repaid, Amount);
        var change = repaid - Repaid;
        (Repaid, ReportedOn) = (repaid, on);
        Version++;
        return change;
    }
}
