using Alize.Data;
using Alize.Data.Outbox;
using Alize.Domain.Programmes;
using Alize.Workflows.Documents;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Mail;

/// <summary>What a mail is about, and when it must not go out any more.</summary>
/// <param name="ProgrammeId">The programme.</param>
/// <param name="ProjectId">The project. Null for none.</param>
/// <param name="TaskId">The task its link opens. Null for none.</param>
/// <param name="LinkPurpose">What the personal link opens: <c>task</c>, <c>detect</c>, <c>session</c>, <c>account</c>. Null: no link.</param>
/// <param name="UnlessSettledInstallmentId">Withdrawn when this instalment is settled before hand-over.</param>
/// <param name="OnlyWhileTaskOpen">Withdrawn when the task is no longer open before hand-over.</param>
/// <param name="SessionId">The session its link opens. Null for none.</param>
/// <param name="Calendar">Calendar entry that goes with it, iCalendar text. Null for none.</param>
public sealed record MailAbout(
    Guid ProgrammeId, Guid? ProjectId = null, Guid? TaskId = null, string? LinkPurpose = null,
    Guid? UnlessSettledInstallmentId = null, bool OnlyWhileTaskOpen = false, Guid? SessionId = null, string? Calendar = null)
{
    /// <summary>
    /// Whether who acts for an absent addressee gets it too, with a line saying for whom. Never what leads to a vote (R2) or to a
    /// signature (R8).
    /// </summary>
    public bool AlsoToDelegate { get; init; }

    /// <summary>Documents of the archive that go with it; they may be made in the same unit of work.</summary>
    public IReadOnlyList<Guid> Attachments { get; init; } = [];
}

/// <summary>
/// Where a step puts its mails. The row is saved with the step's other changes, by the step's own <c>SaveChanges</c>;
/// <see cref="SendOutbox"/> hands it over after the commit.
/// </summary>
public sealed class Outbox(AlizeDb db, MailComposer composer, Templates templates, Delegates delegates, TimeProvider time)
{
    private const string CopyFor = ":for:";

    /// <summary>Adds the mail, unless one with that key exists already: a step that runs twice writes once.</summary>
    /// <param name="mail">The mail's record.</param>
    /// <param name="to">Who gets it.</param>
    /// <param name="about">What it is about.</param>
    /// <param name="key">Key of the step and the addressee.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="TemplateException">The template is missing or does not fit.</exception>
    public async Task PostAsync(object mail, Contact to, MailAbout about, string key, CancellationToken cancel)
    {
        await AddAsync(mail, to, about, key, absence: null, cancel);
        if (about.AlsoToDelegate) await PostToDelegateAsync(mail, to, about, key, cancel);
    }

    /// <summary>Adds the mail for who acts for an absent addressee today; nothing where nobody does, or where that person gets it anyway.</summary>
    public async Task PostToDelegateAsync(object mail, Contact absent, MailAbout about, string key, CancellationToken cancel)
    {
        if (await delegates.OfAsync(absent, cancel) is { } absence)
            await AddAsync(mail, absence.Delegate, about, $"{key}{CopyFor}{absent.Id:N}", absence, cancel);
    }

