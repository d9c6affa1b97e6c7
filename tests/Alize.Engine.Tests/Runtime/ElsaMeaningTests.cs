using Alize.Engine.Storage;

namespace Alize.Engine.Tests.Runtime;

/// <summary>What a definition means in Elsa, read in its sources and shown by no recorded run.</summary>
public sealed class ElsaMeaningTests
{
    private const string TwoTurns = """ "id":"each","type":"Elsa.ParallelForEach","items":{"expression":{"type":"JavaScript","value":"[1,2]"} } """;

    [Fact]
    public async Task Each_branch_reads_the_output_of_its_own_turn_even_after_a_wait()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("each", [Each(
            Script("c", "getCurrentValue() * 10", "work out"),
            """ "id":"wait","type":"Elsa.Delay","timeSpan":{"expression":{"type":"Literal","value":"00:00:10"} } """,
            Line("`${getResultFromWorkOut()} ${getOutputFrom('c')}`"))], []);
        await engine.StartAsync("each", "i");
        engine.Time.Advance(TimeSpan.FromSeconds(10));
        await engine.Runtime.SweepAsync(TestEngine.Cancel);

        Assert.Equal(["10 10", "20 20"], engine.Effects.Lines.Order());
    }

    [Fact]
    public async Task A_variable_that_a_script_makes_belongs_to_the_flow_around_it()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("each", [Each(Script("set", "setVariable('mine', getCurrentValue())"), Line("`${getVariable('mine')}`"))], []);
        await engine.StartAsync("each", "i");

        Assert.Equal(["1", "2"], engine.Effects.Lines.Order());
    }

    [Fact]
    public async Task A_declared_input_that_was_not_given_is_null_and_one_not_declared_hides_no_variable()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("inputs", [$"{Line("`${getMissing() ?? 'none'} ${getPayload()} ${getExtra()}`")}"], [],
            """ "inputs":[{"name":"Missing","type":"String"}],"variables":[{"id":"p","name":"Payload","typeName":"String","value":"written here"}],""");
        var result = await engine.StartAsync("inputs", "i", new Dictionary<string, object?> { ["Payload"] = "sent", ["Extra"] = "more" });

        Assert.Equal(WorkflowSubStatus.Finished, result.SubStatus);
        Assert.Equal(["none written here more"], engine.Effects.Lines);
    }

    [Fact]
    public async Task A_script_without_a_value_leaves_its_variable_as_it_was()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("script",
            [""" "id":"s","type":"Elsa.RunJavaScript","script":{"expression":{"type":"Literal","value":"setCorrelationId('x')"} },"result":{"memoryReference":{"id":"v"} } """, Line("getV()")],
            ["s:Done->line"], """ "variables":[{"id":"v","name":"V","typeName":"String","value":"kept"}],""");
        await engine.StartAsync("script", "i");

        Assert.Equal(["kept"], engine.Effects.Lines);
    }

    [Fact]
    public async Task An_expression_that_gives_nothing_takes_correlation_and_name_away()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("plain",
            [""" "id":"n","type":"Elsa.SetName","value":{"expression":{"type":"JavaScript","value":"null"} } """,
             """ "id":"c","type":"Elsa.Correlate","correlationId":{"expression":{"type":"JavaScript","value":"null"} } """],
            ["n:Done->c"]);
        var result = await engine.StartAsync("plain", "i", correlationId: "project-1");

        Assert.Equal((WorkflowSubStatus.Finished, null), (result.SubStatus, result.CorrelationId));
    }

    [Fact]
    public async Task A_child_is_about_what_it_is_told_and_knows_its_parent()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("child", [Line("`${getCorrelationId()} ${getInput('ParentInstanceId')}`")], []);
        await engine.LoadFlowAsync("parent", [""" "id":"x","type":"Elsa.DispatchWorkflow","workflowDefinitionId":{"expression":{"type":"Literal","value":"child"} } """], []);
        await engine.StartAsync("parent", "p", correlationId: "project-1");
        await engine.Runtime.DrainAsync(TestEngine.Cancel);

        Assert.Equal(["null p"], engine.Effects.Lines);
    }

    [Fact]
    public async Task Of_children_dispatched_together_a_cancelled_one_is_counted_and_neither_completed_nor_faulted()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("child", [""" "id":"e","type":"Elsa.Event","eventName":{"expression":{"type":"Literal","value":"never"} } """], []);
        await engine.LoadFlowAsync("bulk",
            [$$$""" "id":"b","type":"Elsa.BulkDispatchWorkflows","workflowDefinitionId":{"expression":{"type":"Literal","value":"child"} },"items":{"expression":{"type":"JavaScript","value":"[1]"} },"childCompleted":{"version":1,{{{Line("'completed'")}}}},"childFaulted":{"version":1,{{{Line("'faulted'", "other")}}}} """], []);
        await engine.StartAsync("bulk", "p");
        await engine.Runtime.DrainAsync(TestEngine.Cancel);
        await engine.Runtime.CancelAsync(Assert.Single(await engine.WithStoreAsync(s => s.ChildrenAsync("p", TestEngine.Cancel))).Id, TestEngine.Cancel);
        await engine.Runtime.DrainAsync(TestEngine.Cancel);

        Assert.Empty(engine.Effects.Lines);
        Assert.Equal(WorkflowSubStatus.Finished, (await engine.InstanceAsync("p"))?.SubStatus);
    }

    private static string Each(params string[] steps) =>
        $$$"""{{{TwoTurns}}},"body":{"id":"body","type":"Elsa.Sequence","version":1,"activities":[{{{string.Join(",", steps.Select(s => $$"""{"version":1,{{s}}}"""))}}}]}""";

    private static string Script(string id, string script, string name = "") =>
        $$$""" "id":"{{{id}}}","name":"{{{name}}}","type":"Elsa.RunJavaScript","script":{"expression":{"type":"Literal","value":"{{{script}}}"} } """;

    private static string Line(string script, string id = "line") =>
        $$$""" "id":"{{{id}}}","type":"Ref.AppendLine","line":{"expression":{"type":"JavaScript","value":"{{{script}}}"} } """;
}
