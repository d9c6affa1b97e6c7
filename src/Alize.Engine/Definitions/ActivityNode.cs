using System.Collections.Concurrent;
using System.Reflection;
using Alize.Engine.Activities;
using Alize.Engine.Runtime;

namespace Alize.Engine.Definitions;

/// <summary>An activity in its place in a compiled definition.</summary>
internal sealed class ActivityNode(Activity activity, ActivityDescriptor descriptor, ActivityNode? parent)
{
    private string? _constantInputs;

    public Activity Activity { get; } = activity;

    public ActivityDescriptor Descriptor { get; } = descriptor;

    public ActivityNode? Parent { get; } = parent;

    public string NodeId => Activity.NodeId;

    /// <summary>What people call it: its text in the designer, else its name, else its id.</summary>
    public string Title =>
        Activity.Metadata.TryGetValue("displayText", out var text) && text is string { Length: > 0 } shown ? shown
        : Activity.Name is { Length: > 0 } name ? name : Activity.Id;

    public List<ActivityNode> Children { get; } = [];

    /// <summary>Inputs that are expressions or may be; <see cref="Input.Slot"/> is the place in this list.</summary>
    public List<BoundInput> Inputs { get; } = [];

    /// <summary>Variables that come to life with an execution of this activity.</summary>
    public IReadOnlyList<Variable> Variables { get; set; } = [];

    /// <summary>Where the burst is split around the activity. Null: nowhere.</summary>
    public CommitPoints? Commits { get; set; }

    public CallbackTable Callbacks { get; } = new(activity);

    /// <summary>The inputs of an execution, for the journal; written once where they are the same for each. Null: there are none to speak of.</summary>
    public string? InputsJson(ActivityExecutionContext execution) =>
        Inputs.TrueForAll(i => i.Input.IsConstant) ? _constantInputs ??= ReadInputs(execution) : ReadInputs(execution);

    private string? ReadInputs(ActivityExecutionContext execution) => Values.Json(Inputs.Where(i => !i.Descriptor.IsSensitive)
        .Select(i => new KeyValuePair<string, object?>(i.Descriptor.Name, i.Input.IsConstant ? i.Input.Constant : execution.InputValues[i.Input.Slot]))
        .Where(p => p.Value is not null));
}

/// <summary>An input of an activity and what is known of it.</summary>
internal sealed record BoundInput(Input Input, InputDescriptor Descriptor);

/// <summary>Finds the methods by which an activity goes on, by the name that the state of an instance keeps.</summary>
internal sealed class CallbackTable(Activity activity)
{
    private static readonly ConcurrentDictionary<Type, Dictionary<string, MethodInfo>> ByType = new();
    private readonly ConcurrentDictionary<string, ExecuteActivityDelegate> _resumes = new();
    private readonly ConcurrentDictionary<string, ActivityCompletionCallback> _completions = new();
    private readonly ConcurrentDictionary<Delegate, string> _names = new();

    /// <exception cref="InvalidOperationException">Not a method of the activity: after a restart nobody could find it.</exception>
    public string NameOf(Delegate callback) => _names.GetOrAdd(callback, static (c, table) => table.ReadName(c), this);

    private string ReadName(Delegate callback)
    {
        var name = callback.Method.Name;
        return Methods.TryGetValue(name, out var method) && method == callback.Method && (method.IsStatic || ReferenceEquals(callback.Target, activity)) ? name : throw new InvalidOperationException(
            $"Callback '{name}' is not a method of '{activity.GetType().Name}' itself, so it could not be found after a restart. Pass a method of the activity, not a lambda.");
    }

    public ExecuteActivityDelegate Resume(string name) =>
        _resumes.GetOrAdd(name, static (n, table) => table.Make<ExecuteActivityDelegate>(n), this);

    public ActivityCompletionCallback Completion(string name) =>
        _completions.GetOrAdd(name, static (n, table) => table.Make<ActivityCompletionCallback>(n), this);

    private T Make<T>(string name)
        where T : Delegate =>
        Method(name) is { IsStatic: true } alone ? alone.CreateDelegate<T>() : Method(name).CreateDelegate<T>(activity);

    private Dictionary<string, MethodInfo> Methods => ByType.GetOrAdd(activity.GetType(), Read);

    private MethodInfo Method(string name) => Methods.TryGetValue(name, out var method) ? method : throw new InvalidOperationException(
        $"Activity type '{activity.Type}' has no method '{name}' any more, and instances wait for it. Keep the name of a callback, or migrate these instances.");

    private static Dictionary<string, MethodInfo> Read(Type type)
    {
        var methods = new Dictionary<string, MethodInfo>();
        for (var t = type; t is not null && t != typeof(object); t = t.BaseType)
            foreach (var method in t.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                if (method.ReturnType == typeof(ValueTask) && method.GetParameters() is [var only]
                    && (only.ParameterType == typeof(ActivityExecutionContext) || only.ParameterType == typeof(ActivityCompletedContext)))
                    methods.TryAdd(method.Name, method);
        return methods;
    }
}
