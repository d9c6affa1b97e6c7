using Microsoft.Extensions.Options;

namespace Alize.Workflows.Mail;

/// <summary>The mailbox behind <see cref="MailOptions.From"/>, where answers to invitations and undelivered mails arrive (IMAP).</summary>
public sealed class InboxOptions
{
    public const string Section = "Inbox";

    /// <summary>IMAP server, e.g. <c>imap.example.org</c>. Empty: nothing is read; people answer on their pages.</summary>
    public string Host { get; set; } = "";

    /// <summary>Port. Default 993.</summary>
    public int Port { get; set; } = 993;

    /// <summary>Default <see cref="MailSecurity.Auto"/>: TLS from the start on port 993, STARTTLS elsewhere.</summary>
    public MailSecurity Security { get; set; } = MailSecurity.Auto;

    /// <summary>Account on the server.</summary>
    public string User { get; set; } = "";

    /// <summary>Password of the account.</summary>
    public string Password { get; set; } = "";

    /// <summary>Folder that is read. Default <c>INBOX</c>.</summary>
    public string Folder { get; set; } = "INBOX";

    /// <summary>Time allowed to one round. Default 1 min.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether a mailbox is read at all.</summary>
    public bool IsRead => Host.Length > 0;
}

/// <summary>Says everything that is wrong at once.</summary>
internal sealed class InboxOptionsCheck : IValidateOptions<InboxOptions>
{
    public ValidateOptionsResult Validate(string? name, InboxOptions options)
    {
        var errors = Errors(options).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Errors(InboxOptions inbox)
    {
        if (!inbox.IsRead) yield break;
        if (Uri.CheckHostName(inbox.Host) == UriHostNameType.Unknown)
            yield return $"Inbox:Host '{inbox.Host}' is not a host name; write for example imap.example.org, without protocol or port.";
        if (inbox.Port is < 1 or > 65535) yield return $"Inbox:Port is {inbox.Port}; a port is 1 to 65535, most often 993.";
        if (!Enum.IsDefined(inbox.Security)) yield return "Inbox:Security is one of Auto, None, StartTls, SslOnConnect.";
        if (inbox.User.Length == 0 || inbox.Password.Length == 0) yield return "Inbox:User and Inbox:Password are needed to read the mailbox; set both, or empty Inbox:Host.";
        if (inbox.Folder.Length == 0) yield return "Inbox:Folder is empty; write INBOX.";
        if (inbox.Timeout < TimeSpan.FromSeconds(5) || inbox.Timeout > TimeSpan.FromMinutes(10))
            yield return $"Inbox:Timeout is {inbox.Timeout}; allow 00:00:05 to 00:10:00.";
    }
}
