using System.ComponentModel.DataAnnotations;
using Alize.Data.Tasks;
using Alize.Engine.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Alize.Data.Workflow;

/// <summary>How long ended workflows are kept. One that runs is never deleted.</summary>
public sealed class RetentionOptions
{
    public const string Section = "Retention";

    /// <summary>Days after the end of one that ran to its end. Null: for ever. Default 400.</summary>
    [Range(1, 36500)]
    public int? FinishedAfterDays { get; set; } = 400;

    /// <summary>Days after the end of one that was cancelled. Null: for ever. Default 400.</summary>
    [Range(1, 36500)]
    public int? CancelledAfterDays { get; set; } = 400;

    /// <summary>Days after the end of one that a fault ended. Null, the default: for ever, somebody may still want to know why.</summary>
    [Range(1, 36500)]
    public int? FaultedAfterDays { get; set; }

    /// <summary>Instances deleted in one transaction. Default 200.</summary>
    [Range(1, 1000)]
    public int BatchSize { get; set; } = 200;

    /// <summary>Time between two transactions, in which others write. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Pause { get; set; } = TimeSpan.FromSeconds(1);
}

/// <summary>What retention deleted: one row for each definition and end in a batch. Never changed, never deleted.</summary>
public sealed class RetentionEntry
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTime At { get; init; }

    /// <summary>Whose instances. Null for none.</summary>
    public string? TenantId { get; init; }

    /// <summary>Of which definition.</summary>
    public required string DefinitionId { get; init; }

    /// <summary>How they had ended.</summary>
    public required WorkflowSubStatus SubStatus { get; init; }

    /// <summary>How many.</summary>
    public required int Count { get; init; }

    /// <summary>The first end among them, UTC.</summary>
    public required DateTime Oldest { get; init; }

    /// <summary>The last end among them, UTC.</summary>
    public required DateTime Newest { get; init; }
}

/// <summary>
/// Deletes ended workflows that are old enough, in small transactions with a pause between, and notes what went in the same
/// transaction. What somebody still needs stays: the child of a running parent, the parent of a running child, whose task is open.
/// </summary>
public sealed class InstanceRetention(AlizeDb db, IWorkflowStore store, IOptions<RetentionOptions> options, TimeProvider time, ILogger<InstanceRetention> log)
{
    private sealed record Ended(string Id, string DefinitionId, WorkflowSubStatus SubStatus, DateTime FinishedAt, bool IsNeeded);

    /// <summary>One run over everything; returns how many instances went.</summary>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (Limits(now) is not { Count: > 0 } limits) return 0;

        var gone = 0;
        foreach (var tenant in await InstanceSeek.TenantsAsync(db.WorkflowInstances.AsNoTracking(), cancel))
            gone += await RunAsync(tenant, limits, now, cancel);
        if (gone > 0) log.LogInformation("Retention deleted {Count} ended instances", gone);
        return gone;
    }

    private async Task<int> RunAsync(string? tenant, Dictionary<WorkflowSubStatus, DateTime> limits, DateTime now, CancellationToken cancel)
    {
        var gone = 0;
        Ended? last = null;
        List<Ended> batch;
        do
        {
            batch = await NextAsync(tenant, limits.Values.Max(), last, cancel);
            var due = batch.FindAll(i => !i.IsNeeded && limits.TryGetValue(i.SubStatus, out var limit) && i.FinishedAt < limit);
            if (due.Count > 0)
            {
                gone += await DeleteAsync(tenant, due, now, cancel);
                if (options.Value.Pause > TimeSpan.Zero) await Task.Delay(options.Value.Pause, time, cancel);
            }

            last = batch.LastOrDefault();
        }
        while (batch.Count == options.Value.BatchSize);
        return gone;
    }

    private Task<List<Ended>> NextAsync(string? tenant, DateTime limit, Ended? after, CancellationToken cancel)
    {
        var old = db.WorkflowInstances.AsNoTracking().Where(i => i.TenantId == tenant && i.FinishedAt < limit);
        if (after is { FinishedAt: var at, Id: var id })
            old = old.Where(i => i.FinishedAt >= at && (i.FinishedAt > at || string.Compare(i.Id, id) > 0));
        return old
            .OrderBy(i => i.FinishedAt).ThenBy(i => i.Id)
            .Take(options.Value.BatchSize)
            .Select(i => new Ended(i.Id, i.DefinitionId, i.SubStatus, i.FinishedAt!.Value,
                i.Status == WorkflowStatus.Running
                || (i.ParentInstanceId != null && db.WorkflowInstances.Any(p => p.Id == i.ParentInstanceId && p.Status == WorkflowStatus.Running))
                || db.WorkflowInstances.Any(c => c.ParentInstanceId == i.Id && c.Status == WorkflowStatus.Running)
                || db.PartnerTasks.Any(t => t.InstanceId == i.Id && t.State == PartnerTaskState.Open)))
            .ToListAsync(cancel);
    }

    private async Task<int> DeleteAsync(string? tenant, List<Ended> due, DateTime now, CancellationToken cancel)
    {
        try
        {
            db.AddRange(due.GroupBy(i => (i.DefinitionId, i.SubStatus)).Select(same => new RetentionEntry
            {
                Id = Guid.CreateVersion7(new DateTimeOffset(now)),
                At = now,
                TenantId = tenant,
                DefinitionId = same.Key.DefinitionId,
                SubStatus = same.Key.SubStatus,
                Count = same.Count(),
                Oldest = same.Min(i => i.FinishedAt),
                Newest = same.Max(i => i.FinishedAt),
            }));
            return await store.DeleteInstancesAsync([.. due.Select(i => i.Id)], cancel);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            // The others are not to wait for these: they are tried again in the next run.
            db.ChangeTracker.Clear();
            log.LogError(failure, "Retention could not delete {Count} instances from {First} on; the next run tries again", due.Count, due[0].Id);
            return 0;
        }
    }

    private Dictionary<WorkflowSubStatus, DateTime> Limits(DateTime now)
    {
        var limits = new Dictionary<WorkflowSubStatus, DateTime>();
        foreach (var (subStatus, days) in new[]
        {
            (WorkflowSubStatus.Finished, options.Value.FinishedAfterDays),
            (WorkflowSubStatus.Cancelled, options.Value.CancelledAfterDays),
            (WorkflowSubStatus.Faulted, options.Value.FaultedAfterDays),
        })
            if (days is { } after) limits[subStatus] = now.AddDays(-after);
        return limits;
    }
}
