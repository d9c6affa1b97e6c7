using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Committee;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Accounts;

/// <summary>Reads balances from the journal (R9, R19) and books movements into it, each once by its key.</summary>
public sealed class Ledger(AlizeDb db, TimeProvider time)
{
    /// <summary>Debits less credits of one ledger account.</summary>
    public async Task<Money> BalanceAsync(Guid programmeId, FundAccount account, LedgerAccount ledger, CancellationToken cancel)
    {
        var lines = await db.JournalEntries.AsNoTracking()
            .Where(e => e.ProgrammeId == programmeId && e.Account == account)
            .SelectMany(e => e.Lines).Where(l => l.Ledger == ledger)
            .Select(l => new { l.Debit, l.Credit }).ToListAsync(cancel);
        return Money.Sum(lines.Select(l => l.Debit)) - Money.Sum(lines.Select(l => l.Credit));
    }

    /// <summary>Balance of the advances account less what is decided and not yet paid (R7a).</summary>
    public async Task<Money> CreditsAvailableAsync(Guid programmeId, CancellationToken cancel) =>
        await BalanceAsync(programmeId, FundAccount.Advances, LedgerAccount.Bank, cancel) - await CommittedAsync(programmeId, cancel);

    /// <summary>Books an entry unless its key was booked already; its lines are added by the caller.</summary>
    /// <returns>The new entry, or null when the movement is in the journal.</returns>
    public async Task<JournalEntry?> BookAsync(
        Guid programmeId, FundAccount account, string key, string label, DateOnly on, string by, Guid? projectId, Guid? sourceId, CancellationToken cancel)
    {
        if (await db.JournalEntries.AnyAsync(e => e.ProgrammeId == programmeId && e.Key == key, cancel)) return null;
        var entry = new JournalEntry
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = programmeId,
            Account = account,
            BookedOn = on,
            Label = label,
            Key = key,
            BookedBy = by,
            WrittenAt = time.GetUtcNow().UtcDateTime,
            ProjectId = projectId,
            SourceId = sourceId,
        };
        db.JournalEntries.Add(entry);
        return entry;
    }

    /// <summary>Advances decided on projects that may still be paid, neither paid yet nor waived by the operator.</summary>
    private async Task<Money> CommittedAsync(Guid programmeId, CancellationToken cancel)
    {
        var advances = await db.DecisionsInForce.AsNoTracking()
            .Where(d => d.ProgrammeId == programmeId && d.Outcome == DecisionOutcome.Approved
                && !db.Advances.Any(a => a.DecisionId == d.Id)
                && !db.PartnerTasks.Any(t => t.ProjectId == d.ProjectId && t.Kind == PayAdvance.TaskKind && t.Outcome == PayAdvance.Declined)
                && db.Projects.Any(p => p.Id == d.ProjectId && p.Stage != Domain.Eligibility.ProjectStage.Abandoned && p.Stage != Domain.Eligibility.ProjectStage.Closed))
            .Select(d => d.Advance).ToListAsync(cancel);
        return Money.Sum(advances);
    }
}
