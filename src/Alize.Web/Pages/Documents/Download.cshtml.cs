using System.Net.Mime;
using System.Text;
using Alize.Data;
using Alize.Web.Programmes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Documents;

/// <summary>One document's bytes, exactly as they were kept, and the values it was made from.</summary>
public sealed class DownloadModel(AlizeDb db) : ProgrammePage
{
    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancel)
    {
        var document = await db.Documents.AsNoTracking().Where(d => d.Id == id && d.ProgrammeId == ProgrammeId)
            .Select(d => new { d.Content, d.FileName }).SingleOrDefaultAsync(cancel);
        return document is null ? NotFound() : File(document.Content, "application/pdf", document.FileName);
    }

    /// <summary>The same as data, for programs: JSON.</summary>
    public async Task<IActionResult> OnGetDataAsync(Guid id, CancellationToken cancel)
    {
        var document = await db.Documents.AsNoTracking().Where(d => d.Id == id && d.ProgrammeId == ProgrammeId && d.Source != "")
            .Select(d => new { d.Source, d.FileName }).SingleOrDefaultAsync(cancel);
        return document is null ? NotFound() : File(Encoding.UTF8.GetBytes(document.Source), MediaTypeNames.Application.Json, Path.ChangeExtension(document.FileName, "json"));
    }
}
