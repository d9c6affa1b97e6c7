using System.Globalization;
using Alize.Data;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Web.Programmes;
using Alize.Workflows.Committee;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Sessions;

/// <summary>A project that waits for a committee.</summary>
public sealed record ReadyProject(Guid Id, string Number, string Company, string Title, DateTime? PlannedOn);

/// <summary>Plans a session of the approval committee: its procedure convenes every member and ASTREES at once (R4).</summary>
public sealed class NewModel(AlizeDb db, CommitteeSessions sessions) : ProgrammePage
{
    public IReadOnlyList<ReadyProject> Ready { get; private set; } = [];

    // As typed.
    public string StartsAt { get; private set; } = "";

    public string Hour { get; private set; } = "14:00";

    public string Place { get; private set; } = "";

    public IReadOnlyList<Guid> Chosen { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken cancel)
    {
        await LoadAsync(cancel);
        Chosen = [.. Ready.Where(p => p.PlannedOn is null).Select(p => p.Id)];
    }

    public async Task<IActionResult> OnPostAsync(string? startsAt, string? hour, string? place, Guid[]? projects, CancellationToken cancel)
    {
        await LoadAsync(cancel);
        (StartsAt, Hour, Place, Chosen) = (startsAt ?? "", hour ?? "", place ?? "", projects ?? []);
        if (!DateOnly.TryParseExact(StartsAt, ["yyyy-MM-dd", "dd/MM/yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return Refused([new("startsAt", "Indiquez le jour de la séance, par exemple 03/06/2026.")]);
        if (!TimeOnly.TryParseExact(Hour.Replace('h', ':').Replace(" ", ""), ["H:mm", "HH:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return Refused([new("hour", "Indiquez l’heure de la séance, par exemple 14:30.")]);

        var (id, problems) = await sessions.PlanAsync(ProgrammeId, CommitteeKind.Approval, Clock.ToUtc(day.ToDateTime(time)), Place, Chosen, By, cancel);
        if (problems.Count > 0) return Refused(problems);
        Say("La séance est prévue. Les membres du comité et ASTREES sont convoqués par courriel.");
        return Redirect($"{Root}/sessions/{id}");
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        var now = Clock.UtcNow;
        Ready = await db.Projects.AsNoTracking().Where(p => p.ProgrammeId == ProgrammeId && p.Stage == ProjectStage.Committee)
            .OrderBy(p => p.Number)
            .Select(p => new ReadyProject(
                p.Id, p.Number, db.Companies.Where(c => c.Id == p.CompanyId).Select(c => c.Name).First(), p.Title,
                db.CommitteeSessions.Where(s => s.ProgrammeId == p.ProgrammeId && s.StartsAt > now && s.Agenda.Any(a => a.ProjectId == p.Id)).Min(s => (DateTime?)s.StartsAt)))
            .ToListAsync(cancel);
    }
}
