using Alize.Engine.Storage;

namespace Alize.Engine.Tests.Runtime;

public sealed class LoopTests
{
    [Fact]
    public async Task A_connection_that_leads_back_is_a_loop()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("loop",
            [
                """ "id":"start","type":"Ref.Noop" """,
                """ "id":"inc","type":"Elsa.SetVariable","variable":{"id":"n","name":"N"},"value":{"expression":{"type":"JavaScript","value":"getN() + 1"}} """,
                """ "id":"wait","type":"Elsa.Delay","timeSpan":{"expression":{"type":"Literal","value":"00:00:10"}} """,
                """ "id":"more","type":"Elsa.FlowDecision","condition":{"expression":{"type":"JavaScript","value":"getN() < 3"}} """,
                Line("done"),
            ],
            ["start:Done->inc", "inc:Done->wait", "wait:Done->more", "more:True->inc", "more:False->done"],
            """ "variables":[{"id":"n","name":"N","typeName":"Int32","value":"0"}],""");
        await engine.StartAsync("loop", "i");
        for (var i = 0; i < 3; i++)
        {
            Assert.Empty(engine.Effects.Lines);
            engine.Time.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal(1, await engine.Runtime.SweepAsync(TestEngine.Cancel));
        }

        Assert.Equal(["done"], engine.Effects.Lines);
        Assert.Equal(3, (await engine.JournalAsync("i")).Count(j => j == "inc:Completed"));
        Assert.Equal(WorkflowStatus.Finished, (await engine.InstanceAsync("i"))?.Status);
    }

    [Fact]
    public async Task Each_parallel_turn_keeps_its_own_value_through_a_nested_flowchart_that_waits()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("each",
            [
                """
                "id":"each","type":"Elsa.ParallelForEach","items":{"expression":{"type":"JavaScript","value":"['Ada','Bob','Zoé']"}},
                "body":{"id":"body","type":"Elsa.Flowchart","version":1,
                  "activities":[
                    {"id":"ask","type":"Ref.Ask","version":1,"whom":{"expression":{"type":"JavaScript","value":"getVariable('CurrentValue')"} } },
                    {"id":"line","type":"Ref.AppendLine","version":1,"line":{"expression":{"type":"JavaScript","value":"getVariable('CurrentValue') + ' ' + getVariable('CurrentIndex')"} } }],
                  "connections":[{"source":{"activity":"ask","port":"Answered"},"target":{"activity":"line"} }]}
                """,
                Line("all"),
            ],
            ["each:Done->all"]);
        await engine.StartAsync("each", "i");
        foreach (var who in new[] { "Bob", "Zoé", "Ada" })
        {
            await engine.SendAsync(Alize.Engine.Runtime.Stimuli.For("Ref.Ask", new { Task = who }, null, new Dictionary<string, object?> { ["Text"] = "oui" }, engine.Time.GetUtcNow()));
            Assert.Equal(1, await engine.Runtime.DrainAsync(TestEngine.Cancel));
        }

        Assert.Equal(["Bob 1", "Zoé 2", "Ada 0", "all"], engine.Effects.Lines);
        Assert.Empty(await engine.TimersAsync("i"));
    }

    [Theory]
    [InlineData("Elsa.While", """ "condition":{"expression":{"type":"Literal","value":"true"}} """)]
    [InlineData("Elsa.ForEach", """ "items":{"expression":{"type":"JavaScript","value":"[1,2,3,4,5]"}} """)]
    [InlineData("Elsa.For", """ "start":{"expression":{"type":"Literal","value":"1"}},"end":{"expression":{"type":"Literal","value":"5"}} """)]
    public async Task A_break_leaves_the_loop(string loop, string input)
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("loop",
            [
                $$"""
                "id":"loop","type":"{{loop}}",{{input}},
                "body":{"id":"body","type":"Elsa.Sequence","version":1,"activities":[
                  {"id":"inc","type":"Elsa.SetVariable","version":1,"variable":{"id":"n","name":"N"},"value":{"expression":{"type":"JavaScript","value":"getN() + 1"} } },
                  {"id":"if","type":"Elsa.If","version":1,"condition":{"expression":{"type":"JavaScript","value":"getN() >= 2"} },"then":{"id":"break","type":"Elsa.Break","version":1} },
                  {"version":1,{{Line("turn")}}}]}
                """,
                Line("after"),
            ],
            ["loop:Done->after"], """ "variables":[{"id":"n","name":"N","typeName":"Int32","value":"0"}],""");
        var result = await engine.StartAsync("loop", "i");

        Assert.Equal(["turn", "after"], engine.Effects.Lines);
        Assert.Equal(WorkflowSubStatus.Finished, result.SubStatus);
    }

    [Fact]
    public async Task A_script_chooses_the_way_out()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("script",
            [""" "id":"js","type":"Elsa.RunJavaScript","script":{"expression":{"type":"Literal","value":"setOutcome('B'); 7"}},"possibleOutcomes":{"expression":{"type":"Object","value":"[\"A\",\"B\"]"}} """, Line("A"), Line("B")],
            ["js:A->A", "js:B->B"]);
        await engine.StartAsync("script", "i");
        Assert.Equal(["B"], engine.Effects.Lines);
    }

    [Fact]
    public async Task Fork_with_its_first_branch_cancels_the_others()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("fork",
            [
                """
                "id":"fork","type":"Elsa.Fork","joinMode":"WaitAny","branches":[
                  {"id":"ask","type":"Ref.Ask","version":1,"whom":{"expression":{"type":"Literal","value":"Zoé"} } },
                  {"id":"e","type":"Elsa.Event","version":1,"eventName":{"expression":{"type":"Literal","value":"Go"} } }]
                """,
                Line("after"),
            ],
            ["fork:Done->after"]);
        await engine.StartAsync("fork", "i");
        await engine.SendEventAsync("Go");
        await engine.Runtime.DrainAsync(TestEngine.Cancel);

        Assert.Equal(["after"], engine.Effects.Lines);
        Assert.Empty(await engine.TimersAsync("i"));
        Assert.Contains("ask:Canceled", await engine.JournalAsync("i"));
    }

    private static string Line(string text) => $$""" "id":"{{text}}","type":"Ref.AppendLine","line":{"expression":{"type":"Literal","value":"{{text}}"} } """;
}
