using Alize.Engine.Storage;

namespace Alize.Engine.Tests.Storage;

/// <summary>What every store must keep; inherited once for each kind of store.</summary>
public abstract class WorkflowStoreContract
{
    private static readonly DateTime Now = new(2026, 11, 23, 8, 0, 0, DateTimeKind.Utc);

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A unit of work of its own over the same storage.</summary>
    protected abstract Task<T> InScopeAsync<T>(Func<IWorkflowStore, Task<T>> work);

    [Fact]
    public async Task An_instance_is_read_as_it_was_committed()
    {
        await CommitAsync(new Burst { Instance = Instance("i"), IsNew = true });
        var read = await InScopeAsync(s => s.FindInstanceAsync("i", Cancel));

        Assert.NotNull(read);
        Assert.Equal(("d", "d:1", 1, "c", "name", "tenant"), (read.DefinitionId, read.DefinitionVersionId, read.DefinitionVersion, read.CorrelationId, read.Name, read.TenantId));
        Assert.Equal("{}"u8.ToArray(), read.State);
        Assert.Equal(Now, read.CreatedAt);
        Assert.Null(await InScopeAsync(s => s.FindInstanceAsync("other", Cancel)));
    }

    [Fact]
    public async Task Each_change_of_a_loaded_instance_is_kept_and_nothing_else_is_touched()
    {
        var (expected, revision) = (Instance("i"), 1);
        await CommitAsync(new Burst { Instance = Instance("i"), IsNew = true });
        Action<WorkflowInstance>[] changes =
        [
            i => i.CorrelationId = "other", i => i.Name = "renamed", i => i.Name = null, i => i.SubStatus = WorkflowSubStatus.Faulted,
            i => (i.DefinitionVersionId, i.DefinitionVersion) = ("d:2", 2), i => i.ActivationKey = "alone", i => i.ActivationKey = null,
            i => i.IncidentCount = 3, i => i.State = "{\"a\":1}"u8.ToArray(), i => i.UpdatedAt = Now.AddDays(1),
            i => (i.Status, i.SubStatus, i.FinishedAt) = (WorkflowStatus.Finished, WorkflowSubStatus.Finished, Now.AddDays(2)), _ => { },
        ];
        foreach (var change in changes)
        {
            change(expected);
            await InScopeAsync(async s =>
            {
                var loaded = (await s.FindInstanceAsync("i", Cancel))!;
                change(loaded);
                return await s.CommitAsync(new Burst { Instance = loaded }, Cancel);
            });

            var read = (await InScopeAsync(s => s.FindInstanceAsync("i", Cancel)))!;
            Assert.Equal(Values(expected), Values(read));
            Assert.Equal(expected.State, read.State);
            Assert.Equal(++revision, read.Revision);
        }

        static object?[] Values(WorkflowInstance i) =>
            [i.DefinitionVersionId, i.DefinitionVersion, i.CorrelationId, i.Name, i.ActivationKey, i.Status, i.SubStatus, i.IncidentCount, i.CreatedAt, i.UpdatedAt, i.FinishedAt];
    }

    [Fact]
    public async Task Deleted_instances_leave_nothing_behind()
    {
        await CommitAsync(new Burst { Instance = Instance("i"), IsNew = true, AddedBookmarks = [Bookmark("b", "i")], AddedTimers = [Timer("t", "i", 1)], Journal = [Line("i", 1)] });
        await CommitAsync(new Burst { Instance = Instance("j"), IsNew = true, AddedBookmarks = [Bookmark("c", "j")] });

        Assert.Equal(1, await InScopeAsync(s => s.DeleteInstancesAsync(["i", "never was"], Cancel)));

        Assert.Null(await InScopeAsync(s => s.FindInstanceAsync("i", Cancel)));
        Assert.Null(await InScopeAsync(s => s.FindBookmarkAsync("b", Cancel)));
        Assert.Null(await InScopeAsync(s => s.FindTimerAsync("t", Cancel)));
        Assert.Empty(await InScopeAsync(s => s.JournalAsync("i", 0, 10, Cancel)));
        Assert.NotNull(await InScopeAsync(s => s.FindBookmarkAsync("c", Cancel)));
    }

