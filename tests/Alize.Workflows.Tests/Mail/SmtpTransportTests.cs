using System.Runtime.InteropServices;
using Alize.Data.Outbox;
using Alize.Domain;

namespace Alize.Workflows.Tests.Mail;

/// <summary>How the connection to a mail server is protected.</summary>
public sealed class SmtpTransportTests : IAsyncLifetime
{
    private static readonly NoticeMail Notice = new("Aubry", new(2026, 6, 1), Money.Euros(10));

    private static readonly string Folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "Mail", "Certificates")).FullName;
    private static readonly string Vouched = SmtpServer.WriteCertificate(Path.Combine(Folder, "vouched.pem"));
    private static readonly string Unknown = SmtpServer.WriteCertificate(Path.Combine(Folder, "unknown.pem"));

    private readonly SmtpServer vouched = new();
    private readonly SmtpServer unknown = new();
    private readonly SmtpServer clear = new();

    // Read once, by native code, at the first certificate the process checks: .NET's own SetEnvironmentVariable would not reach it.
    static SmtpTransportTests() => Assert.Equal(0, SetNativeVariable("SSL_CERT_FILE", Vouched, 1));

    public async ValueTask InitializeAsync()
    {
        await vouched.StartAsync(Vouched);
        await unknown.StartAsync(Unknown);
        await clear.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await vouched.DisposeAsync();
        await unknown.DisposeAsync();
        await clear.DisposeAsync();
    }

    [Theory]
    [InlineData("StartTls")]
    [InlineData("Auto")]
    public async Task A_server_with_STARTTLS_takes_mail_and_password_encrypted(string security)
    {
        var mail = await SendAsync(vouched, security, new("Mail:User", "alize"), new("Mail:Password", "secret"), new("Mail:CheckRevocation", "false"));

        Assert.Equal((MailState.Sent, null), (mail.State, mail.LastError));
        Assert.True(vouched.LastWasEncrypted);
        Assert.True(vouched.LastWasAuthenticated);
    }

    [Fact]
    public async Task A_wrong_password_is_the_administrators_to_correct_and_no_mail_is_lost()
    {
        var mail = await SendAsync(vouched, "StartTls", new("Mail:User", "alize"), new("Mail:Password", "wrong"), new("Mail:CheckRevocation", "false"));

        Assert.Equal(MailState.Waiting, mail.State);
        Assert.Contains("Mail:Password", mail.LastError);
        Assert.DoesNotContain("wrong", mail.LastError);
        Assert.Empty(vouched.Taken);
    }

    [Fact]
    public async Task STARTTLS_is_optional_where_no_security_is_asked_for()
    {
        var mail = await SendAsync(unknown, "None");

        Assert.Equal(MailState.Sent, mail.State);
        Assert.False(unknown.LastWasEncrypted);
    }

    [Fact]
    public async Task A_server_without_STARTTLS_gets_nothing_where_it_is_asked_for()
    {
        var mail = await SendAsync(clear, "StartTls");

        Assert.Equal(MailState.Waiting, mail.State);
        Assert.Contains("Mail:Security", mail.LastError);
        Assert.Empty(clear.Taken);
    }

    [Fact]
    public async Task A_server_without_STARTTLS_is_used_where_security_is_automatic() =>
        Assert.Equal(MailState.Sent, (await SendAsync(clear, "Auto")).State);

    [Fact]
    public async Task A_certificate_nobody_vouches_for_is_not_accepted()
    {
        var mail = await SendAsync(unknown, "StartTls");

        Assert.Equal(MailState.Waiting, mail.State);
        Assert.Contains("certificate", mail.LastError);
        Assert.Empty(unknown.Taken);
    }

    private static async Task<OutboxMail> SendAsync(SmtpServer server, string security, params KeyValuePair<string, string?>[] more)
    {
        await using var world = await MailWorld.WithServerAsync(server.Port, security, more);
        await world.PostAsync(Notice, await world.PersonAsync(), "k");
        await world.SendAsync();
        return await world.MailAsync("k");
    }

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int SetNativeVariable(string name, string value, int overwrite);
}
