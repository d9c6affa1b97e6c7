using Alize.Data;
using Alize.Domain.Programmes;
using Alize.Domain.Results;
using Alize.Web.Look;
using Alize.Web.Programmes;
using Alize.Workflows.Programmes;
using Alize.Workflows.Results;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Results;

/// <summary>A year with its duties. No row: its procedure is not started.</summary>
public sealed record YearLine(int Year, ProgrammeYear? Row, IReadOnlyList<YearlyDuty> Duties);

/// <summary>The years of the convention, what each owes (R14, R15), where X and Y stand (R17), and the term (R16).</summary>
public sealed class IndexModel(AlizeDb db, ProgrammeYears years, ProgrammeCycles cycles, ActivityReports reports) : ProgrammePage
{
    public IReadOnlyList<YearLine> Years { get; private set; } = [];

    public SteeringRhythm Steering { get; private set; } = new(null, DateOnly.MinValue);

    public ObjectiveProgress Projects { get; private set; } = new(0, 0, 0);

    public ObjectiveProgress Jobs { get; private set; } = new(0, 0, 0);

    public TermPhase Phase { get; private set; }

    public bool HasUnopened => Years.Any(y => y.Row is null && y.Year <= Clock.Today.Year);

    public Task OnGetAsync(CancellationToken cancel) => LoadAsync(cancel);

    public async Task<IActionResult> OnPostOpenAsync(CancellationToken cancel)
    {
        await cycles.OpenAsync(ProgrammeId, cancel);
        Say("Les procédures de l’année et du terme sont ouvertes.");
        return Redirect($"{Root}/results");
    }

    public async Task<IActionResult> OnGetExportAsync(CancellationToken cancel)
    {
        await LoadAsync(cancel);
        var sheet = new Sheet("Année", "Obligation", "À partir du", "Au plus tard le", "Fait le", "État");
        foreach (var year in Years)
            foreach (var duty in year.Duties)
                sheet.Row(year.Year, ProgrammeYears.French(duty.Kind), duty.From, duty.By, duty.DoneOn, StatusText.Of(duty.On(Clock.Today)).Words);
        return sheet.File("Obligations annuelles");
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        var rows = await db.ProgrammeYears.AsNoTracking().Where(y => y.ProgrammeId == ProgrammeId).ToDictionaryAsync(y => y.Year, cancel);
        var lines = new List<YearLine>();
        foreach (var year in YearlyDuties.Years(Programme.SignedOn, Programme.EndsOn))
        {
            var row = rows.GetValueOrDefault(year);
            lines.Add(new(year, row, row is null ? YearlyDuties.Of(year, new Dictionary<YearlyDutyKind, DateOnly>()) : await years.DutiesAsync(row, cancel)));
        }

        Years = lines;
        Steering = await years.SteeringAsync(Programme, cancel);
        (Projects, Jobs) = await reports.ObjectivesAsync(Programme, cancel);
        var term = await db.ProgrammeTerms.AsNoTracking().SingleOrDefaultAsync(t => t.ProgrammeId == ProgrammeId, cancel);
        Phase = (term?.RenewalOf(Programme) ?? new Renewal(Programme.SignedOn, Programme.EndsOn, RenewalDecision.Open, null)).On(Clock.Today);
    }
}
