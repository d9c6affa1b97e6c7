using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Alize.Data;
using Alize.Data.Documents;
using Alize.Domain.Signatures;
using Alize.Workflows.Committee;
using Alize.Workflows.Documents;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Signatures;

/// <summary>
/// Everything that proves a sealed convention, in one ZIP that anybody can check without this service: with <c>sha256sum</c>,
/// <c>openssl</c> and <c>pdfsig</c>, as its LISEZMOI explains.
/// </summary>
public sealed class ProofArchive(AlizeDb db, EvidenceBook book)
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Null while the convention is not sealed.</summary>
    public async Task<byte[]?> MakeAsync(Guid conventionId, CancellationToken cancel)
    {
        var convention = await db.Conventions.AsNoTracking().SingleAsync(c => c.Id == conventionId, cancel);
        if (convention.SealedDocumentId is not { } sealedId) return null;
        var signed = await db.Documents.AsNoTracking().SingleAsync(d => d.Id == convention.DocumentId, cancel);
        var sealedOne = await db.Documents.AsNoTracking().SingleAsync(d => d.Id == sealedId, cancel);
        var lines = await book.ReadAsync(conventionId, cancel);
        var files = new List<(string Name, byte[] Content)>
        {
            ("convention-scellee.pdf", sealedOne.Content),
            ("convention.pdf", signed.Content),
            ("convention-source.json", Encoding.UTF8.GetBytes(signed.Source)),
            ("vote.json", await VoteAsync(convention, cancel)),
            ("preuves.json", JsonSerializer.SerializeToUtf8Bytes(new { convention = convention.Id, document = convention.Sha256, head = convention.EvidenceHead, lines = lines.Select(l => new { l.Number, l.Hash, l.Text }) }, Json)),
        };
        files.AddRange(lines.Select(l => ($"preuves/{l.Number:000}.txt", Encoding.UTF8.GetBytes(l.Text))));
        var session = await db.Decisions.Where(d => d.Id == convention.DecisionId).Select(d => d.SessionId).SingleAsync(cancel);
        var minutes = await db.Documents.AsNoTracking().Where(d => d.SubjectId == session && d.Kind == nameof(MinutesDocument)).OrderByDescending(d => d.MadeAt).FirstOrDefaultAsync(cancel);
        if (minutes is not null) files.AddRange([("compte-rendu.pdf", minutes.Content), ("compte-rendu.json", Encoding.UTF8.GetBytes(minutes.Source))]);
        var papers = await db.Documents.AsNoTracking().Where(d => d.SubjectId == conventionId && d.Kind == ConventionSigning.PaperKind).OrderBy(d => d.Id).ToListAsync(cancel);
        files.AddRange(papers.Select((paper, i) => ($"signature-papier-{i + 1}.pdf", paper.Content)));
        if (PdfSeal.Check(sealedOne.Content).Certificate is { } certificate) files.Add(("cachet.pem", Encoding.ASCII.GetBytes(certificate.ExportCertificatePem())));
        files.Add(("LISEZMOI.txt", Encoding.UTF8.GetBytes(ReadMe(convention, signed, lines.Count))));
        files.Add(("SHA256SUMS", Encoding.UTF8.GetBytes(string.Concat(files.Select(f => $"{DocumentArchive.HashOf(f.Content)}  {f.Name}\n")))));
        return Zip(files, sealedOne.MadeAt);
    }

    private async Task<byte[]> VoteAsync(CooperationConvention convention, CancellationToken cancel)
    {
        var decision = await db.Decisions.AsNoTracking().SingleAsync(d => d.Id == convention.DecisionId, cancel);
        var ids = decision.Votes.Select(v => v.ContactId).ToList();
        var people = await db.Contacts.AsNoTracking().Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => c.FullName, cancel);
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            decision = decision.Id,
            decidedOn = decision.DecidedOn,
            outcome = $"{decision.Outcome}",
            present = decision.Present,
            yes = decision.Yes,
            no = decision.No,
            abstained = decision.Abstained,
            proof = decision.Count.Proof(),
            votes = decision.Votes.Select(v => new { member = people.GetValueOrDefault(v.ContactId, ""), choice = $"{v.Choice}" }),
        }, Json);
    }

    private static byte[] Zip(IEnumerable<(string Name, byte[] Content)> files, DateTime at)
    {
        using var written = new MemoryStream();
        using (var zip = new ZipArchive(written, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in files)
            {
                var entry = zip.CreateEntry(name, CompressionLevel.Optimal);
                entry.LastWriteTime = new DateTimeOffset(at, TimeSpan.Zero);
                using var stream = entry.Open();
                stream.Write(content);
            }

        return written.ToArray();
    }

    private static string ReadMe(CooperationConvention convention, StoredDocument signed, int lines) => $"""
        ARCHIVE DE PREUVE – {signed.Title}

        {ConventionSeal.Level}

        Cette archive se vérifie sans le service qui l'a établie.

        1. Les fichiers sont entiers :
               sha256sum -c SHA256SUMS

        2. Le cachet couvre tout le fichier et rien n'y a changé (poppler-utils) :
               pdfsig convention-scellee.pdf
           « Signature is Valid » et « Total document signed » sont attendus. Le certificat est dans cachet.pem :
               openssl x509 -in cachet.pem -noout -subject -fingerprint -sha256
           Son empreinte est celle qu'imprime le dossier de preuve, à la fin du PDF.

        3. Le document signé est le début du document scellé :
               head -c {signed.Content.Length} convention-scellee.pdf | sha256sum
           doit donner {convention.Sha256}

        4. La chaîne des preuves est intacte ({lines} lignes) : chaque fichier de preuves/ commence par l'empreinte du précédent.
               prev={EvidenceChain.Beginning}
               for f in preuves/*.txt; do head -1 "$f" | grep -qx "previous: $prev" || echo "rompue : $f"; prev=$(sha256sum "$f" | cut -d' ' -f1); done; echo "$prev"
           La dernière empreinte affichée doit être la tête de chaîne imprimée dans le PDF scellé :
               {convention.EvidenceHead}

        5. Le vote du comité d'agrément est dans vote.json, le compte rendu dans compte-rendu.pdf et compte-rendu.json
           quand il est approuvé ; il porte le même cachet :
               pdfsig compte-rendu.pdf

        """;
}
