using System.Text.RegularExpressions;
using Alize.Web.Elsa;
using Alize.Web.People;
using Alize.Web.Studio;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Alize.Web.Pages.Studio;

/// <summary>
/// The page around Elsa Studio. Each of its screens is a custom element, one a document: the address says which, and the page is
/// loaded anew for another one.
/// </summary>
[Authorize(ProgrammePolicies.Studio)]
public sealed partial class IndexModel(StudioFiles files, ElsaTokens tokens) : PageModel
{
    /// <summary>Whether this build has the Studio.</summary>
    public bool HasStudio => files.AreHere;

    /// <summary>Name of the custom element; null for an address that leads nowhere.</summary>
    public string? Element { get; private set; }

    /// <summary>What the element shows.</summary>
    public (string Attribute, string Value)? Subject { get; private set; }

    public string Title { get; private set; } = "";

    /// <summary>Address of the interface, absolute and without a slash at its end, as the Studio wants it.</summary>
    public string Endpoint => $"{Request.Scheme}://{Request.Host}{Request.PathBase}{ElsaApi.Base}";

    public string Token => tokens.Access(User);

    public IActionResult OnGet(string? path)
    {
        Response.Headers.CacheControl = "no-store";   // it holds a token
        path = path?.Trim('/') ?? "";
        if (path is "" or "workflows/definitions") Show("elsa-workflow-definition-list", "Procédures");
        else if (path == "workflows/instances") Show("elsa-workflow-instance-list", "Instances");
        else if (Definition().Match(path) is { Success: true } definition) Show("elsa-workflow-definition-editor", "Procédure", ("definition-id", definition.Groups[1].Value));
        else if (Instance().Match(path) is { Success: true } instance) Show("elsa-workflow-instance-viewer", "Instance", ("instance-id", instance.Groups[1].Value));
        else return NotFound();
        return Page();
    }

    private void Show(string element, string title, (string, string)? subject = null) => (Element, Title, Subject) = (element, title, subject);

    [GeneratedRegex("^workflows/definitions/([^/]+)/edit$")]
    private static partial Regex Definition();

    [GeneratedRegex("^workflows/instances/([^/]+)/view$")]
    private static partial Regex Instance();
}
