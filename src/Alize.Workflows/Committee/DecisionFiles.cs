using Alize.Data;
using Alize.Domain;
using Alize.Domain.Aid;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Alize.Domain.Repayment;
using Alize.Workflows.Aid;
using Alize.Workflows.Documents;
using Alize.Workflows.Eligibility;
using Alize.Workflows.Signatures;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Committee;

/// <summary>
/// Dossier of a project for the committee (art. 5.2, 6.1, 6.2): what it decides on is what it sees, from the criteria to the schedule
/// that would result.
/// </summary>
/// <param name="Project">The project.</param>
/// <param name="Company">Its company.</param>
/// <param name="Settings">The territory's agreement in force today.</param>
/// <param name="Verdict">The five criteria with their evidence (R1).</param>
/// <param name="DetectedBy">The partner who detected it.</param>
/// <param name="Standing">Credits, own share, State aid, and what would forbid the decision as asked.</param>
/// <param name="Schedule">The instalments that would follow if the advance asked for were paid today. Empty without an advance, or where its terms are refused.</param>
public sealed record DecisionFile(
    CompanyProject Project, Company Company, ProgrammeSettings Settings, EligibilityVerdict Verdict, string DetectedBy, FinancialStanding Standing,
    IReadOnlyList<PlannedInstallment> Schedule)
{
    /// <summary>The documents a decision in these terms would give, as they would read; kept nowhere. Empty once it is decided.</summary>
    public IReadOnlyList<FilledText> Previews { get; init; } = [];

    /// <summary>Whether the terms are those of an open vote, and not only what the project asks for.</summary>
    public bool IsPutToVote { get; init; }

    /// <summary>What forbids the decision as asked; the competences that go with it are committed in the session itself.</summary>
    public IEnumerable<Refusal> Obstacles => Standing.Refusals.Where(r => r.Rule != "R5");

    /// <summary>What the holder pays, in percent of the cost. Null when the cost is unknown.</summary>
    public decimal? OwnSharePercent => Project.Cost > Money.Zero ? Math.Floor(Project.OwnShare.Cents * 1000m / Project.Cost.Cents) / 10 : null;
}

/// <summary>Puts the file together; the same for the operator who prepares the session and for the member who reads it from a link.</summary>
public sealed class DecisionFiles(AlizeDb db, FinancialChecks checks, ConventionTexts conventions, AidCertificates certificates, Templates templates, ProgrammeClock clock)
{
    /// <summary>The file of a project with the terms it asks for, or those put to the vote.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="on">Day of the decision: the session's.</param>
    /// <param name="proposal">What is put to the vote. Null: what the project asks for.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<DecisionFile> OfAsync(Guid projectId, DateOnly on, DecisionForm? proposal, CancellationToken cancel)
    {
        var project = await db.Projects.AsNoTracking().SingleAsync(p => p.Id == projectId, cancel);
        var company = await db.Companies.AsNoTracking().SingleAsync(c => c.Id == project.CompanyId, cancel);
        var programme = await db.Programmes.AsNoTracking().SingleAsync(p => p.Id == project.ProgrammeId, cancel);
        var settings = programme.SettingsOn(clock.Today);
        var form = proposal ?? new DecisionForm(
            DecisionOutcome.Approved, new Dictionary<Guid, VoteChoice>(), project.RequestedAdvance, project.RequestedMonths, project.RequestedDeferralMonths, [], null, "");
        var terms = await checks.PreviewAsync(project, form.Advance, form.Months, form.DeferralMonths, form.Commitments.Sum(c => c.HalfDays), cancel);
        var file = new ProjectFile(programme, project, company, settings);
        return new(
            project, company, settings, EligibilityCriteria.Assess(CheckEligibility.FactsOf(company, project)),
            await db.Partners.Where(p => p.Id == project.DetectedByPartnerId).Select(p => p.Name).SingleAsync(cancel),
            new(terms.Request, terms.Aid.Position, terms.Refusals), terms.Schedule)
        {
            IsPutToVote = proposal is not null,
            Previews = project.Stage is ProjectStage.Instruction or ProjectStage.Committee && form.Proposal == DecisionOutcome.Approved
                ? await PreviewsAsync(file, on, form, terms, cancel)
                : [],
        };
    }

    /// <summary>The convention, and the certificate of aid where there would be one, in the programme's own wording.</summary>
    private async Task<IReadOnlyList<FilledText>> PreviewsAsync(ProjectFile file, DateOnly on, DecisionForm form, TermsPreview terms, CancellationToken cancel)
    {
        var lent = form.Commitments.Select(c => new DaysLent(c.PartnerId, c.Field, c.HalfDays, CompetenceValue.Of(c.HalfDays, file.Settings.DayRate))).ToList();
        if (lent.Count == 0 && file.Project.CompetencesAsked.Length > 0) lent.Add(new(null, file.Project.CompetencesAsked, 0, Money.Zero));
        var convention = new ConventionTerms(
            on, "[Le décompte des voix sera inscrit ici.]", form.Advance, form.Months, form.DeferralMonths, lent, form.LeadPartnerId ?? file.Project.DetectedByPartnerId);
        var signatories = await conventions.SignatoriesAsync(file, convention, isDraft: true, cancel);
        var aid = await certificates.RecordAsync(file, on, form.Advance, form.Months, form.DeferralMonths, terms.GrossGrant ?? Money.Zero, terms.Competences, cancel);
        var previews = new List<FilledText> { await FillAsync(await conventions.RecordAsync(file, convention, signatories, cancel), file.Programme, cancel) };
        if (aid.Total > Money.Zero) previews.Add(await FillAsync(aid, file.Programme, cancel));
        return previews;
    }

    private async Task<FilledText> FillAsync(object record, Programme programme, CancellationToken cancel)
    {
        var kind = DocumentCatalogue.Of(record);
        return templates.Fill(kind, (await templates.CurrentAsync(programme.Id, kind.Name, cancel))?.Text ?? kind.Shipped, record, programme);
    }
}
