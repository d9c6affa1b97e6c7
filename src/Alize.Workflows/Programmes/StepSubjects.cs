using Alize.Data;
using Alize.Domain;
using Alize.Domain.Committee;
using Alize.Domain.Programmes;
using Alize.Workflows.Eligibility;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Programmes;

/// <summary>What a step's instance is about: a project's file, or a session of a committee; always a programme.</summary>
public sealed record StepSubject(Programme Programme, ProgrammeSettings Settings, ProjectFile? File, CommitteeSession? Session)
{
    public FrenchCalendar Calendar => new(Settings.IsAlsaceMoselle);
}

/// <summary>Finds it from the instance's correlation id.</summary>
public sealed class StepSubjects(AlizeDb db, ProjectFiles files, ProgrammeClock clock)
{
    /// <exception cref="InvalidOperationException">The correlation id is neither a project's nor a session's.</exception>
    public async Task<StepSubject> OfAsync(ActivityExecutionContext context)
    {
        var cancel = context.CancellationToken;
        var id = context.Correlation();
        if (await db.Projects.AnyAsync(p => p.Id == id, cancel))
        {
            var file = await files.OpenAsync(id, cancel);
            return new(file.Programme, file.Settings, file, null);
        }

        var session = await db.CommitteeSessions.SingleOrDefaultAsync(s => s.Id == id, cancel)
            ?? throw new InvalidOperationException($"'{id}' is neither a project nor a session; start the instance with the id of one of them.");
        var programme = await db.Programmes.SingleAsync(p => p.Id == session.ProgrammeId, cancel);
        return new(programme, programme.SettingsOn(clock.Today), null, session);
    }
}
