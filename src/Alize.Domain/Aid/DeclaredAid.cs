namespace Alize.Domain.Aid;

/// <summary>Aide de minimis that a company received from somebody else (R7c, art. 6.2), as it declares it, with its evidence.</summary>
public sealed class DeclaredAid
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The company that received it, or whose undertaking did.</summary>
    public required Guid CompanyId { get; init; }

    /// <summary>Day it was granted.</summary>
    public required DateOnly GrantedOn { get; init; }

    /// <summary>Gross grant equivalent.</summary>
    public required Money Amount { get; init; }

    /// <summary>Who granted it, and on what evidence.</summary>
    public required string Grantor { get; init; }

    /// <summary>Who recorded it.</summary>
    public required string RecordedBy { get; init; }
}

/// <summary>A link between two companies of the programme, as the operator found it (R7c).</summary>
public sealed class CompanyLink
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The company that holds.</summary>
    public required Guid HolderId { get; init; }

    /// <summary>The company held.</summary>
    public required Guid HeldId { get; init; }

    /// <summary>Its share of the votes, in hundredths of a percent.</summary>
    public int VotesBasisPoints { get; init; }

    /// <summary>It appoints a majority of the board, or dominates otherwise.</summary>
    public bool IsControl { get; init; }

    /// <summary>On what evidence.</summary>
    public required string Evidence { get; init; }

    /// <summary>The link as the rule reads it.</summary>
    public EnterpriseLink Link => new(HolderId, HeldId, VotesBasisPoints, HasDominantInfluence: IsControl);
}

/// <summary>Taux de base published by the Commission, as the operator entered it (R7c): a dated table, each row with its source.</summary>
public sealed class PublishedBaseRate
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>First day in force.</summary>
    public required DateOnly From { get; init; }

    /// <summary>436 for 4.36 %.</summary>
    public required int BasisPoints { get; init; }

    /// <summary>Where it was read.</summary>
    public required string Source { get; init; }

    /// <summary>Who entered it.</summary>
    public required string EnteredBy { get; init; }

    /// <summary>The row as the rule reads it.</summary>
    public BaseRate Rate => new(From, BasisPoints, Source);
}
