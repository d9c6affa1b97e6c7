using Alize.Engine.Runtime;
using Alize.Engine.Storage;

namespace Alize.Engine.Tests.Runtime;

public sealed class TimerTests
{
    private static readonly string[] Asking =
    [
        """ "id":"ask","type":"Ref.Ask","whom":{"expression":{"type":"Literal","value":"Zoé"}} """,
        """ "id":"late","type":"Ref.AppendLine","line":{"expression":{"type":"Literal","value":"late"}} """,
    ];

    [Fact]
    public async Task A_deadline_is_never_early_and_fires_once()
    {
        await using var engine = await AskingAsync();
        var timers = await engine.TimersAsync("a");
        Assert.Equal(["reminder", "expiry"], timers.Select(t => t.Label));

        engine.Time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromTicks(1));
        Assert.False(await engine.Runtime.FireTimerAsync(timers[0].Id, TestEngine.Cancel));
        Assert.Equal(0, await engine.Runtime.SweepAsync(TestEngine.Cancel));

        engine.Time.Advance(TimeSpan.FromTicks(1));
        var fired = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => engine.Runtime.FireTimerAsync(timers[0].Id, TestEngine.Cancel))));
        Assert.Single(fired, f => f);
        Assert.Equal(["remind Zoé"], engine.Effects.Lines);
        Assert.Equal(0, await engine.Runtime.SweepAsync(TestEngine.Cancel));
    }

    [Fact]
    public async Task Completing_an_activity_takes_all_its_deadlines_with_it()
    {
        await using var engine = await AskingAsync();
        await engine.WithStoreAsync(async s => await s.SetTimerJobAsync([(await s.TimersOfAsync("a", TestEngine.Cancel))[0].Id], "job 1", TestEngine.Cancel));
        var bookmark = (await engine.BookmarksAsync("a")).Single(b => b.Name == "Ref.Ask");

        await engine.Runtime.ResumeAsync(bookmark.Id, new Dictionary<string, object?> { ["Text"] = "oui" }, TestEngine.Cancel);

        Assert.Empty(await engine.TimersAsync("a"));
        Assert.Empty(await engine.BookmarksAsync("a"));
        Assert.Equal(["job 1", null], engine.Wakeups.Removed.Select(t => t.JobId));
        engine.Time.Advance(TimeSpan.FromDays(10));
        Assert.Equal(0, await engine.Runtime.SweepAsync(TestEngine.Cancel));
        Assert.Empty(engine.Effects.Lines);
    }

    [Fact]
    public async Task Cancelling_an_instance_takes_all_its_deadlines_with_it()
    {
        await using var engine = await AskingAsync();
        await engine.Runtime.CancelAsync("a", TestEngine.Cancel);

        Assert.Empty(await engine.TimersAsync("a"));
        Assert.Empty(await engine.BookmarksAsync("a"));
        Assert.Equal(WorkflowSubStatus.Cancelled, (await engine.InstanceAsync("a"))?.SubStatus);
        Assert.All(await engine.ExecutionsAsync("a"), e => Assert.Equal("Canceled", e.Status));
    }

    [Fact]
    public async Task After_an_outage_each_deadline_fires_late_in_order_and_once()
    {
        await using var engine = await AskingAsync();
        engine.Time.Advance(TimeSpan.FromDays(30));

        Assert.Equal(2, await engine.Runtime.SweepAsync(TestEngine.Cancel));
        Assert.Equal(["remind Zoé", "late"], engine.Effects.Lines);
    }

    [Fact]
    public async Task A_cron_trigger_starts_the_workflow_once_for_each_moment()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("daily",
            [""" "id":"c","type":"Elsa.Cron","customProperties":{"canStartWorkflow":true},"cronExpression":{"expression":{"type":"Literal","value":"0 9 * * *"} } """,
             """ "id":"l","type":"Ref.AppendLine","line":{"expression":{"type":"Literal","value":"day"}} """],
            ["c:Done->l"]);
        Assert.Equal(0, await engine.Runtime.SweepAsync(TestEngine.Cancel));
        for (var hour = 0; hour < 48; hour++)
        {
            engine.Time.Advance(TimeSpan.FromHours(1));
            await engine.Runtime.SweepAsync(TestEngine.Cancel);
        }

        Assert.Equal(["day", "day"], engine.Effects.Lines);
    }

    private static async Task<TestEngine> AskingAsync()
    {
        var engine = new TestEngine();
        await engine.LoadFlowAsync("ask", Asking, ["ask:Expired->late"]);
        await engine.StartAsync("ask", "a");
        return engine;
    }
}
