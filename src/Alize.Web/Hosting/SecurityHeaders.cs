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

    // Elsa Studio compiles WebAssembly, writes styles and one script into its own document, and edits scripts in a worker.
    private const string Studio =
        "default-src 'none'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    /// <summary>A mail shown in the development mailbox: its own styles, no script, no network; its links open in the whole window.</summary>
    public const string MailBody =
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; "
        + "sandbox allow-top-navigation-by-user-activation allow-popups allow-popups-to-escape-sandbox";

    /// <summary>A document shown inside the page of who signs it; the browser's own viewer styles itself.</summary>
    public const string EmbeddedPdf = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; object-src 'self'; frame-ancestors 'self'";

    public static void Use(WebApplication app) => app.Use(async (context, next) =>
    {
        // At the last moment: the error page starts with every header cleared. The path is that of the request, before an error
        // page takes its place.
        var path = context.Request.Path;
        context.Response.OnStarting(() =>
        {
            Complete(path, context.Response.Headers);
            return Task.CompletedTask;
        });
        await next(context);
    });

    /// <summary>Adds what the page has not said otherwise.</summary>
    private static void Complete(PathString path, IHeaderDictionary headers)
    {
        headers.TryAdd("Content-Security-Policy",
            path.StartsWithSegments("/hangfire") ? Scheduler : path.StartsWithSegments("/studio") ? Studio : OwnPages);
        headers.TryAdd("X-Content-Type-Options", "nosniff");
        headers.TryAdd("X-Frame-Options", "DENY");
        headers.TryAdd("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
        headers.TryAdd("Cross-Origin-Opener-Policy", "same-origin");
        if (HoldsPersonalLinks(path))
        {
            // The address is the key: no referrer carries it on, no cache or index keeps it.
            headers["Referrer-Policy"] = "no-referrer";
            headers["X-Robots-Tag"] = "noindex, nofollow";
            headers.CacheControl = "no-store";
            return;
        }

        headers.TryAdd("Referrer-Policy", "same-origin");
        if (path.StartsWithSegments("/p")) headers.CacheControl = "no-store";
    }

    private static bool HoldsPersonalLinks(PathString path) =>
        path.StartsWithSegments("/t") || path.StartsWithSegments("/detect") || path.StartsWithSegments("/mailbox");
}
