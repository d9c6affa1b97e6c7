using Alize.Data;
using Alize.Web.Programmes;
using Alize.Workflows.Signatures;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Conventions;

/// <summary>Everything that proves a sealed convention, in one archive that is checked without this service.</summary>
public sealed class ProofModel(AlizeDb db, ProofArchive archive) : ProgrammePage
{
    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancel)
    {
        var number = await db.Conventions.Where(c => c.Id == id && c.ProgrammeId == ProgrammeId)
            .Join(db.Projects, c => c.ProjectId, p => p.Id, (c, p) => p.Number).SingleOrDefaultAsync(cancel);
        return number is not null && await archive.MakeAsync(id, cancel) is { } zip ? File(zip, "application/zip", $"preuves-{number}.zip") : NotFound();
    }
}
