using System.Globalization;
using Alize.Data;
using Alize.Domain;
using Alize.Domain.Aid;
using Alize.Domain.Committee;
using Alize.Domain.Repayment;
using Alize.Web.Look;
using Alize.Web.Pages.Documents;
using Alize.Web.Programmes;
using Alize.Workflows;
using Alize.Workflows.Accounts;
using Alize.Workflows.Repayment;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Advances;

/// <summary>
/// One advance: its payments, its schedule, what came in, what the committee decided on it since, and the forms that record each (R6).
/// </summary>
public sealed class AdvanceModel(AlizeDb db, Repayments repayments, AdvanceRulings rulings, Payments payments) : FormPage
{
    [BindProperty(SupportsGet = true)]
    public string Reference { get; set; } = "";

    public GrantedAdvance Advance { get; private set; } = null!;

    public AdvancePosition Position => Advance.Position;

    public string Company { get; private set; } = "";

    public string ProjectNumber { get; private set; } = "";

    public IReadOnlyList<SelectListItem> Sessions { get; private set; } = [];

    /// <summary>The registered letters made for it, newest first.</summary>
    public IReadOnlyList<DocumentLine> Notices { get; private set; } = [];

    /// <summary>Days a new schedule may begin on: monthly from the payment, after today, inside the 36 months.</summary>
    public IReadOnlyList<SelectListItem> FirstDays =>
    [
        .. Enumerable.Range(1, RepayableAdvance.MaxMonths).Select(m => (Month: m, Day: Advance.PaidOn.AddMonths(m))).Where(m => m.Day > Clock.Today)
            .Select(m => new SelectListItem(FrenchText.Date(m.Day), $"{m.Month}")),
    ];

    public string Today => Clock.Today.ToString("O", CultureInfo.InvariantCulture);

    public RepaymentChart Chart => new(Advance, Clock.Today);

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await LoadAsync(cancel) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(string? amount, string? receivedOn, string? bankReference, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        if (Look.Typed.Day(receivedOn) is not { } day)
            return Again([new("receivedOn", "Indiquez le jour où la banque a reçu le virement, par exemple 03/06/2026.")]);
        return Done(
            await repayments.RecordAsync(Advance.Id, amount ?? "", day, bankReference ?? "", By, cancel),
            "Le remboursement est enregistré et inscrit au journal. Les relances qui n’ont plus lieu d’être sont arrêtées.");
    }

    public async Task<IActionResult> OnPostTakeBackAsync(Guid receiptId, string? reason, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        return Done(
            await repayments.TakeBackAsync(Advance.Id, receiptId, reason ?? "", By, cancel),
            "Le remboursement est annulé par une écriture inverse. Les échéances qu’il soldait sont de nouveau dues.");
    }

    public async Task<IActionResult> OnPostReturnAsync(string? returned, string? returnReference, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        return Done(await repayments.ReturnExcessAsync(Advance.Id, returned ?? "", returnReference ?? "", By, cancel), "Le trop-perçu rendu est inscrit au journal.");
    }

    public async Task<IActionResult> OnPostPartAsync(string? part, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        if (!Money.TryParse(part, out var amount)) return Again([new("part", $"« {part} » n’est pas un montant. Écrivez par exemple 10 000.")]);
        var refusals = await payments.PayPartAsync(Advance.Id, amount, By, cancel);
        return Done([.. refusals.Select(r => new Problem("part", $"{r}"))], "La tranche est versée et l’échéancier repart de ce versement.");
    }

    public async Task<IActionResult> OnPostRuleAsync(Guid? sessionId, int yes, string? ruling, string? lost, int firstMonth, int count, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        var loss = Money.Zero;
        if (!string.IsNullOrWhiteSpace(lost) && !Money.TryParse(lost, out loss)) return Again([new("lost", $"« {lost} » n’est pas un montant. Laissez vide s’il n’y a pas de perte.")]);
        var (problems, refusals) = await rulings.RecordAsync(Advance.Id, new(sessionId, yes, ruling ?? "", loss, firstMonth, count), By, cancel);
        return Done(
            [.. problems.Select(p => p.Field == "reason" ? p with { Field = "ruling" } : p), .. refusals.Select(r => new Problem("", $"{r}"))],
            "La décision est enregistrée : l’échéancier, le journal et les relances la suivent.");
    }

    /// <summary>The schedule, replaced instalments included, as a spreadsheet.</summary>
    public async Task<IActionResult> OnGetExportAsync(CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        var sheet = new Sheet("N°", "Échéance", "À encaisser le", "Montant (€)", "Remboursé (€)", "Soldée le", "Remplacée le", "Jours de retard");
        foreach (var i in Advance.Superseded.Concat(Advance.Installments))
            sheet.Row(i.IsSuperseded ? null : Advance.RankOf(i), i.DueOn, i.CollectOn, i.Amount, i.Repaid, i.SettledOn, i.SupersededOn, i.IsSuperseded ? null : DaysLate(i));
        return sheet.File($"Échéancier {Reference}");
    }

    /// <summary>What came in, as a spreadsheet.</summary>
    public async Task<IActionResult> OnGetReceiptsAsync(CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        var sheet = new Sheet("Reçu le", "Montant (€)", "Référence bancaire", "Enregistré par", "Annulé le", "Pourquoi");
        foreach (var r in Advance.Received.OrderBy(r => r.ReceivedOn)) sheet.Row(r.ReceivedOn, r.Amount, r.BankReference, r.RecordedBy, r.CancelledOn, r.CancelReason);
        return sheet.File($"Remboursements {Reference}");
    }

    /// <summary>Days late: until it was settled, or until today.</summary>
    public int DaysLate(Installment installment) => Arrears.DaysOverdue(installment.CollectOn, installment.SettledOn ?? Clock.Today);

    private IActionResult Done(IReadOnlyList<Problem> problems, string sentence) => Done(problems, sentence, $"{Root}/advances/{Reference}");

    private async Task<bool> LoadAsync(CancellationToken cancel)
    {
        var advance = await db.Advances.AsNoTracking().SingleOrDefaultAsync(a => a.ProgrammeId == ProgrammeId && a.Reference == Reference, cancel);
        if (advance is null) return false;
        Advance = advance;
        Company = await db.Companies.AsNoTracking().Where(c => c.Id == advance.CompanyId).Select(c => c.Name).SingleAsync(cancel);
        ProjectNumber = await db.Projects.AsNoTracking().Where(p => p.Id == advance.ProjectId).Select(p => p.Number).SingleAsync(cancel);
        Notices = await DocumentLine.Of(db.Documents.AsNoTracking().Where(d => d.ProgrammeId == ProgrammeId && d.ProjectId == advance.ProjectId && d.Kind == nameof(FormalNoticeDocument))
            .OrderByDescending(d => d.MadeAt)).ToListAsync(cancel);
        var held = await db.CommitteeSessions.AsNoTracking()
            .Where(s => s.ProgrammeId == ProgrammeId && s.Kind == CommitteeKind.Approval && s.State != SessionState.Planned && s.State != SessionState.Invited)
            .OrderByDescending(s => s.StartsAt).Take(12).ToListAsync(cancel);
        Sessions = [.. held.Select(s => new SelectListItem($"{FrenchText.Date(DateOnly.FromDateTime(Clock.ToLocal(s.StartsAt)))}, {s.PresentCount} présents", s.Id.ToString()))];
        return true;
    }
}
