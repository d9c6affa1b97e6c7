using Alize.Data;
using Alize.Domain;
using Alize.Domain.Aid;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Alize.Domain.Repayment;
using Alize.Workflows.Aid;
using Alize.Workflows.Eligibility;
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
    /// <summary>What forbids the decision as asked; the competences that go with it are committed in the session itself.</summary>
    public IEnumerable<Refusal> Obstacles => Standing.Refusals.Where(r => r.Rule != "R5");

    /// <summary>What the holder pays, in percent of the cost. Null when the cost is unknown.</summary>
    public decimal? OwnSharePercent => Project.Cost > Money.Zero ? Math.Floor(Project.OwnShare.Cents * 1000m / Project.Cost.Cents) / 10 : null;
}

/// <summary>Puts the file together; the same for the operator who prepares the session and for the member who reads it from a link.</summary>
public sealed class DecisionFiles(AlizeDb db, FinancialChecks checks, ProgrammeClock clock)
{
    /// <summary>The file of a project with the terms it asks for.</summary>
    public async Task<DecisionFile> OfAsync(Guid projectId, CancellationToken cancel)
    {
        var project = await db.Projects.AsNoTracking().SingleAsync(p => p.Id == projectId, cancel);
        var company = await db.Companies.AsNoTracking().SingleAsync(c => c.Id == project.CompanyId, cancel);
        var programme = await db.Programmes.AsNoTracking().SingleAsync(p => p.Id == project.ProgrammeId, cancel);
        var settings = programme.SettingsOn(clock.Today);
        var asked = new DecisionForm(
            DecisionOutcome.Approved, new Dictionary<Guid, VoteChoice>(), project.RequestedAdvance, project.RequestedMonths, project.RequestedDeferralMonths, [], null, "");
        return new(
            project, company, settings, EligibilityCriteria.Assess(CheckEligibility.FactsOf(company, project)),
            await db.Partners.Where(p => p.Id == project.DetectedByPartnerId).Select(p => p.Name).SingleAsync(cancel),
            await checks.StandingAsync(project, asked, cancel), ScheduleOf(project, settings));
    }

    private IReadOnlyList<PlannedInstallment> ScheduleOf(CompanyProject project, ProgrammeSettings settings)
    {
        if (project.RequestedAdvance <= Money.Zero) return [];
        var terms = new RepayableAdvance(project.RequestedAdvance, project.RequestedMonths, project.RequestedDeferralMonths, settings.DeferralCountsInside);
        return terms.Refusals().Any() ? [] : RepaymentSchedule.Plan(terms, clock.Today, new FrenchCalendar(settings.IsAlsaceMoselle));
    }
}
