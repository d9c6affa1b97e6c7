using Alize.Data;
using Alize.Engine.Storage;
using Alize.Web.Look;
using Alize.Web.Programmes;
using Alize.Workflows.Programmes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Design;

/// <summary>A version of a definition, with how many procedures of the programme follow it.</summary>
public sealed record VersionLine(StoredDefinition Version, int Running);

/// <summary>One definition: its versions, who follows which, and the ways to what it would do and to moving those that follow an older one.</summary>
public sealed class DefinitionModel(AlizeDb db, IWorkflowStore store, ProcedureMoves moves) : ProgrammePage
{
    [BindProperty(SupportsGet = true)]
    public string Definition { get; set; } = "";

    public IReadOnlyList<VersionLine> Versions { get; private set; } = [];

    public StoredDefinition Latest { get; private set; } = null!;

    public ProceduresBehind? Behind { get; private set; }

    public bool MayDesign => Visit.CanWrite || Visit.CanDesign;

    /// <summary>This page's address.</summary>
    public string Here => $"{Root}/design/{Uri.EscapeDataString(Definition)}";

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        var versions = await store.DefinitionVersionsAsync(Definition, cancel);
        if (versions.Count == 0) return NotFound();
        Latest = versions.FirstOrDefault(v => v.IsLatest) ?? versions[0];
        var tenant = ProgrammeId.ToString();
        var running = await db.WorkflowInstances.AsNoTracking()
            .Where(i => i.TenantId == tenant && i.DefinitionId == Definition && i.Status == WorkflowStatus.Running)
            .GroupBy(i => i.DefinitionVersionId).Select(g => new { Version = g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Version, g => g.Count, cancel);
        Versions = [.. versions.Select(v => new VersionLine(v, running.GetValueOrDefault(v.Id)))];
        Behind = (await moves.BehindAsync(ProgrammeId, cancel)).FirstOrDefault(b => b.DefinitionId == Definition);
        return Page();
    }

    public static (Tone Tone, string Words) StateOf(StoredDefinition version) => version switch
    {
        { IsPublished: true } => (Tone.Good, "Publiée"),
        { IsLatest: true } => (Tone.Waiting, "Brouillon"),
        _ => (Tone.Off, "Ancienne"),
    };
}
