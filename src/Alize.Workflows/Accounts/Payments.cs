using Alize.Data;
using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Aid;
using Alize.Domain.Committee;
using Alize.Domain.Repayment;
using Alize.Domain.Signatures;
using Alize.Engine.Storage;
using Alize.Workflows.Aid;
using Alize.Workflows.Eligibility;
using Alize.Workflows.Programmes;
using Alize.Workflows.Repayment;
using Alize.Workflows.Tasks;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Accounts;

/// <summary>Payment of an advance: only through its interlock (R8, art. 6.2), once, and booked in the same transaction.</summary>
public sealed class Payments(
    AlizeDb db, Ledger ledger, AdvanceCredits credits, Trail trail, ProjectFiles files, PartnerTasks tasks, Ladders ladders, FinancialChecks checks,
    ProgrammeClock clock)
{
    /// <summary>The locks of a project's payment, each with its evidence.</summary>
    public async Task<PaymentInterlock> InterlockAsync(Guid projectId, CancellationToken cancel)
    {
        var decision = await DecisionAsync(projectId, cancel);
        var convention = decision is null ? null
            : await db.Conventions.AsNoTracking().Where(c => c.DecisionId == decision.Id).OrderByDescending(c => c.FrozenAt).FirstOrDefaultAsync(cancel);
        var commitments = decision is null ? 0 : await db.CompetenceCommitments.CountAsync(c => c.DecisionId == decision.Id, cancel);
        var paid = decision is null ? null : await db.Advances.AsNoTracking().SingleOrDefaultAsync(a => a.DecisionId == decision.Id, cancel);
        var project = await db.Projects.AsNoTracking().SingleAsync(p => p.Id == projectId, cancel);
        var programmeId = project.ProgrammeId;
        var evidence = decision is { Advance.Cents: > 0 } ? await checks.EvidenceAsync(decision, project, cancel)
            : default(((bool IsOpen, string Evidence) OwnShare, (bool IsOpen, string Evidence) StateAid)?);
        var balance = await ledger.BalanceAsync(programmeId, FundAccount.Advances, LedgerAccount.Bank, cancel);
        var signed = convention?.Signatories.Count(s => s.SignedAt is not null) ?? 0;

        return new PaymentInterlock(
            DecisionCarried: decision is { Advance.Cents: > 0 }
                ? (true, $"agréée le {FrenchText.Date(decision.DecidedOn)} par {decision.Yes} voix sur {decision.Present} présents, avance de {decision.Advance}")
                : (false, decision is null ? "le comité n’a pas agréé ce projet" : "la décision n’accorde pas d’avance"),
            ConventionFullySigned: convention is null
                ? (false, "la convention n’est pas encore établie")
                : (convention.IsSealed, $"{signed} sur {convention.Signatories.Count} signatures recueillies{(convention.IsSealed ? ", document scellé" : "")}"),
            CompetenceCommitted: (commitments > 0, FrenchText.Plural(commitments, "appui en compétences engagé", "appuis en compétences engagés")),
            OwnShareKept: evidence?.OwnShare ?? (false, "aucune décision à examiner"),
            StateAidRespected: evidence?.StateAid ?? (false, "aucune décision à examiner"),
            CreditsAvailable: (balance >= (paid?.Unpaid ?? decision?.Advance ?? Money.Zero), $"solde du compte d’avances : {balance}"),
            NotAlreadyPaid: paid is null ? (true, "aucun versement")
                : (paid.Unpaid > Money.Zero, paid.Unpaid > Money.Zero
                    ? $"{paid.Position.PaidOut} versés en {FrenchText.Plural(paid.Payouts.Count, "tranche")}, reste {paid.Unpaid}"
                    : $"versée le {FrenchText.Date(paid.PaidOn)}, référence {paid.Reference}"));
    }

    /// <summary>The operator orders the payment of the whole advance.</summary>
    public Task<IReadOnlyList<Refusal>> PayAsync(Guid projectId, string by, CancellationToken cancel) => PayAsync(projectId, null, by, cancel);

    /// <summary>
    /// The operator orders the payment from the project's page. Where a lock is shut the attempt is refused and recorded; else the
    /// payment step that waits goes on and pays.
    /// </summary>
    /// <param name="projectId">The project.</param>
    /// <param name="amount">A part of the advance; null for all of it.</param>
    /// <param name="by">Who orders it.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<IReadOnlyList<Refusal>> PayAsync(Guid projectId, Money? amount, string by, CancellationToken cancel)
    {
        var refusals = (await InterlockAsync(projectId, cancel)).Refusals().ToList();
        if (amount is { } part && await DecisionAsync(projectId, cancel) is { } decision && (part <= Money.Zero || part > decision.Advance))
            refusals.Add(new("R6", "6.2", "pay-beyond-grant", $"{part}", $"{decision.Advance}"));
        var order = await db.PartnerTasks.AsNoTracking().SingleOrDefaultAsync(
            t => t.ProjectId == projectId && t.State == PartnerTaskState.Open && t.Kind == PayAdvance.TaskKind, cancel);
        if (refusals.Count == 0 && order is null) refusals.Add(new("R8", "6.2", "pay-not-ordered"));
        if (refusals.Count > 0)
        {
            await RecordRefusalAsync(projectId, refusals, by, cancel);
            await db.SaveChangesAsync(cancel);
            return refusals;
        }

        await tasks.AnswerAsync(
            order!.Id, PayAdvance.Ordered, amount is { } typed ? new Dictionary<string, string> { [PayAdvance.Amount] = typed.ToString() } : [], by, "", cancel);
        if (await db.Advances.AnyAsync(a => a.ProjectId == projectId, cancel)) return [];

        // Ordered, and not paid: a lock has shut in between, or the payment step waits for somebody to look at it. Never said to be paid.
        refusals = [.. (await InterlockAsync(projectId, cancel)).Refusals()];
        return refusals.Count > 0 ? refusals : [new("R8", "6.2", "pay-not-ordered")];
    }

    /// <summary>Pays within the unit of work at hand: the advance, its schedule and its entry, or the refusals, recorded.</summary>
    internal async Task<(GrantedAdvance? Advance, IReadOnlyList<Refusal> Refusals)> ExecuteAsync(Guid projectId, Money? amount, string by, CancellationToken cancel)
    {
        var refusals = (await InterlockAsync(projectId, cancel)).Refusals().ToList();
        if (amount is { } part && await DecisionAsync(projectId, cancel) is { } granted && (part <= Money.Zero || part > granted.Advance))
            refusals.Add(new("R6", "6.2", "pay-beyond-grant", $"{part}", $"{granted.Advance}"));
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
        db.Advances.Add(advance);
        await PayOutAsync(advance, amount ?? decision.Advance, file, decision, by, cancel);
        return (advance, []);
    }

    /// <summary>
    /// Pays a further part of an advance whose first part is paid. The locks must be open still; what is owed is then spread anew from
    /// this payment on, and the reminders follow.
    /// </summary>
    public async Task<IReadOnlyList<Refusal>> PayPartAsync(Guid advanceId, Money amount, string by, CancellationToken cancel)
    {
        var programmeId = await db.Advances.Where(a => a.Id == advanceId).Select(a => a.ProgrammeId).SingleAsync(cancel);
        List<Stimulus> sent;
        await using (var transaction = await db.LockProgrammeAsync(programmeId, cancel))
        {
            var advance = await db.Advances.SingleAsync(a => a.Id == advanceId, cancel);
            var refusals = (await InterlockAsync(advance.ProjectId, cancel)).Refusals().ToList();
            if (amount <= Money.Zero || amount > advance.Unpaid)
                refusals.Add(new("R6", "6.2", "pay-beyond-grant", $"{amount}", $"{advance.Unpaid}"));
            if (advance.Position.Lost > Money.Zero) refusals.Add(new("R7", "6.2", "pay-after-loss", $"{advance.Position.Lost}"));
            if (refusals.Count > 0)
            {
                await RecordRefusalAsync(advance.ProjectId, refusals, by, cancel);
                await db.SaveChangesAsync(cancel);
                await transaction.CommitAsync(cancel);
                return refusals;
            }

            var file = await files.OpenAsync(advance.ProjectId, cancel);
            var replaced = await PayOutAsync(advance, amount, file, await db.Decisions.AsNoTracking().SingleAsync(d => d.Id == advance.DecisionId, cancel), by, cancel);
            sent = ladders.Stop(replaced);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }

        await ladders.DeliverAsync(sent, cancel);
        return [];
    }

    private async Task<IReadOnlyList<Installment>> PayOutAsync(
        GrantedAdvance advance, Money amount, ProjectFile file, CommitteeDecision decision, string by, CancellationToken cancel)
    {
        // From the last payment on, with what was owed before it: a part repaid in between stays repaid.
        var terms = new RepayableAdvance(
            amount + advance.Outstanding, decision.Months, decision.DeferralMonths, file.Programme.SettingsOn(decision.DecidedOn).DeferralCountsInside);
        var (before, number, first, position) = (advance.Installments.Where(i => !i.IsSettled).ToList(), advance.Payouts.Count + 1, advance.NextNumber, advance.Position);
        advance.Pay(
            new() { Id = Guid.CreateVersion7(), ProgrammeId = file.ProgrammeId, AdvanceId = advance.Id, Number = number, PaidOn = clock.Today, Amount = amount, OrderedBy = by },
            Ladders.Installments(advance, RepaymentSchedule.Plan(terms, clock.Today, file.Calendar).Select(p => p with { Number = first + p.Number - 1 }), clock.Today));
        if (advance.Position.Excess != position.Excess)
            await ledger.BookAsync(
                file.ProgrammeId,
                Movements.Repaid(
                    $"excess-used:{advance.Id:N}:{number}", $"Trop-perçu imputé sur l’avance {advance.Reference}", file.Company.Id, advance.ProjectId, position,
                    advance.Position, clock.Today, new(SourceKind.Document, advance.Id, $"Ordre de versement {advance.Reference}")),
                by, cancel);
        var (_, held) = await credits.HeldAsync(advance.ProjectId, cancel);
        await ledger.BookAsync(
            file.ProgrammeId,
            Movements.Paid(
                number == 1 ? $"advance:{decision.Id:N}" : $"advance:{decision.Id:N}:{number}", advance.Reference, file.Company.Id, advance.ProjectId, amount, held,
                clock.Today, new(SourceKind.Document, advance.Id, $"Ordre de versement {advance.Reference}" + (number == 1 ? "" : $", tranche {number}"))),
            by, cancel);
        trail.Add(
            file.ProgrammeId, "payment",
            $"Avance {advance.Reference} : {amount} versés{(advance.Unpaid > Money.Zero ? $", reste {advance.Unpaid} à verser" : "")}, {FrenchText.Plural(advance.Installments.Count, "échéance")}",
            by, advance.ProjectId, advance.Id);
        return before;
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
