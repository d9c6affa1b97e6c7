using Alize.Data;
using Alize.Domain;
using Alize.Domain.Aid;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Alize.Domain.Repayment;
using Alize.Workflows.Accounts;
using Alize.Workflows.Committee;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Aid;

/// <summary>Where a project stands for a financial decision: every figure the vote rests on, and what forbids it.</summary>
/// <param name="Request">The figures of article 6.2.</param>
/// <param name="StateAid">State aid counted and the room left (R7c).</param>
/// <param name="Refusals">What the convention holds against it; empty when it may be decided.</param>
public sealed record FinancialStanding(FinancialRequest Request, DeMinimisPosition StateAid, IReadOnlyList<Refusal> Refusals);

/// <summary>What an advance would be, before anybody votes: its schedule, its gross grant equivalent and what State aid leaves.</summary>
/// <param name="Request">The figures of article 6.2.</param>
/// <param name="Schedule">As if it were paid on the day of the question; empty when R6 refuses the terms.</param>
/// <param name="GrossGrant">ESB of the advance; null when it cannot be computed.</param>
/// <param name="Competences">Value of the days lent.</param>
/// <param name="Aid">Where the undertaking stands.</param>
/// <param name="Refusals">What forbids the decision, at once.</param>
public sealed record TermsPreview(
    FinancialRequest Request, IReadOnlyList<PlannedInstallment> Schedule, Money? GrossGrant, Money Competences, AidOnDay Aid, IReadOnlyList<Refusal> Refusals);

/// <summary>Gathers the figures that article 6.2 asks for before any financial decision and lets the domain judge them (R5, R6, R7, R16, R18).</summary>
public sealed class FinancialChecks(AlizeDb db, Ledger ledger, StateAid aid, ProgrammeClock clock)
{
    public async Task<IReadOnlyList<Refusal>> RefusalsAsync(CompanyProject project, DecisionForm form, CancellationToken cancel) =>
        (await StandingAsync(project, form, cancel)).Refusals;

    /// <summary>The same figures as the vote rests on, for whoever prepares it.</summary>
    public async Task<FinancialStanding> StandingAsync(CompanyProject project, DecisionForm form, CancellationToken cancel)
    {
        var preview = await PreviewAsync(project, form.Advance, form.Months, form.DeferralMonths, form.Commitments.Sum(c => c.HalfDays), cancel);
        return new(preview.Request, preview.Aid.Position, preview.Refusals);
    }

    /// <summary>The terms a decision of today would have.</summary>
    public async Task<TermsPreview> PreviewAsync(CompanyProject project, Money amount, int months, int deferral, int halfDays, CancellationToken cancel)
    {
        var today = clock.Today;
        var programme = await db.Programmes.SingleAsync(p => p.Id == project.ProgrammeId, cancel);
        var settings = programme.SettingsOn(today);
        var advance = amount > Money.Zero ? new RepayableAdvance(amount, months, deferral, settings.DeferralCountsInside) : null;
        var term = await db.ProgrammeTerms.AsNoTracking().SingleOrDefaultAsync(t => t.ProgrammeId == programme.Id, cancel);
        var renewal = term?.RenewalOf(programme) ?? new Renewal(programme.SignedOn, programme.EndsOn, RenewalDecision.Open, null);
        var refusals = renewal.NewAidRefusals(today).ToList();
        if (project.SchemesConsidered.Length == 0) refusals.Add(new("R18", "6.2", "schemes-not-considered"));
        if (advance is not null) refusals.AddRange(await aid.RateRefusalsAsync(programme, today, cancel));
        var grant = advance is null ? Money.Zero : await aid.GrantOfAsync(programme, advance, today, cancel);
        var competences = CompetenceValue.Of(halfDays, settings.DayRate);
        var position = await aid.OnAsync(project.CompanyId, today, null, cancel);
        var request = new FinancialRequest(
            advance, HasSubsidisedLoan: false, halfDays, await ledger.CreditsAvailableAsync(project.ProgrammeId, cancel), project.Cost, project.OwnShare,
            settings.MinimumOwnSharePercent, position.Position.Room, (grant ?? Money.Zero) + (settings.CompetencesCountAsAid ? competences : Money.Zero));
        refusals.AddRange(request.Refusals());
        var schedule = advance is not null && !advance.Refusals().Any() ? RepaymentSchedule.Plan(advance, today, new(settings.IsAlsaceMoselle)) : [];
        return new(request, schedule, grant, competences, position, refusals);
    }

    /// <summary>
    /// Own share and State aid of a decision that was carried, with their evidence, for the locks of its payment: by the law and the
    /// figures of its own day, and of what is known today.
    /// </summary>
    public async Task<((bool IsOpen, string Evidence) OwnShare, (bool IsOpen, string Evidence) StateAid)> EvidenceAsync(
        CommitteeDecision decision, CompanyProject project, CancellationToken cancel)
    {
        var programme = await db.Programmes.SingleAsync(p => p.Id == project.ProgrammeId, cancel);
        var settings = programme.SettingsOn(decision.DecidedOn);
        var advance = new RepayableAdvance(decision.Advance, decision.Months, decision.DeferralMonths, settings.DeferralCountsInside);
        var grant = await aid.GrantOfAsync(programme, advance, decision.DecidedOn, cancel);
        var halfDays = await db.CompetenceCommitments.Where(c => c.DecisionId == decision.Id).SumAsync(c => c.HalfDays, cancel);
        var all = (grant ?? Money.Zero) + (settings.CompetencesCountAsAid ? CompetenceValue.Of(halfDays, settings.DayRate) : Money.Zero);
        var position = await aid.OnAsync(project.CompanyId, decision.DecidedOn, decision.Id, cancel);
        var request = new FinancialRequest(
            advance, false, Math.Max(1, halfDays), decision.Advance, project.Cost, project.OwnShare, settings.MinimumOwnSharePercent, position.Position.Room, all);
        var refusals = request.Refusals().ToList();
        return (
            (!refusals.Any(r => r.Reason.StartsWith("own-share", StringComparison.Ordinal) || r.Reason == "project-cost-missing"),
                $"le porteur finance {project.OwnShare} sur {project.Cost}, le programme veut {FrenchText.Percent(settings.MinimumOwnSharePercent)}"),
            (grant is not null && all <= position.Position.Room,
                grant is null
                    ? $"aucun taux de base n’est enregistré au {FrenchText.Short(decision.DecidedOn)}"
                    : $"équivalent-subvention {all}, pour {position.Position.Room} de marge au {FrenchText.Short(decision.DecidedOn)} (plafond {position.Position.Ceiling})"));
    }
}
