using Alize.Data;
using Alize.Data.Documents;
using Alize.Domain;
using Alize.Domain.Aid;
using Alize.Domain.Committee;
using Alize.Domain.Programmes;
using Alize.Workflows.Documents;
using Alize.Workflows.Eligibility;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Aid;

/// <summary>Makes the attestation of aid de minimis that a company keeps for a decision, once (R7c, art. 6.2).</summary>
public sealed class AidCertificates(AlizeDb db, StateAid aid, DocumentArchive archive)
{
    /// <summary>
    /// The certificate of a decision, made now or found; the caller saves. Null where the decision gives no aid that counts: competences
    /// alone, in a programme that does not count them.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no such approved decision.</exception>
    public async Task<StoredDocument?> MakeAsync(Guid programmeId, Guid decisionId, string by, CancellationToken cancel)
    {
        var decision = await db.Decisions.AsNoTracking().SingleOrDefaultAsync(d => d.ProgrammeId == programmeId && d.Id == decisionId && d.Outcome == DecisionOutcome.Approved, cancel)
            ?? throw new InvalidOperationException($"Programme '{programmeId}' has no approved decision '{decisionId}'.");
        var programme = await db.Programmes.SingleAsync(p => p.Id == programmeId, cancel);
        var project = await db.Projects.AsNoTracking().SingleAsync(p => p.Id == decision.ProjectId, cancel);
        var company = await db.Companies.AsNoTracking().SingleAsync(c => c.Id == project.CompanyId, cancel);
        var grant = (await aid.OnAsync(company.Id, decision.DecidedOn, null, cancel)).Aids.Single(a => a.DecisionId == decision.Id).Grant;
        var record = await RecordAsync(
            new(programme, project, company, programme.SettingsOn(decision.DecidedOn)), decision.DecidedOn, decision.Advance, decision.Months, decision.DeferralMonths, grant.Money, grant.Competences, cancel);
        return record.Total <= Money.Zero ? null
            : await archive.MakeAsync(new($"aid-certificate:{decision.Id:N}", record, programmeId, by, project.Id, decision.Id, project.Number), cancel);
    }

    /// <summary>What the certificate of an aid says; of one that is only asked for, would say.</summary>
    /// <param name="file">The project's file, with the settings of the day.</param>
    /// <param name="on">Day of the decision: the grant date.</param>
    /// <param name="advance">The advance; zero for none.</param>
    /// <param name="months">Its duration.</param>
    /// <param name="deferralMonths">Its deferral.</param>
    /// <param name="grant">Its gross grant equivalent.</param>
    /// <param name="competences">Value of the days lent, whether they count or not.</param>
    /// <param name="cancel">Cancels.</param>
    internal async Task<AidCertificateDocument> RecordAsync(
        ProjectFile file, DateOnly on, Money advance, int months, int deferralMonths, Money grant, Money competences, CancellationToken cancel)
    {
        var counted = file.Settings.CompetencesCountAsAid ? competences : Money.Zero;
        var rate = ReferenceRates.On(await aid.RatesAsync(file.Programme, cancel), on);
        var localOperator = await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == file.ProgrammeId && p.Kind == PartnerKind.LocalOperator).Select(p => p.Name).FirstOrDefaultAsync(cancel);
        return new(
            file.Company.Name, file.Company.Commune, Siret.TryParse(file.Company.Siret, out var siret, out _) ? siret.ToString() : file.Company.Siret, file.Project.Number, on,
            advance, months, deferralMonths, grant, counted, grant + counted, DeMinimis.Ceiling(on),
            advance > Money.Zero && rate is { } used ? $"taux de référence de {FrenchText.Percent(used * 100)}, équivalent annuel" : "",
            localOperator ?? file.Programme.Name);
    }
}
