using System.Security.Cryptography;
using System.Text;
using Alize.Data;
using Alize.Data.Documents;
using Alize.Data.Outbox;
using Alize.Domain.Programmes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Alize.Workflows.Mail;

/// <summary>Makes of an outbox row what a mail server takes.</summary>
public sealed class MailMessages(AlizeDb db, IOptions<MailOptions> options, IOptions<AlizeOptions> alize, TimeProvider time)
{
    /// <summary>Signs mails of the service itself, which belong to no programme.</summary>
    private const string Service = "Alizé";

    /// <summary>The address a token is at.</summary>
    public string UrlOf(string purpose, string token) => MailLinks.UrlOf(alize.Value.PublicUrl, purpose, token);

    /// <summary>The same row always gives the same Message-Id.</summary>
    /// <param name="mail">The row.</param>
    /// <param name="link">The personal link, or the one-time code of a mail that bears one. Null for neither.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="MailNotHandedOverException">The addressee's address is none: this mail will never go.</exception>
    public async Task<MimeMessage> MakeAsync(OutboxMail mail, string? link, CancellationToken cancel)
    {
        var (programme, role) = await FrameAsync(mail, cancel);
        var documents = await DocumentsAsync(mail, cancel);
        var bearsCode = mail.LinkPurpose == MailLinks.Code;
        var parts = MailRenderer.Render(
            bearsCode ? mail.Body.Replace(MailComposer.CodeMarker, link, StringComparison.Ordinal) : mail.Body,
            new(mail.Language, mail.Subject, programme, role, bearsCode ? null : link) { Attachments = [.. documents.Select(d => d.FileName)] });
        var message = new MimeMessage
        {
            MessageId = $"{mail.Id}@{Host}",
            Date = time.GetUtcNow(),
            Subject = mail.Subject,
            Body = BodyOf(parts, mail.Calendar, documents),
        };
        message.From.Add(new MailboxAddress(programme, SenderAddress));
        message.To.Add(Addressee(mail));
        message.Body.Headers.Add(HeaderId.ContentLanguage, mail.Language);

        // RFC 3834: no out-of-office answers to a procedure. The second is what Exchange reads.
        if (mail.IsAutomatic)
        {
            message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
            message.Headers.Add("X-Auto-Response-Suppress", "All");
        }

        // No List-Unsubscribe: it is for what goes to a list (RFC 2369). These are acts of a procedure, one person each; who could
        // leave them would miss an invitation the convention requires (R4) or the notice of a debt.
        return message;
    }

    /// <summary>The address mails come from, which is also the organiser of what they invite to.</summary>
    public string SenderAddress => options.Value.From is { Length: > 0 } from ? MailboxAddress.Parse(from).Address : $"alize@{Host}";

    /// <summary>
    /// With a calendar entry: Outlook, Gmail and Apple Mail show their buttons for a text/calendar alternative whose method parameter
    /// is the entry's own (RFC 6047, 2.4); the attachment is for programs that only know files.
    /// </summary>
    private static MimeEntity BodyOf(MailParts parts, string? calendar, IReadOnlyList<StoredDocument> documents)
    {
        var words = new MultipartAlternative(new TextPart("plain") { Text = parts.Text }, new TextPart("html") { Text = parts.Html });
        var files = documents.Select(d => FileOf("application", "pdf", d.Content, d.FileName)).ToList();
        if (calendar is not null)
        {
            var entry = new TextPart("calendar") { Text = calendar };
            entry.ContentType.Parameters.Add("method", CalendarInvitation.MethodOf(calendar));
            words.Add(entry);
            files.Insert(0, FileOf("application", "ics", Encoding.UTF8.GetBytes(calendar), "seance.ics"));
        }

        if (files.Count == 0) return words;
        var all = new Multipart("mixed") { words };
        foreach (var file in files) all.Add(file);
        return all;
    }

    private static MimePart FileOf(string type, string subtype, byte[] content, string name) => new(type, subtype)
    {
        Content = new MimeContent(new MemoryStream(content)),
        ContentDisposition = new ContentDisposition(ContentDisposition.Attachment),
        ContentTransferEncoding = ContentEncoding.Base64,
        FileName = name,
    };

    /// <summary>The documents a mail carries, in its order, byte for byte as they were kept.</summary>
    private async Task<IReadOnlyList<StoredDocument>> DocumentsAsync(OutboxMail mail, CancellationToken cancel)
    {
        if (mail.Attachments.Count == 0) return [];
        var ids = mail.Attachments.ToList();
        var kept = await db.Documents.AsNoTracking().Where(d => ids.Contains(d.Id)).ToDictionaryAsync(d => d.Id, cancel);
        return [.. ids.Select(id => kept.GetValueOrDefault(id) is { } document && Convert.ToHexStringLower(SHA256.HashData(document.Content)) == document.Sha256
            ? document
            : throw new MailNotHandedOverException(MailFailure.Refused, $"Document '{id}', which goes with this mail, is missing or no longer what was kept; nothing was sent."))];
    }

    private async Task<(string Programme, ContactRole? Role)> FrameAsync(OutboxMail mail, CancellationToken cancel)
    {
        var programme = mail.ProgrammeId is { } programmeId
            ? await db.Programmes.Where(p => p.Id == programmeId).Select(p => p.Name).FirstOrDefaultAsync(cancel)
            : null;
        var role = mail.ContactId is { } contactId
            ? await db.Contacts.Where(c => c.Id == contactId).Select(c => (ContactRole?)c.Role).FirstOrDefaultAsync(cancel)
            : null;
        return (programme ?? Service, role);
    }

    private static MailboxAddress Addressee(OutboxMail mail) =>
        MailboxAddress.TryParse(mail.ToAddress, out var parsed) && parsed.Address.Contains('@', StringComparison.Ordinal)
            ? new(MarkdownText.OneLine(mail.ToName), parsed.Address)
            : throw new MailNotHandedOverException(MailFailure.Refused, "What stands as the addressee's address is not a mail address; correct the contact.");

    private string Host => new Uri(alize.Value.PublicUrl).IdnHost;
}
