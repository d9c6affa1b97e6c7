namespace Alize.Web.Hosting;

/// <summary>
/// What every answer tells the browser. Our own pages load nothing from elsewhere and run no inline script or style; what other
/// people's tools need is written here, path by path, and nowhere else.
/// </summary>
internal static class SecurityHeaders
{
    private const string OwnPages =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "frame-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    // Hangfire's dashboard writes inline styles and a configuration script.
    private const string Scheduler =
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>A mail shown in the development mailbox: its own styles, no script, no network; its links open in the whole window.</summary>
    public const string MailBody =
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; "
        + "sandbox allow-top-navigation-by-user-activation";

    public static void Use(WebApplication app) => app.Use(async (context, next) =>
    {
        var path = context.Request.Path;
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = path.StartsWithSegments("/hangfire") ? Scheduler : OwnPages;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (IsPersonalLink(path))
        {
            // The address is the key: no referrer carries it on, no cache or index keeps it.
            headers["Referrer-Policy"] = "no-referrer";
            headers["X-Robots-Tag"] = "noindex, nofollow";
            headers.CacheControl = "no-store";
        }
        else if (path.StartsWithSegments("/p") || path.StartsWithSegments("/mailbox"))
        {
            headers.CacheControl = "no-store";
        }

        await next(context);
    });

    private static bool IsPersonalLink(PathString path) => path.StartsWithSegments("/t") || path.StartsWithSegments("/detect");
}
