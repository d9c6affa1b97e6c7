using System.Security.Claims;
using Alize.Data;
using Alize.Data.Workflow;
using Alize.Engine.Storage;
using Alize.Web.People;
using Alize.Workflows.Programmes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Elsa.Instances;

/// <summary>Ending and deleting instances, one or many; each act is in the trail with who did it.</summary>
internal static class InstanceActs
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/cancel/workflow-instances/{id}", CancelAsync);
        api.MapPost("/workflow-instances/{id}/retry", RetryAsync);
        api.MapDelete("/workflow-instances/{id}", DeleteAsync);
        var bulk = api.MapGroup("/bulk-actions");
        bulk.MapPost("/cancel/workflow-instances", CancelManyAsync);
        bulk.MapPost("/delete/workflow-instances", DeleteManyAsync);
        bulk.MapPost("/delete/workflow-instances/by-id", DeleteManyAsync);
    }

    /// <summary>One that has ended stays as it ended, and the answer is the same.</summary>
    private static async Task<Results<Ok, NotFound>> CancelAsync(string id, Hands hands, InstancesInReach instances, ProcedureRepair repair, ClaimsPrincipal user, CancellationToken cancel)
    {
        if (await instances.FindAsync(id, user, cancel) is not { } instance) return TypedResults.NotFound();
        await repair.CancelAsync(instance, await hands.OfAsync(user, null, cancel), cancel);
        return TypedResults.Ok();
    }

    /// <summary>Ours: Elsa retries by alterations, which the Studio's elements do not have.</summary>
    private static async Task<Results<Ok<InstanceAnswer>, NotFound, JsonHttpResult<ElsaProblem>>> RetryAsync(
        string id, Given? given, Hands hands, InstancesInReach instances, WorkflowStates states, ProcedureRepair repair, ClaimsPrincipal user, CancellationToken cancel)
    {
        if (await instances.FindAsync(id, user, cancel) is not { } instance) return TypedResults.NotFound();
        if (ProcedureRepair.RetryRefusal(instance) is { } refusal) return ElsaErrors.Refused(StatusCodes.Status409Conflict, refusal);
        await repair.RetryAsync(instance, await hands.OfAsync(user, given?.Reason, cancel), cancel);
        var after = await instances.FindAsync(id, user, cancel) ?? instance;
        return TypedResults.Ok(InstanceAnswer.Of(after, await states.OfAsync(after, cancel)));
    }

    private static async Task<Results<NoContent, NotFound>> DeleteAsync(
        string id, Hands hands, InstancesInReach instances, InstanceDeletion deletion, ProcedureRepair repair, ClaimsPrincipal user, CancellationToken cancel)
    {
        if (await instances.FindAsync(id, user, cancel) is not { } instance) return TypedResults.NotFound();
        await RemoveAsync(instance, await hands.OfAsync(user, null, cancel), deletion, repair, cancel);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<Cancelled>> CancelManyAsync(
        Chosen? chosen, AlizeDb db, Hands hands, InstancesInReach instances, ProcedureRepair repair, ClaimsPrincipal user, CancellationToken cancel)
    {
        var hand = await hands.OfAsync(user, null, cancel);
        var cancelled = 0;
        foreach (var id in await RunningAsync(chosen, db, cancel))
            if (await instances.FindAsync(id, user, cancel) is { } instance && await repair.CancelAsync(instance, hand, cancel))
                cancelled++;
        return TypedResults.Ok(new Cancelled(cancelled));
    }

    private static async Task<Ok<Deleted>> DeleteManyAsync(
        Chosen? chosen, Hands hands, InstancesInReach instances, InstanceDeletion deletion, ProcedureRepair repair, ClaimsPrincipal user, CancellationToken cancel)
    {
        var hand = await hands.OfAsync(user, null, cancel);
        var deleted = 0;
        foreach (var id in chosen?.Ids ?? [])
        {
            if (await instances.FindAsync(id, user, cancel) is not { } instance) continue;
            await RemoveAsync(instance, hand, deletion, repair, cancel);
            deleted++;
        }

        return TypedResults.Ok(new Deleted(deleted));
    }

    /// <summary>What still runs is ended first, so that whoever waits for it is told and no deadline of it is left.</summary>
    private static async Task RemoveAsync(WorkflowInstance instance, ByHand hand, InstanceDeletion deletion, ProcedureRepair repair, CancellationToken cancel)
    {
        await repair.CancelAsync(instance, hand, cancel);
        await repair.NoteAsync(instance, hand, "procedure-delete", $"instance supprimée avec son journal (définition {instance.DefinitionId}, version {instance.DefinitionVersion})", cancel);
        await deletion.DeleteAsync(instance.Id, cancel);
    }

    /// <summary>Instances named, or those of a definition or a version that still run.</summary>
    private static async Task<IReadOnlyList<string>> RunningAsync(Chosen? chosen, AlizeDb db, CancellationToken cancel)
    {
        if (chosen?.Ids is { Count: > 0 } ids) return ids;
        var running = db.WorkflowInstances.AsNoTracking().Where(i => i.Status == WorkflowStatus.Running);
        if (!string.IsNullOrEmpty(chosen?.DefinitionVersionId)) running = running.Where(i => i.DefinitionVersionId == chosen.DefinitionVersionId);
        else if (!string.IsNullOrEmpty(chosen?.DefinitionId))
        {
            running = running.Where(i => i.DefinitionId == chosen.DefinitionId);
            var versions = VersionOptions.Of(chosen.VersionOptions).In(db.Definitions.Where(d => d.DefinitionId == chosen.DefinitionId)).Select(d => d.Id);
            running = running.Where(i => versions.Contains(i.DefinitionVersionId));
        }
        else return [];
        return await running.OrderBy(i => i.Id).Select(i => i.Id).ToListAsync(cancel);
    }

    private sealed record Given(string? Reason);

    private sealed record Chosen(IReadOnlyList<string>? Ids, string? DefinitionVersionId, string? DefinitionId, string? VersionOptions);

    private sealed record Cancelled([property: System.Text.Json.Serialization.JsonPropertyName("cancelled")] int Count);

    private sealed record Deleted([property: System.Text.Json.Serialization.JsonPropertyName("deleted")] int Count);
}

/// <summary>Who acts through the Elsa interface, for the trail.</summary>
internal sealed class Hands(ProgrammeReach reach)
{
    public async Task<ByHand> OfAsync(ClaimsPrincipal user, string? reason, CancellationToken cancel) => new(user.FullName(), reason, await reach.ProgrammesAsync(user, cancel));
}
