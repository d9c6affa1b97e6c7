using System.Security.Claims;
using Alize.Data;
using Alize.Data.People;
using Alize.Domain.Programmes;
using Alize.Web.People;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Programmes;

/// <summary>A signed-in person in a programme.</summary>
/// <param name="Programme">The programme, with its dated settings.</param>
/// <param name="Roles">The person's roles there.</param>
public sealed record ProgrammeVisit(Programme Programme, IReadOnlyList<MemberRole> Roles)
{
    /// <summary>Whether the person may change things: the operator alone.</summary>
    public bool CanWrite => Roles.Contains(MemberRole.Operator);

    /// <summary>Whether the person may change procedures.</summary>
    public bool CanDesign => Roles.Contains(MemberRole.Designer);
}

/// <summary>
/// The programme an address names, for the person who asks. A programme of others is not found, rather than forbidden: nobody
/// learns which ones exist. ASTREES (tête de réseau) reads every programme, wherever that role was given.
/// </summary>
public sealed class CurrentProgramme(AlizeDb db)
{
    private (string Slug, string UserId, ProgrammeVisit? Visit)? found;

    public async Task<ProgrammeVisit?> FindAsync(string slug, ClaimsPrincipal user, CancellationToken cancel)
    {
        var userId = user.UserId();
        if (userId.Length == 0) return null;
        if (found is { } known && known.Slug == slug && known.UserId == userId) return known.Visit;

        var programme = await db.Programmes.AsNoTracking().Include(p => p.Settings).SingleOrDefaultAsync(p => p.Slug == slug, cancel);
        var memberships = await db.ProgrammeMembers.AsNoTracking().Where(m => m.UserId == userId).ToListAsync(cancel);
        var roles = memberships.Where(m => m.ProgrammeId == programme?.Id || m.Role == MemberRole.NetworkHead).Select(m => m.Role).Distinct().ToList();
        var visit = programme is null || roles.Count == 0 ? null : new ProgrammeVisit(programme, roles);
        found = (slug, userId, visit);
        return visit;
    }

    /// <summary>The programmes the person may open, by name.</summary>
    public async Task<IReadOnlyList<Programme>> ListAsync(ClaimsPrincipal user, CancellationToken cancel)
    {
        var userId = user.UserId();
        var seesAll = await db.ProgrammeMembers.AnyAsync(m => m.UserId == userId && m.Role == MemberRole.NetworkHead, cancel);
        return await db.Programmes.AsNoTracking()
            .Where(p => seesAll || db.ProgrammeMembers.Any(m => m.UserId == userId && m.ProgrammeId == p.Id))
            .OrderBy(p => p.Name)
            .ToListAsync(cancel);
    }
}
