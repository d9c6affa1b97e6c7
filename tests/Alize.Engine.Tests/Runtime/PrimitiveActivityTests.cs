using Alize.Engine.Runtime;
using Alize.Engine.Storage;

namespace Alize.Engine.Tests.Runtime;

/// <summary>Activities of Elsa that no recorded trace shows.</summary>
public sealed class PrimitiveActivityTests
{
    [Theory]
    [InlineData("", "for all", "a b")]
    [InlineData(""" ,"correlationId":{"expression":{"type":"Literal","value":"project-1"} } """, "for its correlation", "a")]
    [InlineData(""" ,"isLocalEvent":{"expression":{"type":"Literal","value":"true"} } """, "for itself alone", "")]
    public async Task A_published_event_reaches_who_waits_for_it_once_the_burst_is_committed(string more, string payload, string woken)
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync(
            "waits",
            [""" "id":"e","type":"Elsa.Event","eventName":{"expression":{"type":"Literal","value":"ready"} },"result":{"typeName":"Object","memoryReference":{"id":"v"} } """,
             """ "id":"told","type":"Ref.AppendLine","line":{"expression":{"type":"JavaScript","value":"`${getWorkflowInstanceId()}: ${getV()}`"} } """],
            ["e:Done->told"], """ "variables":[{"id":"v","name":"V","typeName":"Object"}], """);
        await engine.LoadFlowAsync(
            "publishes",
            [$$$""" "id":"p","type":"Elsa.PublishEvent","eventName":{"expression":{"type":"Literal","value":"ready"} },"payload":{"expression":{"type":"Literal","value":"{{{payload}}}"} }{{{more}}} """],
            []);
        await engine.StartAsync("waits", "a", correlationId: "project-1");
        await engine.StartAsync("waits", "b", correlationId: "project-2");

        await engine.StartAsync("publishes", "p");
        await engine.Runtime.DrainAsync(TestEngine.Cancel);

