using Alize.Data;
using Alize.Domain.Committee;
using Alize.Domain.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Committee;

/// <summary>Who sits on a committee today (art. 5.1, 5.2); a person who sits twice sits once.</summary>
public sealed class CommitteeMembers(AlizeDb db, ProgrammeClock clock)
{
    /// <summary>
    /// Approval committee: its members with a vote. Steering committee: whoever represents a signatory of the convention; ASTREES,
    /// which is invited to both, is not among them.
    /// </summary>
    public async Task<IReadOnlyList<Contact>> OfAsync(Guid programmeId, CommitteeKind kind, CancellationToken cancel)
    {
        var people = db.Contacts.AsNoTracking().Where(c => c.ProgrammeId == programmeId);
        people = kind == CommitteeKind.Approval
            ? people.Where(c => c.Role == ContactRole.CommitteeMember || c.Role == ContactRole.CommitteeChair)
            : people.Where(c => c.Role == ContactRole.Representative && db.Partners.Any(p => p.Id == c.PartnerId
                && p.Kind != PartnerKind.Astrees && p.Kind != PartnerKind.RelayStructure));
        var today = clock.Today;
        return [.. (await people.ToListAsync(cancel)).Where(c => c.IsActiveOn(today))
            .OrderByDescending(c => c.Role).ThenBy(c => c.FullName, StringComparer.Ordinal).DistinctBy(c => c.Email.ToUpperInvariant())];
    }

    /// <summary>Who presides by right: the approval committee's chair (R3), the Prefect's representative at the steering committee (art. 5.1). Null when nobody does today.</summary>
    public async Task<Contact?> ChairAsync(Guid programmeId, CommitteeKind kind, CancellationToken cancel)
    {
        var people = db.Contacts.AsNoTracking().Where(c => c.ProgrammeId == programmeId);
        people = kind == CommitteeKind.Approval
            ? people.Where(c => c.Role == ContactRole.CommitteeChair)
            : people.Where(c => c.Role == ContactRole.Representative && db.Partners.Any(p => p.Id == c.PartnerId && p.Kind == PartnerKind.State));
        var today = clock.Today;
        return (await people.ToListAsync(cancel)).Where(c => c.IsActiveOn(today)).OrderByDescending(c => c.From).FirstOrDefault();
    }
}
