using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Security;
using MimeKit;

namespace Alize.Workflows.Tests.Mail;

/// <summary>A real mailbox: Dovecot as a child process, with one account and a folder of its own.</summary>
public sealed class ImapServer : IAsyncLifetime
{
    public const string User = "alize";
    public const string Password = "secret";

    private const string Needs = "The tests of incoming mail need Dovecot (Debian package dovecot-imapd) and the rights to start it.";
    private readonly string folder = Directory.CreateTempSubdirectory("alize-imap-").FullName;
    private Process? process;

    public int Port { get; } = FreePort();

    public async ValueTask InitializeAsync()
    {
        var mail = Directory.CreateDirectory(Path.Combine(folder, "mail")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "users"), $"{User}:{{PLAIN}}{Password}\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "dovecot.conf"), string.Create(CultureInfo.InvariantCulture, $$"""
            protocols = imap
            listen = 127.0.0.1
            base_dir = {{folder}}/run
            log_path = {{folder}}/log
            ssl = no
            disable_plaintext_auth = no
            first_valid_uid = 1
            mail_location = maildir:{{mail}}
            passdb {
              driver = passwd-file
              args = {{folder}}/users
            }
            userdb {
              driver = static
              args = uid=nobody gid=nogroup home={{mail}}
            }
            service imap-login {
              inet_listener imap {
                port = {{Port}}
              }
              inet_listener imaps {
                port = 0
              }
            }
            """));
        Run("chmod", "755", folder);
        Run("chown", "-R", "nobody:nogroup", mail);
        try
        {
            process = Process.Start(new ProcessStartInfo("dovecot", ["-F", "-c", Path.Combine(folder, "dovecot.conf")]) { RedirectStandardError = true, RedirectStandardOutput = true });
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException(Needs, e);
        }

        await WaitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        process?.Kill(entireProcessTree: true);
        if (process is not null) await process.WaitForExitAsync();
        process?.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Puts a mail into the mailbox, unread.</summary>
    public Task DeliverAsync(MimeMessage message) => InAsync(async inbox =>
    {
        await inbox.AppendAsync(message);
        return true;
    });

    public Task<int> UnreadAsync() => InAsync(async inbox => (await inbox.SearchAsync(MailKit.Search.SearchQuery.NotSeen)).Count);

    private async Task<TResult> InAsync<TResult>(Func<IMailFolder, Task<TResult>> act)
    {
        using var client = new ImapClient();
        await client.ConnectAsync("127.0.0.1", Port, SecureSocketOptions.None);
        await client.AuthenticateAsync(User, Password);
        await client.Inbox!.OpenAsync(FolderAccess.ReadWrite);
        var result = await act(client.Inbox);
        await client.DisconnectAsync(quit: true);
        return result;
    }

    private async Task WaitAsync()
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException) when (process is { HasExited: false })
            {
                await Task.Delay(50);
            }
        }

        throw new InvalidOperationException($"{Needs} It said: {(File.Exists(Path.Combine(folder, "log")) ? await File.ReadAllTextAsync(Path.Combine(folder, "log")) : "nothing")}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{Needs} '{command}' failed.");
    }
}