        Assert.Equal(woken.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => $"{id}: {payload}"), engine.Effects.Lines.Order());
        Assert.Equal(0, await engine.Runtime.SweepAsync(TestEngine.Cancel));
    }

    [Theory]
    [InlineData("Int32", "6")]
    [InlineData("Long", "6")]
    [InlineData("String", "51")]
    public async Task A_variable_is_of_the_type_chosen_for_it_in_the_Studio(string type, string sum)
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync(
            "typed",
            [""" "id":"set","type":"Elsa.SetVariable","variable":{"id":"v","name":"V"},"value":{"expression":{"type":"Literal","value":"5"} } """,
             """ "id":"wait","type":"Elsa.Delay","timeSpan":{"expression":{"type":"Literal","value":"00:00:10"} } """,
             """ "id":"told","type":"Ref.AppendLine","line":{"expression":{"type":"JavaScript","value":"`${getV() + 1}`"} } """],
            ["set:Done->wait", "wait:Done->told"], $$""" "variables":[{"id":"v","name":"V","typeName":"{{type}}"}], """);
        await engine.StartAsync("typed", "t");
        engine.Time.Advance(TimeSpan.FromSeconds(10));
        await engine.Runtime.SweepAsync(TestEngine.Cancel);

        Assert.Equal([sum], engine.Effects.Lines);
    }

    [Fact]
    public async Task A_task_waits_until_the_host_reports_it_and_takes_its_result()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync(
            "task",
            [""" "id":"t","type":"Elsa.RunTask","taskName":{"expression":{"type":"Literal","value":"Compter"} },"result":{"typeName":"Object","memoryReference":{"id":"v"} } """,
             """ "id":"told","type":"Ref.AppendLine","line":{"expression":{"type":"JavaScript","value":"`compté : ${getV()}`"} } """],
            ["t:Done->told"], """ "variables":[{"id":"v","name":"V","typeName":"Object"}], """);
        Assert.Equal(WorkflowSubStatus.Suspended, (await engine.StartAsync("task", "t")).SubStatus);
        var bookmark = Assert.Single(await engine.BookmarksAsync("t"));

        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            engine.Runtime.ResumeAsync(bookmark.Id, new Dictionary<string, object?> { ["Result"] = 12 }, TestEngine.Cancel))));

        Assert.Equal(WorkflowSubStatus.Finished, Assert.Single(results, r => r is not null)!.SubStatus);
        Assert.Equal(["compté : 12"], engine.Effects.Lines);
    }

    [Fact]
    public async Task A_start_at_a_moment_happens_once_however_often_it_is_looked_for()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync(
            "once",
            [""" "id":"s","type":"Elsa.StartAt","customProperties":{"canStartWorkflow":true},"dateTime":{"expression":{"type":"Literal","value":"2026-11-24T09:00:00Z"} } """,
             """ "id":"line","type":"Ref.AppendLine","line":{"expression":{"type":"Literal","value":"started"} } """],
            ["s:Done->line"]);
        engine.Time.Advance(TimeSpan.FromHours(25) - TimeSpan.FromTicks(1));
        Assert.Equal(0, await engine.Runtime.SweepAsync(TestEngine.Cancel));

        engine.Time.Advance(TimeSpan.FromTicks(1));
        for (var i = 0; i < 3; i++) await engine.Runtime.SweepAsync(TestEngine.Cancel);

        Assert.Equal(["started"], engine.Effects.Lines);
    }

    [Fact]
    public async Task A_moment_that_has_passed_is_no_reason_to_wait_and_one_to_come_is()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync(
            "later",
            [""" "id":"past","type":"Elsa.StartAt","dateTime":{"expression":{"type":"Literal","value":"2026-11-01T09:00:00Z"} } """,
             """ "id":"next","type":"Elsa.StartAt","dateTime":{"expression":{"type":"Literal","value":"2026-11-23T09:00:00Z"} } """,
             """ "id":"pause","type":"Elsa.Timer","interval":{"expression":{"type":"Literal","value":"00:30:00"} } """],
            ["past:Done->next", "next:Done->pause"]);

        await engine.StartAsync("later", "l");
        Assert.Equal(engine.Time.GetUtcNow().UtcDateTime.AddHours(1), Assert.Single(await engine.TimersAsync("l")).DueAt);
        engine.Time.Advance(TimeSpan.FromHours(1));
        await engine.Runtime.SweepAsync(TestEngine.Cancel);
        Assert.Equal(engine.Time.GetUtcNow().UtcDateTime.AddMinutes(30), Assert.Single(await engine.TimersAsync("l")).DueAt);
        engine.Time.Advance(TimeSpan.FromMinutes(30));
        await engine.Runtime.SweepAsync(TestEngine.Cancel);

        Assert.Equal(WorkflowSubStatus.Finished, (await engine.InstanceAsync("l"))!.SubStatus);
        Assert.Empty(await engine.TimersAsync("l"));
    }

    [Fact]
    public async Task A_timer_starts_one_instance_an_interval_and_after_an_outage_the_latest_alone()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync(
            "hourly",
            [""" "id":"t","type":"Elsa.Timer","customProperties":{"canStartWorkflow":true},"interval":{"expression":{"type":"Literal","value":"01:00:00"} } """,
             """ "id":"line","type":"Ref.AppendLine","line":{"expression":{"type":"Literal","value":"hour"} } """],
            ["t:Done->line"]);

        for (var i = 0; i < 4; i++)
        {
            engine.Time.Advance(TimeSpan.FromMinutes(30));
            await engine.Runtime.SweepAsync(TestEngine.Cancel);
        }

        Assert.Equal(["hour", "hour"], engine.Effects.Lines);
        engine.Time.Advance(TimeSpan.FromHours(5));
        await engine.Runtime.SweepAsync(TestEngine.Cancel);
        Assert.Equal(3, engine.Effects.Lines.Count);
    }
}
