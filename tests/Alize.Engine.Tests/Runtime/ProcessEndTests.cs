using Alize.Engine.Runtime;
using Alize.Engine.Storage;

namespace Alize.Engine.Tests.Runtime;

/// <summary>
/// A step that ends the whole process. Here it never comes back, and the next engine goes on with the database as it is then; the crash
/// tests have one that really does.
/// </summary>
public sealed class ProcessEndTests
{
    private const string Message = "the message";

    private static readonly string[] Deadly =
    [
        """ "id":"e","type":"Elsa.Event","eventName":{"expression":{"type":"Literal","value":"E"}} """,
        """ "id":"k","type":"Ref.Deadly" """,
        """ "id":"l","type":"Ref.AppendLine","line":{"expression":{"type":"Literal","value":"survived"}} """,
    ];

    private static readonly string[] DeadlyArrows = ["e:Done->k", "k:Done->l"];

    [Fact]
    public async Task An_instance_that_ended_the_process_three_times_is_parked_with_the_reason_and_its_neighbours_are_through_before()
    {
        var first = new TestEngine();
        await first.LoadFlowAsync("deadly", Deadly, DeadlyArrows);
        await first.LoadFlowAsync("sound", [Deadly[0]], []);
        await first.StartAsync("deadly", "killer");
        await first.StartAsync("sound", "innocent");
        await first.SendAsync(Stimuli.Event("E", null, null, first.Time.GetUtcNow(), id: Message, instanceId: "killer"));
        first.Time.Advance(TimeSpan.FromMilliseconds(1));
        await first.SendEventAsync("E", instanceId: "innocent");

        // What a process is sent itself costs nothing more: it carries no mark.
        await DieAsync(first, e => e.Runtime.DrainAsync(TestEngine.Cancel));
        Assert.Equal(0, await CrashesAsync(first));

        // Both may have been it. The killer is the older one: it is at it first, and dies with one mark, then with two.
        var engine = await DieAgainAsync(first);
        Assert.Equal((1, WorkflowSubStatus.Suspended), (await CrashesAsync(engine), (await engine.InstanceAsync("innocent"))!.SubStatus));
        engine = await DieAgainAsync(engine);
        Assert.Equal((2, WorkflowSubStatus.Suspended), (await CrashesAsync(engine), (await engine.InstanceAsync("innocent"))!.SubStatus));
        engine = await DieAgainAsync(engine);
        Assert.Equal((3, WorkflowSubStatus.Finished), (await CrashesAsync(engine), (await engine.InstanceAsync("innocent"))!.SubStatus));

        engine = engine.Next();
        engine.Effects.Meets = _ => throw new InvalidOperationException("It is run again.");
        await StartedAsync(engine);

        var parked = (await engine.InstanceAsync("killer"))!;
        Assert.Equal((WorkflowStatus.Running, WorkflowSubStatus.Faulted, 1), (parked.Status, parked.SubStatus, parked.IncidentCount));
        var reason = (await engine.WithStoreAsync(s => s.JournalAsync("killer", 0, 100, TestEngine.Cancel)))[^1];
        Assert.Equal("Faulted", reason.EventName);
        Assert.Equal((reason.Message, false), await SeenAsync(engine, "killer"));
        Assert.StartsWith("Le service s’est arrêté net 3 fois pendant que cette procédure avançait à partir de l’étape «\u00A0e\u00A0»", reason.Message, StringComparison.Ordinal);
        Assert.Contains("'e'", (await engine.WithStoreAsync(s => s.FindStimulusAsync(Message, TestEngine.Cancel)))!.LastError, StringComparison.Ordinal);

        // Neither the sweeps nor the starts that follow touch it.
        engine.Time.Advance(TimeSpan.FromDays(1));
        await engine.Runtime.SweepAsync(TestEngine.Cancel);
        engine = engine.Next();
        await StartedAsync(engine);
        Assert.Equal(parked.Revision, (await engine.InstanceAsync("killer"))!.Revision);

        await engine.Runtime.RetryAsync("killer", TestEngine.Cancel);
        var ended = (await engine.InstanceAsync("killer"))!;
        Assert.Equal((WorkflowSubStatus.Finished, 0), (ended.SubStatus, ended.IncidentCount));
        Assert.Equal(["survived"], engine.Effects.Lines);
        Assert.Null(await engine.WithStoreAsync(s => s.FindStimulusAsync(Message, TestEngine.Cancel)));
    }

