using Alize.Data;
using Alize.Data.Documents;
using Alize.Web.Programmes;
using Alize.Workflows.Documents;
using Alize.Workflows.Programmes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Documents;

/// <summary>The templates of documents and mails, and the names and logos at the head of documents (R21).</summary>
public sealed class TemplatesModel(AlizeDb db, DocumentArchive archive, Trail trail) : ProgrammePage
{
    private const int LargestLogo = 500 * 1024;

    public IReadOnlyList<TemplateKind> Documents { get; } = [.. DocumentCatalogue.All.Where(k => !k.IsMail)];

    public IReadOnlyList<TemplateKind> Mails { get; } = [.. DocumentCatalogue.All.Where(k => k.IsMail)];

    /// <summary>The newest version of each template that was ever changed.</summary>
    public Dictionary<string, TemplateVersion> Saved { get; private set; } = [];

    public IReadOnlyList<ProgrammeEmblem> Emblems { get; private set; } = [];

    public static string TypeOf(byte[] image) => image is [0x89, 0x50, ..] ? "image/png" : "image/jpeg";

    public Task OnGetAsync(CancellationToken cancel) => LoadAsync(cancel);

    public async Task<IActionResult> OnPostEmblemAsync(EmblemOwner owner, string? name, IFormFile? logo, CancellationToken cancel)
    {
        var (image, problem) = await ReadAsync(logo, cancel);
        if (string.IsNullOrWhiteSpace(name) || name.Length > 80) problem ??= "Écrivez le nom qui figure sur les documents, 80 caractères au plus.";
        if (problem is not null)
        {
            await LoadAsync(cancel);
            return Refused([new("", problem)]);
        }

        var emblem = await db.ProgrammeEmblems.SingleOrDefaultAsync(e => e.ProgrammeId == ProgrammeId && e.Owner == owner, cancel);
        if (emblem is null)
        {
            emblem = new() { Id = Guid.CreateVersion7(), ProgrammeId = ProgrammeId, Owner = owner, Name = "" };
            db.ProgrammeEmblems.Add(emblem);
        }

        emblem.Name = name!.Trim();
        if (image is not null) emblem.Image = image;
        trail.Add(ProgrammeId, "template", $"Nom{(image is null ? "" : " et logo")} sur les documents : {emblem.Name}", By);
        await db.SaveChangesAsync(cancel);
        Say($"Les prochains documents porteront « {emblem.Name} ».");
        return Redirect($"{Root}/templates#logos");
    }

    private static async Task<(byte[]? Image, string? Problem)> ReadAsync(IFormFile? logo, CancellationToken cancel)
    {
        if (logo is null || logo.Length == 0) return (null, null);
        if (logo.Length > LargestLogo) return (null, "Ce logo dépasse 500 Ko. Réduisez l’image et envoyez-la de nouveau.");
        using var bytes = new MemoryStream();
        await logo.CopyToAsync(bytes, cancel);
        return DocumentImages.IsUsable(bytes.ToArray())
            ? (bytes.ToArray(), null)
            : (null, "Ce fichier n’est pas une image PNG ou JPEG lisible. Exportez le logo en PNG et envoyez-le de nouveau.");
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        var versions = await db.TemplateVersions.AsNoTracking().Where(v => v.ProgrammeId == ProgrammeId).OrderBy(v => v.SavedAt).ThenBy(v => v.Id).ToListAsync(cancel);
        Saved = versions.GroupBy(v => v.Name).ToDictionary(g => g.Key, g => g.Last());
        Emblems = await archive.EmblemsAsync(ProgrammeId, cancel);
    }
}
