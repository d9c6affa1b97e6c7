namespace Alize.Data.Documents;

/// <summary>
/// A document as it was made: its bytes, their hash, and what it was made from. Written once; a later version is another document,
/// and an edit of its template changes nothing here.
/// </summary>
public sealed class StoredDocument
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The project concerned. Null for none.</summary>
    public Guid? ProjectId { get; init; }

    /// <summary>The thing it is about: convention, session, instalment… Null for none.</summary>
    public Guid? SubjectId { get; init; }

    /// <summary>Key of the step that made it: a step that runs twice makes one document. Unique.</summary>
    public required string Key { get; init; }

    /// <summary>Name of its template, e.g. <c>CooperationConventionDocument</c>; of an uploaded file, what it is.</summary>
    public required string Kind { get; init; }

    /// <summary>Title for people.</summary>
    public required string Title { get; init; }

    /// <summary>Name of the file when it is downloaded, with its extension.</summary>
    public required string FileName { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTime MadeAt { get; init; }

    /// <summary>Who had it made.</summary>
    public required string MadeBy { get; init; }

    /// <summary>SHA-256 of <see cref="Content"/>, hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The file, PDF.</summary>
    public required byte[] Content { get; init; }

    /// <summary>Its text, Markdown. Empty for an uploaded file.</summary>
    public string Text { get; init; } = "";

    /// <summary>The values its template was filled with, JSON. Empty for an uploaded file.</summary>
    public string Source { get; init; } = "";

    /// <summary>The operator's version of the template it was made with. Null: the one shipped.</summary>
    public Guid? TemplateVersionId { get; init; }
}

/// <summary>
/// One wording of a template in one programme, from the moment it was saved until the next one: of a document or of a mail.
/// </summary>
public sealed class TemplateVersion
{
    /// <summary>Id, ascending with time.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>Name of the template with its language, e.g. <c>AskPartnerMail.en</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The text: title or subject, a blank line, Markdown with Liquid. Null: the shipped one was taken back.</summary>
    public string? Text { get; init; }

    /// <summary>When it was saved, UTC.</summary>
    public required DateTime SavedAt { get; init; }

    /// <summary>Who saved it.</summary>
    public required string SavedBy { get; init; }
}

/// <summary>Whose name every document carries (R21, art. 7).</summary>
public enum EmblemOwner
{
    /// <summary>ASTREES, tête de réseau.</summary>
    Astrees,

    /// <summary>The State's agency: DIACT in the convention's text, whichever follows it.</summary>
    StateAgency,

    /// <summary>Caisse des dépôts.</summary>
    Cdc,
}

/// <summary>A name, and where the operator uploaded one a logo, for the head of every document (R21, art. 7).</summary>
public sealed class ProgrammeEmblem
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>Whose.</summary>
    public required EmblemOwner Owner { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; set; }

    /// <summary>The logo, PNG or JPEG. Null: the name stands for it.</summary>
    public byte[]? Image { get; set; }
}
