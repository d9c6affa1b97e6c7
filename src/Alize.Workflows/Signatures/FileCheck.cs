using Alize.Data;
using Alize.Domain.Signatures;
using Alize.Workflows.Documents;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Signatures;

/// <summary>What a file turned out to be.</summary>
public enum FileVerdict
{
    /// <summary>Sealed here, and whole; of a convention, the chain of its evidence too.</summary>
    Sealed,

    /// <summary>A document this service made, unchanged; not sealed.</summary>
    Known,

    /// <summary>Bears a seal, but is not, to the last byte, what was sealed here.</summary>
    Changed,

    /// <summary>Nothing this service made.</summary>
    Unknown,
}

/// <summary>Somebody who signed, as the check shows it.</summary>
public sealed record CheckedSignature(string Name, string Capacities, string Initials, DateTime? SignedAt);

/// <summary>The answer to « is this the file? ».</summary>
/// <param name="Verdict">What it is.</param>
/// <param name="Sha256">Its hash.</param>
/// <param name="Reason">Why it is not whole. Empty otherwise.</param>
/// <param name="DocumentTitle">Title of the document it is. Empty when unknown.</param>
/// <param name="MadeAt">When that was made, UTC.</param>
/// <param name="Signatures">Who signed, when.</param>
/// <param name="SealedBy">Whose seal. Empty for none.</param>
/// <param name="ChainLines">Lines of the chain of evidence, all intact; 0 for none.</param>
public sealed record CheckedFile(
    FileVerdict Verdict, string Sha256, string Reason, string DocumentTitle, DateTime? MadeAt, IReadOnlyList<CheckedSignature> Signatures, string SealedBy, int ChainLines);

/// <summary>
/// Checks a file somebody shows: by its hash against what was kept, by its seal, and by the chain of evidence behind it. All three must
/// hold.
/// </summary>
public sealed class FileCheck(AlizeDb db, EvidenceBook book, SealCertificates certificates)
{
    public async Task<CheckedFile> CheckAsync(byte[] file, CancellationToken cancel)
    {
        var sha256 = DocumentArchive.HashOf(file);
        var kept = await db.Documents.AsNoTracking().Where(d => d.Sha256 == sha256)
            .Select(d => new { d.Id, d.Kind, d.Title, d.MadeAt, d.SubjectId }).FirstOrDefaultAsync(cancel);
        var seal = PdfSeal.Check(file);
        if (kept is null)
        {
            var isOurs = seal.Certificate is { } certificate && await certificates.IsOursAsync(certificate, cancel);
            return seal.Certificate is not null || seal.Reason != PdfSeal.NoSeal
                ? new(FileVerdict.Changed, sha256, seal.IsWhole && isOurs ? "Ce fichier n’est pas celui que ce service a conservé." : seal.IsWhole ? "Le cachet n’est pas celui de ce service." : seal.Reason, "", null, [], "", 0)
                : new(FileVerdict.Unknown, sha256, "", "", null, [], "", 0);
        }

        // What was uploaded may bear the seal of its maker, which says nothing here.
        if (seal.Reason == PdfSeal.NoSeal || kept.Kind == ConventionSigning.PaperKind) return new(FileVerdict.Known, sha256, "", kept.Title, kept.MadeAt, [], "", 0);
        if (kept.Kind != ConventionSeal.Kind)
            return seal.IsWhole && await certificates.IsOursAsync(seal.Certificate!, cancel)
                ? new(FileVerdict.Sealed, sha256, "", kept.Title, kept.MadeAt, [], SealCertificates.NameOf(seal.Certificate!), 0)
                : new(FileVerdict.Changed, sha256, seal.IsWhole ? "Le cachet n’est pas celui de ce service." : seal.Reason, kept.Title, kept.MadeAt, [], "", 0);
        var convention = await db.Conventions.AsNoTracking().SingleAsync(c => c.Id == kept.SubjectId, cancel);
        var lines = await book.ReadAsync(convention.Id, cancel);
        var broken = EvidenceChain.FirstBroken(lines, convention.EvidenceHead, convention.Sha256);
        if (!seal.IsWhole || broken is not null || !await certificates.IsOursAsync(seal.Certificate!, cancel))
            return new(FileVerdict.Changed, sha256, broken is { } at ? $"La chaîne de preuves est rompue à la ligne {at}." : seal.Reason, kept.Title, kept.MadeAt, [], "", 0);

        var ids = convention.Signatories.Select(s => s.ContactId).ToList();
        var people = await db.Contacts.AsNoTracking().Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => c.FullName, cancel);
        return new(
            FileVerdict.Sealed, sha256, "", kept.Title, kept.MadeAt,
            [.. convention.Signatories.GroupBy(s => s.ContactId).Select(of => new CheckedSignature(
                people[of.Key], string.Join(", ", of.Select(s => CapacityNames.French(s.Capacity))), of.First().Initials ?? "", of.First().SignedAt))],
            SealCertificates.NameOf(seal.Certificate!), lines.Count);
    }
}
