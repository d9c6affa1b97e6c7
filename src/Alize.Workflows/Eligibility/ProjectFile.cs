using Alize.Data;
using Alize.Domain;
using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Eligibility;

/// <summary>Le dossier: a project with what every step needs beside it. Its entities are tracked by the unit of work at hand.</summary>
public sealed record ProjectFile(Programme Programme, CompanyProject Project, Company Company, ProgrammeSettings Settings)
{
    public Guid ProgrammeId => Programme.Id;

    public FrenchCalendar Calendar => new(Settings.IsAlsaceMoselle);
}

/// <summary>Opens project files.</summary>
public sealed class ProjectFiles(AlizeDb db, ProgrammeClock clock)
{
    /// <exception cref="InvalidOperationException">There is no such project.</exception>
    public async Task<ProjectFile> OpenAsync(Guid projectId, CancellationToken cancel)
    {
        var project = await db.Projects.SingleOrDefaultAsync(p => p.Id == projectId, cancel)
            ?? throw new InvalidOperationException($"There is no project '{projectId}'. Was the instance started with another correlation id?");
        var company = await db.Companies.SingleAsync(c => c.Id == project.CompanyId, cancel);
        var programme = await db.Programmes.SingleAsync(p => p.Id == project.ProgrammeId, cancel);
        return new(programme, project, company, programme.SettingsOn(clock.Today));
    }

    /// <summary>The file of the project an activity's instance is about: its correlation id.</summary>
    public Task<ProjectFile> OpenAsync(ActivityExecutionContext context) =>
        OpenAsync(context.Correlation(), context.CancellationToken);
}
