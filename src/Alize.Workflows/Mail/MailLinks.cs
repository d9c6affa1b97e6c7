using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Alize.Data.Outbox;
using Alize.Data.Tasks;

namespace Alize.Workflows.Mail;

/// <summary>
/// Personal links: 256 random bits that are in the mail and nowhere else. What is stored is their hash, so that neither the
/// database nor a copy of it opens anything.
/// </summary>
public static class MailLinks
{
    /// <summary>Purpose: a company's own account (relevé de compte, R6).</summary>
    public const string Account = "account";

    /// <summary>Purpose: answer a task.</summary>
    public const string Task = "task";

    /// <summary>Purpose: announce a project (détection, art. 6.1).</summary>
    public const string Detect = "detect";

    /// <summary>Purpose: no link, but a one-time code that opens a signature (R8).</summary>
    public const string Code = "code";

    /// <summary>Purpose: a committee's session, its projects and votes (art. 5.2).</summary>
    public const string Session = "session";

    /// <summary>What is kept of a token: SHA-256, hex.</summary>
    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>The address a token is at.</summary>
    public static string UrlOf(string publicUrl, string purpose, string token) =>
        $"{publicUrl.TrimEnd('/')}/{PathOf(purpose)}/{token}";

    private static string PathOf(string purpose) => purpose switch
    {
        Account => "a",
        Detect => "detect",
        Session => "s",
        _ => "t",
    };

    /// <summary>A new token or key: 256 random bits.</summary>
    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <exception cref="InvalidOperationException">The row lacks what a link needs: <see cref="Outbox"/> would have refused it.</exception>
    internal static TaskLink LinkFor(OutboxMail mail, string token, DateTime now, TimeSpan life) => new()
    {
        TokenHash = HashOf(token),
        ProgrammeId = mail.ProgrammeId ?? throw new InvalidOperationException($"Mail '{mail.Id}' has a link but no programme."),
        Purpose = mail.LinkPurpose ?? throw new InvalidOperationException($"Mail '{mail.Id}' has no link purpose."),
        TaskId = mail.TaskId,
        SessionId = mail.SessionId,
        ContactId = mail.ContactId ?? throw new InvalidOperationException($"Mail '{mail.Id}' has a link but no contact it speaks for."),
        CreatedAt = now,
        ExpiresAt = now + life,
    };
}
