using System.Security.Claims;
using Alize.Data.People;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Alize.Web.People;

/// <summary>Puts the person's name into the cookie, so that each page and each line of the trail can say it without a query.</summary>
internal sealed class NamedPrincipalFactory(UserManager<AlizeUser> users, IOptions<IdentityOptions> options)
    : UserClaimsPrincipalFactory<AlizeUser>(users, options)
{
    public const string FullName = "alize:name";

    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(AlizeUser user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        identity.AddClaim(new Claim(FullName, user.FullName));
        return identity;
    }
}

/// <summary>Who is signed in.</summary>
public static class SignedIn
{
    /// <summary>First and last name, as the trail shows it.</summary>
    public static string FullName(this ClaimsPrincipal user) =>
        user.FindFirstValue(NamedPrincipalFactory.FullName) ?? user.Identity?.Name ?? "";

    /// <summary>Id of the account; empty for nobody.</summary>
    public static string UserId(this ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.NameIdentifier) ?? "";
}

/// <summary>What a program's key says of it, read at each request: it is no account and has no memberships.</summary>
internal static class KeyClaims
{
    public const string Role = "alize:key-role";

    public const string Programme = "alize:key-programme";
}