    [Theory]
    [InlineData(""" "id":"d","type":"Elsa.Delay","timeSpan":{"expression":{"type":"Literal","value":"00:10:00"}} """, "d")]
    [InlineData(""" "id":"d","type":"Ref.Flaky","customProperties":{"retryDelays":["00:10:00"]} """, "d")]
    public async Task A_deadline_that_ends_the_process_is_parked_alike(string waits, string step)
    {
        var engine = new TestEngine();
        await engine.LoadFlowAsync("deadly", [waits, Deadly[1], Deadly[2]], ["d:Done->k", "k:Done->l"]);
        engine.Effects.FailuresLeft = 1;
        await engine.StartAsync("deadly", "killer");
        engine.Time.Advance(TimeSpan.FromMinutes(10));
        await DieAsync(engine, e => e.Runtime.SweepAsync(TestEngine.Cancel));
        foreach (var _ in Enumerable.Range(0, 3))
            engine = await DieAgainAsync(engine);

        engine = engine.Next();
        await StartedAsync(engine);
        await StartedAsync(engine);

        Assert.Equal(WorkflowSubStatus.Faulted, (await engine.InstanceAsync("killer"))!.SubStatus);
        Assert.Contains($"«\u00A0{step}\u00A0»", (await engine.WithStoreAsync(s => s.JournalAsync("killer", 0, 100, TestEngine.Cancel)))[^1].Message, StringComparison.Ordinal);

        await engine.Runtime.RetryAsync("killer", TestEngine.Cancel);
        Assert.Equal((WorkflowSubStatus.Finished, 0), ((await engine.InstanceAsync("killer"))!.SubStatus, (await engine.InstanceAsync("killer"))!.IncidentCount));
        Assert.Empty(await engine.TimersAsync("killer"));
        Assert.Single(engine.Effects.Lines, "survived");
    }

    [Fact]
    public async Task What_ends_the_process_while_it_starts_is_there_as_a_parked_instance_that_has_run_nothing()
    {
        var engine = new TestEngine();
        await engine.LoadFlowAsync("deadly", Deadly[1..], ["k:Done->l"]);
        await engine.SendAsync(Stimuli.Start("deadly", "killer", "about", "tenant", "name", new Dictionary<string, object?> { ["n"] = 1 }, engine.Time.GetUtcNow()));
        await DieAsync(engine, e => e.Runtime.DrainAsync(TestEngine.Cancel));
        foreach (var _ in Enumerable.Range(0, 3))
            engine = await DieAgainAsync(engine);
        Assert.Null(await engine.InstanceAsync("killer"));

        engine = engine.Next();
        await StartedAsync(engine);

        var parked = (await engine.InstanceAsync("killer"))!;
        Assert.Equal((WorkflowStatus.Running, WorkflowSubStatus.Faulted, 1), (parked.Status, parked.SubStatus, parked.IncidentCount));
        Assert.False((await SeenAsync(engine, "killer")).IsTriedAgain);
        Assert.Equal(("about", "tenant", "name"), (parked.CorrelationId, parked.TenantId, parked.Name));
        Assert.StartsWith("Le service s’est arrêté net 3 fois", (await engine.WithStoreAsync(s => s.JournalAsync("killer", 0, 100, TestEngine.Cancel)))[^1].Message, StringComparison.Ordinal);
        Assert.Empty(engine.Effects.Lines);

        await engine.Runtime.RetryAsync("killer", TestEngine.Cancel);
        Assert.Equal((WorkflowSubStatus.Finished, 0), ((await engine.InstanceAsync("killer"))!.SubStatus, (await engine.InstanceAsync("killer"))!.IncidentCount));
        Assert.Equal(["survived"], engine.Effects.Lines);
    }

    [Fact]
    public async Task What_a_clock_starts_and_ends_the_process_is_parked_and_not_started_again()
    {
        var engine = new TestEngine();
        await engine.LoadFlowAsync("deadly",
            [""" "id":"c","type":"Elsa.Cron","customProperties":{"canStartWorkflow":true},"cronExpression":{"expression":{"type":"Literal","value":"0 0 9 * * *"}} """, .. Deadly[1..]],
            ["c:Done->k", "k:Done->l"]);
        await engine.Runtime.SweepAsync(TestEngine.Cancel);
        engine.Time.Advance(TimeSpan.FromHours(1));
        await DieAsync(engine, e => e.Runtime.SweepAsync(TestEngine.Cancel));
        foreach (var _ in Enumerable.Range(0, 3))
            engine = await DieAgainAsync(engine);

        engine = engine.Next();
        await StartedAsync(engine);
        await StartedAsync(engine);

        var parked = (await engine.InstanceAsync("deadly@c@20261123T090000"))!;
        Assert.Equal((WorkflowSubStatus.Faulted, 1), (parked.SubStatus, parked.IncidentCount));
        await engine.Runtime.RetryAsync(parked.Id, TestEngine.Cancel);
        Assert.Equal(WorkflowSubStatus.Finished, (await engine.InstanceAsync(parked.Id))!.SubStatus);
        Assert.Equal(["survived"], engine.Effects.Lines);
    }

