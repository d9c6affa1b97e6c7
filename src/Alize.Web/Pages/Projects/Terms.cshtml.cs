using Alize.Data;
using Alize.Domain;
using Alize.Domain.Eligibility;
using Alize.Web.Look;
using Alize.Web.Programmes;
using Alize.Workflows;
using Alize.Workflows.Aid;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Projects;

/// <summary>
/// What a decision of today would give (R5–R7, R18): the schedule as if it were paid today, the gross grant equivalent, what State aid
/// leaves, and everything that would forbid it. Nothing is written.
/// </summary>
public sealed class TermsModel(AlizeDb db, FinancialChecks checks) : ProgrammePage
{
    [BindProperty(SupportsGet = true)]
    public string Number { get; set; } = "";

    // As typed; what was asked for when nothing is.
    [BindProperty(SupportsGet = true)]
    public string? Amount { get; set; }

    [BindProperty(SupportsGet = true)]
    public int? Months { get; set; }

    [BindProperty(SupportsGet = true)]
    public int? Deferral { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Days { get; set; }

    public CompanyProject Project { get; private set; } = null!;

    public string Siret { get; private set; } = "";

    public TermsPreview? Preview { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await LoadAsync(cancel) ? Page() : NotFound();

    public async Task<IActionResult> OnGetExportAsync(CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        var sheet = new Sheet("N°", "Échéance", "À encaisser le", "Montant (€)");
        foreach (var line in Preview?.Schedule ?? []) sheet.Row(line.Number, line.DueOn, line.CollectOn, line.Amount);
        return sheet.File($"Aperçu {Number}");
    }

    private async Task<bool> LoadAsync(CancellationToken cancel)
    {
        var project = await db.Projects.AsNoTracking().SingleOrDefaultAsync(p => p.ProgrammeId == ProgrammeId && p.Number == Number, cancel);
        if (project is null) return false;
        Project = project;
        Siret = await db.Companies.Where(c => c.Id == project.CompanyId).Select(c => c.Siret).SingleAsync(cancel);
        Amount ??= project.RequestedAdvance.ToString();
        Months ??= project.RequestedMonths;
        Deferral ??= project.RequestedDeferralMonths;
        Days ??= "1";
        var problems = new List<Problem>();
        if (!Money.TryParse(Amount, out var amount)) problems.Add(new("amount", $"« {Amount} » n’est pas un montant. Écrivez par exemple 30 000."));
        if (Typed.HalfDays(Days) is not { } halfDays) problems.Add(new("days", $"« {Days} » n’est pas un nombre de journées. Écrivez par exemple 5 ou 2,5."));
        else if (problems.Count == 0) Preview = await checks.PreviewAsync(project, amount, Months.Value, Deferral.Value, halfDays, cancel);
        Problems = problems;
        return true;
    }
}
