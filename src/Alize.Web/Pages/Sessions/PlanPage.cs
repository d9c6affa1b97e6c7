using Alize.Data;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Web.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Sessions;

/// <summary>What the page that plans a session and the one that changes it share: the form, and the projects it offers.</summary>
public abstract class PlanPage(AlizeDb db) : ProgrammePage
{
    public abstract CommitteeKind Kind { get; }

    public PlanInput Input { get; protected set; } = PlanInput.Empty;

    public IReadOnlyList<ReadyProject> Ready { get; private set; } = [];

    protected AlizeDb Db => db;

    /// <summary>Projects that wait for the committee, and those on this session's agenda already.</summary>
    protected async Task LoadProjectsAsync(Guid? sessionId, CancellationToken cancel)
    {
        if (Kind != CommitteeKind.Approval) return;
        var now = Clock.UtcNow;
        Ready = await db.Projects.AsNoTracking()
            .Where(p => p.ProgrammeId == ProgrammeId
                && (p.Stage == ProjectStage.Committee || db.CommitteeSessions.Any(s => s.Id == sessionId && s.Agenda.Any(a => a.ProjectId == p.Id))))
            .OrderBy(p => p.Number)
            .Select(p => new ReadyProject(
                p.Id, p.Number, db.Companies.Where(c => c.Id == p.CompanyId).Select(c => c.Name).First(), p.Title,
                db.CommitteeSessions.Where(s => s.ProgrammeId == p.ProgrammeId && s.Id != sessionId && s.StartsAt > now && s.State != SessionState.Cancelled
                    && s.Agenda.Any(a => a.ProjectId == p.Id)).Min(s => (DateTime?)s.StartsAt)))
            .ToListAsync(cancel);
    }
}
