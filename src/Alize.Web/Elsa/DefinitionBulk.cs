using Alize.Data;
using Alize.Engine.Definitions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Elsa;

/// <summary>The same done to many definitions: each by itself, so that one that cannot does not hold up the others.</summary>
internal static class DefinitionBulk
{
    public static void Map(RouteGroupBuilder api)
    {
        var bulk = api.MapGroup("/bulk-actions");
        bulk.MapPost("/delete/workflow-definitions/by-definition-id", DeleteAsync);
        bulk.MapPost("/delete/workflow-definitions/by-id", DeleteVersionsAsync);
        bulk.MapPost("/publish/workflow-definitions/by-definition-ids", PublishAsync);
        bulk.MapPost("/retract/workflow-definitions/by-definition-ids", RetractAsync);
    }

    private static async Task<Ok<Deleted>> DeleteAsync(ByDefinitionId? chosen, DefinitionDesk desk, CancellationToken cancel)
    {
        var deleted = 0;
        foreach (var definitionId in chosen?.DefinitionIds ?? [])
            if ((await desk.DeleteAsync(definitionId, cancel)).Deleted > 0) deleted++;
        return TypedResults.Ok(new Deleted(deleted));
    }

    private static async Task<Ok<Deleted>> DeleteVersionsAsync(ById? chosen, AlizeDb db, DefinitionDesk desk, CancellationToken cancel)
    {
        var ids = chosen?.Ids ?? [];
        var deleted = 0;
        foreach (var version in await db.Definitions.AsNoTracking().Where(d => ids.Contains(d.Id)).OrderBy(d => d.Version).ToListAsync(cancel))
            if (await desk.DeleteVersionAsync(version, cancel) is null) deleted++;
        return TypedResults.Ok(new Deleted(deleted));
    }

    private static async Task<Ok<BulkPublished>> PublishAsync(ByDefinitionId? chosen, DefinitionDesk desk, CancellationToken cancel)
    {
        var answer = new BulkPublished([], [], [], [], [], [], []);
        foreach (var definitionId in chosen?.DefinitionIds ?? [])
        {
            var result = await desk.PublishAsync(definitionId, cancel);
            if (result.Problems.Count > 0)
            {
                answer.Failed.Add(definitionId);
                answer.Warnings[definitionId] = result.Problems;
            }
            else if (result.Version is null) answer.NotFound.Add(definitionId);
            else if (result.Change == VersionChange.None) answer.AlreadyPublished.Add(definitionId);
            else
            {
                answer.Published.Add(definitionId);
                await desk.SavedAsync(result, cancel);
            }
        }

        return TypedResults.Ok(answer);
    }

    private static async Task<Ok<BulkRetracted>> RetractAsync(ByDefinitionId? chosen, DefinitionVersions versions, DefinitionTrail trail, CancellationToken cancel)
    {
        var answer = new BulkRetracted([], [], [], [], []);
        foreach (var definitionId in chosen?.DefinitionIds ?? [])
        {
            var result = await versions.RetractAsync(definitionId, trail.NoteAsync, cancel);
            var list = result.Version is null ? answer.NotFound : result.Change == VersionChange.None ? answer.AlreadyRetracted : answer.Retracted;
            list.Add(definitionId);
        }

        return TypedResults.Ok(answer);
    }

    private sealed record ByDefinitionId(IReadOnlyList<string>? DefinitionIds);

    private sealed record ById(IReadOnlyList<string>? Ids);

    private sealed record Deleted([property: System.Text.Json.Serialization.JsonPropertyName("deleted")] int Count);

    private sealed record BulkPublished(
        List<string> Published, List<string> AlreadyPublished, List<string> NotFound, List<string> UpdatedConsumers, List<string> Skipped, List<string> Failed,
        Dictionary<string, IReadOnlyList<string>> Warnings);

    private sealed record BulkRetracted(List<string> Retracted, List<string> AlreadyRetracted, List<string> NotFound, List<string> NotPublished, List<string> Skipped);
}
