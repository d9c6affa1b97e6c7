using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Engine.Definitions;
using Alize.Engine.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Elsa;

/// <summary>Looking at definitions: lists, versions, one of them.</summary>
internal static class Definitions
{
    public static void Map(RouteGroupBuilder api)
    {
        var definitions = api.MapGroup("/workflow-definitions");
        definitions.MapGet("", ListAsync);
        definitions.MapGet("/{definitionId}", ByDefinitionIdAsync);
        definitions.MapGet("/by-definition-id/{definitionId}", ByDefinitionIdAsync);
        definitions.MapGet("/by-id/{id}", ByIdAsync);
        definitions.MapGet("/many-by-id", ManyByIdAsync);
        definitions.MapGet("/query/count", CountAsync);
        definitions.MapGet("/validation/is-name-unique", IsNameUniqueAsync);
        definitions.MapGet("/{definitionId}/versions", VersionsAsync);
    }

    private static async Task<Ok<DefinitionList>> ListAsync([AsParameters] ListQuery query, AlizeDb db, CancellationToken cancel)
    {
        var found = query.In(db.Definitions.AsNoTracking());
        var total = await found.CountAsync(cancel);

        var page = await new ElsaPage(query.Page, query.PageSize).Of(query.Sorted(found)).ToListAsync(cancel);
        return TypedResults.Ok(new DefinitionList([.. page.Select(Summary)], total, ListLinks));
    }

    private static async Task<Results<Ok<JsonObject>, NotFound>> ByDefinitionIdAsync(
        string definitionId, string? versionOptions, AlizeDb db, ActivityRegistry registry, CancellationToken cancel) =>
        await FindAsync(db, definitionId, VersionOptions.Of(versionOptions, VersionOptions.Latest), cancel) is { } definition
            ? TypedResults.Ok(DefinitionModel.Answer(definition, registry))
            : TypedResults.NotFound();

    private static async Task<Results<Ok<JsonObject>, NotFound>> ByIdAsync(string id, AlizeDb db, ActivityRegistry registry, CancellationToken cancel) =>
        await db.Definitions.AsNoTracking().SingleOrDefaultAsync(d => d.Id == id, cancel) is { } definition
            ? TypedResults.Ok(DefinitionModel.Answer(definition, registry))
            : TypedResults.NotFound();

    private static async Task<Ok<ListAnswer<JsonObject>>> ManyByIdAsync(string[]? ids, AlizeDb db, ActivityRegistry registry, CancellationToken cancel)
    {
        var asked = ids ?? [];
        var found = await db.Definitions.AsNoTracking().Where(d => asked.Contains(d.Id)).OrderBy(d => d.Name).ThenBy(d => d.Id).ToListAsync(cancel);
        return TypedResults.Ok(new ListAnswer<JsonObject>([.. found.Select(d => DefinitionModel.Answer(d, registry))]));
    }

    private static async Task<Ok<Counted>> CountAsync(AlizeDb db, CancellationToken cancel) =>
        TypedResults.Ok(new Counted(await db.Definitions.CountAsync(d => d.IsLatest, cancel)));

    private static async Task<Ok<NameUnique>> IsNameUniqueAsync(string? name, string? definitionId, AlizeDb db, CancellationToken cancel)
    {
        var wanted = name?.Trim() ?? "";
        return TypedResults.Ok(new NameUnique(!await db.Definitions.AnyAsync(d => d.IsLatest && d.Name == wanted && d.DefinitionId != definitionId, cancel)));
    }

    /// <summary>Every version, newest first, in the shape of Elsa's stored row.</summary>
    private static async Task<Ok<IReadOnlyList<JsonObject>>> VersionsAsync(string definitionId, AlizeDb db, CancellationToken cancel)
    {
        var versions = await db.Definitions.AsNoTracking().Where(d => d.DefinitionId == definitionId).OrderByDescending(d => d.Version).ToListAsync(cancel);
        return TypedResults.Ok<IReadOnlyList<JsonObject>>([.. versions.Select(Row)]);
    }

    /// <summary>One definition; of several versions that match, the newest.</summary>
    public static Task<StoredDefinition?> FindAsync(AlizeDb db, string definitionId, VersionOptions versions, CancellationToken cancel) =>
        versions.In(db.Definitions.AsNoTracking().Where(d => d.DefinitionId == definitionId)).OrderByDescending(d => d.Version).FirstOrDefaultAsync(cancel);

    public static DefinitionSummary Summary(StoredDefinition definition)
    {
        var json = DefinitionDocument.Parse(definition.Json).Json;
        return new DefinitionSummary(
            DefinitionModel.Links(definition.DefinitionId), true, definition.Id, definition.DefinitionId, definition.Name, definition.Description, definition.Version,
            Version.TryParse(json["toolVersion"]?.ToString(), out var tool) ? tool.ToString() : null,
            definition.IsLatest, definition.IsPublished, "Json", DefinitionModel.At(definition.CreatedAt), DefinitionModel.Flag(json["isReadonly"]));
    }

