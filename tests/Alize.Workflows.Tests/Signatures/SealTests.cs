using System.Globalization;
using System.IO.Compression;
using System.Text;
using Alize.Data.Documents;
using Alize.Domain.Signatures;
using Alize.Workflows.Documents;
using Alize.Workflows.Signatures;
using Alize.Workflows.Tests.Documents;
using Alize.Workflows.Tests.Procedures;
using Microsoft.EntityFrameworkCore;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Signatures;

/// <summary>A convention signed by four and sealed, once for all these tests.</summary>
public sealed class SealedTerritory : IAsyncLifetime
{
    public Territory Territory { get; } = new();

    public Guid Project { get; private set; }

    public CooperationConvention Convention { get; private set; } = null!;

    public StoredDocument Sealed { get; private set; } = null!;

    public StoredDocument Signed { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Territory.InitializeAsync();
        Project = await Territory.ApprovedAsync();
        await Territory.SignAllAsync(Project);
        Convention = await Territory.ReadAsync(db => db.Conventions.AsNoTracking().SingleAsync(Cancel));
        Sealed = await Territory.ReadAsync(db => db.Documents.AsNoTracking().SingleAsync(d => d.Id == Convention.SealedDocumentId, Cancel));
        Signed = await Territory.ReadAsync(db => db.Documents.AsNoTracking().SingleAsync(d => d.Id == Convention.DocumentId, Cancel));
    }

    public ValueTask DisposeAsync() => Territory.DisposeAsync();
}