    [Fact]
    public async Task A_draft_is_written_again_and_a_published_version_is_not()
    {
        await AddVersionAsync(1, published: false);
        var draft = (await InScopeAsync(s => s.FindDefinitionAsync("versions", published: false, Cancel)))!;
        (draft.Name, draft.Json, draft.IsPublished) = ("written again", """{"a":1}""", true);
        Assert.True(await InScopeAsync(s => s.UpdateDefinitionAsync(draft, [StartOf("versions:1", "h1")], Cancel)));

        var published = (await InScopeAsync(s => s.FindDefinitionAsync("versions", published: true, Cancel)))!;
        Assert.Equal(("written again", """{"a":1}"""), (published.Name, published.Json));
        Assert.Single(await InScopeAsync(s => s.MatchTriggersAsync("h1", Cancel)));
        published.Name = "too late";
        Assert.False(await InScopeAsync(s => s.UpdateDefinitionAsync(published, [], Cancel)));
        Assert.Equal("written again", (await InScopeAsync(s => s.FindDefinitionVersionAsync("versions:1", Cancel)))!.Name);
    }

    [Fact]
    public async Task A_published_draft_takes_the_place_of_all_others_and_a_retracted_one_starts_nothing()
    {
        await AddVersionAsync(1, published: true, StartOf("versions:1", "h1"));
        await AddVersionAsync(2, published: false);
        var draft = (await InScopeAsync(s => s.FindDefinitionAsync("versions", published: false, Cancel)))!;
        draft.IsPublished = true;
        Assert.True(await InScopeAsync(s => s.UpdateDefinitionAsync(draft, [StartOf("versions:2", "h2")], Cancel)));

        Assert.Equal([(2, true, true), (1, false, false)], (await InScopeAsync(s => s.DefinitionVersionsAsync("versions", Cancel))).Select(v => (v.Version, v.IsLatest, v.IsPublished)));
        Assert.Empty(await InScopeAsync(s => s.MatchTriggersAsync("h1", Cancel)));
        Assert.Single(await InScopeAsync(s => s.MatchTriggersAsync("h2", Cancel)));

        await InScopeAsync(async s =>
        {
            await s.RetractDefinitionAsync("versions", Cancel);
            return 0;
        });
        Assert.Null(await InScopeAsync(s => s.FindDefinitionAsync("versions", published: true, Cancel)));
        Assert.Empty(await InScopeAsync(s => s.MatchTriggersAsync("h2", Cancel)));
        Assert.Equal(2, (await InScopeAsync(s => s.FindDefinitionAsync("versions", published: false, Cancel)))!.Version);
    }

    [Fact]
    public async Task When_the_latest_version_is_deleted_the_one_before_is_the_latest()
    {
        await AddVersionAsync(1, published: true, StartOf("versions:1", "h1"));
        await AddVersionAsync(2, published: false);
        await InScopeAsync(async s =>
        {
            await s.DeleteDefinitionVersionsAsync("versions", ["versions:2"], Cancel);
            return 0;
        });

        Assert.Equal(1, (await InScopeAsync(s => s.FindDefinitionAsync("versions", published: false, Cancel)))!.Version);
        Assert.Single(await InScopeAsync(s => s.MatchTriggersAsync("h1", Cancel)));
        Assert.Contains("versions", await InScopeAsync(s => s.DefinitionIdsAsync(Cancel)));
        await InScopeAsync(async s =>
        {
            await s.DeleteDefinitionVersionsAsync("versions", ["versions:1"], Cancel);
            return 0;
        });
        Assert.Empty(await InScopeAsync(s => s.MatchTriggersAsync("h1", Cancel)));
        Assert.DoesNotContain("versions", await InScopeAsync(s => s.DefinitionIdsAsync(Cancel)));
    }

