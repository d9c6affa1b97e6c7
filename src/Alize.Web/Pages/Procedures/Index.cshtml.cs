using Alize.Data;
using Alize.Data.Workflow;
using Alize.Engine.Storage;
using Alize.Web.Programmes;
using Alize.Workflows.Programmes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Procedures;

/// <summary>A procedure in the list.</summary>
public sealed record ProcedureLine(InstanceSummary Instance, string Definition, ProcedureSubject? Subject, IReadOnlyList<ProcedureWait> Waits);

/// <summary>What a procedure is about, with its page.</summary>
public sealed record ProcedureSubject(string Words, string Href);

/// <summary>The programme's procedures: what failed, what waits and until when, what is over.</summary>
public sealed class IndexModel(AlizeDb db, InstanceQueries queries, ProcedureWaits waits, ProcedureSubjects subjects, ProcedureMoves moves) : ProgrammePage
{
    private const int Lines = 25;

    /// <summary><c>failed</c>, <c>running</c> or <c>finished</c>.</summary>
    [BindProperty(SupportsGet = true)]
    public string Show { get; set; } = "running";

    /// <summary>Where the page before ended.</summary>
    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    public IReadOnlyList<ProcedureLine> Procedures { get; private set; } = [];

    public int Failed { get; private set; }

    /// <summary>Definitions of which running procedures follow an older version.</summary>
    public IReadOnlyList<ProceduresBehind> Behind { get; private set; } = [];

    public string? NextAfter { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (Show is not ("failed" or "running" or "finished")) return NotFound();
        var mine = new InstanceFilter { TenantId = ProgrammeId.ToString() };
        var failed = mine with { HasIncidents = true, Statuses = [WorkflowStatus.Running] };
        Failed = (await queries.CountAsync(failed, cancel)).Value;
        Behind = Show == "running" && After is null ? await moves.BehindAsync(ProgrammeId, cancel) : [];
        var filter = Show switch
        {
            "failed" => failed,
            "finished" => mine with { Statuses = [WorkflowStatus.Finished] },
            _ => mine with { Statuses = [WorkflowStatus.Running] },
        };

        InstanceSlice page;
        try
        {
            page = await queries.AfterAsync(filter, descending: true, After, Lines, cancel);
        }
        catch (FormatException) when (After is not null)
        {
            return NotFound();
        }

        NextAfter = page.Next;
        var about = await subjects.OfAsync(ProgrammeId, Root, page.Items.Select(i => i.CorrelationId), cancel);
        var waiting = await waits.OfAsync([.. page.Items.Select(i => i.Id)], cancel);
        var versions = page.Items.Select(i => i.DefinitionVersionId).Distinct().ToList();
        var names = await db.Definitions.AsNoTracking().Where(d => versions.Contains(d.Id)).ToDictionaryAsync(d => d.Id, d => d.Name, cancel);
        Procedures = [.. page.Items.Select(i => new ProcedureLine(
            i, names.GetValueOrDefault(i.DefinitionVersionId, i.DefinitionId), about.GetValueOrDefault(i.CorrelationId ?? ""), [.. waiting[i.Id]]))];
        return Page();
    }
}

/// <summary>Finds what procedures are about: projects and sessions of the programme.</summary>
public sealed class ProcedureSubjects(AlizeDb db)
{
    public async Task<IReadOnlyDictionary<string, ProcedureSubject>> OfAsync(Guid programmeId, string root, IEnumerable<string?> correlations, CancellationToken cancel)
    {
        var ids = correlations.Select(c => Guid.TryParse(c, out var id) ? id : Guid.Empty).Distinct().ToList();
        var found = new Dictionary<string, ProcedureSubject>();
        foreach (var project in await db.Projects.AsNoTracking().Where(p => p.ProgrammeId == programmeId && ids.Contains(p.Id))
            .Select(p => new { p.Id, p.Number, Company = db.Companies.Where(c => c.Id == p.CompanyId).Select(c => c.Name).First() }).ToListAsync(cancel))
            found[project.Id.ToString()] = new($"{project.Number} · {project.Company}", $"{root}/projects/{project.Number}");
        foreach (var session in await db.CommitteeSessions.AsNoTracking().Where(s => s.ProgrammeId == programmeId && ids.Contains(s.Id)).Select(s => s.Id).ToListAsync(cancel))
            found[session.ToString()] = new("Séance du comité", $"{root}/sessions/{session}");
        foreach (var year in await db.ProgrammeYears.AsNoTracking().Where(y => y.ProgrammeId == programmeId && ids.Contains(y.Id)).Select(y => new { y.Id, y.Year }).ToListAsync(cancel))
            found[year.Id.ToString()] = new($"Année {year.Year}", $"{root}/results/{year.Year}");
        foreach (var term in await db.ProgrammeTerms.AsNoTracking().Where(t => t.ProgrammeId == programmeId && ids.Contains(t.Id)).Select(t => t.Id).ToListAsync(cancel))
            found[term.ToString()] = new("Terme de la convention", $"{root}/results/term");
        return found;
    }
}
