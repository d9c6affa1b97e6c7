using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Committee;
using Alize.Domain.Repayment;
using Alize.Engine.Storage;
using Alize.Workflows.Accounts;
using Alize.Workflows.Eligibility;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Repayment;

/// <summary>What the committee decided on an advance that is paid, as its minutes say it.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Yes">Votes for.</param>
/// <param name="Reason">Why.</param>
/// <param name="Lost">What is given up; zero for a mere rescheduling.</param>
/// <param name="FirstMonth">Months after the first payment at which the first new instalment falls due; of no meaning when all is given up.</param>
/// <param name="Count">How many new instalments.</param>
public sealed record RulingForm(Guid? SessionId, int Yes, string Reason, Money Lost, int FirstMonth, int Count);

/// <summary>
/// Rescheduling, longer deferral and loss (R2, R6; art. 5.2, 6.2): decided by the committee, kept with its vote; the schedule, the
/// journal and the reminders follow in one transaction.
/// </summary>
public sealed class AdvanceRulings(AlizeDb db, Ledger ledger, Repayments repayments, Ladders ladders, ProjectFiles files, Trail trail, ProgrammeClock clock)
{
    /// <summary>Empty lists mean: recorded. Nothing is written otherwise.</summary>
    public async Task<(IReadOnlyList<Problem> Problems, IReadOnlyList<Refusal> Refusals)> RecordAsync(
        Guid advanceId, RulingForm form, string by, CancellationToken cancel)
    {
        var programmeId = await db.Advances.Where(a => a.Id == advanceId).Select(a => a.ProgrammeId).SingleAsync(cancel);
        List<Stimulus> sent;
        await using (var transaction = await db.LockProgrammeAsync(programmeId, cancel))
        {
            var advance = await db.Advances.SingleAsync(a => a.Id == advanceId, cancel);
            if (await SessionAsync(advance, form, cancel) is not { } session)
                return ([new("sessionId", "Choisissez la séance du comité d’agrément qui a décidé : elle doit avoir été ouverte.")], []);
            if (string.IsNullOrWhiteSpace(form.Reason)) return ([new("reason", "Dites pourquoi, comme le compte rendu le dira.")], []);

            var file = await files.OpenAsync(advance.ProjectId, cancel);
            var rescheduling = Rescheduling(advance, form, file);
            var refusals = AdvanceRuling.Refusals(form.Yes, session.PresentCount).ToList();
            if (form.Lost < Money.Zero || form.Lost > advance.Outstanding)
                refusals.Add(new("R6", "6.2", "loss-exceeds-debt", $"{form.Lost}", $"{advance.Outstanding}"));
            else if (form.Lost == Money.Zero || form.Lost < advance.Outstanding)
                refusals.AddRange(rescheduling.Refusals());
            if (refusals.Count > 0) return ([], refusals);

            var replaced = await WriteAsync(advance, session, form, rescheduling, file, by, cancel);
            sent = ladders.Stop(replaced);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }

        await ladders.DeliverAsync(sent, cancel);
        return ([], []);
    }

    private async Task<IReadOnlyList<Installment>> WriteAsync(
        GrantedAdvance advance, CommitteeSession session, RulingForm form, Rescheduling rescheduling, ProjectFile file, string by, CancellationToken cancel)
    {
        var ruling = new AdvanceRuling
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = advance.ProgrammeId,
            AdvanceId = advance.Id,
            Kind = form.Lost > Money.Zero ? RulingKind.WrittenOff : RulingKind.Rescheduled,
            SessionId = session.Id,
            DecidedOn = clock.Today,
            Present = session.PresentCount,
            Yes = form.Yes,
            Lost = form.Lost,
            Reason = form.Reason.Trim(),
            RecordedBy = by,
        };
        var planned = form.Lost == advance.Outstanding ? [] : rescheduling.Plan(advance.NextNumber, file.Calendar);
        var replaced = advance.Rule(ruling, Ladders.Installments(advance, planned, clock.Today));
        if (form.Lost > Money.Zero)
            await ledger.BookAsync(
                advance.ProgrammeId,
                Movements.Lost(
                    $"loss:{ruling.Id:N}", advance.Reference, advance.CompanyId, advance.ProjectId, form.Lost, await ledger.OpenDayAsync(advance.ProgrammeId, clock.Today, cancel),
                    new(SourceKind.Decision, ruling.Id, $"Décision du comité d’agrément du {FrenchText.Date(ruling.DecidedOn)}")),
                by, cancel);
        await repayments.BookDueAsync(advance, cancel);
        trail.Add(
            advance.ProgrammeId, form.Lost > Money.Zero ? "loss" : "rescheduled",
            (form.Lost > Money.Zero ? $"Perte de {form.Lost} constatée sur l’avance {advance.Reference}" : $"Avance {advance.Reference} rééchelonnée")
                + (planned.Count > 0 ? $" : {FrenchText.Plural(planned.Count, "échéance")} de {planned[0].Amount} à partir du {FrenchText.Date(planned[0].DueOn)}" : "")
                + $" ({form.Yes} voix sur {session.PresentCount} présents) : {ruling.Reason}",
            by, advance.ProjectId, advance.Id);
        return replaced;
    }

    private Rescheduling Rescheduling(GrantedAdvance advance, RulingForm form, ProjectFile file) => new(
        advance.Outstanding - form.Lost, advance.PaidOn, advance.DeferralMonths, file.Programme.SettingsOn(advance.PaidOn).DeferralCountsInside, clock.Today,
        advance.Installments.Any(i => i.CollectOn <= clock.Today), form.FirstMonth, form.Count);

    private Task<CommitteeSession?> SessionAsync(GrantedAdvance advance, RulingForm form, CancellationToken cancel) =>
        db.CommitteeSessions.AsNoTracking().SingleOrDefaultAsync(
            s => s.Id == form.SessionId && s.ProgrammeId == advance.ProgrammeId && s.Kind == CommitteeKind.Approval
                && s.State != SessionState.Planned && s.State != SessionState.Invited,
            cancel);
}
