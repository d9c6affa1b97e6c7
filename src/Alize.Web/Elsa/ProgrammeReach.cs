using System.Security.Claims;
using Alize.Data;
using Alize.Data.People;
using Alize.Engine.Storage;
using Alize.Web.People;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Elsa;

/// <summary>
/// Whose instances somebody may see through the Elsa interface. Definitions are the server's; an instance is its programme's
/// (<see cref="WorkflowInstance.TenantId"/>), and only who operates or designs there reads or moves it. One without a programme,
/// such as a trial run from the designer, belongs to whoever may design at all.
/// </summary>
internal sealed class ProgrammeReach(AlizeDb db)
{
    private (string UserId, HashSet<Guid> Programmes)? known;

    /// <summary>The programmes where the person is operator or designer.</summary>
    public async Task<IReadOnlyCollection<Guid>> ProgrammesAsync(ClaimsPrincipal user, CancellationToken cancel)
    {
        var userId = user.UserId();
        if (known is { } found && found.UserId == userId) return found.Programmes;
        var programmes = await db.ProgrammeMembers.AsNoTracking()
            .Where(m => m.UserId == userId && (m.Role == MemberRole.Operator || m.Role == MemberRole.Designer))
            .Select(m => m.ProgrammeId)
            .ToListAsync(cancel);
        known = (userId, [.. programmes]);
        return known.Value.Programmes;
    }

    /// <summary>The same as tenants of instances.</summary>
    public async Task<IReadOnlyList<string>> TenantsAsync(ClaimsPrincipal user, CancellationToken cancel) =>
        [.. (await ProgrammesAsync(user, cancel)).Select(id => id.ToString())];

    /// <summary>Whether an instance is within reach.</summary>
    public async Task<bool> HoldsAsync(ClaimsPrincipal user, WorkflowInstance instance, CancellationToken cancel) =>
        string.IsNullOrEmpty(instance.TenantId) || (await TenantsAsync(user, cancel)).Contains(instance.TenantId);
}
