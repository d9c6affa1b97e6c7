using Alize.Data.Tests.Databases;
using Alize.Domain.Programmes;
using Alize.Engine.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static Alize.Data.Tests.Workflow.StoredSamples;

namespace Alize.Data.Tests.Workflow;

/// <summary>What a store in a database keeps beside the contract of every store, the same on each.</summary>
public abstract class DatabaseWorkflowStoreTests(TestDatabases databases, DatabaseProvider provider) : DatabaseTests(databases, provider)
{
    [Fact]
    public async Task An_instance_comes_back_as_it_was_committed()
    {
        var instance = Instance("i1");
        await InScopeAsync(store => store.CommitAsync(new() { Instance = instance, IsNew = true }, Cancel));

        var found = await InScopeAsync(store => store.FindInstanceAsync("i1", Cancel));

        Assert.Equal(1, instance.Revision);
        Assert.NotNull(found);
        Assert.Equivalent(instance, found, strict: true);
        Assert.Equal(DateTimeKind.Utc, found.CreatedAt.Kind);
    }

    [Fact]
    public async Task Deleted_instances_leave_nothing_and_what_is_changed_beside_them_is_kept()
    {
        await StartAsync("i1", Bookmark("b1", "i1"));
        await StartAsync("i2", Bookmark("b2", "i2"));

        Assert.Equal(1, await DeleteAsync("i1", "never was"));

        Assert.Null(await InScopeAsync(store => store.FindInstanceAsync("i1", Cancel)));
        Assert.Null(await InScopeAsync(store => store.FindBookmarkAsync("b1", Cancel)));
        Assert.NotNull(await InScopeAsync(store => store.FindBookmarkAsync("b2", Cancel)));
        Assert.NotNull(await InScopeAsync(store => store.FindStimulusAsync("beside", Cancel)));

        async Task<int> DeleteAsync(params string[] ids)
        {
            await using var scope = Database.Scope();
            var store = scope.ServiceProvider.GetRequiredService<IWorkflowStore>();
            store.Enqueue(Stimulus("beside"));
            return await store.DeleteInstancesAsync(ids, Cancel);
        }
    }

    [Fact]
    public async Task Of_two_starts_at_the_same_time_one_wins()
    {
        var outcomes = await Task.WhenAll(AttemptAsync(() => StartAsync("i1")), AttemptAsync(() => StartAsync("i1")));

        Assert.Single(outcomes, wins => wins);
    }

    [Fact]
    public async Task Of_two_that_claim_the_same_for_themselves_alone_one_starts_and_the_next_when_it_has_ended()
    {
        async Task StartAloneAsync(string id)
        {
            var instance = Instance(id);
            instance.ActivationKey = Hash;
            await InScopeAsync(store => store.CommitAsync(new() { Instance = instance, IsNew = true }, Cancel));
        }

        var outcomes = await Task.WhenAll(AttemptAsync(() => StartAloneAsync("i1")), AttemptAsync(() => StartAloneAsync("i2")));
        Assert.Single(outcomes, wins => wins);
        Assert.True(await InScopeAsync(store => store.IsRunningAsync("repayment", null, "ombrelle", Cancel)));

        await InScopeAsync(async store =>
        {
            var winner = await Load(store, outcomes[0] ? "i1" : "i2");
            (winner.Status, winner.ActivationKey) = (WorkflowStatus.Finished, null);
            await store.CommitAsync(new() { Instance = winner }, Cancel);
        });
        Assert.False(await InScopeAsync(store => store.IsRunningAsync("repayment", null, "ombrelle", Cancel)));
        await StartAloneAsync("i3");
    }