    private async Task AddAsync(object mail, Contact to, MailAbout about, string key, Absence? absence, CancellationToken cancel)
    {
        var mails = db.OutboxMails;
        if (mails.Local.Any(m => m.Key == key) || await mails.AnyAsync(m => m.Key == key, cancel)) return;

        var wording = await templates.CurrentAsync(about.ProgrammeId, $"{mail.GetType().Name}.{MailComposer.LanguageOf(to)}", cancel);
        var composed = composer.Compose(mail, to, await ProgrammeNameAsync(about, cancel), await ProjectTitleAsync(about, cancel), wording?.Text);
        Check(mail, about, composed);
        if (SameInThisUnitOfWork(mail, to, about, composed) is { } other)
        {
            // One person is written to once: a copy gives way to the mail in the person's own name, whichever came first.
            if (absence is not null) return;
            if (other.Key.Contains(CopyFor, StringComparison.Ordinal)) mails.Remove(other);
        }

        var now = time.GetUtcNow().UtcDateTime;
        mails.Add(new()
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()),
            ProgrammeId = about.ProgrammeId,
            ProjectId = about.ProjectId,
            Key = key,
            Name = mail.GetType().Name,
            ContactId = to.Id,
            ToName = to.FullName,
            ToAddress = to.Email,
            Language = MailComposer.LanguageOf(to),
            Subject = composed.Subject,
            Body = absence is null ? composed.Body : $"{absence.LineFor(to)}\n\n{composed.Body}",
            LinkPurpose = about.LinkPurpose,
            TaskId = about.TaskId,
            UnlessSettledInstallmentId = about.UnlessSettledInstallmentId,
            OnlyWhileTaskOpen = about.OnlyWhileTaskOpen,
            SessionId = about.SessionId,
            Calendar = about.Calendar,
            Attachments = about.Attachments,
            CreatedAt = now,
            NotBefore = now,
        });
    }

    private OutboxMail? SameInThisUnitOfWork(object mail, Contact to, MailAbout about, MailWording composed) => db.ChangeTracker.Entries<OutboxMail>()
        .Where(e => e.State == EntityState.Added).Select(e => e.Entity)
        .FirstOrDefault(m => m.Name == mail.GetType().Name && m.Subject == composed.Subject && m.TaskId == about.TaskId && m.ProjectId == about.ProjectId
            && string.Equals(m.ToAddress, to.Email, StringComparison.OrdinalIgnoreCase));

    /// <summary>Adds a mail to an address alone, its words as they are, unless one with that key exists already.</summary>
    /// <param name="words">Subject and Markdown.</param>
    /// <param name="to">Who gets it.</param>
    /// <param name="programmeId">The programme. Null: a mail of the service itself.</param>
    /// <param name="projectId">The project. Null for none.</param>
    /// <param name="key">Key of the step and the addressee.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task PostAsync(MailWording words, MimeKit.MailboxAddress to, Guid? programmeId, Guid? projectId, string key, CancellationToken cancel)
    {
        var mails = db.OutboxMails;
        if (mails.Local.Any(m => m.Key == key) || await mails.AnyAsync(m => m.Key == key, cancel)) return;

        var now = time.GetUtcNow().UtcDateTime;
        mails.Add(new()
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()),
            ProgrammeId = programmeId,
            ProjectId = projectId,
            Key = key,
            Name = nameof(SendEmail),
            ToName = string.IsNullOrWhiteSpace(to.Name) ? to.Address : to.Name,
            ToAddress = to.Address,
            Language = "fr",
            Subject = words.Subject,
            Body = words.Body,
            CreatedAt = now,
            NotBefore = now,
        });
    }

    /// <summary>Saves a mail that is the whole unit of work. Two who ask for it at once have asked once.</summary>
    /// <param name="key">The mail's key.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task SaveOnceAsync(string key, CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException) when (db.OutboxMails.AsNoTracking().Any(m => m.Key == key))
        {
            db.ChangeTracker.Clear();
        }
    }

    // Found among the tracked first: a step may post a mail about the project it has just made.
    private async Task<string> ProgrammeNameAsync(MailAbout about, CancellationToken cancel) =>
        db.Programmes.Local.FirstOrDefault(p => p.Id == about.ProgrammeId)?.Name
        ?? await db.Programmes.Where(p => p.Id == about.ProgrammeId).Select(p => p.Name).FirstOrDefaultAsync(cancel)
        ?? throw new InvalidOperationException($"A mail is about programme '{about.ProgrammeId}', which does not exist.");

    private async Task<string?> ProjectTitleAsync(MailAbout about, CancellationToken cancel) =>
        about.ProjectId is not { } id
            ? null
            : db.Projects.Local.FirstOrDefault(p => p.Id == id)?.Title
                ?? await db.Projects.Where(p => p.Id == id).Select(p => p.Title).FirstOrDefaultAsync(cancel)
                ?? throw new InvalidOperationException($"A mail is about project '{id}', which does not exist.");

    private static void Check(object mail, MailAbout about, MailWording composed)
    {
        var name = mail.GetType().Name;
        var hasMarker = composed.Body.Contains(MailComposer.LinkMarker, StringComparison.Ordinal);
        if (about.LinkPurpose is not (null or MailLinks.Account or MailLinks.Task or MailLinks.Detect or MailLinks.Session or MailLinks.Code))
            throw new ArgumentException($"{name}: link purpose '{about.LinkPurpose}' is unknown; use one of {nameof(MailLinks)}.", nameof(about));
        if (about.LinkPurpose == MailLinks.Session && about.SessionId is null)
            throw new ArgumentException($"{name}: a link to a session needs MailAbout.SessionId.", nameof(about));
        if (composed.Body.Contains(MailComposer.CodeMarker, StringComparison.Ordinal) != (about.LinkPurpose == MailLinks.Code))
            throw new ArgumentException($"{name}: its template holds {MailComposer.CodeMarker} exactly when MailAbout.LinkPurpose is MailLinks.Code.", nameof(about));
        if (about.LinkPurpose is MailLinks.Task or MailLinks.Code && about.TaskId is null)
            throw new ArgumentException($"{name}: a link to a task needs MailAbout.TaskId.", nameof(about));
        if (about.OnlyWhileTaskOpen && about.TaskId is null)
            throw new ArgumentException($"{name}: OnlyWhileTaskOpen needs MailAbout.TaskId.", nameof(about));
        if (hasMarker && about.LinkPurpose is null)
            throw new ArgumentException($"{name}: its template holds a personal link; set MailAbout.LinkPurpose.", nameof(about));
        if (!hasMarker && about.LinkPurpose is not (null or MailLinks.Code))
            throw new ArgumentException($"{name}: MailAbout.LinkPurpose is set, but its template holds no {MailComposer.LinkMarker}.", nameof(about));
    }
}
