namespace Alize.Engine.Storage;

/// <summary>
/// One unit of work over what the runtime keeps. Scoped: a burst has its own, shared with everything its activities change,
/// so that state, bookmarks, timers, journal and the activities' own changes are committed together or not at all.
/// Two implementations: in memory, and on a database.
/// </summary>
public interface IWorkflowStore
{
    /// <summary>A definition's published version, or the latest one; null when there is none.</summary>
    Task<StoredDefinition?> FindDefinitionAsync(string definitionId, bool published, CancellationToken cancel);

    /// <summary>Id of a definition's published version; null when there is none. Asked at each start, so without the version itself.</summary>
    Task<string?> PublishedVersionAsync(string definitionId, CancellationToken cancel);

    /// <summary>A version by its own id; null when there is none.</summary>
    Task<StoredDefinition?> FindDefinitionVersionAsync(string versionId, CancellationToken cancel);

    /// <summary>Every definition's published version.</summary>
    Task<IReadOnlyList<StoredDefinition>> PublishedDefinitionsAsync(CancellationToken cancel);

    /// <summary>
    /// Adds a version and replaces the triggers of its definition when it is published. The version becomes the latest one;
    /// a published one takes the place of the version published before. Committed at once with what else this unit of work changed;
    /// false when another node has added a version meanwhile, and nothing was.
    /// </summary>
    Task<bool> AddDefinitionAsync(StoredDefinition definition, IReadOnlyList<StoredTrigger> triggers, CancellationToken cancel);

    /// <summary>Every version of a definition, newest first.</summary>
    Task<IReadOnlyList<StoredDefinition>> DefinitionVersionsAsync(string definitionId, CancellationToken cancel);

    /// <summary>Ids of all definitions.</summary>
    Task<IReadOnlySet<string>> DefinitionIdsAsync(CancellationToken cancel);

    /// <summary>Whether an instance came from that version, running or ended.</summary>
    Task<bool> HasInstancesAsync(StoredDefinition version, CancellationToken cancel);

    /// <summary>
    /// Writes the name, text and JSON of a version that is not published, and publishes it when it says so: in the place of every other
    /// version, with its triggers. Committed at once with what else this unit of work changed; false when the version is gone or was
    /// published meanwhile, and nothing was.
    /// </summary>
    Task<bool> UpdateDefinitionAsync(StoredDefinition version, IReadOnlyList<StoredTrigger> triggers, CancellationToken cancel);

    /// <summary>Takes back a definition's published version, and its triggers. Committed at once with what else this unit of work changed.</summary>
    Task RetractDefinitionAsync(string definitionId, CancellationToken cancel);

    /// <summary>
    /// Deletes versions of a definition, with the triggers of a published one; the newest that remains becomes the latest. Committed at
    /// once with what else this unit of work changed.
    /// </summary>
    Task DeleteDefinitionVersionsAsync(string definitionId, IReadOnlyCollection<string> versionIds, CancellationToken cancel);

    /// <summary>An instance; null when there is none.</summary>
    Task<WorkflowInstance?> FindInstanceAsync(string instanceId, CancellationToken cancel);

    /// <summary>Whether an instance runs: of this definition and of this correlation where they are not null.</summary>
    Task<bool> IsRunningAsync(string? definitionId, string? correlationId, string? tenantId, CancellationToken cancel);

    /// <summary>Instances that this one started.</summary>
    Task<IReadOnlyList<WorkflowInstance>> ChildrenAsync(string parentInstanceId, CancellationToken cancel);

    /// <summary>A bookmark; null when it was consumed or never was.</summary>
    Task<StoredBookmark?> FindBookmarkAsync(string bookmarkId, CancellationToken cancel);

    /// <summary>Bookmarks that wait for a stimulus, oldest first; narrowed to one instance or one correlation where not null.</summary>
    Task<IReadOnlyList<StoredBookmark>> MatchBookmarksAsync(string hash, string? instanceId, string? correlationId, CancellationToken cancel);

    /// <summary>Every bookmark of an instance, oldest first.</summary>
    Task<IReadOnlyList<StoredBookmark>> BookmarksOfAsync(string instanceId, CancellationToken cancel);

    /// <summary>Triggers that a stimulus fires.</summary>
    Task<IReadOnlyList<StoredTrigger>> MatchTriggersAsync(string hash, CancellationToken cancel);

