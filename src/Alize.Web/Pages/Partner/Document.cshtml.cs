using Alize.Data;
using Alize.Web.Hosting;
using Alize.Workflows;
using Alize.Workflows.Signatures;
using Alize.Workflows.Tasks;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Partner;

/// <summary>
/// The document a request asks to read; or the one a signatory signs, its very bytes, for the browser that gave the right code; once it
/// is sealed, the sealed one.
/// </summary>
[EnableRateLimiting(RateLimits.LinkPages)]
public sealed class DocumentModel(TaskLinks links, ConventionSigning signing, AlizeDb db, ProgrammeClock clock) : LinkPage(links, db, clock)
{
    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        await OpenAsync(cancel);
        if (Visit is { Fate: LinkFate.Usable or LinkFate.AlreadyAnswered, Task: { DocumentId: { } read, Kind: not SignatureForm.Kind } })
            return Pdf(await Db.Documents.AsNoTracking().Where(d => d.Id == read).Select(d => d.Content).SingleAsync(cancel));
        if (Visit is not { Fate: LinkFate.Usable or LinkFate.AlreadyAnswered, Task: { Kind: SignatureForm.Kind } task }) return NotFound();
        if (!await signing.IsOpenAsync(task, SigningVisit.SecretOf(Request), cancel)) return Redirect($"/t/{Token}");
        var convention = await Db.Conventions.AsNoTracking().SingleAsync(c => c.Id == task.SubjectId, cancel);
        var id = convention.SealedDocumentId ?? convention.DocumentId;
        var content = await Db.Documents.AsNoTracking().Where(d => d.Id == id).Select(d => d.Content).SingleAsync(cancel);
        return Pdf(content);
    }

    private FileContentResult Pdf(byte[] content)
    {
        Response.Headers.ContentSecurityPolicy = SecurityHeaders.EmbeddedPdf;
        Response.Headers.XFrameOptions = "SAMEORIGIN";
        return File(content, "application/pdf");
    }
}
