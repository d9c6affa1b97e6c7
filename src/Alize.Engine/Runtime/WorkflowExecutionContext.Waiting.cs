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
        Step.Undo(() =>
        {
            Bookmarks.Remove(bookmark);
            AddedBookmarks.Remove(bookmark);
        });
    }

    internal void Remove(Bookmark bookmark)
    {
        if (!Bookmarks.Remove(bookmark))
            return;

        var isNew = AddedBookmarks.Remove(bookmark);
        if (!isNew)
            RemovedBookmarkIds.Add(bookmark.Id);
        Step.Undo(() =>
        {
            Bookmarks.Add(bookmark);
            if (isNew)
                AddedBookmarks.Add(bookmark);
            else
                RemovedBookmarkIds.Remove(bookmark.Id);
        });
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
        Step.Undo(() => AddedTimers.Remove(timer));
        return timer;
    }

    internal void RemoveTimer(string timerId)
    {
        if (AddedTimers.Find(t => t.Id == timerId) is { } added)
        {
            AddedTimers.Remove(added);
            Step.Undo(() => AddedTimers.Add(added));
        }
        else if (!RemovedTimerIds.Contains(timerId))
        {
            RemovedTimerIds.Add(timerId);
            Step.Undo(() => RemovedTimerIds.Remove(timerId));
        }
    }

    internal void RemoveRetryTimer(ActivityExecutionContext context)
    {
        if (context.RetryTimerId is not { } timerId)
            return;

        RemoveTimer(timerId);
        context.RetryTimerId = null;
        Step.Undo(() => context.RetryTimerId = timerId);
    }

    /// <summary>Closes the incidents of an execution.</summary>
    internal void Resolve(ActivityExecutionContext context)
    {
        var resolved = Incidents.FindAll(i => i.ActivityInstanceId == context.Id);
        if (resolved.Count == 0)
            return;

        Incidents.RemoveAll(resolved.Contains);
        Step.Undo(() => Incidents.AddRange(resolved));
    }

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
