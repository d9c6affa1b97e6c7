using System.Security.Cryptography;
using System.Text;
using Alize.Engine.Storage;

namespace Alize.Engine.Definitions;

/// <summary>How a definition stands to its file.</summary>
public enum FileState
{
    /// <summary>The latest version is the file's.</summary>
    Follows,

    /// <summary>Changed in the designer after the file was loaded.</summary>
    ChangedHere,

    /// <summary>Changed in the designer, and the file has changed since: what it says now was never loaded.</summary>
    FileIsNewer,

    /// <summary>There is no file of it.</summary>
    MadeHere,
}

/// <summary>A definition and its file.</summary>
/// <param name="Latest">The latest version.</param>
/// <param name="Published">Number of the published version. Null for none.</param>
/// <param name="State">How they stand.</param>
public sealed record DefinitionFile(StoredDefinition Latest, int? Published, FileState State);

/// <summary>
/// Compares definitions with the files they came from. The loader leaves alone what was changed in the designer; this says where
/// that keeps a newer file out.
/// </summary>
public sealed class DefinitionFiles(IWorkflowStore store)
{
    /// <summary>Every definition, by name.</summary>
    public async Task<IReadOnlyList<DefinitionFile>> CompareAsync(string folder, CancellationToken cancel)
    {
        var found = new List<DefinitionFile>();
        foreach (var definitionId in await store.DefinitionIdsAsync(cancel))
        {
            var versions = await store.DefinitionVersionsAsync(definitionId, cancel);
            if (versions.FirstOrDefault(v => v.IsLatest) is { } latest)
                found.Add(new(latest, versions.FirstOrDefault(v => v.IsPublished)?.Version, await StateAsync(folder, latest, versions, cancel)));
        }

        return [.. found.OrderBy(f => f.Latest.Name, StringComparer.CurrentCulture)];
    }

    /// <summary>The text of a definition's file; null when there is none.</summary>
    public static async Task<string?> ReadAsync(string folder, string definitionId, CancellationToken cancel)
    {
        // The id comes from outside: it must name a file of this folder and of no other.
        var path = Path.Combine(folder, $"{Path.GetFileName(definitionId)}.json");
        return File.Exists(path) ? await File.ReadAllTextAsync(path, cancel) : null;
    }

    /// <summary>Hash of a file's text, hex SHA-256; line ends differ between checkouts of the same file.</summary>
    internal static string Hash(string json) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(json.ReplaceLineEndings("\n"))));

    private static async Task<FileState> StateAsync(string folder, StoredDefinition latest, IReadOnlyList<StoredDefinition> versions, CancellationToken cancel)
    {
        if (await ReadAsync(folder, latest.DefinitionId, cancel) is not { } json)
            return FileState.MadeHere;

        var hash = Hash(json);
        if (latest.FileHash == hash)
            return FileState.Follows;
        return versions.Any(v => v.FileHash == hash) || SaysTheSame(latest, json) ? FileState.ChangedHere : FileState.FileIsNewer;
    }

    /// <summary>The designer's version was exported over the file.</summary>
    private static bool SaysTheSame(StoredDefinition latest, string json)
    {
        try
        {
            var document = DefinitionDocument.Parse(json);
            document.Json.Remove("$schema");
            return new DefinitionContent(document).IsThatOf(latest);
        }
        catch (DefinitionException)
        {
            return false;
        }
    }
}
