using Alize.Engine.Activities.Looping;
using Alize.Engine.Expressions;
using Alize.Engine.Runtime;

namespace Alize.Engine.Activities.Primitives;

/// <summary>Runs a script; its outcomes, if it names any, decide how the flow goes on.</summary>
[Activity("Elsa", "Scripting", "Executes JavaScript code.", DisplayName = "Run JavaScript")]
internal sealed class RunJavaScript : Activity<object>
{
    [Input(Description = "The script. The last value is the result; setOutcome('A') or setOutcomes(['A','B']) choose the ways out.", UIHint = InputUIHints.CodeEditor, DefaultSyntax = "JavaScript")]
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

        var chosen = new List<string>();
        var functions = new Dictionary<string, Func<object?[], object?>>
        {
            ["setOutcome"] = Choose,
            ["setOutcomes"] = Choose,
        };
        var value = await context.WorkflowExecutionContext.Expressions.EvaluateAsync(
            new Expression("JavaScript", script), typeof(object), new RunningScope(context), functions, context.CancellationToken);
        if (value is not null)
            context.Set(Result, value);
        await context.CompleteActivityWithOutcomesAsync(chosen.Count > 0 ? [.. chosen] : ["Done"]);

        object? Choose(object?[] names)
        {
            chosen.Clear();
            chosen.AddRange(names.SelectMany(LoopState.Items).Select(n => ValueConversion.Text(n)));
            return null;
        }
    }
}