    [Fact]
    public async Task A_bookmark_is_consumed_by_one_worker_only()
    {
        await StartAsync("i1", Bookmark("b1", "i1"));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AttemptAsync(() => InScopeAsync(async store =>
        {
            var instance = await Load(store, "i1");
            await store.CommitAsync(new() { Instance = instance, RemovedBookmarkIds = ["b1"] }, Cancel);
        }))));

        // A worker that loads after the first commit has a fresh revision, but no bookmark any more.
        Assert.Single(outcomes, wins => wins);
        Assert.Null(await InScopeAsync(store => store.FindBookmarkAsync("b1", Cancel)));
    }

    [Fact]
    public async Task A_stale_revision_is_refused_and_nothing_is_written()
    {
        await StartAsync("i1");
        var seenBefore = await InScopeAsync(store => Load(store, "i1"));
        await InScopeAsync(async store => await store.CommitAsync(new() { Instance = await Load(store, "i1") }, Cancel));

        seenBefore.State = [7];
        var programme = Sample.Programme();
        await Assert.ThrowsAsync<StaleInstanceException>(() => InScopeAsync(async (store, db) =>
        {
            db.Add(programme);
            await store.FlushAsync(Cancel);
            store.Enqueue(Stimulus("s1"));
            await store.CommitAsync(
                new() { Instance = seenBefore, AddedBookmarks = [Bookmark("b1", "i1")], Journal = [Line("i1", 1)] }, Cancel);
        }));

        Assert.Equal(1, seenBefore.Revision);
        await InScopeAsync(async (store, db) =>
        {
            Assert.Equal(2, (await Load(store, "i1")).Revision);
            Assert.Empty(await store.BookmarksOfAsync("i1", Cancel));
            Assert.Empty(await store.JournalAsync("i1", 0, 10, Cancel));
            Assert.Null(await store.FindStimulusAsync("s1", Cancel));
            Assert.False(await db.Programmes.AnyAsync(Cancel));
        });
    }

    [Fact]
    public async Task A_consumed_stimulus_timer_or_bookmark_must_still_be_there()
    {
        await StartAsync("i1");
        foreach (var build in new Func<WorkflowInstance, Burst>[]
                 {
                     i => new() { Instance = i, ConsumedStimulusId = "gone" },
                     i => new() { Instance = i, RemovedTimerIds = ["gone"] },
                     i => new() { Instance = i, RemovedBookmarkIds = ["gone"] },
                 })
        {
            await Assert.ThrowsAsync<StaleInstanceException>(() => InScopeAsync(async store =>
                await store.CommitAsync(build(await Load(store, "i1")), Cancel)));
        }

        Assert.Equal(1, (await InScopeAsync(store => Load(store, "i1"))).Revision);
    }

    [Fact]
    public async Task A_burst_is_committed_with_everything_its_activities_changed()
    {
        var programme = Sample.Programme();
        await EnqueueAsync(Stimulus("s1"));
        await InScopeAsync(async (store, db) =>
        {
            db.Add(programme);
            await store.FlushAsync(Cancel);
            db.Add(Sample.Partner(programme));
            store.Enqueue(Stimulus("s2"));
            await store.CommitAsync(
                new()
                {
                    Instance = Instance("i1"),
                    IsNew = true,
                    ConsumedStimulusId = "s1",
                    AddedBookmarks = [Bookmark("b1", "i1")],
                    AddedTimers = [Timer("t1", "i1", Now)],
                    Journal = [Line("i1", 1), Line("i1", 2)],
                    Executions = [Execution("e1", "i1")],
                },
                Cancel);
        });

        await InScopeAsync(async (store, db) =>
        {
            Assert.Equal(1, await db.Partners.CountAsync(Cancel));
            Assert.Null(await store.FindStimulusAsync("s1", Cancel));
            Assert.NotNull(await store.FindStimulusAsync("s2", Cancel));
            Assert.Equivalent(Bookmark("b1", "i1"), Assert.Single(await store.BookmarksOfAsync("i1", Cancel)), strict: true);
            Assert.Equivalent(Timer("t1", "i1", Now), Assert.Single(await store.TimersOfAsync("i1", Cancel)), strict: true);
            Assert.Equivalent(Execution("e1", "i1"), Assert.Single(await store.ExecutionsAsync("i1", Cancel)), strict: true);
            Assert.Equal([1, 2], (await store.JournalAsync("i1", 0, 10, Cancel)).Select(l => l.Sequence));
        });
    }

    [Fact]
    public async Task A_burst_that_ends_without_commit_leaves_nothing()
    {
        await InScopeAsync(async (store, db) =>
        {
            db.Add(Sample.Programme());
            store.Enqueue(Stimulus("s1"));
            await store.FlushAsync(Cancel);
        });

        Assert.False(await Database.WithDbAsync(db => db.Programmes.AnyAsync(Cancel)));
        Assert.Null(await InScopeAsync(store => store.FindStimulusAsync("s1", Cancel)));
    }

    [Fact]
    public async Task A_commit_that_the_database_refuses_leaves_nothing()
    {
        var partnerOfNobody = Sample.Partner(Sample.Programme());
        await Assert.ThrowsAnyAsync<DbUpdateException>(() => InScopeAsync(async (store, db) =>
        {
            db.Add(partnerOfNobody);
            await store.CommitAsync(new() { Instance = Instance("i1"), IsNew = true, AddedBookmarks = [Bookmark("b1", "i1")] }, Cancel);
        }));

        Assert.Null(await InScopeAsync(store => store.FindInstanceAsync("i1", Cancel)));
        Assert.Null(await InScopeAsync(store => store.FindBookmarkAsync("b1", Cancel)));
    }

    [Fact]
    public async Task Discarding_forgets_what_was_changed_since_the_last_flush()
    {
        var kept = Sample.Programme("kept");
        await InScopeAsync(async (store, db) =>
        {
            db.Add(kept);
            store.Enqueue(Stimulus("kept"));
            await store.FlushAsync(Cancel);

            db.Add(Sample.Programme("forgotten"));
            store.Enqueue(Stimulus("forgotten"));
            await store.DiscardAsync(Cancel);

            await store.CommitAsync(new() { Instance = Instance("i1"), IsNew = true }, Cancel);
        });

        Assert.Equal(["kept"], await Database.WithDbAsync(db => db.Programmes.Select(p => p.Slug).ToListAsync(Cancel)));
        Assert.NotNull(await InScopeAsync(store => store.FindStimulusAsync("kept", Cancel)));
        Assert.Null(await InScopeAsync(store => store.FindStimulusAsync("forgotten", Cancel)));
    }

    [Fact]
    public async Task A_flush_that_fails_loses_only_its_own_step()
    {
        await InScopeAsync(async (store, db) =>
        {
            db.Add(Sample.Programme("kept"));
            await store.FlushAsync(Cancel);

            db.Add(Sample.Programme("kept"));
            await Assert.ThrowsAsync<DbUpdateException>(() => store.FlushAsync(Cancel));
            await store.DiscardAsync(Cancel);

            await store.CommitAsync(new() { Instance = Instance("i1"), IsNew = true }, Cancel);
        });

        Assert.Equal(1, await Database.WithDbAsync(db => db.Programmes.CountAsync(Cancel)));
        Assert.NotNull(await InScopeAsync(store => store.FindInstanceAsync("i1", Cancel)));
    }

    [Fact]
    public async Task A_thing_changed_by_somebody_else_makes_the_burst_stale()
    {
        var sample = new Sample();
        await Database.AddAsync(sample.Everything());
        await StartAsync("i1");

        await Assert.ThrowsAsync<StaleInstanceException>(() => InScopeAsync(async (store, db) =>
        {
            var instance = await Load(store, "i1");
            var project = await db.Projects.SingleAsync(Cancel);
            project.Enter(Domain.Eligibility.ProjectStage.Eligibility, Now, "Service", "");
            await Database.WithDbAsync(async other =>
            {
                (await other.Projects.SingleAsync(Cancel)).Enter(Domain.Eligibility.ProjectStage.Abandoned, Now, "Opératrice", "");
                return await other.SaveChangesAsync(Cancel);
            });
            await store.CommitAsync(new() { Instance = instance }, Cancel);
        }));

        Assert.Equal(1, (await InScopeAsync(store => Load(store, "i1"))).Revision);
    }

    [Fact]
    public async Task A_burst_that_became_stale_while_flushing_cannot_be_committed_without_its_beginning()
    {
        var sample = new Sample();
        await Database.AddAsync(sample.Everything());

        await InScopeAsync(async (store, db) =>
        {
            var project = await db.Projects.SingleAsync(Cancel);
            await Database.WithDbAsync(async other =>
            {
                (await other.Projects.SingleAsync(Cancel)).Enter(Domain.Eligibility.ProjectStage.Abandoned, Now, "Opératrice", "");
                return await other.SaveChangesAsync(Cancel);
            });
            store.Enqueue(Stimulus("s1"));
            project.Enter(Domain.Eligibility.ProjectStage.Eligibility, Now, "Service", "");
            await Assert.ThrowsAsync<StaleInstanceException>(() => store.FlushAsync(Cancel));
            await store.DiscardAsync(Cancel);
            await Assert.ThrowsAsync<StaleInstanceException>(() => store.CommitAsync(new() { Instance = Instance("i1"), IsNew = true }, Cancel));
        });

        Assert.Null(await InScopeAsync(store => store.FindInstanceAsync("i1", Cancel)));
        Assert.Null(await InScopeAsync(store => store.FindStimulusAsync("s1", Cancel)));
    }

    [Fact]
    public async Task Many_bursts_at_once_all_get_their_turn()
    {
        await Task.WhenAll(Enumerable.Range(0, 24).Select(n => Task.Run(() => InScopeAsync(async (store, db) =>
        {
            await store.FindInstanceAsync("nobody", Cancel);
            db.Add(Sample.Programme($"p{n}"));
            await store.FlushAsync(Cancel);
            await db.Programmes.CountAsync(Cancel);
            await store.CommitAsync(new() { Instance = Instance($"i{n}"), IsNew = true, Journal = [Line($"i{n}", 1)] }, Cancel);
        }), Cancel)));

        Assert.Equal(24, await Database.WithDbAsync(db => db.WorkflowInstances.CountAsync(Cancel)));
        Assert.Equal(24, await Database.WithDbAsync(db => db.Programmes.CountAsync(Cancel)));
    }

    [Fact]
    public async Task Of_bursts_that_share_a_commit_a_stale_one_leaves_the_others_alone()
    {
        foreach (var id in new[] { "first", "overtaken", "last" }) await StartAsync(id, Bookmark($"b-{id}", id));
        var seenBefore = await InScopeAsync(store => Load(store, "overtaken"));
        await InScopeAsync(async store => await store.CommitAsync(new() { Instance = await Load(store, "overtaken") }, Cancel));
        var clash = await InScopeAsync(store => Load(store, "first"));

        await using var writing = Database.Scope();
        writing.ServiceProvider.GetRequiredService<AlizeDb>().Add(Sample.Programme());
        var writer = writing.ServiceProvider.GetRequiredService<IWorkflowStore>();
        await writer.FlushAsync(Cancel);

        // While the writer above has its turn, these wait for theirs: on SQLite one transaction takes them all.
        var bursts = new[]
        {
            InScopeAsync(store => store.CommitAsync(new() { Instance = clash, RemovedBookmarkIds = ["b-first"], Journal = [Line("first", 1)] }, Cancel)),
            InScopeAsync(store => store.CommitAsync(new() { Instance = seenBefore, AddedBookmarks = [Bookmark("never", "overtaken")], Journal = [Line("overtaken", 1)] }, Cancel)),
            InScopeAsync(store => store.CommitAsync(new() { Instance = Instance("refused"), IsNew = true, AddedBookmarks = [Bookmark("b-last", "refused")] }, Cancel)),
            InScopeAsync(async store => await store.CommitAsync(new() { Instance = await Load(store, "last"), AddedTimers = [Timer("t-last", "last", Now)] }, Cancel)),
        };
        await writer.CommitAsync(new() { Instance = Instance("writer"), IsNew = true }, Cancel);

        await bursts[0];
        await Assert.ThrowsAsync<StaleInstanceException>(() => bursts[1]);
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => bursts[2]);
        await bursts[3];
        await InScopeAsync(async store =>
        {
            Assert.Equal((2, 2, 2), ((await Load(store, "first")).Revision, (await Load(store, "overtaken")).Revision, (await Load(store, "last")).Revision));
            Assert.Empty(await store.BookmarksOfAsync("first", Cancel));
            Assert.Single(await store.JournalAsync("first", 0, 10, Cancel));
            Assert.Equal("b-overtaken", Assert.Single(await store.BookmarksOfAsync("overtaken", Cancel)).Id);
            Assert.Empty(await store.JournalAsync("overtaken", 0, 10, Cancel));
            Assert.Null(await store.FindInstanceAsync("refused", Cancel));
            Assert.NotNull(await store.FindTimerAsync("t-last", Cancel));
            Assert.NotNull(await store.FindInstanceAsync("writer", Cancel));
        });
        Assert.Equal(1, seenBefore.Revision);
    }

    [Fact]
    public async Task What_an_activity_changed_and_the_bursts_own_rows_are_undone_together()
    {
        await StartAsync("i1");
        await Assert.ThrowsAsync<StaleInstanceException>(() => InScopeAsync(async (store, db) =>
        {
            db.Add(Sample.Programme());
            await store.CommitAsync(
                new() { Instance = await Load(store, "i1"), AddedBookmarks = [Bookmark("b1", "i1")], RemovedTimerIds = ["gone"], Journal = [Line("i1", 1)] }, Cancel);
        }));

        Assert.False(await Database.WithDbAsync(db => db.Programmes.AnyAsync(Cancel)));
        Assert.False(await Database.WithDbAsync(db => db.JournalPacks.AnyAsync(Cancel)));
        Assert.Null(await InScopeAsync(store => store.FindBookmarkAsync("b1", Cancel)));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_commit_tells_what_came_before_the_bookmark_it_is_meant_for(bool withChanges)
    {
        await EnqueueAsync(Stimulus("younger", minutes: 1, hash: "h1"), Stimulus("older", hash: "h2"), Stimulus("other", hash: "h3"));

        var early = await InScopeAsync(async (store, db) =>
        {
            if (withChanges) db.Add(Sample.Programme());
            return await store.CommitAsync(new() { Instance = Instance("i1"), IsNew = true, AwaitedHashes = ["h1", "h2", "nobody"] }, Cancel);
        });

        Assert.Equal(["older", "younger"], early.Select(s => s.Id));
        Assert.Equivalent(Stimulus("older", hash: "h2"), early[0], strict: true);
    }

    [Fact]
    public async Task Children_are_found_by_their_parent()
    {
        await StartAsync("parent");
        await InScopeAsync(store => store.CommitAsync(new() { Instance = Instance("child", parent: "parent"), IsNew = true }, Cancel));

        Assert.Equal("child", Assert.Single(await InScopeAsync(store => store.ChildrenAsync("parent", Cancel))).Id);
    }

    [Fact]
    public async Task Without_timers_there_is_no_next_one() =>
        Assert.Null(await InScopeAsync(store => store.NextTimerDueAsync(Cancel)));

    [Fact]
    public async Task Timers_share_a_job_that_is_needed_until_the_last_of_them_goes()
    {
        await StartWithTimersAsync(Timer("t1", "i1", Now), Timer("t2", "i1", Now), Timer("t3", "i1", Now.AddSeconds(5)));
        Assert.Equal(2, await InScopeAsync(store => store.SetTimerJobAsync(["t1", "t2", "gone"], "job-1", Cancel)));
        Task<bool> IsNeeded() => InScopeAsync(store => store.IsJobNeededAsync("job-1", Now, Now.AddSeconds(5), Cancel));

        await RemoveAsync("t1");
        Assert.True(await IsNeeded());
        Assert.False(await InScopeAsync(store => store.IsJobNeededAsync("job-1", Now.AddSeconds(1), Now.AddSeconds(9), Cancel)));
        await RemoveAsync("t2");
        Assert.False(await IsNeeded());

        Task RemoveAsync(string id) => InScopeAsync(async store =>
        {
            await store.CommitAsync(new() { Instance = await Load(store, "i1"), RemovedTimerIds = [id] }, Cancel);
        });
    }

    [Fact]
    public async Task Timers_due_at_one_moment_are_paged_without_losing_or_repeating_one()
    {
        await StartWithTimersAsync([.. Enumerable.Range(0, 25).Select(n => Timer($"t{n}", "i1", Now))]);

        var seen = new List<string>();
        StoredTimer? last = null;
        while (await InScopeAsync(store => store.TimersDueAsync(Now, last, 4, Cancel)) is { Count: > 0 } page)
        {
            seen.AddRange(page.Select(t => t.Id));
            last = page[^1];
        }

        Assert.Equal(Enumerable.Range(0, 25).Select(n => $"t{n}").Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_enqueued_stimulus_is_saved_by_a_pages_own_SaveChanges()
    {
        await InScopeAsync(async (store, db) =>
        {
            store.Enqueue(Stimulus("s1"));
            store.Enqueue(Stimulus("s1"));
            await db.SaveChangesAsync(Cancel);
        });
        await InScopeAsync(store =>
        {
            store.Enqueue(Stimulus("never saved"));
            return Task.CompletedTask;
        });

        Assert.Equivalent(Stimulus("s1"), await InScopeAsync(store => store.FindStimulusAsync("s1", Cancel)), strict: true);
        Assert.Null(await InScopeAsync(store => store.FindStimulusAsync("never saved", Cancel)));
    }

    [Fact]
    public async Task Stimuli_are_due_oldest_first_and_a_postponed_one_waits()
    {
        await EnqueueAsync(Stimulus("second", minutes: 1), Stimulus("first"), Stimulus("later", notBefore: Now.AddDays(1)));
        async Task<string[]> Due(DateTime at) =>
            await InScopeAsync(async store => (await store.StimuliDueAsync(at, 10, Cancel)).Select(s => s.Id).ToArray());

        Assert.Equal(["first", "second"], await Due(Now));
        await InScopeAsync(store => store.PostponeAsync("first", Now.AddMinutes(10), 3, "no such page", Cancel));

        Assert.Equal(["second"], await Due(Now));
        Assert.Equal(["first", "second"], await Due(Now.AddMinutes(10)));
        var postponed = await InScopeAsync(store => store.FindStimulusAsync("first", Cancel));
        Assert.Equal((3, "no such page"), (postponed?.Attempts, postponed?.LastError));
    }

    [Fact]
    public async Task A_stimulus_put_off_is_awaited_once_somebody_waits_for_it()
    {
        await StartAsync("i1", Bookmark("b1", "i1", correlation: "advance", hash: "h1"));
        await EnqueueAsync(
            Stimulus("awaited", hash: "h1"), Stimulus("nobody waits", hash: "h2"), Stimulus("failed", hash: "h1"), Stimulus("due again", hash: "h1"),
            Stimulus("for later", notBefore: Now.AddDays(1), hash: "h1"));
        foreach (var (id, error) in new[] { ("awaited", null), ("nobody waits", null), ("failed", "no such page") })
            await InScopeAsync(store => store.PostponeAsync(id, Now.AddMinutes(10), 1, error, Cancel));
        await InScopeAsync(store => store.PostponeAsync("due again", Now, 1, null, Cancel));

        Assert.Equal(["awaited"], (await InScopeAsync(store => store.StimuliAwaitedAsync(Now, 10, Cancel))).Select(s => s.Id));
        Assert.Empty(await InScopeAsync(store => store.StimuliAwaitedAsync(Now.AddDays(30), 10, Cancel)));
    }

    [Fact]
    public async Task Of_two_nodes_that_add_the_same_version_one_does()
    {
        var added = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => InScopeAsync(store =>
            store.AddDefinitionAsync(Definition("repayment", 1, published: true), [Trigger("t1", "repayment", 1)], Cancel))));

        Assert.Equal([false, true], added.Order());
        Assert.Single(await InScopeAsync(store => store.MatchTriggersAsync(Hash, Cancel)));
    }

    [Fact]
    public async Task The_newest_definition_is_the_latest_and_a_published_one_replaces_version_and_triggers()
    {
        await AddDefinitionAsync(Definition("repayment", 1, published: true), Trigger("t1", "repayment", 1));
        await AddDefinitionAsync(Definition("repayment", 2, published: false), Trigger("ignored", "repayment", 2));
        await InScopeAsync(async store =>
        {
            Assert.Equal(2, (await store.FindDefinitionAsync("repayment", published: false, Cancel))?.Version);
            Assert.Equal(1, (await store.FindDefinitionAsync("repayment", published: true, Cancel))?.Version);
            Assert.Equal("t1", Assert.Single(await store.MatchTriggersAsync(Hash, Cancel)).Id);
        });

        await AddDefinitionAsync(Definition("repayment", 3, published: true), Trigger("t3", "repayment", 3));
        await AddDefinitionAsync(Definition("another", 1, published: true));

        await InScopeAsync(async store =>
        {
            Assert.Equal(3, (await store.FindDefinitionAsync("repayment", published: false, Cancel))?.Version);
            Assert.Equal([("another", 1), ("repayment", 3)],
                (await store.PublishedDefinitionsAsync(Cancel)).Select(d => (d.DefinitionId, d.Version)));
            Assert.Equal("t3", Assert.Single(await store.MatchTriggersAsync(Hash, Cancel)).Id);
            var old = await store.FindDefinitionVersionAsync("repayment:1", Cancel);
            Assert.Equal((false, false), (old?.IsLatest, old?.IsPublished));
            Assert.Null(await store.FindDefinitionAsync("unknown", published: true, Cancel));
        });
    }

    [Fact]
    public async Task The_journal_is_read_page_by_page()
    {
        await InScopeAsync(store => store.CommitAsync(
            new() { Instance = Instance("i1"), IsNew = true, Journal = [.. Enumerable.Range(1, 450).Select(n => Line("i1", n))] }, Cancel));

        await InScopeAsync(async store =>
        {
            Assert.Equivalent(Line("i1", 1), (await store.JournalAsync("i1", 0, 1, Cancel))[0], strict: true);
            Assert.Equal([3, 4], (await store.JournalAsync("i1", 2, 2, Cancel)).Select(l => l.Sequence));
            Assert.Equal([450], (await store.JournalAsync("i1", 449, 10, Cancel)).Select(l => l.Sequence));
        });
    }

    [Fact]
    public async Task An_execution_is_written_anew_by_each_burst_that_touches_it()
    {
        await InScopeAsync(store => store.CommitAsync(
            new() { Instance = Instance("i1"), IsNew = true, Executions = [Execution("e2", "i1", minutes: 1), Execution("e1", "i1")] }, Cancel));
        await InScopeAsync(async store =>
        {
            var ended = Execution("e1", "i1");
            (ended.Status, ended.CompletedAt, ended.Outcomes) = ("Completed", Now.AddHours(1), "[\"Done\"]");
            await store.CommitAsync(new() { Instance = await Load(store, "i1"), Executions = [ended] }, Cancel);
        });

        var executions = await InScopeAsync(store => store.ExecutionsAsync("i1", Cancel));
        Assert.Equal([("e1", "Completed"), ("e2", "Running")], executions.Select(e => (e.Id, e.Status)));
        Assert.Equal(Now.AddHours(1), executions[0].CompletedAt);
    }

    [Fact]
    public async Task Everything_said_of_lines_and_executions_comes_back()
    {
        var ended = Execution("i1:12", "i1");
        (ended.CompletedAt, ended.Outputs, ended.Outcomes, ended.Exception) = (Now.AddTicks(7), """{"Nom":"« L’île »"}""", "[\"Done\"]", new string('x', 5000));
        var line = new JournalRecord
        {
            Id = "i1:1",
            InstanceId = "i1",
            Sequence = 1,
            ActivityInstanceId = "i1:12",
            ParentActivityInstanceId = null,
            ActivityId = "other",
            NodeId = "Workflow1:other",
            ActivityType = "Elsa.Event",
            EventName = "Resumed",
            At = Now.AddTicks(-3),
        };
        await InScopeAsync(store => store.CommitAsync(
            new() { Instance = Instance("i1"), IsNew = true, Executions = [ended, Execution("i1:007", "i1")], Journal = [line, Line("i1", 2)] }, Cancel));

        await InScopeAsync(async store =>
        {
            Assert.Equivalent(new[] { line, Line("i1", 2) }, await store.JournalAsync("i1", 0, 10, Cancel), strict: true);
            Assert.Equivalent(new[] { ended, Execution("i1:007", "i1") }, await store.ExecutionsAsync("i1", Cancel), strict: true);
        });
    }

    [Fact]
    public async Task What_is_committed_at_once_is_refused_within_a_burst()
    {
        await InScopeAsync(async (store, db) =>
        {
            db.Add(Sample.Programme());
            await store.FlushAsync(Cancel);
            await Assert.ThrowsAsync<InvalidOperationException>(() => store.PostponeAsync("s1", Now, 1, null, Cancel));
        });
    }

    private Task StartAsync(string id, params StoredBookmark[] bookmarks) => InScopeAsync(async store =>
    {
        await store.CommitAsync(new() { Instance = Instance(id), IsNew = true, AddedBookmarks = bookmarks }, Cancel);
    });

    private Task StartWithTimersAsync(params StoredTimer[] timers) => InScopeAsync(async store =>
    {
        await store.CommitAsync(new() { Instance = Instance("i1"), IsNew = true, AddedTimers = timers }, Cancel);
    });

    private Task EnqueueAsync(params Stimulus[] stimuli) => InScopeAsync(async (store, db) =>
    {
        foreach (var stimulus in stimuli) store.Enqueue(stimulus);
        await db.SaveChangesAsync(Cancel);
    });

    private Task<bool> AddDefinitionAsync(StoredDefinition definition, params StoredTrigger[] triggers) =>
        InScopeAsync(store => store.AddDefinitionAsync(definition, triggers, Cancel));

    private static async Task<WorkflowInstance> Load(IWorkflowStore store, string id) =>
        await store.FindInstanceAsync(id, Cancel) ?? throw new InvalidOperationException($"There is no instance '{id}'.");

    private static async Task<bool> AttemptAsync(Func<Task> burst)
    {
        try
        {
            await Task.Run(burst, Cancel);
            return true;
        }
        catch (StaleInstanceException)
        {
            return false;
        }
    }

    private async Task InScopeAsync(Func<IWorkflowStore, AlizeDb, Task> run)
    {
        await using var scope = Database.Scope();
        await run(scope.ServiceProvider.GetRequiredService<IWorkflowStore>(), scope.ServiceProvider.GetRequiredService<AlizeDb>());
    }

    private async Task<TResult> InScopeAsync<TResult>(Func<IWorkflowStore, AlizeDb, Task<TResult>> run)
    {
        await using var scope = Database.Scope();
        return await run(scope.ServiceProvider.GetRequiredService<IWorkflowStore>(), scope.ServiceProvider.GetRequiredService<AlizeDb>());
    }

    private Task InScopeAsync(Func<IWorkflowStore, Task> run) => InScopeAsync((store, _) => run(store));

    private async Task<TResult> InScopeAsync<TResult>(Func<IWorkflowStore, Task<TResult>> run)
    {
        await using var scope = Database.Scope();
        return await run(scope.ServiceProvider.GetRequiredService<IWorkflowStore>());
    }
}