    [Fact]
    public async Task A_version_knows_whether_an_instance_came_from_it()
    {
        await CommitAsync(new Burst { Instance = Instance("i"), IsNew = true });
        Assert.True(await InScopeAsync(s => s.HasInstancesAsync(Version("d", 1), Cancel)));
        Assert.False(await InScopeAsync(s => s.HasInstancesAsync(Version("d", 2), Cancel)));
    }

    [Fact]
    public async Task An_instance_is_started_once()
    {
        await CommitAsync(new Burst { Instance = Instance("i"), IsNew = true });
        var refused = await Assert.ThrowsAsync<StaleInstanceException>(() => CommitAsync(new Burst { Instance = Instance("i"), IsNew = true }));
        Assert.Equal("i", refused.InstanceId);
    }

    [Fact]
    public async Task Of_two_that_claim_the_same_for_themselves_alone_one_starts()
    {
        var (first, second) = (Instance("i"), Instance("j"));
        first.ActivationKey = second.ActivationKey = "key";
        await CommitAsync(new Burst { Instance = first, IsNew = true });
        Assert.True(await InScopeAsync(s => s.IsRunningAsync("d", "c", "tenant", Cancel)));
        Assert.False(await InScopeAsync(s => s.IsRunningAsync("d", "other", "tenant", Cancel)));
        await Assert.ThrowsAsync<StaleInstanceException>(() => CommitAsync(new Burst { Instance = second, IsNew = true }));
    }

    [Fact]
    public async Task Of_two_bursts_over_the_same_revision_one_is_refused_with_all_it_brings()
    {
        await CommitAsync(new Burst { Instance = Instance("i"), IsNew = true });
        var (first, second) = (await LoadAsync("i"), await LoadAsync("i"));
        await CommitAsync(new Burst { Instance = first });

        await Assert.ThrowsAsync<StaleInstanceException>(() => CommitAsync(
            new Burst { Instance = second, AddedBookmarks = [Bookmark("b", "i")], AddedTimers = [Timer("t", "i", 1)], Journal = [Line("i", 1)] }, Event("sent with it")));

        Assert.Null(await InScopeAsync(s => s.FindBookmarkAsync("b", Cancel)));
        Assert.Null(await InScopeAsync(s => s.FindTimerAsync("t", Cancel)));
        Assert.Null(await InScopeAsync(s => s.FindStimulusAsync("sent with it", Cancel)));
        Assert.Empty(await InScopeAsync(s => s.JournalAsync("i", 0, 10, Cancel)));
    }

    [Fact]
    public async Task A_bookmark_is_resumed_by_one_worker_only()
    {
        await CommitAsync(new Burst { Instance = Instance("i"), IsNew = true, AddedBookmarks = [Bookmark("b", "i")] });
        var instance = await LoadAsync("i");
        await CommitAsync(new Burst { Instance = instance, RemovedBookmarkIds = ["b"] });

        await Assert.ThrowsAsync<StaleInstanceException>(async () => await CommitAsync(new Burst { Instance = await LoadAsync("i"), RemovedBookmarkIds = ["b"] }));
    }

    [Fact]
    public async Task Bookmarks_are_found_by_hash_instance_and_correlation_oldest_first()
    {
        await CommitAsync(new Burst { Instance = Instance("i"), IsNew = true, AddedBookmarks = [Bookmark("b2", "i", minutes: 2), Bookmark("b1", "i", minutes: 1), Bookmark("x", "i", hash: "other")] });
        await CommitAsync(new Burst { Instance = Instance("j"), IsNew = true, AddedBookmarks = [Bookmark("b3", "j", minutes: 3, correlation: "elsewhere")] });

        Assert.Equal(["b1", "b2", "b3"], await IdsAsync(null, null));
        Assert.Equal(["b3"], await IdsAsync("j", null));
        Assert.Equal(["b1", "b2"], await IdsAsync(null, "c"));
        Assert.Empty(await IdsAsync("j", "c"));
        Assert.Equal(3, (await InScopeAsync(s => s.BookmarksOfAsync("i", Cancel))).Count);

        async Task<string[]> IdsAsync(string? instance, string? correlation) =>
            [.. (await InScopeAsync(s => s.MatchBookmarksAsync("hash", instance, correlation, Cancel))).Select(b => b.Id)];
    }

