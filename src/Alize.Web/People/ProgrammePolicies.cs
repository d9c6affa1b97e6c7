using Alize.Data;
using Alize.Data.People;
using Alize.Web.Programmes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.People;

/// <summary>Names of the policies for endpoints that are not a <see cref="ProgrammePage"/>: dashboards, HTTP resources.</summary>
public static class ProgrammePolicies
{
    /// <summary>Any member.</summary>
    public const string Read = "programme-read";

    /// <summary>Opérateur local.</summary>
    public const string Write = "programme-write";

    /// <summary>Who designs procedures.</summary>
    public const string Design = "programme-design";

    /// <summary>Who works in the Studio: designers and operators.</summary>
    public const string Studio = "programme-studio";
}

/// <summary>One of these roles in the programme the address names; where it names none, in any programme.</summary>
internal sealed class RoleInProgramme(params IReadOnlyList<MemberRole> roles) : IAuthorizationRequirement
{
    public IReadOnlyList<MemberRole> Roles => roles;
}

internal sealed class RoleInProgrammeHandler(AlizeDb db, CurrentProgramme current) : AuthorizationHandler<RoleInProgramme>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, RoleInProgramme requirement)
    {
        var http = context.Resource as HttpContext;
        var cancel = http?.RequestAborted ?? CancellationToken.None;
        bool holds;
        if (context.User.FindFirst(KeyClaims.Role) is { } key)
        {
            holds = Enum.TryParse<MemberRole>(key.Value, out var role) && requirement.Roles.Contains(role);
        }
        else if (http?.GetRouteValue("programme") is string slug)
        {
            var visit = await current.FindAsync(slug, context.User, cancel);
            holds = visit is not null && visit.Roles.Intersect(requirement.Roles).Any();
        }
        else
        {
            var userId = context.User.UserId();
            var roles = await db.ProgrammeMembers.AsNoTracking().Where(m => m.UserId == userId).Select(m => m.Role).Distinct().ToListAsync(cancel);
            holds = roles.Intersect(requirement.Roles).Any();
        }

        if (holds) context.Succeed(requirement);
    }
}
