using Alize.Engine.Runtime;
using Alize.Engine.Runtime.Migration;
using Alize.Engine.Storage;

namespace Alize.Engine.Tests.Runtime;

/// <summary>Running instances move to another version of their definition: what was done stays done, and they go on right.</summary>
public sealed class MigrationTests : IAsyncDisposable
{
    private readonly TestEngine engine = new();

    [Fact]
    public async Task A_waiting_instance_goes_on_by_the_new_version()
    {
        await FlowAsync([Say("a"), Wait("w"), Say("b")], "a:Done->w", "w:Done->b");
        await FlowAsync([Say("a"), Wait("w"), Say("b"), Say("c")], "a:Done->w", "w:Done->b", "b:Done->c");

        var plan = await MigrateAsync();

        var step = Assert.Single(plan.Steps);
        Assert.Equal(("w", "Workflow1:root:w", false), (step.ActivityId, step.TargetNodeId, step.IsFaulted));
        await EndsAsync("a b c", version: 2);
    }

    [Fact]
    public async Task A_step_added_before_the_waiting_one_is_passed_over_and_named()
    {
        await FlowAsync([Say("a"), Wait("w"), Say("b")], "a:Done->w", "w:Done->b");
        await FlowAsync([Say("a"), Say("new"), Wait("w"), Say("b")], "a:Done->new", "new:Done->w", "w:Done->b");

        Assert.Equal(["new"], (await MigrateAsync()).PassedOver);

        await EndsAsync("a b");
    }

    [Fact]
    public async Task A_new_start_before_the_waiting_one_is_passed_over()
    {
        await FlowAsync([Wait("w"), Say("b")], "w:Done->b");
        await FlowAsync([Say("new"), Wait("w"), Say("b")], "new:Done->w", "w:Done->b");

        Assert.Equal(["new"], (await MigrateAsync()).PassedOver);

        await EndsAsync("b");
    }

    [Fact]
    public async Task In_a_loop_the_step_added_before_has_its_turn_the_next_time()
    {
        string[] loop = [Say("a"), Wait("w"), Decide("d")];
        const string turns = """ "variables":[{"id":"t","name":"Turns","typeName":"Int32"}],""";
        await engine.LoadFlowAsync("flow", [.. loop, Say("end")], ["a:Done->w", "w:Done->d", "d:True->a", "d:False->end"], turns);
        await engine.LoadFlowAsync("flow", [.. loop, Say("new"), Say("end")], ["a:Done->new", "new:Done->w", "w:Done->d", "d:True->a", "d:False->end"], turns);
        await MigrateAsync();

        await GoAsync();
        Assert.Equal(["a", "a", "new"], engine.Effects.Lines);

        await EndsAsync("a a new end");
    }

    [Fact]
    public async Task A_removed_step_that_is_done_is_no_obstacle()
    {
        await FlowAsync([Say("a"), Say("gone"), Wait("w"), Say("b")], "a:Done->gone", "gone:Done->w", "w:Done->b");
        await FlowAsync([Say("a"), Wait("w"), Say("b")], "a:Done->w", "w:Done->b");
        await MigrateAsync();

        await EndsAsync("a gone b");
    }

