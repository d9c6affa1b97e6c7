using System.Text.Json.Nodes;
using Alize.Engine.Expressions;
using Alize.Engine.Runtime;
using Alize.Engine.Storage;

namespace Alize.Engine.Activities.Composition;

/// <summary>
/// Starts another workflow. The message that starts it is committed with this burst, and the message that tells of its end with its own last one:
/// so it starts once, and its end is told once, whatever crashes in between.
/// </summary>
internal static class ChildWorkflows
{
    public const string ParentKey = "ParentInstanceId";
    public const string InstanceIdKey = "WorkflowInstanceId";
    public const string StatusKey = "WorkflowStatus";
    public const string SubStatusKey = "WorkflowSubStatus";
    public const string OutputKey = "WorkflowOutput";
    public const string CorrelationKey = "CorrelationId";

    /// <summary>Id of a child: it follows from the step, so that a repeated step starts the same child.</summary>
    public static string Id(ActivityExecutionContext context, int? index = null) =>
        $"{context.WorkflowExecutionContext.Id}.{context.Number}{(index is { } i ? $".{i}" : "")}";

    /// <param name="context">The step.</param>
    /// <param name="childId">Id of the child.</param>
    /// <param name="definitionId">What it runs.</param>
    /// <param name="correlationId">What it is about. Null or empty: nothing.</param>
    /// <param name="input">Its input.</param>
    /// <param name="notifyStimulus">What the step waits for until the child ends. Null: it does not wait.</param>
    public static async ValueTask StartAsync(
        ActivityExecutionContext context, string childId, string definitionId, string? correlationId, IEnumerable<KeyValuePair<string, object>>? input, object? notifyStimulus)
    {
        var store = context.GetRequiredService<IWorkflowStore>();
        if (await store.FindDefinitionAsync(definitionId, published: true, context.CancellationToken) is null)
            throw new InvalidOperationException($"Activity '{context.NodeId}' starts workflow '{definitionId}', which has no published version. Publish it, or correct the id.");

        var workflow = context.WorkflowExecutionContext;
        context.Enqueue(new Stimulus
        {
            Id = $"start:{childId}",
            Kind = StimulusKind.Start,
            DefinitionId = definitionId,
            InstanceId = childId,
            CorrelationId = string.IsNullOrEmpty(correlationId) ? null : correlationId,
            TenantId = workflow.TenantId,
            ParentInstanceId = workflow.Id,
            Name = notifyStimulus is null ? null : context.Activity.Type,
            Hash = notifyStimulus is null ? null : Stimuli.Hash(context.Activity.Type, notifyStimulus),
            Input = Stimuli.InputJson(new Dictionary<string, object?>(input?.Select(p => KeyValuePair.Create(p.Key, (object?)p.Value)) ?? []) { [ParentKey] = workflow.Id }),
            CreatedAt = workflow.Time.GetUtcNow().UtcDateTime,
            NotBefore = workflow.Time.GetUtcNow().UtcDateTime,
        });
    }

    public static void Cancel(ActivityExecutionContext context, string childId) =>
        context.Enqueue(Stimuli.Cancel(childId, context.WorkflowExecutionContext.Time.GetUtcNow()));
}

/// <summary>Starts a workflow and waits for its end.</summary>
[Activity("Elsa", "Composition", "Create a new workflow instance of the specified workflow and execute it.", Kind = ActivityKind.Task)]
internal sealed class ExecuteWorkflow : Activity<object>
{
    [Input(DisplayName = "Workflow Definition", Description = "The workflow.", UIHint = InputUIHints.WorkflowDefinitionPicker)]
    public Input<string> WorkflowDefinitionId { get; set; } = default!;

    [Input(DisplayName = "Correlation ID", Description = "What the new instance is about. Empty: nothing.")]
    public Input<string?>? CorrelationId { get; set; }

    [Input(Description = "Its input.")]
    public Input<IDictionary<string, object>?>? Input { get; set; }

    [Input(DisplayName = "Wait for Completion", Description = "Whether to wait for its end.")]
    public Input<bool> WaitForCompletion { get; set; } = new(false);

