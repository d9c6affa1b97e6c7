using System.Globalization;
using Alize.Data;
using Alize.Engine.Storage;
using Alize.Web.Look;
using Alize.Web.Programmes;
using Alize.Workflows;
using Alize.Workflows.Rehearsal;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Design;

/// <summary>A day of the calendar.</summary>
public sealed record RehearsalDay(DateOnly Day, IReadOnlyList<RehearsalEntry> Entries);

/// <summary>
/// What a version of a procedure would do and send, day by day, on a copy of a project: nothing is written, nothing is sent. It is
/// asked for by its address alone, so that it can be kept and shown to somebody else.
/// </summary>
public sealed class RehearsalModel(AlizeDb db, IWorkflowStore store, Rehearsals rehearsals) : ProgrammePage
{
    /// <summary>Fields that say what people answer: <c>a.step=answer</c>.</summary>
    public const string AnswerPrefix = "a.";

    /// <summary>Instead of a project's number: a made-up one.</summary>
    public const string Sample = "exemple";

    private const int MostAnswers = 200;

    [BindProperty(SupportsGet = true)]
    public string Definition { get; set; } = "";

    /// <summary>Id of the version. Empty: the latest.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Version { get; set; }

    /// <summary>Number of the project, or <see cref="Sample"/>. Empty: nothing is played yet.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Project { get; set; }

    // As typed.
    [BindProperty(SupportsGet = true)]
    public string Days { get; set; } = "2";

    [BindProperty(SupportsGet = true)]
    public string Months { get; set; } = "42";

    public StoredDefinition Chosen { get; private set; } = null!;

    public IReadOnlyList<SelectListItem> Versions { get; private set; } = [];

    public IReadOnlyList<SelectListItem> Projects { get; private set; } = [];

    public RehearsalReport? Report { get; private set; }

    public IReadOnlyList<RehearsalDay> Calendar { get; private set; } = [];

    public string DefinitionPage => $"{Root}/design/{Uri.EscapeDataString(Definition)}";

    public string Here => $"{DefinitionPage}/rehearsal";

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        var versions = await store.DefinitionVersionsAsync(Definition, cancel);
        if (versions.FirstOrDefault(v => string.IsNullOrEmpty(Version) ? v.IsLatest : v.Id == Version) is not { } chosen) return NotFound();
        Chosen = chosen;
        Versions = [.. versions.Select(v => new SelectListItem($"Version {v.Version} – {DefinitionModel.StateOf(v).Words.ToLowerInvariant()}", v.Id, v.Id == chosen.Id))];
        var projects = await db.Projects.AsNoTracking().Where(p => p.ProgrammeId == ProgrammeId).OrderByDescending(p => p.Number)
            .Join(db.Companies, p => p.CompanyId, c => c.Id, (p, c) => new { p.Id, p.Number, c.Name }).ToListAsync(cancel);
        Projects = [.. projects.Select(p => new SelectListItem($"{p.Number} · {p.Name}", p.Number, p.Number == Project)), new SelectListItem("Un projet inventé pour l’essai", Sample, Project == Sample)];
        if (string.IsNullOrEmpty(Project)) return Page();

        var project = projects.Find(p => p.Number == Project);
        if (project is null && Project != Sample) return NotFound();
        var problems = new List<Problem>();
        var days = Read(nameof(Days), Days, 0, RehearsalRequest.MostAnswerDays, problems);
        var months = Read(nameof(Months), Months, 1, RehearsalRequest.MostMonths, problems);
        if (problems.Count > 0) return Refused(problems);

        var answers = Request.Query.Where(q => q.Key.StartsWith(AnswerPrefix, StringComparison.Ordinal) && q.Value.ToString().Length > 0).Take(MostAnswers)
            .ToDictionary(q => q.Key[AnswerPrefix.Length..], q => q.Value.ToString());
        Report = await rehearsals.PlayAsync(new(ProgrammeId, chosen.Id, project?.Id, days, months, answers), cancel);
        Calendar = [.. (Report?.Entries ?? []).GroupBy(e => DateOnly.FromDateTime(Clock.ToLocal(e.At))).Select(g => new RehearsalDay(g.Key, [.. g]))];
        return Page();
    }

    public static (Tone Tone, string Words) Of(RehearsalEnd end) => end switch
    {
        RehearsalEnd.Finished => (Tone.Good, "Arrive à son terme"),
        RehearsalEnd.Waiting => (Tone.Waiting, "Attend sans fin"),
        RehearsalEnd.Failed => (Tone.Alert, "Échoue"),
        RehearsalEnd.Loop => (Tone.Alert, "Tourne en rond"),
        RehearsalEnd.Horizon => (Tone.Running, "Continue au-delà"),
        _ => (Tone.Alert, "Ne peut pas commencer"),
    };

    public static string Of(RehearsalKind kind) => kind switch
    {
        RehearsalKind.Answer => "Réponse supposée",
        RehearsalKind.Mail => "Courriel",
        RehearsalKind.Booked => "Écriture",
        RehearsalKind.Noted => "Historique",
        _ => "Étape",
    };

    private static int Read(string field, string typed, int least, int most, List<Problem> problems)
    {
        if (int.TryParse(typed.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        problems.Add(new(field.ToLowerInvariant(), $"Écrivez un nombre entier de {least} à {most}."));
        return least;
    }
}