    private static JsonObject Row(StoredDefinition definition)
    {
        var row = DefinitionModel.Export(definition);
        row.Remove("$schema");
        row.Remove("root", out var root);
        row["stringData"] = root?.ToJsonString() ?? "";
        row["materializerName"] = "Json";
        return row;
    }

    private static readonly IReadOnlyList<ElsaLink> ListLinks =
    [
        new("/workflow-definitions", "self", "GET"),
        new("/workflow-definitions/validation/is-name-unique", "is-name-unique", "GET"),
        new("/workflow-definitions/query/count", "count", "GET"),
        new("/workflow-definitions/many-by-id", "many-by-id", "GET"),
        new("/bulk-actions/delete/workflow-definitions/by-definition-id", "bulk-delete-by-definition-id", "POST"),
        new("/bulk-actions/delete/workflow-definitions/by-id", "bulk-delete-by-id", "POST"),
        new("/bulk-actions/publish/workflow-definitions/by-definition-ids", "bulk-publish", "POST"),
        new("/bulk-actions/retract/workflow-definitions/by-definition-ids", "bulk-retract", "POST"),
        new("/workflow-definitions/import", "import", "POST"),
        new("/workflow-definitions/import-files", "import-files", "POST"),
        new("/workflow-definitions", "create", "POST"),
    ];

    private sealed record Counted(int Count);

    private sealed record NameUnique(bool IsUnique);

    private sealed record DefinitionList(IReadOnlyList<DefinitionSummary> Items, long TotalCount, IReadOnlyList<ElsaLink> Links);

    /// <summary>What a list is asked for; the names are those of Elsa's request, in any case.</summary>
    private sealed record ListQuery(
        string? VersionOptions, int? Page, int? PageSize, string[]? DefinitionIds, string[]? Ids, string? Materializer, string? SearchTerm, bool? IsSystem,
        string? OrderBy, string? OrderDirection)
    {
        public IQueryable<StoredDefinition> In(IQueryable<StoredDefinition> definitions)
        {
            definitions = Elsa.VersionOptions.Of(VersionOptions).In(definitions);
            if (DefinitionIds is { Length: > 0 } definitionIds) definitions = definitions.Where(d => definitionIds.Contains(d.DefinitionId));
            if (Ids is { Length: > 0 } ids) definitions = definitions.Where(d => ids.Contains(d.Id));

            // Said by the JSON alone, which is always written compact.
            if (IsSystem is { } system) definitions = definitions.Where(d => d.Json.Contains("\"isSystem\":true") == system);
            if (!string.IsNullOrEmpty(Materializer) && Materializer != "Json") return definitions.Where(d => false);
            if (!string.IsNullOrWhiteSpace(SearchTerm))
            {
                var term = SearchTerm.Trim();
                var lower = term.ToLowerInvariant();
#pragma warning disable CA1304, CA1311, CA1862 // Translated to the database's own lower case.
                definitions = definitions.Where(d => d.Name.ToLower().Contains(lower) || d.Description!.ToLower().Contains(lower)
                    || d.DefinitionId.ToLower().Contains(lower) || d.Id == term);
#pragma warning restore CA1304, CA1311, CA1862
            }

            return definitions;
        }

        public IQueryable<StoredDefinition> Sorted(IQueryable<StoredDefinition> definitions)
        {
            var descending = string.Equals(OrderDirection, "Descending", StringComparison.OrdinalIgnoreCase);
            return (OrderBy?.ToUpperInvariant(), descending) switch
            {
                ("CREATED", false) => definitions.OrderBy(d => d.CreatedAt).ThenBy(d => d.Id),
                ("CREATED", true) => definitions.OrderByDescending(d => d.CreatedAt).ThenBy(d => d.Id),
                ("VERSION", false) => definitions.OrderBy(d => d.Version).ThenBy(d => d.Id),
                ("VERSION", true) => definitions.OrderByDescending(d => d.Version).ThenBy(d => d.Id),
                (_, true) => definitions.OrderByDescending(d => d.Name).ThenByDescending(d => d.Version),
                _ => definitions.OrderBy(d => d.Name).ThenByDescending(d => d.Version),
            };
        }
    }
}

/// <summary>A line of a list of definitions.</summary>
internal sealed record DefinitionSummary(
    JsonArray Links, bool IsMaterializerAvailable, string Id, string DefinitionId, string Name, string? Description, int Version, string? ToolVersion,
    bool IsLatest, bool IsPublished, string MaterializerName, DateTimeOffset CreatedAt, bool IsReadonly);
