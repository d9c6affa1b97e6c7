using Alize.Engine.Runtime;
using Alize.Engine.Storage;

namespace Alize.Engine.Tests.Runtime;

public sealed class PoisonTests
{
    private static readonly string[] WaitsTwice =
    [
        """ "id":"e","type":"Elsa.Event","eventName":{"expression":{"type":"Literal","value":"E"}} """,
        """ "id":"d","type":"Elsa.Delay","timeSpan":{"expression":{"type":"Literal","value":"00:10:00"}} """,
        """ "id":"l","type":"Ref.AppendLine","line":{"expression":{"type":"Literal","value":"went on"}} """,
    ];

    private static readonly string[] Arrows = ["e:Done->d", "d:Done->l"];

    [Fact]
    public async Task An_instance_whose_definition_cannot_be_read_is_parked_with_the_reason_and_goes_on_where_it_stood()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("spoilt", WaitsTwice, Arrows);
        await engine.StartAsync("spoilt", "i");
        engine.Tamper("spoilt:1", json => json.Replace("Elsa.Delay", "Elsa.Gone", StringComparison.Ordinal));

        await engine.SendEventAsync("E", instanceId: "i");
        Assert.Equal(0, await engine.Runtime.DrainAsync(TestEngine.Cancel));

        var parked = await engine.InstanceAsync("i");
        Assert.Equal((WorkflowStatus.Running, WorkflowSubStatus.Faulted, 1), (parked?.Status, parked?.SubStatus, parked?.IncidentCount));
        var line = (await engine.WithStoreAsync(s => s.JournalAsync("i", 0, 100, TestEngine.Cancel)))[^1];
        Assert.Equal("Faulted", line.EventName);
        Assert.Contains("'Elsa.Gone', which is not registered", line.Message, StringComparison.Ordinal);

        // The message was kept: it is delivered as soon as somebody who repaired the definition asks.
        engine.Tamper("spoilt:1", json => json.Replace("Elsa.Gone", "Elsa.Delay", StringComparison.Ordinal));
        await engine.Runtime.RetryAsync("i", TestEngine.Cancel);
        engine.Time.Advance(TimeSpan.FromMinutes(10));
        await engine.Runtime.SweepAsync(TestEngine.Cancel);

        var ended = await engine.InstanceAsync("i");
        Assert.Equal((WorkflowSubStatus.Finished, 0), (ended?.SubStatus, ended?.IncidentCount));
        Assert.Equal(["went on"], engine.Effects.Lines);
    }

    [Fact]
    public async Task An_instance_that_cannot_be_read_holds_up_no_deadline_of_others_and_is_not_tried_at_every_sweep()
    {
        await using var engine = new TestEngine(options: o => o.BatchSize = 2);
        await engine.LoadFlowAsync("spoilt", [""" "id":"d","type":"Elsa.Delay","timeSpan":{"expression":{"type":"Literal","value":"00:00:01"}} """], []);
        await engine.LoadFlowAsync("sound", [""" "id":"d","type":"Elsa.Delay","timeSpan":{"expression":{"type":"Literal","value":"00:00:02"}} """], []);
        foreach (var n in Enumerable.Range(0, 5))
            await engine.StartAsync("spoilt", $"bad{n}");
        await engine.StartAsync("sound", "good");
        engine.Tamper("spoilt:1", json => json.Replace("Elsa.Delay", "Elsa.Gone", StringComparison.Ordinal));
        engine.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(1, await engine.Runtime.SweepAsync(TestEngine.Cancel));
        Assert.Equal(WorkflowSubStatus.Finished, (await engine.InstanceAsync("good"))?.SubStatus);

        // Parked once: the sweeps that follow write nothing.
        var revision = (await engine.InstanceAsync("bad0"))?.Revision;
        await engine.Runtime.SweepAsync(TestEngine.Cancel);
        engine.Time.Advance(TimeSpan.FromHours(1));
        await engine.Runtime.SweepAsync(TestEngine.Cancel);
        Assert.Equal(revision, (await engine.InstanceAsync("bad0"))?.Revision);

        // Its deadline is still there, and fires when it can.
        engine.Tamper("spoilt:1", json => json.Replace("Elsa.Gone", "Elsa.Delay", StringComparison.Ordinal));
        engine.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(5, await engine.Runtime.SweepAsync(TestEngine.Cancel));
    }

    [Fact]
    public async Task An_instance_whose_bursts_cannot_be_committed_is_parked_after_some_tries()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("spoilt",
            [
                """ "id":"e","type":"Elsa.Event","eventName":{"expression":{"type":"Literal","value":"E"}} """,
                """ "id":"s","type":"Ref.Unwritable" """,
            ],
            ["e:Done->s"]);
        await engine.StartAsync("spoilt", "i");
        engine.Effects.FailuresLeft = 3;
        await engine.SendEventAsync("E", instanceId: "i");

        await engine.Runtime.DrainAsync(TestEngine.Cancel);
        Assert.Equal(WorkflowSubStatus.Suspended, (await engine.InstanceAsync("i"))?.SubStatus);
        foreach (var _ in Enumerable.Range(0, 2))
        {
            engine.Time.Advance(TimeSpan.FromMinutes(2));
            await engine.Runtime.DrainAsync(TestEngine.Cancel);
        }

        var parked = await engine.InstanceAsync("i");
        Assert.Equal((WorkflowSubStatus.Faulted, 1), (parked?.SubStatus, parked?.IncidentCount));
        var seen = Assert.Single((await engine.WithStoreAsync(s => engine.Runtime.InspectAsync(parked!, s, TestEngine.Cancel))).Incidents);
        Assert.Equal(("", true), (seen.ActivityId, seen.IsTriedAgain));

        await engine.Runtime.RetryAsync("i", TestEngine.Cancel);
        Assert.Equal(WorkflowSubStatus.Finished, (await engine.InstanceAsync("i"))?.SubStatus);
        Assert.Equal(1, (await engine.JournalAsync("i")).Count(j => j == "s:Completed"));
    }

    [Fact]
    public async Task What_nobody_can_read_can_still_be_ended()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("spoilt", [""" "id":"d","type":"Elsa.Delay","timeSpan":{"expression":{"type":"Literal","value":"00:10:00"}} """], []);
        await engine.StartAsync("spoilt", "i");
        engine.Tamper("spoilt:1", _ => "no JSON");

        await engine.Runtime.CancelAsync("i", TestEngine.Cancel);

        Assert.Equal((WorkflowStatus.Finished, WorkflowSubStatus.Cancelled), ((await engine.InstanceAsync("i"))!.Status, (await engine.InstanceAsync("i"))!.SubStatus));
        Assert.Empty(await engine.TimersAsync("i"));
        Assert.Empty(await engine.BookmarksAsync("i"));
    }
}
