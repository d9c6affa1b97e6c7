using System.ComponentModel.DataAnnotations;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Alize.Web.Hosting;

/// <summary>How much one address may ask of the pages that need no account. Counted per client address.</summary>
public sealed class WebLimits
{
    public const string Section = "Limits";

    /// <summary>Requests a minute to the pages behind a mailed link. Default 120.</summary>
    [Range(1, 1_000_000)]
    public int LinkPagesPerMinute { get; init; } = 120;

    /// <summary>Sign-in attempts a minute. Default 20; the account itself locks after five wrong passwords.</summary>
    [Range(1, 1_000_000)]
    public int SignInsPerMinute { get; init; } = 20;
}

/// <summary>The two counters, by name.</summary>
internal static class RateLimits
{
    public const string LinkPages = "link-pages";
    public const string SignIn = "sign-in";

    public static void Add(IServiceCollection services)
    {
        services.AddOptions<WebLimits>().BindConfiguration(WebLimits.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.AddPolicy(LinkPages, context => Counted(context, Limits(context).LinkPagesPerMinute));

            // Looking at the sign-in page costs nothing; trying a password does.
            limiter.AddPolicy(SignIn, context => HttpMethods.IsPost(context.Request.Method)
                ? Counted(context, Limits(context).SignInsPerMinute)
                : RateLimitPartition.GetNoLimiter("look"));
        });
    }

    private static WebLimits Limits(HttpContext context) => context.RequestServices.GetRequiredService<IOptions<WebLimits>>().Value;

    private static RateLimitPartition<string> Counted(HttpContext context, int perMinute) =>
        RateLimitPartition.GetFixedWindowLimiter(
            context.Connection.RemoteIpAddress?.ToString() ?? "unknown",
            _ => new FixedWindowRateLimiterOptions { PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 });
}
