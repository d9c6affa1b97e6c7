using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Alize.Workflows.Mail;

/// <summary>How the connection to the mail server is protected.</summary>
public enum MailSecurity
{
    /// <summary>TLS from the start on port 465, STARTTLS elsewhere where the server offers it.</summary>
    Auto,

    /// <summary>No encryption: for a relay on the same machine.</summary>
    None,

    /// <summary>STARTTLS, refused when the server does not offer it.</summary>
    StartTls,

    /// <summary>TLS from the start.</summary>
    SslOnConnect,
}

internal static class MailSecurityExtensions
{
    /// <summary>The same, in MailKit's words.</summary>
    public static SecureSocketOptions ToSocketOptions(this MailSecurity security) => security switch
    {
        MailSecurity.None => SecureSocketOptions.None,
        MailSecurity.StartTls => SecureSocketOptions.StartTls,
        MailSecurity.SslOnConnect => SecureSocketOptions.SslOnConnect,
        _ => SecureSocketOptions.Auto,
    };
}

/// <summary>Where mails go.</summary>
public sealed class MailOptions
{
    public const string Section = "Mail";

    /// <summary>SMTP server, e.g. <c>smtp.example.org</c>. Empty: mails are written to <see cref="Directory"/>, the development mailbox.</summary>
    public string Host { get; set; } = "";

    /// <summary>Port. Default 587.</summary>
    public int Port { get; set; } = 587;

    /// <summary>Default <see cref="MailSecurity.Auto"/>.</summary>
    public MailSecurity Security { get; set; } = MailSecurity.Auto;

    /// <summary>Account on the server. Empty: none.</summary>
    public string User { get; set; } = "";

    /// <summary>Password of the account.</summary>
    public string Password { get; set; } = "";

    /// <summary>Address of the sender, e.g. <c>alize@example.org</c>. Needed with a server; without one, an address of the public host.</summary>
    public string From { get; set; } = "";

    /// <summary>Time allowed to hand over one mail, the connection included. Default 30 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether a certificate is looked up in its authority's revocation list. Default: yes; no where that list cannot be reached.</summary>
    public bool CheckRevocation { get; set; } = true;

    /// <summary>Folder of the development mailbox. Default <c>data/mail</c> beside the program.</summary>
    public string Directory { get; set; } = Path.Combine(AppContext.BaseDirectory, "data", "mail");

    /// <summary>How long a personal link works after its mail was handed over. Default 90 days.</summary>
    public TimeSpan LinkLifetime { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Whether mails go to the development mailbox.</summary>
    public bool IsDevelopmentMailbox => Host.Length == 0;
}

/// <summary>Says everything that is wrong at once, so that an administrator restarts the program once.</summary>
internal sealed class MailOptionsCheck : IValidateOptions<MailOptions>
{
    public ValidateOptionsResult Validate(string? name, MailOptions options)
    {
        var errors = Errors(options).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Errors(MailOptions mail)
    {
        if (mail.Port is < 1 or > 65535) yield return $"Mail:Port is {mail.Port}; a port is 1 to 65535, most often 587.";
        if (!Enum.IsDefined(mail.Security)) yield return "Mail:Security is one of Auto, None, StartTls, SslOnConnect.";
        if (mail.Timeout < TimeSpan.FromSeconds(1) || mail.Timeout > TimeSpan.FromMinutes(10))
            yield return $"Mail:Timeout is {mail.Timeout}; allow 00:00:01 to 00:10:00.";
        if (mail.LinkLifetime < TimeSpan.FromHours(1) || mail.LinkLifetime > TimeSpan.FromDays(1096))
            yield return $"Mail:LinkLifetime is {mail.LinkLifetime}; allow 01:00:00 to 1096.00:00:00.";
        if (mail.From.Length > 0 && !(MailboxAddress.TryParse(mail.From, out var from) && from.Address.Contains('@', StringComparison.Ordinal)))
            yield return "Mail:From is not a mail address; write for example alize@example.org.";
        if (mail.IsDevelopmentMailbox)
        {
            if (mail.Directory.Length == 0) yield return "Mail:Host and Mail:Directory are both empty: mails would go nowhere. Set one.";
            yield break;
        }

        if (Uri.CheckHostName(mail.Host) == UriHostNameType.Unknown)
            yield return $"Mail:Host '{mail.Host}' is not a host name; write for example smtp.example.org, without protocol or port.";
        if (mail.From.Length == 0) yield return "Mail:From is empty; with a mail server it must be an address that server accepts.";
        if (mail.User.Length == 0 != (mail.Password.Length == 0)) yield return "Mail:User and Mail:Password go together; set both, or none.";
        if (mail.User.Length > 0 && mail.Security == MailSecurity.None)
            yield return "Mail:Security is None with Mail:User set: the password would travel in clear. Choose StartTls or SslOnConnect.";
    }
}
