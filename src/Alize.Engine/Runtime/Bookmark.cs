using System.Diagnostics.CodeAnalysis;

namespace Alize.Engine.Runtime;

/// <summary>Runs an activity, or goes on with one that was resumed. A method of the activity itself: the runtime finds it again by name.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "Elsa's name.")]
public delegate ValueTask ExecuteActivityDelegate(ActivityExecutionContext context);

/// <summary>Tells a container that a step it scheduled has completed. A method of the container itself.</summary>
public delegate ValueTask ActivityCompletionCallback(ActivityCompletedContext context);

/// <summary>A place where an execution of an activity waits.</summary>
public sealed class Bookmark
{
    /// <summary>Id: whoever has it can resume the activity directly.</summary>
    public required string Id { get; init; }

    /// <summary>Kind of stimulus it waits for, by default the activity's type.</summary>
    public required string Name { get; init; }

    /// <summary>Hash of name and stimulus.</summary>
    public required string Hash { get; init; }

    /// <summary>The stimulus. Null for none, or once it was stored.</summary>
    public object? Payload { get; init; }

    /// <summary>The execution that waits.</summary>
    public required string ActivityInstanceId { get; init; }

    /// <summary>Method of the activity that goes on. Null: the activity completes.</summary>
    public string? CallbackMethodName { get; init; }

    /// <summary>Whether resuming consumes it.</summary>
    public bool AutoBurn { get; init; } = true;

    /// <summary>Its deadline. Null for none.</summary>
    public string? TimerId { get; internal set; }

    /// <summary>When it began to wait.</summary>
    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>How to create a bookmark.</summary>
public sealed class CreateBookmarkArgs
{
    /// <summary>Id. Null: the runtime's.</summary>
    public string? BookmarkId { get; set; }

    /// <summary>What it waits for: any object, compared by its JSON. Null: only who knows the bookmark's id resumes it.</summary>
    public object? Stimulus { get; set; }

    /// <summary>Kind of stimulus. Null: the activity's type.</summary>
    public string? BookmarkName { get; set; }

    /// <summary>Goes on after the stimulus. Null: the activity completes.</summary>
    public ExecuteActivityDelegate? Callback { get; set; }

    /// <summary>Whether resuming consumes it.</summary>
    public bool AutoBurn { get; set; } = true;

    /// <summary>Whether the execution's id is part of what is waited for. A sender then has to know it.</summary>
    public bool IncludeActivityInstanceId { get; set; }

    /// <summary>Notes for people.</summary>
    public IDictionary<string, string>? Metadata { get; set; }
}

/// <summary>Names of the ways by which a flowchart leaves a completed activity.</summary>
public sealed record Outcomes(params string[] Names)
{
    /// <summary>What an activity that names none leaves by.</summary>
    public static readonly Outcomes Default = new("Done");

    /// <summary>No way at all: the activity was skipped or cancelled.</summary>
    public static readonly Outcomes Empty = new();
}

/// <summary>Status of an execution of an activity. Names are Elsa's.</summary>
public enum ActivityStatus
{
    /// <summary>Scheduled.</summary>
    Pending,

    /// <summary>Runs or waits.</summary>
    Running,

    /// <summary>Done.</summary>
    Completed,

    /// <summary>Ended from outside.</summary>
    Canceled,

    /// <summary>Threw.</summary>
    Faulted,
}

/// <summary>What a container is told when a step it scheduled has completed.</summary>
public sealed class ActivityCompletedContext
{
    internal ActivityCompletedContext(ActivityExecutionContext target, ActivityExecutionContext child, object? result)
    {
        TargetContext = target;
        ChildContext = child;
        Result = result;
    }

    /// <summary>The container.</summary>
    public ActivityExecutionContext TargetContext { get; }

    /// <summary>The completed step.</summary>
    public ActivityExecutionContext ChildContext { get; }

    /// <summary>What it completed with: <see cref="Outcomes"/> or any object. Null for nothing.</summary>
    public object? Result { get; }

    /// <summary>The workflow.</summary>
    public WorkflowExecutionContext WorkflowExecutionContext => TargetContext.WorkflowExecutionContext;

    /// <summary>Stops the burst.</summary>
    public CancellationToken CancellationToken => TargetContext.CancellationToken;
}
