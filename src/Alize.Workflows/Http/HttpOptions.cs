using System.ComponentModel.DataAnnotations;

namespace Alize.Workflows.Http;

/// <summary>What definitions may do over HTTP.</summary>
public sealed class HttpOptions
{
    public const string Section = "Http";

    /// <summary>
    /// Hosts that <c>Elsa.SendHttpRequest</c> may call, e.g. <c>api.insee.fr</c>, or <c>*.example.org</c> for all below one. Empty: none,
    /// because whoever draws a definition would otherwise reach everything this machine reaches.
    /// </summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>Time allowed for one request, its answer included. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00", ErrorMessage = "Http:Timeout est une durée de 00:00:01 à 00:05:00.")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest answer taken, in bytes. Default 1 MB.</summary>
    [Range(1_000, 100_000_000, ErrorMessage = "Http:MaxResponseBytes est un nombre d’octets de 1 000 à 100 000 000.")]
    public int MaxResponseBytes { get; set; } = 1_000_000;

    /// <summary>Longest request that <c>Elsa.HttpEndpoint</c> takes, in bytes. Default 1 MB.</summary>
    [Range(1_000, 100_000_000, ErrorMessage = "Http:MaxRequestBytes est un nombre d’octets de 1 000 à 100 000 000.")]
    public int MaxRequestBytes { get; set; } = 1_000_000;

    /// <summary>How long a request stays open for <c>Elsa.WriteHttpResponse</c>; after it 202 with the instance's id. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00", ErrorMessage = "Http:ResponseWait est une durée de 00:00:00 à 00:01:00.")]
    public TimeSpan ResponseWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether a request may go there.</summary>
    public bool Allows(Uri address) => address is { IsAbsoluteUri: true, Scheme: "http" or "https" } && AllowedHosts.Any(host =>
        host.StartsWith("*.", StringComparison.Ordinal)
            ? address.IdnHost.EndsWith(host[1..], StringComparison.OrdinalIgnoreCase)
            : address.IdnHost.Equals(host, StringComparison.OrdinalIgnoreCase));
}
