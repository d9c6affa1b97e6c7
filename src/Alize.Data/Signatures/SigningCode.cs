using System.Security.Cryptography;
using System.Text;

namespace Alize.Data.Signatures;

/// <summary>
/// A one-time code that proves who opens a signature's page also reads the signatory's mail. Its six digits are in that mail and
/// nowhere else: what is kept is slow to try out, runs out, and locks after three wrong tries.
/// </summary>
public sealed class SigningCode
{
    /// <summary>Wrong tries after which a new code must be asked for.</summary>
    public const int MostTries = 3;

    private const int Rounds = 60_000;

    /// <summary>How long a code may be used.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(20);

    /// <summary>How long the page stays open to who gave the right code.</summary>
    public static readonly TimeSpan VisitLife = TimeSpan.FromHours(2);

    /// <summary>Id; also the salt of the hash.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The task it opens.</summary>
    public required Guid TaskId { get; init; }

    /// <summary>The person it was sent to.</summary>
    public required Guid ContactId { get; init; }

    /// <summary>Hash of the code.</summary>
    public required string CodeHash { get; init; }

    /// <summary>When it was handed to the mail server, UTC.</summary>
    public required DateTime SentAt { get; init; }

    /// <summary>When it stops working, UTC.</summary>
    public required DateTime ExpiresAt { get; init; }

    /// <summary>Wrong tries.</summary>
    public int WrongTries { get; private set; }

    /// <summary>When it was used, UTC. Null before.</summary>
    public DateTime? UsedAt { get; private set; }

    /// <summary>SHA-256 of the secret the browser got for the right code. Null before.</summary>
    public string? VisitHash { get; private set; }

    /// <summary>Raised at each try, so that of two at once one counts.</summary>
    public int Version { get; private set; }

    public bool IsLocked => WrongTries >= MostTries;

    /// <summary>Whether it may still be tried.</summary>
    public bool IsLive(DateTime now) => UsedAt is null && !IsLocked && now < ExpiresAt;

    /// <summary>Makes a code for a task; the digits are given once.</summary>
    public static (SigningCode Code, string Digits) Make(Guid programmeId, Guid taskId, Guid contactId, DateTime now)
    {
        var digits = RandomNumberGenerator.GetInt32(1_000_000).ToString("000000", System.Globalization.CultureInfo.InvariantCulture);
        var id = Guid.CreateVersion7(new DateTimeOffset(now, TimeSpan.Zero));
        var code = new SigningCode
        {
            Id = id,
            ProgrammeId = programmeId,
            TaskId = taskId,
            ContactId = contactId,
            CodeHash = HashOf(id, digits),
            SentAt = now,
            ExpiresAt = now + Life,
        };
        return (code, digits);
    }

    /// <summary>Tries a code.</summary>
    /// <returns>The secret that opens the page from now on; null for a wrong code.</returns>
    public string? Try(string digits, DateTime now)
    {
        Version++;
        if (!CryptographicOperations.FixedTimeEquals(Convert.FromHexString(CodeHash), Convert.FromHexString(HashOf(Id, digits))))
        {
            WrongTries++;
            return null;
        }

        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        (UsedAt, VisitHash) = (now, VisitHashOf(secret));
        return secret;
    }

    /// <summary>Whether that browser gave the right code, and not too long ago.</summary>
    public bool Opens(string? secret, DateTime now) =>
        secret is { Length: > 0 } && UsedAt is { } used && now < used + VisitLife && VisitHash == VisitHashOf(secret);

    private static string VisitHashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private static string HashOf(Guid salt, string digits) =>
        Convert.ToHexStringLower(Rfc2898DeriveBytes.Pbkdf2(digits, salt.ToByteArray(), Rounds, HashAlgorithmName.SHA256, 32));
}

/// <summary>The service's own seal: a key and certificate made at the first need, for who has set none.</summary>
public sealed class SealKey
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The PFX, protected by the service's data protection keys, base 64.</summary>
    public required string ProtectedPfx { get; init; }

    /// <summary>SHA-256 of the certificate, hex.</summary>
    public required string Thumbprint { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTime MadeAt { get; init; }
}
