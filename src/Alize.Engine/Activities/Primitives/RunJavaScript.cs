using System.Text.Json.Nodes;
using Alize.Engine.Expressions;
using Alize.Engine.Runtime;

namespace Alize.Engine.Activities.Primitives;

/// <summary>Runs a script; its outcomes, if it names any, decide how the flow goes on.</summary>
[Activity("Elsa", "Scripting", "Executes JavaScript code.", DisplayName = "Run JavaScript")]
internal sealed class RunJavaScript : Activity<object>
{
    private const string OutcomesName = "__outcomes";

    [Input(Description = "The script. The last value is the result; setOutcome('A') or setOutcomes(['A','B']) choose the ways out.", UIHint = InputUIHints.CodeEditor)]
    public Input<string> Script { get; set; } = default!;

    [Input(Description = "Ways out that the script may choose.", UIHint = InputUIHints.DynamicOutcomes)]
    public Input<ICollection<string>>? PossibleOutcomes { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var script = Script.Get(context);
        if (string.IsNullOrWhiteSpace(script))
        {
            await context.CompleteActivityAsync();
            return;
        }

        // The script's own variable carries the outcomes out: an execution sees only its own.
        context.Declare(OutcomesName, OutcomesName, null, null);
        var choose = $"function setOutcomes(names) {{ setVariable('{OutcomesName}', names); }} function setOutcome(name) {{ setOutcomes([name]); }}\n";
        var source = script.Contains("setOutcome", StringComparison.Ordinal) ? choose + script : script;
        var value = await context.WorkflowExecutionContext.Expressions.EvaluateAsync(
            new Expression("JavaScript", source), typeof(object), new RunningScope(context), context.CancellationToken);
        context.Set(Result, value);

        var chosen = context.TryGetVariableById(OutcomesName, out var names) ? Looping.LoopState.Items(names).Select(n => n?.ToString() ?? "").ToArray() : [];
        await context.CompleteActivityWithOutcomesAsync(chosen.Length > 0 ? chosen : ["Done"]);
    }
}
