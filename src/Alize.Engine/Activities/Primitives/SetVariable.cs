using Alize.Engine.Runtime;

namespace Alize.Engine.Activities.Primitives;

/// <summary>Gives a variable a value.</summary>
[Activity("Elsa", "Primitives", "Assign a workflow variable a value.")]
internal sealed class SetVariable : CodeActivity
{
    [Input(Description = "The variable.", UIHint = InputUIHints.VariablePicker)]
    public Variable Variable { get; set; } = default!;

    [Input(Description = "The value.")]
    public Input<object?> Value { get; set; } = new();

    protected override void Execute(ActivityExecutionContext context)
    {
        if (Variable is null)
            throw new InvalidOperationException($"Activity '{context.NodeId}' names no variable. Choose one in the definition.");
        Variable.Set(context, context.Get(Value));
    }
}

/// <summary>Gives an output of the workflow a value.</summary>
[Activity("Elsa", "Composition", "Sets an output of the workflow.")]
internal sealed class SetOutput : CodeActivity
{
    [Input(DisplayName = "Output", Description = "Name of the output.", UIHint = InputUIHints.OutputPicker)]
    public Input<string> OutputName { get; set; } = default!;

    [Input(Description = "The value.")]
    public Input<object?> OutputValue { get; set; } = new();

    protected override void Execute(ActivityExecutionContext context) => context.SetWorkflowOutput(OutputName.Get(context), context.Get(OutputValue));
}

/// <summary>Says what the instance is about.</summary>
[Activity("Elsa", "Primitives", "Set the CorrelationId of the workflow to a given value.")]
internal sealed class Correlate : CodeActivity
{
    [Input(Description = "The correlation.")]
    public Input<string> CorrelationId { get; set; } = default!;

    protected override void Execute(ActivityExecutionContext context) => context.WorkflowExecutionContext.CorrelationId = context.Get(CorrelationId);
}

/// <summary>Names the instance.</summary>
[Activity("Elsa", "Primitives", "Set the name of the workflow instance to a given value.")]
internal sealed class SetName : CodeActivity
{
    [Input(Description = "The name.")]
    public Input<string> Value { get; set; } = default!;

    protected override void Execute(ActivityExecutionContext context) => context.WorkflowExecutionContext.Name = context.Get(Value);
}
