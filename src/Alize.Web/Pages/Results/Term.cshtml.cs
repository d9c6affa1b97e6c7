using Alize.Data;
using Alize.Domain.Accounts;
using Alize.Domain.Programmes;
using Alize.Web.Look;
using Alize.Web.Programmes;
using Alize.Workflows.Accounts;
using Alize.Workflows.Programmes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Results;

/// <summary>The end of the convention (R16, art. 8): renewal, and how what remains would be shared, with what stands against it.</summary>
public sealed class TermModel(AlizeDb db, Remainders remainders, ProgrammeTerms terms) : ProgrammePage
{
    public ProgrammeTerm? Term { get; private set; }

    public Renewal Renewal { get; private set; } = new(DateOnly.MinValue, DateOnly.MinValue, RenewalDecision.Open, null);

    public IReadOnlyList<Remainder> Remainders { get; private set; } = [];

    public IReadOnlyDictionary<Guid, string> Names { get; private set; } = new Dictionary<Guid, string>();

    /// <summary>Statements given to funders, newest first.</summary>
    public IReadOnlyList<(Guid Id, string Title, DateTime MadeAt)> Statements { get; private set; } = [];

    // As typed.
    public string Clause { get; private set; } = "";

    public Task OnGetAsync(CancellationToken cancel) => LoadAsync(cancel);

    public async Task<IActionResult> OnPostClauseAsync(string? clause, CancellationToken cancel)
    {
        var problems = await terms.AgreeAsync(ProgrammeId, clause ?? "", By, cancel);
        if (problems.Count > 0)
        {
            await LoadAsync(cancel);
            Clause = clause ?? "";
            return Refused(problems);
        }

        Say("La clause est enregistrée : ce qui est remboursé sera rendu au fil des remboursements.");
        return Redirect($"{Root}/results/term");
    }

    public async Task<IActionResult> OnGetExportAsync(CancellationToken cancel)
    {
        await LoadAsync(cancel);
        var sheet = new Sheet("Compte", "Financeur", "Participation (€)", "Pertes, dépenses et restes dus (€)", "Part de ce qui reste (€)", "Déjà rendu (€)", "À rendre (€)");
        foreach (var remainder in Remainders)
            foreach (var share in remainder.Shares)
                sheet.Row(remainder.Account.French(), Names.GetValueOrDefault(share.FunderId, "–"), share.Contribution, share.Loss, share.Share, share.Returned, share.Due);
        return sheet.File("Dévolution");
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        Term = await db.ProgrammeTerms.AsNoTracking().SingleOrDefaultAsync(t => t.ProgrammeId == ProgrammeId, cancel);
        Renewal = Term?.RenewalOf(Programme) ?? new(Programme.SignedOn, Programme.EndsOn, RenewalDecision.Open, null);
        Clause = Term?.SpecificClause ?? "";
        Remainders = await remainders.OfAsync(Programme, Term, cancel);
        Names = await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == ProgrammeId).ToDictionaryAsync(p => p.Id, p => p.Name, cancel);
        Statements = [.. (await db.Documents.AsNoTracking().Where(d => d.ProgrammeId == ProgrammeId && d.Kind == nameof(RemainderStatementDocument))
            .OrderByDescending(d => d.MadeAt).ThenBy(d => d.Title).Select(d => new { d.Id, d.Title, d.MadeAt }).ToListAsync(cancel)).Select(d => (d.Id, d.Title, d.MadeAt))];
    }
}
