using Alize.Data;
using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Aid;
using Alize.Domain.Committee;
using Alize.Domain.Repayment;
using Alize.Domain.Signatures;
using Alize.Workflows.Eligibility;
using Alize.Workflows.Programmes;
using Alize.Workflows.Tasks;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Accounts;

/// <summary>Payment of an advance: only through its interlock (R8, art. 6.2), once, and booked in the same transaction.</summary>
public sealed class Payments(AlizeDb db, Ledger ledger, AdvanceCredits credits, Trail trail, ProjectFiles files, PartnerTasks tasks, ProgrammeClock clock)
{
    /// <summary>The locks of a project's payment, each with its evidence.</summary>
    public async Task<PaymentInterlock> InterlockAsync(Guid projectId, CancellationToken cancel)
    {
        var decision = await DecisionAsync(projectId, cancel);
        var convention = decision is null ? null
            : await db.Conventions.AsNoTracking().Where(c => c.DecisionId == decision.Id).OrderByDescending(c => c.FrozenAt).FirstOrDefaultAsync(cancel);
        var commitments = decision is null ? 0 : await db.CompetenceCommitments.CountAsync(c => c.DecisionId == decision.Id, cancel);
        var paid = decision is null ? null : await db.Advances.AsNoTracking().SingleOrDefaultAsync(a => a.DecisionId == decision.Id, cancel);
        var programmeId = await db.Projects.Where(p => p.Id == projectId).Select(p => p.ProgrammeId).SingleAsync(cancel);
        var balance = await ledger.BalanceAsync(programmeId, FundAccount.Advances, LedgerAccount.Bank, cancel);
        var signed = convention?.Signatories.Count(s => s.SignedAt is not null) ?? 0;

        return new PaymentInterlock(
            DecisionCarried: decision is { Advance.Cents: > 0 }
                ? (true, $"agréée le {FrenchText.Date(decision.DecidedOn)} par {decision.Yes} voix sur {decision.Present} présents, avance de {decision.Advance}")
                : (false, decision is null ? "le comité n’a pas agréé ce projet" : "la décision n’accorde pas d’avance"),
            ConventionFullySigned: convention is null
                ? (false, "la convention n’est pas encore établie")
                : (convention.State == ConventionState.Signed, $"{signed} sur {convention.Signatories.Count} signatures recueillies"),
            CompetenceCommitted: (commitments > 0, FrenchText.Plural(commitments, "appui en compétences engagé", "appuis en compétences engagés")),
            CreditsAvailable: (paid is not null || balance >= (decision?.Advance ?? Money.Zero), $"solde du compte d’avances : {balance}"),
            NotAlreadyPaid: paid is null ? (true, "aucun versement") : (false, $"versée le {FrenchText.Date(paid.PaidOn)}, référence {paid.Reference}"));
    }

    /// <summary>
    /// The operator orders the payment from the project's page. Where a lock is shut the attempt is refused and recorded; else the
    /// payment step that waits goes on and pays.
    /// </summary>
    public async Task<IReadOnlyList<Refusal>> PayAsync(Guid projectId, string by, CancellationToken cancel)
    {
        var refusals = (await InterlockAsync(projectId, cancel)).Refusals().ToList();
        var order = await db.PartnerTasks.AsNoTracking().SingleOrDefaultAsync(
            t => t.ProjectId == projectId && t.State == PartnerTaskState.Open && t.Kind == PayAdvance.TaskKind, cancel);
        if (refusals.Count == 0 && order is null) refusals.Add(new("R8", "6.2", "pay-not-ordered"));
        if (refusals.Count > 0)
        {
            await RecordRefusalAsync(projectId, refusals, by, cancel);
            await db.SaveChangesAsync(cancel);
            return refusals;
        }

        await tasks.AnswerAsync(order!.Id, PayAdvance.Ordered, new Dictionary<string, string>(), by, "", cancel);
        if (await db.Advances.AnyAsync(a => a.ProjectId == projectId, cancel)) return [];

        // Ordered, and not paid: a lock has shut in between, or the payment step waits for somebody to look at it. Never said to be paid.
        refusals = [.. (await InterlockAsync(projectId, cancel)).Refusals()];
        return refusals.Count > 0 ? refusals : [new("R8", "6.2", "pay-not-ordered")];
    }

    /// <summary>Pays within the unit of work at hand: the advance, its schedule and its entry, or the refusals, recorded.</summary>
    internal async Task<(GrantedAdvance? Advance, IReadOnlyList<Refusal> Refusals)> ExecuteAsync(Guid projectId, string by, CancellationToken cancel)
    {
        var refusals = (await InterlockAsync(projectId, cancel)).Refusals().ToList();
        if (refusals.Count > 0)
        {
            await RecordRefusalAsync(projectId, refusals, by, cancel);
            return (null, refusals);
        }

        var file = await files.OpenAsync(projectId, cancel);
        var decision = (await DecisionAsync(projectId, cancel))!;
        var advance = new GrantedAdvance
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = file.ProgrammeId,
            ProjectId = projectId,
            CompanyId = file.Company.Id,
            DecisionId = decision.Id,
            Reference = $"AV-{file.Project.Number}",
            Principal = decision.Advance,
            Months = decision.Months,
            DeferralMonths = decision.DeferralMonths,
            PaidOn = clock.Today,
        };
        var terms = new RepayableAdvance(decision.Advance, decision.Months, decision.DeferralMonths, file.Programme.SettingsOn(decision.DecidedOn).DeferralCountsInside);
        advance.Schedule(RepaymentSchedule.Plan(terms, clock.Today, file.Calendar).Select(planned => new Installment
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = file.ProgrammeId,
            AdvanceId = advance.Id,
            Number = planned.Number,
            DueOn = planned.DueOn,
            CollectOn = planned.CollectOn,
            Amount = planned.Amount,
        }));
        db.Advances.Add(advance);
        var (_, held) = await credits.HeldAsync(projectId, cancel);
        await ledger.BookAsync(
            file.ProgrammeId,
            Movements.Paid(
                $"advance:{decision.Id:N}", advance.Reference, file.Company.Id, projectId, advance.Principal, held, clock.Today,
                new(SourceKind.Document, advance.Id, $"Ordre de versement {advance.Reference}")),
            by, cancel);
        trail.Add(file.ProgrammeId, "payment", $"Avance {advance.Reference} de {advance.Principal} versée, {FrenchText.Plural(advance.Installments.Count, "échéance")}", by, projectId, advance.Id);
        return (advance, []);
    }

    private async Task RecordRefusalAsync(Guid projectId, IReadOnlyList<Refusal> refusals, string by, CancellationToken cancel)
    {
        var project = await db.Projects.AsNoTracking().SingleAsync(p => p.Id == projectId, cancel);
        trail.Add(project.ProgrammeId, "payment-refused", $"Versement refusé : {string.Join(" ", refusals)}", by, projectId, projectId);
    }

    private Task<CommitteeDecision?> DecisionAsync(Guid projectId, CancellationToken cancel) =>
        db.DecisionsInForce.AsNoTracking().Where(d => d.ProjectId == projectId && d.Outcome == DecisionOutcome.Approved)
            .OrderByDescending(d => d.DecidedOn).ThenByDescending(d => d.Id).FirstOrDefaultAsync(cancel);
}
