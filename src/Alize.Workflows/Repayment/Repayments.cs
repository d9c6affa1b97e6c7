using System.Globalization;
using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Repayment;
using Alize.Engine.Storage;
using Alize.Workflows.Accounts;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Repayment;

/// <summary>Records what a company repays: oldest instalments first, booked at once, its reminders stopped in the same transaction.</summary>
public sealed class Repayments(
    AlizeDb db, Ledger ledger, Trail trail, Signals signals, IWorkflowStore store, WorkflowRuntime runtime, ProgrammeClock clock)
{
    // ISO 20022 end-to-end references have 35; banks put more around them.
    private const int LongestReference = 140;

    /// <summary>An empty list means: recorded. Nothing is written when there is a problem.</summary>
    public async Task<IReadOnlyList<Problem>> RecordAsync(
        Guid advanceId, string amount, DateOnly receivedOn, string bankReference, string by, CancellationToken cancel)
    {
        var problems = new List<Problem>();
        var advance = await db.Advances.SingleOrDefaultAsync(a => a.Id == advanceId, cancel);
        if (advance is null) return [new("", "Cette avance n’existe pas. Revenez à la liste des avances.")];
        if (!Money.TryParse(amount, out var received) || received <= Money.Zero)
            problems.Add(new("amount", $"« {amount} » n’est pas un montant à encaisser. Écrivez par exemple 833,33."));
        if (receivedOn > clock.Today) problems.Add(new("receivedOn", "Un remboursement ne peut pas être reçu à une date future."));
        if (receivedOn < advance.PaidOn) problems.Add(new("receivedOn", $"L’avance n’a été versée que le {FrenchText.Date(advance.PaidOn)}."));
        var reference = bankReference.Trim();
        if (reference.Length == 0) problems.Add(new("bankReference", "Indiquez la référence de l’opération bancaire : elle empêche qu’un virement soit enregistré deux fois."));
        else if (reference.Length > LongestReference)
            problems.Add(new("bankReference", $"La référence dépasse {LongestReference} caractères. Écrivez celle du relevé bancaire."));
        else if (advance.Received.Any(r => r.BankReference == reference))
            problems.Add(new("bankReference", $"Le virement « {reference} » est déjà enregistré sur cette avance. Rien n’a été changé."));
        if (advance.IsRepaid) problems.Add(new("", "Cette avance est entièrement remboursée."));
        if (problems.Count > 0) return problems;

        var repayment = new RepaymentReceived
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = advance.ProgrammeId,
            AdvanceId = advance.Id,
            ReceivedOn = receivedOn,
            Amount = received,
            BankReference = reference,
            RecordedBy = by,
        };
        var (settled, excess) = advance.Receive(repayment);
        var entry = await ledger.BookAsync(
            advance.ProgrammeId,
            Movements.Repaid(
                $"repayment:{advance.Id:N}:{reference}", advance.Reference, advance.CompanyId, advance.ProjectId, received - excess, Money.Zero, excess,
                await ledger.OpenDayAsync(advance.ProgrammeId, receivedOn, cancel), new(SourceKind.BankLine, repayment.Id, reference, receivedOn)),
            by, cancel);
        trail.Add(
            advance.ProgrammeId, "repayment",
            string.Create(CultureInfo.InvariantCulture, $"Remboursement de {received} reçu sur l’avance {advance.Reference}, reste dû {advance.Outstanding}")
                + (excess > Money.Zero ? $", trop-perçu {excess}" : ""),
            by, advance.ProjectId, advance.Id);

        var sent = settled.Select(i => signals.For(Signals.InstallmentSettled, i.Id)).ToList();
        foreach (var signal in sent) store.Enqueue(signal);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException failure) when (failure is DbUpdateConcurrencyException || Collides(entry))
        {
            db.ChangeTracker.Clear();
            return [new("", "Un autre remboursement vient d’être enregistré sur cette avance. Rechargez la page, puis recommencez.")];
        }

        foreach (var signal in sent) await runtime.DeliverAsync(signal.Id, cancel);
        return [];
    }

    // Two hands with the same transfer: which of the two indexes speaks first is the database's choice.
    private bool Collides(JournalEntry? entry) =>
        entry is not null && db.JournalEntries.AsNoTracking().Any(e => e.ProgrammeId == entry.ProgrammeId && e.Key == entry.Key);
}
