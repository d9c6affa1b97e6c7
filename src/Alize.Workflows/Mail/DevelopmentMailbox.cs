using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Alize.Workflows.Mail;

/// <summary>A mail of the development mailbox.</summary>
public sealed record MailboxMessage(
    string Id, string From, string To, string Subject, DateTimeOffset SentAt, string Text, string Html, IReadOnlyList<string> Attachments);

/// <summary>Reads what <see cref="FolderTransport"/> wrote.</summary>
public sealed partial class DevelopmentMailbox(IOptions<MailOptions> options)
{
    /// <summary>The newest mails first. Only those are opened, however many there are.</summary>
    public IReadOnlyList<MailboxMessage> List(int take)
    {
        if (!Directory.Exists(Folder)) return [];
        return [.. Directory.EnumerateFiles(Folder, "*" + FolderTransport.Extension)
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .OrderDescending(StringComparer.Ordinal)
            .Select(Find).OfType<MailboxMessage>().Take(take)];
    }

    /// <summary>One mail; null when there is none of that id, or when the id is not one of ours.</summary>
    public MailboxMessage? Find(string id)
    {
        if (!Id().IsMatch(id)) return null;
        var path = Path.Combine(Folder, id + FolderTransport.Extension);
        if (!File.Exists(path)) return null;
        using var message = MimeMessage.Load(path);
        return new(id, message.From.ToString(), message.To.ToString(), message.Subject ?? "", message.Date,
            message.TextBody ?? "", message.HtmlBody ?? "", [.. message.Attachments.Select(a => a.ContentDisposition?.FileName ?? a.ContentType.Name ?? "")]);
    }

    /// <summary>A file that goes with a mail, counted from 1; null when there is none.</summary>
    public (string Name, string Type, byte[] Content)? Attachment(string id, int number)
    {
        if (!Id().IsMatch(id)) return null;
        var path = Path.Combine(Folder, id + FolderTransport.Extension);
        if (!File.Exists(path)) return null;
        using var message = MimeMessage.Load(path);
        if (message.Attachments.ElementAtOrDefault(number - 1) is not MimePart { Content: { } content } part) return null;
        using var bytes = new MemoryStream();
        content.DecodeTo(bytes);
        return (part.FileName ?? "", part.ContentType.MimeType, bytes.ToArray());
    }

    private string Folder => options.Value.Directory;

    // No dot, no slash: an id never leads out of the folder.
    [GeneratedRegex(@"\A[0-9A-Za-z-]{1,80}\z")]
    private static partial Regex Id();
}
