using System.Security.Cryptography;
using System.Text;
using Alize.Data;
using Alize.Domain;
using Alize.Engine.Definitions;
using Alize.Engine.Storage;
using Alize.Web.People;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Elsa;

/// <summary>
/// Who changed a procedure, in the trail (R19), written with the change itself. Procedures are the server's: each programme's trail
/// has the line, because each programme's projects run them.
/// </summary>
public sealed class DefinitionTrail(AlizeDb db, Trail trail, TimeProvider time, IHttpContextAccessor http)
{
    public const string Kind = "procedure";

    // The Studio saves at each stroke of the pencil: one line tells of a sitting.
    private static readonly TimeSpan Sitting = TimeSpan.FromMinutes(10);

    /// <summary>As <see cref="NoteChange"/>.</summary>
    public async Task NoteAsync(VersionChange change, StoredDefinition version, CancellationToken cancel)
    {
        var subject = SubjectOf(version);
        var since = time.GetUtcNow().UtcDateTime - Sitting;
        var actor = Actor;
        if (change == VersionChange.DraftSaved
            && await db.AuditEntries.AnyAsync(e => e.Kind == Kind && e.SubjectId == subject && e.Actor == actor && e.At > since, cancel))
            return;

        await WriteAsync(Sentence(change, version), subject, cancel);
    }

    /// <summary>Somebody started instances by hand.</summary>
    public Task NoteStartAsync(StoredDefinition version, int count, CancellationToken cancel) => WriteAsync(
        $"Procédure {Name(version)} : {(count == 1 ? "une instance démarrée" : $"{count} instances démarrées")} à la main (version {version.Version}).", SubjectOf(version), cancel);

    private string Actor => http.HttpContext?.User is { } user ? user.FullName() : "";

    private async Task WriteAsync(string text, Guid subject, CancellationToken cancel)
    {
        foreach (var programmeId in await db.Programmes.Select(p => p.Id).ToListAsync(cancel))
            trail.Add(programmeId, Kind, FrenchText.Typeset(text), Actor, subjectId: subject);
    }

    /// <summary>The trail's id of a version, whose own id is a text.</summary>
    public static Guid SubjectOf(StoredDefinition version) => new(SHA256.HashData(Encoding.UTF8.GetBytes(version.Id)).AsSpan(0, 16));

    private static string Name(StoredDefinition version) =>
        version.Name == version.DefinitionId ? $"« {version.Name} »" : $"« {version.Name} » ({version.DefinitionId})";

    private static string Sentence(VersionChange change, StoredDefinition version)
    {
        var name = Name(version);
        return change switch
        {
            VersionChange.DraftAdded => $"Procédure {name} : brouillon de la version {version.Version} créé.",
            VersionChange.DraftSaved => $"Procédure {name} : brouillon de la version {version.Version} modifié.",
            VersionChange.Published => $"Procédure {name} : version {version.Version} publiée. Les dossiers en cours gardent la leur.",
            VersionChange.Retracted => $"Procédure {name} : version {version.Version} retirée de la publication.",
            VersionChange.Deleted => $"Procédure {name} : version {version.Version} supprimée, avec celles choisies en même temps.",
            _ => throw new ArgumentOutOfRangeException(nameof(change), change, "A change without a sentence: add it here."),
        };
    }
}
