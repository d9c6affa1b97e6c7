using System.Globalization;
using Alize.Data;
using Alize.Domain;
using Alize.Domain.Aid;
using Alize.Web.Hosting;
using Alize.Workflows;
using Alize.Workflows.Aid;
using Alize.Workflows.Tasks;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Partner;

/// <summary>
/// The time sheet of one support (R11, R20): each half-day takes one touch, the same link serves until the support ends, and a wrong
/// line is taken back by its author. A form sent twice logs once.
/// </summary>
[EnableRateLimiting(RateLimits.LinkPages)]
public sealed class TimeSheetModel(TaskLinks links, PartnerTasks tasks, TimeSheets sheets, AlizeDb db, ProgrammeClock clock) : LinkPage(links, db, clock)
{
    private const int LongestNote = 1_000;

    private IReadOnlyDictionary<string, string> typed = new Dictionary<string, string>();

    public CompetenceCommitment Commitment { get; private set; } = null!;

    public AskedProject Project { get; private set; } = null!;

    public IReadOnlyList<Data.Tasks.TaskOutcome> Outcomes { get; private set; } = [];

    /// <summary>Key of the form on the page: kept while the same time is corrected, new once it is logged.</summary>
    public string Entry { get; private set; } = "";

    /// <summary>Whether the page has to ask that the time may go beyond the commitment.</summary>
    public bool AsksBeyond { get; private set; }

    /// <summary>Whether time was logged just now.</summary>
    [BindProperty(SupportsGet = true, Name = "done")]
    public bool IsDone { get; set; }

    public DateOnly Today => Clock.Today;

    /// <summary>Lines as logged, newest day first.</summary>
    public IEnumerable<TimeLogged> Lines => Commitment.Time.Where(t => t.CorrectsId is null).OrderByDescending(t => t.On).ThenByDescending(t => t.LoggedAt);

    public string? Typed(string field) => typed.GetValueOrDefault(field);

    public string DaysOf(int halfDays) => IsEnglish
        ? string.Create(CultureInfo.InvariantCulture, $"{halfDays / 2m:0.#} {(halfDays is > 0 and <= 2 ? "day" : "days")}")
        : FrenchText.Days(halfDays);

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await LoadAsync(cancel) ?? Page();

    public async Task<IActionResult> OnPostAsync(string? outcome, CancellationToken cancel)
    {
        if (await LoadAsync(cancel) is { } closed) return closed;
        typed = Request.Form.ToDictionary(f => f.Key, f => f.Value.ToString());
        if (Guid.TryParseExact(Typed("entry"), "N", out _)) Entry = Typed("entry")!;
        var (isEnd, isLogging) = (Outcomes.Any(o => o.Name == outcome), Given("quick") || Given("halfDays"));
        if (isLogging || !isEnd)
        {
            Problems = await LogAsync(cancel);
            if (Problems.Count > 0) return Refused(Problems);
            if (!isEnd) return Redirect($"/t/{Token}/time?done=true#noted");
        }

        var agent = SigningVisit.PlaceOf(HttpContext).Agent;
        Problems = await tasks.AnswerAsync(Visit.Task!.Id, outcome!, new Dictionary<string, string>(), Visit.By, $"{HttpContext.Connection.RemoteIpAddress} · {agent}", cancel);
        return Redirect(Problems.Count == 0 ? $"/t/{Token}/done" : $"/t/{Token}");
    }

    /// <summary>Takes a line back that was logged by mistake.</summary>
    public async Task<IActionResult> OnPostTakeBackAsync(Guid line, CancellationToken cancel)
    {
        if (await LoadAsync(cancel) is { } closed) return closed;
        var problems = await sheets.TakeBackAsync(Commitment.ProgrammeId, Commitment.Id, line, "Erreur de saisie, signalée par la personne qui note le temps", Visit.By, cancel);
        if (problems.Count > 0) return Refused(problems);
        return Redirect($"/t/{Token}/time?done=true#noted");
    }

    private bool Given(string field) => !string.IsNullOrWhiteSpace(Typed(field));

    private async Task<IReadOnlyList<Problem>> LogAsync(CancellationToken cancel)
    {
        var problems = new List<Problem>();
        if (!int.TryParse(Given("quick") ? Typed("quick") : Typed("halfDays")?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var halfDays) || halfDays is < 1 or > 400)
            problems.Add(new("halfDays", Say("Dites combien de demi-journées, de 1 à 400 : deux font une journée.", "Say how many half-days, from 1 to 400: two make a day.")));
        var on = Given("on") ? Look.Typed.Day(Typed("on")) : Today;
        if (on is null) problems.Add(new("on", Say($"« {Typed("on")} » n’est pas une date. Écrivez par exemple 03/06/2026.", $"“{Typed("on")}” is not a date. Write for instance 03/06/2026, day first.")));
        if (Typed("note")?.Length > LongestNote) problems.Add(new("note", Say("Cette note dépasse 1 000 caractères. Abrégez-la.", "This note is longer than 1,000 characters. Shorten it.")));
        if (problems.Count > 0) return problems;

        var refusals = await sheets.LogAsync(
            Commitment.ProgrammeId, Commitment.Id, new(Entry, on!.Value, halfDays, Typed("note") ?? "", Typed("beyond") is "true" or "on"), Visit.By, cancel);
        AsksBeyond = refusals.Any(r => r.Reason == "time-beyond-commitment");
        return [.. refusals.Select(r => new Problem(FieldOf(r), IsEnglish ? RefusalSentences.English(r) : RefusalSentences.French(r)))];
    }

    internal static string FieldOf(Refusal refusal) => refusal.Reason switch
    {
        "time-beyond-commitment" => "beyond",
        "time-not-positive" => "halfDays",
        "time-without-convention" => "",
        _ => "on",
    };

    /// <returns>What to answer instead of the sheet; null when the link opens it.</returns>
    private async Task<IActionResult?> LoadAsync(CancellationToken cancel)
    {
        await OpenAsync(cancel);
        if (Visit is not { Fate: LinkFate.Usable, Task: { Kind: TimeSheets.TaskKind, SubjectId: { } commitmentId } task }) return Redirect($"/t/{Token}");
        Commitment = await Db.CompetenceCommitments.AsNoTracking().SingleAsync(c => c.ProgrammeId == task.ProgrammeId && c.Id == commitmentId, cancel);
        Project = await Db.Projects.Where(p => p.Id == Commitment.ProjectId)
            .Join(Db.Companies, p => p.CompanyId, c => c.Id, (p, c) => new AskedProject(p.Number, p.Title, c.Name)).SingleAsync(cancel);
        Outcomes = PartnerTasks.OutcomesOf(task);
        Entry = Guid.NewGuid().ToString("N");
        return null;
    }
}
