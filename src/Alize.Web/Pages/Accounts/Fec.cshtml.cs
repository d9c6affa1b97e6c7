using System.Text;
using Alize.Web.Programmes;
using Alize.Workflows.Accounts;
using Microsoft.AspNetCore.Mvc;

namespace Alize.Web.Pages.Accounts;

/// <summary>Download of a year's journal as a FEC (R15, R19).</summary>
public sealed class FecModel(FecExport export) : ProgrammePage
{
    [BindProperty(SupportsGet = true)]
    public int? Year { get; set; }

    [BindProperty(SupportsGet = true, Name = "siren")]
    public string? Number { get; set; }

    public IReadOnlyList<int> Years { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken cancel)
    {
        Years = await export.YearsAsync(ProgrammeId, cancel);
        Year ??= Years.Count > 0 ? Years[0] : null;
    }

    public async Task<IActionResult> OnGetDownloadAsync(CancellationToken cancel)
    {
        await OnGetAsync(cancel);
        var (name, content, problems) = await export.OfYearAsync(ProgrammeId, Year ?? 0, Number ?? "", cancel);
        return problems.Count > 0 ? Refused(problems) : File(Encoding.UTF8.GetBytes(content), "text/plain; charset=utf-8", name);
    }
}
