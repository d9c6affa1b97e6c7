using System.Security.Claims;
using System.Text.Encodings.Web;
using Alize.Data;
using Alize.Data.People;
using Alize.Domain;
using Alize.Web.People;
using Alize.Workflows;
using Alize.Workflows.Mail;
using Alize.Workflows.Programmes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Alize.Web.Elsa;

/// <summary>Keys of programs: made by the operator, shown once, kept as a hash, taken back at any moment.</summary>
public sealed class ElsaKeys(AlizeDb db, Trail trail, ProgrammeClock clock)
{
    /// <summary>Roles a key may have: who only reads has no use for the interface.</summary>
    public static readonly IReadOnlyList<MemberRole> Roles = [MemberRole.Operator, MemberRole.Designer];

    /// <summary>Makes a key; its text is known to nobody afterwards.</summary>
    public async Task<string> MakeAsync(Guid programmeId, string name, MemberRole role, string by, CancellationToken cancel)
    {
        var text = MailLinks.NewToken();
        db.ApiKeys.Add(new ApiKey
        {
            Id = Guid.CreateVersion7(clock.UtcNow),
            ProgrammeId = programmeId,
            Name = name,
            Role = role,
            Hash = MailLinks.HashOf(text),
            CreatedAt = clock.UtcNow,
            CreatedBy = by,
        });
        trail.Add(programmeId, "api-key", FrenchText.Typeset($"Clé d’accès « {name} » créée."), by);
        await db.SaveChangesAsync(cancel);
        return text;
    }

    /// <summary>Takes a key back at once; false when it is not the programme's, or was taken back already.</summary>
    public async Task<bool> RevokeAsync(Guid programmeId, Guid keyId, string by, CancellationToken cancel)
    {
        if (await db.ApiKeys.SingleOrDefaultAsync(k => k.Id == keyId && k.ProgrammeId == programmeId && k.RevokedAt == null, cancel) is not { } key) return false;
        key.RevokedAt = clock.UtcNow;
        trail.Add(programmeId, "api-key", FrenchText.Typeset($"Clé d’accès « {key.Name} » révoquée."), by);
        await db.SaveChangesAsync(cancel);
        return true;
    }

    /// <summary>The key a program shows, with its last day of use brought up to date; null when it opens nothing.</summary>
    internal async Task<ApiKey?> FindAsync(string text, CancellationToken cancel)
    {
        var hash = MailLinks.HashOf(text);
        if (await db.ApiKeys.AsNoTracking().SingleOrDefaultAsync(k => k.Hash == hash && k.RevokedAt == null, cancel) is not { } key) return null;
        var today = clock.Today;
        if (key.LastUsedOn != today)
            await db.ApiKeys.Where(k => k.Id == key.Id).ExecuteUpdateAsync(set => set.SetProperty(k => k.LastUsedOn, today), cancel);
        return key;
    }
}

/// <summary>Reads <c>Authorization: ApiKey …</c>, as Elsa's clients send it.</summary>
internal sealed class ElsaKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder, ElsaKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
{
    public const string SchemeName = "elsa-key";
    public const string Prefix = "ApiKey ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers[HeaderNames.Authorization].ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.NoResult();
        if (await keys.FindAsync(header[Prefix.Length..].Trim(), Context.RequestAborted) is not { } key) return AuthenticateResult.Fail("No such key.");
        var identity = new ClaimsIdentity(
            [
                new(ClaimTypes.NameIdentifier, $"key:{key.Id:N}"),
                new(NamedPrincipalFactory.FullName, FrenchText.Typeset($"Clé « {key.Name} »")),
                new(KeyClaims.Role, key.Role.ToString()),
                new(KeyClaims.Programme, key.ProgrammeId.ToString()),
            ],
            SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }
}
