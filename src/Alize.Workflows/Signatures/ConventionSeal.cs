using System.Security.Cryptography.X509Certificates;
using Alize.Data;
using Alize.Data.Documents;
using Alize.Domain;
using Alize.Domain.Signatures;
using Alize.Workflows.Documents;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Scriban.Runtime;

namespace Alize.Workflows.Signatures;

/// <summary>Seals a convention once its last signature is in: initials, evidence and one seal, kept as a document of its own.</summary>
public sealed class ConventionSeal(AlizeDb db, EvidenceBook book, DocumentArchive archive, SealCertificates certificates, IOptions<AlizeOptions> alize, ProgrammeClock clock)
{
    /// <summary>Kind of the sealed document.</summary>
    public const string Kind = "SealedConvention";

    /// <summary>What the service says of itself, wherever somebody signs or checks.</summary>
    public const string Level =
        "Signature électronique simple, accompagnée de ses preuves (règlement eIDAS n° 910/2014, art. 25) : elle ne peut être écartée en justice au seul motif qu’elle est électronique ou n’est pas qualifiée.";

    /// <summary>Seals within the unit of work at hand; the convention is tracked and has all its signatures.</summary>
    public async Task SealAsync(CooperationConvention convention, CancellationToken cancel)
    {
        var key = $"seal:{convention.Id:N}";
        if (await archive.FindAsync(key, cancel) is not null) return;

        var signed = await db.Documents.SingleAsync(d => d.Id == convention.DocumentId, cancel);
        var programme = await db.Programmes.SingleAsync(p => p.Id == convention.ProgrammeId, cancel);
        var number = await db.Projects.Where(p => p.Id == convention.ProjectId).Select(p => p.Number).SingleAsync(cancel);
        using var certificate = await certificates.CurrentAsync(cancel);
        book.Add(convention, new("sealed", "", "", $"Dernière signature recueillie ; cachet {SealCertificates.ThumbprintOf(certificate)}"));
        var lines = await book.ReadAsync(convention.Id, cancel);
        var record = await RecordAsync(convention, signed, number, certificate, lines, cancel);
        var filled = Fill(record);
        var head = await archive.LetterheadAsync(programme, filled.Title, number, cancel);
        var initials = "Paraphes : " + string.Join(" · ", record.Signatures.Select(s => s.Initials));
        var content = SealedFile.Make(signed.Content, filled.Markdown, head, initials, certificate, SealCertificates.NameOf(certificate));
        var document = archive.Add(new()
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = convention.ProgrammeId,
            ProjectId = convention.ProjectId,
            SubjectId = convention.Id,
            Key = key,
            Kind = Kind,
            Title = $"{signed.Title} – signée et scellée",
            FileName = DocumentArchive.FileNameOf($"{signed.Title} scellée", number),
            MadeAt = clock.UtcNow,
            MadeBy = Trail.Service,
            Sha256 = DocumentArchive.HashOf(content),
            Content = content,
            Text = filled.Markdown,
            Source = "",
        });
        convention.Seal(document.Id);
    }

    /// <summary>French words of a line's kind.</summary>
    public static string WordsOf(string kind) => kind switch
    {
        "frozen" => "document arrêté",
        "asked" => "signature demandée",
        "code-asked" => "code demandé",
        "code-used" => "code reçu par courriel et saisi",
        "code-wrong" => "code erroné",
        "code-locked" => "code bloqué après trois erreurs",
        "signed" => "lu, paraphé et signé",
        "signed-on-paper" => "signé sur papier, attesté",
        "refused" => "refus de signer",
        "substituted" => "signataire remplacé",
        "expired" => "délai dépassé",
        "sealed" => "scellé",
        _ => kind,
    };

    private async Task<EvidenceDocument> RecordAsync(
        CooperationConvention convention, StoredDocument signed, string number, X509Certificate2 certificate, IReadOnlyList<SignatureEvidence> lines, CancellationToken cancel)
    {
        var ids = convention.Signatories.Select(s => s.ContactId).ToList();
        var people = await db.Contacts.AsNoTracking().Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, cancel);
        var signatures = convention.Signatories.GroupBy(s => s.ContactId).Select(of =>
        {
            var person = people[of.Key];
            var line = lines.LastOrDefault(l => l["kind"] is "signed" or "signed-on-paper" && l["address"] == person.Email);
            return new ProvenSignature(
                person.FullName, person.Email, FrenchText.List(of.Select(s => CapacityNames.French(s.Capacity))), of.First().Initials ?? "",
                clock.Stamp(of.First().SignedAt!.Value), line?["from"] is { Length: > 0 } from ? from : "–", line?["kind"] == "signed-on-paper" ? "papier" : "code par courriel");
        });
        return new(
            signed.Title, number, convention.Sha256, signed.Content.Length, convention.EvidenceHead, Level, SealCertificates.NameOf(certificate), SealCertificates.ThumbprintOf(certificate),
            $"{alize.Value.PublicUrl.TrimEnd('/')}/verifier", [.. signatures],
            [.. lines.Select(l => new ProvenFact(l.Number, l["at"].Replace('T', ' ')[..19], WordsOf(l["kind"]), l["person"], l.Hash[..12]))]);
    }

    private static FilledText Fill(EvidenceDocument record)
    {
        var template = TextTemplate.Parse(nameof(EvidenceDocument), TextTemplate.Shipped(typeof(EvidenceDocument), "fr"));
        var values = new ScriptObject();
        foreach (var property in typeof(EvidenceDocument).GetProperties()) values[property.Name] = property.GetValue(record);
        return new(template.Render(template.Title, values, "fr", isMarkdown: false), template.Render(template.Body, values, "fr", isMarkdown: true));
    }
}
