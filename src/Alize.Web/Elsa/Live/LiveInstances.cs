using System.Collections.Concurrent;
using System.Threading.Channels;
using Alize.Data;
using Alize.Engine.Runtime;
using Alize.Engine.Storage;
using Alize.Web.Elsa.Instances;
using Microsoft.AspNetCore.SignalR;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Elsa.Live;

/// <summary>
/// Tells the viewers that are open what has moved. Bursts of this process ring a bell; those of another node, and what a bell missed,
/// are seen by looking at the watched rows every few seconds. Nothing is read while nobody watches.
/// </summary>
internal sealed class LiveInstances(
    InstanceFeed feed, IHubContext<WorkflowInstanceHub> hub, IServiceScopeFactory scopes, TimeProvider time, ILogger<LiveInstances> log) : BackgroundService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);

    /// <summary>Watched instances: their viewers, and the burst that was told last.</summary>
    private readonly ConcurrentDictionary<string, Watched> watched = new();

    // A viewer that is behind skips to the newest: what matters is what stands in the database now.
    private readonly Channel<string> bells = Channel.CreateBounded<string>(new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Watch(string instanceId, int revision, string connectionId)
    {
        var watch = watched.GetOrAdd(instanceId, _ => new Watched { Revision = revision });
        watch.Connections[connectionId] = true;
    }

    public void Leave(string connectionId)
    {
        foreach (var (instanceId, watch) in watched)
            if (watch.Connections.TryRemove(connectionId, out _) && watch.Connections.IsEmpty)
                watched.TryRemove(new(instanceId, watch));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        feed.Moved += Ring;
        try
        {
            await Task.WhenAll(AnswerBellsAsync(stoppingToken), LookAsync(stoppingToken));
        }
        finally
        {
            feed.Moved -= Ring;
        }
    }

    private void Ring(string instanceId)
    {
        if (watched.ContainsKey(instanceId)) bells.Writer.TryWrite(instanceId);
    }

    private async Task AnswerBellsAsync(CancellationToken cancel)
    {
        while (await bells.Reader.WaitToReadAsync(cancel))
        {
            var moved = new HashSet<string>();
            while (bells.Reader.TryRead(out var id)) moved.Add(id);
            await TellAsync([.. moved], cancel);
        }
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        using var pause = new PeriodicTimer(BetweenLooks, time);
        while (await pause.WaitForNextTickAsync(cancel))
            if (!watched.IsEmpty)
                await TellAsync([.. watched.Keys], cancel);
    }

    private async Task TellAsync(IReadOnlyList<string> ids, CancellationToken cancel)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<AlizeDb>();
            var store = scope.ServiceProvider.GetRequiredService<IWorkflowStore>();
            foreach (var some in ids.Chunk(100))
            {
                var rows = await db.WorkflowInstances.AsNoTracking().Where(i => some.Contains(i.Id)).Select(i => new { i.Id, i.Revision }).ToListAsync(cancel);
                foreach (var row in rows)
                    if (watched.TryGetValue(row.Id, out var watch) && watch.IsNews(row.Revision))
                        await TellAsync(hub.Clients.Group(row.Id), row.Id, store, cancel);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            // The next look makes up for it.
            log.LogWarning(failure, "Viewers could not be told what has moved");
        }
    }

    /// <summary>Tells how an instance stands: all its viewers, or one that has just come and may have read it before its last burst.</summary>
    public static async Task TellAsync(IClientProxy viewers, string instanceId, IWorkflowStore store, CancellationToken cancel)
    {
        await viewers.SendAsync("ActivityExecutionLogUpdatedAsync", new { Stats = ActivityStats.Of(await store.ExecutionsAsync(instanceId, cancel)) }, cancel);
        await viewers.SendAsync("WorkflowExecutionLogUpdatedAsync", new { }, cancel);
        await viewers.SendAsync("WorkflowInstanceUpdatedAsync", new { WorkflowInstanceId = instanceId }, cancel);
    }

    private sealed class Watched
    {
        private int revision;

        public required int Revision
        {
            init => revision = value;
        }

        public ConcurrentDictionary<string, bool> Connections { get; } = new();

        /// <summary>Whether a burst has not been told yet; the same one is told once.</summary>
        public bool IsNews(int now)
        {
            var before = Volatile.Read(ref revision);
            return before != now && Interlocked.CompareExchange(ref revision, now, before) == before;
        }
    }
}
