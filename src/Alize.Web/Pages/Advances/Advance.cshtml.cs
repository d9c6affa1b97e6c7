using System.Globalization;
using Alize.Data;
using Alize.Domain.Repayment;
using Alize.Web.Programmes;
using Alize.Workflows.Repayment;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Advances;

/// <summary>One advance: its schedule, what came in, and the form that records what the bank received.</summary>
public sealed class AdvanceModel(AlizeDb db, Repayments repayments) : ProgrammePage
{
    [BindProperty(SupportsGet = true)]
    public string Reference { get; set; } = "";

    public GrantedAdvance Advance { get; private set; } = null!;

    public string Company { get; private set; } = "";

    public string ProjectNumber { get; private set; } = "";

    // As typed.
    public string Amount { get; private set; } = "";

    public string ReceivedOn { get; private set; } = "";

    public string BankReference { get; private set; } = "";

    public RepaymentChart Chart => new(Advance, Clock.Today);

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        ReceivedOn = Clock.Today.ToString("O", CultureInfo.InvariantCulture);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string? amount, string? receivedOn, string? bankReference, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        (Amount, ReceivedOn, BankReference) = (amount ?? "", receivedOn ?? "", bankReference ?? "");
        if (!DateOnly.TryParseExact(ReceivedOn, ["yyyy-MM-dd", "dd/MM/yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return Refused([new("receivedOn", "Indiquez le jour où la banque a reçu le virement, par exemple 03/06/2026.")]);

        var problems = await repayments.RecordAsync(Advance.Id, Amount, day, BankReference, By, cancel);
        if (problems.Count > 0) return Refused(problems);
        Say("Le remboursement est enregistré et inscrit au journal. Les relances qui n’ont plus lieu d’être sont arrêtées.");
        return Redirect($"{Root}/advances/{Reference}");
    }

    /// <summary>Days late: until it was settled, or until today.</summary>
    public int DaysLate(Installment installment) => Arrears.DaysOverdue(installment.CollectOn, installment.SettledOn ?? Clock.Today);

    private async Task<bool> LoadAsync(CancellationToken cancel)
    {
        var advance = await db.Advances.AsNoTracking().SingleOrDefaultAsync(a => a.ProgrammeId == ProgrammeId && a.Reference == Reference, cancel);
        if (advance is null) return false;
        Advance = advance;
        Company = await db.Companies.AsNoTracking().Where(c => c.Id == advance.CompanyId).Select(c => c.Name).SingleAsync(cancel);
        ProjectNumber = await db.Projects.AsNoTracking().Where(p => p.Id == advance.ProjectId).Select(p => p.Number).SingleAsync(cancel);
        return true;
    }
}
