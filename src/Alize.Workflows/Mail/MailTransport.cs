using System.Text.RegularExpressions;
using MimeKit;

namespace Alize.Workflows.Mail;

/// <summary>Hands mails over, many on one connection. Two of them: SMTP, and a folder for development.</summary>
public interface IMailTransport
{
    /// <summary>Hands one mail over; when it returns, somebody else answers for it.</summary>
    /// <exception cref="MailNotHandedOverException">It was not taken; says whether trying again can help.</exception>
    Task HandOverAsync(MimeMessage message, CancellationToken cancel);

    /// <summary>Ends the batch; the next mail opens a new connection.</summary>
    Task CloseAsync(CancellationToken cancel);
}

/// <summary>What a mail that was not taken means for it and for the next one.</summary>
public enum MailFailure
{
    /// <summary>Refused for good: this mail will never go.</summary>
    Refused,

    /// <summary>Not now: this mail is tried later, the next one now.</summary>
    Postponed,

    /// <summary>The server cannot be reached or does not let us in: no mail will go now.</summary>
    Unreachable,
}

/// <summary>A mail was not taken. Its message holds no address.</summary>
public sealed partial class MailNotHandedOverException(MailFailure failure, string reason, Exception? inner = null)
    : Exception(WithoutAddresses(reason), inner)
{
    public MailFailure Failure { get; } = failure;

    /// <summary>A server's answer often repeats the address; it is kept out of rows and logs.</summary>
    private static string WithoutAddresses(string reason)
    {
        var line = MarkdownText.OneLine(Address().Replace(reason, "(address)"));
        return line.Length <= 500 ? line : line[..500];
    }

    [GeneratedRegex(@"[^\s<>()\[\]:;,""']+@[^\s<>()\[\]:;,""']+")]
    private static partial Regex Address();
}
