using Alize.Data;
using Alize.Data.Documents;
using Alize.Domain.Committee;
using Alize.Workflows.Programmes;
using Alize.Workflows.Signatures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Alize.Workflows.Committee;

/// <summary>Keeps the minutes as the chair approved them (R4, art. 5.2): one sealed PDF, and the same as data.</summary>
public sealed class ApprovedMinutes(AlizeDb db, SealedDocuments documents, IOptions<AlizeOptions> alize)
{
    /// <summary>The answer by which the chair approves, as the procedures name it.</summary>
    private const string Approved = "Approved";

    /// <summary>Makes and seals the document within the unit of work at hand.</summary>
    /// <param name="session">The session, with its minutes.</param>
    /// <param name="key">Key of the step: asked twice, it is made once.</param>
    /// <param name="instanceId">The procedure in which they were approved.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<StoredDocument> KeepAsync(CommitteeSession session, string key, string instanceId, CancellationToken cancel)
    {
        // Who answered, which is the delegate in the chair's absence.
        var approval = await db.PartnerTasks.AsNoTracking().Where(t => t.InstanceId == instanceId && t.Outcome == Approved)
            .OrderByDescending(t => t.AnsweredAt).Select(t => new { t.AnsweredBy, t.AnsweredAt }).FirstOrDefaultAsync(cancel);
        var people = await db.Contacts.AsNoTracking().Where(c => c.ProgrammeId == session.ProgrammeId).ToDictionaryAsync(c => c.Id, c => c.FullName, cancel);
        var partners = await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == session.ProgrammeId).ToDictionaryAsync(p => p.Id, p => p.Name, cancel);
        var record = new MinutesDocument(
            CommitteeNames.InSentence(session.Kind), session.StartsAt, session.Place, session.ChairContactId is { } chair ? people[chair] : "",
            new(session.Minutes ?? ""), approval?.AnsweredBy ?? "", session.PresentCount)
        {
            ApprovedAt = approval?.AnsweredAt,
            Invited = [.. session.Invitees.Select(i => new MinutedPerson(
                people[i.ContactId], i.PartnerId is { } partner ? partners.GetValueOrDefault(partner, "") : "", i.IsVotingMember, $"{i.Presence}"))],
            Topics = session.Topics.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            Decisions = await DecisionsAsync(session, people, partners, cancel),
            VerifyAt = $"{alize.Value.PublicUrl.TrimEnd('/')}/verifier",
        };
        return await documents.MakeAsync(
            new(key, record, session.ProgrammeId, Trail.Service, SubjectId: session.Id), $"Compte rendu du {record.Committee} approuvé", cancel);
    }

    private async Task<IReadOnlyList<MinutedDecision>> DecisionsAsync(CommitteeSession session, Dictionary<Guid, string> people, Dictionary<Guid, string> partners, CancellationToken cancel)
    {
        var decisions = await db.Decisions.AsNoTracking().Where(d => d.SessionId == session.Id).OrderBy(d => d.Id).ToListAsync(cancel);
        var ids = decisions.Select(d => d.ProjectId).ToList();
        var projects = await db.Projects.AsNoTracking().Where(p => ids.Contains(p.Id))
            .Join(db.Companies, p => p.CompanyId, c => c.Id, (p, c) => new { p.Id, p.Number, p.Title, Company = c.Name }).ToDictionaryAsync(p => p.Id, cancel);
        var decided = decisions.Select(d => d.Id).ToList();
        var lent = await db.CompetenceCommitments.AsNoTracking().Where(c => decided.Contains(c.DecisionId)).OrderBy(c => c.Id).ToListAsync(cancel);
        return [.. decisions.Select(d => new MinutedDecision(
            projects[d.ProjectId].Number, projects[d.ProjectId].Title, projects[d.ProjectId].Company, $"{d.Outcome}", d.Present, d.Yes, d.No, d.Abstained, d.Count.Proof(),
            d.Advance, d.Months, d.DeferralMonths, d.Condition, d.Reason, [.. d.Recusals.Select(r => people[r.ContactId])])
        {
            Competences = [.. lent.Where(c => c.DecisionId == d.Id).Select(c => new MinutedDays(partners[c.PartnerId], c.Field, c.HalfDays))],
        })];
    }
}
