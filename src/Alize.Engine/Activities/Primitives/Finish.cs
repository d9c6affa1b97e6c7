using System.ComponentModel;
using Alize.Engine.Runtime;
using Alize.Engine.Storage;
using Microsoft.Extensions.Logging;

namespace Alize.Engine.Activities.Primitives;

/// <summary>Where a flowchart starts.</summary>
[Activity("Elsa", "Flow", "A milestone activity that marks the start of a flowchart.")]
internal sealed class Start : CodeActivity;

/// <summary>Ends the flowchart it stands in.</summary>
[Activity("Elsa", "Flow", "A milestone activity that marks the end of a flowchart.")]
internal sealed class End : CodeActivity
{
    internal override bool IsTerminal => true;
}

/// <summary>Ends the instance: nothing scheduled runs, nothing waits any more.</summary>
[Activity("Elsa", "Primitives", "Mark the workflow as finished.")]
internal sealed class Finish : CodeActivity
{
    internal override bool IsTerminal => true;

    protected override void Execute(ActivityExecutionContext context) => context.WorkflowExecutionContext.Ending ??= WorkflowSubStatus.Finished;
}

/// <summary>Raises a fault that the definition foresees.</summary>
[Activity("Elsa", "Primitives", "Faults the workflow.")]
internal sealed class Fault : Activity
{
    [Input(Description = "Code for programs.")]
    public Input<string?>? Code { get; set; }

    [Input(Description = "Group of faults.")]
    public Input<string?>? Category { get; set; }

    [Input(DisplayName = "Type", Description = "E.g. Business or System.")]
    public Input<string?>? FaultType { get; set; }

    [Input(Description = "What went wrong.")]
    public Input<string?>? Message { get; set; }

    protected override void Execute(ActivityExecutionContext context) => throw new FaultException(
        context.Get(Code), context.Get(Category), context.Get(FaultType), context.Get(Message) ?? $"Activity '{context.Activity.Id}' raised a fault.");
}

/// <summary>Writes a line to the host's log.</summary>
[Activity("Elsa", "Console", "Write a line of text to the console.")]
internal sealed class WriteLine : CodeActivity
{
    [Input(Description = "The text.")]
    public Input<string?>? Text { get; set; }

    protected override void Execute(ActivityExecutionContext context) =>
        context.GetService<ILogger<WriteLine>>()?.LogInformation("{InstanceId} {ActivityId}: {Text}", context.WorkflowExecutionContext.Id, Id, context.Get(Text));
}

/// <summary>Stands where a definition names an activity that no longer exists, so that the designer shows the rest.</summary>
[Activity("Elsa", "System", "An activity type that is not registered.")]
[Browsable(false)]
internal sealed class NotFoundActivity : Activity
{
    protected override void Execute(ActivityExecutionContext context) =>
        throw new InvalidOperationException($"Activity '{context.NodeId}' has a type that is not registered. Replace it in the definition.");
}
