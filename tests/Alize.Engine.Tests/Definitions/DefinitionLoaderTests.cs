using Alize.Engine.Activities;
using Alize.Engine.Definitions;
using Alize.Engine.Storage;

namespace Alize.Engine.Tests.Definitions;

public sealed class DefinitionLoaderTests
{
    [Fact]
    public async Task New_or_changed_content_is_a_new_published_version_and_the_same_content_is_not()
    {
        await using var engine = new TestEngine();
        Assert.Equal(new LoadedFile("d", LoadOutcome.Published, 1), await engine.Loader.LoadAsync("d", Noop("one"), TestEngine.Cancel));
        Assert.Equal(new LoadedFile("d", LoadOutcome.Unchanged, 1), await engine.Loader.LoadAsync("d", Noop("one"), TestEngine.Cancel));
        Assert.Equal(new LoadedFile("d", LoadOutcome.Published, 2), await engine.Loader.LoadAsync("d", Noop("two"), TestEngine.Cancel));

        var published = Assert.Single(await engine.WithStoreAsync(s => s.PublishedDefinitionsAsync(TestEngine.Cancel)));
        Assert.Equal(("d", 2, "two"), (published.DefinitionId, published.Version, published.Name));
    }

    [Fact]
    public async Task A_version_made_in_the_designer_is_never_overwritten_by_the_file()
    {
        await using var engine = new TestEngine();
        await engine.LoadAsync("d", Noop("file"));
        await engine.WithStoreAsync(async s =>
        {
            await s.AddDefinitionAsync(new StoredDefinition
            {
                Id = "designer",
                DefinitionId = "d",
                Version = 2,
                Name = "drawn",
                Json = Noop("drawn"),
                IsLatest = true,
                IsPublished = true,
                CreatedAt = engine.Time.GetUtcNow().UtcDateTime,
            }, [], TestEngine.Cancel);
            return 0;
        });

        Assert.Equal(new LoadedFile("d", LoadOutcome.KeptDesigner, 2), await engine.Loader.LoadAsync("d", Noop("changed"), TestEngine.Cancel));
        Assert.Equal("drawn", (await engine.WithStoreAsync(s => s.FindDefinitionAsync("d", published: true, TestEngine.Cancel)))?.Name);
    }

    [Fact]
    public async Task Running_instances_keep_the_version_they_started_with()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("d", [""" "id":"e","type":"Elsa.Event","eventName":{"expression":{"type":"Literal","value":"Go"}} """, """ "id":"old","type":"Ref.Noop" """], ["e:Done->old"]);
        await engine.StartAsync("d", "i");
        await engine.LoadFlowAsync("d", [""" "id":"e","type":"Elsa.Event","eventName":{"expression":{"type":"Literal","value":"Go"}} """, """ "id":"new","type":"Ref.Noop" """], ["e:Done->new"]);
        await engine.SendEventAsync("Go");
        await engine.Runtime.DrainAsync(TestEngine.Cancel);

        Assert.Contains("old:Completed", await engine.JournalAsync("i"));
    }

    [Fact]
    public async Task An_unknown_activity_is_named_with_the_one_that_may_be_meant()
    {
        await using var engine = new TestEngine();
        var refused = await Assert.ThrowsAsync<DefinitionException>(() => engine.LoadFlowAsync("d", [""" "id":"a","type":"Ref.Nop" """], []));
        Assert.Equal("Definition 'd' version 1 uses activity 'Ref.Nop', which is not registered. Did you mean 'Ref.Noop'? (activity 'a')", refused.Message);
    }

    [Fact]
    public async Task A_folder_is_loaded_whatever_the_order_in_which_its_files_need_each_other()
    {
        await using var engine = new TestEngine();
        var folder = Directory.CreateTempSubdirectory("alize-definitions");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "a.json"), """
                {"name":"a","root":{"id":"r","type":"Elsa.Sequence","version":1,"activities":[{"id":"used","type":"UsesB","version":1,"workflowDefinitionId":"b"}]} }
                """, TestEngine.Cancel);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "b.json"), Noop("b"), TestEngine.Cancel);

            var loaded = await engine.Loader.LoadAsync(folder.FullName, TestEngine.Cancel);

            Assert.Equal(["b", "a"], loaded.Select(l => l.DefinitionId));
            Assert.Equal(WorkflowStatus.Finished, (await engine.StartAsync("a")).Status);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task An_activity_class_describes_itself()
    {
        await using var engine = new TestEngine();
        Assert.True(engine.Registry.TryFind("Ref.Ask", out var ask));
        Assert.Equal(["Answered", "Expired"], ask.FixedOutcomes);
        var whom = Assert.Single(ask.Inputs);
        Assert.Equal(("Whom", "whom", "String", true, InputUIHints.SingleLine), (whom.Name, whom.JsonName, whom.TypeName, whom.IsRequired, whom.UIHint));
        Assert.Equal("answer", Assert.Single(ask.Outputs).JsonName);

        Assert.True(engine.Registry.TryFind("Elsa.FlowFork", out var fork));
        Assert.Equal("branches", fork.DynamicOutcomes?.JsonName);
    }

    private static string Noop(string name) => $$"""{"name":"{{name}}","root":{"id":"r","type":"Ref.Noop","version":1} }""";
}
