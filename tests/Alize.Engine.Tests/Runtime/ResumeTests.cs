using Alize.Engine.Runtime;
using Alize.Engine.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Alize.Engine.Tests.Runtime;

public sealed class ResumeTests
{
    private static readonly string[] AskThenLine =
    [
        """ "id":"ask","type":"Ref.Ask","whom":{"expression":{"type":"Literal","value":"Zoé"}},"answer":{"memoryReference":{"id":"v"}} """,
        """ "id":"yes","type":"Ref.AppendLine","line":{"expression":{"type":"JavaScript","value":"getReply()"}} """,
        """ "id":"late","type":"Ref.AppendLine","line":{"expression":{"type":"Literal","value":"late"}} """,
    ];

    private static readonly string[] Arrows = ["ask:Answered->yes", "ask:Expired->late"];

    private const string Variables = """ "variables":[{"id":"v","name":"Reply","typeName":"String"}],""";

    [Fact]
    public async Task A_bookmark_is_resumed_once()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("ask", AskThenLine, Arrows, Variables);
        await engine.StartAsync("ask", "a");
        var bookmark = (await engine.BookmarksAsync("a")).Single(b => b.Name == "Ref.Ask");

        var first = await engine.Runtime.ResumeAsync(bookmark.Id, new Dictionary<string, object?> { ["Text"] = "oui" }, TestEngine.Cancel);
        var second = await engine.Runtime.ResumeAsync(bookmark.Id, new Dictionary<string, object?> { ["Text"] = "non" }, TestEngine.Cancel);

