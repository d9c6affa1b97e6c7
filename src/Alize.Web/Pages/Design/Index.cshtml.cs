using Alize.Data;
using Alize.Data.People;
using Alize.Domain;
using Alize.Domain.Programmes;
using Alize.Engine.Definitions;
using Alize.Web.Elsa;
using Alize.Web.Hosting;
using Alize.Web.Look;
using Alize.Web.Programmes;
using Alize.Workflows.Programmes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Design;

/// <summary>
/// What the operator sees of procedures outside the Studio: how each stands to the file it came from, who changed what, and the keys
/// with which programs come in.
/// </summary>
public sealed class IndexModel(AlizeDb db, DefinitionFiles files, DefinitionVersions versions, DefinitionTrail trail, ElsaKeys keys, ProcedureMoves moves) : ProgrammePage
{
    private const int TrailLines = 15;
    private const int LongestName = 80;

    public IReadOnlyList<DefinitionFile> Definitions { get; private set; } = [];

    /// <summary>Procedures of this programme that follow an older version, by definition.</summary>
    public IReadOnlyDictionary<string, ProceduresBehind> Behind { get; private set; } = new Dictionary<string, ProceduresBehind>();

    public IReadOnlyList<AuditEntry> Changes { get; private set; } = [];

    public IReadOnlyList<ApiKey> Keys { get; private set; } = [];

    /// <summary>A key just made: shown in this answer and never again.</summary>
    public string? NewKey { get; private set; }

    // As typed.
    public string KeyName { get; private set; } = "";

    public MemberRole KeyRole { get; private set; } = MemberRole.Designer;

    /// <summary>Whether the Studio lets this person in.</summary>
    public bool MayDesign => Visit.CanWrite || Visit.CanDesign;

    public Task OnGetAsync(CancellationToken cancel) => LoadAsync(cancel);

    /// <summary>Publishes what a file says in the place of what was changed here.</summary>
    public async Task<IActionResult> OnPostTakeAsync(string? definition, CancellationToken cancel)
    {
        if (definition is null || await DefinitionFiles.ReadAsync(AlizeHost.WorkflowsFolder, definition, cancel) is not { } json) return NotFound();
        var result = await versions.TakeFileAsync(definition, json, trail.NoteAsync, cancel);
        if (result.Problems.Count > 0)
        {
            await LoadAsync(cancel);
            return Refused([.. result.Problems.Select(p => new Workflows.Problem("", FrenchText.Typeset($"Le fichier {definition}.json ne peut pas être publié : {p.French}")))]);
        }

        Say(FrenchText.Typeset($"La version {result.Version?.Version} de « {result.Version?.Name} » est celle du fichier. Les dossiers en cours gardent la leur."));
        return Redirect($"{Root}/design");
    }

    public async Task<IActionResult> OnPostKeyAsync(string? name, MemberRole? role, CancellationToken cancel)
    {
        (KeyName, KeyRole) = (name?.Trim() ?? "", role ?? MemberRole.Designer);
        if (KeyName.Length is 0 or > LongestName || KeyName.Any(char.IsControl) || !ElsaKeys.Roles.Contains(KeyRole))
        {
            await LoadAsync(cancel);
            return Refused([new("name", $"Dites à quoi servira la clé, en {LongestName} signes au plus : son nom signera ce qu’elle fait.")]);
        }

        NewKey = await keys.MakeAsync(ProgrammeId, KeyName, KeyRole, By, cancel);
        Response.Headers.CacheControl = "no-store";
        KeyName = "";
        await LoadAsync(cancel);
        return Page();
    }

    public async Task<IActionResult> OnPostRevokeAsync(Guid id, CancellationToken cancel)
    {
        if (!await keys.RevokeAsync(ProgrammeId, id, By, cancel)) return NotFound();
        Say("La clé est révoquée : elle n’ouvre plus rien.");
        return Redirect($"{Root}/design#cles");
    }

    public static (Tone Tone, string Words) Of(FileState state) => state switch
    {
        FileState.Follows => (Tone.Good, "Suit son fichier"),
        FileState.ChangedHere => (Tone.Running, "Modifiée au Studio"),
        FileState.FileIsNewer => (Tone.Waiting, "Fichier plus récent"),
        FileState.MadeHere => (Tone.Running, "Créée au Studio"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "A state without words: add it here."),
    };

    private async Task LoadAsync(CancellationToken cancel)
    {
        Definitions = await files.CompareAsync(AlizeHost.WorkflowsFolder, cancel);
        Behind = (await moves.BehindAsync(ProgrammeId, cancel)).ToDictionary(b => b.DefinitionId);
        Changes = await db.AuditEntries.AsNoTracking().Where(e => e.ProgrammeId == ProgrammeId && e.Kind == DefinitionTrail.Kind)
            .OrderByDescending(e => e.Id).Take(TrailLines).ToListAsync(cancel);
        Keys = CanWrite
            ? await db.ApiKeys.AsNoTracking().Where(k => k.ProgrammeId == ProgrammeId && k.RevokedAt == null).OrderByDescending(k => k.CreatedAt).ToListAsync(cancel)
            : [];
    }
}
