using Alize.Data;
using Alize.Domain;
using Alize.Domain.Aid;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Alize.Workflows.Accounts;
using Alize.Workflows.Committee;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Aid;

/// <summary>Where a project stands for a financial decision: every figure the vote rests on, and what forbids it.</summary>
/// <param name="Request">The figures of article 6.2.</param>
/// <param name="StateAid">State aid counted and the room left (R7c).</param>
/// <param name="Refusals">What the convention holds against it; empty when it may be decided.</param>
public sealed record FinancialStanding(FinancialRequest Request, DeMinimisPosition StateAid, IReadOnlyList<Refusal> Refusals);

/// <summary>Gathers the figures that article 6.2 asks for before any financial decision and lets the domain judge them (R5, R6, R7, R18).</summary>
public sealed class FinancialChecks(AlizeDb db, Ledger ledger, ProgrammeClock clock)
{
    public async Task<IReadOnlyList<Refusal>> RefusalsAsync(CompanyProject project, DecisionForm form, CancellationToken cancel) =>
        (await StandingAsync(project, form, cancel)).Refusals;

    /// <summary>The same figures as the vote rests on, for whoever prepares it.</summary>
    public async Task<FinancialStanding> StandingAsync(CompanyProject project, DecisionForm form, CancellationToken cancel)
    {
        var programme = await db.Programmes.SingleAsync(p => p.Id == project.ProgrammeId, cancel);
        var settings = programme.SettingsOn(clock.Today);
        var refusals = new List<Refusal>();
        if (project.SchemesConsidered.Length == 0) refusals.Add(new("R18", "6.2", "schemes-not-considered"));
        var (request, stateAid) = await RequestAsync(project, form, settings, refusals, cancel);
        refusals.AddRange(request.Refusals());
        return new(request, stateAid, refusals);
    }

    private async Task<(FinancialRequest Request, DeMinimisPosition StateAid)> RequestAsync(
        CompanyProject project, DecisionForm form, ProgrammeSettings settings, List<Refusal> refusals, CancellationToken cancel)
    {
        var advance = form.Advance > Money.Zero
            ? new RepayableAdvance(form.Advance, form.Months, form.DeferralMonths, settings.DeferralCountsInside)
            : null;
        if (advance is not null && settings.BaseRateBasisPoints is null)
            refusals.Add(new("R7", "6.2", "base-rate-missing", FrenchText.Short(clock.Today)));
        var halfDays = form.Commitments.Sum(c => c.HalfDays);
        var grossGrant = GrantOf(advance, halfDays, settings);
        var position = DeMinimis.PositionOn(clock.Today, await GrantsAsync(project, cancel), competencesCount: settings.CompetencesCountAsAid);
        var request = new FinancialRequest(
            advance, HasSubsidisedLoan: false, halfDays, await ledger.CreditsAvailableAsync(project.ProgrammeId, cancel),
            project.Cost, project.OwnShare, settings.MinimumOwnSharePercent, position.Room, grossGrant);
        return (request, position);
    }

    /// <summary>Gross grant equivalent of an advance and of lent days under a day's settings (R7c).</summary>
    private static Money GrantOf(RepayableAdvance? advance, int halfDays, ProgrammeSettings settings)
    {
        var grant = advance is not null && !advance.Refusals().Any() && settings.BaseRateBasisPoints is { } baseRate
            ? GrossGrantEquivalent.Of(advance, (baseRate + ReferenceRates.UnratedMarginBasisPoints) / 10_000m)
            : Money.Zero;
        return settings.CompetencesCountAsAid && halfDays > 0 ? grant + CompetenceValue.Of(halfDays, settings.DayRate) : grant;
    }

    /// <summary>What the company declared when it was detected, and what this programme has granted it since.</summary>
    private async Task<IReadOnlyList<DeMinimisGrant>> GrantsAsync(CompanyProject project, CancellationToken cancel)
    {
        var programme = await db.Programmes.SingleAsync(p => p.Id == project.ProgrammeId, cancel);
        var grants = new List<DeMinimisGrant> { new(project.DetectedOn, project.DeclaredDeMinimis) };
        var decisions = await db.DecisionsInForce.AsNoTracking()
            .Where(d => d.Outcome == DecisionOutcome.Approved && db.Projects.Any(p => p.Id == d.ProjectId && p.CompanyId == project.CompanyId))
            .ToListAsync(cancel);
        foreach (var decision in decisions)
        {
            var settings = programme.SettingsOn(decision.DecidedOn);
            var advance = decision.Advance > Money.Zero
                ? new RepayableAdvance(decision.Advance, decision.Months, decision.DeferralMonths, settings.DeferralCountsInside)
                : null;
            var halfDays = await db.CompetenceCommitments.Where(c => c.DecisionId == decision.Id).SumAsync(c => c.HalfDays, cancel);
            grants.Add(new(decision.DecidedOn, GrantOf(advance, 0, settings), halfDays > 0 ? CompetenceValue.Of(halfDays, settings.DayRate) : Money.Zero));
        }

        return grants;
    }
}
