using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Alize.Workflows.Mail;

/// <summary>Hands mails over to a mail server, on one connection a batch.</summary>
public sealed class SmtpTransport(IOptions<MailOptions> options) : IMailTransport, IDisposable
{
    private readonly MailOptions mail = options.Value;
    private SmtpClient? client;

    public async Task HandOverAsync(MimeMessage message, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(mail.Timeout);
        var isConnected = false;
        try
        {
            var connected = await ConnectAsync(limit.Token);
            isConnected = true;
            await connected.SendAsync(message, limit.Token);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            Drop();
            throw;
        }
        catch (Exception e) when ((isConnected ? NotTaken(e) : Unreachable(e)) is { } failed)
        {
            // After anything but a clean answer the state of the conversation is unknown: the next mail starts a new one.
            if (!isConnected || e is not SmtpCommandException) Drop();
            throw failed;
        }
    }

    public async Task CloseAsync(CancellationToken cancel)
    {
        try
        {
            // Every mail was answered for already; a server that hangs up before our QUIT takes nothing back.
            if (client is { IsConnected: true }) await client.DisconnectAsync(quit: true, cancel);
        }
        catch (Exception e) when (e is IOException or SocketException or ProtocolException)
        {
            return;
        }
        finally
        {
            Drop();
        }
    }

    public void Dispose() => Drop();

    private async Task<SmtpClient> ConnectAsync(CancellationToken cancel)
    {
        if (client is { IsConnected: true }) return client;
        Drop();
        client = new SmtpClient { Timeout = (int)mail.Timeout.TotalMilliseconds, CheckCertificateRevocation = mail.CheckRevocation };
        await client.ConnectAsync(mail.Host, mail.Port, mail.Security.ToSocketOptions(), cancel);
        if (mail.User.Length > 0) await client.AuthenticateAsync(mail.User, mail.Password, cancel);
        return client;
    }

    private MailNotHandedOverException? Unreachable(Exception e) => e switch
    {
        AuthenticationException => new(MailFailure.Unreachable, "The mail server refuses Mail:User and Mail:Password.", e),
        SslHandshakeException => new(MailFailure.Unreachable, "The mail server's certificate is not accepted; check Mail:Host and Mail:Security.", e),
        NotSupportedException => new(MailFailure.Unreachable, "The mail server does not offer what Mail:Security asks for.", e),
        OperationCanceledException or TimeoutException => new(MailFailure.Unreachable, $"The mail server did not answer within {mail.Timeout}.", e),
        SmtpCommandException answer => new(MailFailure.Unreachable, Answer(answer), e),
        IOException or SocketException or ProtocolException =>
            new(MailFailure.Unreachable, $"The mail server cannot be reached ({e.GetType().Name}); check Mail:Host and Mail:Port.", e),
        _ => null,
    };

    private MailNotHandedOverException? NotTaken(Exception e) => e switch
    {
        // A sender refused for good is our setting, not this mail: everything waits for the administrator.
        SmtpCommandException { ErrorCode: SmtpErrorCode.SenderNotAccepted } answer when IsForGood(answer) =>
            new(MailFailure.Unreachable, "The mail server refuses the sender Mail:From. " + Answer(answer), e),
        SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted } answer when IsForGood(answer) =>
            new(MailFailure.Refused, Answer(answer), e),
        SmtpCommandException answer => new(MailFailure.Postponed, Answer(answer), e),
        ServiceNotAuthenticatedException => new(MailFailure.Unreachable, "The mail server wants an account; set Mail:User and Mail:Password.", e),
        OperationCanceledException or TimeoutException => new(MailFailure.Postponed, $"The hand-over took longer than {mail.Timeout}.", e),
        IOException or SocketException or ProtocolException or ServiceNotConnectedException =>
            new(MailFailure.Postponed, $"The connection broke during the hand-over ({e.GetType().Name}).", e),
        _ => null,
    };

    private static bool IsForGood(SmtpCommandException answer) => (int)answer.StatusCode is >= 500 and < 600;

    private static string Answer(SmtpCommandException answer) => $"The mail server answers {(int)answer.StatusCode}: {answer.Message}";

    private void Drop()
    {
        client?.Dispose();
        client = null;
    }
}
