using Alize.Data;
using Alize.Web.Hosting;
using Alize.Web.Pages.Partner;
using Alize.Workflows;
using Alize.Workflows.Tasks;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Detection;

/// <summary>Thanks for a project signalled, with its number. Shows a project to the partner who signalled it, to nobody else.</summary>
[EnableRateLimiting(RateLimits.LinkPages)]
public sealed class DoneModel(TaskLinks links, AlizeDb db, ProgrammeClock clock) : LinkPage(links, db, clock)
{
    [BindProperty(Name = "n", SupportsGet = true)]
    public string Number { get; set; } = "";

    public string ProjectTitle { get; private set; } = "";

    public string Company { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        await OpenAsync(cancel);
        if (Visit is not { Fate: LinkFate.Usable, Link: { TaskId: null } link, Contact.PartnerId: { } partner }) return Redirect($"/detect/{Token}");

        var project = await Db.Projects.Where(p => p.ProgrammeId == link.ProgrammeId && p.Number == Number && p.DetectedByPartnerId == partner)
            .Join(Db.Companies, p => p.CompanyId, c => c.Id, (p, c) => new { p.Title, c.Name }).SingleOrDefaultAsync(cancel);
        if (project is null) return Redirect($"/detect/{Token}");

        (ProjectTitle, Company) = (project.Title, project.Name);
        return Page();
    }
}