public sealed class SqliteWorkflowStoreTests(TestDatabases databases) : DatabaseWorkflowStoreTests(databases, DatabaseProvider.Sqlite);

public sealed class PostgreSqlWorkflowStoreTests(TestDatabases databases) : DatabaseWorkflowStoreTests(databases, DatabaseProvider.PostgreSql)
{
    [Fact]
    public async Task Of_two_bursts_that_wait_for_each_other_one_is_to_be_run_again()
    {
        Programme left = Sample.Programme("left"), right = Sample.Programme("right");
        await Database.AddAsync(left, right);
        await using AsyncServiceScope one = Database.Scope(), two = Database.Scope();
        await RenameAsync(one, left.Id);
        await RenameAsync(two, right.Id);

        var outcomes = await Task.WhenAll(OutcomeAsync(RenameAsync(one, right.Id)), OutcomeAsync(RenameAsync(two, left.Id)));

        Assert.IsType<StaleInstanceException>(Assert.Single(outcomes, o => o is not null));

        static async Task<Exception?> OutcomeAsync(Task renaming) => await Record.ExceptionAsync(() => renaming);

        static async Task RenameAsync(AsyncServiceScope scope, Guid id)
        {
            var programme = await scope.ServiceProvider.GetRequiredService<AlizeDb>().Programmes.SingleAsync(p => p.Id == id, Cancel);
            programme.Name += "!";
            await scope.ServiceProvider.GetRequiredService<IWorkflowStore>().FlushAsync(Cancel);
        }
    }
}

#if SQLSERVER
public sealed class SqlServerWorkflowStoreTests(TestDatabases databases) : DatabaseWorkflowStoreTests(databases, DatabaseProvider.SqlServer);
#endif
