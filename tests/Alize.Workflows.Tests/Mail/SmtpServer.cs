using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MimeKit;

namespace Alize.Workflows.Tests.Mail;

/// <summary>A real mail server as a child process; <c>SmtpServer.py</c> says which addressees it refuses.</summary>
public sealed class SmtpServer : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("alize-smtp-").FullName;
    private Process? process;

    public int Port { get; private set; }

    /// <summary>Everything it took, in order.</summary>
    public IReadOnlyList<MimeMessage> Taken =>
        [.. Directory.GetFiles(folder, "*.eml").Order(StringComparer.Ordinal).Select(path => MimeMessage.Load(path))];

    public IEnumerable<MimeMessage> TakenFor(string address) => Taken.Where(m => m.To.Mailboxes.Any(to => to.Address == address));

    /// <summary>How many connections brought the mails; each file's name holds its connection.</summary>
    public int Connections => FileNames.Select(name => name.Split('-')[1]).Distinct().Count();

    public bool LastWasEncrypted => FileNames[^1].Split('-')[2] == "tls";

    public bool LastWasAuthenticated => FileNames[^1].Split('-')[3].StartsWith("auth", StringComparison.Ordinal);

    public ValueTask InitializeAsync() => StartAsync();

    /// <summary>Starts; with a certificate of <see cref="WriteCertificate"/> it offers STARTTLS.</summary>
    public async ValueTask StartAsync(string? certificate = null)
    {
        var arguments = new List<string> { Path.Combine(AppContext.BaseDirectory, "Mail", "SmtpServer.py"), folder };
        if (certificate is not null) arguments.AddRange([certificate, certificate + ".key"]);
        var start = new ProcessStartInfo(Python, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            process = Process.Start(start);
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException(Needs, e);
        }

        var line = await process!.StandardOutput.ReadLineAsync();
        Port = line is null
            ? throw new InvalidOperationException($"{Needs} It said: {await process.StandardError.ReadToEndAsync()}")
            : int.Parse(line, CultureInfo.InvariantCulture);
    }

    /// <summary>A certificate for localhost that vouches for itself, as PEM; its key beside it.</summary>
    public static string WriteCertificate(string path)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(30));
        File.WriteAllText(path, certificate.ExportCertificatePem());
        File.WriteAllText(path + ".key", key.ExportPkcs8PrivateKeyPem());
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            if (!process.HasExited) process.StandardInput.Close();
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
            }

            process.Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }

    private const string Needs = "The hand-over of mails is tested against a real server: install Debian's python3-aiosmtpd, as ./test.sh does.";

    // Debian's own interpreter sees Debian's packages; another one found first on the path would not.
    private static string Python => File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    private string[] FileNames => [.. Directory.GetFiles(folder, "*.eml").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];
}
