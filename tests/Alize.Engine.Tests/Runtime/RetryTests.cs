using System.Text;
using Alize.Engine.Runtime;
using Alize.Engine.Storage;

namespace Alize.Engine.Tests.Runtime;

public sealed class RetryTests
{
    private const string RetryThenPark = """ "options":{"incidentStrategyType":"Alize.RetryThenPark"},""";

    private static readonly string[] FlakyBesideEvent =
    [
        """ "id":"s","type":"Ref.Noop" """,
        """ "id":"f","type":"Ref.Flaky" """,
        """ "id":"after","type":"Ref.Noop" """,
        """ "id":"e","type":"Elsa.Event","eventName":{"expression":{"type":"Literal","value":"E"}} """,
    ];

    private static readonly string[] Arrows = ["s:Done->f", "s:Done->e", "f:Done->after"];

    [Fact]
    public async Task A_failing_step_is_tried_again_in_the_same_execution_and_its_siblings_go_on()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("flaky", FlakyBesideEvent, Arrows, RetryThenPark);
        engine.Effects.FailuresLeft = 2;
        var started = await engine.StartAsync("flaky", "i");
        Assert.Equal((WorkflowSubStatus.Suspended, 1), (started.SubStatus, started.IncidentCount));

        engine.Time.Advance(TimeSpan.FromMinutes(1));
        await engine.Runtime.SweepAsync(TestEngine.Cancel);
        Assert.Equal(1, (await engine.InstanceAsync("i"))?.IncidentCount);

        await engine.SendEventAsync("E");
        await engine.Runtime.DrainAsync(TestEngine.Cancel);
        engine.Time.Advance(TimeSpan.FromMinutes(5));
        await engine.Runtime.SweepAsync(TestEngine.Cancel);

