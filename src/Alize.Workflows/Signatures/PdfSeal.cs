using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Alize.Workflows.Documents.Pdf;

namespace Alize.Workflows.Signatures;

/// <summary>What a file's seal says.</summary>
/// <param name="IsWhole">Whether the file is, to the last byte, the one that was sealed.</param>
/// <param name="Certificate">Whose seal. Null where there is none.</param>
/// <param name="Reason">Why not, in French. Empty when whole.</param>
public sealed record SealState(bool IsWhole, X509Certificate2? Certificate, string Reason);

/// <summary>
/// One seal over a whole file: CMS embedded per PAdES baseline B-B (ETSI EN 319 142-1): SubFilter ETSI.CAdES.detached, a ByteRange
/// over all but the seal itself, attribute signing-certificate-v2 (RFC 5035), no signing time inside the CMS.
/// </summary>
public static partial class PdfSeal
{
    /// <summary>The reason of a file without a seal.</summary>
    internal const string NoSeal = "Ce fichier ne porte pas de cachet.";

    private const int ContentsDigits = 16_384;
    private const string RangePlaceholder = "[0 0000000000 0000000000 0000000000]";
    private const string SigningCertificateV2 = "1.2.840.113549.1.9.16.2.47";
    private const string SignedData = "1.2.840.113549.1.7.2";
    private const string PlainData = "1.2.840.113549.1.7.1";
    private const string RsaEncryption = "1.2.840.113549.1.1.1";
    private const string RsaWithSha256 = "1.2.840.113549.1.1.11";
    private const string EcdsaWithSha256 = "1.2.840.10045.4.3.2";
    private const string Sha256 = "2.16.840.1.101.3.4.2.1";

    /// <summary>Adds the seal's field to an update: its page, its dictionary, the catalogue's form.</summary>
    internal static void Prepare(PdfUpdate update, PdfDict catalog, int pageNumber, PdfDict page, string by, string reason, DateTime at)
    {
        var seal = update.Add(new PdfDict
        {
            ["Type"] = new PdfRaw("/Sig"),
            ["Filter"] = new PdfRaw("/Adobe.PPKLite"),
            ["SubFilter"] = new PdfRaw("/ETSI.CAdES.detached"),
            ["ByteRange"] = new PdfRaw(RangePlaceholder),
            ["Contents"] = new PdfRaw($"<{new string('0', ContentsDigits)}>"),
            ["M"] = new PdfRaw($"(D:{at.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}Z)"),
            ["Name"] = PdfText.Of(by),
            ["Reason"] = PdfText.Of(reason),
        });
        var field = update.Add(new PdfDict
        {
            ["Type"] = new PdfRaw("/Annot"),
            ["Subtype"] = new PdfRaw("/Widget"),
            ["FT"] = new PdfRaw("/Sig"),
            ["T"] = PdfText.Of("Cachet"),
            ["F"] = new PdfRaw("132"),   // printed and locked
            ["Rect"] = new PdfRaw("[0 0 0 0]"),
            ["P"] = new PdfRef(pageNumber),
            ["V"] = seal,
        });
        page["Annots"] = new PdfArray([.. (page["Annots"] as PdfArray)?.Items ?? [], field]);
        catalog["AcroForm"] = new PdfDict { ["Fields"] = new PdfArray([field]), ["SigFlags"] = new PdfRaw("3") };
    }

    /// <summary>Seals a file that <see cref="Prepare"/> made room in.</summary>
    internal static byte[] Close(byte[] pdf, X509Certificate2 certificate)
    {
        var text = Encoding.Latin1.GetString(pdf);
        var gap = text.LastIndexOf($"<{new string('0', ContentsDigits)}>", StringComparison.Ordinal);
        var range = text.LastIndexOf(RangePlaceholder, StringComparison.Ordinal);
        if (gap < 0 || range < 0) throw new InvalidOperationException("The PDF has no room for a seal; call PdfSeal.Prepare first.");
        var after = gap + ContentsDigits + 2;
        var written = string.Create(CultureInfo.InvariantCulture, $"[0 {gap:0000000000} {after:0000000000} {pdf.Length - after:0000000000}]");
        Encoding.Latin1.GetBytes(written, pdf.AsSpan(range));
        var seal = Convert.ToHexString(Sign([.. pdf.AsSpan(0, gap), .. pdf.AsSpan(after)], certificate));
        if (seal.Length > ContentsDigits) throw new InvalidOperationException($"The seal takes {seal.Length} digits and {ContentsDigits} are kept for it: the certificate's chain is too long.");
        Encoding.Latin1.GetBytes(seal, pdf.AsSpan(gap + 1));
        return pdf;
    }

