using Alize.Data;
using Alize.Domain;
using Alize.Domain.Aid;
using Alize.Domain.Eligibility;
using Alize.Web.Look;
using Alize.Web.Programmes;
using Alize.Workflows;
using Alize.Workflows.Aid;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Aid;

/// <summary>
/// State aid of a company on any day (R7c): all aids of its single undertaking, the law of that day, both readings of competence days
/// and which one decides.
/// </summary>
public sealed class CompanyModel(AlizeDb db, StateAid aid, AidCertificates certificates) : FormPage
{
    [BindProperty(SupportsGet = true)]
    public string Siret { get; set; } = "";

    /// <summary>The day of the question; today when none is given.</summary>
    [BindProperty(SupportsGet = true)]
    public DateOnly? On { get; set; }

    public Company Company { get; private set; } = null!;

    public AidOnDay Answer { get; private set; } = null!;

    public IReadOnlyList<SelectListItem> Others { get; private set; } = [];

    public DateOnly Day => On ?? Clock.Today;

    /// <summary>« 30/06 ».</summary>
    public static string ClosingDay(FiscalYearEnd? closing) => $"{closing?.Day ?? 31:00}/{closing?.Month ?? 12:00}";

    public static string ClosingWords(FiscalYearEnd? closing) => closing is null ? "31 décembre, faute d’indication" : ClosingDay(closing);

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await LoadAsync(cancel) ? Page() : NotFound();

    public async Task<IActionResult> OnPostDeclareAsync(string? grantedOn, string? amount, string? grantor, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        if (Look.Typed.Day(grantedOn) is not { } day) return Again([new("grantedOn", "Indiquez le jour où l’aide a été accordée.")]);
        if (!Money.TryParse(amount, out var euros)) return Again([new("amount", $"« {amount} » n’est pas un montant. Écrivez par exemple 12 000.")]);
        return Done(await aid.DeclareAsync(Company.Id, day, euros, grantor ?? "", By, cancel), "L’aide déclarée est enregistrée.");
    }

    public async Task<IActionResult> OnPostLinkAsync(Guid heldId, string? votes, bool control, string? evidence, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        if (Look.Typed.BasisPoints(string.IsNullOrWhiteSpace(votes) ? "0" : votes) is not { } basisPoints) return Again([new("votes", $"« {votes} » n’est pas une part. Écrivez par exemple 51.")]);
        return Done(await aid.LinkAsync(Company.Id, heldId, basisPoints, control, evidence ?? "", By, cancel), "Le lien est enregistré : les aides des deux entreprises se comptent ensemble s’il vaut contrôle.");
    }

    /// <summary>Records the day the company closes its accounts, by which the law before 2024 counts.</summary>
    public async Task<IActionResult> OnPostClosingAsync(string? closing, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        return Done(await aid.CloseAccountsOnAsync(Company.Id, closing ?? "", By, cancel), "La clôture de l’exercice est enregistrée : les aides d’avant 2024 se comptent par ses exercices.");
    }

    /// <summary>Makes the attestation of one decision, or finds it, and opens it.</summary>
    public async Task<IActionResult> OnPostCertificateAsync(Guid decisionId, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel) || Answer.Aids.All(a => a.DecisionId != decisionId)) return NotFound();
        if (await certificates.MakeAsync(ProgrammeId, decisionId, By, cancel) is not { } made)
            return Again([new("", "Cette décision n’accorde aucune aide qui se compte : il n’y a rien à attester.")]);
        await db.SaveChangesAsync(cancel);
        return Redirect($"{Root}/documents/{made.Id}");
    }

    public async Task<IActionResult> OnGetExportAsync(CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        var sheet = new Sheet("Accordée le", "Entreprise", "Par", "Équivalent-subvention (€)", "Journées valorisées (€)", "Compte encore");
        foreach (var row in Answer.Aids) sheet.Row(row.Grant.GrantedOn, row.Company, row.Origin, row.Grant.Money, row.Grant.Competences, row.Grant.GrantedOn >= Answer.Position.From ? "oui" : "non");
        return sheet.File($"Aides {Siret}");
    }

    private IActionResult Done(IReadOnlyList<Problem> problems, string sentence) => Done(problems, sentence, $"{Root}/companies/{Siret}/aid");

    private async Task<bool> LoadAsync(CancellationToken cancel)
    {
        // A company that comes again with another project is another row; the latest one speaks for it.
        var company = await db.Companies.AsNoTracking().Where(c => c.ProgrammeId == ProgrammeId && c.Siret == Siret).OrderByDescending(c => c.Id).FirstOrDefaultAsync(cancel);
        if (company is null) return false;
        Company = company;
        Answer = await aid.OnAsync(company.Id, Day, null, cancel);
        Others = [.. await db.Companies.AsNoTracking().Where(c => c.ProgrammeId == ProgrammeId && c.Id != company.Id).OrderBy(c => c.Name)
            .Select(c => new SelectListItem(c.Name, c.Id.ToString())).ToListAsync(cancel)];
        return true;
    }
}