    [Fact]
    public async Task Timers_are_read_by_their_due_moment_and_know_their_job()
    {
        await CommitAsync(new Burst { Instance = Instance("i"), IsNew = true, AddedTimers = [Timer("late", "i", 60), Timer("soon", "i", 1), Timer("next", "i", 2)] });

        Assert.Equal(["soon", "next"], (await InScopeAsync(s => s.TimersDueAsync(Now.AddMinutes(2), null, 10, Cancel))).Select(t => t.Id));
        Assert.Equal(["soon"], (await InScopeAsync(s => s.TimersDueAsync(Now.AddMinutes(2), null, 1, Cancel))).Select(t => t.Id));
        Assert.Equal(Now.AddMinutes(1), await InScopeAsync(s => s.NextTimerDueAsync(Cancel)));
        Assert.Equal(1, await InScopeAsync(s => s.SetTimerJobAsync(["soon"], "job", Cancel)));
        Assert.Equal(0, await InScopeAsync(s => s.SetTimerJobAsync(["soon"], "second job", Cancel)));
        Assert.Equal(0, await InScopeAsync(s => s.SetTimerJobAsync(["gone"], "job", Cancel)));
        Assert.Equal(["next", "late"], (await InScopeAsync(s => s.UnscheduledTimersAsync(Now.AddDays(1), 10, Cancel))).Select(t => t.Id));
        Assert.Equal(["next"], (await InScopeAsync(s => s.UnscheduledTimersAsync(Now.AddMinutes(30), 10, Cancel))).Select(t => t.Id));
        Assert.Equal(["job", null, null], (await InScopeAsync(s => s.TimersOfAsync("i", Cancel))).Select(t => t.JobId));
        await InScopeAsync(async s =>
        {
            await s.ForgetTimerJobsAsync(Cancel);
            return 0;
        });
        Assert.Equal(["soon", "next", "late"], (await InScopeAsync(s => s.UnscheduledTimersAsync(Now.AddDays(1), 10, Cancel))).Select(t => t.Id));

        await CommitAsync(new Burst { Instance = await LoadAsync("i"), RemovedTimerIds = ["soon"] });
        Assert.Null(await InScopeAsync(s => s.FindTimerAsync("soon", Cancel)));
        await Assert.ThrowsAsync<StaleInstanceException>(async () => await CommitAsync(new Burst { Instance = await LoadAsync("i"), RemovedTimerIds = ["soon"] }));
    }

    [Fact]
    public async Task A_message_exists_with_the_burst_that_sends_it_and_ends_with_the_burst_it_starts()
    {
        await CommitAsync(new Burst { Instance = Instance("i"), IsNew = true }, Event("e1"), Event("e2", minutes: 10));
        Assert.Equal(["e1"], (await InScopeAsync(s => s.StimuliDueAsync(Now, 10, Cancel))).Select(s => s.Id));
        Assert.Equal(["e1", "e2"], (await InScopeAsync(s => s.StimuliMatchingAsync(["hash", "unused"], Cancel))).Select(s => s.Id));
        Assert.Empty(await InScopeAsync(s => s.StimuliMatchingAsync([], Cancel)));

        await CommitAsync(new Burst { Instance = await LoadAsync("i"), ConsumedStimulusId = "e1" });
        Assert.Null(await InScopeAsync(s => s.FindStimulusAsync("e1", Cancel)));
        await Assert.ThrowsAsync<StaleInstanceException>(async () => await CommitAsync(new Burst { Instance = await LoadAsync("i"), ConsumedStimulusId = "e1" }));
    }

