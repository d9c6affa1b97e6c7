using Alize.Data;
using Alize.Web.Programmes;
using Alize.Workflows.Aid;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Aid;

/// <summary>Attestation d'aide de minimis for a company, to be printed (R7c).</summary>
public sealed class CertificateModel(AlizeDb db, AidCertificates certificates) : ProgrammePage
{
    [BindProperty(SupportsGet = true)]
    public string Siret { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    public DateOnly? On { get; set; }

    public string Text { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        var id = await db.Companies.Where(c => c.ProgrammeId == ProgrammeId && c.Siret == Siret).OrderByDescending(c => c.Id).Select(c => (Guid?)c.Id).FirstOrDefaultAsync(cancel);
        if (id is null) return NotFound();
        Text = await certificates.WriteAsync(id.Value, On ?? Clock.Today, cancel);
        return Page();
    }
}
