using System.Globalization;
using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Repayment;
using Alize.Workflows.Accounts;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Repayment;

/// <summary>
/// Records what a company repays: oldest instalments first, in order of the value days, booked at once, its reminders stopped in the
/// same transaction. What comes in beyond what is owed is taken too, and can be given back.
/// </summary>
public sealed class Repayments(AlizeDb db, Ledger ledger, Trail trail, Ladders ladders, ProgrammeClock clock)
{
    /// <summary>What begins the key of an entry that takes a receipt back; the receipt's id follows.</summary>
    public const string TakenBackKey = "repayment-taken-back:";

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
        problems.AddRange(ReferenceProblems(reference));
        if (advance.Received.Any(r => r.BankReference == reference && !r.IsCancelled))
            problems.Add(new("bankReference", $"Le virement « {reference} » est déjà enregistré sur cette avance. Rien n’a été changé."));
        if (problems.Count > 0) return problems;

        var before = advance.Position;
        var again = advance.Received.Count(r => r.BankReference == reference);
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

        // A transfer that was taken back may come in again under its reference: then it is another movement.
        var entry = await ledger.BookAsync(
            advance.ProgrammeId,
            Movements.Repaid(
                $"repayment:{advance.Id:N}:{reference}" + (again > 0 ? $":{again + 1}" : ""), $"Remboursement de l’avance {advance.Reference}", advance.CompanyId,
                advance.ProjectId, before, advance.Position, await ledger.OpenDayAsync(advance.ProgrammeId, receivedOn, cancel),
                new(SourceKind.BankLine, repayment.Id, reference, receivedOn)),
            by, cancel);
        trail.Add(
            advance.ProgrammeId, "repayment",
            $"Remboursement de {received} reçu sur l’avance {advance.Reference}, reste dû {advance.Outstanding}" + (excess > Money.Zero ? $", trop-perçu {excess}" : ""),
            by, advance.ProjectId, advance.Id);
        return await SaveAsync(advance, settled, entry, cancel);
    }

    /// <summary>
    /// Takes a receipt back: the bank returned the transfer, or it was recorded on the wrong advance. What it had settled is due again,
    /// with its reminders. An empty list means: taken back.
    /// </summary>
    public Task<IReadOnlyList<Problem>> TakeBackAsync(Guid advanceId, Guid receiptId, string reason, string by, CancellationToken cancel) =>
        TakeBackAsync(advanceId, receiptId, reason, clock.Today, by, cancel);

    /// <summary>The same, booked on the day the bank took it, where its period is open.</summary>
    internal async Task<IReadOnlyList<Problem>> TakeBackAsync(Guid advanceId, Guid receiptId, string reason, DateOnly bookedOn, string by, CancellationToken cancel)
    {
        var advance = await db.Advances.SingleOrDefaultAsync(a => a.Id == advanceId, cancel);
        var receipt = advance?.Received.SingleOrDefault(r => r.Id == receiptId);
        if (advance is null || receipt is null) return [new("", "Ce remboursement n’existe pas. Rechargez la page.")];
        if (receipt.IsCancelled) return [new("", $"Ce remboursement est déjà annulé depuis le {FrenchText.Date(receipt.CancelledOn!.Value)}. Rien n’a été changé.")];
        if (string.IsNullOrWhiteSpace(reason)) return [new("reason", "Dites pourquoi le remboursement est annulé : le motif reste dans le journal.")];
        var before = advance.Position;
        var after = before with { Received = before.Received - receipt.Amount };
        if (after.Kept < Money.Zero)
            return [new("", $"{new Refusal("R19", "5.3", "excess-returned-already", $"{before.Returned}")}")];

        var day = await ledger.OpenDayAsync(advance.ProgrammeId, bookedOn, cancel);
        var movement = Movements.Repaid(
            $"{TakenBackKey}{receipt.Id:N}", $"Remboursement annulé sur l’avance {advance.Reference} : {reason.Trim()}", advance.CompanyId, advance.ProjectId, before, after,
            day, new(SourceKind.BankLine, receipt.Id, receipt.BankReference, receipt.ReceivedOn));
        if (await ledger.RefusalsAsync(advance.ProgrammeId, movement, cancel) is { Count: > 0 } refusals) return [.. refusals.Select(r => new Problem("", $"{r}"))];
        var replaced = advance.TakeBack(receiptId, clock.Today, reason.Trim(), Guid.CreateVersion7);
        var entry = await ledger.BookAsync(advance.ProgrammeId, movement, by, cancel);
        trail.Add(
            advance.ProgrammeId, "repayment-taken-back",
            $"Remboursement de {receipt.Amount} ({receipt.BankReference}) annulé sur l’avance {advance.Reference} : {reason.Trim()}, reste dû {advance.Outstanding}",
            by, advance.ProjectId, advance.Id);
        return await SaveAsync(advance, replaced, entry, cancel);
    }

    /// <summary>Records that excess was given back to the company. An empty list means: recorded.</summary>
    public Task<IReadOnlyList<Problem>> ReturnExcessAsync(Guid advanceId, string amount, string bankReference, string by, CancellationToken cancel) =>
        ReturnExcessAsync(advanceId, amount, bankReference, clock.Today, by, cancel);

    /// <summary>The same, on the day the bank paid it.</summary>
    internal async Task<IReadOnlyList<Problem>> ReturnExcessAsync(Guid advanceId, string amount, string bankReference, DateOnly paidOn, string by, CancellationToken cancel)
    {
        var problems = new List<Problem>();
        var advance = await db.Advances.SingleOrDefaultAsync(a => a.Id == advanceId, cancel);
        if (advance is null) return [new("", "Cette avance n’existe pas. Revenez à la liste des avances.")];
        var excess = advance.Position.Excess;
        if (!Money.TryParse(amount, out var returned) || returned <= Money.Zero)
            problems.Add(new("returned", $"« {amount} » n’est pas un montant à rendre. Écrivez par exemple 12,50."));
        else if (returned > excess) problems.Add(new("returned", $"Le trop-perçu à rendre n’est que de {excess}. Corrigez le montant."));
        var reference = bankReference.Trim();
        problems.AddRange(ReferenceProblems(reference, "returnReference"));
        if (problems.Count > 0) return problems;

        var movement = Movements.ExcessGivenBack(
            $"excess-returned:{advance.Id:N}:{reference}", advance.Reference, advance.CompanyId, advance.ProjectId, returned,
            await ledger.OpenDayAsync(advance.ProgrammeId, paidOn, cancel), new(SourceKind.BankLine, advance.Id, reference, paidOn));
        if (await ledger.RefusalsAsync(advance.ProgrammeId, movement, cancel) is { Count: > 0 } refusals) return [.. refusals.Select(r => new Problem("", $"{r}"))];
        if (await ledger.BookAsync(advance.ProgrammeId, movement, by, cancel) is not { } entry)
            return [new("returnReference", $"Le virement « {reference} » est déjà enregistré. Rien n’a été changé.")];
        advance.Return(new() { Id = Guid.CreateVersion7(), ProgrammeId = advance.ProgrammeId, AdvanceId = advance.Id, On = paidOn, Amount = returned, BankReference = reference });
        trail.Add(advance.ProgrammeId, "excess-returned", $"Trop-perçu de {returned} rendu sur l’avance {advance.Reference}", by, advance.ProjectId, advance.Id);
        return await SaveAsync(advance, [], entry, cancel);
    }

    /// <summary>
    /// Brings the account of instalments due in line with the schedule of each advance, as of today: what falls due enters it, what is
    /// repaid, rescheduled or given up leaves it.
    /// </summary>
    public async Task BookDueAsync(CancellationToken cancel)
    {
        var today = clock.Today;
        var ids = await db.Installments.Where(i => i.CollectOn <= today).Select(i => i.AdvanceId).Distinct().ToListAsync(cancel);
        foreach (var id in ids)
        {
            var advance = await db.Advances.SingleAsync(a => a.Id == id, cancel);
            await BookDueAsync(advance, cancel);
            await db.SaveChangesAsync(cancel);
            db.ChangeTracker.Clear();
        }
    }

    /// <summary>The same for one advance, in the unit of work at hand.</summary>
    internal async Task BookDueAsync(GrantedAdvance advance, CancellationToken cancel)
    {
        var on = await ledger.OpenDayAsync(advance.ProgrammeId, clock.Today, cancel);
        var due = Money.Sum(advance.Installments.Where(i => i.CollectOn <= clock.Today).Select(i => i.Outstanding));
        var change = due - await ledger.BalanceOfProjectAsync(advance.ProjectId, LedgerAccount.InstallmentsDue, cancel);
        if (change == Money.Zero) return;
        var times = await db.JournalEntries.CountAsync(e => e.ProjectId == advance.ProjectId && e.Kind == MovementKind.InstallmentsDue, cancel);
        await ledger.BookAsync(
            advance.ProgrammeId,
            Movements.Due(
                string.Create(CultureInfo.InvariantCulture, $"due:{advance.Id:N}:{times + 1}"), advance.Reference, advance.CompanyId, advance.ProjectId, change, on,
                new(SourceKind.Document, advance.Id, $"Échéancier de l’avance {advance.Reference}")),
            Trail.Service, cancel);
    }

    private async Task<IReadOnlyList<Problem>> SaveAsync(GrantedAdvance advance, IEnumerable<Installment> over, JournalEntry? entry, CancellationToken cancel)
    {
        await BookDueAsync(advance, cancel);
        var sent = ladders.Stop(over);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException failure) when (failure is DbUpdateConcurrencyException || Collides(entry))
        {
            db.ChangeTracker.Clear();
            return [new("", "Un autre mouvement vient d’être enregistré sur cette avance. Rechargez la page, puis recommencez.")];
        }

        await ladders.DeliverAsync(sent, cancel);
        return [];
    }

    private static IEnumerable<Problem> ReferenceProblems(string reference, string field = "bankReference")
    {
        if (reference.Length == 0) yield return new(field, "Indiquez la référence de l’opération bancaire : elle empêche qu’un virement soit enregistré deux fois.");
        if (reference.Length > LongestReference) yield return new(field, $"La référence dépasse {LongestReference} caractères. Écrivez celle du relevé bancaire.");
    }

    // Two hands with the same transfer: which of the two indexes speaks first is the database's choice.
    private bool Collides(JournalEntry? entry) =>
        entry is not null && db.JournalEntries.AsNoTracking().Any(e => e.ProgrammeId == entry.ProgrammeId && e.Key == entry.Key);
}
