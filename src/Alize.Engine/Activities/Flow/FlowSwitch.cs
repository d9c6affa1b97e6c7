using System.Text.Json.Nodes;
using Alize.Engine.Definitions;
using Alize.Engine.Expressions;
using Alize.Engine.Runtime;

namespace Alize.Engine.Activities.Flow;

/// <summary>Which of the cases that hold are taken.</summary>
internal enum SwitchMode
{
    /// <summary>The first one.</summary>
    MatchFirst,

    /// <summary>All of them.</summary>
    MatchAny,
}

/// <summary>A labelled condition; in a switch outside a flowchart with the activity it leads to.</summary>
internal sealed record SwitchCase(string Label, Expression? Condition, Activity? Activity)
{
    public static List<SwitchCase> Read(ActivityReader reader) => reader.Json["cases"] is not JsonArray cases ? [] :
        [.. cases.OfType<JsonObject>().Select(c => new SwitchCase(
            ActivityReader.Text(c["label"]) ?? "", ActivityReader.Expression(c["condition"]), reader.Activity(c["activity"])))];

    /// <summary>The cases that hold, in their order; at most one when only the first is asked for.</summary>
    public static async ValueTask<List<SwitchCase>> MatchAsync(IEnumerable<SwitchCase> cases, SwitchMode mode, ActivityExecutionContext context)
    {
        var matches = new List<SwitchCase>();
        foreach (var candidate in cases)
        {
            var input = new Input<bool?> { Name = $"Cases.{candidate.Label}", Expression = candidate.Condition };
            if (await Steps.EvaluateAsync(context, input) is not true)
                continue;

            matches.Add(candidate);
            if (mode == SwitchMode.MatchFirst)
                break;
        }

        return matches;
    }
}

/// <summary>Goes on by the cases that hold, or by Default.</summary>
[Activity("Elsa", "Branching", "Evaluate a set of case conditions and schedule the activity for a matching case.", DisplayName = "Switch (flow)")]
[FlowNode("Default")]
internal sealed class FlowSwitch : Activity, IReadsJson
{
    [Input(Description = "The cases.", UIHint = InputUIHints.FlowSwitchEditor)]
    public ICollection<SwitchCase> Cases { get; set; } = [];

    [Input(Description = "Take the first case that holds, or all of them.", UIHint = InputUIHints.DropDown)]
    public Input<SwitchMode> Mode { get; set; } = new(SwitchMode.MatchFirst);

    public void Read(ActivityReader reader) => Cases = SwitchCase.Read(reader);

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var matches = await SwitchCase.MatchAsync(Cases, context.Get(Mode), context);
        await context.CompleteActivityWithOutcomesAsync(matches.Count == 0 ? ["Default"] : [.. matches.Select(m => m.Label)]);
    }
}
