using System.Globalization;
using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Accounts;

/// <summary>What came of an audit of a programme's journal.</summary>
/// <param name="Entries">Entries read.</param>
/// <param name="Seal">Seal of the last one; empty when there is none.</param>
/// <param name="BrokenAt">The first entry that is not what was written: « 2026-12 »; null when all are.</param>
public sealed record JournalAudit(long Entries, string Seal, string? BrokenAt);

/// <summary>What the operator does to the books themselves: closes a period, reverses an entry, has the chain of seals checked (R15, R19).</summary>
public sealed class Books(AlizeDb db, Ledger ledger, Trail trail, ProgrammeClock clock)
{
    private const int ReadAtOnce = 500;

    /// <summary>
    /// Movements whose reversal would leave something else untrue: an advance whose payment is reversed has not been repaid. Each of
    /// them has its own way of being put right.
    /// </summary>
    private static readonly MovementKind[] NotReversible =
    [
        MovementKind.AdvanceDecided, MovementKind.AdvanceCommitted, MovementKind.AdvanceReleased, MovementKind.AdvancePaid, MovementKind.InstallmentsDue,
        MovementKind.Repayment, MovementKind.Recovery, MovementKind.ExcessReturned, MovementKind.Loss, MovementKind.SubsidisedLoan, MovementKind.DaysCommitted,
        MovementKind.DaysSpent, MovementKind.DaysReleased, MovementKind.EndowmentReturned, MovementKind.Reversal,
    ];

    /// <summary>Whether the operator may reverse an entry of this kind by hand.</summary>
    public static bool IsReversible(MovementKind kind) => !NotReversible.Contains(kind);

    /// <summary>Closes the accounts through a day. An empty list means: closed.</summary>
    public async Task<IReadOnlyList<Problem>> CloseAsync(Guid programmeId, DateOnly through, string by, CancellationToken cancel)
    {
        await using var transaction = await db.LockProgrammeAsync(programmeId, cancel);
        var problems = await CloseWithinAsync(programmeId, through, by, cancel);
        if (problems.Count > 0) return problems;
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return [];
    }

    /// <summary>Closes within the unit of work at hand.</summary>
    internal async Task<IReadOnlyList<Problem>> CloseWithinAsync(Guid programmeId, DateOnly through, string by, CancellationToken cancel)
    {
        var closed = await ledger.ClosedThroughAsync(programmeId, cancel);
        if (through >= clock.Today) return [new("through", "On n’arrête que des jours passés. Choisissez une date avant aujourd’hui.")];
        if (through <= closed) return [new("through", $"Les comptes sont déjà arrêtés jusqu’au {FrenchText.Date(closed.Value)}. Choisissez une date plus tardive.")];
        db.PeriodClosings.Add(new() { Id = Guid.CreateVersion7(), ProgrammeId = programmeId, Through = through, ClosedBy = by, ClosedAt = clock.UtcNow });
        trail.Add(programmeId, "period-closed", $"Comptes arrêtés jusqu’au {FrenchText.Date(through)}", by);
        return [];
    }

    /// <summary>Reverses an entry in the open period. Empty lists mean: reversed. Nothing is written otherwise.</summary>
    public async Task<(IReadOnlyList<Problem> Problems, IReadOnlyList<Refusal> Refusals)> ReverseAsync(
        Guid programmeId, Guid entryId, string reason, string by, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(reason)) return ([new("reason", "Dites pourquoi l’écriture est extournée : le motif reste dans le journal.")], []);
        await using var transaction = await db.LockProgrammeAsync(programmeId, cancel);
        var entry = await db.JournalEntries.AsNoTracking().SingleOrDefaultAsync(e => e.ProgrammeId == programmeId && e.Id == entryId, cancel);
        if (entry is null) return ([new("", "Cette écriture n’existe pas. Revenez au journal.")], []);
        if (!IsReversible(entry.Kind))
            return ([], [new("R19", "5.3", "entry-not-reversible", entry.Label)]);
        if (await db.JournalEntries.Where(e => e.ReversesId == entryId).Select(e => new { e.Year, e.Number }).SingleOrDefaultAsync(cancel) is { } earlier)
            return ([], [new("R19", "5.3", "entry-reversed-already", $"{entry.Year}-{entry.Number}", $"{earlier.Year}-{earlier.Number}")]);

        var on = await ledger.OpenDayAsync(programmeId, clock.Today, cancel);
        var leaves = Money.Sum(entry.Lines.Where(l => l.Ledger == LedgerAccount.Bank).Select(l => l.Debit - l.Credit));
        if (leaves > Money.Zero && await ledger.BalanceAsync(programmeId, entry.Account, LedgerAccount.Bank, cancel) is var balance && leaves > balance)
            return ([], [new("R9", "4", "account-overdrawn", $"{leaves}", entry.Account.French(), $"{balance}")]);
        db.JournalEntries.Add(entry.Reverse(Guid.CreateVersion7(), on, reason.Trim(), by, clock.UtcNow));
        trail.Add(programmeId, "entry-reversed", $"Écriture {entry.Year}-{entry.Number} extournée : {reason.Trim()}", by, entry.ProjectId, entry.Id);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return ([], []);
    }

    /// <summary>Reads the whole journal in order and compares each seal with what it must be.</summary>
    public async Task<JournalAudit> AuditAsync(Guid programmeId, CancellationToken cancel)
    {
        var (seal, last) = ("", 0L);
        while (true)
        {
            var entries = await db.JournalEntries.AsNoTracking().Where(e => e.ProgrammeId == programmeId && e.Sequence > last)
                .OrderBy(e => e.Sequence).Take(ReadAtOnce).ToListAsync(cancel);
            if (entries.Count == 0) return new(last, seal, null);
            foreach (var entry in entries)
            {
                if (entry.Sequence != last + 1 || !entry.IsBalanced || entry.Seal != entry.SealAfter(seal))
                    return new(last, seal, string.Create(CultureInfo.InvariantCulture, $"{entry.Year}-{entry.Number}"));
                (seal, last) = (entry.Seal, entry.Sequence);
            }
        }
    }

    /// <summary>
    /// Writes today's seal of each programme into its trail: whoever rewrites the whole chain would have to rewrite what was read there
    /// before. Once a day; an unchanged journal is not sealed again.
    /// </summary>
    public async Task SealAsync(CancellationToken cancel)
    {
        foreach (var programmeId in await db.Programmes.Select(p => p.Id).ToListAsync(cancel))
        {
            var audit = await AuditAsync(programmeId, cancel);
            if (audit.Entries == 0) continue;
            var text = audit.BrokenAt is { } broken
                ? $"Le journal comptable ne correspond plus à ses scellés à partir de l’écriture {broken}"
                : string.Create(CultureInfo.InvariantCulture, $"Journal comptable scellé : {audit.Entries} écritures, empreinte {audit.Seal}");
            var kind = audit.BrokenAt is null ? "journal-sealed" : "journal-broken";
            if (await db.AuditEntries.AnyAsync(e => e.ProgrammeId == programmeId && e.Kind == kind && e.Text == text, cancel)) continue;
            trail.Add(programmeId, kind, text);
        }

        await db.SaveChangesAsync(cancel);
    }
}
