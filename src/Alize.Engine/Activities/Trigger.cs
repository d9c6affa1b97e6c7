using Alize.Engine.Runtime;

namespace Alize.Engine.Activities;

/// <summary>An activity that can start a workflow: it says which stimuli do.</summary>
internal interface ITrigger
{
    /// <summary>Kind of stimulus; by default the activity's type.</summary>
    string StimulusName { get; }

    /// <summary>Stimuli that start the workflow.</summary>
    ValueTask<IEnumerable<object>> PayloadsAsync(TriggerIndexingContext context);
}

/// <summary>A step that waits for a stimulus, or starts a workflow when it comes.</summary>
public abstract class Trigger : Activity, ITrigger
{
    /// <summary>Stimuli that start the workflow.</summary>
    protected virtual ValueTask<IEnumerable<object>> GetTriggerPayloadsAsync(TriggerIndexingContext context) =>
        ValueTask.FromResult(GetTriggerPayloads(context));

    /// <summary>Stimuli that start the workflow.</summary>
    protected virtual IEnumerable<object> GetTriggerPayloads(TriggerIndexingContext context) => [GetTriggerPayload(context)];

    /// <summary>The stimulus that starts the workflow.</summary>
    protected virtual object GetTriggerPayload(TriggerIndexingContext context) => new();

    string ITrigger.StimulusName => Type;

    ValueTask<IEnumerable<object>> ITrigger.PayloadsAsync(TriggerIndexingContext context) => GetTriggerPayloadsAsync(context);
}

/// <summary>A trigger with a result.</summary>
public abstract class Trigger<T> : Trigger
{
    /// <summary>Where the result goes.</summary>
    [Output]
    public Output<T>? Result { get; set; }
}

/// <summary>What a trigger knows when its definition is published: its inputs, evaluated without a running instance.</summary>
public sealed class TriggerIndexingContext
{
    internal TriggerIndexingContext(ExpressionExecutionContext expressions, CancellationToken cancel)
    {
        ExpressionExecutionContext = expressions;
        CancellationToken = cancel;
    }

    /// <summary>Reads the inputs.</summary>
    public ExpressionExecutionContext ExpressionExecutionContext { get; }

    /// <summary>Stops the publication.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Reads an input.</summary>
    public T? Get<T>(Input<T>? input) => input is null ? default : ExpressionExecutionContext.Get(input);
}
