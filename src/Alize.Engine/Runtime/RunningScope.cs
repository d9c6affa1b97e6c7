using System.Diagnostics.CodeAnalysis;
using Alize.Engine.Activities;
using Alize.Engine.Expressions;

namespace Alize.Engine.Runtime;

/// <summary>What an expression of a running activity sees and changes.</summary>
internal sealed class RunningScope(ActivityExecutionContext context) : ExpressionScope
{
    private readonly ActivityExecutionContext? _nested = context.NestedDefinition;

    public override string InstanceId => context.WorkflowExecutionContext.Id;

    public override string DefinitionId => Workflow.DefinitionId;

    public override string DefinitionVersionId => Workflow.DefinitionVersionId;

    public override int DefinitionVersion => Workflow.DefinitionVersion;

    public override string? CorrelationId
    {
        get => context.WorkflowExecutionContext.CorrelationId;
        set => context.WorkflowExecutionContext.CorrelationId = value;
    }

    public override string? InstanceName
    {
        get => context.WorkflowExecutionContext.Name;
        set => context.WorkflowExecutionContext.Name = value;
    }

    public override IReadOnlyDictionary<string, object?> Input => field ??= ReadInput();

    public override IEnumerable<string> InputNames => Workflow.Inputs.Select(i => i.Name);

    public override IDictionary<string, object?> Output => field ??= new OutputView(context);

    public override IEnumerable<string> VariableNames => context.VariableNames();

    public override object? LastResult => Values.Seen(context.WorkflowExecutionContext.LastResult);

    public override TimeProvider Time => context.WorkflowExecutionContext.Time;

    private Workflow Workflow => _nested is { Activity: DefinitionActivity used } ? used.Inner : context.WorkflowExecutionContext.Workflow;

    public override bool TryGetVariable(string name, out object? value)
    {
        // Inputs of a workflow used as an activity are variables inside.
        if (!context.TryGetVariable(name, out value))
            return _nested is not null && Input.TryGetValue(name, out value);

        value = Values.Seen(value);
        return true;
    }

    public override void SetVariable(string name, object? value) => context.SetVariable(name, value);

    public override bool TryGetVariableById(string id, out object? value)
    {
        var found = context.TryGetVariableById(id, out value);
        value = Values.Seen(value);
        return found;
    }

    public override object? OutputOf(string activityIdOrName, string? outputName)
    {
        if (context.FindOutputs(activityIdOrName) is not { } outputs)
            return null;

        return Values.Seen(outputName is null ? outputs.GetValueOrDefault("Result") ?? outputs.Values.LastOrDefault() : outputs.GetValueOrDefault(outputName));
    }

    public override object? Given(string name) => Values.Seen(context.ActivityInput.TryGetValue(name, out var given) ? given : null);

    private Dictionary<string, object?> ReadInput()
    {
        if (_nested is { Activity: DefinitionActivity used })
            return used.Arguments.ToDictionary(a => a.Key, a => Values.Seen(a.Value.IsConstant ? a.Value.Constant : _nested.InputValues[a.Value.Slot]));

        var input = context.WorkflowExecutionContext.Input.ToDictionary(p => p.Key, p => Values.Seen(p.Value));
        foreach (var (name, value) in context.ResumeInput ?? new Dictionary<string, object>())
            input[name] = Values.Seen(value);
        return input;
    }

    /// <summary>The output of the definition as expressions write it.</summary>
    private sealed class OutputView(ActivityExecutionContext context) : IDictionary<string, object?>
    {
        private Dictionary<string, object?> Current => context.NestedDefinition is { } nested
            ? new(nested.Outputs ?? [])
            : context.WorkflowExecutionContext.Output.ToDictionary(p => p.Key, p => Runtime.Values.Seen(p.Value));

        public ICollection<string> Keys => Current.Keys;

        public ICollection<object?> Values => Current.Values;

        public int Count => Current.Count;

        public bool IsReadOnly => false;

        public object? this[string key]
        {
            get => Current[key];
            set => context.SetWorkflowOutput(key, value);
        }

        public void Add(string key, object? value) => context.SetWorkflowOutput(key, value);

        public void Add(KeyValuePair<string, object?> item) => context.SetWorkflowOutput(item.Key, item.Value);

        public void Clear()
        {
            foreach (var key in Current.Keys)
                context.SetWorkflowOutput(key, null);
        }

        public bool Contains(KeyValuePair<string, object?> item) => Current.Contains(item);

        public bool ContainsKey(string key) => Current.ContainsKey(key);

        public void CopyTo(KeyValuePair<string, object?>[] array, int arrayIndex) => ((ICollection<KeyValuePair<string, object?>>)Current).CopyTo(array, arrayIndex);

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => Current.GetEnumerator();

        public bool Remove(string key)
        {
            var had = ContainsKey(key);
            context.SetWorkflowOutput(key, null);
            return had;
        }

        public bool Remove(KeyValuePair<string, object?> item) => Remove(item.Key);

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out object? value) => Current.TryGetValue(key, out value);

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
