using Alize.Data;
using Alize.Domain;
using Alize.Domain.Repayment;
using Alize.Web.Programmes;
using Alize.Workflows.Repayment;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Advances;

/// <summary>Lettre de mise en demeure, to be printed and sent by registered post: what is overdue today, by the template beside its step.</summary>
public sealed class NoticeModel(AlizeDb db, FormalNotices notices) : ProgrammePage
{
    [BindProperty(SupportsGet = true)]
    public string Reference { get; set; } = "";

    /// <summary>Markdown; empty when nothing is overdue.</summary>
    public string Letter { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        var advance = await db.Advances.AsNoTracking().SingleOrDefaultAsync(a => a.ProgrammeId == ProgrammeId && a.Reference == Reference, cancel);
        if (advance is null) return NotFound();
        Letter = advance.Installments.Any(i => i.Outstanding > Money.Zero && Arrears.DaysOverdue(i.CollectOn, Clock.Today) > 0)
            ? await notices.WriteAsync(advance, cancel)
            : "";
        return Page();
    }
}
