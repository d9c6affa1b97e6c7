using Alize.Data;
using Alize.Domain;
using Alize.Domain.Aid;
using Alize.Web.Look;
using Alize.Web.Programmes;
using Alize.Workflows;
using Alize.Workflows.Aid;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Advances;

/// <summary>Prêts bonifiés of partners: followed, not funded (art. 6.2).</summary>
public sealed class LoansModel(AlizeDb db, SubsidisedLoans loans) : ProgrammePage
{
    public IReadOnlyList<SubsidisedLoan> Loans { get; private set; } = [];

    public IReadOnlyList<SelectListItem> ProjectItems { get; private set; } = [];

    public IReadOnlyList<SelectListItem> LenderItems { get; private set; } = [];

    /// <summary>What was typed into a form that was refused.</summary>
    public IReadOnlyDictionary<string, string> Answers { get; private set; } = new Dictionary<string, string>();

    public string? Typed(string name) => Answers.GetValueOrDefault(name);

    public string Project(Guid id) => ProjectItems.FirstOrDefault(i => i.Value == id.ToString())?.Text ?? "–";

    public string Lender(Guid id) => LenderItems.FirstOrDefault(i => i.Value == id.ToString())?.Text ?? "–";

    public Task OnGetAsync(CancellationToken cancel) => LoadAsync(cancel);

    public async Task<IActionResult> OnPostAsync(Guid projectId, Guid lenderId, string? amount, int months, string? rate, string? grantedOn, CancellationToken cancel)
    {
        IReadOnlyList<Problem> problems =
            !Money.TryParse(amount, out var euros) ? [new("amount", $"« {amount} » n’est pas un montant. Écrivez par exemple 20 000.")]
            : Look.Typed.BasisPoints(string.IsNullOrWhiteSpace(rate) ? "0" : rate) is not { } basisPoints ? [new("rate", $"« {rate} » n’est pas un taux. Écrivez par exemple 1,5.")]
            : Look.Typed.Day(grantedOn) is not { } day ? [new("grantedOn", "Indiquez le jour où le prêt a été accordé.")]
            : await loans.RecordAsync(ProgrammeId, projectId, lenderId, euros, months, basisPoints, day, By, cancel);
        return await DoneAsync(problems, "Le prêt bonifié est suivi. Aucun compte du dispositif ne bouge.", cancel);
    }

    public async Task<IActionResult> OnPostReportAsync(Guid loanId, string? repaid, CancellationToken cancel)
    {
        IReadOnlyList<Problem> problems = Money.TryParse(repaid, out var euros)
            ? await loans.ReportAsync(ProgrammeId, loanId, euros, By, cancel)
            : [new("repaid", $"« {repaid} » n’est pas un montant. Écrivez par exemple 4 500.")];
        return await DoneAsync(problems, "La déclaration du prêteur est enregistrée.", cancel);
    }

    public async Task<IActionResult> OnGetExportAsync(CancellationToken cancel)
    {
        await LoadAsync(cancel);
        var sheet = new Sheet("Projet", "Prêteur", "Accordé le", "Montant (€)", "Durée (mois)", "Taux (%)", "Remboursé (€)", "Reste dû (€)", "Déclaré le");
        foreach (var loan in Loans)
            sheet.Row(Project(loan.ProjectId), Lender(loan.LenderId), loan.GrantedOn, loan.Amount, loan.Months, loan.RateBasisPoints / 100m, loan.Repaid, loan.Outstanding, loan.ReportedOn);
        return sheet.File("Prêts bonifiés");
    }

    private async Task<IActionResult> DoneAsync(IReadOnlyList<Problem> problems, string sentence, CancellationToken cancel)
    {
        if (problems.Count > 0)
        {
            Answers = Request.Form.ToDictionary(f => f.Key, f => f.Value.ToString());
            await LoadAsync(cancel);
            return Refused(problems);
        }

        Say(sentence);
        return Redirect($"{Root}/advances/loans");
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        Loans = await db.SubsidisedLoans.AsNoTracking().Where(l => l.ProgrammeId == ProgrammeId).OrderByDescending(l => l.GrantedOn).ThenByDescending(l => l.Id).ToListAsync(cancel);
        LenderItems = [.. await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == ProgrammeId).OrderBy(p => p.Name).Select(p => new SelectListItem(p.Name, p.Id.ToString())).ToListAsync(cancel)];
        ProjectItems = [.. await db.Projects.AsNoTracking().Where(p => p.ProgrammeId == ProgrammeId).OrderByDescending(p => p.Number)
            .Select(p => new SelectListItem(p.Number + " · " + p.Title, p.Id.ToString())).ToListAsync(cancel)];
    }
}
