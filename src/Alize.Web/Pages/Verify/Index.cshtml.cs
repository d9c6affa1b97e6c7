using Alize.Web.Hosting;
using Alize.Workflows;
using Alize.Workflows.Signatures;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;

namespace Alize.Web.Pages.Verify;

/// <summary>Anybody may show a file and learn whether it is, to the last byte, what was signed and sealed here. Nothing is kept of it.</summary>
[EnableRateLimiting(RateLimits.LinkPages)]
[RequestSizeLimit(LargestFile + (64 * 1024))]
[RequestFormLimits(MultipartBodyLengthLimit = LargestFile + (64 * 1024))]
public sealed class IndexModel(FileCheck check) : PageModel
{
    private const int LargestFile = 10 * 1024 * 1024;

    public CheckedFile? Checked { get; private set; }

    public IReadOnlyList<Problem> Problems { get; private set; } = [];

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync(IFormFile? file, CancellationToken cancel)
    {
        if (file is null || file.Length is 0 or > LargestFile)
        {
            Problems = [new("file", "Choisissez un fichier PDF de 10 Mo au plus.")];
            return new PageResult { StatusCode = StatusCodes.Status400BadRequest };
        }

        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, cancel);
        Checked = await check.CheckAsync(bytes.ToArray(), cancel);
        return Page();
    }
}
