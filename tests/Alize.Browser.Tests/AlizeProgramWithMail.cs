using System.Globalization;
using System.Text.RegularExpressions;
using Alize.Workflows.Tests.Mail;
using MimeKit;

namespace Alize.Browser.Tests;

/// <summary>The program with a real mail server beside it: what people get is read there, as they get it.</summary>
public sealed partial class AlizeProgramWithMail : AlizeProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SmtpServer server = new();

    /// <summary>Everything the server took, in order.</summary>
    public IReadOnlyList<MimeMessage> Mails => server.Taken;

    protected override IReadOnlyDictionary<string, string> MoreSettings => new Dictionary<string, string>
    {
        ["Mail__Host"] = "127.0.0.1",
        ["Mail__Port"] = server.Port.ToString(CultureInfo.InvariantCulture),
        ["Mail__Security"] = "None",
        ["Mail__From"] = "alize@example.org",
    };

    public override async ValueTask InitializeAsync()
    {
        await server.StartAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await server.DisposeAsync();
    }

    /// <summary>The latest mail to somebody whose subject begins with these words, once so many have come.</summary>
    public async Task<MimeMessage> MailAsync(string to, string subject, int count = 1)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(300));
        var since = TimeProvider.System.GetTimestamp();
        do
        {
            var come = server.TakenFor(to).Where(m => m.Subject!.StartsWith(subject, StringComparison.Ordinal)).ToList();
            if (come.Count >= count) return come[^1];
        }
        while (TimeProvider.System.GetElapsedTime(since) < Patience && await ticks.WaitForNextTickAsync(TestContext.Current.CancellationToken));
        throw new InvalidOperationException(
            $"No mail « {subject} » ({count}) reached {to}. There are: {string.Join(", ", server.Taken.Select(m => $"{m.To} « {m.Subject} »"))}. The program printed:{Environment.NewLine}{Output}");
    }

    /// <summary>The personal link of a mail, from its text part.</summary>
    public static string LinkOf(MimeMessage mail) => Link().Match(mail.TextBody ?? "") is { Success: true } found
        ? found.Value
        : throw new InvalidOperationException($"The mail « {mail.Subject} » holds no personal link: {mail.TextBody}");

    /// <summary>The digits of a code's mail.</summary>
    public static string CodeOf(MimeMessage mail) => Code().Match((mail.TextBody ?? "").ReplaceLineEndings("\n")).Groups[1].Value;

    /// <summary>The PDF that goes with a mail.</summary>
    public static byte[] PdfOf(MimeMessage mail)
    {
        var part = mail.Attachments.OfType<MimePart>().Single(a => a.ContentType.IsMimeType("application", "pdf"));
        using var bytes = new MemoryStream();
        part.Content!.DecodeTo(bytes);
        return bytes.ToArray();
    }

    [GeneratedRegex(@"http://localhost:\d+/[ts]/[\w-]+")]
    private static partial Regex Link();

    [GeneratedRegex(@"^(\d{6})$", RegexOptions.Multiline)]
    private static partial Regex Code();
}