    /// <summary>A timer; null when it fired, was cancelled or never was.</summary>
    Task<StoredTimer?> FindTimerAsync(string timerId, CancellationToken cancel);

    /// <summary>Timers due until a moment (UTC, inclusive) that carry no mark, earliest first, then by id; only those after a given one where not null.</summary>
    Task<IReadOnlyList<StoredTimer>> TimersDueAsync(DateTime until, StoredTimer? after, int take, CancellationToken cancel);

    /// <summary>Timers due until a moment that no scheduler job wakes yet, earliest first.</summary>
    Task<IReadOnlyList<StoredTimer>> UnscheduledTimersAsync(DateTime until, int take, CancellationToken cancel);

    /// <summary>Every timer of an instance, earliest first.</summary>
    Task<IReadOnlyList<StoredTimer>> TimersOfAsync(string instanceId, CancellationToken cancel);

    /// <summary>The earliest due moment of all timers; null when none waits.</summary>
    Task<DateTime?> NextTimerDueAsync(CancellationToken cancel);

    /// <summary>
    /// Notes the scheduler's job of those timers that have none. Committed at once; returns how many: the others are gone, or somebody
    /// else gave them a job first. A job that no timer has is to be deleted.
    /// </summary>
    Task<int> SetTimerJobAsync(IReadOnlyCollection<string> timerIds, string jobId, CancellationToken cancel);

    /// <summary>Whether a timer due from one moment until before another one (UTC) has that job.</summary>
    Task<bool> IsJobNeededAsync(string jobId, DateTime from, DateTime before, CancellationToken cancel);

    /// <summary>Forgets every timer's job, for a scheduler whose storage did not survive the restart. Committed at once.</summary>
    Task ForgetTimerJobsAsync(CancellationToken cancel);

    /// <summary>Adds a stimulus to this unit of work: it exists when the unit of work is committed.</summary>
    void Enqueue(Stimulus stimulus);

    /// <summary>Commits one stimulus that belongs to no unit of work; false when it is there already.</summary>
    Task<bool> SendAsync(Stimulus stimulus, CancellationToken cancel);

    /// <summary>A waiting stimulus; null when it was delivered.</summary>
    Task<Stimulus?> FindStimulusAsync(string stimulusId, CancellationToken cancel);

    /// <summary>Stimuli whose time has come and that carry no mark, oldest first.</summary>
    Task<IReadOnlyList<Stimulus>> StimuliDueAsync(DateTime now, int take, CancellationToken cancel);

    /// <summary>Waiting stimuli that match one of these hashes, oldest first.</summary>
    Task<IReadOnlyList<Stimulus>> StimuliMatchingAsync(IReadOnlyCollection<string> hashes, CancellationToken cancel);

    /// <summary>
    /// Stimuli put off because nobody waited (none that failed, none with a mark) for which somebody waits now, oldest first: whoever made the bookmark
    /// ended before it could look for them.
    /// </summary>
    Task<IReadOnlyList<Stimulus>> StimuliAwaitedAsync(DateTime now, int take, CancellationToken cancel);

    /// <summary>
    /// Marks stimuli and timers as being run, so that a process that dies of it leaves a trace: one mark more for each, and a stimulus that
    /// was put off is due. Committed at once; what is gone is passed over.
    /// </summary>
    Task MarkAsync(IReadOnlyCollection<string> stimulusIds, IReadOnlyCollection<string> timerIds, DateTime now, CancellationToken cancel);

    /// <summary>Takes every mark off stimuli and timers: a run of them has ended. Committed at once; what is gone is passed over.</summary>
    Task UnmarkAsync(IReadOnlyCollection<string> stimulusIds, IReadOnlyCollection<string> timerIds, CancellationToken cancel);

    /// <summary>
    /// Stimuli that carry marks and whose time has come, or that were put off and are awaited now, as by <see cref="StimuliAwaitedAsync"/>;
    /// fewest marks first, then oldest first. They are few.
    /// </summary>
    Task<IReadOnlyList<Stimulus>> SuspectStimuliAsync(DateTime now, CancellationToken cancel);

    /// <summary>Timers due that carry marks, fewest first, then earliest first. They are few.</summary>
    Task<IReadOnlyList<StoredTimer>> SuspectTimersAsync(DateTime now, CancellationToken cancel);

