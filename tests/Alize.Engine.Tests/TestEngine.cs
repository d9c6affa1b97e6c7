using Alize.Engine.Activities;
using Alize.Engine.Definitions;
using Alize.Engine.Runtime;
using Alize.Engine.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Alize.Engine.Tests;

/// <summary>The engine as a host has it, in memory and with a clock that only the test moves.</summary>
public sealed class TestEngine : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public TestEngine(Action<IServiceCollection>? more = null, Action<EngineOptions>? options = null)
    {
        Time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddSingleton(Wakeups);
        services.AddSingleton<IWakeups>(Wakeups);
        services.AddSingleton<Effects>();
        services.AddEngine(activities => activities.Add<Noop>().Add<AppendLine>().Add<Flaky>().Add<Ask>().Add<Unwritable>().Add<Deadly>().Add<StackDepth>().Add<FlakyTrigger>(), choose =>
        {
            choose.PauseBeforeSuspects = TimeSpan.Zero;
            options?.Invoke(choose);
        });
        services.AddInMemoryWorkflowStore();
        more?.Invoke(services);
        _services = services.BuildServiceProvider(validateScopes: true);
    }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public FakeTimeProvider Time { get; }

    public RecordedWakeups Wakeups { get; } = new();

    public Effects Effects => _services.GetRequiredService<Effects>();

    public WorkflowRuntime Runtime => _services.GetRequiredService<WorkflowRuntime>();

    public DefinitionLoader Loader => _services.GetRequiredService<DefinitionLoader>();

    public DefinitionCache Definitions => _services.GetRequiredService<DefinitionCache>();

    public ActivityRegistry Registry => _services.GetRequiredService<ActivityRegistry>();

    public Task LoadAsync(string definitionId, string json) => Loader.LoadAsync(definitionId, json, Cancel);

    /// <summary>Publishes a flowchart of activities (JSON objects without braces) and connections "a:Done->b".</summary>
    public Task LoadFlowAsync(string definitionId, string[] activities, string[] connections, string more = "")
    {
        var arrows = connections.Select(c => c.Split(':', '-', '>'))
            .Select(p => $$$"""{"source":{"activity":"{{{p[0]}}}","port":"{{{p[1]}}}"},"target":{"activity":"{{{p[^1]}}}","port":"In"} }""");
        var drawn = activities.Select(a => $$$"""{"version":1,{{{a}}}}""");
        return LoadAsync(definitionId, $$$"""
            {"id":"x","definitionId":"{{{definitionId}}}","name":"{{{definitionId}}}","version":1,{{{more}}}
             "root":{"id":"root","type":"Elsa.Flowchart","version":1,
              "activities":[{{{string.Join(",", drawn)}}}],
              "connections":[{{{string.Join(",", arrows)}}}]} }
            """);
    }

    public Task<RunResult> StartAsync(string definitionId, string? instanceId = null, IReadOnlyDictionary<string, object?>? input = null, string? correlationId = null) =>
        Runtime.StartAsync(new StartWorkflow { DefinitionId = definitionId, InstanceId = instanceId, Input = input, CorrelationId = correlationId }, Cancel);

    /// <summary>Starts an instance of a definition's first version.</summary>
    public async Task<RunResult> StartFirstAsync(string definitionId, string instanceId) => await Runtime.StartAsync(
        new StartWorkflow { DefinitionId = definitionId, DefinitionVersionId = await VersionIdAsync(definitionId, 1), InstanceId = instanceId }, Cancel);

    /// <summary>Id of a version by its number.</summary>
    public async Task<string> VersionIdAsync(string definitionId, int version)
    {
        await using var scope = _services.CreateAsyncScope();
        return scope.ServiceProvider.GetRequiredService<InMemoryDatabase>().Definitions.Values.Single(d => d.DefinitionId == definitionId && d.Version == version).Id;
    }

    /// <summary>Sends a message as a host does: in a transaction of its own.</summary>
    public async Task<Stimulus> SendAsync(Stimulus stimulus)
    {
        await using var scope = _services.CreateAsyncScope();
        var store = (InMemoryWorkflowStore)scope.ServiceProvider.GetRequiredService<IWorkflowStore>();
        store.Enqueue(stimulus);
        await store.SaveAsync(Cancel);
        return stimulus;
    }

    public Task<Stimulus> SendEventAsync(string name, object? payload = null, string? correlationId = null, string? instanceId = null) =>
        SendAsync(Stimuli.Event(name, correlationId, payload, Time.GetUtcNow(), instanceId: instanceId));

    public async Task<T> WithVersionsAsync<T>(Func<DefinitionVersions, Task<T>> work)
    {
        await using var scope = _services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<DefinitionVersions>());
    }

    public async Task<T> WithStoreAsync<T>(Func<IWorkflowStore, Task<T>> work)
    {
        await using var scope = _services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<IWorkflowStore>());
    }

    public Task<WorkflowInstance?> InstanceAsync(string id) => WithStoreAsync(s => s.FindInstanceAsync(id, Cancel));

    public Task<IReadOnlyList<StoredBookmark>> BookmarksAsync(string id) => WithStoreAsync(s => s.BookmarksOfAsync(id, Cancel));

    public Task<IReadOnlyList<StoredTimer>> TimersAsync(string id) => WithStoreAsync(s => s.TimersOfAsync(id, Cancel));

    public Task<IReadOnlyList<ActivityExecutionRecord>> ExecutionsAsync(string id) => WithStoreAsync(s => s.ExecutionsAsync(id, Cancel));

    /// <summary>The journal as "activity:Event".</summary>
    public async Task<List<string>> JournalAsync(string id) =>
        [.. (await WithStoreAsync(s => s.JournalAsync(id, 0, 10_000, Cancel))).Select(j => $"{j.ActivityId}:{j.EventName}")];

    /// <summary>Changes a stored version behind the engine's back, as a bad deployment does.</summary>
    public void Tamper(string versionId, Func<string, string> change)
    {
        var database = _services.GetRequiredService<InMemoryDatabase>();
        lock (database.Gate)
        {
            var definition = database.Definitions[versionId];
            definition.Json = change(definition.Json);
        }

        Definitions.Forget(versionId);
    }

    /// <summary>The next process on the same database, a second later. This one may still be within a step, as a killed one is for ever.</summary>
    public TestEngine Next(Action<EngineOptions>? options = null)
    {
        var next = new TestEngine(services => services.AddSingleton(_services.GetRequiredService<InMemoryDatabase>()), options);
        next.Time.SetUtcNow(Time.GetUtcNow().AddSeconds(1));
        return next;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

/// <summary>What the runtime told its host.</summary>
public sealed class RecordedWakeups : IWakeups
{
    public List<StoredTimer> Added { get; } = [];

    public List<StoredTimer> Removed { get; } = [];

    public void TimersChanged(IReadOnlyList<StoredTimer> added, IReadOnlyList<StoredTimer> removed)
    {
        lock (Added)
        {
            Added.AddRange(added);
            Removed.AddRange(removed);
        }
    }

    public void StimuliWaiting()
    {
    }
}

/// <summary>What test activities did, and what they are told to do.</summary>
public sealed class Effects
{
    public List<string> Lines { get; } = [];

    /// <summary>How often <see cref="Flaky"/> still fails.</summary>
    public int FailuresLeft { get; set; }

    /// <summary>How often the end of <see cref="Ask"/> still fails; <see cref="FailuresLeft"/> is for its reminder.</summary>
    public int AnswersToFail { get; set; }

    /// <summary>Which call of <see cref="Flaky"/> fails. Null: none beside those.</summary>
    public int? FailAt { get; set; }

    /// <summary>What <see cref="Deadly"/> waits for. Null: nothing.</summary>
    public Func<CancellationToken, Task>? Meets { get; set; }
}

[Activity("Ref", "Ref", "Does nothing.")]
public sealed class Noop : CodeActivity;

[Activity("Ref", "Ref", "Appends a line.")]
public sealed class AppendLine : CodeActivity
{
    [Input]
    public Input<string> Line { get; set; } = default!;

    protected override void Execute(ActivityExecutionContext context) => context.GetRequiredService<Effects>().Lines.Add(Line.Get(context));
}

[Activity("Ref", "Ref", "Sends a message, then fails as often as it is told to.")]
public sealed class Flaky : CodeActivity
{
    protected override void Execute(ActivityExecutionContext context)
    {
        var effects = context.GetRequiredService<Effects>();
        effects.Lines.Add(context.StepKey());
        context.GetRequiredService<IWorkflowStore>().Enqueue(Stimuli.Event($"from {effects.Lines.Count}", null, null, context.WorkflowExecutionContext.Time.GetUtcNow()));
        if (effects.FailuresLeft-- > 0 || effects.FailAt == effects.Lines.Count)
            throw new TimeoutException("The mail server does not answer.");
    }
}

/// <summary>Waits for an answer; reminds once, and expires.</summary>
[Activity("Ref", "Ref", "Asks somebody, reminds, and waits.")]
[FlowNode("Answered", "Expired")]
public sealed class Ask : Activity
{
    [Input]
    public Input<string> Whom { get; set; } = default!;

    [Output]
    public Output<object>? Answer { get; set; }

    protected override void Execute(ActivityExecutionContext context)
    {
        var now = context.WorkflowExecutionContext.Time.GetUtcNow();
        context.CreateBookmark(new { Task = Whom.Get(context) }, OnAnsweredAsync);
        context.DelayUntil(now.AddDays(1), OnReminderAsync, "reminder");
        context.DelayUntil(now.AddDays(3), OnExpiredAsync, "expiry");
    }

    private ValueTask OnAnsweredAsync(ActivityExecutionContext context)
    {
        Fail(context, e => e.AnswersToFail-- > 0);
        context.Set(Answer, context.WorkflowInput["Text"]);
        return context.CompleteActivityWithOutcomesAsync("Answered");
    }

    private ValueTask OnReminderAsync(ActivityExecutionContext context)
    {
        Fail(context, e => e.FailuresLeft-- > 0);
        context.GetRequiredService<Effects>().Lines.Add($"remind {Whom.Get(context)}");
        return ValueTask.CompletedTask;
    }

    private ValueTask OnExpiredAsync(ActivityExecutionContext context)
    {
        Fail(context, e => e.AnswersToFail-- > 0);
        return context.CompleteActivityWithOutcomesAsync("Expired");
    }

    private static void Fail(ActivityExecutionContext context, Predicate<Effects> fails)
    {
        if (fails(context.GetRequiredService<Effects>()))
            throw new TimeoutException("The mail server does not answer.");
    }
}

/// <summary>Gives the instance something that no state can hold, as often as it is told to: the step is well, its burst is not.</summary>
[Activity("Ref", "Ref", "Leaves what cannot be stored.")]
public sealed class Unwritable : CodeActivity
{
    protected override void Execute(ActivityExecutionContext context)
    {
        if (context.GetRequiredService<Effects>().FailuresLeft-- > 0)
            context.WorkflowExecutionContext.Properties["Endless"] = double.NaN;
    }
}

/// <summary>Starts a workflow, unless it fails as often as it is told to.</summary>
[Activity("Ref", "Ref", "Starts a workflow.", Kind = ActivityKind.Trigger)]
public sealed class FlakyTrigger : Trigger
{
    protected override object GetTriggerPayload(TriggerIndexingContext context) => "T";

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        if (!context.IsTriggerOfWorkflow())
        {
            context.CreateBookmark(new CreateBookmarkArgs { Stimulus = "T" });
            return;
        }

        if (context.GetRequiredService<Effects>().FailuresLeft-- > 0)
            throw new TimeoutException("The mail server does not answer.");
        await context.CompleteActivityAsync();
    }
}

/// <summary>Notes how deep the stack is.</summary>
[Activity("Ref", "Ref", "Appends how deep the stack is.")]
public sealed class StackDepth : CodeActivity
{
    protected override void Execute(ActivityExecutionContext context) =>
        context.GetRequiredService<Effects>().Lines.Add(new System.Diagnostics.StackTrace().FrameCount.ToString(System.Globalization.CultureInfo.InvariantCulture));
}

/// <summary>Ends its process, as far as a test can: it never comes back.</summary>
[Activity("Ref", "Ref", "Does not come back when it is told so.")]
public sealed class Deadly : CodeActivity
{
    protected override ValueTask ExecuteAsync(ActivityExecutionContext context) =>
        context.GetRequiredService<Effects>().Meets is { } meets ? new(meets(context.CancellationToken)) : ValueTask.CompletedTask;
}
