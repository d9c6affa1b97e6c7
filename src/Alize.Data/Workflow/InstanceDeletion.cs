using Microsoft.EntityFrameworkCore;

namespace Alize.Data.Workflow;

/// <summary>
/// Takes an instance out of the database with everything that is its own, in one transaction with what stands in the unit of work.
/// For one that a person deletes; old ones leave by the retention.
/// </summary>
public sealed class InstanceDeletion(AlizeDb db)
{
    public async Task DeleteAsync(string instanceId, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.SaveChangesAsync(cancel);

        // The instance first: a burst that is about to be committed finds it gone and gives up.
        await db.WorkflowInstances.Where(i => i.Id == instanceId).ExecuteDeleteAsync(cancel);
        await db.Bookmarks.Where(b => b.InstanceId == instanceId).ExecuteDeleteAsync(cancel);
        await db.Timers.Where(t => t.InstanceId == instanceId).ExecuteDeleteAsync(cancel);
        await db.Stimuli.Where(s => s.InstanceId == instanceId).ExecuteDeleteAsync(cancel);
        await db.JournalPacks.Where(p => p.InstanceId == instanceId).ExecuteDeleteAsync(cancel);
        await transaction.CommitAsync(cancel);
    }
}