    [Fact]
    public async Task What_ends_the_process_after_a_commit_point_is_parked_where_it_stood()
    {
        var engine = new TestEngine();
        await engine.LoadFlowAsync("deadly",
            [""" "id":"one","type":"Ref.AppendLine","line":{"expression":{"type":"Literal","value":"one"}} """, """ "id":"k","type":"Ref.Deadly","customProperties":{"commitStrategyName":"Executing"} """, Deadly[2]],
            ["one:Done->k", "k:Done->l"]);
        await DieAsync(engine, e => e.StartAsync("deadly", "killer"));
        Assert.Equal(["one"], engine.Effects.Lines);
        foreach (var _ in Enumerable.Range(0, 3))
            engine = await DieAgainAsync(engine);

        engine = engine.Next();
        await StartedAsync(engine);
        Assert.Equal((WorkflowSubStatus.Faulted, 1), ((await engine.InstanceAsync("killer"))!.SubStatus, (await engine.InstanceAsync("killer"))!.IncidentCount));

        await engine.Runtime.RetryAsync("killer", TestEngine.Cancel);
        Assert.Equal((WorkflowSubStatus.Finished, 0), ((await engine.InstanceAsync("killer"))!.SubStatus, (await engine.InstanceAsync("killer"))!.IncidentCount));
        Assert.Equal(["survived"], engine.Effects.Lines);
    }

