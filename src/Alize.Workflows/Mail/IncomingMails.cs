using Alize.Data;
using Alize.Data.Outbox;
using Alize.Domain.Committee;
using Alize.Workflows.Committee;
using Alize.Workflows.Programmes;
using Ical.Net;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Alize.Workflows.Mail;

/// <summary>What became of an incoming mail.</summary>
public enum IncomingFate
{
    /// <summary>Nothing the service acts on: left to the people who read the mailbox.</summary>
    Ignored,

    /// <summary>An answer to an invitation was noted.</summary>
    ReplyNoted,

    /// <summary>A mail of ours did not arrive, and its row says so.</summary>
    BounceNoted,
}

/// <summary>Understands answers to invitations (iMIP REPLY, RFC 6047) and delivery reports (RFC 3464).</summary>
public sealed class IncomingMails(AlizeDb db, SessionPlans plans, Trail trail)
{
    /// <summary>Acts on one mail. Taking the same mail twice changes nothing more.</summary>
    public async Task<IncomingFate> TakeAsync(MimeMessage message, CancellationToken cancel)
    {
        if (Reports(message).FirstOrDefault(IsFailure) is not null) return await NoteBounceAsync(message, cancel);
        foreach (var part in message.BodyParts.OfType<TextPart>().Where(p => p.ContentType.IsMimeType("text", "calendar")))
            if (await NoteReplyAsync(part.Text, message, cancel)) return IncomingFate.ReplyNoted;
        return IncomingFate.Ignored;
    }

    private async Task<bool> NoteReplyAsync(string text, MimeMessage message, CancellationToken cancel)
    {
        var calendar = Calendar.Load(text);
        if (calendar?.Method is not { } method || !method.Equals("REPLY", StringComparison.OrdinalIgnoreCase)) return false;
        if (calendar.Events.FirstOrDefault() is not { } entry || !Guid.TryParse(entry.Uid, out var sessionId)) return false;
        if (entry.Attendees.FirstOrDefault() is not { } attendee || AddressOf(attendee.Value) is not { } address) return false;

        // Somebody else's calendar program must not answer for a person: the mail comes from who it answers for.
        if (!message.From.Mailboxes.Any(from => from.Address.Equals(address, StringComparison.OrdinalIgnoreCase))) return false;

        var session = await db.CommitteeSessions.AsNoTracking().SingleOrDefaultAsync(s => s.Id == sessionId, cancel);
        if (session is null || entry.Sequence < session.Sequence) return false;   // an answer to a day that has changed since
        var ids = session.Invitees.Select(i => i.ContactId).ToList();
        var contact = (await db.Contacts.AsNoTracking().Where(c => ids.Contains(c.Id)).ToListAsync(cancel))
            .Find(c => c.Email.Equals(address, StringComparison.OrdinalIgnoreCase));
        if (contact is null || ReplyOf(attendee.ParticipationStatus) is not { } reply) return false;
        return (await plans.AnswerAsync(sessionId, contact.Id, reply, contact.FullName, cancel)).Count == 0;
    }

    private async Task<IncomingFate> NoteBounceAsync(MimeMessage message, CancellationToken cancel)
    {
        if (OriginalId(message) is not { } id || await db.OutboxMails.SingleOrDefaultAsync(m => m.Id == id, cancel) is not { } mail) return IncomingFate.Ignored;
        if (mail.State == MailState.Failed) return IncomingFate.BounceNoted;
        mail.State = MailState.Failed;
        mail.LastError = $"Undelivered: the addressee's server answered {Reports(message).First(IsFailure)["Status"] ?? "without a code"}.";
        if (mail.ProgrammeId is { } programmeId)
            trail.Add(programmeId, "mail-undelivered", $"Courriel non remis à {mail.ToName} : {mail.Subject}", projectId: mail.ProjectId, subjectId: mail.Id);
        await db.SaveChangesAsync(cancel);
        return IncomingFate.BounceNoted;
    }

    private static IEnumerable<HeaderList> Reports(MimeMessage message) =>
        message.BodyParts.OfType<MessageDeliveryStatus>().SelectMany(report => report.StatusGroups);

    // A report of delay is no failure: the mail may still arrive.
    private static bool IsFailure(HeaderList group) => string.Equals(group["Action"]?.Trim(), "failed", StringComparison.OrdinalIgnoreCase);

    /// <summary>Our mails' Message-Id begins with their row's id, see <see cref="MailMessages"/>.</summary>
    private static Guid? OriginalId(MimeMessage message)
    {
        var candidates = message.BodyParts.OfType<MessagePart>().Select(p => p.Message?.MessageId)
            .Concat(message.BodyParts.OfType<TextRfc822Headers>().Select(p => p.Message?.MessageId))
            .Append(message.InReplyTo).Concat(message.References);
        foreach (var candidate in candidates)
            if (candidate?.Split('@')[0] is { } local && Guid.TryParse(local, out var id)) return id;
        return null;
    }

    private static string? AddressOf(Uri? attendee) =>
        attendee is { Scheme: "mailto" } ? Uri.UnescapeDataString(attendee.OriginalString["mailto:".Length..]) : null;

    private static InvitationReply? ReplyOf(string? status) => status?.ToUpperInvariant() switch
    {
        "ACCEPTED" => InvitationReply.Accepted,
        "TENTATIVE" => InvitationReply.Tentative,
        "DECLINED" => InvitationReply.Declined,
        _ => null,
    };
}