        Assert.Equal(WorkflowSubStatus.Finished, first?.SubStatus);
        Assert.Null(second);
        Assert.Equal(["oui"], engine.Effects.Lines);
    }

    [Fact]
    public async Task Many_who_resume_at_once_have_one_winner()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("ask", AskThenLine, Arrows, Variables);
        for (var round = 0; round < 20; round++)
        {
            var id = $"a{round}";
            await engine.StartAsync("ask", id);
            var bookmark = (await engine.BookmarksAsync(id)).Single(b => b.Name == "Ref.Ask");
            var message = await engine.SendAsync(Stimuli.For("Ref.Ask", new { Task = "Zoé" }, null, new Dictionary<string, object?> { ["Text"] = "message" }, engine.Time.GetUtcNow(), instanceId: id));

            var direct = Enumerable.Range(0, 8).Select(i => Task.Run(
                async () => await engine.Runtime.ResumeAsync(bookmark.Id, new Dictionary<string, object?> { ["Text"] = $"direct {i}" }, TestEngine.Cancel) is not null));
            var delivered = Task.Run(() => engine.Runtime.DeliverAsync(message.Id, TestEngine.Cancel));
            var won = await Task.WhenAll(direct.Append(delivered));

            Assert.Single(won, w => w);
            Assert.Equal(round + 1, engine.Effects.Lines.Count);
        }
    }

    [Fact]
    public async Task A_message_finds_the_bookmark_made_with_the_same_name_and_stimulus()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("ask", AskThenLine, Arrows, Variables);
        await engine.StartAsync("ask", "a");
        var message = await engine.SendAsync(Stimuli.For("Ref.Ask", new Dictionary<string, string> { ["task"] = "Zoé" }, null, new Dictionary<string, object?> { ["Text"] = "oui" }, engine.Time.GetUtcNow()));

        Assert.True(await engine.Runtime.DeliverAsync(message.Id, TestEngine.Cancel));
        Assert.False(await engine.Runtime.DeliverAsync(message.Id, TestEngine.Cancel));
        Assert.Equal(["oui"], engine.Effects.Lines);
    }

    [Fact]
    public async Task A_message_right_after_the_instance_has_suspended_is_not_lost()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("chain", [.. Enumerable.Range(0, 20).Select(i => $""" "id":"e{i}","type":"Elsa.Event","eventName":{Literal($"E{i}")} """)],
            [.. Enumerable.Range(0, 19).Select(i => $"e{i}:Done->e{i + 1}")]);
        await engine.StartAsync("chain", "c");
        for (var i = 0; i < 20; i++)
        {
            await engine.SendEventAsync($"E{i}");
            Assert.Equal(1, await engine.Runtime.DrainAsync(TestEngine.Cancel));
        }

        Assert.Equal(WorkflowStatus.Finished, (await engine.InstanceAsync("c"))?.Status);
    }

    [Fact]
    public async Task A_message_that_came_before_its_bookmark_is_delivered_when_the_bookmark_appears()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("waits", [$""" "id":"e","type":"Elsa.Event","eventName":{Literal("Early")} """], []);
        await engine.SendEventAsync("Early");
        Assert.Equal(0, await engine.Runtime.DrainAsync(TestEngine.Cancel));

        await engine.StartAsync("waits", "w");

        Assert.Equal(WorkflowStatus.Finished, (await engine.InstanceAsync("w"))?.Status);
    }

    [Fact]
    public async Task A_message_still_in_its_pause_is_delivered_by_the_sweep_when_the_maker_of_its_bookmark_died_before_looking_for_it()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("waits", [$""" "id":"e","type":"Elsa.Event","eventName":{Literal("Early")} """], []);
        await engine.StartAsync("waits", "w");
        var early = Stimuli.Event("Early", null, null, engine.Time.GetUtcNow());
        (early.Attempts, early.NotBefore) = (3, early.NotBefore.AddMinutes(20));
        await engine.SendAsync(early);
        Assert.Equal(0, await engine.Runtime.DrainAsync(TestEngine.Cancel));

        Assert.Equal(1, await engine.Runtime.SweepAsync(TestEngine.Cancel));

        Assert.Equal(WorkflowStatus.Finished, (await engine.InstanceAsync("w"))?.Status);
    }

    [Fact]
    public async Task A_message_nobody_waits_for_is_dropped_when_it_expires()
    {
        await using var engine = new TestEngine();
        var message = await engine.SendEventAsync("Nobody");
        for (var i = 0; i < 20; i++)
        {
            await engine.Runtime.DrainAsync(TestEngine.Cancel);
            engine.Time.Advance(TimeSpan.FromMinutes(10));
        }

        Assert.Null(await engine.WithStoreAsync(s => s.FindStimulusAsync(message.Id, TestEngine.Cancel)));
    }

    [Fact]
    public async Task A_message_to_many_reaches_each_instance_once_and_only_its_correlation()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("waits", [$""" "id":"e","type":"Elsa.Event","eventName":{Literal("Go")} """], []);
        foreach (var i in Enumerable.Range(0, 5))
            await engine.StartAsync("waits", $"in{i}", correlationId: "here");
        await engine.StartAsync("waits", "out", correlationId: "elsewhere");

        await engine.SendEventAsync("Go", correlationId: "here");
        await engine.Runtime.DrainAsync(TestEngine.Cancel);

        foreach (var i in Enumerable.Range(0, 5))
            Assert.Equal(WorkflowStatus.Finished, (await engine.InstanceAsync($"in{i}"))?.Status);
        Assert.Equal(WorkflowStatus.Running, (await engine.InstanceAsync("out"))?.Status);
    }

    [Fact]
    public async Task Two_messages_to_one_instance_at_once_lose_no_update()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("two",
            [""" "id":"s","type":"Ref.Noop" """, $""" "id":"a","type":"Elsa.Event","eventName":{Literal("A")} """, $""" "id":"b","type":"Elsa.Event","eventName":{Literal("B")} """,
             """ "id":"j","type":"Elsa.FlowJoin","mode":{"expression":{"type":"Literal","value":"WaitAll"}} """],
            ["s:Done->a", "s:Done->b", "a:Done->j", "b:Done->j"]);
        for (var i = 0; i < 20; i++)
        {
            await engine.StartAsync("two", $"t{i}");
            var (a, b) = (await engine.SendEventAsync("A", instanceId: $"t{i}"), await engine.SendEventAsync("B", instanceId: $"t{i}"));
            await Task.WhenAll(Task.Run(() => engine.Runtime.DeliverAsync(a.Id, TestEngine.Cancel)), Task.Run(() => engine.Runtime.DeliverAsync(b.Id, TestEngine.Cancel)));
            Assert.Equal(WorkflowStatus.Finished, (await engine.InstanceAsync($"t{i}"))?.Status);
        }
    }

    [Fact]
    public async Task Starting_the_same_instance_twice_starts_it_once()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("line", [$""" "id":"l","type":"Ref.AppendLine","line":{Literal("once")} """], []);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => engine.StartAsync("line", "same"))));
        Assert.Single(engine.Effects.Lines);
    }

    [Fact]
    public async Task Two_nodes_over_one_store_have_one_winner_and_lose_nothing()
    {
        var database = new InMemoryDatabase();
        await using var one = new TestEngine(s => s.AddSingleton(database));
        await using var other = new TestEngine(s => s.AddSingleton(database));
        await one.LoadFlowAsync("two",
            [""" "id":"s","type":"Ref.Noop" """, $""" "id":"a","type":"Elsa.Event","eventName":{Literal("A")} """, $""" "id":"b","type":"Elsa.Event","eventName":{Literal("B")} """,
             """ "id":"j","type":"Elsa.FlowJoin","mode":{"expression":{"type":"Literal","value":"WaitAll"}} """],
            ["s:Done->a", "s:Done->b", "a:Done->j", "b:Done->j"]);
        for (var i = 0; i < 20; i++)
        {
            var id = $"t{i}";
            await one.StartAsync("two", id);
            var bookmarks = await one.BookmarksAsync(id);
            var won = await Task.WhenAll(bookmarks.SelectMany(b => new[] { one, other }.Select(node => Task.Run(
                async () => await node.Runtime.ResumeAsync(b.Id, null, TestEngine.Cancel) is not null))));

            Assert.Equal(2, won.Count(w => w));
            Assert.Equal(WorkflowStatus.Finished, (await other.InstanceAsync(id))?.Status);
        }
    }

    private static string Literal(string value) => $$"""{"expression":{"type":"Literal","value":"{{value}}"} }""";
}
