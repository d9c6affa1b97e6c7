using System.Dynamic;

namespace Alize.CSharp;

/// <summary>What a C# expression sees, by the names that Elsa gives it.</summary>
public sealed class Globals
{
    private readonly Conversation service;

    internal Globals(Conversation service)
    {
        this.service = service;
        ExecutionContext = new(service);
        Variable = new VariableAccess(service);
        Input = new InputAccess(service);
        Output = new(service);
    }

    /// <summary>Variables: <c>Variable.Amount</c>, <c>Variable.Get&lt;decimal&gt;("Amount")</c>, <c>Variable.Set("Amount", 12)</c>.</summary>
    public dynamic Variable { get; }

    /// <summary>As <see cref="Variable"/>, by Elsa's former name.</summary>
    public dynamic Variables => Variable;

    /// <summary>Inputs of the workflow: <c>Input.Name</c>, <c>Input.Get&lt;int&gt;("Name")</c>.</summary>
    public dynamic Input { get; }

    /// <summary>As <see cref="Input"/>, by Elsa's former name.</summary>
    public dynamic Inputs => Input;

    /// <summary>Outputs of activities.</summary>
    public OutputAccess Output { get; }

    /// <summary>Variables and inputs by name.</summary>
    public ContextAccess ExecutionContext { get; }

    /// <summary>The running instance's id.</summary>
    public string WorkflowInstanceId => (string?)service.Ask("instanceId") ?? "";

    /// <summary>What the instance is about.</summary>
    public string? CorrelationId
    {
        get => (string?)service.Ask("correlationId");
        set => service.Ask("setCorrelationId", value: value);
    }

    /// <summary>The instance's name.</summary>
    public string? WorkflowInstanceName
    {
        get => (string?)service.Ask("instanceName");
        set => service.Ask("setInstanceName", value: value);
    }
}

/// <summary>Outputs of activities that ran.</summary>
public sealed class OutputAccess
{
    private readonly Conversation service;

    internal OutputAccess(Conversation service) => this.service = service;

    /// <summary>Result of the activity completed last.</summary>
    public object? LastResult => Values.Plain(service.Ask("lastResult"));

    /// <summary>Output of an activity, by its id or name.</summary>
    public object? From(string activityIdOrName, string? outputName = null) => Values.Plain(service.Ask("output", outputName, activityIdOrName));

    /// <summary>As <see cref="From(string, string?)"/>, in a type.</summary>
    public T? From<T>(string activityIdOrName, string? outputName = null) => Values.To<T>(service.Ask("output", outputName, activityIdOrName));
}

/// <summary>Variables and inputs by name.</summary>
public sealed class ContextAccess
{
    private readonly Conversation service;

    internal ContextAccess(Conversation service) => this.service = service;

    /// <summary>A variable; null where there is none.</summary>
    public object? GetVariable(string name) => Values.Plain(service.Ask("variable", name));

    /// <summary>A variable in a type.</summary>
    public T? GetVariable<T>(string name) => Values.To<T>(service.Ask("variable", name));

    /// <summary>Writes a variable.</summary>
    public void SetVariable(string name, object? value) => service.Ask("setVariable", name, value: Values.ToJson(value));

    /// <summary>An input in a type.</summary>
    public T? GetInput<T>(string name) => Values.To<T>(service.Ask("input", name));
}

/// <summary>Variables as properties.</summary>
public sealed class VariableAccess : DynamicObject
{
    private readonly Conversation service;

    internal VariableAccess(Conversation service) => this.service = service;

    /// <summary>A variable; null where there is none.</summary>
    public object? Get(string name) => Values.Plain(service.Ask("variable", name));

    /// <summary>A variable in a type.</summary>
    public T? Get<T>(string name) => Values.To<T>(service.Ask("variable", name));

    /// <summary>Writes a variable.</summary>
    public void Set(string name, object? value) => service.Ask("setVariable", name, value: Values.ToJson(value));

    /// <inheritdoc />
    public override bool TryGetMember(GetMemberBinder binder, out object? result)
    {
        result = Get(binder.Name);
        return true;
    }

    /// <inheritdoc />
    public override bool TrySetMember(SetMemberBinder binder, object? value)
    {
        Set(binder.Name, value);
        return true;
    }
}

/// <summary>Inputs as properties.</summary>
public sealed class InputAccess : DynamicObject
{
    private readonly Conversation service;

    internal InputAccess(Conversation service) => this.service = service;

    /// <summary>An input in a type.</summary>
    public T? Get<T>(string name) => Values.To<T>(service.Ask("input", name));

    /// <inheritdoc />
    public override bool TryGetMember(GetMemberBinder binder, out object? result)
    {
        result = Values.Plain(service.Ask("input", binder.Name));
        return true;
    }
}
