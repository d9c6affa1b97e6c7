namespace Alize.Data.People;

/// <summary>Lets a program in, in the name of a programme: shown once, kept as a hash, taken back at any moment.</summary>
public sealed class ApiKey
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme it acts for.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>What it is for, as the trail shows it.</summary>
    public required string Name { get; init; }

    /// <summary>What the program may do.</summary>
    public required MemberRole Role { get; init; }

    /// <summary>SHA-256 of the key, hex.</summary>
    public required string Hash { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>The last day it was used. Null: never.</summary>
    public DateOnly? LastUsedOn { get; set; }

    /// <summary>When it was taken back, UTC. Null: it opens.</summary>
    public DateTime? RevokedAt { get; set; }
}
