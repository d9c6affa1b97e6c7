using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Engine.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Elsa;

/// <summary>Definitions as files: one as JSON, several as a ZIP; and several taken in at once.</summary>
internal static class DefinitionExports
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Map(RouteGroupBuilder api)
    {
        // Elsa's link says POST, its Studio asks by GET.
        api.MapMethods("/workflow-definitions/{definitionId}/export", ["GET", "POST"], ExportAsync);
        api.MapPost("/bulk-actions/export/workflow-definitions", ExportManyAsync);
        api.MapPost("/workflow-definitions/import-files", ImportFilesAsync).DisableAntiforgery();
    }

    private static async Task<Results<FileContentHttpResult, NotFound>> ExportAsync(
        string definitionId, string? versionOptions, bool? includeConsumingWorkflows, AlizeDb db, DefinitionConsumers consumers, CancellationToken cancel)
    {
        if (await Definitions.FindAsync(db, definitionId, VersionOptions.Of(versionOptions, VersionOptions.Latest), cancel) is not { } definition) return TypedResults.NotFound();
        return includeConsumingWorkflows == true
            ? Zip(await consumers.WithConsumersAsync(definition, cancel))
            : TypedResults.File(Bytes(definition), "application/json", FileName(definition));
    }

    private static async Task<Results<FileContentHttpResult, NoContent>> ExportManyAsync(Chosen? chosen, AlizeDb db, DefinitionConsumers consumers, CancellationToken cancel)
    {
        var ids = chosen?.Ids ?? [];
        var definitions = await db.Definitions.AsNoTracking().Where(d => ids.Contains(d.Id)).OrderBy(d => d.DefinitionId).ThenBy(d => d.Version).ToListAsync(cancel);
        if (definitions.Count == 0) return TypedResults.NoContent();
        if (chosen?.IncludeConsumingWorkflows == true)
            foreach (var definition in definitions.ToList())
                definitions.AddRange((await consumers.WithConsumersAsync(definition, cancel)).Where(c => definitions.TrueForAll(d => d.Id != c.Id)));
        return Zip(definitions);
    }

    /// <summary>Takes in JSON files and ZIPs of them; nothing is written when one of them cannot be read.</summary>
    private static async Task<Results<Ok<Imported>, JsonHttpResult<ElsaProblem>>> ImportFilesAsync(IFormFileCollection files, DefinitionDesk desk, CancellationToken cancel)
    {
        var models = new List<JsonObject>();
        foreach (var file in files)
        {
            try
            {
                await foreach (var text in TextsAsync(file, cancel))
                    models.Add(JsonNode.Parse(text) as JsonObject ?? throw new JsonException("not an object"));
            }
            catch (Exception e) when (e is JsonException or InvalidDataException)
            {
                return ElsaErrors.Invalid($"« {file.FileName} » n’est pas une définition exportée (JSON ou ZIP) : {e.Message} Rien n’a été importé.");
            }
        }

        var problems = new List<string>();
        foreach (var model in models)
            problems.AddRange((await desk.SaveAsync(model, publish: false, cancel)).Problems);
        return problems.Count > 0 ? ElsaErrors.Invalid(problems) : TypedResults.Ok(new Imported(models.Count));
    }

    private static async IAsyncEnumerable<string> TextsAsync(IFormFile file, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        await using var stream = file.OpenReadStream();
        if (!file.FileName.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
        {
            using var reader = new StreamReader(stream, Encoding.UTF8);
            yield return await reader.ReadToEndAsync(cancel);
            yield break;
        }

        using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
        long taken = 0;
        foreach (var entry in zip.Entries.Where(e => e.Name.EndsWith(".json", StringComparison.OrdinalIgnoreCase)))
        {
            // A small archive may unpack to anything.
            taken += entry.Length;
            if (taken > ElsaApi.MaxBody) throw new InvalidDataException("l’archive est trop grosse une fois décompressée (10 Mo au plus).");
            using var reader = new StreamReader(entry.Open(), Encoding.UTF8);
            var text = new char[entry.Length];
            var length = await reader.ReadBlockAsync(text, cancel);
            yield return new string(text, 0, length);
        }
    }

    private static FileContentHttpResult Zip(IReadOnlyList<StoredDefinition> definitions)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var definition in definitions)
            {
                using var entry = zip.CreateEntry(FileName(definition)).Open();
                entry.Write(Bytes(definition));
            }
        }

        return TypedResults.File(bytes.ToArray(), "application/zip", "workflow-definitions.zip");
    }

    private static byte[] Bytes(StoredDefinition definition) => Encoding.UTF8.GetBytes(DefinitionModel.Export(definition).ToJsonString(Indented));

    private static string FileName(StoredDefinition definition) => $"workflow-definition-{Slug(definition.Name)}-{Slug(definition.DefinitionId)}-{Slug(definition.Id)}.json";

    /// <summary>For a file's name on every system: letters without accents, digits, hyphens.</summary>
    private static string Slug(string text)
    {
        var slug = new StringBuilder();
        foreach (var letter in text.Normalize(NormalizationForm.FormD).Where(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark))
        {
            if (char.IsAsciiLetterOrDigit(letter)) slug.Append(char.ToLowerInvariant(letter));
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
        }

        return slug.ToString().Trim('-');
    }

    private sealed record Chosen(IReadOnlyList<string>? Ids, bool? IncludeConsumingWorkflows);

    private sealed record Imported(int Count);
}