        var instance = await engine.InstanceAsync("i");
        Assert.Equal((WorkflowSubStatus.Finished, 0), (instance?.SubStatus, instance?.IncidentCount));
        Assert.Equal(3, engine.Effects.Lines.Count);
        Assert.Single(engine.Effects.Lines.Distinct());
        Assert.Empty(await engine.TimersAsync("i"));
    }

    [Fact]
    public async Task After_the_last_try_the_step_is_parked_until_somebody_asks_for_a_retry()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("flaky", [""" "id":"f","type":"Ref.Flaky" """], [], RetryThenPark);
        engine.Effects.FailuresLeft = 100;
        await engine.StartAsync("flaky", "i");
        foreach (var wait in new EngineOptions().RetryDelays)
        {
            var timer = Assert.Single(await engine.TimersAsync("i"));
            Assert.Null(timer.BookmarkId);
            Assert.Equal(engine.Time.GetUtcNow().UtcDateTime + wait, timer.DueAt);
            engine.Time.Advance(wait);
            Assert.Equal(1, await engine.Runtime.SweepAsync(TestEngine.Cancel));
        }

        Assert.Empty(await engine.TimersAsync("i"));
        var parked = await engine.InstanceAsync("i");
        Assert.Equal((WorkflowStatus.Running, WorkflowSubStatus.Faulted, 1), (parked!.Status, parked.SubStatus, parked.IncidentCount));

        engine.Effects.FailuresLeft = 0;
        await engine.Runtime.RetryAsync("i", TestEngine.Cancel);
        Assert.Equal(WorkflowSubStatus.Finished, (await engine.InstanceAsync("i"))?.SubStatus);
    }

    [Fact]
    public async Task An_order_to_retry_that_was_carried_out_and_not_dropped_because_the_process_was_killed_is_dropped_by_the_next()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("flaky", [""" "id":"f","type":"Ref.Flaky" """], [], RetryThenPark);
        engine.Effects.FailuresLeft = 1;
        await engine.StartAsync("flaky", "i");
        var now = engine.Time.GetUtcNow().UtcDateTime;
        await engine.SendAsync(new Stimulus { Id = "order", Kind = StimulusKind.Retry, InstanceId = "i", CreatedAt = now, NotBefore = now });
        await engine.Runtime.RetryAsync("i", TestEngine.Cancel);
        Assert.Equal(WorkflowSubStatus.Finished, (await engine.InstanceAsync("i"))?.SubStatus);

        await engine.Runtime.DrainAsync(TestEngine.Cancel);

        Assert.Null(await engine.WithStoreAsync(s => s.FindStimulusAsync("order", TestEngine.Cancel)));
        Assert.Equal(2, engine.Effects.Lines.Count);
    }

    [Fact]
    public async Task A_script_that_fails_half_way_has_changed_nothing()
    {
        await using var engine = new TestEngine(options: o => o.RetryDelays = []);
        await engine.LoadFlowAsync("half",
            [""" "id":"s","type":"Elsa.RunJavaScript","script":{"expression":{"type":"Literal","value":"setOutput('Out', 1); setCorrelationId('other'); setWorkflowInstanceName('other'); setVariable('V', 'other'); setVariable('made', 1); getV().missing.here"} } """],
            [], RetryThenPark + """ "outputs":[{"name":"Out","type":"Int32"}],"variables":[{"id":"v","name":"V","typeName":"String","value":"kept"}],""");
        var result = await engine.StartAsync("half", "i", correlationId: "project");

        Assert.Equal(("project", 1), (result.CorrelationId, result.IncidentCount));
        Assert.Empty(result.Output);
        var instance = (await engine.InstanceAsync("i"))!;
        Assert.Null(instance.Name);
        var state = Encoding.UTF8.GetString(instance.State);
        Assert.Contains("kept", state, StringComparison.Ordinal);
        Assert.DoesNotContain("\"other\"", state, StringComparison.Ordinal);
        Assert.DoesNotContain("\"made\"", state, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_instance_whose_first_step_fails_is_still_the_one_its_message_started()
    {
        await using var engine = new TestEngine(options: o => o.RetryDelays = []);
        await engine.LoadFlowAsync("starts",
            [""" "id":"t","type":"Ref.FlakyTrigger","customProperties":{"canStartWorkflow":true} """], [], RetryThenPark);
        engine.Effects.FailuresLeft = 1;
        await engine.SendAsync(Stimuli.For("Ref.FlakyTrigger", "T", null, null, engine.Time.GetUtcNow(), id: "message"));
        await engine.Runtime.DrainAsync(TestEngine.Cancel);
        const string id = "message.t.starts";
        Assert.Equal(1, (await engine.InstanceAsync(id))?.IncidentCount);

        await engine.Runtime.RetryAsync(id, TestEngine.Cancel);

        Assert.Equal(WorkflowSubStatus.Finished, (await engine.InstanceAsync(id))?.SubStatus);
    }

    [Fact]
    public async Task What_a_failing_step_wrote_is_discarded_and_what_earlier_steps_wrote_is_kept()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("flaky",
            [""" "id":"ok","type":"Ref.Flaky" """, """ "id":"bad","type":"Ref.Flaky" """], ["ok:Done->bad"], RetryThenPark);
        engine.Effects.FailAt = 2;
        await engine.StartAsync("flaky", "i");

        var waiting = await engine.WithStoreAsync(s => s.StimuliDueAsync(DateTime.MaxValue, 10, TestEngine.Cancel));
        Assert.Equal(Stimuli.Hash(Stimuli.EventName, "from 1"), Assert.Single(waiting).Hash);
    }

    [Fact]
    public async Task A_failing_reminder_does_not_stand_in_the_way_of_the_answer()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("ask", [""" "id":"ask","type":"Ref.Ask","whom":{"expression":{"type":"Literal","value":"Zoé"}} """], [], RetryThenPark);
        await engine.StartAsync("ask", "a");
        engine.Effects.FailuresLeft = 100;
        engine.Time.Advance(TimeSpan.FromDays(1));
        await engine.Runtime.SweepAsync(TestEngine.Cancel);
        Assert.Equal(1, (await engine.InstanceAsync("a"))?.IncidentCount);

        var bookmark = (await engine.BookmarksAsync("a")).Single(b => b.Name == "Ref.Ask");
        var result = await engine.Runtime.ResumeAsync(bookmark.Id, new Dictionary<string, object?> { ["Text"] = "oui" }, TestEngine.Cancel);

        Assert.Equal((WorkflowSubStatus.Finished, 0), (result?.SubStatus, result?.IncidentCount));
        Assert.Empty(await engine.TimersAsync("a"));
    }

    [Fact]
    public async Task A_failing_reminder_is_sent_by_its_retry_and_then_waits_on()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("ask", [""" "id":"ask","type":"Ref.Ask","whom":{"expression":{"type":"Literal","value":"Zoé"}} """], [], RetryThenPark);
        await engine.StartAsync("ask", "a");
        engine.Effects.FailuresLeft = 1;
        engine.Time.Advance(TimeSpan.FromDays(1));
        await engine.Runtime.SweepAsync(TestEngine.Cancel);
        engine.Time.Advance(TimeSpan.FromMinutes(1));
        await engine.Runtime.SweepAsync(TestEngine.Cancel);

        Assert.Equal(["remind Zoé"], engine.Effects.Lines);
        var instance = await engine.InstanceAsync("a");
        Assert.Equal((WorkflowSubStatus.Suspended, 0), (instance?.SubStatus, instance?.IncidentCount));
        Assert.Equal(["expiry"], (await engine.TimersAsync("a")).Select(t => t.Label));
    }

    [Fact]
    public async Task A_fault_that_the_definition_raises_is_not_tried_again()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("fault", [""" "id":"f","type":"Elsa.Fault","message":{"expression":{"type":"Literal","value":"no"}} """], [], RetryThenPark);
        await engine.StartAsync("fault", "i");
        Assert.Empty(await engine.TimersAsync("i"));
        Assert.Equal(WorkflowSubStatus.Faulted, (await engine.InstanceAsync("i"))?.SubStatus);
    }

    [Fact]
    public async Task A_definition_that_names_no_strategy_follows_the_host()
    {
        await using var engine = new TestEngine(options: o => o.IncidentStrategy = IncidentStrategies.RetryThenPark);
        await engine.LoadFlowAsync("flaky", [""" "id":"f","type":"Ref.Flaky" """], []);
        engine.Effects.FailuresLeft = 1;
        await engine.StartAsync("flaky", "i");
        Assert.Single(await engine.TimersAsync("i"));
    }

    [Fact]
    public async Task A_workflow_that_never_waits_faults_instead_of_running_for_ever()
    {
        await using var engine = new TestEngine(options: o => o.MaxStepsPerBurst = 1_000);
        await engine.LoadFlowAsync("loop", [""" "id":"a","type":"Ref.Noop" """, """ "id":"b","type":"Ref.Noop" """], ["a:Done->b", "b:Done->a"]);
        var result = await engine.StartAsync("loop", "i");
        Assert.Equal(WorkflowSubStatus.Faulted, result.SubStatus);
    }

    [Theory]
    [InlineData(""" "customProperties":{"resilienceStrategy":{"mode":"Identifier","strategyId":"quick"}} """, 3)]
    [InlineData(""" "customProperties":{"retryDelays":["00:00:05","00:00:30"]} """, 2)]
    public async Task An_activity_has_its_own_policy_before_the_incident_strategy_answers(string policy, int retries)
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("flaky", [$""" "id":"f","type":"Ref.Flaky",{policy} """], []);
        engine.Effects.FailuresLeft = 100;
        await engine.StartAsync("flaky", "i");
        for (var i = 0; i < retries; i++)
        {
            Assert.Equal(WorkflowStatus.Running, (await engine.InstanceAsync("i"))?.Status);
            engine.Time.Advance(TimeSpan.FromMinutes(5));
            Assert.Equal(1, await engine.Runtime.SweepAsync(TestEngine.Cancel));
        }

        Assert.Equal(WorkflowSubStatus.Faulted, (await engine.InstanceAsync("i"))?.SubStatus);
        Assert.Equal(WorkflowStatus.Finished, (await engine.InstanceAsync("i"))?.Status);
        Assert.Equal(retries + 1, engine.Effects.Lines.Count);
        Assert.Empty(await engine.TimersAsync("i"));
    }
}
