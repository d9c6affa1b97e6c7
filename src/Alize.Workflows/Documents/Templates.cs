using System.Reflection;
using Alize.Data;
using Alize.Data.Documents;
using Alize.Domain.Programmes;
using Alize.Workflows.Documents.Pdf;
using Alize.Workflows.Mail;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;
using Scriban.Runtime;

namespace Alize.Workflows.Documents;

/// <summary>A template filled: its title, and its text in Markdown.</summary>
public sealed record FilledText(string Title, string Markdown);

/// <summary>
/// The wording of mails and documents in each programme: what shipped, until the operator words it anew. A wording is never
/// overwritten; one that cannot be filled is refused, with its line.
/// </summary>
public sealed class Templates(AlizeDb db, Trail trail, ProgrammeClock clock)
{
    private const int LongestText = 100_000;

    /// <summary>The operator's wording in force. Null: the shipped one.</summary>
    public async Task<TemplateVersion?> CurrentAsync(Guid programmeId, string name, CancellationToken cancel)
    {
        var newest = await db.TemplateVersions.AsNoTracking().Where(v => v.ProgrammeId == programmeId && v.Name == name)
            .OrderByDescending(v => v.SavedAt).ThenByDescending(v => v.Id).FirstOrDefaultAsync(cancel);
        return newest?.Text is null ? null : newest;
    }

    /// <summary>All wordings the operator saved, newest first.</summary>
    public async Task<IReadOnlyList<TemplateVersion>> HistoryAsync(Guid programmeId, string name, CancellationToken cancel) =>
        await db.TemplateVersions.AsNoTracking().Where(v => v.ProgrammeId == programmeId && v.Name == name)
            .OrderByDescending(v => v.SavedAt).ThenByDescending(v => v.Id).ToListAsync(cancel);

    /// <summary>Saves a wording; documents and mails made from now on follow it. Refused with line and reason when it cannot be filled.</summary>
    public async Task<IReadOnlyList<Problem>> SaveAsync(Programme programme, TemplateKind kind, string text, string by, CancellationToken cancel)
    {
        if (Problem(kind, text, programme) is { } problem) return [problem];
        text = text.ReplaceLineEndings("\n");
        if (text == (await CurrentAsync(programme.Id, kind.Name, cancel))?.Text) return [];
        return await AddAsync(programme.Id, kind, text, "Modèle modifié", by, cancel);
    }

    /// <summary>Takes the shipped wording back.</summary>
    public async Task<IReadOnlyList<Problem>> TakeBackAsync(Guid programmeId, TemplateKind kind, string by, CancellationToken cancel) =>
        await CurrentAsync(programmeId, kind.Name, cancel) is null ? [] : await AddAsync(programmeId, kind, null, "Modèle livré repris", by, cancel);

    /// <summary>What keeps a wording from being used; null for nothing. It is tried on every sample.</summary>
    public Problem? Problem(TemplateKind kind, string text, Programme programme)
    {
        if (text.Length > LongestText) return new("text", $"Ce modèle dépasse {LongestText} caractères. Abrégez-le.");
        try
        {
            foreach (var sample in kind.Samples)
            {
                var filled = Fill(kind, text, sample, programme);
                if (kind.IsMail && HasLink(filled) != HasLink(Fill(kind, kind.Shipped, sample, programme)))
                    return new("text", HasLink(filled)
                        ? "Ce courriel ne porte pas de lien personnel : retirez {{ link }}."
                        : "Ce courriel doit porter le lien personnel : écrivez {{ link }} seul sur une ligne, là où le bouton doit être.");
                if (!kind.IsMail) PdfPress.Print(filled.Markdown, new(filled.Title, programme.Name, programme.Territory, "", DateTime.UnixEpoch, []));
            }

            return null;
        }
        catch (TemplateException refused)
        {
            return new("text", refused.Line is { } line ? $"Ligne {line} : {refused.Reason}" : refused.Reason);
        }
    }

    /// <summary>Fills a wording with a record.</summary>
    /// <exception cref="TemplateException">It cannot be filled.</exception>
    public FilledText Fill(TemplateKind kind, string text, object record, Programme programme)
    {
        if (kind.IsMail)
        {
            var mail = new MailComposer().Compose(record, SampleReader(kind.Language), programme.Name, "Atelier d’usinage cinq axes", text);
            return new(mail.Subject, mail.Body);
        }

        var template = TextTemplate.Parse(kind.Name, text);
        var values = new ScriptObject { ["Programme"] = programme.Name, ["Territory"] = programme.Territory, ["Today"] = clock.Today };
        foreach (var property in record.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
            if (property.GetIndexParameters().Length == 0) values[property.Name] = property.GetValue(record);
        var title = template.Render(template.Title, values, kind.Language, isMarkdown: false).Trim();
        if (title.Length == 0) throw new TemplateException($"'{kind.Name}' gives an empty title.", 1, "Le titre est vide : c’est la première ligne.");
        return new(title, template.Render(template.Body, values, kind.Language, isMarkdown: true).Trim('\n') + "\n");
    }

    private static bool HasLink(FilledText filled) => filled.Markdown.Contains(MailComposer.LinkMarker, StringComparison.Ordinal);

    private async Task<IReadOnlyList<Problem>> AddAsync(Guid programmeId, TemplateKind kind, string? text, string what, string by, CancellationToken cancel)
    {
        db.TemplateVersions.Add(new()
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = programmeId,
            Name = kind.Name,
            Text = text,
            SavedAt = clock.UtcNow,
            SavedBy = by,
        });
        trail.Add(programmeId, "template", $"{what} : {kind.Label} ({kind.Name})", by);
        await db.SaveChangesAsync(cancel);
        return [];
    }

    private static Contact SampleReader(string language) => new()
    {
        Id = Guid.Empty,
        ProgrammeId = Guid.Empty,
        Role = ContactRole.Representative,
        FullName = "Claude Rivière",
        Email = "claude.riviere@partenaire.example",
        Language = language,
        From = DateOnly.MinValue,
    };
}
