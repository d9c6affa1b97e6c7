using Alize.Engine.Storage;

namespace Alize.Engine.Runtime;

/// <summary>Bookmarks and deadlines of the burst: what the instance has, what the commit adds and removes.</summary>
public sealed partial class WorkflowExecutionContext
{
    internal List<Bookmark> Bookmarks { get; } = [];

    internal List<Bookmark> AddedBookmarks { get; } = [];

    internal List<string> RemovedBookmarkIds { get; } = [];

    internal List<StoredTimer> AddedTimers { get; } = [];

    internal List<string> RemovedTimerIds { get; } = [];

    internal void Add(Bookmark bookmark)
    {
        Bookmarks.Add(bookmark);
        AddedBookmarks.Add(bookmark);
    }

    internal void Remove(Bookmark bookmark)
    {
        if (!Bookmarks.Remove(bookmark))
            return;

        if (!AddedBookmarks.Remove(bookmark))
            RemovedBookmarkIds.Add(bookmark.Id);
        if (bookmark.TimerId is { } timer)
            RemoveTimer(timer);
    }

    internal StoredTimer AddTimer(ActivityExecutionContext context, string? bookmarkId, DateTimeOffset due, string? label)
    {
        var timer = new StoredTimer
        {
            Id = NextId('t'),
            InstanceId = Id,
            BookmarkId = bookmarkId,
            ActivityInstanceId = context.Id,
            DueAt = due.UtcDateTime,
            Label = label,
            CorrelationId = CorrelationId,
            TenantId = TenantId,
        };
        AddedTimers.Add(timer);
        return timer;
    }

    internal void RemoveTimer(string timerId)
    {
        if (AddedTimers.RemoveAll(t => t.Id == timerId) == 0 && !RemovedTimerIds.Contains(timerId))
            RemovedTimerIds.Add(timerId);
    }

    internal void RemoveRetryTimer(ActivityExecutionContext context)
    {
        if (context.RetryTimer is not { } timer)
            return;

        RemoveTimer(timer.Id);
        context.RetryTimer = null;
    }

    /// <summary>Closes the incidents of an execution.</summary>
    internal void Resolve(ActivityExecutionContext context) => Incidents.RemoveAll(i => i.ActivityInstanceId == context.Id);

    /// <summary>Rows of the new bookmarks.</summary>
    internal List<StoredBookmark> BookmarkRows() => AddedBookmarks.ConvertAll(b => new StoredBookmark
    {
        Id = b.Id,
        InstanceId = Id,
        Name = b.Name,
        Hash = b.Hash,
        CorrelationId = CorrelationId,
        ActivityNodeId = FindContext(b.ActivityInstanceId)?.NodeId ?? "",
        ActivityInstanceId = b.ActivityInstanceId,
        Payload = b.Payload is null ? null : Stimuli.PayloadNode(b.Payload)?.ToJsonString(),
        CreatedAt = b.CreatedAt.UtcDateTime,
    });
}