    [Fact]
    public async Task A_message_can_be_put_off_split_and_dropped()
    {
        await CommitAsync(new Burst { Instance = Instance("i"), IsNew = true }, Event("e"));
        await InScopeAsync(async s =>
        {
            await s.PostponeAsync("e", Now.AddHours(1), 3, "nobody", Cancel);
            return 0;
        });
        var put = await InScopeAsync(s => s.FindStimulusAsync("e", Cancel));
        Assert.Equal((Now.AddHours(1), 3, "nobody"), (put!.NotBefore, put.Attempts, put.LastError));

        Assert.True(await InScopeAsync(s => s.SplitStimulusAsync("e", [Event("e/1"), Event("e/2")], Cancel)));
        Assert.False(await InScopeAsync(s => s.SplitStimulusAsync("e", [Event("e/3")], Cancel)));
        Assert.Equal(["e/1", "e/2"], (await InScopeAsync(s => s.StimuliDueAsync(Now, 10, Cancel))).Select(s => s.Id).Order(StringComparer.Ordinal));

        await InScopeAsync(async s =>
        {
            await s.DropStimuliAsync(["e/1", "gone"], Cancel);
            await s.DropStimuliAsync(["e/1", "e/2"], Cancel);
            return 0;
        });
        Assert.Empty(await InScopeAsync(s => s.StimuliDueAsync(Now, 10, Cancel)));
    }

    [Fact]
    public async Task A_message_can_be_sent_once_without_a_burst()
    {
        Assert.True(await InScopeAsync(s => s.SendAsync(Event("e"), Cancel)));
        Assert.False(await InScopeAsync(s => s.SendAsync(Event("e", minutes: 5), Cancel)));
        Assert.Equal(Now, (await InScopeAsync(s => s.FindStimulusAsync("e", Cancel)))!.NotBefore);
    }

    [Fact]
    public async Task What_carries_a_mark_is_read_apart_fewest_marks_first_until_a_run_of_it_has_ended()
    {
        await CommitAsync(
            new Burst { Instance = Instance("i"), IsNew = true, AddedTimers = [Timer("t1", "i", -3), Timer("t2", "i", -2), Timer("t3", "i", -1), Timer("later", "i", 1)] },
            Event("e1", minutes: -3), Event("e2", minutes: -2), Event("e3", minutes: -1), Event("put off", minutes: 10));
        await MarkAsync(["e1", "e2", "gone"], ["t1", "t2", "later"]);
        await MarkAsync(["e1"], ["t1"]);
        await MarkAsync(["put off"], []);

        Assert.Equal(["e3"], (await InScopeAsync(s => s.StimuliDueAsync(Now, 10, Cancel))).Select(s => s.Id));
        Assert.Equal(["t3"], (await InScopeAsync(s => s.TimersDueAsync(Now, null, 10, Cancel))).Select(t => t.Id));
        Assert.Equal([("e2", 1), ("put off", 1), ("e1", 2)], (await InScopeAsync(s => s.SuspectStimuliAsync(Now, Cancel))).Select(s => (s.Id, s.Crashes)));
        Assert.Equal([("t2", 1), ("t1", 2)], (await InScopeAsync(s => s.SuspectTimersAsync(Now, Cancel))).Select(t => (t.Id, t.Crashes)));

        await InScopeAsync(async s =>
        {
            await s.UnmarkAsync(["e1", "gone"], ["t1"], Cancel);
            return 0;
        });
        Assert.Equal(["e1", "e3"], (await InScopeAsync(s => s.StimuliDueAsync(Now, 10, Cancel))).Select(s => s.Id));
        Assert.Equal(["t1", "t3"], (await InScopeAsync(s => s.TimersDueAsync(Now, null, 10, Cancel))).Select(t => t.Id));

        // The mark goes with its row.
        await CommitAsync(new Burst { Instance = await LoadAsync("i"), ConsumedStimulusId = "e2", RemovedTimerIds = ["t2"] });
        Assert.Equal(["put off"], (await InScopeAsync(s => s.SuspectStimuliAsync(Now, Cancel))).Select(s => s.Id));
        Assert.Empty(await InScopeAsync(s => s.SuspectTimersAsync(Now, Cancel)));

        Task<int> MarkAsync(string[] stimuli, string[] timers) => InScopeAsync(async s =>
        {
            await s.MarkAsync(stimuli, timers, Now, Cancel);
            return 0;
        });
    }

