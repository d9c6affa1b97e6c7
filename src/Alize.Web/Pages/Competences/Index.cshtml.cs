using Alize.Data;
using Alize.Domain.Aid;
using Alize.Web.Look;
using Alize.Web.Programmes;
using Microsoft.AspNetCore.Mvc;

namespace Alize.Web.Pages.Competences;

/// <summary>What partners committed, agreed on and spent, by project, in days and in value (R11, R20).</summary>
public sealed class IndexModel(AlizeDb db) : ProgrammePage
{
    /// <summary><c>late</c> or <c>finished</c>; null: those that go on.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Show { get; set; }

    public IReadOnlyList<SupportLine> Lines { get; private set; } = [];

    /// <summary>How many of those that go on are late.</summary>
    public int Late { get; private set; }

    public SupportTotals Totals => SupportTotals.Of([.. Lines.Select(l => l.Commitment)]);

    public Task OnGetAsync(CancellationToken cancel) => LoadAsync(cancel);

    public async Task<IActionResult> OnGetExportAsync(CancellationToken cancel)
    {
        Lines = await SupportLine.OfAsync(db, db.CompetenceCommitments.Where(c => c.ProgrammeId == ProgrammeId), Clock.Today, cancel);
        var sheet = new Sheet(
            "Projet", "Entreprise", "Partenaire", "Domaine", "État", "Personne", "À désigner avant le", "Du", "Au", "Convenu le", "Terminé le",
            "Engagé (journées)", "Convenu (journées)", "Passé (journées)", "Engagé (€)", "Passé (€)");
        foreach (var line in Lines)
        {
            var c = line.Commitment;
            sheet.Row(
                line.ProjectNumber, line.Company, line.Partner, c.Field, line.State.Words, c.PersonName, c.MobiliseBy, c.StartsOn, c.EndsOn, c.AgreedOn, c.CompletedOn,
                c.HalfDays / 2m, c.HalfDaysAgreed / 2m, c.HalfDaysLogged / 2m, c.Value, c.ValueLogged);
        }

        return sheet.File("Appuis en compétences");
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        var isFinished = Show == "finished";
        var all = await SupportLine.OfAsync(db, db.CompetenceCommitments.Where(c => c.ProgrammeId == ProgrammeId && (c.CompletedOn != null) == isFinished), Clock.Today, cancel);
        Late = all.Count(l => l.Lateness != Lateness.None);
        Lines = Show == "late" ? [.. all.Where(l => l.Lateness != Lateness.None)] : all;
    }
}
