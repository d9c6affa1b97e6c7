namespace Alize.Web.Hosting;

/// <summary>
/// Where the program finds its files and settings: beside itself, wherever it is started from. Settings are read in this order,
/// the later one wins: <c>appsettings/appsettings.json</c>, that of the environment, environment variables, the command line.
/// </summary>
internal static class AlizeHost
{
    public const string DefaultUrl = "http://localhost:5080";

    /// <summary>The procedures delivered with the program.</summary>
    public static string WorkflowsFolder { get; } = Path.Combine(AppContext.BaseDirectory, "workflows");

    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ContentRootPath = AppContext.BaseDirectory,
            ApplicationName = typeof(AlizeHost).Assembly.GetName().Name,   // the pages are ours, whoever hosts them
        });
        builder.Configuration
            .AddJsonFile("appsettings/appsettings.json", optional: false, reloadOnChange: false)
            .AddJsonFile($"appsettings/appsettings.{builder.Environment.EnvironmentName}.json", optional: true, reloadOnChange: false)
            .AddEnvironmentVariables()
            .AddCommandLine(args);

        // Only where nothing else says: ASPNETCORE_URLS, ASPNETCORE_HTTP_PORTS (container images) and Kestrel:Endpoints win.
        var settings = builder.Configuration;
        if (settings["urls"] is null && settings["http_ports"] is null && settings["https_ports"] is null && !settings.GetSection("Kestrel:Endpoints").Exists())
            builder.WebHost.UseUrls(DefaultUrl);

        // A personal link is a key: the path it travels in is never logged, whatever the settings say.
        builder.Logging
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.Routing", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.StaticFiles", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.HttpLogging", LogLevel.None)
            .AddFilter("Microsoft.AspNetCore.Mvc", LogLevel.Warning);
        return builder;
    }
}
