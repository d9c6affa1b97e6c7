using Alize.Data;
using Alize.Web.Look;
using Alize.Web.Programmes;
using Alize.Workflows.Eligibility;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Projects;

/// <summary>The operator signals a project in the name of the partner who detected it (art. 6.1).</summary>
public sealed class NewModel(AlizeDb db, Workflows.Eligibility.Detection detection) : ProgrammePage
{
    /// <summary>As typed.</summary>
    public DetectionForm Form { get; private set; } = new();

    public string Partner { get; private set; } = "";

    public IReadOnlyList<SelectListItem> Partners { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken cancel) => await LoadAsync(cancel);

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        (Form, Partner) = (ReadForm(Request.Form), Request.Form["partner"].ToString());
        await LoadAsync(cancel);
        if (!Guid.TryParse(Partner, out var partnerId))
            return Refused([new("partner", "Choisissez le partenaire qui a détecté ce projet.")]);

        var (projectId, problems) = await detection.DetectAsync(ProgrammeId, partnerId, Form, By, cancel);
        if (problems.Count > 0) return Refused(problems);
        var number = await db.Projects.AsNoTracking().Where(p => p.Id == projectId && p.ProgrammeId == ProgrammeId).Select(p => p.Number).SingleAsync(cancel);
        Say($"Le projet {number} est ouvert. Sa procédure a commencé : ce qu’elle attend est indiqué ci-dessous.");
        return Redirect($"{Root}/projects/{number}");
    }

    private async Task LoadAsync(CancellationToken cancel) =>
        Partners = [.. (await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == ProgrammeId).OrderBy(p => p.Name).ToListAsync(cancel))
            .Select(p => new SelectListItem($"{p.Name} ({StatusText.Of(p.Kind).ToLowerInvariant()})", p.Id.ToString()))];

    // Field by field: a binder would turn what was left empty into null, which is not what was typed.
    private static DetectionForm ReadForm(IFormCollection form) => new()
    {
        Company = form[nameof(DetectionForm.Company)].ToString(),
        Siret = form[nameof(DetectionForm.Siret)].ToString(),
        Commune = form[nameof(DetectionForm.Commune)].ToString(),
        Activity = form[nameof(DetectionForm.Activity)].ToString(),
        HeadName = form[nameof(DetectionForm.HeadName)].ToString(),
        HeadEmail = form[nameof(DetectionForm.HeadEmail)].ToString(),
        IsRegistered = form[nameof(DetectionForm.IsRegistered)].ToString() == "true",
        Headcount = form[nameof(DetectionForm.Headcount)].ToString(),
        Turnover = form[nameof(DetectionForm.Turnover)].ToString(),
        BalanceSheetTotal = form[nameof(DetectionForm.BalanceSheetTotal)].ToString(),
        LargestHolderPercent = form[nameof(DetectionForm.LargestHolderPercent)].ToString(),
        Title = form[nameof(DetectionForm.Title)].ToString(),
        Description = form[nameof(DetectionForm.Description)].ToString(),
        JobsPlanned = form[nameof(DetectionForm.JobsPlanned)].ToString(),
        Cost = form[nameof(DetectionForm.Cost)].ToString(),
        OwnShare = form[nameof(DetectionForm.OwnShare)].ToString(),
        RequestedAdvance = form[nameof(DetectionForm.RequestedAdvance)].ToString(),
        RequestedMonths = form[nameof(DetectionForm.RequestedMonths)].ToString(),
        RequestedDeferralMonths = form[nameof(DetectionForm.RequestedDeferralMonths)].ToString(),
        CompetencesAsked = form[nameof(DetectionForm.CompetencesAsked)].ToString(),
        DeclaredDeMinimis = form[nameof(DetectionForm.DeclaredDeMinimis)].ToString(),
    };
}
