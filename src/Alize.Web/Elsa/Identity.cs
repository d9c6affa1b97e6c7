using Alize.Data.People;
using Alize.Web.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.Net.Http.Headers;

namespace Alize.Web.Elsa;

/// <summary>How programs sign in, as at Elsa: wrong credentials answer 200 and <c>isAuthenticated: false</c>.</summary>
internal static class Identity
{
    public static void Map(RouteGroupBuilder api)
    {
        var identity = api.MapGroup("/identity").AllowAnonymous().RequireRateLimiting(RateLimits.SignIn);
        identity.MapPost("/login", LogInAsync);
        identity.MapPost("/refresh-token", RenewAsync);
    }

    private static async Task<Ok<Tokens>> LogInAsync(Credentials? given, SignInManager<AlizeUser> signIn, ElsaTokens tokens)
    {
        if (given is not { Username: { } name, Password: { } password }) return Refused();
        var user = await signIn.UserManager.FindByEmailAsync(name.Trim());
        var result = user is null ? SignInResult.Failed : await signIn.CheckPasswordSignInAsync(user, password, lockoutOnFailure: true);
        if (user is null || !result.Succeeded) return Refused();
        var (access, refresh) = await tokens.IssueAsync(user);
        return TypedResults.Ok(new Tokens(true, access, refresh));
    }

    /// <summary>The refresh token comes in the header, where Elsa's clients put it.</summary>
    private static async Task<Results<Ok<Tokens>, UnauthorizedHttpResult>> RenewAsync(HttpRequest request, ElsaTokens tokens)
    {
        const string bearer = "Bearer ";
        var header = request.Headers[HeaderNames.Authorization].ToString();
        if (!header.StartsWith(bearer, StringComparison.OrdinalIgnoreCase) || await tokens.RenewAsync(header[bearer.Length..].Trim()) is not { } renewed)
            return TypedResults.Unauthorized();
        return TypedResults.Ok(new Tokens(true, renewed.Access, renewed.Refresh));
    }

    private static Ok<Tokens> Refused() => TypedResults.Ok(new Tokens(false, null, null));

    private sealed record Credentials(string? Username, string? Password);

    private sealed record Tokens(bool IsAuthenticated, string? AccessToken, string? RefreshToken);
}
