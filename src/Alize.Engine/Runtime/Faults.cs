using System.Text.Json.Nodes;
using Alize.Engine.Activities;
using Alize.Engine.Expressions;
using Alize.Engine.Storage;

namespace Alize.Engine.Runtime;

/// <summary>What a fault does to the instance.</summary>
internal sealed class Faults(WorkflowExecutionContext workflow, EngineOptions options)
{
    /// <summary>How this instance answers a fault: the definition's choice, else the host's.</summary>
    public string Strategy => Normalise(workflow.Compiled.IncidentStrategy) ?? Normalise(options.IncidentStrategy) ?? IncidentStrategies.Fault;

    /// <summary>Whether somebody has to do something: a failed step that is not going to be tried again by itself.</summary>
    public bool IsParked => workflow.Contexts.Exists(c => c.Status == ActivityStatus.Faulted && c.RetryTimerId is null
        && (Strategy == IncidentStrategies.RetryThenPark || workflow.Incidents.Exists(i => i.ActivityInstanceId == c.Id && i.ExceptionType == nameof(ProcessEndedException))));

    /// <summary>Notes that a step has failed, and does nothing about it.</summary>
    public void Note(ActivityExecutionContext context, PendingStep step, Exception exception)
    {
        // The writes of the failed step are gone; from here on nothing is taken back.
        workflow.Step = new Step();
        context.Status = ActivityStatus.Faulted;
        context.Pending.Add(step);
        context.Failures++;
        workflow.Incidents.Add(new Incident
        {
            ActivityInstanceId = context.Id,
            ActivityId = context.Activity.Id,
            NodeId = context.NodeId,
            ActivityType = context.Activity.Type,
            Message = WorkflowRuntime.Words(exception),
            ExceptionType = exception.GetType().Name,
            At = workflow.Time.GetUtcNow(),
        });
        workflow.Journal.Faulted(context, exception);
    }

    public void Record(ActivityExecutionContext context, PendingStep step, Exception exception)
    {
        Note(context, step, exception);

        // A fault that the definition raises itself would be raised again.
        var delays = DelaysOf(context.Activity) ?? (Strategy == IncidentStrategies.RetryThenPark ? options.RetryDelays : []);
        if (exception is not FaultException && context.Failures <= delays.Count)
        {
            workflow.RemoveRetryTimer(context);
            var due = workflow.Time.GetUtcNow() + delays[context.Failures - 1];
            context.RetryTimerId = workflow.AddTimer(context, null, due, context.Activity.Name ?? context.Activity.Id).Id;
        }
        else if (Strategy == IncidentStrategies.Fault)
        {
            workflow.Ending ??= WorkflowSubStatus.Faulted;
        }
    }

    /// <summary>
    /// The activity's own retry policy, as Elsa's designer writes it: a <c>resilienceStrategy</c> with the id of one that the host has,
    /// or <c>retryDelays</c>, a list of spans of time. Null for none.
    /// </summary>
    private IReadOnlyList<TimeSpan>? DelaysOf(IActivity activity)
    {
        if (activity.CustomProperties.TryGetValue("retryDelays", out var own) && own is JsonArray list)
            return [.. list.Select(d => ValueConversion.To<TimeSpan>(Values.FromJson(d)))];
        if (!activity.CustomProperties.TryGetValue("resilienceStrategy", out var named) || named is not JsonObject strategy || strategy["strategyId"] is not JsonValue id)
            return null;
        return options.RetryPolicies.TryGetValue(id.ToString(), out var delays) ? delays : null;
    }

    private static string? Normalise(string? name) => name switch
    {
        null or "" => null,
        IncidentStrategies.RetryThenPark => name,
        _ when name.Contains("ContinueWithIncidents", StringComparison.Ordinal) => IncidentStrategies.Continue,
        _ when name.Contains("FaultStrategy", StringComparison.Ordinal) => IncidentStrategies.Fault,
        _ => null,
    };
}

/// <summary>Ways to answer a fault, by the names that <c>options.incidentStrategyType</c> of a definition has.</summary>
public static class IncidentStrategies
{
    /// <summary>The instance ends faulted; what was scheduled already still runs. Elsa's default, and the engine's.</summary>
    public const string Fault = "FaultStrategy";

    /// <summary>The instance goes on; the faulted activity stays as an incident.</summary>
    public const string Continue = "ContinueWithIncidentsStrategy";

    /// <summary>
    /// The instance goes on; the faulted activity is tried again after each of <see cref="EngineOptions.RetryDelays"/>,
    /// in the same execution, and then stays as an incident until somebody asks for a retry.
    /// </summary>
    public const string RetryThenPark = "Alize.RetryThenPark";
}

/// <summary>A fault that the definition itself raised (<c>Elsa.Fault</c>): never tried again by itself.</summary>
public sealed class FaultException(string? code, string? category, string? faultType, string message) : Exception(message)
{
    /// <summary>Code for programs.</summary>
    public string? Code { get; } = code;

    /// <summary>Group of faults.</summary>
    public string? Category { get; } = category;

    /// <summary>E.g. <c>Business</c> or <c>System</c>.</summary>
    public string? FaultType { get; } = faultType;
}
