using Alize.Engine.Expressions;
using Alize.Engine.Runtime;

namespace Alize.Engine.Activities;

/// <summary>An argument of an activity: an expression evaluated each time the activity runs.</summary>
public abstract class Input
{
    private protected Input(Type type) => Type = type;

    /// <summary>Name of the property.</summary>
    public string Name { get; internal set; } = "";

    /// <summary>Type of the value.</summary>
    public Type Type { get; }

    /// <summary>How the definition writes it. Null: a value given by the class.</summary>
    public Expression? Expression { get; internal set; }

    /// <summary>Place of the value among the inputs of its activity.</summary>
    internal int Slot { get; set; } = -1;

    /// <summary>Whether the value never changes, so that nothing is evaluated at run time.</summary>
    internal bool IsConstant { get; set; }

    /// <summary>That value.</summary>
    internal object? Constant { get; set; }

    /// <summary>Whether the definition or the class says anything at all about it.</summary>
    internal bool IsGiven => Expression is not null || IsConstant || Compute is not null;

    /// <summary>A value computed by code. Null for none.</summary>
    internal Func<ExpressionExecutionContext, object?>? Compute { get; set; }
}

/// <summary>An argument of type <typeparamref name="T"/>.</summary>
public sealed class Input<T> : Input
{
    /// <summary>Not given: its value is the default of the type.</summary>
    public Input()
        : base(typeof(T))
    {
    }

    /// <summary>A fixed value.</summary>
    public Input(T literal)
        : this()
    {
        IsConstant = true;
        Constant = literal;
    }

    /// <summary>A computed value.</summary>
    public Input(Func<ExpressionExecutionContext, T> compute)
        : this() => Compute = context => compute(context);

    /// <summary>An expression.</summary>
    public Input(Expression expression)
        : this() => Expression = expression;
}

/// <summary>A result of an activity, bound to a variable or to an output of the workflow.</summary>
public abstract class Output
{
    private protected Output(Type type) => Type = type;

    /// <summary>Name of the property.</summary>
    public string Name { get; internal set; } = "";

    /// <summary>Type of the value.</summary>
    public Type Type { get; }

    /// <summary>Id of the variable, or name of the workflow's output, that receives it. Null: nobody.</summary>
    public string? Target { get; internal set; }
}

/// <summary>A result of type <typeparamref name="T"/>.</summary>
public sealed class Output<T> : Output
{
    /// <summary>Bound to nothing.</summary>
    public Output()
        : base(typeof(T))
    {
    }

    /// <summary>Bound to a variable.</summary>
    public Output(Variable variable)
        : this()
    {
        ArgumentNullException.ThrowIfNull(variable);
        Target = variable.Id;
    }
}

/// <summary>Reading inputs and writing outputs, as activities do it.</summary>
public static class InputsAndOutputs
{
    /// <summary>Reads an input that must have a value.</summary>
    /// <exception cref="InvalidOperationException">It has none.</exception>
    public static T Get<T>(this Input<T> input, ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Get(input) ?? throw new InvalidOperationException(
            $"Input '{input?.Name}' of activity '{context.NodeId}' ({context.Activity.Type}) has no value. Give it one in the definition.");
    }

    /// <summary>Reads an input that must have a value.</summary>
    public static T Get<T>(this Input<T> input, ExpressionExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Get(input) ?? throw new InvalidOperationException($"Input '{input?.Name}' has no value. Give it one in the definition.");
    }

    /// <summary>Reads an input that may be empty.</summary>
    public static T? GetOrDefault<T>(this Input<T>? input, ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Get(input);
    }

    /// <summary>Reads an input that may be empty, with a value for that case.</summary>
    public static T GetOrDefault<T>(this Input<T>? input, ActivityExecutionContext context, Func<T> otherwise)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(otherwise);
        return context.Get(input) ?? otherwise();
    }

    /// <summary>Writes an output.</summary>
    public static void Set<T>(this Output<T>? output, ActivityExecutionContext context, T? value)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Set(output, value);
    }
}
