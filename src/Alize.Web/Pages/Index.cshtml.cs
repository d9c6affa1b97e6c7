using Alize.Domain.Programmes;
using Alize.Web.Programmes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Alize.Web.Pages;

/// <summary>The way in: straight to the person's programme, or a choice where there are several.</summary>
[Authorize]
public sealed class IndexModel(CurrentProgramme current) : PageModel
{
    public IReadOnlyList<Programme> Programmes { get; private set; } = [];

    /// <summary>Asked for from the header: shows the choice even when there is one programme.</summary>
    [BindProperty(SupportsGet = true)]
    public bool Choose { get; set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        Programmes = await current.ListAsync(User, cancel);
        return Programmes.Count == 1 && !Choose ? Redirect($"/p/{Programmes[0].Slug}") : Page();
    }
}
