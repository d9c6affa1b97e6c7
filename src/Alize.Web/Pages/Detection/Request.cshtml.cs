using Alize.Data;
using Alize.Domain;
using Alize.Web.Hosting;
using Alize.Workflows;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Detection;

/// <summary>A programme one may signal a project to.</summary>
public sealed record ProgrammeChoice(Guid Id, string Slug, string Name, string Territory);

/// <summary>
/// Asks for a personal link to the detection form (art. 6.1). The answer is the same for every address: nobody learns here who is
/// a partner.
/// </summary>
[EnableRateLimiting(RateLimits.LinkPages)]
public sealed class RequestModel(AlizeDb db, Workflows.Eligibility.Detection detection) : PageModel
{
    [BindProperty(Name = "p", SupportsGet = true)]
    public string? Slug { get; set; }

    [BindProperty(Name = "sent", SupportsGet = true)]
    public bool IsSent { get; set; }

    [BindProperty(Name = "email")]
    public string? Email { get; set; }

    public IReadOnlyList<ProgrammeChoice> Programmes { get; private set; } = [];

    public ProgrammeChoice? Chosen { get; private set; }

    public IReadOnlyList<Problem> Problems { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await LoadAsync(cancel) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!await LoadAsync(cancel) || Chosen is null) return NotFound();
        if (!MimeKit.MailboxAddress.TryParse((Email ?? "").Trim(), out var address) || !address.Address.Contains('@', StringComparison.Ordinal))
        {
            Problems = [new("email", FrenchText.Typeset("Ce n'est pas une adresse de courriel. Écrivez par exemple prenom.nom@entreprise.fr."))];
            return new PageResult { StatusCode = StatusCodes.Status400BadRequest };
        }

        await detection.SendLinkAsync(Chosen.Id, address.Address, cancel);
        return Redirect($"/detect?p={Chosen.Slug}&sent=true");
    }

    /// <returns>Whether the address names a programme that exists, or none.</returns>
    private async Task<bool> LoadAsync(CancellationToken cancel)
    {
        Programmes = await db.Programmes.OrderBy(p => p.Name).Select(p => new ProgrammeChoice(p.Id, p.Slug, p.Name, p.Territory)).ToListAsync(cancel);
        Chosen = string.IsNullOrEmpty(Slug)
            ? Programmes.Count == 1 ? Programmes[0] : null
            : Programmes.FirstOrDefault(p => p.Slug == Slug);
        if (Chosen is not null) (ViewData["Programme"], ViewData["Territory"]) = (Chosen.Name, Chosen.Territory);
        return string.IsNullOrEmpty(Slug) || Chosen is not null;
    }
}
