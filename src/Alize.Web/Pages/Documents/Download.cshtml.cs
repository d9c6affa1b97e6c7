using Alize.Data;
using Alize.Web.Programmes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Documents;

/// <summary>One document's bytes, exactly as they were kept.</summary>
public sealed class DownloadModel(AlizeDb db) : ProgrammePage
{
    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancel)
    {
        var document = await db.Documents.AsNoTracking().Where(d => d.Id == id && d.ProgrammeId == ProgrammeId)
            .Select(d => new { d.Content, d.FileName }).SingleOrDefaultAsync(cancel);
        return document is null ? NotFound() : File(document.Content, "application/pdf", document.FileName);
    }
}
