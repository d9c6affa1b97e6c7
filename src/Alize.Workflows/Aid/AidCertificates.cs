using Alize.Data;
using Alize.Data.Documents;
using Alize.Domain;
using Alize.Domain.Aid;
using Alize.Domain.Committee;
using Alize.Domain.Programmes;
using Alize.Workflows.Documents;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Aid;

/// <summary>Makes the attestation of aid de minimis that a company keeps for a decision, once (R7c, art. 6.2).</summary>
public sealed class AidCertificates(AlizeDb db, StateAid aid, DocumentArchive archive)
{
    /// <summary>The certificate of a decision, made now or found.</summary>
    /// <exception cref="InvalidOperationException">There is no such approved decision.</exception>
    public async Task<StoredDocument> MakeAsync(Guid programmeId, Guid decisionId, string by, CancellationToken cancel)
    {
        var decision = await db.Decisions.AsNoTracking().SingleOrDefaultAsync(d => d.ProgrammeId == programmeId && d.Id == decisionId && d.Outcome == DecisionOutcome.Approved, cancel)
            ?? throw new InvalidOperationException($"Programme '{programmeId}' has no approved decision '{decisionId}'.");
        var programme = await db.Programmes.SingleAsync(p => p.Id == programmeId, cancel);
        var project = await db.Projects.AsNoTracking().SingleAsync(p => p.Id == decision.ProjectId, cancel);
        var company = await db.Companies.AsNoTracking().SingleAsync(c => c.Id == project.CompanyId, cancel);
        var localOperator = await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == programmeId && p.Kind == PartnerKind.LocalOperator).Select(p => p.Name).FirstOrDefaultAsync(cancel);
        var settings = programme.SettingsOn(decision.DecidedOn);
        var grant = (await aid.OnAsync(company.Id, decision.DecidedOn, null, cancel)).Aids.Single(a => a.DecisionId == decision.Id).Grant;
        var competences = settings.CompetencesCountAsAid ? grant.Competences : Money.Zero;
        var rate = ReferenceRates.On(await aid.RatesAsync(programme, cancel), decision.DecidedOn);
        var document = await archive.MakeAsync(
            new(
                $"aid-certificate:{decision.Id:N}",
                new AidCertificateDocument(
                    company.Name, company.Commune, company.Siret, project.Number, decision.DecidedOn, decision.Advance, decision.Months, decision.DeferralMonths, grant.Money, competences,
                    grant.Money + competences, DeMinimis.Ceiling(decision.DecidedOn),
                    decision.Advance > Money.Zero && rate is { } used ? $"taux de référence de {FrenchText.Percent(used * 100)}, équivalent annuel" : "",
                    localOperator ?? programme.Name),
                programmeId, by, project.Id, decision.Id, project.Number),
            cancel);
        await db.SaveChangesAsync(cancel);
        return document;
    }
}
