using Microsoft.AspNetCore.Identity;

namespace Alize.Data.People;

/// <summary>What a signed-in person may do in one programme.</summary>
public enum MemberRole
{
    /// <summary>Opérateur local: everything but the design of procedures.</summary>
    Operator,

    /// <summary>Designs workflows in the Studio.</summary>
    Designer,

    /// <summary>Contrôleur: reads everything, changes nothing.</summary>
    Controller,

    /// <summary>Tête de réseau, ASTREES: reads everything of every programme.</summary>
    NetworkHead,
}

/// <summary>Somebody who signs in. Partners and companies need no account: they act from their mails.</summary>
public sealed class AlizeUser : IdentityUser
{
    /// <summary>First and last name, as the trail shows it.</summary>
    public required string FullName { get; set; }
}

/// <summary>A signed-in person's role in one programme.</summary>
public sealed class ProgrammeMember
{
    /// <summary>The user.</summary>
    public required string UserId { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The role.</summary>
    public required MemberRole Role { get; init; }
}
