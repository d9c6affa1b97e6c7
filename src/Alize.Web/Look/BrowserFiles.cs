namespace Alize.Web.Look;

/// <summary>Which files from npm this build has: a build without Node.js has none, and its pages ask for none.</summary>
public sealed class BrowserFiles(IWebHostEnvironment host)
{
    public bool HasBootstrap { get; } = Exists(host, "bootstrap.min.css");

    public bool HasHtmx { get; } = Exists(host, "htmx.min.js");

    public bool HasChart { get; } = Exists(host, "chart.umd.min.js");

    private static bool Exists(IWebHostEnvironment host, string file) => host.WebRootFileProvider.GetFileInfo($"lib/{file}").Exists;
}
