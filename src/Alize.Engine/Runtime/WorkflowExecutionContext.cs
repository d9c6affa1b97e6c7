using Alize.Engine.Activities;
using Alize.Engine.Definitions;
using Alize.Engine.Expressions;
using Alize.Engine.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Alize.Engine.Runtime;

/// <summary>A running workflow during one burst.</summary>
public sealed partial class WorkflowExecutionContext
{
    internal WorkflowExecutionContext(WorkflowInstance instance, CompiledWorkflow compiled, IServiceProvider services, TimeProvider time, CancellationToken cancel)
    {
        Instance = instance;
        Compiled = compiled;
        Services = services;
        Time = time;
        CancellationToken = cancel;
        Journal = new JournalWriter(this);
    }

    /// <summary>Id of the instance.</summary>
    public string Id => Instance.Id;

    /// <summary>What the instance is about.</summary>
    public string? CorrelationId
    {
        get => Instance.CorrelationId;
        set
        {
            var before = Instance.CorrelationId;
            Step.Undo(() => Instance.CorrelationId = before);
            Instance.CorrelationId = value;
        }
    }

    /// <summary>Name for people.</summary>
    public string? Name
    {
        get => Instance.Name;
        set
        {
            var before = Instance.Name;
            Step.Undo(() => Instance.Name = before);
            Instance.Name = value;
        }
    }

    /// <summary>Whose instance it is. Null for none.</summary>
    public string? TenantId => Instance.TenantId;

    /// <summary>The instance that started this one. Null for none.</summary>
    public string? ParentWorkflowInstanceId => Instance.ParentInstanceId;

    /// <summary>The definition.</summary>
    public Workflow Workflow => Compiled.Workflow;

    /// <summary>Input of the instance.</summary>
    public IDictionary<string, object> Input { get; internal set; } = new Dictionary<string, object>();

    /// <summary>Output so far.</summary>
    public IDictionary<string, object> Output { get; internal set; } = new Dictionary<string, object>();

    /// <summary>Kept with the instance.</summary>
    public IDictionary<string, object> Properties { get; internal set; } = new Dictionary<string, object>();

    /// <summary>Stops the burst.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    internal WorkflowInstance Instance { get; }

    internal CompiledWorkflow Compiled { get; }

    internal IServiceProvider Services { get; }

    internal ExpressionEvaluator Expressions => field ??= Services.GetRequiredService<ExpressionEvaluator>();

    internal JournalWriter Journal { get; }

    internal Step Step { get; set; } = new();

    /// <summary>Open executions, and completed ones that something open stands in.</summary>
    internal List<ActivityExecutionContext> Contexts { get; } = [];

    internal ActivityExecutionContext Root => Contexts[0];

    internal List<WorkItem> Queue { get; } = [];

    internal List<Completion> Completions { get; } = [];

    internal List<Incident> Incidents { get; } = [];

    /// <summary>The newest result of any activity in this burst.</summary>
    internal object? LastResult { get; set; }

    internal string? TriggerActivityId { get; set; }

    /// <summary>Bookmark of the parent that waits for the end of this instance. Null: nobody waits.</summary>
    internal string? NotifyName { get; set; }

    /// <summary>Hash of that bookmark.</summary>
    internal string? NotifyHash { get; set; }

    /// <summary>Numbers given so far to executions, bookmarks and timers.</summary>
    internal int Counter { get; set; }

    /// <summary>Whether the burst stopped at a commit point: what is scheduled runs in the next one.</summary>
    internal bool IsSplit { get; set; }

    /// <summary>Why no burst of the instance got through before this one. Null: they did.</summary>
    internal Incident? ParkedFor { get; set; }

    /// <summary>Set when the instance ends otherwise than by completing its root.</summary>
    internal WorkflowSubStatus? Ending { get; set; }

    internal string NextId(char kind) => $"{Id}:{kind}{++Counter}";

    internal void Schedule(WorkItem item)
    {
        Queue.Add(item);
        Step.Undo(() => Queue.Remove(item));
    }

    internal void Complete(Completion completion)
    {
        Completions.Add(completion);
        Step.Undo(() => Completions.Remove(completion));
    }

    internal ActivityExecutionContext? FindContext(string id) => Contexts.Find(c => c.Id == id);

    internal void SetOutput(string name, object? value)
    {
        if (value is null)
            Step.Remove(Output, name);
        else
            Step.Set(Output, name, value);
    }

    /// <summary>Takes back what a cancelled execution was going to run.</summary>
    internal void Withdraw(ActivityExecutionContext context)
    {
        var withdrawn = Queue.FindAll(item => item.Owner == context);
        if (withdrawn.Count == 0)
            return;

        Queue.RemoveAll(withdrawn.Contains);
        Step.Undo(() => Queue.AddRange(withdrawn));
    }
}

/// <summary>A step that failed and is not done yet.</summary>
internal sealed class Incident
{
    /// <summary>Stands for the execution where the instance as a whole is meant: it was parked, see <see cref="WorkflowRuntime"/>.</summary>
    public const string OfTheInstance = "";

    public required string ActivityInstanceId { get; init; }

    public required string ActivityId { get; init; }

    public required string NodeId { get; init; }

    public required string ActivityType { get; init; }

    public required string Message { get; init; }

    public required string ExceptionType { get; init; }

    public required DateTimeOffset At { get; init; }
}
