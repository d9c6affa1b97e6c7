using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Alize.Data;
using Alize.Data.Documents;
using Alize.Domain.Programmes;
using Alize.Workflows.Documents.Pdf;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Documents;

/// <summary>A document to make.</summary>
/// <param name="Key">Key of the step that asks for it: asked twice, it is made once.</param>
/// <param name="Record">The document's record, e.g. <c>MinutesDocument</c>: what its template is filled with.</param>
/// <param name="ProgrammeId">The programme.</param>
/// <param name="By">Who has it made.</param>
/// <param name="ProjectId">The project whose file it goes into. Null for none.</param>
/// <param name="SubjectId">The session, convention, instalment… it is about. Null for none.</param>
/// <param name="Reference">What it is filed under, printed at its foot: the project's number.</param>
public sealed record DocumentOrder(
    string Key, object Record, Guid ProgrammeId, string By, Guid? ProjectId = null, Guid? SubjectId = null, string Reference = "");

/// <summary>Makes documents and keeps them: the PDF, its SHA-256, its text and the values it was made from. Nothing kept is ever changed.</summary>
public sealed partial class DocumentArchive(AlizeDb db, Templates templates, ProgrammeClock clock)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>
    /// Makes a document in the programme's wording and adds it to the unit of work at hand; the caller saves. The one entry for
    /// every step that needs a document.
    /// </summary>
    /// <exception cref="TemplateException">The template does not fit the record.</exception>
    public Task<StoredDocument> MakeAsync(DocumentOrder order, CancellationToken cancel) => MakeAsync(order, pdf => pdf, cancel);

    /// <summary>The same, with something done to the file before it is kept.</summary>
    internal async Task<StoredDocument> MakeAsync(DocumentOrder order, Func<byte[], byte[]> finish, CancellationToken cancel)
    {
        if (await FindAsync(order.Key, cancel) is { } made) return made;

        var kind = DocumentCatalogue.Of(order.Record);
        var programme = await db.Programmes.SingleAsync(p => p.Id == order.ProgrammeId, cancel);
        var version = await templates.CurrentAsync(order.ProgrammeId, kind.Name, cancel);
        var filled = templates.Fill(kind, version?.Text ?? kind.Shipped, order.Record, programme);
        var pdf = finish(PdfPress.Print(filled.Markdown, await LetterheadAsync(programme, filled.Title, order.Reference, cancel)));
        return Add(new()
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = order.ProgrammeId,
            ProjectId = order.ProjectId,
            SubjectId = order.SubjectId,
            Key = order.Key,
            Kind = order.Record.GetType().Name,
            Title = filled.Title,
            FileName = FileNameOf(filled.Title, order.Reference),
            MadeAt = clock.UtcNow,
            MadeBy = order.By,
            Sha256 = HashOf(pdf),
            Content = pdf,
            Text = filled.Markdown,
            Source = JsonSerializer.Serialize(order.Record, order.Record.GetType(), Json),
            TemplateVersionId = version?.Id,
        });
    }

    /// <summary>The document a key made, saved already or not.</summary>
    public async Task<StoredDocument?> FindAsync(string key, CancellationToken cancel) =>
        db.Documents.Local.FirstOrDefault(d => d.Key == key) ?? await db.Documents.SingleOrDefaultAsync(d => d.Key == key, cancel);

    /// <summary>Keeps a file made or received elsewhere.</summary>
    public StoredDocument Add(StoredDocument document)
    {
        db.Documents.Add(document);
        return document;
    }

    /// <summary>The PDF a text would give, kept nowhere.</summary>
    public async Task<byte[]> PreviewAsync(Programme programme, FilledText filled, CancellationToken cancel) =>
        PdfPress.Print(filled.Markdown, await LetterheadAsync(programme, filled.Title, "spécimen", cancel));

    /// <summary>Head and foot of a document: the programme, and those whose names it carries (R21, art. 7).</summary>
    public async Task<Letterhead> LetterheadAsync(Programme programme, string title, string reference, CancellationToken cancel)
    {
        var emblems = await EmblemsAsync(programme.Id, cancel);
        return new(title, programme.Name, programme.Territory, reference, clock.UtcNow, [.. emblems.Select(e => new Emblem(e.Name, e.Image))]);
    }

    /// <summary>The three emblems in the order of article 7; names where no logo was uploaded yet.</summary>
    public async Task<IReadOnlyList<ProgrammeEmblem>> EmblemsAsync(Guid programmeId, CancellationToken cancel)
    {
        var known = await db.ProgrammeEmblems.AsNoTracking().Where(e => e.ProgrammeId == programmeId).ToListAsync(cancel);
        return [.. Enum.GetValues<EmblemOwner>().Select(owner => known.FirstOrDefault(e => e.Owner == owner)
            ?? new() { Id = Guid.Empty, ProgrammeId = programmeId, Owner = owner, Name = DefaultName(owner) })];
    }

    public static string HashOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public static string FileNameOf(string title, string reference, string extension = "pdf")
    {
        var name = NotInFileName().Replace(reference.Length > 0 ? $"{reference} {title}" : title, "-").Trim('-', ' ');
        return $"{(name.Length > 100 ? name[..100] : name)}.{extension}";
    }

    // DIACT, the agency of the convention's text, is part of it since 2020.
    private static string DefaultName(EmblemOwner owner) => owner switch
    {
        EmblemOwner.Astrees => "ASTREES",
        EmblemOwner.StateAgency => "Agence nationale de la cohésion des territoires",
        _ => "Caisse des dépôts",
    };

    [GeneratedRegex(@"[^\p{L}\p{N} ’'().,–-]+")]
    private static partial Regex NotInFileName();
}
