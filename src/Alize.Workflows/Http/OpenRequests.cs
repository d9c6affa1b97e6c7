using System.Collections.Concurrent;

namespace Alize.Workflows.Http;

/// <summary>
/// The requests this process holds open while their workflows run, and how long the endpoint gives each. The endpoint's limit is an
/// expression of the workflow: it is known when the burst begins, to whoever waits in the same process. A burst that another node took
/// over tells nobody, and its caller waits as if there were no limit.
/// </summary>
public sealed class OpenRequests
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<TimeSpan>> open = new();

    /// <summary>The limit of a request as soon as its endpoint says one; never completed when it does not. Whoever opens closes.</summary>
    public Task<TimeSpan> Open(string requestId) =>
        open.GetOrAdd(requestId, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Close(string requestId) => open.TryRemove(requestId, out _);

    /// <summary>Says how long a request may take from its arrival; the first one to say it counts, since a burst may run twice.</summary>
    internal void Limit(string requestId, TimeSpan timeout)
    {
        if (open.TryGetValue(requestId, out var request)) request.TrySetResult(timeout);
    }
}
