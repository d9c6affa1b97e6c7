using Alize.Data;
using Alize.Web.Hosting;
using Alize.Workflows;
using Alize.Workflows.Tasks;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Alize.Web.Pages.Partner;

/// <summary>Sends a new link in place of one that no longer opens its page. Serves links to tasks and to the detection form.</summary>
[EnableRateLimiting(RateLimits.LinkPages)]
public sealed class FreshLinkModel(TaskLinks links, AlizeDb db, ProgrammeClock clock) : LinkPage(links, db, clock)
{
    public IActionResult OnGet() => Redirect($"/t/{Token}");

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        await OpenAsync(cancel);
        if (FreshLinkGoesTo.Length == 0) return Redirect($"/t/{Token}");
        await Links.SendFreshAsync(Token, cancel);
        return Page();
    }
}
