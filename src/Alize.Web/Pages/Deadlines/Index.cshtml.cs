using System.Globalization;
using Alize.Data;
using Alize.Web.Programmes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Deadlines;

/// <summary>A deadline of the programme.</summary>
public sealed record DeadlineLine(string Id, DateTime DueAt, string Label, string? ProjectNumber, string? Company, Guid? SessionId);

/// <summary>What procedures will do by themselves, day by day; what should have been done already stands on top.</summary>
public sealed class IndexModel(AlizeDb db) : ProgrammePage
{
    private const int Lines = 80;

    /// <summary>Moment (UTC ticks) and id of the last deadline of the page before.</summary>
    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    public IReadOnlyList<DeadlineLine> Overdue { get; private set; } = [];

    public IReadOnlyList<IGrouping<DateOnly, DeadlineLine>> Days { get; private set; } = [];

    public string? NextAfter { get; private set; }

    public async Task OnGetAsync(CancellationToken cancel)
    {
        var tenant = ProgrammeId.ToString();
        var timers = db.Timers.AsNoTracking().Where(t => t.TenantId == tenant);
        if (After?.Split('.', 2) is [var ticks, var id] && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < DateTime.MaxValue.Ticks)
        {
            var after = new DateTime(number, DateTimeKind.Utc);
            timers = timers.Where(t => t.DueAt > after || (t.DueAt == after && string.Compare(t.Id, id) > 0));
        }

        var found = await timers.OrderBy(t => t.DueAt).ThenBy(t => t.Id).Take(Lines + 1)
            .Select(t => new { t.Id, t.DueAt, t.Label, t.CorrelationId }).ToListAsync(cancel);
        if (found.Count > Lines) NextAfter = string.Create(CultureInfo.InvariantCulture, $"{found[Lines - 1].DueAt.Ticks}.{found[Lines - 1].Id}");

        var things = found.Select(t => Guid.TryParse(t.CorrelationId, out var thing) ? thing : Guid.Empty).Distinct().ToList();
        var projects = await db.Projects.AsNoTracking().Where(p => p.ProgrammeId == ProgrammeId && things.Contains(p.Id))
            .Select(p => new { p.Id, p.Number, Company = db.Companies.Where(c => c.Id == p.CompanyId).Select(c => c.Name).First() }).ToDictionaryAsync(p => p.Id, cancel);
        var sessions = await db.CommitteeSessions.AsNoTracking().Where(s => s.ProgrammeId == ProgrammeId && things.Contains(s.Id)).Select(s => s.Id).ToListAsync(cancel);
        var lines = found.Take(Lines).Select(t =>
        {
            _ = Guid.TryParse(t.CorrelationId, out var thing);
            var project = projects.GetValueOrDefault(thing);
            return new DeadlineLine(t.Id, t.DueAt, t.Label ?? "Nouvel essai d’une étape", project?.Number, project?.Company, sessions.Contains(thing) ? thing : null);
        }).ToList();
        Overdue = [.. lines.Where(l => l.DueAt <= Clock.UtcNow)];
        Days = [.. lines.Where(l => l.DueAt > Clock.UtcNow).GroupBy(l => DateOnly.FromDateTime(Clock.ToLocal(l.DueAt)))];
    }
}
