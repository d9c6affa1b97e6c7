using System.Globalization;
using System.Reflection;
using Alize.Engine.Definitions;
using Alize.Engine.Runtime;
using Alize.Engine.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Alize.Engine.Tests.Runtime;

/// <summary>Ways in which an instance could have been left behind for good.</summary>
public sealed class NothingIsLeftTests
{
    private const string RetryThenPark = """ "options":{"incidentStrategyType":"Alize.RetryThenPark"},""";
    private const string AskAda = """ "id":"ask","type":"Ref.Ask","whom":{"expression":{"type":"Literal","value":"Ada"} } """;
    private static readonly string Loop = Event("e", "E");

    [Fact]
    public async Task Of_two_failed_steps_the_first_may_end_the_execution_and_the_instance_goes_on()
    {
        await using var engine = new TestEngine(options: o => o.RetryDelays = []);
        await engine.LoadFlowAsync("ask", [AskAda, Line("after")], ["ask:Answered->after"], RetryThenPark);
        (engine.Effects.AnswersToFail, engine.Effects.FailuresLeft) = (1, 1);
        await engine.StartAsync("ask", "i");
        await engine.SendAsync(Stimuli.For("Ref.Ask", new { Task = "Ada" }, null, new Dictionary<string, object?> { ["Text"] = "yes" }, engine.Time.GetUtcNow()));
        await engine.Runtime.DrainAsync(TestEngine.Cancel);
        engine.Time.Advance(TimeSpan.FromDays(1));
        await engine.Runtime.SweepAsync(TestEngine.Cancel);
        Assert.Equal(WorkflowSubStatus.Faulted, (await engine.InstanceAsync("i"))?.SubStatus);

        await engine.Runtime.RetryAsync("i", TestEngine.Cancel);

        Assert.Equal(WorkflowSubStatus.Finished, (await engine.InstanceAsync("i"))?.SubStatus);
        Assert.Equal(["after"], engine.Effects.Lines);
    }

    [Fact]
    public async Task Faults_that_were_cured_do_not_use_up_the_tries_of_the_next_one()
    {
        await using var engine = new TestEngine(options: o => o.RetryDelays = [TimeSpan.FromMinutes(1)]);
        await engine.LoadFlowAsync("ask", [AskAda], [], RetryThenPark);
        await engine.StartAsync("ask", "i");
        (engine.Effects.FailuresLeft, engine.Effects.AnswersToFail) = (1, 1);
        foreach (var days in new[] { 1, 2 })
        {
            engine.Time.Advance(TimeSpan.FromDays(days));
            await engine.Runtime.SweepAsync(TestEngine.Cancel);
            Assert.Contains(await engine.TimersAsync("i"), t => t.BookmarkId is null);

            engine.Time.Advance(TimeSpan.FromMinutes(1));
            await engine.Runtime.SweepAsync(TestEngine.Cancel);
        }

        Assert.Equal(WorkflowSubStatus.Finished, (await engine.InstanceAsync("i"))?.SubStatus);
    }

    [Fact]
    public async Task Messages_that_came_early_are_delivered_in_a_round_and_not_each_within_the_one_before()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("loop", [Loop, """ "id":"depth","type":"Ref.StackDepth" """], ["e:Done->depth", "depth:Done->e"]);
        foreach (var n in Enumerable.Range(0, 200))
            await engine.SendAsync(Stimuli.Event("E", null, null, engine.Time.GetUtcNow(), id: $"m{n:000}", instanceId: "i"));
        await engine.StartAsync("loop", "i");

