using Alize.Workflows.Signatures;

namespace Alize.Web.Pages.Partner;

/// <summary>How far a signatory has come on the page.</summary>
public enum SigningStage
{
    /// <summary>No code was asked for yet, or the last one is dead.</summary>
    AskCode,

    /// <summary>A code is on its way.</summary>
    TypeCode,

    /// <summary>The right code was given in this browser: the document is open.</summary>
    Sign,
}

/// <summary>What the signature's page shows.</summary>
/// <param name="Stage">How far it has come.</param>
/// <param name="WaitsFor">Who must sign first; empty when it is this person's turn.</param>
/// <param name="MaskedAddress">Where the code goes.</param>
/// <param name="Pages">Pages of the document.</param>
public sealed record SigningView(SigningStage Stage, IReadOnlyList<string> WaitsFor, string MaskedAddress, int Pages);

/// <summary>
/// The browser's part of a visit: a cookie that only the signature's own address sees, set for the right code. A link that was
/// forwarded opens the page, and no more.
/// </summary>
internal static class SigningVisit
{
    private const string CookieName = "alize.sign";

    public static string? SecretOf(HttpRequest request) => request.Cookies[CookieName];

    public static void Open(HttpContext http, string token, string secret) => http.Response.Cookies.Append(CookieName, secret, new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = http.Request.IsHttps,
        Path = $"/t/{token}",
        MaxAge = Data.Signatures.SigningCode.VisitLife,
        IsEssential = true,
    });

    public static SigningPlace PlaceOf(HttpContext http) =>
        new(http.Connection.RemoteIpAddress?.ToString() ?? "", http.Request.Headers.UserAgent.ToString());
}