    [Fact]
    public async Task A_waiting_step_without_a_counterpart_is_refused_and_nothing_changes()
    {
        await FlowAsync([Say("a"), Wait("w")], "a:Done->w");
        await FlowAsync([Say("a"), Wait("other")], "a:Done->other");

        var plan = await RefusedAsync(MigrationReason.NoCounterpart, "w");

        Assert.Null(Assert.Single(plan.Steps).TargetNodeId);
        Assert.Contains("« w »", plan.Refusals[0].French, StringComparison.Ordinal);
        Assert.Contains("'w'", plan.Refusals[0].English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_renamed_step_is_found_by_the_replacement_given()
    {
        await FlowAsync([Say("a"), Wait("w"), Say("b")], "a:Done->w", "w:Done->b");
        await FlowAsync([Say("a"), Wait("renamed"), Say("b")], "a:Done->renamed", "renamed:Done->b");
        await engine.StartFirstAsync("flow", "i");
        var before = Assert.Single(await engine.BookmarksAsync("i"));

        var plan = await MigrateAsync(("w", "renamed"));

        Assert.Equal("Workflow1:root:renamed", Assert.Single(plan.Steps).TargetNodeId);
        var after = Assert.Single(await engine.BookmarksAsync("i"));
        Assert.Equal((before.Id, before.Hash, before.CreatedAt, "Workflow1:root:renamed"), (after.Id, after.Hash, after.CreatedAt, after.ActivityNodeId));
        Assert.Equal("Workflow1:root:renamed", Assert.Single(await engine.ExecutionsAsync("i"), e => e.HasBookmarks).NodeId);
        await EndsAsync("a b");
    }

    [Fact]
    public async Task A_replacement_that_names_no_step_is_refused()
    {
        await FlowAsync([Wait("w")]);
        await FlowAsync([Wait("other")]);

        await RefusedAsync(MigrationReason.UnknownOverride, "nowhere", ("w", "nowhere"));
    }

    [Fact]
    public async Task A_waiting_step_of_another_kind_is_refused()
    {
        await FlowAsync([Wait("w")]);
        await FlowAsync([Say("w")]);

        await RefusedAsync(MigrationReason.KindChanged, "w");
    }

    [Fact]
    public async Task A_waiting_step_in_another_container_is_refused()
    {
        await FlowAsync([Sequence("s", Wait("w"))]);
        await FlowAsync([Sequence("s", Say("x")), Wait("w")], "s:Done->w");

        await RefusedAsync(MigrationReason.Moved, "w");
    }

    [Fact]
    public async Task A_container_of_another_kind_is_refused()
    {
        await FlowAsync([Sequence("s", Wait("w"))]);
        await FlowAsync([Flowchart("s", [Wait("w")])]);

        await RefusedAsync(MigrationReason.KindChanged, "s");
    }

    [Fact]
    public async Task Parallel_branches_meet_once_also_where_a_step_was_added_behind_one_that_is_done()
    {
        await FlowAsync([Say("s"), Wait("w1"), Wait("w2"), Say("j")], "s:Done->w1", "s:Done->w2", "w1:Done->j", "w2:Done->j");
        await FlowAsync([Say("s"), Wait("w1"), Say("n"), Wait("w2"), Say("j")], "s:Done->w1", "s:Done->w2", "w1:Done->n", "n:Done->j", "w2:Done->j");
        await engine.StartFirstAsync("flow", "i");
        await GoAsync("w1");
        await MoveAsync([]);

        await GoAsync("w2");

        Assert.Equal(["s", "j"], engine.Effects.Lines);
        Assert.Equal(WorkflowSubStatus.Finished, (await engine.InstanceAsync("i"))?.SubStatus);
    }

    [Fact]
    public async Task A_new_branch_of_a_step_that_is_done_is_not_begun()
    {
        await FlowAsync([Say("s"), Wait("w"), Say("j")], "s:Done->w", "w:Done->j");
        await FlowAsync([Say("s"), Wait("w"), Say("branch"), Say("j")], "s:Done->w", "s:Done->branch", "w:Done->j", "branch:Done->j");
        await MigrateAsync();

        await EndsAsync("s j");
    }

    [Fact]
    public async Task Both_waiting_branches_go_on_and_meet()
    {
        await FlowAsync([Say("s"), Wait("w1"), Wait("w2"), Say("j")], "s:Done->w1", "s:Done->w2", "w1:Done->j", "w2:Done->j");
        await FlowAsync([Say("s"), Wait("w1"), Wait("w2"), Say("n"), Say("j")], "s:Done->w1", "s:Done->w2", "w1:Done->n", "n:Done->j", "w2:Done->j");
        Assert.Equal(2, (await MigrateAsync()).Steps.Count);

        await GoAsync("w2");
        await GoAsync("w1");

        Assert.Equal(["s", "n", "j"], engine.Effects.Lines);
    }

    [Fact]
    public async Task A_finished_step_that_would_come_again_is_refused()
    {
        await FlowAsync([Say("a"), Wait("w"), Say("b")], "a:Done->w", "w:Done->b");
        await FlowAsync([Wait("w"), Say("a"), Say("b")], "w:Done->a", "a:Done->b");

        await RefusedAsync(MigrationReason.FinishedComesAgain, "a");
    }

    [Fact]
    public async Task A_new_arrow_into_a_waiting_step_from_one_to_come_is_refused()
    {
        await FlowAsync([Say("s"), Wait("w1"), Wait("w2")], "s:Done->w1", "s:Done->w2");
        await FlowAsync([Say("s"), Wait("w1"), Wait("w2")], "s:Done->w1", "s:Done->w2", "w1:Done->w2");

        await RefusedAsync(MigrationReason.JoinedWhileWaiting, "w2");
    }

    [Fact]
    public async Task A_join_whose_last_branch_was_removed_is_refused_since_it_would_never_run()
    {
        await FlowAsync([Say("s"), Wait("w1"), Wait("w2"), Say("j"), Say("k")], "s:Done->w1", "s:Done->w2", "s:Done->j", "w1:Done->j", "w2:Done->k");
        await FlowAsync([Say("s"), Wait("w1"), Wait("w2"), Say("j"), Say("k")], "s:Done->w1", "s:Done->w2", "s:Done->j", "w1:Done->k", "w2:Done->k");

        await RefusedAsync(MigrationReason.WouldNeverRun, "j");
    }

    [Fact]
    public async Task In_a_nested_flowchart_the_step_keeps_its_place()
    {
        await FlowAsync([Say("a"), Flowchart("in", [Say("x"), Wait("w"), Say("y")], "x:Done->w", "w:Done->y"), Say("b")], "a:Done->in", "in:Done->b");
        await FlowAsync([Say("a"), Flowchart("in", [Say("x"), Say("n"), Wait("w"), Say("m"), Say("y")], "x:Done->n", "n:Done->w", "w:Done->m", "m:Done->y"), Say("b")], "a:Done->in", "in:Done->b");
        Assert.Equal(["n"], (await MigrateAsync()).PassedOver);

        await EndsAsync("a x m y b");
    }

    [Fact]
    public async Task A_sequence_goes_on_behind_the_waiting_step_wherever_it_stands_now()
    {
        await FlowAsync([Sequence("s", Say("a"), Wait("w"), Say("b"))]);
        await FlowAsync([Sequence("s", Say("a"), Say("n1"), Say("n2"), Wait("w"), Say("m"), Say("b"))]);
        Assert.Equal(["n1", "n2"], (await MigrateAsync()).PassedOver);

        await EndsAsync("a m b");
    }

    [Fact]
    public async Task A_sequence_that_would_repeat_a_finished_step_is_refused()
    {
        await FlowAsync([Sequence("s", Say("a"), Wait("w"), Say("b"))]);
        await FlowAsync([Sequence("s", Wait("w"), Say("a"), Say("b"))]);

        await RefusedAsync(MigrationReason.FinishedComesAgain, "a");
    }

    [Fact]
    public async Task A_loop_goes_on_with_its_next_item()
    {
        await FlowAsync([Each("each", Sequence("s", Wait("w"), Item("i1")))]);
        await FlowAsync([Each("each", Sequence("s", Wait("w"), Item("i1"), Say("new"))), Say("end")], "each:Done->end");
        await engine.StartFirstAsync("flow", "i");
        await GoAsync();
        await MoveAsync([]);

        await GoAsync();
        await GoAsync();

        Assert.Equal(["A", "B", "new", "C", "new", "end"], engine.Effects.Lines);
        Assert.Equal(WorkflowSubStatus.Finished, (await engine.InstanceAsync("i"))?.SubStatus);
    }

    [Fact]
    public async Task A_loop_that_is_gone_is_refused()
    {
        await FlowAsync([Each("each", Wait("w"))]);
        await FlowAsync([Wait("w")]);

        await RefusedAsync(MigrationReason.NoCounterpart, "each");
    }

    [Fact]
    public async Task A_parent_that_waits_for_its_child_hears_of_its_end_after_the_move()
    {
        await engine.LoadFlowAsync("child", [Wait("w")], []);
        const string execute = """ "id":"x","type":"Elsa.ExecuteWorkflow","waitForCompletion":{"expression":{"type":"Literal","value":"true"} },"workflowDefinitionId":{"expression":{"type":"Literal","value":"child"}} """;
        await FlowAsync([execute, Say("b")], "x:Done->b");
        await FlowAsync([execute, Say("n"), Say("b")], "x:Done->n", "n:Done->b");
        await engine.StartFirstAsync("flow", "i");
        await engine.Runtime.DrainAsync(TestEngine.Cancel);
        await MoveAsync([]);

        await engine.SendEventAsync("go", instanceId: Assert.Single(await engine.WithStoreAsync(s => s.ChildrenAsync("i", TestEngine.Cancel))).Id);
        await engine.Runtime.DrainAsync(TestEngine.Cancel);

        Assert.Equal(["n", "b"], engine.Effects.Lines);
    }

    [Fact]
    public async Task Deadlines_keep_their_id_and_their_day()
    {
        const string ask = """ "id":"ask","type":"Ref.Ask","whom":{"expression":{"type":"Literal","value":"Anne"}} """;
        await FlowAsync([ask, Say("late")], "ask:Expired->late");
        await FlowAsync([ask, Say("late"), Say("b")], "ask:Expired->late", "late:Done->b");
        await engine.StartFirstAsync("flow", "i");
        var before = await engine.TimersAsync("i");

        await MoveAsync([]);

        Assert.Equal(before.Select(t => (t.Id, t.BookmarkId, t.DueAt)), (await engine.TimersAsync("i")).Select(t => (t.Id, t.BookmarkId, t.DueAt)));
        foreach (var timer in before)
        {
            engine.Time.SetUtcNow(new DateTimeOffset(timer.DueAt, TimeSpan.Zero));
            await engine.Runtime.FireTimerAsync(timer.Id, TestEngine.Cancel);
        }

        Assert.Equal(["remind Anne", "late", "b"], engine.Effects.Lines);
    }

    [Fact]
    public async Task A_failed_step_is_retried_by_the_new_version()
    {
        const string parks = """ "options":{"incidentStrategyType":"Alize.RetryThenPark"},""";
        const string flaky = """ "id":"f","type":"Ref.Flaky" """;
        await engine.LoadFlowAsync("flow", [flaky, Say("b")], ["f:Done->b"], parks);
        await engine.LoadFlowAsync("flow", [flaky, Say("n"), Say("b")], ["f:Done->n", "n:Done->b"], parks);
        engine.Effects.FailuresLeft = 1;
        await engine.StartFirstAsync("flow", "i");

        var plan = await MoveAsync([]);
        Assert.True(Assert.Single(plan.Steps).IsFaulted);
        await engine.Runtime.RetryAsync("i", TestEngine.Cancel);

        Assert.Equal(["n", "b"], engine.Effects.Lines.TakeLast(2));
        Assert.Equal((WorkflowSubStatus.Finished, 0), ((await engine.InstanceAsync("i"))?.SubStatus, (await engine.InstanceAsync("i"))?.IncidentCount));
    }

    [Fact]
    public async Task Variables_keep_their_values_and_new_ones_get_their_first()
    {
        const string show = """ "id":"b","type":"Ref.AppendLine","line":{"expression":{"type":"JavaScript","value":"getKept() + ' ' + getFresh()"}} """;
        const string set = """ "id":"set","type":"Elsa.SetVariable","variable":{"id":"v1","name":"Kept","typeName":"String"},"value":{"expression":{"type":"Literal","value":"old"}} """;
        await engine.LoadFlowAsync("flow", [set, Wait("w")], ["set:Done->w"], """ "variables":[{"id":"v1","name":"Kept","typeName":"String"}],""");
        await engine.LoadFlowAsync("flow", [set, Wait("w"), show], ["set:Done->w", "w:Done->b"], """ "variables":[{"id":"v2","name":"Kept","typeName":"String"},{"id":"v3","name":"Fresh","typeName":"String","value":"new"}],""");
        await MigrateAsync();

        await EndsAsync("old new");
    }

    [Fact]
    public async Task A_variable_whose_value_does_not_fit_its_new_type_is_refused()
    {
        const string set = """ "id":"set","type":"Elsa.SetVariable","variable":{"id":"v","name":"Kept","typeName":"String"},"value":{"expression":{"type":"Literal","value":"word"}} """;
        await engine.LoadFlowAsync("flow", [set, Wait("w")], ["set:Done->w"], """ "variables":[{"id":"v","name":"Kept","typeName":"String"}],""");
        await engine.LoadFlowAsync("flow", [set, Wait("w")], ["set:Done->w"], """ "variables":[{"id":"v","name":"Kept","typeName":"Int32"}],""");

        await RefusedAsync(MigrationReason.VariableType, "Kept");
    }

    [Fact]
    public async Task The_journal_says_who_moved_it_and_why()
    {
        await FlowAsync([Wait("w")]);
        await FlowAsync([Wait("w"), Say("b")], "w:Done->b");
        await MigrateAsync();

        var line = Assert.Single(await engine.WithStoreAsync(s => s.JournalAsync("i", 0, 100, TestEngine.Cancel)), j => j.EventName == "Migrated");

        Assert.Equal("Version 1 → 2", line.Message);
        Assert.Contains("\"by\":\"Anne\"", line.Payload, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ended_instance_the_same_version_and_another_definition_are_refused()
    {
        await FlowAsync([Wait("w")]);
        await FlowAsync([Wait("w"), Say("b")], "w:Done->b");
        await engine.LoadFlowAsync("other", [Wait("w")], []);
        await engine.StartFirstAsync("flow", "i");

        Assert.Equal(MigrationReason.OtherDefinition, Assert.Single((await PlanAsync("other", 1)).Refusals).Reason);
        Assert.Equal(MigrationReason.SameVersion, Assert.Single((await PlanAsync("flow", 1)).Refusals).Reason);
        await GoAsync();
        Assert.Equal(MigrationReason.Ended, Assert.Single((await PlanAsync("flow", 2)).Refusals).Reason);
    }

    public ValueTask DisposeAsync() => engine.DisposeAsync();

    private static string Say(string id) => $$$""" "id":"{{{id}}}","type":"Ref.AppendLine","line":{"expression":{"type":"Literal","value":"{{{id}}}"}} """;

    private static string Item(string id) => $$$""" "id":"{{{id}}}","type":"Ref.AppendLine","line":{"expression":{"type":"JavaScript","value":"getCurrentValue()"}} """;

    private static string Wait(string id) => $$$""" "id":"{{{id}}}","type":"Elsa.Event","eventName":{"expression":{"type":"Literal","value":"go"}} """;

    /// <summary>True the first time.</summary>
    private static string Decide(string id) => $$$""" "id":"{{{id}}}","type":"Elsa.FlowDecision","condition":{"expression":{"type":"JavaScript","value":"getTurns() ? false : (setTurns(1), true)"}} """;

    private static string Sequence(string id, params string[] steps) =>
        $$$""" "id":"{{{id}}}","type":"Elsa.Sequence","activities":[{{{string.Join(",", steps.Select(s => $$"""{"version":1,{{s}}}"""))}}}] """;

    private static string Each(string id, string body) =>
        $$$""" "id":"{{{id}}}","type":"Elsa.ForEach","items":{"expression":{"type":"JavaScript","value":"['A','B','C']"}},"body":{"version":1,{{{body}}}} """;

    private static string Flowchart(string id, string[] steps, params string[] connections)
    {
        var arrows = connections.Select(c => c.Split(':', '-', '>'))
            .Select(p => $$$"""{"source":{"activity":"{{{p[0]}}}","port":"{{{p[1]}}}"},"target":{"activity":"{{{p[^1]}}}","port":"In"} }""");
        return $$$""" "id":"{{{id}}}","type":"Elsa.Flowchart","activities":[{{{string.Join(",", steps.Select(s => $$"""{"version":1,{{s}}}"""))}}}],"connections":[{{{string.Join(",", arrows)}}}] """;
    }

    private Task FlowAsync(string[] activities, params string[] connections) => engine.LoadFlowAsync("flow", activities, connections);

    /// <summary>Starts an instance of the first version and moves it to the second.</summary>
    private async Task<MigrationPlan> MigrateAsync(params (string Old, string New)[] replacements)
    {
        if (await engine.InstanceAsync("i") is null)
            await engine.StartFirstAsync("flow", "i");
        return await MoveAsync(replacements);
    }

    private async Task<MigrationPlan> MoveAsync((string Old, string New)[] replacements)
    {
        var plan = await engine.Runtime.MigrateAsync("i", await engine.VersionIdAsync("flow", 2), replacements.ToDictionary(r => r.Old, r => r.New), "Anne", "new form", TestEngine.Cancel);
        Assert.Empty(plan.Refusals);
        Assert.Equal(2, (await engine.InstanceAsync("i"))?.DefinitionVersion);
        return plan;
    }

    private async Task<MigrationPlan> PlanAsync(string definition, int version) =>
        await engine.Runtime.PlanMigrationAsync("i", await engine.VersionIdAsync(definition, version), null, TestEngine.Cancel);

    private async Task<MigrationPlan> RefusedAsync(MigrationReason reason, string subject, params (string Old, string New)[] replacements)
    {
        await engine.StartFirstAsync("flow", "i");
        var before = await engine.InstanceAsync("i");

        var plan = await engine.Runtime.MigrateAsync("i", await engine.VersionIdAsync("flow", 2), replacements.ToDictionary(r => r.Old, r => r.New), "Anne", null, TestEngine.Cancel);

        Assert.Contains(new MigrationRefusal(reason, subject), plan.Refusals);
        Assert.Equivalent(before, await engine.InstanceAsync("i"), strict: true);
        return plan;
    }

    private async Task GoAsync(string? node = null)
    {
        var bookmark = (await engine.BookmarksAsync("i")).First(b => node is null || b.ActivityNodeId.EndsWith(":" + node, StringComparison.Ordinal));
        await engine.Runtime.ResumeAsync(bookmark.Id, null, TestEngine.Cancel);
    }

    private async Task EndsAsync(string lines, int version = 2)
    {
        await GoAsync();
        Assert.Equal(lines, string.Join(' ', engine.Effects.Lines));
        var instance = await engine.InstanceAsync("i");
        Assert.Equal((WorkflowSubStatus.Finished, version), (instance?.SubStatus, instance?.DefinitionVersion));
    }
}