    [Fact]
    public async Task Each_of_two_that_end_the_process_is_parked_for_its_own_three_deaths()
    {
        var engine = new TestEngine();
        await engine.LoadFlowAsync("deadly", Deadly, DeadlyArrows);
        await engine.StartAsync("deadly", "killer1");
        await engine.StartAsync("deadly", "killer2");
        foreach (var id in new[] { "killer1", "killer2" })
        {
            await engine.SendEventAsync("E", instanceId: id);
            engine.Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        // Before anybody counts, both at once, then each on its own until it has three.
        await DieAsync(engine, e => e.Runtime.DrainAsync(TestEngine.Cancel));
        foreach (var _ in Enumerable.Range(0, 1 + (2 * 2)))
            engine = await DieAgainAsync(engine);

        engine = engine.Next();
        engine.Effects.Meets = _ => throw new InvalidOperationException("It is run again.");
        await StartedAsync(engine);
        foreach (var id in new[] { "killer1", "killer2" })
            Assert.Equal((WorkflowSubStatus.Faulted, 1), ((await engine.InstanceAsync(id))!.SubStatus, (await engine.InstanceAsync(id))!.IncidentCount));

        // A retry is for the one instance, not for all that wait for the same.
        engine.Effects.Meets = null;
        await engine.Runtime.RetryAsync("killer1", TestEngine.Cancel);
        Assert.Equal((WorkflowSubStatus.Finished, WorkflowSubStatus.Faulted), ((await engine.InstanceAsync("killer1"))!.SubStatus, (await engine.InstanceAsync("killer2"))!.SubStatus));
    }

    [Fact]
    public async Task A_message_from_before_that_somebody_waits_for_only_now_is_marked_as_well()
    {
        var engine = new TestEngine();
        await engine.LoadFlowAsync("deadly", Deadly, DeadlyArrows);
        await engine.SendAsync(Stimuli.Event("E", null, null, engine.Time.GetUtcNow(), id: Message, instanceId: "late"));
        await engine.Runtime.DrainAsync(TestEngine.Cancel);

        engine = engine.Next();
        await DieAsync(engine, e => e.StartAsync("deadly", "late"));
        Assert.Equal(1, await CrashesAsync(engine));
    }

    [Fact]
    public async Task A_retry_that_ends_the_process_again_is_parked_at_once()
    {
        var engine = await ParkedAsync();
        await DieAsync(engine, e => e.Runtime.RetryAsync("killer", TestEngine.Cancel));

        engine = engine.Next();
        engine.Effects.Meets = _ => throw new InvalidOperationException("It is run again.");
        await StartedAsync(engine);
        Assert.Equal((WorkflowSubStatus.Faulted, 1), ((await engine.InstanceAsync("killer"))!.SubStatus, (await engine.InstanceAsync("killer"))!.IncidentCount));
    }

    [Fact]
    public async Task An_order_to_retry_that_ends_the_process_does_so_three_times_at_most()
    {
        var engine = await ParkedAsync();
        await engine.SendAsync(new Stimulus { Id = "order", Kind = StimulusKind.Retry, InstanceId = "killer", CreatedAt = engine.Time.GetUtcNow().UtcDateTime, NotBefore = engine.Time.GetUtcNow().UtcDateTime });
        await DieAsync(engine, e => e.Runtime.DeliverAsync("order", TestEngine.Cancel));
        foreach (var _ in Enumerable.Range(0, 3))
            engine = await DieAgainAsync(engine);

        engine = engine.Next();
        engine.Effects.Meets = _ => throw new InvalidOperationException("It is run again.");
        await StartedAsync(engine);

        Assert.Null(await engine.WithStoreAsync(s => s.FindStimulusAsync("order", TestEngine.Cancel)));
        Assert.Equal((WorkflowSubStatus.Faulted, 1), ((await engine.InstanceAsync("killer"))!.SubStatus, (await engine.InstanceAsync("killer"))!.IncidentCount));
    }

    [Fact]
    public async Task A_run_that_ends_in_any_way_takes_its_mark_back()
    {
        var engine = await SentAsync("i");

        // The program is told to stop in the middle of the step: it did not die of it.
        engine = engine.Next();
        using var stop = new CancellationTokenSource();
        engine.Effects.Meets = async cancel =>
        {
            Assert.Equal(1, await CrashesAsync(engine));
            await stop.CancelAsync();
            cancel.ThrowIfCancellationRequested();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => engine.Runtime.RecoverAsync(stop.Token));
        Assert.Equal(0, await CrashesAsync(engine));

        // Nobody waits for it any more.
        engine = engine.Next();
        await engine.Runtime.CancelAsync("i", TestEngine.Cancel);
        await StartedAsync(engine);
        Assert.Equal(0, await CrashesAsync(engine));
    }

    [Fact]
    public async Task New_messages_do_not_wait_for_what_may_have_ended_a_process()
    {
        var first = new TestEngine();
        await first.LoadFlowAsync("deadly", Deadly, DeadlyArrows);
        await first.LoadFlowAsync("sound", [Deadly[0]], []);
        await first.StartAsync("deadly", "slow");
        await first.StartAsync("sound", "quick");
        await first.SendAsync(Stimuli.Event("E", null, null, first.Time.GetUtcNow(), id: Message, instanceId: "slow"));
        await DieAsync(first, e => e.Runtime.DrainAsync(TestEngine.Cancel));
        var engine = (await DieAgainAsync(first)).Next();

        // One that takes its time looks like one that kills, until it is through.
        var (begun, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        engine.Effects.Meets = _ =>
        {
            begun.TrySetResult();
            return release.Task;
        };
        await engine.Runtime.RecoverAsync(TestEngine.Cancel);
        var suspects = engine.Runtime.RunSuspectsAsync(TestEngine.Cancel);
        await begun.Task.WaitAsync(TestEngine.Cancel);
        await engine.SendEventAsync("E", instanceId: "quick");
        Assert.Equal(1, await engine.Runtime.SweepAsync(TestEngine.Cancel));
        Assert.Equal(WorkflowSubStatus.Finished, (await engine.InstanceAsync("quick"))!.SubStatus);

        release.SetResult();
        Assert.Equal(1, await suspects);
        Assert.Equal((WorkflowSubStatus.Finished, 0), ((await engine.InstanceAsync("slow"))!.SubStatus, (await engine.InstanceAsync("slow"))!.IncidentCount));
    }

    [Fact]
    public async Task A_server_that_is_switched_off_again_and_again_makes_no_suspect_of_what_it_never_ran()
    {
        var engine = await SentAsync("i");
        await DieAsync(engine, e => e.Runtime.DrainAsync(TestEngine.Cancel));
        engine = await DieAgainAsync(engine);

        // Each of these is up for nine seconds.
        foreach (var _ in Enumerable.Range(0, 5))
        {
            engine = engine.Next(o => o.PauseBeforeSuspects = TimeSpan.FromSeconds(10));
            await StartedAsync(engine);
            engine.Time.Advance(TimeSpan.FromSeconds(9));
            await engine.Runtime.SweepAsync(TestEngine.Cancel);
        }

        Assert.Equal(1, await CrashesAsync(engine));
        engine.Time.Advance(TimeSpan.FromSeconds(1));
        await engine.Runtime.SweepAsync(TestEngine.Cancel);
        Assert.Equal(WorkflowSubStatus.Finished, (await engine.InstanceAsync("i"))!.SubStatus);
    }

    [Fact]
    public async Task A_healthy_instance_parked_by_other_nodes_while_one_runs_it_is_not_left_parked()
    {
        var one = await SentAsync("i");
        var (begun, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        one.Effects.Meets = _ =>
        {
            begun.TrySetResult();
            return release.Task;
        };
        var delivered = one.Runtime.DeliverAsync(Message, TestEngine.Cancel);
        await begun.Task.WaitAsync(TestEngine.Cancel);

        // Three other nodes begin with it and are switched off; the fifth one parks it.
        var other = one;
        foreach (var _ in Enumerable.Range(0, 3))
            other = await DieAgainAsync(other);
        await StartedAsync(other.Next());
        Assert.Equal(WorkflowSubStatus.Faulted, (await one.InstanceAsync("i"))!.SubStatus);

        release.SetResult();
        Assert.True(await delivered);
        var ended = (await one.InstanceAsync("i"))!;
        Assert.Equal((WorkflowSubStatus.Finished, 0), (ended.SubStatus, ended.IncidentCount));
        Assert.Equal(1, (await one.JournalAsync("i")).Count(j => j == "l:Completed"));
    }

    /// <summary>An instance that waits, and the message, not yet delivered, on which it runs into the step.</summary>
    private static async Task<TestEngine> SentAsync(string instanceId)
    {
        var engine = new TestEngine();
        await engine.LoadFlowAsync("deadly", Deadly, DeadlyArrows);
        await engine.StartAsync("deadly", instanceId);
        await engine.SendAsync(Stimuli.Event("E", null, null, engine.Time.GetUtcNow(), id: Message, instanceId: instanceId));
        return engine;
    }

    private static async Task<TestEngine> ParkedAsync()
    {
        var engine = await SentAsync("killer");
        await DieAsync(engine, e => e.Runtime.DrainAsync(TestEngine.Cancel));
        foreach (var _ in Enumerable.Range(0, 3))
            engine = await DieAgainAsync(engine);
        engine = engine.Next();
        await StartedAsync(engine);
        Assert.Equal(WorkflowSubStatus.Faulted, (await engine.InstanceAsync("killer"))!.SubStatus);
        return engine;
    }

    /// <summary>What a host does when it has started.</summary>
    private static async Task StartedAsync(TestEngine engine)
    {
        await engine.Runtime.RecoverAsync(TestEngine.Cancel);
        await engine.Runtime.RunSuspectsAsync(TestEngine.Cancel);
    }

    private static async Task<TestEngine> DieAgainAsync(TestEngine dead)
    {
        var next = dead.Next();
        await DieAsync(next, StartedAsync);
        return next;
    }

    /// <summary>Lets an engine run until the step it does not come back from.</summary>
    private static async Task DieAsync(TestEngine engine, Func<TestEngine, Task> run)
    {
        var died = new TaskCompletionSource();
        engine.Effects.Meets = _ =>
        {
            died.TrySetResult();
            return new TaskCompletionSource().Task;
        };
        var ended = await Task.WhenAny(run(engine), died.Task);
        Assert.True(died.Task.IsCompleted, $"It did not come to the step: {ended.Exception}");
    }

    private static async Task<(string? Message, bool IsTriedAgain)> SeenAsync(TestEngine engine, string instanceId)
    {
        var instance = (await engine.InstanceAsync(instanceId))!;
        var incident = Assert.Single((await engine.WithStoreAsync(s => engine.Runtime.InspectAsync(instance, s, TestEngine.Cancel))).Incidents);
        return (incident.Message, incident.IsTriedAgain);
    }

    private static async Task<int> CrashesAsync(TestEngine engine) => (await engine.WithStoreAsync(s => s.FindStimulusAsync(Message, TestEngine.Cancel)))!.Crashes;
}
