using System.Globalization;
using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Engine.Definitions;
using Alize.Engine.Storage;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Elsa;

/// <summary>A save: the version as it stands, or the sentences that say why nothing was written.</summary>
internal sealed record DeskResult(VersionChange Change, StoredDefinition? Version, IReadOnlyList<string> Problems);

/// <summary>
/// What saves, publications and deletions of one request and of many have in common: what is taken from the Studio, the trail, and the
/// reasons in French.
/// </summary>
internal sealed class DefinitionDesk(AlizeDb db, DefinitionVersions versions, DefinitionTrail trail, DefinitionConsumers consumers, ActivityRegistry registry)
{
    // The column's length: an id is a key in the database and part of addresses.
    private const int LongestId = 100;

    /// <summary>Offered by the Studio's dialogue, absent from the engine.</summary>
    private const string StateMachine = "Elsa.StateMachine";

    public async Task<DeskResult> SaveAsync(JsonObject model, bool publish, CancellationToken cancel)
    {
        if (Misshapen(model) is { } misshapen) return new(VersionChange.None, null, [misshapen]);
        DefinitionDocument document;
        try
        {
            document = DefinitionModel.Read(model);
        }
        catch (DefinitionException unreadable)
        {
            return new(VersionChange.None, null, [unreadable.Sentence.French]);
        }

        document.Json["root"] ??= new JsonObject { ["id"] = "Sequence1", ["type"] = "Elsa.Sequence", ["version"] = 1, ["activities"] = new JsonArray() };
        return Finish(await versions.SaveAsync(document, publish, trail.NoteAsync, cancel));
    }

    public async Task<DeskResult> PublishAsync(string definitionId, CancellationToken cancel) =>
        Finish(await versions.PublishAsync(definitionId, trail.NoteAsync, cancel));

    public JsonObject Answer(StoredDefinition definition) => DefinitionModel.Answer(definition, registry);

    public async Task<Saved> SavedAsync(DeskResult result, CancellationToken cancel)
    {
        var version = result.Version ?? throw new ArgumentException("Nothing was saved.", nameof(result));
        var updated = result.Change == VersionChange.Published && DefinitionConsumers.FollowsByItself(version) ? await consumers.UpdateAsync(version, this, cancel) : [];
        return new Saved(Answer(version), AlreadyPublished: version.IsPublished && result.Change == VersionChange.None, updated.Count, []);
    }

    /// <summary>Deletes a definition whole; refused while an instance or a file keeps it.</summary>
    public async Task<(int Deleted, string? Refusal)> DeleteAsync(string definitionId, CancellationToken cancel)
    {
        var all = await db.Definitions.AsNoTracking().Where(d => d.DefinitionId == definitionId).OrderByDescending(d => d.Version).ToListAsync(cancel);
        if (all.Count == 0) return (0, null);
        if (all.Exists(d => d.FileHash is not null))
            return (0, $"« {all[0].Name} » est livrée avec le service (workflows/{definitionId}.json) : supprimée, elle reviendrait au prochain démarrage. Retirez-la de la publication, ou supprimez ses versions une à une.");
        if (await db.WorkflowInstances.CountAsync(i => i.DefinitionId == definitionId, cancel) is > 0 and var instances)
            return (0, $"« {all[0].Name} » a {Counted(instances)} : ses versions sont leur procédure et restent. Retirez-la de la publication, ou supprimez d’abord ces instances.");
        return ((await versions.DeleteAsync(definitionId, _ => true, trail.NoteAsync, cancel)).Count, null);
    }

    /// <summary>Deletes one version; the sentence that says why not, or null when it is gone.</summary>
    public async Task<string?> DeleteVersionAsync(StoredDefinition version, CancellationToken cancel)
    {
        var deleted = await versions.DeleteAsync(version.DefinitionId, v => v.Id == version.Id, trail.NoteAsync, cancel);
        if (deleted.Count > 0) return null;
        var instances = await db.WorkflowInstances.CountAsync(i => i.DefinitionVersionId == version.Id, cancel);
        return $"La version {version.Version} de « {version.Name} » a {Counted(instances)} : elle est leur procédure et reste.";
    }

    private static DeskResult Finish(VersionResult result) => new(result.Change, result.Version, [.. result.Problems.Select(p => p.French)]);

    /// <summary>What no tolerance can read.</summary>
    private static string? Misshapen(JsonObject model)
    {
        if (model["definitionId"] is { } id && (id is not JsonValue value || !value.TryGetValue(out string? text) || text.Length > LongestId || text.Any(c => char.IsControl(c) || c is '/' or '\\')))
            return $"« definitionId » est un texte d’au plus {LongestId} signes, sans barre oblique.";
        if (model["name"] is { } name && (name is not JsonValue nameValue || !nameValue.TryGetValue(out string? _)))
            return "« name » est un texte.";
        if (model["root"] is not (null or JsonObject))
            return "« root » est une activité : un objet avec id, type et version.";
        return model["root"]?["type"]?.ToString() == StateMachine
            ? "Les machines à états ne sont pas prises en charge ici : créez la procédure avec un organigramme (Flowchart) ou une séquence."
            : null;
    }

    private static string Counted(int instances) => instances == 1 ? "une instance" : instances.ToString(CultureInfo.InvariantCulture) + " instances";
}