    [Fact]
    public async Task What_was_put_off_by_a_process_that_ended_before_it_took_its_mark_back_is_found_as_soon_as_it_is_awaited()
    {
        await CommitAsync(new Burst { Instance = Instance("i"), IsNew = true }, Event("early", minutes: -3));
        await InScopeAsync(async s =>
        {
            await s.MarkAsync(["early"], [], Now, Cancel);
            await s.PostponeAsync("early", Now.AddMinutes(30), 1, null, Cancel);
            return 0;
        });
        Assert.Empty(await InScopeAsync(s => s.SuspectStimuliAsync(Now, Cancel)));

        await CommitAsync(new Burst { Instance = await LoadAsync("i"), AddedBookmarks = [Bookmark("i:b1", "i")] });

        Assert.Empty(await InScopeAsync(s => s.StimuliAwaitedAsync(Now, 10, Cancel)));
        Assert.Equal(["early"], (await InScopeAsync(s => s.SuspectStimuliAsync(Now, Cancel))).Select(s => s.Id));
    }

    [Fact]
    public async Task What_a_failed_step_sent_is_forgotten_and_what_was_flushed_before_is_kept()
    {
        await InScopeAsync(async s =>
        {
            s.Enqueue(Event("kept"));
            await s.FlushAsync(Cancel);
            s.Enqueue(Event("forgotten"));
            await s.DiscardAsync(Cancel);
            await s.CommitAsync(new Burst { Instance = Instance("i"), IsNew = true }, Cancel);
            return 0;
        });
        Assert.Equal(["kept"], (await InScopeAsync(s => s.StimuliDueAsync(Now, 10, Cancel))).Select(s => s.Id));
    }

    [Fact]
    public async Task The_journal_is_read_by_pages_and_executions_as_they_were_last()
    {
        await CommitAsync(new Burst { Instance = Instance("i"), IsNew = true, Journal = [Line("i", 1), Line("i", 2)], Executions = [Execution("i:1", "Running")] });
        await CommitAsync(new Burst { Instance = await LoadAsync("i"), Journal = [Line("i", 3)], Executions = [Execution("i:1", "Completed")] });

        Assert.Equal([1L, 2L], (await InScopeAsync(s => s.JournalAsync("i", 0, 2, Cancel))).Select(j => j.Sequence));
        Assert.Equal([3L], (await InScopeAsync(s => s.JournalAsync("i", 2, 2, Cancel))).Select(j => j.Sequence));
        Assert.Equal("Completed", Assert.Single(await InScopeAsync(s => s.ExecutionsAsync("i", Cancel))).Status);
    }

    [Fact]
    public async Task A_new_version_takes_the_place_of_the_one_before_with_its_triggers()
    {
        await AddAsync(Definition(1, published: true), Trigger("t1", "old"));
        await AddAsync(Definition(2, published: true), Trigger("t2", "new"));
        await AddAsync(Definition(3, published: false));

        Assert.Equal(2, (await InScopeAsync(s => s.FindDefinitionAsync("d", published: true, Cancel)))?.Version);
        Assert.Equal(3, (await InScopeAsync(s => s.FindDefinitionAsync("d", published: false, Cancel)))?.Version);
        Assert.Equal(1, (await InScopeAsync(s => s.FindDefinitionVersionAsync("d:1", Cancel)))?.Version);
        Assert.Equal(["d:2"], (await InScopeAsync(s => s.PublishedDefinitionsAsync(Cancel))).Select(d => d.Id));
        Assert.Empty(await InScopeAsync(s => s.MatchTriggersAsync("old", Cancel)));
        Assert.Equal(["t2"], (await InScopeAsync(s => s.MatchTriggersAsync("new", Cancel))).Select(t => t.Id));
    }

    [Fact]
    public async Task A_version_that_is_there_already_is_not_added_again()
    {
        await AddAsync(Definition(1, published: false));

        Assert.False(await InScopeAsync(s => s.AddDefinitionAsync(Definition(1, published: false), [], Cancel)));
    }

