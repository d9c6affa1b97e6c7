using Alize.Engine.Runtime;
using Alize.Engine.Storage;

namespace Alize.Engine.Tests.Runtime;

public sealed class CommitPointTests
{
    [Theory]
    [InlineData("", "", 1)]
    [InlineData("Executing", "", 2)]
    [InlineData("Executed", "", 2)]
    [InlineData("CommitAlways", "", 3)]
    [InlineData("CommitNever", "ActivityExecuted", 4)]
    [InlineData("", "ActivityExecuting", 5)]
    [InlineData("", "WorkflowExecuting", 2)]
    [InlineData("", "WorkflowExecuted", 1)]
    public async Task A_commit_point_splits_the_burst_and_changes_nothing_else(string activity, string workflow, int transactions)
    {
        await using var engine = new TestEngine();
        await LoadAsync(engine, activity, workflow);

        var result = await engine.StartAsync("split", "i");

        Assert.Equal(WorkflowSubStatus.Finished, result.SubStatus);
        Assert.Equal(["one", "two", "three"], engine.Effects.Lines);
        Assert.Equal(transactions, (await engine.InstanceAsync("i"))?.Revision);
        Assert.Equal(1, (await engine.JournalAsync("i")).Count(j => j == "b:Completed"));
        Assert.Empty(await engine.WithStoreAsync(s => s.StimuliDueAsync(DateTime.MaxValue, 10, TestEngine.Cancel)));
    }

    [Fact]
    public async Task What_follows_a_commit_point_is_taken_up_after_a_failure_and_what_was_committed_is_not_repeated()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("split",
            [Line("a", "one"), """ "id":"s","type":"Ref.Unwritable","customProperties":{"commitStrategyName":"Executing"} """, Line("c", "three")],
            ["a:Done->s", "s:Done->c"]);
        engine.Effects.FailuresLeft = 1;

        var result = await engine.StartAsync("split", "i");

        Assert.Equal((WorkflowStatus.Running, WorkflowSubStatus.Executing), (result.Status, result.SubStatus));
        await engine.Runtime.RecoverAsync(TestEngine.Cancel);
        Assert.Equal(WorkflowSubStatus.Finished, (await engine.InstanceAsync("i"))?.SubStatus);
        Assert.Equal(1, engine.Effects.Lines.Count(l => l == "one"));
        Assert.Equal(1, (await engine.JournalAsync("i")).Count(j => j == "a:Completed"));
    }

    [Fact]
    public async Task Parallel_turns_keep_their_values_over_a_commit_point()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("split",
            [
                """
                "id":"each","type":"Elsa.ParallelForEach","items":{"expression":{"type":"JavaScript","value":"['x','y']"}},
                "body":{"id":"line","type":"Ref.AppendLine","version":1,"customProperties":{"commitStrategyName":"CommitAlways"},
                        "line":{"expression":{"type":"JavaScript","value":"getVariable('CurrentValue') + getVariable('CurrentIndex')"} } }
                """,
                Line("end", "end"),
            ],
            ["each:Done->end"]);

        var result = await engine.StartAsync("split", "i");

        Assert.Equal(WorkflowSubStatus.Finished, result.SubStatus);
        Assert.Equal(["x0", "y1", "end"], engine.Effects.Lines);
        Assert.True((await engine.InstanceAsync("i"))?.Revision > 2);
    }

    private static Task LoadAsync(TestEngine engine, string activity, string workflow) => engine.LoadFlowAsync("split",
        [Line("a", "one"), Line("b", "two") + (activity.Length == 0 ? "" : $$""","customProperties":{"commitStrategyName":"{{activity}}"} """), Line("c", "three")],
        ["a:Done->b", "b:Done->c"],
        workflow.Length == 0 ? "" : $$""" "options":{"commitStrategyName":"{{workflow}}"},""");

    private static string Line(string id, string text) => $$$""" "id":"{{{id}}}","type":"Ref.AppendLine","line":{"expression":{"type":"Literal","value":"{{{text}}}"}} """;
}
