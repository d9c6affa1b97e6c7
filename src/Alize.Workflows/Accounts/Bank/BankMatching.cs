using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Workflows.Programmes;
using Alize.Workflows.Repayment;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Accounts.Bank;

/// <summary>
/// Brings bank lines and the books together (R9, R19): what the operator confirms is booked once with the line as its voucher, and
/// taken back by a reversing entry.
/// </summary>
public sealed class BankMatching(
    AlizeDb db, BankCounterparts counterparts, Ledger ledger, CdcShare cdc, Repayments repayments, Trail trail, ProgrammeClock clock)
{
    /// <summary>Lines that still have something without counterpart, oldest first.</summary>
    public IQueryable<BankLine> Open(Guid programmeId) =>
        db.BankLines.Where(l => l.ProgrammeId == programmeId && l.Matched != l.Amount).OrderBy(l => l.BookedOn).ThenBy(l => l.StatementId).ThenBy(l => l.Number);

    /// <summary>Confirms that a part of a line is the counterpart. An empty list means: booked.</summary>
    /// <param name="programmeId">The programme.</param>
    /// <param name="lineId">The line.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="targetId">Advance, order, partner, receipt or entry.</param>
    /// <param name="part">Without sign; null: all that is left of the line.</param>
    /// <param name="by">Who.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<IReadOnlyList<Problem>> ConfirmAsync(
        Guid programmeId, Guid lineId, CounterpartKind kind, Guid targetId, Money? part, string by, CancellationToken cancel)
    {
        var (line, amount, problem) = await LineAsync(programmeId, lineId, part, cancel);
        if (line is null || problem is not null) return [problem!];
        var counterpart = (await counterparts.OfAsync(programmeId, cancel)).FirstOrDefault(c => c.Kind == kind && c.TargetId == targetId && c.Account == line.Account);
        if (counterpart is null) return [new("", "Cette opération n’est plus attendue : elle a sans doute été rapprochée entre-temps. Rechargez la page.")];
        if (counterpart.IsReceived != line.Amount > Money.Zero) return [new("", "Une recette ne peut pas être rapprochée d’une dépense. Choisissez une autre contrepartie.")];
        return await ConfirmAsync(line, counterpart, amount, by, cancel);
    }

    /// <summary>Confirms every sure suggestion. Each is a transaction of its own: what cannot be booked stays listed and stops nothing else.</summary>
    /// <returns>How many lines were booked, and what was refused.</returns>
    public async Task<(int Booked, IReadOnlyList<Problem> Problems)> ConfirmSureAsync(Guid programmeId, string by, CancellationToken cancel)
    {
        var matching = new BankLineMatching(await counterparts.OfAsync(programmeId, cancel));
        var sure = (await Open(programmeId).AsNoTracking().ToListAsync(cancel))
            .Select(line => (line.Id, Suggestion: matching.For(line) is [var first, ..] ? first : null)).Where(pair => pair.Suggestion?.IsSure == true).ToList();
        var (booked, problems) = (0, new List<Problem>());
        foreach (var (lineId, suggestion) in sure)
        {
            var counterpart = suggestion!.Counterpart;
            var (line, amount, problem) = await LineAsync(programmeId, lineId, null, cancel);
            var refused = line is null || problem is not null ? [problem!] : await ConfirmAsync(line, counterpart, amount, by, cancel);
            db.ChangeTracker.Clear();
            if (refused.Count == 0) booked++;
            else problems.AddRange(refused.Select(p => p with { Sentence = $"{counterpart.Label} : {p.Sentence}" }));
        }

        return (booked, problems);
    }

    /// <summary>Books a line of the operating account as a cost (R9): never one of the advances account.</summary>
    public async Task<IReadOnlyList<Problem>> BookCostAsync(Guid programmeId, Guid lineId, LedgerAccount cost, string label, string by, CancellationToken cancel)
    {
        var (line, amount, problem) = await LineAsync(programmeId, lineId, null, cancel);
        if (line is null || problem is not null) return [problem!];
        if (line.Account != FundAccount.OperatingCosts)
            return [new("", "Des frais ne peuvent pas peser sur le fonds d’avances : les deux comptes sont distincts (art. 4, R9). Demandez à la banque de les prélever sur le compte de fonctionnement.")];
        if (line.Amount > Money.Zero) return [new("", "Cette opération est une recette, pas une charge.")];
        if (!Costs.Contains(cost)) return [new("cost", "Choisissez la nature de la charge.")];
        if (label.Trim().Length is 0 or > 200) return [new("label", "Dites en quelques mots ce qui a été payé (200 caractères au plus).")];

        // The bank has paid; what the convention does not allow is asked back, and never becomes a cost of the programme (R12, R13).
        var year = line.BookedOn.Year;
        var beyond = OperatingCosts.Refusals(cost, amount, await ledger.CostAsync(programmeId, cost, year, cancel), await ledger.CostAsync(programmeId, cost, null, cancel), year).ToList();
        if (beyond.Count > 0) return [.. beyond.Select(r => new Problem("cost", r.ToString()))];
        return await BookAsync(line, amount, CounterpartKind.Cost, null, label.Trim(),
            (key, on, source) => Movements.Spent(key, cost, label.Trim(), amount, null, on, source), by, cancel);
    }

    /// <summary>Accounts a cost may go to.</summary>
    public static IReadOnlyList<LedgerAccount> Costs { get; } =
        [.. ChartOfAccounts.Of(FundAccount.OperatingCosts).Where(l => l.Number[0] == '6').Select(l => l.Ledger).OrderBy(l => l == LedgerAccount.Expenses ? 0 : 1)];

    /// <summary>Takes a confirmation back. An empty list means: reversed, and the line is open again.</summary>
    public async Task<IReadOnlyList<Problem>> UndoAsync(Guid programmeId, Guid matchId, string reason, string by, CancellationToken cancel)
    {
        if (reason.Trim().Length is 0 or > 200) return [new("reason", "Dites pourquoi le rapprochement est annulé : le motif reste au journal.")];
        await using var transaction = await db.LockProgrammeAsync(programmeId, cancel);
        var match = await db.BankMatches.SingleOrDefaultAsync(m => m.ProgrammeId == programmeId && m.Id == matchId, cancel);
        if (match is null || match.UndoneAt is not null) return [new("", "Ce rapprochement est déjà annulé. Rechargez la page.")];
        var line = await db.BankLines.SingleAsync(l => l.Id == match.LineId, cancel);
        var problem = match.Kind switch
        {
            CounterpartKind.Repayment => await TakeBackAsync(match, reason.Trim(), by, cancel),
            CounterpartKind.Transfer => await AwaitAgainAsync(match, cancel),
            CounterpartKind.BookedEntry => null,   // nothing was booked
            CounterpartKind.ReturnedRepayment => await ReceivedAfterAllAsync(match, by, cancel),
            CounterpartKind.ReturnedExcess => new("", "Un trop-perçu rendu ne s’annule pas : l’argent est parti. S’il revient, rapprochez sa ligne comme un remboursement de l’entreprise."),
            _ => await ReverseAsync(match, reason.Trim(), by, cancel),
        };
        if (problem is not null)
        {
            db.ChangeTracker.Clear();
            return [problem];
        }

        line.Unmatch(match.Amount);
        match.Undo(by, clock.UtcNow);
        trail.Add(programmeId, "bank-unmatched", $"Rapprochement annulé : {match.Label}, {match.Amount}. {reason.Trim()}", by, subjectId: line.Id);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return [];
    }

    /// <summary>The advance owes again, and the journal says so; within the transaction at hand.</summary>
    private async Task<Problem?> TakeBackAsync(BankMatch match, string reason, string by, CancellationToken cancel)
    {
        var advance = await db.Advances.AsNoTracking().SingleAsync(a => a.Id == match.TargetId, cancel);
        var receipt = advance.Received.SingleOrDefault(r => !r.IsCancelled && $"repayment:{advance.Id:N}:{r.BankReference}" == match.EntryKey);
        if (receipt is null) return new("", $"Ce remboursement n’est plus inscrit sur l’avance {advance.Reference}. Rechargez la page.");
        return await repayments.TakeBackAsync(advance.Id, receipt.Id, reason, by, cancel) is [var problem, ..] ? problem : null;
    }

    private async Task<IReadOnlyList<Problem>> ConfirmAsync(BankLine line, Counterpart counterpart, Money amount, string by, CancellationToken cancel)
    {
        switch (counterpart.Kind)
        {
            case CounterpartKind.Repayment:
                return await RepaidAsync(line, counterpart, amount, by, cancel);
            case CounterpartKind.Transfer:
                var order = await db.PaymentOrders.SingleAsync(o => o.Id == counterpart.TargetId, cancel);
                if (amount != order.Amount) return [new("", $"L’ordre est de {order.Amount} et l’opération de {amount} : la banque exécute un ordre pour son montant. Choisissez une autre contrepartie.")];
                if (order.State != PaymentOrderState.Released) return [new("", "Ce virement n’est plus attendu : sa ligne a été trouvée entre-temps. Rechargez la page.")];
                order.Execute();
                Match(line, amount, CounterpartKind.Transfer, order.Id, counterpart.Label, "", by);
                return await SaveAsync(cancel);
            case CounterpartKind.ReturnedRepayment:
                return await ReturnedAsync(line, counterpart, amount, by, cancel);
            case CounterpartKind.BookedEntry:
                return await FoundAsync(line, counterpart, amount, by, cancel);
            case CounterpartKind.ReturnedExcess:
                return await GivenBackAsync(line, counterpart, amount, by, cancel);
            default:
                return await ReceivedAsync(line, counterpart, amount, by, cancel);
        }
    }

    private async Task<IReadOnlyList<Problem>> RepaidAsync(BankLine line, Counterpart counterpart, Money amount, string by, CancellationToken cancel)
    {
        // The voucher is the line; a second time on the same advance, after the first was taken back, is another movement.
        var before = await db.BankMatches.CountAsync(m => m.LineId == line.Id && m.TargetId == counterpart.TargetId, cancel);
        var voucher = await VoucherAsync(line, cancel) + (before == 0 ? "" : $", rapprochement no {before + 1}");
        Match(line, amount, CounterpartKind.Repayment, counterpart.TargetId, counterpart.Label, $"repayment:{counterpart.TargetId:N}:{voucher}", by);

        // Saved with the repayment: the line, its match, the advance and the entry are one transaction.
        var problems = await repayments.RecordAsync(counterpart.TargetId, amount.ToString(), line.BookedOn, voucher, by, cancel);
        if (problems.Count > 0) db.ChangeTracker.Clear();
        return problems;
    }

    /// <summary>The bank took a repayment back: the advance owes it again, from the day of the line.</summary>
    private async Task<IReadOnlyList<Problem>> ReturnedAsync(BankLine line, Counterpart counterpart, Money amount, string by, CancellationToken cancel)
    {
        if (amount != counterpart.Most) return [new("", $"Le remboursement était de {counterpart.Most} et l’opération est de {amount} : la banque reprend un virement en entier. Choisissez une autre contrepartie.")];
        var advanceId = await db.RepaymentsReceived.Where(r => r.Id == counterpart.TargetId).Select(r => r.AdvanceId).SingleAsync(cancel);
        Match(line, amount, CounterpartKind.ReturnedRepayment, counterpart.TargetId, counterpart.Label, $"{Repayments.TakenBackKey}{counterpart.TargetId:N}", by);
        var problems = await repayments.TakeBackAsync(advanceId, counterpart.TargetId, $"rejeté par la banque, {await VoucherAsync(line, cancel)}", line.BookedOn, by, cancel);
        if (problems.Count > 0) db.ChangeTracker.Clear();
        return problems;
    }

    private async Task<IReadOnlyList<Problem>> GivenBackAsync(BankLine line, Counterpart counterpart, Money amount, string by, CancellationToken cancel)
    {
        var voucher = await VoucherAsync(line, cancel);
        Match(line, amount, CounterpartKind.ReturnedExcess, counterpart.TargetId, counterpart.Label, $"excess-returned:{counterpart.TargetId:N}:{voucher}", by);
        var problems = await repayments.ReturnExcessAsync(counterpart.TargetId, amount.ToString(), voucher, line.BookedOn, by, cancel);
        if (problems.Count > 0) db.ChangeTracker.Clear();
        return problems;
    }

    /// <summary>The journal has it already: the line becomes its voucher, and books nothing.</summary>
    private async Task<IReadOnlyList<Problem>> FoundAsync(BankLine line, Counterpart counterpart, Money amount, string by, CancellationToken cancel)
    {
        if (amount != counterpart.Most) return [new("", $"L’écriture est de {counterpart.Most} et l’opération de {amount}. Indiquez la part de l’opération qui est cette écriture, ou choisissez une autre contrepartie.")];

        // Held, so that two hands never give one entry two lines.
        await using var transaction = await db.LockProgrammeAsync(line.ProgrammeId, cancel);
        var key = await db.JournalEntries.Where(e => e.Id == counterpart.TargetId).Select(e => e.Key).SingleAsync(cancel);
        if (await db.BankMatches.AnyAsync(m => m.ProgrammeId == line.ProgrammeId && m.EntryKey == key && m.UndoneAt == null, cancel))
            return [new("", "Cette écriture vient d’être rapprochée d’une autre opération. Rechargez la page.")];
        Match(line, amount, CounterpartKind.BookedEntry, counterpart.TargetId, counterpart.Label, key, by);
        var problems = await SaveAsync(cancel);
        if (problems.Count == 0) await transaction.CommitAsync(cancel);
        return problems;
    }

    /// <summary>The line was not the return of that repayment: it is recorded again, under its own voucher.</summary>
    private async Task<Problem?> ReceivedAfterAllAsync(BankMatch match, string by, CancellationToken cancel)
    {
        var receipt = await db.RepaymentsReceived.AsNoTracking().SingleAsync(r => r.Id == match.TargetId, cancel);
        return await repayments.RecordAsync(receipt.AdvanceId, receipt.Amount.ToString(), receipt.ReceivedOn, receipt.BankReference, by, cancel) is [var problem, ..] ? problem : null;
    }

    /// <summary>The oldest calls that still expect something have it; what was not called is on none. Negative: taken back from the newest.</summary>
    private async Task ReceiveOnCallsAsync(Guid programmeId, FundAccount account, Guid? funderId, Money amount, CancellationToken cancel)
    {
        var calls = await db.FundsCalls.Where(c => c.ProgrammeId == programmeId && c.Account == account && c.PartnerId == funderId)
            .OrderBy(c => c.CalledOn).ThenBy(c => c.Reference).ToListAsync(cancel);
        if (amount < Money.Zero) calls.Reverse();
        foreach (var call in calls)
        {
            var part = amount > Money.Zero ? Money.Min(amount, call.Expected) : -Money.Min(-amount, call.Received);
            if (part == Money.Zero) continue;
            call.Receive(part);
            amount -= part;
        }
    }

    private async Task<IReadOnlyList<Problem>> ReceivedAsync(BankLine line, Counterpart counterpart, Money amount, string by, CancellationToken cancel)
    {
        if (await cdc.RefusalsAsync(line.ProgrammeId, counterpart.TargetId, line.Account, amount, line.BookedOn, cancel) is { Count: > 0 } refusals)
            return [.. refusals.Select(r => new Problem("part", $"{r}"))];
        var called = Money.Min(amount, await ledger.BalanceAsync(line.ProgrammeId, line.Account, LedgerAccount.EndowmentsCalled, cancel, counterpart.TargetId));
        var pledged = Money.Min(amount - called, await ledger.BalanceAsync(line.ProgrammeId, line.Account, LedgerAccount.EndowmentsPledged, cancel, counterpart.TargetId));
        await ReceiveOnCallsAsync(line.ProgrammeId, line.Account, counterpart.TargetId, called, cancel);
        return await BookAsync(line, amount, CounterpartKind.Endowment, counterpart.TargetId, counterpart.Label,
            (key, on, source) => Movements.Received(key, line.Account, counterpart.TargetId, counterpart.Party, amount, called, pledged, on, source), by, cancel);
    }

    private async Task<IReadOnlyList<Problem>> BookAsync(
        BankLine line, Money amount, CounterpartKind kind, Guid? targetId, string label, Func<string, DateOnly, EntrySource, Movement> movement, string by, CancellationToken cancel)
    {
        await using var transaction = await db.LockProgrammeAsync(line.ProgrammeId, cancel);
        var before = await db.BankMatches.CountAsync(m => m.LineId == line.Id, cancel);
        var key = $"bank:{line.Id:N}:{before + 1}";
        var booked = movement(
            key, await ledger.OpenDayAsync(line.ProgrammeId, line.BookedOn, cancel),
            new(SourceKind.BankLine, line.Id, await VoucherAsync(line, cancel), line.BookedOn));
        if (await ledger.RefusalsAsync(line.ProgrammeId, booked, cancel) is { Count: > 0 } refusals)
        {
            db.ChangeTracker.Clear();
            return [.. refusals.Select(r => new Problem("", r.ToString()))];
        }

        await ledger.BookAsync(line.ProgrammeId, booked, by, cancel);
        Match(line, amount, kind, targetId, label, key, by);
        var problems = await SaveAsync(cancel);
        if (problems.Count == 0) await transaction.CommitAsync(cancel);
        return problems;
    }

    private void Match(BankLine line, Money amount, CounterpartKind kind, Guid? targetId, string label, string entryKey, string by)
    {
        var signed = line.Amount < Money.Zero ? -amount : amount;
        line.Match(signed);
        db.BankMatches.Add(new BankMatch
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = line.ProgrammeId,
            LineId = line.Id,
            Kind = kind,
            TargetId = targetId,
            Label = label,
            Amount = signed,
            EntryKey = entryKey,
            ConfirmedBy = by,
            ConfirmedAt = clock.UtcNow,
        });
        trail.Add(line.ProgrammeId, "bank-matched", $"Opération du {FrenchText.Date(line.BookedOn)} de {signed} rapprochée : {label}", by, subjectId: line.Id);
    }

    private async Task<(BankLine? Line, Money Amount, Problem? Problem)> LineAsync(Guid programmeId, Guid lineId, Money? part, CancellationToken cancel)
    {
        var line = await db.BankLines.SingleOrDefaultAsync(l => l.ProgrammeId == programmeId && l.Id == lineId, cancel);
        if (line is null) return (null, default, new("", "Cette opération n’existe pas. Rechargez la page."));
        var left = new Money(Math.Abs(line.Remaining.Cents));
        if (left == Money.Zero) return (null, default, new("", "Cette opération est déjà rapprochée. Rechargez la page."));
        var amount = part ?? left;
        return amount <= Money.Zero || amount > left
            ? (line, amount, new("part", $"La part doit être comprise entre 0,01 € et {left}, ce qui reste de l’opération."))
            : (line, amount, null);
    }

    private async Task<string> VoucherAsync(BankLine line, CancellationToken cancel)
    {
        var number = await db.BankStatements.Where(s => s.Id == line.StatementId).Select(s => s.Number).SingleAsync(cancel);
        return $"Relevé {number}, opération {line.Number}";
    }

    private async Task<Problem?> AwaitAgainAsync(BankMatch match, CancellationToken cancel)
    {
        (await db.PaymentOrders.SingleAsync(o => o.Id == match.TargetId, cancel)).AwaitAgain();
        return null;
    }

    private async Task<Problem?> ReverseAsync(BankMatch match, string reason, string by, CancellationToken cancel)
    {
        var entry = await db.JournalEntries.AsNoTracking().SingleAsync(e => e.ProgrammeId == match.ProgrammeId && e.Key == match.EntryKey, cancel);
        // Reversed in the journal itself before: the line alone is to be opened again.
        if (await db.JournalEntries.AnyAsync(e => e.ReversesId == entry.Id, cancel)) return null;
        if (match.Amount > Money.Zero && await ledger.BalanceAsync(match.ProgrammeId, entry.Account, LedgerAccount.Bank, cancel) is var balance && match.Amount > balance)
            return new("", RefusalSentences.French(new("R9", "4", "account-overdrawn", $"{match.Amount}", entry.Account.French(), $"{balance}")));
        db.JournalEntries.Add(entry.Reverse(Guid.CreateVersion7(), await ledger.OpenDayAsync(match.ProgrammeId, clock.Today, cancel), reason, by, clock.UtcNow));
        var called = Money.Sum(entry.Lines.Where(l => l.Ledger == LedgerAccount.EndowmentsCalled).Select(l => l.Credit));
        if (called > Money.Zero) await ReceiveOnCallsAsync(match.ProgrammeId, entry.Account, match.TargetId, -called, cancel);
        return null;
    }

    private async Task<IReadOnlyList<Problem>> SaveAsync(CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
            return [];
        }
        catch (DbUpdateConcurrencyException)
        {
            db.ChangeTracker.Clear();
            return [new("", "Quelqu’un d’autre vient de rapprocher cette opération. Rechargez la page.")];
        }
    }
}
