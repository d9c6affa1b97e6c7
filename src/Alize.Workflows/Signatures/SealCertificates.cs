using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Alize.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Alize.Workflows.Signatures;

/// <summary>The operator's own certificate for the seal.</summary>
public sealed class SealOptions : IValidatableObject
{
    public const string Section = "Seal";

    /// <summary>A PFX (PKCS #12) file with the key and its certificate. Empty: the service makes a certificate of its own.</summary>
    public string PfxPath { get; set; } = "";

    /// <summary>Password of that file.</summary>
    public string PfxPassword { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (PfxPath.Length == 0) yield break;
        if (!File.Exists(PfxPath))
        {
            yield return new("Seal:PfxPath ne désigne aucun fichier ; indiquez le chemin du fichier PFX du cachet, ou videz ce réglage.");
            yield break;
        }

        var problem = "";
        try
        {
            using var certificate = X509CertificateLoader.LoadPkcs12FromFile(PfxPath, PfxPassword);
            if (!certificate.HasPrivateKey) problem = "Seal:PfxPath : ce fichier ne contient pas de clé privée ; exportez le certificat avec sa clé.";
        }
        catch (CryptographicException)
        {
            problem = "Seal:PfxPath ne s’ouvre pas : vérifiez Seal:PfxPassword et que le fichier est bien au format PFX.";
        }

        if (problem.Length > 0) yield return new(problem);
    }
}

/// <summary>The certificate that seals: the operator's from the settings, else one the service made for itself and keeps protected.</summary>
public sealed class SealCertificates(AlizeDb db, IDataProtectionProvider protection, IOptions<SealOptions> options, ProgrammeClock clock)
{
    private const int KeyBits = 3072;

    private IDataProtector Protector => protection.CreateProtector("Alize.Seal");

    /// <summary>The certificate with its key. One that is made here is saved with the unit of work at hand.</summary>
    public async Task<X509Certificate2> CurrentAsync(CancellationToken cancel)
    {
        if (options.Value.PfxPath.Length > 0) return X509CertificateLoader.LoadPkcs12FromFile(options.Value.PfxPath, options.Value.PfxPassword);
        var kept = db.SealKeys.Local.FirstOrDefault() ?? await db.SealKeys.OrderByDescending(k => k.MadeAt).FirstOrDefaultAsync(cancel);
        if (kept is not null) return X509CertificateLoader.LoadPkcs12(Protector.Unprotect(Convert.FromBase64String(kept.ProtectedPfx)), null);

        var made = Make(clock.UtcNow);
        db.SealKeys.Add(new()
        {
            Id = Guid.CreateVersion7(),
            ProtectedPfx = Convert.ToBase64String(Protector.Protect(made.Export(X509ContentType.Pkcs12))),
            Thumbprint = ThumbprintOf(made),
            MadeAt = clock.UtcNow,
        });
        return made;
    }

    /// <summary>Whether a certificate is one this service seals with.</summary>
    public async Task<bool> IsOursAsync(X509Certificate2 certificate, CancellationToken cancel)
    {
        var thumbprint = ThumbprintOf(certificate);
        if (await db.SealKeys.AnyAsync(k => k.Thumbprint == thumbprint, cancel)) return true;
        if (options.Value.PfxPath.Length == 0) return false;
        using var own = X509CertificateLoader.LoadPkcs12FromFile(options.Value.PfxPath, options.Value.PfxPassword);
        return ThumbprintOf(own) == thumbprint;
    }

    public static string ThumbprintOf(X509Certificate2 certificate) => Convert.ToHexStringLower(SHA256.HashData(certificate.RawData));

    /// <summary>Whose seal it is, as people read it.</summary>
    public static string NameOf(X509Certificate2 certificate) => certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);

    private static X509Certificate2 Make(DateTime now)
    {
        using var key = RSA.Create(KeyBits);
        var request = new CertificateRequest("CN=Cachet du service ALIZE, O=Service ALIZE, C=FR", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation, critical: true));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var from = new DateTimeOffset(now, TimeSpan.Zero).AddDays(-1);
        return request.CreateSelfSigned(from, from.AddYears(10));
    }
}
