using Alize.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Alize.Workflows.Programmes;

/// <summary>One at a time, where what is written rests on a count of other rows: who is present, which credits are left.</summary>
internal static class ProgrammeLock
{
    /// <summary>Begins a transaction that a second one of the same programme waits for. Read what the decision rests on after it.</summary>
    public static async Task<IDbContextTransaction> LockProgrammeAsync(this AlizeDb db, Guid programmeId, CancellationToken cancel)
    {
        var transaction = await db.Database.BeginTransactionAsync(cancel);

        // A write that changes nothing: the one way to hold a row that all three databases share.
        await db.Programmes.Where(p => p.Id == programmeId)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.TargetProjects, p => p.TargetProjects), cancel);
        return transaction;
    }
}
