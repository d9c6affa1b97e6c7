using Alize.Data.Documents;
using Alize.Workflows.Documents;

namespace Alize.Workflows.Signatures;

/// <summary>
/// Makes documents that bear the service's cachet (PAdES) from the start: a file that was changed anywhere says so by itself. The
/// convention, which is signed first, is sealed by <see cref="ConventionSeal"/>.
/// </summary>
public sealed class SealedDocuments(DocumentArchive archive, SealCertificates certificates, ProgrammeClock clock)
{
    /// <summary>Makes a document and seals it within the unit of work at hand; the caller saves.</summary>
    /// <param name="order">What is made.</param>
    /// <param name="reason">What the seal stands for, as a reader of PDF files shows it.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="TemplateException">The template does not fit the record.</exception>
    public async Task<StoredDocument> MakeAsync(DocumentOrder order, string reason, CancellationToken cancel)
    {
        if (await archive.FindAsync(order.Key, cancel) is { } made) return made;
        using var certificate = await certificates.CurrentAsync(cancel);
        return await archive.MakeAsync(order, pdf => SealedFile.Around(pdf, certificate, SealCertificates.NameOf(certificate), reason, clock.UtcNow), cancel);
    }
}
