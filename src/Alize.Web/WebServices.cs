using Alize.Data;
using Alize.Web.Elsa;
using Alize.Web.Hosting;
using Alize.Web.Look;
using Alize.Web.Pages.Accounts;
using Alize.Web.People;
using Alize.Web.Programmes;
using Alize.Web.Studio;
using Alize.Workflows;
using Microsoft.AspNetCore.Http.Features;

namespace Alize.Web;

/// <summary>Everything the web program is made of, in the order a request meets it.</summary>
internal static class WebServices
{
    public static void AddWeb(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddData(builder.Configuration);
        services.AddWorkflows(builder.Configuration);

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 2 * 1024 * 1024;   // forms only; an upload page raises it for itself
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        });
        services.Configure<FormOptions>(form =>
        {
            form.ValueCountLimit = 2000;
            form.KeyLengthLimit = 200;
            form.ValueLengthLimit = 256 * 1024;
        });

        services.AddSignIn();
        services.AddElsaApi();
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "alize.form";
            antiforgery.Cookie.HttpOnly = true;

            // Lax and not strict: a link opened from a webmail must find the cookie of a form already open in another tab,
            // or the new page's cookie would replace it and that form would no longer be accepted.
            antiforgery.Cookie.SameSite = SameSiteMode.Lax;
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            antiforgery.SuppressXFrameOptionsHeader = true;   // SecurityHeaders says it, also where no form is
        });
        RateLimits.Add(services);
        services.AddHealthChecks().AddCheck<DatabaseAnswers>("database");
        services.AddHttpContextAccessor();
        services.AddScoped<CurrentProgramme>();
        services.AddScoped<EntryNames>();
        services.AddScoped<Pages.Procedures.ProcedureSubjects>();
        services.AddSingleton<Pages.Procedures.StepNames>();
        services.AddSingleton<BrowserFiles>();
        services.AddSingleton<DevelopmentPages>();
        services.AddSingleton<SafeMarkdown>();
        services.AddSingleton(provider => new StudioFiles(provider.GetRequiredService<IWebHostEnvironment>().ContentRootPath));
        services.AddRazorPages(pages =>
        {
            pages.Conventions.AuthorizeFolder("/Projects");
            pages.Conventions.AuthorizeFolder("/Sessions");
            pages.Conventions.AuthorizeFolder("/Advances");
            pages.Conventions.AuthorizeFolder("/Bank");
            pages.Conventions.AuthorizeFolder("/Deadlines");
            pages.Conventions.AuthorizeFolder("/Design");
            pages.Conventions.AuthorizeFolder("/Conventions");
            pages.Conventions.AuthorizeFolder("/Documents");
            pages.Conventions.AuthorizeFolder("/Tasks");
            pages.Conventions.AuthorizeFolder("/Procedures");
            pages.Conventions.AuthorizeFolder("/Programmes");
            pages.Conventions.AuthorizeFolder("/Results");
        });
    }

    public static void UseWeb(this WebApplication app)
    {
        SecurityHeaders.Use(app);
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = "/error/500",
            SuppressDiagnosticsCallback = _ => true,   // logged once, by the error page, with the reference people see
        });
        app.UseStatusCodePagesWithReExecute("/error/{0}");
        ElsaErrors.Use(app);
        if (!app.Environment.IsDevelopment()) app.UseHsts();
        app.UseStaticFiles(new StaticFileOptions
        {
            // Pages ask for their files with a hash of the content: what has one never changes.
            OnPrepareResponse = file => file.Context.Response.Headers.CacheControl =
                file.Context.Request.Query.ContainsKey("v") ? "public, max-age=31536000, immutable" : "no-cache",
        });
        app.UseRouting();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapHealthChecks("/health");
        ElsaApi.Map(app);
        StudioRoutes.Map(app);
        HttpEndpoints.Map(app);
        app.MapRazorPages();
    }
}
