using Alize.Data;
using Alize.Domain;
using Alize.Domain.Programmes;
using Alize.Engine.Storage;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Programmes;

/// <summary>
/// Starts what the calendar asks for: one <c>programme-year</c> for each calendar year a convention touches, one <c>programme-term</c>
/// for its end (R15, R16). Whoever asks again starts nothing twice.
/// </summary>
public sealed class ProgrammeCycles(AlizeDb db, Trail trail, Signals signals, IWorkflowStore store, WorkflowRuntime runtime, ProgrammeClock clock)
{
    /// <summary>The procedure of a year; its correlation id is the <see cref="ProgrammeYear"/>'s.</summary>
    public const string YearProcedure = "programme-year";

    /// <summary>The procedure of the end; its correlation id is the <see cref="ProgrammeTerm"/>'s.</summary>
    public const string TermProcedure = "programme-term";

    /// <summary>For every programme: what has begun and was not started yet. Runs every day.</summary>
    public async Task OpenAllAsync(CancellationToken cancel)
    {
        foreach (var programmeId in await db.Programmes.OrderBy(p => p.Id).Select(p => p.Id).ToListAsync(cancel)) await OpenAsync(programmeId, cancel);
    }

    /// <summary>For one programme.</summary>
    public async Task OpenAsync(Guid programmeId, CancellationToken cancel)
    {
        var sent = new List<Stimulus>();
        await using (var transaction = await db.LockProgrammeAsync(programmeId, cancel))
        {
            var programme = await db.Programmes.AsNoTracking().SingleAsync(p => p.Id == programmeId, cancel);
            var today = clock.Today;
            var open = await db.ProgrammeYears.Where(y => y.ProgrammeId == programmeId).Select(y => y.Year).ToListAsync(cancel);
            foreach (var year in YearlyDuties.Years(programme.SignedOn, programme.EndsOn).Where(y => y <= today.Year).Except(open))
            {
                var row = new ProgrammeYear { Id = Guid.CreateVersion7(), ProgrammeId = programmeId, Year = year, OpenedOn = today };
                db.ProgrammeYears.Add(row);
                trail.Add(programmeId, "year", $"Année {year} ouverte", subjectId: row.Id);
                sent.Add(signals.Start(YearProcedure, $"year-{row.Id:N}", row.Id, programmeId, $"Année {year}"));
            }

            if (!await db.ProgrammeTerms.AnyAsync(t => t.ProgrammeId == programmeId, cancel))
            {
                var row = new ProgrammeTerm { Id = Guid.CreateVersion7(), ProgrammeId = programmeId };
                db.ProgrammeTerms.Add(row);
                sent.Add(signals.Start(TermProcedure, $"term-{row.Id:N}", row.Id, programmeId, $"Terme du {FrenchText.Date(programme.EndsOn)}"));
            }

            foreach (var start in sent) store.Enqueue(start);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }

        foreach (var start in sent) await runtime.DeliverAsync(start.Id, cancel);
    }
}
