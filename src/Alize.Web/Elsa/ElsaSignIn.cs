using System.Security.Claims;
using Alize.Data.People;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Alize.Web.Elsa;

/// <summary>
/// Who calls the Elsa interface. Tokens are sealed by the data protection keys, which stand in the database: they outlive a restart,
/// every node knows them, and nobody else can make or read one.
/// </summary>
internal static class ElsaSignIn
{
    /// <summary>Chooses between token and key by the request's header.</summary>
    public const string Scheme = "elsa";

    public const string Bearer = "elsa-bearer";

    /// <summary>Life of an access token: the Studio's page fetches a new one well before.</summary>
    public static readonly TimeSpan TokenLife = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan RefreshLife = TimeSpan.FromHours(10);

    public static void AddElsaSignIn(this IServiceCollection services)
    {
        services.AddAuthentication()
            .AddPolicyScheme(Scheme, Scheme, choice => choice.ForwardDefault = Bearer)
            .AddBearerToken(Bearer, bearer =>
            {
                bearer.BearerTokenExpiration = TokenLife;
                bearer.RefreshTokenExpiration = RefreshLife;
                bearer.Events.OnMessageReceived = message =>
                {
                    // A browser cannot put a header on a web socket: SignalR sends the token in the address, for the hub alone.
                    if (message.Request.Path.StartsWithSegments("/elsa/hubs") && !message.Request.Headers.ContainsKey(HeaderNames.Authorization))
                        message.Token = message.Request.Query["access_token"];
                    return Task.CompletedTask;
                };
            });
        services.AddScoped<ElsaTokens>();
    }
}

/// <summary>Makes and renews the tokens of people who signed in.</summary>
internal sealed class ElsaTokens(SignInManager<AlizeUser> signIn, IOptionsMonitor<BearerTokenOptions> options, TimeProvider time)
{
    private BearerTokenOptions Bearer => options.Get(ElsaSignIn.Bearer);

    public async Task<(string Access, string Refresh)> IssueAsync(AlizeUser user)
    {
        var principal = await signIn.CreateUserPrincipalAsync(user);
        return (Access(principal), Seal(Bearer.RefreshTokenProtector, principal, Bearer.RefreshTokenExpiration, "RefreshToken"));
    }

    /// <summary>A short-lived token for somebody who is signed in already.</summary>
    public string Access(ClaimsPrincipal principal) => Seal(Bearer.BearerTokenProtector, principal, Bearer.BearerTokenExpiration, "AccessToken");

    /// <summary>New tokens for a refresh token; null when it has expired or the account was changed or locked meanwhile.</summary>
    public async Task<(string Access, string Refresh)?> RenewAsync(string refreshToken)
    {
        if (Bearer.RefreshTokenProtector.Unprotect(refreshToken) is not { Properties.ExpiresUtc: { } end } ticket || end <= time.GetUtcNow()) return null;
        return await signIn.ValidateSecurityStampAsync(ticket.Principal) is { } user && await signIn.CanSignInAsync(user) && !await signIn.UserManager.IsLockedOutAsync(user)
            ? await IssueAsync(user)
            : null;
    }

    private string Seal(ISecureDataFormat<AuthenticationTicket> protector, ClaimsPrincipal principal, TimeSpan life, string purpose) =>
        protector.Protect(new AuthenticationTicket(principal, new AuthenticationProperties { ExpiresUtc = time.GetUtcNow() + life }, $"{ElsaSignIn.Bearer}:{purpose}"));
}
