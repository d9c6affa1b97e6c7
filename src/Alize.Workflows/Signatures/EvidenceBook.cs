using Alize.Data;
using Alize.Domain.Signatures;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Signatures;

/// <summary>Writes the chained evidence of a convention (R8, R19) in the unit of work at hand.</summary>
public sealed class EvidenceBook(AlizeDb db, ProgrammeClock clock)
{
    /// <summary>Adds a line after the chain's head; the convention must be one the unit of work tracks.</summary>
    public void Add(CooperationConvention convention, EvidenceFact fact)
    {
        var line = EvidenceChain.Next(convention, fact, clock.UtcNow);
        db.SignatureEvidence.Add(line);
        convention.Chain(line);
    }

    /// <summary>All lines in order, those not saved yet too.</summary>
    public async Task<IReadOnlyList<SignatureEvidence>> ReadAsync(Guid conventionId, CancellationToken cancel)
    {
        var saved = await db.SignatureEvidence.Where(e => e.ConventionId == conventionId).OrderBy(e => e.Number).ToListAsync(cancel);
        return [.. saved.Concat(db.SignatureEvidence.Local.Where(e => e.ConventionId == conventionId)).DistinctBy(e => e.Number).OrderBy(e => e.Number)];
    }
}