    private Task<int> AddAsync(StoredDefinition definition, params StoredTrigger[] triggers) => InScopeAsync(async s =>
    {
        await s.AddDefinitionAsync(definition, triggers, Cancel);
        return 0;
    });

    private Task<int> CommitAsync(Burst burst, params Stimulus[] sent) => InScopeAsync(async s =>
    {
        foreach (var stimulus in sent)
            s.Enqueue(stimulus);
        await s.CommitAsync(burst, Cancel);
        return 0;
    });

    private async Task<WorkflowInstance> LoadAsync(string id) =>
        await InScopeAsync(s => s.FindInstanceAsync(id, Cancel)) ?? throw new InvalidOperationException($"Instance '{id}' was not committed.");

    private static WorkflowInstance Instance(string id) => new()
    {
        Id = id,
        DefinitionId = "d",
        DefinitionVersionId = "d:1",
        DefinitionVersion = 1,
        CorrelationId = "c",
        Name = "name",
        TenantId = "tenant",
        Status = WorkflowStatus.Running,
        SubStatus = WorkflowSubStatus.Suspended,
        State = "{}"u8.ToArray(),
        CreatedAt = Now,
        UpdatedAt = Now,
    };

    private static StoredBookmark Bookmark(string id, string instance, string hash = "hash", int minutes = 0, string correlation = "c") => new()
    {
        Id = id,
        InstanceId = instance,
        Name = "Elsa.Event",
        Hash = hash,
        CorrelationId = correlation,
        ActivityNodeId = "Workflow1:a",
        ActivityInstanceId = $"{instance}:1",
        CreatedAt = Now.AddMinutes(minutes),
    };

    private static StoredTimer Timer(string id, string instance, int minutes) => new() { Id = id, InstanceId = instance, ActivityInstanceId = $"{instance}:1", DueAt = Now.AddMinutes(minutes) };

    private static Stimulus Event(string id, int minutes = 0) => new()
    {
        Id = id,
        Kind = StimulusKind.Deliver,
        Name = "Elsa.Event",
        Hash = "hash",
        CreatedAt = Now.AddMinutes(minutes),
        NotBefore = Now.AddMinutes(minutes),
    };

    private static JournalRecord Line(string instance, long sequence) => new()
    {
        Id = $"{instance}:{sequence}",
        InstanceId = instance,
        Sequence = sequence,
        ActivityInstanceId = $"{instance}:1",
        ActivityId = "a",
        NodeId = "Workflow1:a",
        ActivityType = "Ref.Noop",
        EventName = "Started",
        At = Now,
    };

    private static ActivityExecutionRecord Execution(string id, string status) => new()
    {
        Id = id,
        InstanceId = "i",
        ActivityId = "a",
        NodeId = "Workflow1:a",
        ActivityType = "Ref.Noop",
        Status = status,
        StartedAt = Now,
    };

    private static StoredDefinition Definition(int version, bool published) => new()
    {
        Id = $"d:{version}",
        DefinitionId = "d",
        Version = version,
        Name = "d",
        Json = "{}",
        IsLatest = true,
        IsPublished = published,
        CreatedAt = Now,
    };

    private static StoredTrigger Trigger(string id, string hash) => new() { Id = id, DefinitionId = "d", DefinitionVersionId = "d:1", ActivityId = "a", Name = "Elsa.Event", Hash = hash };

    private static StoredDefinition Version(string definitionId, int version, bool published = false) => new()
    {
        Id = $"{definitionId}:{version}",
        DefinitionId = definitionId,
        Version = version,
        Name = "name",
        Json = "{}",
        IsLatest = true,
        IsPublished = published,
        CreatedAt = Now,
    };

    private static StoredTrigger StartOf(string versionId, string hash) =>
        new() { Id = $"{versionId}:t", DefinitionId = "versions", DefinitionVersionId = versionId, ActivityId = "a", Name = "n", Hash = hash };

    private async Task AddVersionAsync(int version, bool published, params StoredTrigger[] triggers) =>
        Assert.True(await InScopeAsync(s => s.AddDefinitionAsync(Version("versions", version, published), triggers, Cancel)));
}
