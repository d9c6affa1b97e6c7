using Alize.Data;
using Alize.Domain;
using Alize.Domain.Committee;
using Alize.Domain.Programmes;
using Alize.Workflows.Eligibility;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Programmes;

/// <summary>What a step's instance is about: a project's file, a session of a committee, a year or the term; always a programme.</summary>
public sealed record StepSubject(Programme Programme, ProgrammeSettings Settings, ProjectFile? File, CommitteeSession? Session)
{
    public FrenchCalendar Calendar => new(Settings.IsAlsaceMoselle);

    /// <summary>The year of a <c>programme-year</c>. Null for another procedure.</summary>
    public ProgrammeYear? Year { get; init; }

    /// <summary>The term of a <c>programme-term</c>. Null for another procedure.</summary>
    public ProgrammeTerm? Term { get; init; }
}

/// <summary>Finds it from the instance's correlation id.</summary>
public sealed class StepSubjects(AlizeDb db, ProjectFiles files, ProgrammeClock clock)
{
    /// <exception cref="InvalidOperationException">The correlation id is none of these things'.</exception>
    public async Task<StepSubject> OfAsync(ActivityExecutionContext context)
    {
        var cancel = context.CancellationToken;
        var id = context.Correlation();
        if (await db.Projects.AnyAsync(p => p.Id == id, cancel))
        {
            var file = await files.OpenAsync(id, cancel);
            return new(file.Programme, file.Settings, file, null);
        }

        var session = await db.CommitteeSessions.SingleOrDefaultAsync(s => s.Id == id, cancel);
        var year = session is null ? await db.ProgrammeYears.SingleOrDefaultAsync(y => y.Id == id, cancel) : null;
        var term = session is null && year is null ? await db.ProgrammeTerms.SingleOrDefaultAsync(t => t.Id == id, cancel) : null;
        var programmeId = session?.ProgrammeId ?? year?.ProgrammeId ?? term?.ProgrammeId
            ?? throw new InvalidOperationException($"'{id}' is no project, session, year or term; start the instance with the id of one of them.");
        var programme = await db.Programmes.SingleAsync(p => p.Id == programmeId, cancel);
        return new(programme, programme.SettingsOn(clock.Today), null, session) { Year = year, Term = term };
    }

    /// <summary>The year a step is about.</summary>
    /// <exception cref="InvalidOperationException">The step stands in another procedure.</exception>
    public async Task<(StepSubject Subject, ProgrammeYear Year)> YearAsync(ActivityExecutionContext context)
    {
        var subject = await OfAsync(context);
        return (subject, subject.Year ?? throw new InvalidOperationException($"Instance '{context.WorkflowExecutionContext.Id}' is not about a year; this step belongs in the procedure 'programme-year'."));
    }

    /// <summary>The term a step is about.</summary>
    /// <exception cref="InvalidOperationException">The step stands in another procedure.</exception>
    public async Task<(StepSubject Subject, ProgrammeTerm Term)> TermAsync(ActivityExecutionContext context)
    {
        var subject = await OfAsync(context);
        return (subject, subject.Term ?? throw new InvalidOperationException($"Instance '{context.WorkflowExecutionContext.Id}' is not about a term; this step belongs in the procedure 'programme-term'."));
    }
}
