using Alize.Data;
using Alize.Domain;
using Alize.Engine.Definitions;
using Alize.Engine.Runtime.Migration;
using Alize.Engine.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Alize.Workflows.Programmes;

/// <summary>A definition of which a newer version is published than some running procedures follow.</summary>
/// <param name="DefinitionId">The definition.</param>
/// <param name="Name">Its name in the published version.</param>
/// <param name="Published">Number of the published version.</param>
/// <param name="Running">How many procedures follow an older one.</param>
public sealed record ProceduresBehind(string DefinitionId, string Name, int Published, int Running);

/// <summary>A running procedure of an older version.</summary>
/// <param name="InstanceId">The instance.</param>
/// <param name="Name">Its name for people. Null for none.</param>
/// <param name="CorrelationId">What it is about. Null for nothing.</param>
/// <param name="StartedAt">UTC.</param>
/// <param name="Plan">Where it stands and where it would land, or why it cannot be moved.</param>
/// <param name="Waits">What it waits for, as people read it.</param>
public sealed record ProcedureBehind(string InstanceId, string? Name, string? CorrelationId, DateTime StartedAt, MigrationPlan Plan, IReadOnlyList<ProcedureWait> Waits);

/// <summary>Some procedures of older versions.</summary>
/// <param name="Total">How many there are in all.</param>
/// <param name="Procedures">Those of this page.</param>
/// <param name="Next">Where the next page begins. Null for none.</param>
public sealed record ProceduresPage(int Total, IReadOnlyList<ProcedureBehind> Procedures, string? Next);

/// <summary>What came of moving one procedure.</summary>
/// <param name="InstanceId">The instance.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Plan">What was done; or, with refusals, why nothing was. Null: it cannot be read at all.</param>
/// <param name="Problem">Why it could not even be tried. Null: it was.</param>
public sealed record ProcedureMoved(string InstanceId, string Name, MigrationPlan? Plan, string? Problem)
{
    public bool IsMoved => Plan is { IsPossible: true };

    /// <summary>Why it was not moved, in French.</summary>
    public IReadOnlyList<string> Reasons => Problem is not null ? [Problem] : [.. (Plan?.Refusals ?? []).Select(r => r.French)];
}

/// <summary>
/// Moves running procedures of a programme to the published version of their definition: only those somebody has chosen, each on its
/// own, and never one whose step under way has no counterpart. Publishing alone moves none.
/// </summary>
public sealed class ProcedureMoves(AlizeDb db, IWorkflowStore store, WorkflowRuntime runtime, DefinitionCache cache, ProcedureWaits waits)
{
    /// <summary>Procedures looked at, and moved, at once: each is read with its whole state.</summary>
    public const int MostAtOnce = 50;

    /// <summary>Kind of the line in the trail.</summary>
    public const string Kind = "procedure-move";

    /// <summary>Definitions of which running procedures of the programme follow an older version.</summary>
    public async Task<IReadOnlyList<ProceduresBehind>> BehindAsync(Guid programmeId, CancellationToken cancel)
    {
        var tenant = programmeId.ToString();
        var counts = await db.WorkflowInstances.AsNoTracking()
            .Where(i => i.TenantId == tenant && i.Status == WorkflowStatus.Running)
            .Join(db.Definitions.Where(d => d.IsPublished), i => i.DefinitionId, d => d.DefinitionId, (i, d) => new { d.DefinitionId, d.Name, Published = d.Version, i.DefinitionVersion })
            .Where(x => x.DefinitionVersion < x.Published)
            .GroupBy(x => new { x.DefinitionId, x.Name, x.Published })
            .Select(g => new { g.Key.DefinitionId, g.Key.Name, g.Key.Published, Running = g.Count() })
            .ToListAsync(cancel);
        return [.. counts.Select(c => new ProceduresBehind(c.DefinitionId, c.Name, c.Published, c.Running)).OrderBy(c => c.Name, StringComparer.CurrentCulture)];
    }

