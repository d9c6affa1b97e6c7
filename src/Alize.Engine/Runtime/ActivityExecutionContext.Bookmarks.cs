namespace Alize.Engine.Runtime;

/// <summary>Waiting: bookmarks and deadlines.</summary>
public sealed partial class ActivityExecutionContext
{
    /// <summary>Waits for a stimulus.</summary>
    /// <param name="stimulus">What it waits for: any object, compared by its JSON.</param>
    /// <param name="callback">Method of the activity that goes on. Null: the activity completes.</param>
    /// <param name="includeActivityInstanceId">
    /// Whether only a sender that knows this execution's id can wake it. False unless said otherwise, so that
    /// <see cref="Stimuli.For"/> with the same name and stimulus finds it.
    /// </param>
    public Bookmark CreateBookmark(object stimulus, ExecuteActivityDelegate? callback, bool includeActivityInstanceId = false) =>
        CreateBookmark(new CreateBookmarkArgs { Stimulus = stimulus, Callback = callback, IncludeActivityInstanceId = includeActivityInstanceId });

    /// <summary>Waits for whoever knows the bookmark's id.</summary>
    public Bookmark CreateBookmark(ExecuteActivityDelegate callback) => CreateBookmark(new CreateBookmarkArgs { Callback = callback });

    /// <summary>Waits.</summary>
    public Bookmark CreateBookmark(CreateBookmarkArgs? args = null)
    {
        args ??= new CreateBookmarkArgs();
        var id = args.BookmarkId ?? WorkflowExecutionContext.NextId('b');
        var name = args.BookmarkName ?? Activity.Type;
        object? payload = args.IncludeActivityInstanceId ? new { ActivityInstanceId = Id, args.Stimulus } : args.Stimulus;
        var bookmark = new Bookmark
        {
            Id = id,
            Name = name,
            Hash = payload is null ? Stimuli.Hash(name, id) : Stimuli.Hash(name, payload),
            Payload = payload,
            ActivityInstanceId = Id,
            CallbackMethodName = args.Callback is null ? null : Node.Callbacks.NameOf(args.Callback),
            AutoBurn = args.AutoBurn,
            CreatedAt = WorkflowExecutionContext.Time.GetUtcNow(),
        };
        WorkflowExecutionContext.Add(bookmark);
        return bookmark;
    }

    /// <summary>Waits for a moment. Several deadlines may stand beside other bookmarks of the same activity.</summary>
    /// <param name="due">Never fired before it.</param>
    /// <param name="callback">Method of the activity that goes on. Null: the activity completes.</param>
    /// <param name="label">For people: what will happen.</param>
    public Bookmark DelayUntil(DateTimeOffset due, ExecuteActivityDelegate? callback, string? label = null)
    {
        var bookmark = CreateBookmark(new CreateBookmarkArgs { Callback = callback, BookmarkName = Stimuli.TimerName });
        bookmark.TimerId = WorkflowExecutionContext.AddTimer(this, bookmark.Id, due, label ?? Activity.Name).Id;
        return bookmark;
    }

    /// <summary>Waits for a span of time.</summary>
    public Bookmark DelayFor(TimeSpan delay, ExecuteActivityDelegate? callback = null, string? label = null) =>
        DelayUntil(WorkflowExecutionContext.Time.GetUtcNow() + delay, callback, label);

    /// <summary>Gives up one bookmark and its deadline.</summary>
    public void CancelBookmark(Bookmark bookmark)
    {
        ArgumentNullException.ThrowIfNull(bookmark);
        WorkflowExecutionContext.Remove(bookmark);
    }

    /// <summary>Gives up the bookmarks of this execution for which the condition holds, with their deadlines.</summary>
    public void CancelBookmarks(Func<Bookmark, bool> which)
    {
        foreach (var bookmark in Bookmarks.Where(which).ToList())
            WorkflowExecutionContext.Remove(bookmark);
    }

    /// <summary>Gives up every bookmark and deadline of this execution.</summary>
    public void ClearBookmarks()
    {
        CancelBookmarks(_ => true);
        WorkflowExecutionContext.RemoveRetryTimer(this);
    }

    /// <summary>The retry that waits for this execution. Null for none.</summary>
    internal string? RetryTimerId { get; set; }
}

/// <summary>What our steps ask of the context beyond Elsa's.</summary>
public static class StepKeys
{
    /// <summary>
    /// Key of the step, instance and execution: the same when the step is retried or its burst repeated, so that a step
    /// finds what it has already written.
    /// </summary>
    public static string StepKey(this ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Id;
    }
}
