using Alize.Data;
using Alize.Data.Tasks;
using Alize.Domain.Eligibility;
using Alize.Web.Programmes;
using Alize.Workflows;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Projects;

/// <summary>What a project waits for: an open task, and whose.</summary>
public sealed record Awaited(string Title, string Assignee, DateOnly? DueOn);

/// <summary>One project on the board.</summary>
public sealed record ProjectCard(
    Guid Id, string Number, string Title, ProjectStage Stage, string Company, DateOnly DetectedOn, DateTime? LastChange, IReadOnlyList<Awaited> Awaits)
{
    /// <summary>Days in the stage where it stands.</summary>
    public int DaysInStage(ProgrammeClock clock) =>
        clock.Today.DayNumber - (LastChange is { } at ? DateOnly.FromDateTime(clock.ToLocal(at)) : DetectedOn).DayNumber;
}

/// <summary>One stage of the board: its oldest projects, and how many there are.</summary>
public sealed record StageColumn(ProjectStage Stage, int Count, IReadOnlyList<ProjectCard> Cards);

/// <summary>
/// The board: living projects by stage, those that have waited longest first. A search, a stage or the ended projects show as one
/// list, newest first, paged by number.
/// </summary>
public sealed class IndexModel(AlizeDb db) : ProgrammePage
{
    private const int CardsOnBoard = 8;
    private const int CardsInList = 24;

    /// <summary>Stages of a life under way, in order.</summary>
    public static IReadOnlyList<ProjectStage> Living { get; } =
    [
        ProjectStage.Detected, ProjectStage.Eligibility, ProjectStage.Instruction, ProjectStage.Committee,
        ProjectStage.Signature, ProjectStage.Support, ProjectStage.Repayment, ProjectStage.Evaluation,
    ];

    private static readonly ProjectStage[] Ended =
        [ProjectStage.Closed, ProjectStage.NotEligible, ProjectStage.OrientedElsewhere, ProjectStage.Rejected, ProjectStage.Abandoned];

    /// <summary>Company, number or SIRET.</summary>
    [BindProperty(SupportsGet = true, Name = "q")]
    public string? Query { get; set; }

    [BindProperty(SupportsGet = true)]
    public ProjectStage? Stage { get; set; }

    /// <summary><c>ended</c>: the projects whose life is over.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Show { get; set; }

    /// <summary>Number of the last project of the page before.</summary>
    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    public IReadOnlyList<StageColumn> Board { get; private set; } = [];

    /// <summary>Null: the board is shown.</summary>
    public IReadOnlyList<ProjectCard>? Found { get; private set; }

    public string? NextAfter { get; private set; }

    public int LivingCount { get; private set; }

    public int EndedCount { get; private set; }

    public bool ShowsEnded => Show == "ended";

    public async Task OnGetAsync(CancellationToken cancel)
    {
        var projects = db.Projects.AsNoTracking().Where(p => p.ProgrammeId == ProgrammeId);
        var counts = await projects.GroupBy(p => p.Stage).Select(g => new { Stage = g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Stage, g => g.Count, cancel);
        LivingCount = Living.Sum(s => counts.GetValueOrDefault(s));
        EndedCount = Ended.Sum(s => counts.GetValueOrDefault(s));
        if (Query is { Length: > 0 } || Stage is not null || ShowsEnded)
        {
            await ListAsync(projects, cancel);
            return;
        }

        var columns = new List<StageColumn>();
        foreach (var stage in Living)
        {
            var count = counts.GetValueOrDefault(stage);
            var cards = count == 0 ? [] : await CardsAsync(projects.Where(p => p.Stage == stage).OrderBy(p => p.Number).Take(CardsOnBoard), cancel);
            columns.Add(new(stage, count, cards));
        }

        Board = columns;
    }

    private async Task ListAsync(IQueryable<CompanyProject> projects, CancellationToken cancel)
    {
        if (Query is { Length: > 0 } typed) projects = Matching(projects, typed.Trim());
        if (Stage is { } stage) projects = projects.Where(p => p.Stage == stage);
        if (ShowsEnded) projects = projects.Where(p => Ended.Contains(p.Stage));
        if (After is { Length: > 0 } after) projects = projects.Where(p => string.Compare(p.Number, after) < 0);
        var found = await CardsAsync(projects.OrderByDescending(p => p.Number).Take(CardsInList + 1), cancel);
        Found = [.. found.Take(CardsInList)];
        NextAfter = found.Count > CardsInList ? Found[^1].Number : null;
    }

    private IQueryable<CompanyProject> Matching(IQueryable<CompanyProject> projects, string typed)
    {
        // Lower-cased on both sides: PostgreSQL's LIKE minds the case, the others' does not.
        var words = "%" + typed.ToLowerInvariant().Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_") + "%";
        var digits = new string([.. typed.Where(char.IsAsciiDigit)]);
        return digits.Length >= 9
            ? projects.Where(p => db.Companies.Any(c => c.Id == p.CompanyId && c.Siret.StartsWith(digits)))
            : projects.Where(p => p.Number.Contains(typed) || EF.Functions.Like(p.Title.ToLower(), words, "\\")
                || db.Companies.Any(c => c.Id == p.CompanyId && EF.Functions.Like(c.Name.ToLower(), words, "\\")));
    }

    private async Task<IReadOnlyList<ProjectCard>> CardsAsync(IQueryable<CompanyProject> projects, CancellationToken cancel)
    {
        var rows = await projects.Select(p => new
        {
            p.Id,
            p.Number,
            p.Title,
            p.Stage,
            p.DetectedOn,
            Company = db.Companies.Where(c => c.Id == p.CompanyId).Select(c => c.Name).First(),
            LastChange = p.StageChanges.Max(c => (DateTime?)c.At),
        }).ToListAsync(cancel);
        var ids = rows.Select(r => (Guid?)r.Id).ToList();
        var tasks = await db.PartnerTasks.AsNoTracking()
            .Where(t => t.ProgrammeId == ProgrammeId && t.State == PartnerTaskState.Open && ids.Contains(t.ProjectId))
            .OrderBy(t => t.CreatedAt)
            .Select(t => new { t.ProjectId, t.Title, t.DueOn, Assignee = db.Contacts.Where(c => c.Id == t.AssigneeContactId).Select(c => c.FullName).First() })
            .ToListAsync(cancel);
        var byProject = tasks.ToLookup(t => t.ProjectId, t => new Awaited(t.Title, t.Assignee, t.DueOn));
        return [.. rows.Select(r => new ProjectCard(r.Id, r.Number, r.Title, r.Stage, r.Company, r.DetectedOn, r.LastChange, [.. byProject[r.Id]]))];
    }
}
