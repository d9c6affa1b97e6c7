namespace Alize.Workflows;

/// <summary>
/// What the pages tell the workflows: the names of the bookmarks that steps wait at, in one table. A signal is written in the
/// transaction of the change it announces.
/// </summary>
public sealed class Signals(TimeProvider time)
{
    /// <summary>A task was answered.</summary>
    public const string TaskAnswered = "Alize.TaskAnswered";

    /// <summary>The committee has decided on a project.</summary>
    public const string ProjectDecided = "Alize.ProjectDecided";

    /// <summary>A session was moved, its agenda changed, or it was called off.</summary>
    public const string SessionChanged = "Alize.SessionChanged";

    /// <summary>A session is over.</summary>
    public const string SessionClosed = "Alize.SessionClosed";

    /// <summary>A clause on what remains was recorded.</summary>
    public const string TermChanged = "Alize.TermChanged";

    /// <summary>An instalment was repaid in full.</summary>
    public const string InstallmentSettled = "Alize.InstallmentSettled";

    /// <summary>
    /// A signal for whoever waits for that thing. It is kept for a day when nobody waits yet: the step that will wait may be about
    /// to be committed, and looks at the thing itself before it waits.
    /// </summary>
    public Engine.Storage.Stimulus For(string name, Guid thing, IReadOnlyDictionary<string, object?>? input = null) =>
        Stimuli.For(name, Key(thing), correlationId: null, input, time.GetUtcNow(), TimeSpan.FromDays(1));

    /// <summary>The start of a procedure. The instance's id is chosen here, so that starting twice starts once.</summary>
    public Engine.Storage.Stimulus Start(
        string definitionId, string instanceId, Guid correlation, Guid programmeId, string name, IReadOnlyDictionary<string, object?>? input = null, string? activityId = null) =>
        Stimuli.Start(definitionId, instanceId, correlation.ToString(), programmeId.ToString(), name, input, time.GetUtcNow(), activityId);

    /// <summary>How a thing is named in a bookmark.</summary>
    public static string Key(Guid thing) => thing.ToString("N");
}