    /// <summary>Where running procedures of older versions stand, and where they would land in the target version. Changes nothing.</summary>
    /// <param name="programmeId">The programme.</param>
    /// <param name="target">The version to move to.</param>
    /// <param name="replacements">New activity id by old one.</param>
    /// <param name="after">Last instance of the page before. Null: the first page.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<ProceduresPage> PlanAsync(
        Guid programmeId, StoredDefinition target, IReadOnlyDictionary<string, string> replacements, string? after, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(target);
        var older = Older(programmeId, target);
        var total = await older.CountAsync(cancel);
        if (after is not null) older = older.Where(i => string.Compare(i.Id, after) > 0);
        var page = await older.OrderBy(i => i.Id).Take(MostAtOnce + 1)
            .Select(i => new { i.Id, i.Name, i.CorrelationId, i.CreatedAt, i.DefinitionVersion }).ToListAsync(cancel);
        var shown = page.Take(MostAtOnce).ToList();
        var waiting = await waits.OfAsync([.. shown.Select(i => i.Id)], cancel);
        var procedures = new List<ProcedureBehind>();
        foreach (var instance in shown)
        {
            var plan = await TryPlanAsync(instance.Id, instance.DefinitionVersion, target, replacements, cancel);
            procedures.Add(new(instance.Id, instance.Name, instance.CorrelationId, instance.CreatedAt, plan, [.. waiting[instance.Id]]));
        }

        return new(total, [.. procedures.OrderBy(p => p.StartedAt).ThenBy(p => p.InstanceId, StringComparer.Ordinal)], page.Count > MostAtOnce ? shown[^1].Id : null);
    }

    /// <summary>Steps of a version that another step may stand for, by type.</summary>
    public async Task<ILookup<string, DrawnStep>> StepsAsync(StoredDefinition version, CancellationToken cancel) =>
        (await cache.GetAsync(version, store, cancel)).Steps.OrderBy(s => s.Title, StringComparer.CurrentCulture).ToLookup(s => s.Type);

    /// <summary>
    /// Moves one procedure of the programme, with its line in the trail. Of two who move it at once, the second is told that it
    /// follows that version already.
    /// </summary>
    /// <returns>What came of it; null when the programme has no such procedure.</returns>
    public async Task<ProcedureMoved?> MoveAsync(
        Guid programmeId, StoredDefinition target, string instanceId, IReadOnlyDictionary<string, string> replacements, ByHand hand, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(hand);
        var tenant = programmeId.ToString();
        var instance = await db.WorkflowInstances.AsNoTracking()
            .Where(i => i.Id == instanceId && i.TenantId == tenant && i.DefinitionId == target.DefinitionId)
            .Select(i => new { i.Name, i.DefinitionId, i.CorrelationId }).SingleOrDefaultAsync(cancel);
        if (instance is null) return null;

        var name = instance.Name ?? target.Name;
        try
        {
            var plan = await runtime.MigrateAsync(instanceId, target.Id, replacements, hand.By, hand.Reason, NoteAsync, cancel);
            return new(instanceId, name, plan, null);
        }
        catch (DefinitionException unreadable)
        {
            return new(instanceId, name, null, unreadable.Sentence.French);
        }
        catch (InvalidOperationException) when (!db.WorkflowInstances.Any(i => i.Id == instanceId))
        {
            return null;
        }

        async Task NoteAsync(IServiceProvider scope, MigrationPlan plan, CancellationToken token)
        {
            var about = Guid.TryParse(instance.CorrelationId, out var id) ? id : (Guid?)null;
            var isProject = about is not null && await scope.GetRequiredService<AlizeDb>().Projects.AnyAsync(p => p.Id == about, token);
            var reason = string.IsNullOrWhiteSpace(hand.Reason) ? "" : $" Motif : {hand.Reason.Trim()}";
            scope.GetRequiredService<Trail>().Add(
                programmeId, Kind, FrenchText.Typeset($"« {name} » suit maintenant la version {plan.ToVersion} de sa procédure, au lieu de la version {plan.FromVersion}.{reason}"),
                hand.By, isProject ? about : null);
        }
    }

    private IQueryable<WorkflowInstance> Older(Guid programmeId, StoredDefinition target)
    {
        var tenant = programmeId.ToString();
        return db.WorkflowInstances.AsNoTracking().Where(i =>
            i.TenantId == tenant && i.DefinitionId == target.DefinitionId && i.Status == WorkflowStatus.Running && i.DefinitionVersion < target.Version);
    }

    private async Task<MigrationPlan> TryPlanAsync(
        string instanceId, int from, StoredDefinition target, IReadOnlyDictionary<string, string> replacements, CancellationToken cancel)
    {
        try
        {
            return await runtime.PlanMigrationAsync(instanceId, target.Id, replacements, cancel);
        }
        catch (Exception unreadable) when (unreadable is DefinitionException or InvalidOperationException)
        {
            // Its own version is gone, or it ended meanwhile and was deleted: it stays in the list, and says that it cannot be moved.
            return new(instanceId, from, target.Version, [], [], [new(MigrationReason.Unreadable, "")]);
        }
    }
}
