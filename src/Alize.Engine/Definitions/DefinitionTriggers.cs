using Alize.Engine.Activities;
using Alize.Engine.Activities.Flow;
using Alize.Engine.Activities.Scheduling;
using Alize.Engine.Expressions;
using Alize.Engine.Runtime;
using Alize.Engine.Storage;

namespace Alize.Engine.Definitions;

/// <summary>What starts a definition: its activities marked as starting it, with the stimuli they wait for.</summary>
public sealed class DefinitionTriggers(DefinitionCache cache, ExpressionEvaluator expressions, TimeProvider time)
{
    /// <summary>The triggers to store beside a published version.</summary>
    public async Task<IReadOnlyList<StoredTrigger>> OfAsync(StoredDefinition definition, IWorkflowStore store, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var compiled = await cache.CompileAsync(definition, store, cancel);
        var triggers = new List<StoredTrigger>();
        foreach (var activity in Starting(compiled))
        {
            var trigger = (ITrigger)activity;
            var context = new TriggerIndexingContext(await InputsAsync(compiled, activity, cancel), cancel);
            foreach (var payload in await trigger.PayloadsAsync(context))
                triggers.Add(new StoredTrigger
                {
                    Id = $"{definition.Id}:{triggers.Count + 1}",
                    DefinitionId = definition.DefinitionId,
                    DefinitionVersionId = definition.Id,
                    ActivityId = activity.Id,
                    Name = trigger.StimulusName,
                    Hash = Stimuli.Hash(trigger.StimulusName, payload),
                    Payload = Stimuli.PayloadNode(payload)?.ToJsonString(),
                });
        }

        return triggers;
    }

    /// <summary>The moments at which clocks start a definition: for each clock the latest one.</summary>
    internal async Task<List<(string ActivityId, DateTimeOffset At)>> DueAsync(CompiledWorkflow compiled, DateTimeOffset published, DateTimeOffset earliest, CancellationToken cancel)
    {
        var due = new List<(string, DateTimeOffset)>();
        foreach (var activity in Starting(compiled))
            if (activity is IScheduledTrigger clock && clock.Latest(await InputsAsync(compiled, activity, cancel), published, earliest, time.GetUtcNow()) is { } at)
                due.Add((activity.Id, at));
        return due;
    }

    private static IEnumerable<Activity> Starting(CompiledWorkflow compiled) => compiled.Workflow.Root switch
    {
        Flowchart flowchart => flowchart.Activities.Where(a => a is ITrigger && a.CanStartWorkflow),
        Sequence { Activities: [ITrigger and Activity { CanStartWorkflow: true } first, ..] } => [first],
        ITrigger and Activity { CanStartWorkflow: true } only => [(Activity)only],
        _ => [],
    };

    private async ValueTask<ExpressionExecutionContext> InputsAsync(CompiledWorkflow compiled, Activity activity, CancellationToken cancel)
    {
        var inputs = activity.Node?.Inputs ?? [];
        var values = new object?[inputs.Count];
        foreach (var (input, _) in inputs)
            values[input.Slot] = input.IsConstant ? input.Constant
                : input.Expression is null ? null
                : await expressions.EvaluateAsync(input.Expression, input.Type, new DrawnScope(compiled, time), cancel);
        return new ExpressionExecutionContext(values);
    }

    /// <summary>What an expression sees before any instance runs: the variables' first values.</summary>
    private sealed class DrawnScope(CompiledWorkflow compiled, TimeProvider time) : ExpressionScope
    {
        public override string InstanceId => "";

        public override string DefinitionId => compiled.Workflow.DefinitionId;

        public override string DefinitionVersionId => compiled.Workflow.DefinitionVersionId;

        public override int DefinitionVersion => compiled.Workflow.DefinitionVersion;

        public override string? CorrelationId { get; set; }

        public override string? InstanceName { get; set; }

        public override IReadOnlyDictionary<string, object?> Input { get; } = new Dictionary<string, object?>();

        public override IDictionary<string, object?> Output { get; } = new Dictionary<string, object?>();

        public override IEnumerable<string> VariableNames => compiled.Workflow.Variables.Select(v => v.Name);

        public override object? LastResult => null;

        public override TimeProvider Time => time;

        public override bool TryGetVariable(string name, out object? value) => First(v => v.Name == name, out value);

        public override void SetVariable(string name, object? value)
        {
            // Nothing runs yet: there is nothing to set.
        }

        public override bool TryGetVariableById(string id, out object? value) => First(v => v.Id == id, out value);

        public override object? OutputOf(string activityIdOrName, string? outputName) => null;

        private bool First(Func<Variable, bool> match, out object? value)
        {
            var variable = compiled.Workflow.Variables.FirstOrDefault(match);
            value = Values.Seen(variable?.InitialValue());
            return variable is not null;
        }
    }
}
