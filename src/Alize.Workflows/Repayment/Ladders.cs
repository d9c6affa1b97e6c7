using Alize.Domain.Repayment;
using Alize.Engine.Storage;

namespace Alize.Workflows.Repayment;

/// <summary>
/// The ladders of reminders that follow a schedule. What ends an instalment ends its ladder, by a signal in the same transaction; the
/// procedure then lists the instalments of the new schedule.
/// </summary>
public sealed class Ladders(Signals signals, IWorkflowStore store, WorkflowRuntime runtime)
{
    /// <summary>Ends the ladders of instalments that are settled or replaced; the signals are saved with the unit of work at hand.</summary>
    public List<Stimulus> Stop(IEnumerable<Installment> over)
    {
        var sent = over.Select(i => signals.For(Signals.InstallmentSettled, i.Id)).ToList();
        foreach (var signal in sent) store.Enqueue(signal);
        return sent;
    }

    /// <summary>Lets the procedures go on at once; a signal that is not delivered here is by the next sweep.</summary>
    public async Task DeliverAsync(IEnumerable<Stimulus> sent, CancellationToken cancel)
    {
        foreach (var signal in sent) await runtime.DeliverAsync(signal.Id, cancel);
    }

    /// <summary>The rows of a planned schedule.</summary>
    public static IEnumerable<Installment> Installments(GrantedAdvance advance, IEnumerable<PlannedInstallment> planned, DateOnly establishedOn) =>
        [.. planned.Select(p => new Installment
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = advance.ProgrammeId,
            AdvanceId = advance.Id,
            Number = p.Number,
            DueOn = p.DueOn,
            CollectOn = p.CollectOn,
            Amount = p.Amount,
            EstablishedOn = establishedOn,
        })];
}
