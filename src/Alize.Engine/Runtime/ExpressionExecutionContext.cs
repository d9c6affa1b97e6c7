using Alize.Engine.Activities;
using Alize.Engine.Expressions;

namespace Alize.Engine.Runtime;

/// <summary>What code-written inputs and triggers can read.</summary>
public sealed class ExpressionExecutionContext
{
    private readonly ActivityExecutionContext? _activity;
    private readonly object?[] _values = [];

    internal ExpressionExecutionContext(ActivityExecutionContext activity) => _activity = activity;

    internal ExpressionExecutionContext(object?[] values) => _values = values;

    /// <summary>Reads an input; the default of its type when it has no value.</summary>
    public T? Get<T>(Input<T>? input)
    {
        if (input is null)
            return default;

        if (_activity is not null)
            return _activity.Get(input);

        var value = input.IsConstant ? input.Constant : input.Slot >= 0 && input.Slot < _values.Length ? _values[input.Slot] : null;
        return ValueConversion.To<T>(value);
    }

    /// <summary>Reads the variable of that name nearest to the activity.</summary>
    public T? GetVariable<T>(string name) => _activity is null ? default : _activity.GetVariable<T>(name);

    /// <summary>Reads an input of the workflow.</summary>
    public T? GetInput<T>(string name) =>
        _activity is not null && _activity.WorkflowInput.TryGetValue(name, out var value) ? ValueConversion.To<T>(value) : default;
}
