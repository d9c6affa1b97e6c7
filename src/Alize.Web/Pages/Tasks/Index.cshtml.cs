using System.Globalization;
using Alize.Data;
using Alize.Data.Tasks;
using Alize.Domain.Programmes;
using Alize.Web.Programmes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Tasks;

/// <summary>An open task in a list.</summary>
public sealed record TaskLine(
    Guid Id, string Title, string Assignee, string? For, string? ProjectNumber, DateTime CreatedAt, DateOnly? DueOn, DateOnly? LastRemindedOn, bool IsEscalated);

/// <summary>What is awaited: of the operator first, then of everybody else, the most pressing on top.</summary>
public sealed class IndexModel(AlizeDb db) : ProgrammePage
{
    private const int Lines = 40;
    private static readonly DateOnly NoDay = new(9999, 12, 31);

    /// <summary>Due day and id of the last task of the page before.</summary>
    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    public IReadOnlyList<TaskLine> Mine { get; private set; } = [];

    public IReadOnlyList<TaskLine> Others { get; private set; } = [];

    public string? NextAfter { get; private set; }

    public async Task OnGetAsync(CancellationToken cancel)
    {
        var open = db.PartnerTasks.AsNoTracking().Where(t => t.ProgrammeId == ProgrammeId && t.State == PartnerTaskState.Open);
        var staff = db.Contacts.Where(c => c.ProgrammeId == ProgrammeId && c.Role == ContactRole.OperatorStaff).Select(c => c.Id);
        Mine = await LinesAsync(open.Where(t => staff.Contains(t.AssigneeContactId)), 200, cancel);

        var others = open.Where(t => !staff.Contains(t.AssigneeContactId));
        if (Key(After) is { } key)
            others = others.Where(t => (t.DueOn ?? NoDay) > key.Due || ((t.DueOn ?? NoDay) == key.Due && t.Id.CompareTo(key.Id) > 0));
        var found = await LinesAsync(others, Lines + 1, cancel);
        Others = [.. found.Take(Lines)];
        if (found.Count > Lines) NextAfter = string.Create(CultureInfo.InvariantCulture, $"{Others[^1].DueOn ?? NoDay:yyyy-MM-dd}.{Others[^1].Id:N}");
    }

    private async Task<IReadOnlyList<TaskLine>> LinesAsync(IQueryable<PartnerTask> tasks, int take, CancellationToken cancel) =>
        await tasks.OrderBy(t => t.DueOn ?? NoDay).ThenBy(t => t.Id).Take(take)
            .Join(db.Contacts, t => t.AssigneeContactId, c => c.Id, (t, c) => new { t, c })
            .OrderBy(x => x.t.DueOn ?? NoDay).ThenBy(x => x.t.Id)
            .Select(x => new TaskLine(
                x.t.Id, x.t.Title, x.c.FullName,
                db.Partners.Where(p => p.Id == x.c.PartnerId).Select(p => p.Name).FirstOrDefault() ?? db.Companies.Where(m => m.Id == x.c.CompanyId).Select(m => m.Name).FirstOrDefault(),
                db.Projects.Where(p => p.Id == x.t.ProjectId).Select(p => p.Number).FirstOrDefault(),
                x.t.CreatedAt, x.t.DueOn, x.t.LastRemindedOn, x.t.IsEscalated))
            .ToListAsync(cancel);

    private static (DateOnly Due, Guid Id)? Key(string? after) =>
        after?.Split('.') is [var day, var id] && DateOnly.TryParseExact(day, "yyyy-MM-dd", out var due) && Guid.TryParse(id, out var guid) ? (due, guid) : null;
}
