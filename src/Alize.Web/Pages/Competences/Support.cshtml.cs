using System.Globalization;
using Alize.Data;
using Alize.Domain.Aid;
using Alize.Web.Pages.Partner;
using Alize.Web.Programmes;
using Alize.Workflows;
using Alize.Workflows.Aid;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Competences;

/// <summary>
/// One support: what is committed, agreed and spent, each line with its entry in the journal; the operator logs time for the partner
/// and takes wrong lines back (R11, R19, R20).
/// </summary>
public sealed class SupportModel(AlizeDb db, TimeSheets sheets) : FormPage
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public SupportLine Line { get; private set; } = null!;

    public CompetenceCommitment Commitment => Line.Commitment;

    /// <summary>Number of the journal's entry, by line.</summary>
    public IReadOnlyDictionary<Guid, string> Entries { get; private set; } = new Dictionary<Guid, string>();

    /// <summary>Last signature under the convention; time spent before is refused.</summary>
    public DateOnly? InForceOn { get; private set; }

    /// <summary>Key of the form: sent twice, it logs once.</summary>
    public string Entry => Typed("entry") ?? Guid.NewGuid().ToString("N");

    private string Here => $"{Root}/competences/{Id}";

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await LoadAsync(cancel) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(string? entry, string? on, string? days, string? note, bool beyond, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        if (Look.Typed.HalfDays(days) is not (> 0) || Look.Typed.HalfDays(days) is not { } halfDays)
            return Again([new("days", $"« {days} » n’est pas un nombre de journées. Écrivez par exemple 1 ou 0,5.")]);
        if (Look.Typed.Day(on) is not { } day) return Again([new("on", "Indiquez le jour où le temps a été passé, par exemple 03/06/2026.")]);
        if (!Guid.TryParseExact(entry, "N", out _)) return Again([new("", "Ce formulaire n’est plus valable. Rechargez la page et saisissez-le de nouveau.")]);
        var refusals = await sheets.LogAsync(ProgrammeId, Id, new(entry!, day, halfDays, note ?? "", beyond), By, cancel);
        return Done(
            [.. refusals.Select(r => new Problem(TimeSheetModel.FieldOf(r) is "halfDays" ? "days" : TimeSheetModel.FieldOf(r), $"{r}"))],
            "Le temps est noté et inscrit au journal, à la valeur de son jour.", Here);
    }

    public async Task<IActionResult> OnPostTakeBackAsync(Guid line, string? reason, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        return Done(
            await sheets.TakeBackAsync(ProgrammeId, Id, line, reason ?? "", By, cancel),
            "La ligne est retirée par une écriture inverse : les deux restent au journal.", Here);
    }

    private async Task<bool> LoadAsync(CancellationToken cancel)
    {
        var lines = await SupportLine.OfAsync(db, db.CompetenceCommitments.Where(c => c.ProgrammeId == ProgrammeId && c.Id == Id), Clock.Today, cancel);
        if (lines is not [var line]) return false;
        Line = line;
        InForceOn = await sheets.InForceOnAsync(line.Commitment, cancel);
        var keys = line.Commitment.Time.ToDictionary(t => string.Create(CultureInfo.InvariantCulture, $"spent:{t.Id:N}"), t => t.Id);
        var entries = await db.JournalEntries.AsNoTracking().IgnoreAutoIncludes().Where(e => e.ProgrammeId == ProgrammeId && keys.Keys.Contains(e.Key))
            .Select(e => new { e.Key, e.Year, e.Number }).ToListAsync(cancel);
        Entries = entries.ToDictionary(e => keys[e.Key], e => $"{e.Year}-{e.Number}");
        return true;
    }
}
