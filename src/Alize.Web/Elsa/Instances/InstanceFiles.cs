using System.IO.Compression;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Alize.Engine.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Alize.Web.Elsa.Instances;

/// <summary>Instances as files, for support and archives. They are not read back: what an instance did cannot be told by a file.</summary>
internal static class InstanceFiles
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        // Elsa's four parts have capital names; what is in them has not.
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/workflow-instances/{id}/export", ExportAsync);
        api.MapPost("/bulk-actions/export/workflow-instances", ExportManyAsync);
        api.MapPost("/bulk-actions/import/workflow-instances", () => ElsaErrors.Invalid(
            "Les instances ne s’importent pas : une instance engage des courriels, des signatures et de l’argent, qu’un fichier ne peut pas prouver. Importez la définition et démarrez une nouvelle instance."));
    }

    private static async Task<Results<FileContentHttpResult, NotFound>> ExportAsync(string id, InstancesInReach instances, InstanceArchive archive, ClaimsPrincipal user, CancellationToken cancel) =>
        await instances.FindAsync(id, user, cancel) is { } instance
            ? TypedResults.File(JsonSerializer.SerializeToUtf8Bytes(await archive.OfAsync(instance, cancel), Json), "application/json", Name(instance))
            : TypedResults.NotFound();

    private static async Task<Results<FileContentHttpResult, NoContent>> ExportManyAsync(Chosen? chosen, InstancesInReach instances, InstanceArchive archive, ClaimsPrincipal user, CancellationToken cancel)
    {
        using var file = new MemoryStream();
        var any = false;
        await using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var id in chosen?.Ids ?? [])
            {
                if (await instances.FindAsync(id, user, cancel) is not { } instance) continue;
                any = true;
                await using var entry = await zip.CreateEntry(Name(instance)).OpenAsync(cancel);
                await JsonSerializer.SerializeAsync(entry, await archive.OfAsync(instance, cancel), Json, cancel);
            }
        }

        return any ? TypedResults.File(file.ToArray(), "application/zip", "workflow-instances.zip") : TypedResults.NoContent();
    }

    /// <summary>Ids of ours hold signs that a file's name cannot.</summary>
    private static string Name(WorkflowInstance instance) =>
        $"workflow-instance-{string.Concat(instance.Id.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-'))}.json";

    private sealed record Chosen(IReadOnlyList<string>? Ids);
}

/// <summary>Gathers all that is known of an instance.</summary>
internal sealed class InstanceArchive(WorkflowStates states, JournalReader journal, IWorkflowStore store)
{
    public async Task<ArchivedInstance> OfAsync(WorkflowInstance instance, CancellationToken cancel)
    {
        var state = await states.OfAsync(instance, cancel);
        var executions = await store.ExecutionsAsync(instance.Id, cancel);
        var lines = new List<LastJournalLine>();
        await foreach (var line in journal.LinesAsync(instance.Id, cancel)) lines.Add(LastJournalLine.Of(instance, journal.Line(line), line.NodeId));
        return new ArchivedInstance(
            state,
            [.. state.Bookmarks.Select(b => new ArchivedBookmark(b.Id, b.Name, instance.Id, b.ActivityInstanceId, b.Hash, instance.CorrelationId, b.CreatedAt, b.Payload, b.Metadata))],
            [.. executions.Select(e => ExecutionAnswer.Of(e, executions))],
            lines);
    }
}

/// <summary>Elsa's file of an instance.</summary>
internal sealed record ArchivedInstance(
    [property: JsonPropertyName("WorkflowState")] WorkflowState WorkflowState,
    [property: JsonPropertyName("Bookmarks")] IReadOnlyList<ArchivedBookmark> Bookmarks,
    [property: JsonPropertyName("ActivityExecutionRecords")] IReadOnlyList<ExecutionAnswer> ActivityExecutionRecords,
    [property: JsonPropertyName("WorkflowExecutionLogRecords")] IReadOnlyList<LastJournalLine> WorkflowExecutionLogRecords);

/// <summary>A bookmark in such a file.</summary>
internal sealed record ArchivedBookmark(
    string Id, string ActivityTypeName, string WorkflowInstanceId, string ActivityInstanceId, string Hash, string? CorrelationId, DateTimeOffset CreatedAt, object? Payload,
    IReadOnlyDictionary<string, string>? Metadata);