    /// <summary>Puts a stimulus off after a failed or matchless try. Committed at once.</summary>
    Task PostponeAsync(string stimulusId, DateTime notBefore, int attempts, string? error, CancellationToken cancel);

    /// <summary>
    /// Replaces a stimulus that concerns several instances by one for each, in one transaction; false when it was gone already.
    /// </summary>
    Task<bool> SplitStimulusAsync(string stimulusId, IReadOnlyList<Stimulus> parts, CancellationToken cancel);

    /// <summary>Drops stimuli without starting a burst: delivered to nobody and expired. Committed at once.</summary>
    Task DropStimuliAsync(IReadOnlyCollection<string> stimulusIds, CancellationToken cancel);

    /// <summary>
    /// Makes what activities have changed so far safe from a later <see cref="DiscardAsync"/>, within the burst's transaction.
    /// Cheap when nothing changed.
    /// </summary>
    Task FlushAsync(CancellationToken cancel);

    /// <summary>Forgets what activities changed since the last flush: the step that changed it has failed.</summary>
    Task DiscardAsync(CancellationToken cancel);

    /// <summary>
    /// Commits a burst and everything its activities changed, or nothing. Returns the stimuli of <see cref="Burst.AwaitedHashes"/>, oldest
    /// first, read after the commit: one that is sent later finds the bookmark.
    /// </summary>
    /// <exception cref="StaleInstanceException">
    /// Another burst of the instance was committed meanwhile, or a bookmark, timer or stimulus that this burst consumes is gone:
    /// load again and look whether there is still something to do.
    /// </exception>
    Task<IReadOnlyList<Stimulus>> CommitAsync(Burst burst, CancellationToken cancel);

    /// <summary>
    /// Deletes instances with all that is theirs: bookmarks, timers, messages to them, journal and executions; and commits what else this
    /// unit of work has changed with it. Committed at once; returns how many there were.
    /// </summary>
    Task<int> DeleteInstancesAsync(IReadOnlyCollection<string> instanceIds, CancellationToken cancel);

    /// <summary>A page of an instance's journal after a sequence number, ascending.</summary>
    Task<IReadOnlyList<JournalRecord>> JournalAsync(string instanceId, long afterSequence, int take, CancellationToken cancel);

    /// <summary>The executions of an instance's activities, in order of their start.</summary>
    Task<IReadOnlyList<ActivityExecutionRecord>> ExecutionsAsync(string instanceId, CancellationToken cancel);
}

/// <summary>What one burst leaves behind: one transaction.</summary>
public sealed class Burst
{
    /// <summary>The instance after the burst; its <see cref="WorkflowInstance.Revision"/> is the one that was loaded, the store raises it.</summary>
    public required WorkflowInstance Instance { get; init; }

    /// <summary>True for the first burst: the row must not exist yet.</summary>
    public bool IsNew { get; init; }

    /// <summary>New places to wait.</summary>
    public IReadOnlyList<StoredBookmark> AddedBookmarks { get; init; } = [];

    /// <summary>Consumed or cancelled bookmarks: each must still exist.</summary>
    public IReadOnlyList<string> RemovedBookmarkIds { get; init; } = [];

    /// <summary>New deadlines.</summary>
    public IReadOnlyList<StoredTimer> AddedTimers { get; init; } = [];

    /// <summary>Fired or cancelled deadlines.</summary>
    public IReadOnlyList<string> RemovedTimerIds { get; init; } = [];

    /// <summary>The stimulus that started the burst: it must still exist. Null for a direct call or a timer.</summary>
    public string? ConsumedStimulusId { get; init; }

    /// <summary>Hashes of new bookmarks for which a message may have come before them.</summary>
    public IReadOnlyList<string> AwaitedHashes { get; init; } = [];

    /// <summary>New journal lines, in order.</summary>
    public IReadOnlyList<JournalRecord> Journal { get; init; } = [];

    /// <summary>Executions begun or changed.</summary>
    public IReadOnlyList<ActivityExecutionRecord> Executions { get; init; } = [];
}

/// <summary>Somebody else went on with this instance first.</summary>
public sealed class StaleInstanceException(string instanceId, string what)
    : Exception($"Instance '{instanceId}' was changed meanwhile: {what}. Load it again and look whether there is still something to do.")
{
    /// <summary>The instance.</summary>
    public string InstanceId { get; } = instanceId;
}