    /// <summary>
    /// Checks a file's seal by itself. Strict where readers are lenient: the seal covers the whole file, its digits are written one way
    /// only, nothing stands in the room it leaves, and the certificate is the one it names.
    /// </summary>
    public static SealState Check(byte[] pdf)
    {
        var text = Encoding.Latin1.GetString(pdf);
        if (Range().Matches(text).LastOrDefault() is not { } match) return new(false, null, NoSeal);
        var (before, after) = ((int)Math.Min(Number(match, 1), pdf.Length), (int)Math.Min(Number(match, 2), pdf.Length));
        if (Number(match, 2) + Number(match, 3) != pdf.Length || Number(match, 1) >= pdf.Length || before <= 0 || after <= before + 2 || after > pdf.Length)
            return new(false, null, "Le cachet ne couvre pas tout le fichier : quelque chose y a été ajouté ou retiré.");
        var digits = text[(before + 1)..(after - 1)];
        if (text[before] != '<' || text[after - 1] != '>' || digits.Length % 2 != 0 || digits.Any(c => c is not ((>= '0' and <= '9') or (>= 'A' and <= 'F'))))
            return new(false, null, "Le cachet est abîmé.");
        try
        {
            var contents = Convert.FromHexString(digits);
            AsnDecoder.ReadEncodedValue(contents, AsnEncodingRules.DER, out _, out _, out var length);
            if (contents.Skip(length).Any(b => b != 0)) return new(false, null, "Le cachet est abîmé.");
            var cms = new SignedCms(new ContentInfo([.. pdf.AsSpan(0, before), .. pdf.AsSpan(after)]), detached: true);
            cms.Decode(contents.AsSpan(0, length));
            if (cms.SignerInfos.Count != 1) return new(false, null, "Le cachet est abîmé.");
            cms.CheckSignature(verifySignatureOnly: true);
            var signer = cms.SignerInfos[0];
            if (signer.Certificate is not { } certificate || !Names(signer, certificate)) return new(false, signer.Certificate, "Le cachet ne désigne pas le certificat qu’il porte.");
            return contents.AsSpan(0, length).SequenceEqual(Rebuilt(contents.AsMemory(0, length), signer, certificate))
                ? new(true, certificate, "")
                : new(false, certificate, "Le cachet est abîmé.");
        }
        catch (Exception failure) when (failure is CryptographicException or AsnContentException or ArgumentException or FormatException or InvalidOperationException)
        {
            return new(false, null, "Le contenu du fichier n’est plus celui qui a été scellé.");
        }
    }

    private static byte[] Sign(byte[] content, X509Certificate2 certificate)
    {
        var cms = new SignedCms(new ContentInfo(content), detached: true);
        var signer = new CmsSigner(SubjectIdentifierType.IssuerAndSerialNumber, certificate)
        {
            DigestAlgorithm = new(Sha256),
            IncludeOption = X509IncludeOption.EndCertOnly,
        };
        signer.SignedAttributes.Add(new AsnEncodedData(new Oid(SigningCertificateV2), Reference(certificate)));
        cms.ComputeSignature(signer, silent: true);
        return cms.Encode();
    }

    /// <summary>SigningCertificateV2 with one ESSCertIDv2: SHA-256 is the default and not written (RFC 5035, 3).</summary>
    private static byte[] Reference(X509Certificate2 certificate)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence())
        using (writer.PushSequence())
            writer.WriteOctetString(SHA256.HashData(certificate.RawData));
        return writer.Encode();
    }

    /// <summary>
    /// The CMS once more, from what the signature vouches for. Some of its bytes are under no signature, such as the list of hash
    /// algorithms: none of them may say anything else.
    /// </summary>
    private static byte[] Rebuilt(ReadOnlyMemory<byte> cms, SignerInfo signer, X509Certificate2 certificate)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        void Algorithm(string oid)
        {
            using (writer.PushSequence()) writer.WriteObjectIdentifier(oid);
        }

        var explicitly = new Asn1Tag(TagClass.ContextSpecific, 0);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(SignedData);
            using (writer.PushSequence(explicitly))
            using (writer.PushSequence())
            {
                writer.WriteInteger(1);
                using (writer.PushSetOf()) Algorithm(Sha256);
                Algorithm(PlainData);
                using (writer.PushSetOf(explicitly)) writer.WriteEncodedValue(certificate.RawData);
                using (writer.PushSetOf())
                using (writer.PushSequence())
                {
                    writer.WriteInteger(1);
                    using (writer.PushSequence())
                    {
                        writer.WriteEncodedValue(certificate.IssuerName.RawData);
                        writer.WriteInteger(certificate.SerialNumberBytes.Span);
                    }

                    Algorithm(Sha256);
                    writer.WriteEncodedValue(SignedAttributes(cms).Span);
                    Algorithm(signer.SignatureAlgorithm.Value is RsaEncryption or RsaWithSha256 or EcdsaWithSha256 ? signer.SignatureAlgorithm.Value : Sha256);
                    writer.WriteOctetString(signer.GetSignature());
                }
            }
        }

        return writer.Encode();
    }

    private static ReadOnlyMemory<byte> SignedAttributes(ReadOnlyMemory<byte> cms)
    {
        var explicitly = new Asn1Tag(TagClass.ContextSpecific, 0);
        var outer = new AsnReader(cms, AsnEncodingRules.DER).ReadSequence();
        outer.ReadObjectIdentifier();
        var signed = outer.ReadSequence(explicitly).ReadSequence();
        for (var i = 0; i < 4; i++) signed.ReadEncodedValue();   // version, algorithms, content, certificate
        var signer = signed.ReadSetOf().ReadSequence();
        for (var i = 0; i < 3; i++) signer.ReadEncodedValue();   // version, issuer and number, algorithm
        return signer.ReadEncodedValue();
    }

    private static bool Names(SignerInfo signer, X509Certificate2 certificate) =>
        signer.SignedAttributes.Cast<CryptographicAttributeObject>().FirstOrDefault(a => a.Oid.Value == SigningCertificateV2) is { Values.Count: 1 } attribute
        && attribute.Values[0].RawData.AsSpan().SequenceEqual(Reference(certificate));

    private static long Number(Match match, int group) => long.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"/ByteRange \[0 (\d{10}) (\d{10}) (\d{10})\]")]
    private static partial Regex Range();
}
