using System.Text.Json.Nodes;
using Alize.Data.People;
using Alize.Engine.Definitions;
using Alize.Workflows.Demo;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Tests.Elsa;

/// <summary>What an operator relies on when procedures are changed.</summary>
public class DefinitionEditingTests(ElsaSite site) : IClassFixture<ElsaSite>
{
    public static TheoryData<string> Procedures =>
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "workflows"), "*.json").Select(f => Path.GetFileNameWithoutExtension(f)!)];

    [Theory, MemberData(nameof(Procedures))]
    public async Task A_procedure_survives_open_save_and_export(string definitionId)
    {
        using var program = await site.OperatorAsync();
        var file = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "workflows", $"{definitionId}.json"), ElsaSite.Cancel))!.AsObject();
        var opened = (await program.GetAsync($"/workflow-definitions/by-definition-id/{definitionId}?versionOptions=Latest")).Json!;

        var same = (await program.PostAsync("/workflow-definitions", new JsonObject { ["model"] = opened.DeepClone(), ["publish"] = false })).Json!["workflowDefinition"]!;
        Assert.Equal((string)opened["id"]!, (string)same["id"]!);   // the same content writes no version

        opened["description"] = "Changée au Studio.";
        file["description"] = "Changée au Studio.";
        var saved = (await program.PostAsync("/workflow-definitions", new JsonObject { ["model"] = opened.DeepClone(), ["publish"] = false })).Json!["workflowDefinition"]!;
        Assert.Equal(((int)opened["version"]! + 1, true, false), ((int)saved["version"]!, (bool)saved["isLatest"]!, (bool)saved["isPublished"]!));
        Assert.All(Activities(saved["root"]!), a => Assert.NotEmpty((string)a["nodeId"]!));
        Assert.DoesNotContain(Activities(saved["root"]!), a => (string)a["type"]! == "Elsa.NotFoundActivity");

        var export = await program.GetAsync($"/workflow-definitions/{definitionId}/export?versionOptions=Latest");
        Assert.True(JsonNode.DeepEquals(Meaning.Of(file), Meaning.Of(export.Json!)));
        Assert.Matches($"^attachment; filename=workflow-definition-.+-{definitionId}-[0-9a-f]{{16}}\\.json", export.Header("Content-Disposition"));
        Assert.Equal(204, (await program.DeleteAsync($"/workflow-definition-versions/{saved["id"]}")).Status);
        Assert.Equal((string)opened["id"]!, (string)(await program.GetAsync($"/workflow-definitions/{definitionId}")).Json!["id"]!);
    }

    [Fact]
    public async Task Saving_again_and_again_writes_one_draft_and_one_line_of_the_trail()
    {
        using var program = await site.OperatorAsync();
        var ids = new HashSet<string>();
        for (var stroke = 0; stroke < 5; stroke++)
            ids.Add((string)(await SaveAsync(program, Greeting("strokes", $"Bonjour {stroke}"))).Json!["workflowDefinition"]!["id"]!);

        Assert.Single(ids);
        var trail = await TrailAsync("strokes");
        Assert.Equal(["brouillon de la version 1 créé"], trail.Select(e => e.Text.Split(": ")[1].TrimEnd('.')));
        Assert.All(trail, e => Assert.Equal(DemoTerritory.OperatorName, e.Actor));
    }

    [Fact]
    public async Task Saves_of_one_definition_at_the_same_moment_leave_one_draft()
    {
        using var program = await site.OperatorAsync();
        await SaveAsync(program, Greeting("at-once", "0"), publish: true);

        var answers = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => SaveAsync(program, Greeting("at-once", $"{i}"))));

        Assert.All(answers, a => Assert.Equal(200, a.Status));
        var versions = (await program.GetAsync("/workflow-definitions/at-once/versions")).Json!.AsArray();
        Assert.Equal([(2, true, false), (1, false, true)], versions.Select(v => ((int)v!["version"]!, (bool)v["isLatest"]!, (bool)v["isPublished"]!)));
    }

    [Fact]
    public async Task A_definition_that_cannot_run_is_refused_with_its_reasons_and_the_published_one_stays()
    {
        using var program = await site.OperatorAsync();
        var good = (await SaveAsync(program, Greeting("checked", "Bonjour"), publish: true)).Json!["workflowDefinition"]!;
        var broken = Greeting("checked", "Bonjour");
        broken["root"]!["connections"]!.AsArray().Add(JsonNode.Parse("""{"source":{"activity":"w","port":"Done"},"target":{"activity":"nowhere","port":"In"}}"""));

        var refused = await SaveAsync(program, broken, publish: true);
        Assert.Equal((400, "application/problem+json"), (refused.Status, refused.ContentType));
        Assert.Contains("nomme l’activité «\u00A0nowhere\u00A0»", refused.Json!["errors"]!["generalErrors"]![0]!.ToString(), StringComparison.Ordinal);
        Assert.Single((await program.GetAsync("/workflow-definitions/checked/versions")).Json!.AsArray());

        await SaveAsync(program, broken);   // as a draft it may be unfinished
        Assert.Equal(400, (await program.PostAsync("/workflow-definitions/checked/publish", new JsonObject())).Status);
        var bulk = (await program.PostAsync("/bulk-actions/publish/workflow-definitions/by-definition-ids", new JsonObject { ["definitionIds"] = new JsonArray("checked", "nope") })).Json!;
        Assert.Equal(("""["checked"]""", """["nope"]""", "[]"), (bulk["failed"]!.ToJsonString(), bulk["notFound"]!.ToJsonString(), bulk["published"]!.ToJsonString()));
        Assert.Equal((string)good["id"]!, (string)(await program.GetAsync("/workflow-definitions/by-definition-id/checked?versionOptions=Published")).Json!["id"]!);
    }

    [Fact]
    public async Task A_version_that_has_run_is_followed_and_never_changed_nor_deleted()
    {
        using var program = await site.OperatorAsync();
        var draft = (await SaveAsync(program, Greeting("tried", "Bonjour"))).Json!["workflowDefinition"]!;
        var run = await program.PostAsync("/workflow-definitions/tried/execute", new JsonObject { ["versionOptions"] = "Latest", ["correlationId"] = null, ["input"] = null });
        Assert.Equal((200, "False", "true"), (run.Status, run.Header("x-elsa-workflow-cannot-start"), run.Header("x-elsa-response")));
        Assert.Equal(run.Header("x-elsa-workflow-instance-id"), (string)run.Json!["workflowState"]!["id"]!);
        Assert.Equal("Finished", (string)run.Json["workflowState"]!["status"]!);

        var next = (await SaveAsync(program, Greeting("tried", "Bonsoir"))).Json!["workflowDefinition"]!;
        Assert.NotEqual((string)draft["id"]!, (string)next["id"]!);
        Assert.Equal(2, (int)next["version"]!);

        var version = await program.DeleteAsync($"/workflow-definition-versions/{draft["id"]}");
        Assert.Equal(409, version.Status);
        Assert.Contains("une instance", version.Text, StringComparison.Ordinal);
        Assert.Equal(409, (await program.DeleteAsync("/workflow-definitions/tried")).Status);
        Assert.Equal(0, (int)(await program.PostAsync("/bulk-actions/delete/workflow-definitions/by-definition-id", new JsonObject { ["definitionIds"] = new JsonArray("tried") })).Json!["deleted"]!);
        Assert.Equal(204, (await program.DeleteAsync($"/workflow-definition-versions/{next["id"]}")).Status);
        Assert.True((bool)(await program.GetAsync($"/workflow-definitions/by-id/{draft["id"]}")).Json!["isLatest"]!);
    }

    [Fact]
    public async Task A_procedure_delivered_with_the_service_is_not_deleted_because_it_would_come_back()
    {
        using var program = await site.OperatorAsync();
        var refused = await program.DeleteAsync("/workflow-definitions/job-survey");
        Assert.Equal(409, refused.Status);
        Assert.Contains("workflows/job-survey.json", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_file_waits_beside_what_was_changed_here_until_somebody_takes_it()
    {
        using var program = await site.OperatorAsync();
        var folder = Directory.CreateTempSubdirectory("alize-files-");
        var file = Path.Combine(folder.FullName, "from-file.json");
        await File.WriteAllTextAsync(file, Greeting("from-file", "Du fichier").ToJsonString(), ElsaSite.Cancel);
        Assert.Equal(LoadOutcome.Published, await LoadAsync());
        Assert.Equal(FileState.Follows, await StateAsync());

        await SaveAsync(program, Greeting("from-file", "Du Studio"), publish: true);
        Assert.Equal(LoadOutcome.KeptDesigner, await LoadAsync());
        Assert.Equal(FileState.ChangedHere, await StateAsync());

        await File.WriteAllTextAsync(file, Greeting("from-file", "Du fichier, plus tard").ToJsonString(), ElsaSite.Cancel);
        Assert.Equal(LoadOutcome.KeptDesigner, await LoadAsync());
        Assert.Equal(FileState.FileIsNewer, await StateAsync());
        Assert.Equal(2, (int)(await program.GetAsync("/workflow-definitions/from-file")).Json!["version"]!);

        var taken = await site.DoAsync<DefinitionVersions, VersionResult>(async v =>
            await v.TakeFileAsync("from-file", await File.ReadAllTextAsync(file, ElsaSite.Cancel), (_, _, _) => Task.CompletedTask, ElsaSite.Cancel));
        Assert.Equal((VersionChange.Published, 3, true), (taken.Change, taken.Version!.Version, taken.Version.IsPublished));
        Assert.Equal(FileState.Follows, await StateAsync());
        Assert.Equal(LoadOutcome.Unchanged, await LoadAsync());
        folder.Delete(recursive: true);

        async Task<LoadOutcome> LoadAsync() => (await site.DoAsync<DefinitionLoader, IReadOnlyList<LoadedFile>>(l => l.LoadAsync(folder.FullName, ElsaSite.Cancel))).Single().Outcome;
        async Task<FileState> StateAsync() => (await site.DoAsync<DefinitionFiles, IReadOnlyList<DefinitionFile>>(f => f.CompareAsync(folder.FullName, ElsaSite.Cancel)))
            .Single(f => f.Latest.DefinitionId == "from-file").State;
    }

    [Fact]
    public async Task An_activity_this_server_does_not_have_is_shown_by_its_stand_in_and_comes_back_as_it_was()
    {
        using var program = await site.OperatorAsync();
        var foreign = Greeting("foreign", "Bonjour");
        foreign["root"]!["activities"]!.AsArray().Add(JsonNode.Parse("""{"id":"x","type":"Acme.Teleport","version":3,"target":{"typeName":"String","expression":{"type":"Literal","value":"Mars"}},"own":[1,2]}"""));
        foreign["ourNote"] = new JsonObject { ["kept"] = true };
        await program.PostAsync("/workflow-definitions/import", foreign);

        var shown = (await program.GetAsync("/workflow-definitions/foreign")).Json!;
        var standIn = shown["root"]!["activities"]![1]!;
        Assert.Equal(("Elsa.NotFoundActivity", "Workflow1:f:x", "Acme.Teleport"), ((string)standIn["type"]!, (string)standIn["nodeId"]!, (string)standIn["missingTypeName"]!));

        standIn["metadata"]!["designer"] = JsonNode.Parse("""{"position":{"x":10,"y":20}}""");
        shown.AsObject().Remove("ourNote");   // the Studio does not know it
        await SaveAsync(program, shown.AsObject());
        var export = (await program.GetAsync("/workflow-definitions/foreign/export")).Json!;
        foreign["root"]!["activities"]![1]!["metadata"] = new JsonObject { ["designer"] = JsonNode.Parse("""{"position":{"x":10,"y":20}}""") };
        Assert.True(JsonNode.DeepEquals(Meaning.Of(foreign), Meaning.Of(export)), export.ToJsonString());
    }

    [Fact]
    public async Task A_save_that_would_wipe_activities_the_designer_cannot_show_is_refused()
    {
        using var program = await site.OperatorAsync();
        var foreign = Greeting("wiped", "Bonjour");
        foreign["root"]!["activities"]![0]!["type"] = "Acme.Teleport";
        await program.PostAsync("/workflow-definitions/import", foreign);
        var empty = Greeting("wiped", "Bonjour");
        empty["root"]!["activities"]!.AsArray().Clear();

        var refused = await SaveAsync(program, empty);

        Assert.Equal(400, refused.Status);
        Assert.Contains("Acme.Teleport", refused.Text, StringComparison.Ordinal);
        Assert.Equal("Acme.Teleport", (string)(await program.GetAsync("/workflow-definitions/wiped/export")).Json!["root"]!["activities"]![0]!["type"]!);
    }

    [Fact]
    public async Task A_state_machine_is_refused_with_what_to_use_instead()
    {
        using var program = await site.OperatorAsync();
        var refused = await SaveAsync(program, new JsonObject { ["name"] = "États", ["root"] = new JsonObject { ["id"] = "r", ["type"] = "Elsa.StateMachine", ["version"] = 1 } });
        Assert.Equal(400, refused.Status);
        Assert.Contains("organigramme", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_are_told_apart_and_lists_found_and_paged()
    {
        using var program = await site.OperatorAsync();
        foreach (var name in new[] { "liste-a", "liste-b", "liste-c" }) await SaveAsync(program, Greeting(name, name));

        Assert.False((bool)(await program.GetAsync("/workflow-definitions/validation/is-name-unique?name=liste-a")).Json!["isUnique"]!);
        Assert.True((bool)(await program.GetAsync("/workflow-definitions/validation/is-name-unique?name=liste-a&definitionId=liste-a")).Json!["isUnique"]!);
        var page = (await program.GetAsync("/workflow-definitions?VersionOptions=Latest&SearchTerm=LISTE-&Page=1&PageSize=2&IsSystem=False&versionOptions=Latest")).Json!;
        Assert.Equal((3, """["liste-c"]"""), ((int)page["totalCount"]!, new JsonArray([.. page["items"]!.AsArray().Select(i => i!["definitionId"]!.DeepClone())]).ToJsonString()));
        Assert.Contains(page["links"]!.AsArray(), l => (string)l!["rel"]! == "bulk-publish");
        Assert.All(page["items"]!.AsArray(), i => Assert.Contains(i!["links"]!.AsArray(), l => (string)l!["rel"]! == "publish"));
        var ids = (await program.GetAsync("/workflow-definitions?versionOptions=&DefinitionIds=liste-a&DefinitionIds=liste-b&OrderBy=Name&OrderDirection=Descending")).Json!["items"]!.AsArray();
        Assert.Equal(["liste-b", "liste-a"], ids.Select(i => (string)i!["definitionId"]!));
    }

    [Fact]
    public async Task A_dispatch_answers_at_once_and_the_instance_follows()
    {
        using var program = await site.OperatorAsync();
        await SaveAsync(program, Greeting("sent", "Bonjour"), publish: true);

        var one = (string)(await program.PostAsync("/workflow-definitions/sent/dispatch", new JsonObject { ["correlationId"] = "c-77" })).Json!["workflowInstanceId"]!;
        var several = (await program.PostAsync("/workflow-definitions/sent/bulk-dispatch", new JsonObject { ["count"] = 3 })).Json!["workflowInstanceIds"]!.AsArray();
        await site.SettleAsync();

        Assert.Equal(3, several.Count);
        Assert.Equal("c-77", await site.ReadAsync(db => db.WorkflowInstances.Where(i => i.Id == one).Select(i => i.CorrelationId).SingleAsync(ElsaSite.Cancel)));
        Assert.Equal(4, await site.ReadAsync(db => db.WorkflowInstances.CountAsync(i => i.DefinitionId == "sent", ElsaSite.Cancel)));
        Assert.Equal(400, (await program.PostAsync("/workflow-definitions/sent/bulk-dispatch", new JsonObject { ["count"] = 100000 })).Status);
    }

    [Fact]
    public async Task Who_only_reads_changes_nothing()
    {
        await site.AddAsync("lecture@alize.example", "Léa Lecture", MemberRole.Controller);
        using var reader = await site.SignInAsync("lecture@alize.example", ElsaSite.Password);
        Assert.Equal(403, (await SaveAsync(reader, Greeting("refusee", "x"))).Status);
        Assert.Equal(403, (await reader.PostAsync("/workflow-definitions/company-project/execute", new JsonObject())).Status);
        using var program = await site.OperatorAsync();
        Assert.Equal(404, (await program.GetAsync("/workflow-definitions/refusee")).Status);
    }

    private static Task<ElsaAnswer> SaveAsync(ElsaClient program, JsonObject model, bool publish = false) =>
        program.PostAsync("/workflow-definitions", new JsonObject { ["model"] = model.DeepClone(), ["publish"] = publish });

    private static JsonObject Greeting(string id, string text) => new()
    {
        ["definitionId"] = id,
        ["name"] = id,
        ["root"] = new JsonObject
        {
            ["id"] = "f",
            ["type"] = "Elsa.Flowchart",
            ["version"] = 1,
            ["activities"] = new JsonArray(new JsonObject
            {
                ["id"] = "w",
                ["type"] = "Elsa.WriteLine",
                ["version"] = 1,
                ["text"] = new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = text } },
            }),
            ["connections"] = new JsonArray(),
        },
    };

    private Task<List<Alize.Domain.Programmes.AuditEntry>> TrailAsync(string definitionId) => site.ReadAsync(db =>
        db.AuditEntries.AsNoTracking().Where(e => e.Kind == "procedure" && e.Text.Contains(definitionId)).OrderBy(e => e.Id).ToListAsync(ElsaSite.Cancel));

    private static IEnumerable<JsonObject> Activities(JsonNode activity) =>
        (activity["activities"] as JsonArray ?? []).OfType<JsonObject>().SelectMany(Activities).Prepend(activity.AsObject());
}