    internal override ValueTask OnCanceledAsync(ActivityExecutionContext self)
    {
        if (self.Get(WaitForCompletion))
            ChildWorkflows.Cancel(self, ChildWorkflows.Id(self));
        return ValueTask.CompletedTask;
    }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var (child, waits) = (ChildWorkflows.Id(context), context.Get(WaitForCompletion));
        await ChildWorkflows.StartAsync(context, child, WorkflowDefinitionId.Get(context), context.Get(CorrelationId), context.Get(Input), waits ? child : null);
        if (waits)
        {
            context.CreateBookmark(child, OnChildEndedAsync);
        }
        else
        {
            context.Set(Result, new JsonObject { ["WorkflowInstanceId"] = child });
            await context.CompleteActivityAsync();
        }
    }

    private ValueTask OnChildEndedAsync(ActivityExecutionContext context)
    {
        var input = context.WorkflowInput;
        var result = new JsonObject();
        foreach (var (name, key) in new[]
        {
            ("WorkflowInstanceId", ChildWorkflows.InstanceIdKey), ("CorrelationId", ChildWorkflows.CorrelationKey),
            ("Status", ChildWorkflows.StatusKey), ("SubStatus", ChildWorkflows.SubStatusKey), ("Output", ChildWorkflows.OutputKey),
        })
            result[name] = input.TryGetValue(key, out var value) ? ValueConversion.ToJson(value) : null;
        context.Set(Result, result);
        return context.CompleteActivityAsync();
    }
}

/// <summary>Starts a workflow; waits for its end when asked to. The result is the other workflow's output.</summary>
[Activity("Elsa", "Composition", "Create a new workflow instance of the specified workflow and dispatch it for execution.")]
internal sealed class DispatchWorkflow : Activity<object>
{
    [Input(DisplayName = "Workflow Definition", Description = "The workflow.", UIHint = InputUIHints.WorkflowDefinitionPicker)]
    public Input<string> WorkflowDefinitionId { get; set; } = default!;

    [Input(DisplayName = "Correlation ID", Description = "What the new instance is about. Empty: nothing.")]
    public Input<string?>? CorrelationId { get; set; }

    [Input(Description = "Its input.")]
    public Input<IDictionary<string, object>?>? Input { get; set; }

    [Input(DisplayName = "Wait for Completion", Description = "Whether to wait for its end.")]
    public Input<bool> WaitForCompletion { get; set; } = new(false);

    [Input(Category = "Open Telemetry", Description = "Kept as it is written: a trace goes on with the burst that carries it.")]
    public Input<bool> StartNewTrace { get; set; } = new(false);

    [Input(DisplayName = "Channel", Description = "Kept as it is written: there is one channel.", UIHint = InputUIHints.DropDown, UIHandler = typeof(ChannelChoices))]
    public Input<string?>? ChannelName { get; set; }

    internal override ValueTask OnCanceledAsync(ActivityExecutionContext self)
    {
        if (self.Get(WaitForCompletion))
            ChildWorkflows.Cancel(self, ChildWorkflows.Id(self));
        return ValueTask.CompletedTask;
    }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var (child, waits) = (ChildWorkflows.Id(context), context.Get(WaitForCompletion));
        await ChildWorkflows.StartAsync(context, child, WorkflowDefinitionId.Get(context), context.Get(CorrelationId), context.Get(Input), waits ? child : null);
        if (waits)
            context.CreateBookmark(child, OnChildEndedAsync);
        else
            await context.CompleteActivityAsync();
    }

    private ValueTask OnChildEndedAsync(ActivityExecutionContext context)
    {
        context.Set(Result, context.WorkflowInput.TryGetValue(ChildWorkflows.OutputKey, out var output) ? output : null);
        return context.CompleteActivityAsync();
    }
}

/// <summary>The one channel by which workflows are dispatched.</summary>
internal sealed class ChannelChoices : IPropertyUIHandler
{
    public ValueTask<IDictionary<string, object>> GetUIPropertiesAsync(System.Reflection.PropertyInfo propertyInfo, object? context, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(DropDownProps.Specification([new SelectListItem("Default", "")]));
}