        var depths = engine.Effects.Lines.ConvertAll(l => int.Parse(l, CultureInfo.InvariantCulture));
        Assert.Equal(200, depths.Count);
        Assert.InRange(depths.Max() - depths.Min(), 0, 40);
    }

    [Fact]
    public async Task Messages_of_others_that_wait_for_the_same_are_left_alone()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("wait", [Loop], []);
        await engine.SendAsync(Stimuli.Event("E", null, null, engine.Time.GetUtcNow(), id: "other", instanceId: "not there"));
        await engine.SendAsync(Stimuli.Event("E", "another project", null, engine.Time.GetUtcNow(), id: "elsewhere"));
        await engine.StartAsync("wait", "i", correlationId: "project");

        foreach (var id in new[] { "other", "elsewhere" })
            Assert.Equal(0, (await engine.WithStoreAsync(s => s.FindStimulusAsync(id, TestEngine.Cancel)))?.Attempts);
    }

    [Fact]
    public async Task A_child_for_whose_end_somebody_waits_is_started_at_once()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("child", [Line("child")], []);
        await engine.LoadFlowAsync("parent",
            [""" "id":"x","type":"Elsa.ExecuteWorkflow","waitForCompletion":{"expression":{"type":"Literal","value":"true"} },"workflowDefinitionId":{"expression":{"type":"Literal","value":"child"} } """], []);

        await engine.StartAsync("parent", "p");

        Assert.Equal(["child"], engine.Effects.Lines);
    }

    [Fact]
    public async Task Who_waits_for_an_instance_that_cannot_be_read_is_told_when_it_is_cancelled()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("child", [Event("e", "E")], []);
        await engine.LoadFlowAsync("parent",
            [""" "id":"x","type":"Elsa.ExecuteWorkflow","waitForCompletion":{"expression":{"type":"Literal","value":"true"} },"workflowDefinitionId":{"expression":{"type":"Literal","value":"child"} } """, Line("after")], ["x:Done->after"]);
        await engine.StartAsync("parent", "p");
        await engine.Runtime.DrainAsync(TestEngine.Cancel);
        var child = Assert.Single(await engine.WithStoreAsync(s => s.ChildrenAsync("p", TestEngine.Cancel)));
        engine.Tamper("child:1", json => json.Replace("Elsa.Event", "Elsa.Gone", StringComparison.Ordinal));

        await engine.Runtime.CancelAsync(child.Id, TestEngine.Cancel);
        await engine.Runtime.DrainAsync(TestEngine.Cancel);

        Assert.Equal(WorkflowSubStatus.Finished, (await engine.InstanceAsync("p"))?.SubStatus);
        Assert.Equal(["after"], engine.Effects.Lines);
    }

    [Fact]
    public async Task A_message_outlives_an_outage_that_was_longer_than_its_life()
    {
        var engine = new TestEngine();
        await engine.LoadFlowAsync("later", [""" "id":"d","type":"Elsa.Delay","timeSpan":{"expression":{"type":"Literal","value":"00:05:00"} } """, Event("e", "E")], ["d:Done->e"]);
        await engine.StartAsync("later", "i");
        await engine.SendAsync(Stimuli.Event("E", null, null, engine.Time.GetUtcNow(), life: TimeSpan.FromHours(1), instanceId: "i"));
        engine.Time.Advance(TimeSpan.FromMinutes(90));

        engine = engine.Next();
        await engine.Runtime.RecoverAsync(TestEngine.Cancel);
        engine.Time.Advance(TimeSpan.FromSeconds(30));
        await engine.Runtime.SweepAsync(TestEngine.Cancel);

        Assert.Equal(WorkflowSubStatus.Finished, (await engine.InstanceAsync("i"))?.SubStatus);
    }

    [Fact]
    public async Task A_chain_of_messages_that_start_each_other_has_ids_of_bounded_length()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("chain", [Starts("e"), """ "id":"p","type":"Elsa.PublishEvent","eventName":{"expression":{"type":"Literal","value":"E"} } """], ["e:Done->p"]);
        await engine.SendEventAsync("E");
        foreach (var _ in Enumerable.Range(0, 30))
        {
            var due = await engine.WithStoreAsync(s => s.StimuliDueAsync(engine.Time.GetUtcNow().UtcDateTime, 10, TestEngine.Cancel));
            var message = Assert.Single(due);
            Assert.InRange(message.Id.Length, 1, 200);
            Assert.True(await engine.Runtime.DeliverAsync(message.Id, TestEngine.Cancel));
        }
    }

    [Fact]
    public async Task Two_events_of_a_definition_that_a_message_starts_begin_each_at_its_own()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("two", [Starts("e1"), Starts("e2"), Line("one"), Line("two")], ["e1:Done->one", "e2:Done->two"]);
        await engine.SendEventAsync("E");
        await engine.Runtime.DrainAsync(TestEngine.Cancel);

        Assert.Equal(["one", "two"], engine.Effects.Lines.Order());
    }

    [Fact]
    public async Task What_a_failed_step_of_a_flowchart_counted_is_not_counted_again_by_its_retry()
    {
        await using var engine = new TestEngine(options: o => o.RetryDelays = []);
        await engine.LoadFlowAsync("join",
            [""" "id":"s","type":"Ref.Noop" """, """ "id":"a","type":"Ref.Noop" """, Event("fix", "Fix"), Event("b", "B"), Line("joined"),
             """ "id":"set","type":"Elsa.SetVariable","variable":{"id":"v","name":"V"},"value":{"expression":{"type":"Literal","value":"WaitAll"} } """,
             """ "id":"j","type":"Elsa.FlowJoin","mode":{"expression":{"type":"JavaScript","value":"getV().trim()"} } """],
            ["s:Done->a", "s:Done->fix", "fix:Done->set", "s:Done->b", "a:Done->j", "b:Done->j", "j:Done->joined"],
            RetryThenPark + """ "variables":[{"id":"v","name":"V","typeName":"Object"}],""");
        await engine.StartAsync("join", "i");
        Assert.Equal(1, (await engine.InstanceAsync("i"))?.IncidentCount);
        await engine.SendEventAsync("Fix");
        await engine.Runtime.DrainAsync(TestEngine.Cancel);
        await engine.Runtime.RetryAsync("i", TestEngine.Cancel);
        Assert.Equal(0, (await engine.InstanceAsync("i"))?.IncidentCount);

        await engine.SendEventAsync("B");
        await engine.Runtime.DrainAsync(TestEngine.Cancel);

        Assert.Equal(["joined"], engine.Effects.Lines);
    }

    [Fact]
    public async Task A_database_that_is_away_for_a_moment_parks_no_instance()
    {
        await using var engine = WithFaults(out var faults);
        await engine.LoadFlowAsync("wait", [Event("e", "E")], []);
        await engine.StartAsync("wait", "i");
        var bookmark = Assert.Single(await engine.BookmarksAsync("i"));
        engine.Definitions.Forget("wait:1");
        faults.Once = (nameof(IWorkflowStore.FindDefinitionVersionAsync), new InvalidOperationException("likely due to a transient failure", new TimeoutException()));

        await Assert.ThrowsAsync<InvalidOperationException>(() => engine.Runtime.ResumeAsync(bookmark.Id, null, TestEngine.Cancel));

        Assert.Equal((WorkflowSubStatus.Suspended, 0), ((await engine.InstanceAsync("i"))!.SubStatus, (await engine.InstanceAsync("i"))!.IncidentCount));
        Assert.NotNull(await engine.Runtime.ResumeAsync(bookmark.Id, null, TestEngine.Cancel));
    }

    [Fact]
    public async Task A_start_that_lost_its_commit_though_nobody_runs_is_not_refused()
    {
        await using var engine = WithFaults(out var faults);
        await engine.LoadFlowAsync("one", [Event("e", "E")], [], """ "options":{"activationStrategyType":"SingletonStrategy"},""");
        Assert.True(await engine.WithStoreAsync(s => s.SendAsync(Stimuli.Start("one", "i", null, null, null, null, engine.Time.GetUtcNow()), TestEngine.Cancel)));
        faults.Once = (nameof(IWorkflowStore.CommitAsync), new StaleInstanceException("i", "a deadlock"));

        Assert.Equal(0, await engine.Runtime.DrainAsync(TestEngine.Cancel));
        Assert.Equal(1, await engine.Runtime.DrainAsync(TestEngine.Cancel));
        Assert.NotNull(await engine.InstanceAsync("i"));
    }

    [Fact]
    public async Task A_clock_starts_nothing_for_a_moment_before_the_publication()
    {
        await using var engine = new TestEngine();
        const string hourly = """
            {"definitionId":"hourly","name":"hourly","root":{"id":"root","type":"Elsa.Flowchart","version":1,"connections":[],"activities":[
              {"id":"c","type":"Elsa.Cron","version":1,"customProperties":{"canStartWorkflow":true},"cronExpression":{"expression":{"type":"Literal","value":"0 0 * * * *"} } }]} }
            """;
        await engine.WithVersionsAsync(v => v.SaveAsync(DefinitionDocument.Parse(hourly), publish: false, (_, _, _) => Task.CompletedTask, TestEngine.Cancel));
        engine.Time.Advance(TimeSpan.FromMinutes(80));
        await engine.WithVersionsAsync(v => v.PublishAsync("hourly", (_, _, _) => Task.CompletedTask, TestEngine.Cancel));
        Assert.Equal(0, await engine.Runtime.SweepAsync(TestEngine.Cancel));

        engine.Time.Advance(TimeSpan.FromMinutes(40));
        Assert.Equal(1, await engine.Runtime.SweepAsync(TestEngine.Cancel));
    }

    private static TestEngine WithFaults(out FaultyStore.Faults faults)
    {
        var planned = faults = new FaultyStore.Faults();
        return new TestEngine(services => services.AddScoped<IWorkflowStore>(scope => FaultyStore.Around(ActivatorUtilities.CreateInstance<InMemoryWorkflowStore>(scope), planned)));
    }

    private static string Event(string id, string name) => $$$""" "id":"{{{id}}}","type":"Elsa.Event","eventName":{"expression":{"type":"Literal","value":"{{{name}}}"} } """;

    private static string Starts(string id) => Event(id, "E") + ""","customProperties":{"canStartWorkflow":true} """;

    private static string Line(string text) => $$$""" "id":"{{{text}}}","type":"Ref.AppendLine","line":{"expression":{"type":"Literal","value":"{{{text}}}"} } """;

    /// <summary>A store that fails when it is told to.</summary>
    public class FaultyStore : DispatchProxy
    {
        private IWorkflowStore inner = null!;
        private Faults faults = null!;

        public static IWorkflowStore Around(IWorkflowStore inner, Faults faults)
        {
            var store = Create<IWorkflowStore, FaultyStore>();
            (((FaultyStore)(object)store).inner, ((FaultyStore)(object)store).faults) = (inner, faults);
            return store;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (faults.Once is { } fault && fault.Method == targetMethod?.Name)
            {
                faults.Once = null;
                throw fault.Failure;
            }

            return targetMethod?.Invoke(inner, args);
        }

        public sealed class Faults
        {
            public (string Method, Exception Failure)? Once { get; set; }
        }
    }
}
