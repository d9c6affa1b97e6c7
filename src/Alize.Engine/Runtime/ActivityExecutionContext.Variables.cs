using Alize.Engine.Activities;
using Alize.Engine.Activities.Flow;
using Alize.Engine.Expressions;

namespace Alize.Engine.Runtime;

/// <summary>Variables in sight of an execution: its own and those of the containers around it.</summary>
public sealed partial class ActivityExecutionContext
{
    /// <summary>Values declared by this execution. Null for none.</summary>
    internal List<VariableCell>? Cells { get; private set; }

    /// <summary>
    /// Newest outputs of the activities directly inside, by id and by name: each turn of a loop and each branch has its own, and who
    /// stands in it sees them. Null for none.
    /// </summary>
    internal Dictionary<string, Dictionary<string, object?>>? InnerOutputs { get; set; }

    /// <summary>The definition this activity was written in: the workflow, or the nearest workflow used as an activity.</summary>
    internal ActivityExecutionContext? NestedDefinition
    {
        get
        {
            for (var context = ParentActivityExecutionContext; context is not null; context = context.ParentActivityExecutionContext)
                if (context.Activity is DefinitionActivity)
                    return context;
            return null;
        }
    }

    /// <summary>Reads the nearest variable of a name; the default of the type when there is none.</summary>
    public T? GetVariable<T>(string name) =>
        TryGetVariable(name, out var value) ? Expressions.ValueConversion.To<T>(value) : default;

    /// <summary>Writes the nearest variable of a name, or makes one in the flow around the activity where there is none.</summary>
    public void SetVariable(string name, object? value) => SetVariableByIdOrName(null, name, value);

    internal void Declare(string id, string name, Type? type, object? value) =>
        (Cells ??= []).Add(new VariableCell(id, name, type) { Value = Values.Convert(value, type) });

    internal void Declare(Variable variable) =>
        Declare(variable.Id, variable.Name, TypeAliases.OfVariable(variable.TypeName, variable.IsArray), variable.InitialValue());

    internal bool TryGetVariable(string name, out object? value) => Read(FindCell(c => c.Name == name), out value);

    internal bool TryGetVariableById(string id, out object? value) => Read(FindCell(c => c.Id == id), out value);

    internal bool TrySetVariableById(string id, object? value) => Write(FindCell(c => c.Id == id), value);

    internal void SetVariableByIdOrName(string? id, string name, object? value)
    {
        if (id is { Length: > 0 } && TrySetVariableById(id, value))
            return;

        if (Write(FindCell(c => c.Name == name), value))
            return;

        var owner = Ancestors.FirstOrDefault(c => c.Activity is Flowchart or Sequence or Workflow) ?? this;
        owner.Declare(id is { Length: > 0 } ? id : name, name, null, value);
        WorkflowExecutionContext.Step.Undo(() => owner.Cells?.RemoveAt(owner.Cells.Count - 1));
    }

    internal void RememberOutput(IActivity inner, string name, object? value)
    {
        Register(inner.Id);
        if (inner.Name is { Length: > 0 } activityName && activityName != inner.Id)
            Register(activityName);

        void Register(string key)
        {
            if (!(InnerOutputs ??= []).TryGetValue(key, out var outputs))
                InnerOutputs[key] = outputs = [];
            WorkflowExecutionContext.Step.Set(outputs, name, value);
        }
    }

    /// <summary>The newest outputs of an activity in sight, by its id, its name, or its name as accessors spell it. Null: it gave none.</summary>
    internal Dictionary<string, object?>? FindOutputs(string activityIdOrName) => Ancestors
        .Select(c => c.InnerOutputs is not { } inner ? null
            : inner.GetValueOrDefault(activityIdOrName) ?? inner.FirstOrDefault(o => ScriptFunctions.Pascal(o.Key) == activityIdOrName).Value)
        .FirstOrDefault(outputs => outputs is not null);

    internal IEnumerable<string> VariableNames()
    {
        var seen = new HashSet<string>();
        for (var context = this; context is not null; context = context.ParentActivityExecutionContext)
        {
            foreach (var cell in context.Cells ?? [])
                if (seen.Add(cell.Name))
                    yield return cell.Name;
            if (context.Activity is Workflow)
                yield break;
        }
    }

    /// <summary>Writes an output of the definition the activity was written in.</summary>
    internal void SetWorkflowOutput(string name, object? value)
    {
        if (NestedDefinition is { } nested)
            nested.SetOutput(name, ((DefinitionActivity)nested.Activity).OutputTarget(name), value);
        else
            WorkflowExecutionContext.SetOutput(name, value);
    }

    private void SetDeclaredOutput(string name, object? value)
    {
        var declared = NestedDefinition is { } nested ? ((DefinitionActivity)nested.Activity).Outputs : WorkflowExecutionContext.Workflow.Outputs;
        if (declared.Any(o => o.Name == name))
            SetWorkflowOutput(name, value);
    }

    private VariableCell? FindCell(Predicate<VariableCell> match)
    {
        for (var context = this; context is not null; context = context.ParentActivityExecutionContext)
        {
            if (context.Cells?.FindLast(match) is { } cell)
                return cell;

            // A workflow used as an activity does not see the variables of the workflow that uses it.
            if (context.Activity is Workflow)
                return null;
        }

        return null;
    }

    private static bool Read(VariableCell? cell, out object? value)
    {
        value = cell?.Value;
        return cell is not null;
    }

    private bool Write(VariableCell? cell, object? value)
    {
        if (cell is null)
            return false;

        var before = cell.Value;
        WorkflowExecutionContext.Step.Undo(() => cell.Value = before);
        cell.Value = Values.Convert(value, cell.Type);
        return true;
    }
}

/// <summary>The value of a variable in an execution.</summary>
internal sealed class VariableCell(string id, string name, Type? type)
{
    public string Id { get; } = id;

    public string Name { get; } = name;

    /// <summary>Declared type. Null: any.</summary>
    public Type? Type { get; } = type;

    public object? Value { get; set; }
}
