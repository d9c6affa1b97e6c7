using System.Security.Claims;
using Alize.Web.Elsa;
using Alize.Web.People;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Alize.Web.Studio;

/// <summary>What stands under <c>/studio</c> beside its page: the Studio's files, and tokens for its calls.</summary>
internal static class StudioRoutes
{
    public const string Base = "/studio";

    public static void Map(WebApplication app)
    {
        app.MapGet(Base + "/{**path:file}", (string path, StudioFiles files, HttpContext http) => files.Get(path, http));
        app.MapGet(Base + "/token", Token).RequireAuthorization(ProgrammePolicies.Studio);

        // The Studio's own links ignore the page's base address.
        app.MapGet("/workflows/definitions/{id}/edit", (string id) => TypedResults.Redirect($"{Base}/workflows/definitions/{Uri.EscapeDataString(id)}/edit"));
        app.MapGet("/workflows/instances/{id}/view", (string id) => TypedResults.Redirect($"{Base}/workflows/instances/{Uri.EscapeDataString(id)}/view"));
    }

    /// <summary>A token for the person who is signed in on the pages. Other sites cannot read the answer, and it changes nothing.</summary>
    private static Ok<StudioToken> Token(ClaimsPrincipal user, ElsaTokens tokens, HttpResponse response)
    {
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new StudioToken(tokens.Access(user), (int)ElsaSignIn.TokenLife.TotalSeconds));
    }

    private sealed record StudioToken(string AccessToken, int Seconds);
}