[Trait("Rule", "R8")]
public sealed class SealTests(SealedTerritory world) : IClassFixture<SealedTerritory>
{
    [Fact]
    public async Task Poppler_says_the_seal_is_valid_and_covers_the_whole_file()
    {
        var said = await Poppler.AskAsync("pdfsig", world.Sealed.Content);
        Assert.Contains("Signature is Valid", said, StringComparison.Ordinal);
        Assert.Contains("ETSI.CAdES.detached", said, StringComparison.Ordinal);
        Assert.Contains("Total document signed", said, StringComparison.Ordinal);
        Assert.Contains("SHA-256", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poppler_says_it_is_no_longer_valid_after_one_byte_is_changed()
    {
        foreach (var at in new[] { 300, world.Signed.Content.Length / 2, world.Signed.Content.Length + 500 })
        {
            var changed = world.Sealed.Content.ToArray();
            changed[at] ^= 1;
            Assert.DoesNotContain("Signature is Valid", await Poppler.AskAsync("pdfsig", changed), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_sealed_file_begins_with_the_very_document_that_was_signed()
    {
        Assert.Equal(world.Signed.Content, world.Sealed.Content[..world.Signed.Content.Length]);
        Assert.Equal(world.Convention.Sha256, DocumentArchive.HashOf(world.Signed.Content));

        var text = await Poppler.TextAsync(world.Sealed.Content);
        Assert.Contains(world.Convention.Sha256, text.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains(world.Convention.EvidenceHead, text.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        var pages = (await Poppler.AskAsync("pdftotext", world.Sealed.Content)).Split('\f');
        var signedPages = Alize.Workflows.Documents.Pdf.PdfPress.CountPages(world.Signed.Content);
        Assert.All(pages.Take(signedPages), page => Assert.Contains("Paraphes", page, StringComparison.Ordinal));
        Assert.Contains("Dossier de preuve", pages[signedPages], StringComparison.Ordinal);
        Assert.DoesNotContain("Error", await Poppler.AskAsync("pdfinfo", world.Sealed.Content), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sealed_file_has_its_title_its_language_its_fonts_its_amounts_and_its_names()
    {
        var about = await Poppler.AskAsync("pdfinfo", world.Sealed.Content);
        Assert.Matches("Title: +Convention de coopération et développement – Tournerie des Aulnes", about);
        Assert.Contains("/Lang (fr-FR)", Encoding.Latin1.GetString(world.Sealed.Content), StringComparison.Ordinal);
        var fonts = (await Poppler.AskAsync("pdffonts", world.Sealed.Content)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2).ToList();
        Assert.NotEmpty(fonts);
        Assert.All(fonts, font => Assert.Matches(@"\+Lato.* yes yes yes ", font));   // the evidence's pages too
        var text = await Poppler.TextAsync(world.Sealed.Content);
        foreach (var words in new[] { "30 000,00 €", "3 500,00 €", "Sylvie Arnaud", "Hélène Marchand", "Karim Benali", "Julien Morel", "« l’entreprise »" })
            Assert.Contains(words, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_changed_byte_of_the_file_breaks_its_seal()
    {
        Assert.True(PdfSeal.Check(world.Sealed.Content).IsWhole);
        var text = Encoding.Latin1.GetString(world.Sealed.Content);
        var seal = text.LastIndexOf("/Contents <", StringComparison.Ordinal);
        var end = text.IndexOf('>', seal);

        // All of the seal itself and its surroundings, where a lenient reader looks away; the rest by chance, the seed told.
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var places = Enumerable.Range(seal - 400, end - seal + 800).Concat(Enumerable.Range(0, 400).Select(_ => random.Next(world.Sealed.Content.Length)));
        var changed = world.Sealed.Content.ToArray();
        foreach (var at in places.Where(at => at < changed.Length))
        {
            var bit = (byte)(1 << random.Next(8));
            changed[at] ^= bit;
            Assert.False(PdfSeal.Check(changed).IsWhole, string.Create(CultureInfo.InvariantCulture, $"Byte {at} changed by {bit} and the seal still holds (seed {seed})."));
            changed[at] ^= bit;
        }
    }

    [Fact]
    public void What_is_added_or_cut_breaks_the_seal()
    {
        Assert.False(PdfSeal.Check([.. world.Sealed.Content, (byte)'\n']).IsWhole);
        Assert.False(PdfSeal.Check(world.Sealed.Content[..^1]).IsWhole);
        Assert.False(PdfSeal.Check(world.Signed.Content).IsWhole);
        Assert.False(PdfSeal.Check("%PDF-1.7"u8.ToArray()).IsWhole);
    }

    [Fact]
    public async Task The_check_knows_the_sealed_file_the_signed_one_a_changed_one_and_a_stranger()
    {
        async Task<CheckedFile> CheckAsync(byte[] file) => await world.Territory.DoAsync<FileCheck, CheckedFile>(c => c.CheckAsync(file, Cancel));
        var whole = await CheckAsync(world.Sealed.Content);
        Assert.Equal(FileVerdict.Sealed, whole.Verdict);
        Assert.Equal(4, whole.Signatures.Count);
        Assert.All(whole.Signatures, s => Assert.NotNull(s.SignedAt));

        Assert.Equal(FileVerdict.Known, (await CheckAsync(world.Signed.Content)).Verdict);
        var changed = world.Sealed.Content.ToArray();
        changed[1000] ^= 4;
        Assert.Equal(FileVerdict.Changed, (await CheckAsync(changed)).Verdict);
        Assert.Equal(FileVerdict.Unknown, (await CheckAsync("%PDF-1.7 autre"u8.ToArray())).Verdict);
    }

    [Fact]
    public async Task The_archive_is_verified_without_the_service()
    {
        var zip = (await world.Territory.DoAsync<ProofArchive, byte[]?>(a => a.MakeAsync(world.Convention.Id, Cancel)))!;
        using var archive = new ZipArchive(new MemoryStream(zip));
        var files = archive.Entries.ToDictionary(e => e.FullName, e =>
        {
            using var bytes = new MemoryStream();
            using var stream = e.Open();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        });

        foreach (var line in Encoding.UTF8.GetString(files["SHA256SUMS"]).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Assert.Equal(line[..64], DocumentArchive.HashOf(files[line[66..]]));
        var previous = EvidenceChain.Beginning;
        foreach (var name in files.Keys.Where(n => n.StartsWith("preuves/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            Assert.StartsWith($"previous: {previous}\n", Encoding.UTF8.GetString(files[name]), StringComparison.Ordinal);
            previous = DocumentArchive.HashOf(files[name]);
        }

        Assert.Equal(world.Convention.EvidenceHead, previous);
        Assert.Contains(previous, Encoding.UTF8.GetString(files["LISEZMOI.txt"]), StringComparison.Ordinal);
        Assert.Contains("BEGIN CERTIFICATE", Encoding.UTF8.GetString(files["cachet.pem"]), StringComparison.Ordinal);
        Assert.Equal(world.Sealed.Content, files["convention-scellee.pdf"]);
        Assert.Contains("\"yes\": 6", Encoding.UTF8.GetString(files["vote.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_changed_character_of_the_evidence_breaks_its_chain()
    {
        var lines = await world.Territory.ReadAsync(db => db.SignatureEvidence.AsNoTracking().OrderBy(e => e.Number).ToListAsync(Cancel));
        int? Broken(int at, string text, string hash) => EvidenceChain.FirstBroken(
            [.. lines[..at], Changed(lines[at], text, hash), .. lines[(at + 1)..]], world.Convention.EvidenceHead, world.Convention.Sha256);
        for (var at = 0; at < lines.Count; at++)
        {
            var (text, hash) = (lines[at].Text, lines[at].Hash);
            Assert.Null(Broken(at, text, hash));
            for (var i = 0; i < text.Length; i++) Assert.Equal(at + 1, Broken(at, Flipped(text, i), hash));
            for (var i = 0; i < hash.Length; i++) Assert.Equal(at + 1, Broken(at, text, Flipped(hash, i)));

            // Who reckons the hash of a changed line anew breaks the line after it, or the head.
            Assert.Equal(at + 2, Broken(at, text + "x", EvidenceChain.HashOf(text + "x")));
        }

        Assert.NotNull(EvidenceChain.FirstBroken(lines[..^1], world.Convention.EvidenceHead, world.Convention.Sha256));
        Assert.NotNull(EvidenceChain.FirstBroken(lines[1..], world.Convention.EvidenceHead, world.Convention.Sha256));
    }

    [Fact]
    public async Task The_chain_tells_each_step_of_each_signatory()
    {
        var lines = await world.Territory.ReadAsync(db => db.SignatureEvidence.AsNoTracking().OrderBy(e => e.Number).ToListAsync(Cancel));
        Assert.Null(EvidenceChain.FirstBroken(lines, world.Convention.EvidenceHead, world.Convention.Sha256));
        Assert.Equal("frozen", lines[0]["kind"]);
        Assert.Equal("sealed", lines[^1]["kind"]);
        foreach (var person in lines.Where(l => l["kind"] == "signed").Select(l => l["person"]))
            Assert.Equal(["asked", "code-asked", "code-used", "signed"], lines.Where(l => l["person"] == person).Select(l => l["kind"]));
    }

    private static string Flipped(string text, int at) => string.Concat(text.AsSpan(0, at), [(char)(text[at] ^ 1)], text.AsSpan(at + 1));

    private static SignatureEvidence Changed(SignatureEvidence line, string text, string hash) => new()
    {
        ProgrammeId = line.ProgrammeId,
        ConventionId = line.ConventionId,
        Number = line.Number,
        Text = text,
        Hash = hash,
    };
}
