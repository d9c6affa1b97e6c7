using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Engine.Definitions;
using Alize.Engine.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Refusal = Microsoft.AspNetCore.Http.HttpResults.JsonHttpResult<Alize.Web.Elsa.ElsaProblem>;

namespace Alize.Web.Elsa;

/// <summary>Saving, publishing, retracting, reverting, deleting and importing definitions.</summary>
internal static class DefinitionWrites
{
    public static void Map(RouteGroupBuilder api)
    {
        var definitions = api.MapGroup("/workflow-definitions");
        definitions.MapPost("", SaveAsync);
        definitions.MapPost("/import", ImportAsync);
        definitions.MapPut("/import", ImportAsync);
        definitions.MapPut("/{definitionId}/import", ImportOverAsync);
        definitions.MapPost("/{definitionId}/import", ImportOverAsync);
        definitions.MapPost("/{definitionId}/publish", PublishAsync);
        definitions.MapPost("/{definitionId}/retract", RetractAsync);
        definitions.MapPost("/{definitionId}/revert/{version:int}", RevertAsync);
        definitions.MapDelete("/{definitionId}", DeleteAsync);
        definitions.MapDelete("/{definitionId}/version/{version:int}", DeleteNumberAsync);
        api.MapDelete("/workflow-definition-versions/{id}", DeleteVersionAsync);
    }

    private static async Task<Results<Ok<Saved>, Refusal>> SaveAsync(SaveRequest? request, DefinitionDesk desk, CancellationToken cancel)
    {
        if (request?.Model is not { } model) return ElsaErrors.Invalid("Il manque « model » : la définition à enregistrer. Rien n’a été changé.");
        var result = await desk.SaveAsync(model, request.Publish == true, cancel);
        return result.Problems.Count > 0 ? ElsaErrors.Invalid(result.Problems) : TypedResults.Ok(await desk.SavedAsync(result, cancel));
    }

    private static async Task<Results<Ok<Saved>, NotFound, Refusal>> PublishAsync(string definitionId, DefinitionDesk desk, CancellationToken cancel)
    {
        var result = await desk.PublishAsync(definitionId, cancel);
        if (result.Problems.Count > 0) return ElsaErrors.Invalid(result.Problems);
        return result.Version is null ? TypedResults.NotFound() : TypedResults.Ok(await desk.SavedAsync(result, cancel));
    }

    private static async Task<Results<Ok<JsonObject>, NotFound, Refusal>> RetractAsync(
        string definitionId, DefinitionVersions versions, DefinitionTrail trail, ActivityRegistry registry, CancellationToken cancel)
    {
        var result = await versions.RetractAsync(definitionId, trail.NoteAsync, cancel);
        if (result.Version is null) return TypedResults.NotFound();
        return result.Change == VersionChange.None
            ? ElsaErrors.Invalid($"« {result.Version.Name} » n’est pas publiée : il n’y a rien à retirer.")
            : TypedResults.Ok(DefinitionModel.Answer(result.Version, registry));
    }

    private static async Task<Results<Created<RevertedTo>, NotFound>> RevertAsync(
        string definitionId, int version, DefinitionVersions versions, DefinitionTrail trail, CancellationToken cancel)
    {
        var result = await versions.RevertAsync(definitionId, version, trail.NoteAsync, cancel);
        return result.Version is { } copy
            ? TypedResults.Created($"{ElsaApi.Base}/workflow-definitions/by-id/{copy.Id}", RevertedTo.Of(copy))
            : TypedResults.NotFound();
    }

    private static Task<Results<Ok<JsonObject>, Created<JsonObject>, Refusal>> ImportAsync(JsonObject? model, DefinitionDesk desk, CancellationToken cancel) =>
        ImportOverAsync(null, model, desk, cancel);

    /// <summary>Imports as a draft; the address's id wins over the file's.</summary>
    private static async Task<Results<Ok<JsonObject>, Created<JsonObject>, Refusal>> ImportOverAsync(
        string? definitionId, JsonObject? model, DefinitionDesk desk, CancellationToken cancel)
    {
        if (model is null) return ElsaErrors.Invalid("Il n’y a rien à importer : le corps de la demande est vide.");
        var copy = (JsonObject)model.DeepClone();
        if (definitionId is not null) copy["definitionId"] = definitionId;
        var result = await desk.SaveAsync(copy, publish: false, cancel);
        return result.Version is null || result.Problems.Count > 0 ? ElsaErrors.Invalid(result.Problems) : TypedResults.Ok(desk.Answer(result.Version));
    }

    private static async Task<Results<NoContent, NotFound, Refusal>> DeleteAsync(string definitionId, DefinitionDesk desk, CancellationToken cancel)
    {
        var outcome = await desk.DeleteAsync(definitionId, cancel);
        return outcome.Refusal is { } refusal ? ElsaErrors.Refused(StatusCodes.Status409Conflict, refusal)
            : outcome.Deleted == 0 ? TypedResults.NotFound() : TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, NotFound, Refusal>> DeleteVersionAsync(string id, AlizeDb db, DefinitionDesk desk, CancellationToken cancel) =>
        await DeleteOneAsync(await db.Definitions.AsNoTracking().SingleOrDefaultAsync(d => d.Id == id, cancel), desk, cancel);

    private static async Task<Results<NoContent, NotFound, Refusal>> DeleteNumberAsync(string definitionId, int version, AlizeDb db, DefinitionDesk desk, CancellationToken cancel) =>
        await DeleteOneAsync(await Definitions.FindAsync(db, definitionId, new(VersionOptions.Kind.Number, version), cancel), desk, cancel);

    private static async Task<Results<NoContent, NotFound, Refusal>> DeleteOneAsync(StoredDefinition? version, DefinitionDesk desk, CancellationToken cancel)
    {
        if (version is null) return TypedResults.NotFound();
        return await desk.DeleteVersionAsync(version, cancel) is { } refusal
            ? ElsaErrors.Refused(StatusCodes.Status409Conflict, refusal)
            : TypedResults.NoContent();
    }

    private sealed record SaveRequest(JsonObject? Model, bool? Publish);

    /// <summary>The new version after a revert; Elsa's answer has no links here.</summary>
    private sealed record RevertedTo(
        string Id, string DefinitionId, string Name, string? Description, int Version, bool IsLatest, bool IsPublished, string MaterializerName, DateTimeOffset CreatedAt, bool IsReadonly)
    {
        public static RevertedTo Of(StoredDefinition d) =>
            new(d.Id, d.DefinitionId, d.Name, d.Description, d.Version, d.IsLatest, d.IsPublished, "Json", DefinitionModel.At(d.CreatedAt), false);
    }
}

/// <summary>Answer to a save or a publication.</summary>
internal sealed record Saved(JsonObject WorkflowDefinition, bool AlreadyPublished, int ConsumingWorkflowCount, IReadOnlyList<string> ValidationErrors);
