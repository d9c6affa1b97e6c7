using Alize.Data;
using Alize.Domain;
using Alize.Domain.Repayment;
using Alize.Web.Look;
using Alize.Web.Programmes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Advances;

/// <summary>One advance in the list.</summary>
public sealed record AdvanceLine(string Reference, string Company, Money Principal, Money Outstanding, DateOnly? NextOn, Money? NextAmount, Arrears Arrears);

/// <summary>What companies still owe, when the next instalments fall due and what is overdue, by age.</summary>
public sealed class IndexModel(AlizeDb db) : ProgrammePage
{
    private const int Lines = 40;

    /// <summary><c>repaid</c>: the advances repaid in full; <c>late</c>: those in arrears.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Show { get; set; }

    /// <summary>Reference of the last advance of the page before.</summary>
    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    public IReadOnlyList<AdvanceLine> Advances { get; private set; } = [];

    public string? NextAfter { get; private set; }

    /// <summary>Of all advances of the programme, not of this page alone.</summary>
    public Arrears Arrears { get; private set; } = new(Money.Zero, Money.Zero, Money.Zero, Money.Zero);

    public Money Outstanding { get; private set; }

    public Money Principal { get; private set; }

    public int Count { get; private set; }

    public bool ShowsRepaid => Show == "repaid";

    public bool ShowsLate => Show == "late";

    public async Task OnGetAsync(CancellationToken cancel)
    {
        var listed = Listed();
        await TotalAsync(listed, cancel);

        var page = After is { Length: > 0 } after ? listed.Where(a => string.Compare(a.Reference, after) < 0) : listed;
        var found = await page.OrderByDescending(a => a.Reference).Take(Lines + 1).ToListAsync(cancel);
        var shown = found.Take(Lines).ToList();
        NextAfter = found.Count > Lines ? shown[^1].Reference : null;
        var ids = shown.Select(a => a.CompanyId).Distinct().ToList();
        var names = await db.Companies.AsNoTracking().Where(c => c.ProgrammeId == ProgrammeId && ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => c.Name, cancel);
        Advances = [.. shown.Select(a => Line(a, names.GetValueOrDefault(a.CompanyId, "–")))];
    }

    /// <summary>All that is listed, as a spreadsheet.</summary>
    public async Task<IActionResult> OnGetExportAsync(CancellationToken cancel)
    {
        var found = await Listed().OrderBy(a => a.Reference).ToListAsync(cancel);
        var names = await db.Companies.AsNoTracking().Where(c => c.ProgrammeId == ProgrammeId).ToDictionaryAsync(c => c.Id, c => c.Name, cancel);
        var sheet = new Sheet(
            "Avance", "Entreprise", "Accordé (€)", "Versé (€)", "Remboursé (€)", "Perte (€)", "Trop-perçu (€)", "Reste dû (€)", "Prochaine échéance", "Retard 1–30 j (€)", "Retard 31–60 j (€)",
            "Retard 61–90 j (€)", "Retard plus de 90 j (€)");
        foreach (var advance in found)
        {
            var (line, position) = (Line(advance, names.GetValueOrDefault(advance.CompanyId, "–")), advance.Position);
            sheet.Row(
                line.Reference, line.Company, line.Principal, position.PaidOut, position.Repaid, position.Lost, position.Excess, line.Outstanding, line.NextOn, line.Arrears.UpTo30Days,
                line.Arrears.UpTo60Days, line.Arrears.UpTo90Days, line.Arrears.Over90Days);
        }

        return sheet.File(ShowsRepaid ? "Avances remboursées" : ShowsLate ? "Impayés" : "Avances en cours");
    }

    // A replaced instalment is neither owed nor settled: it is no longer looked at.
    private IQueryable<GrantedAdvance> Listed()
    {
        var (all, today) = (db.Advances.AsNoTracking().Where(a => a.ProgrammeId == ProgrammeId), Clock.Today);
        return ShowsRepaid ? all.Where(a => a.Installments.All(i => i.SettledOn != null || i.SupersededOn != null))
            : ShowsLate ? all.Where(a => a.Installments.Any(i => i.SettledOn == null && i.SupersededOn == null && i.CollectOn < today))
            : all.Where(a => a.Installments.Any(i => i.SettledOn == null && i.SupersededOn == null));
    }

    private AdvanceLine Line(GrantedAdvance advance, string company)
    {
        var next = advance.Installments.FirstOrDefault(i => !i.IsSettled);
        return new(
            advance.Reference, company, advance.Principal, advance.Outstanding, next?.CollectOn, next?.Outstanding,
            Arrears.ByAge(advance.Installments.Where(i => !i.IsSettled).Select(i => (i.CollectOn, i.Outstanding)), Clock.Today));
    }

    // Money is cents behind a converter, which a database cannot add up: the figures come here, two columns of what is listed.
    private async Task TotalAsync(IQueryable<GrantedAdvance> listed, CancellationToken cancel)
    {
        var principals = await listed.Select(a => a.Principal).ToListAsync(cancel);
        (Count, Principal) = (principals.Count, Money.Sum(principals));
        var unsettled = await db.Installments.AsNoTracking().Where(i => i.ProgrammeId == ProgrammeId && i.SettledOn == null && i.SupersededOn == null)
            .Select(i => new { i.CollectOn, i.Amount, i.Repaid }).ToListAsync(cancel);
        Outstanding = ShowsRepaid ? Money.Zero : Money.Sum(unsettled.Select(i => i.Amount - i.Repaid));
        Arrears = Arrears.ByAge(ShowsRepaid ? [] : unsettled.Select(i => (i.CollectOn, i.Amount - i.Repaid)), Clock.Today);
    }
}
