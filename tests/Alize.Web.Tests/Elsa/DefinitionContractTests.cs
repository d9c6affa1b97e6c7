using System.Text.Json.Nodes;

namespace Alize.Web.Tests.Elsa;

/// <summary>The answers of a real Elsa server, request by request: same status, same names, same types.</summary>
public class DefinitionContractTests(ElsaSite site) : IClassFixture<ElsaSite>
{
    [Fact]
    public async Task A_definitions_life_gets_the_answers_that_Elsa_gave()
    {
        using var program = await site.OperatorAsync();
        var flow = RecordedAnswer.Read("19-life-publish").Answer!["workflowDefinition"]!["root"]!;
        JsonObject Model(string name, string id = "life") => new() { ["definitionId"] = id, ["name"] = name, ["root"] = flow.DeepClone() };

        var draft = await program.PostAsync("/workflow-definitions", new JsonObject { ["model"] = Model("life"), ["publish"] = false });
        Assert.Equal((200, 1, false), (draft.Status, (int)draft.Json!["workflowDefinition"]!["version"]!, (bool)draft.Json["workflowDefinition"]!["isPublished"]!));
        Assert.Equal(404, (await program.PostAsync("/workflow-definitions/life/execute", new JsonObject())).Status);

        var published = await program.PostAsync("/workflow-definitions/life/publish", new JsonObject());
        Same("19-life-publish", published);
        Assert.False((bool)published.Json!["alreadyPublished"]!);
        Assert.True((bool)(await program.PostAsync("/workflow-definitions/life/publish", new JsonObject())).Json!["alreadyPublished"]!);

        var second = (await program.PostAsync("/workflow-definitions", new JsonObject { ["model"] = Model("life2"), ["publish"] = false })).Json!["workflowDefinition"]!;
        Assert.Equal((2, true, false), ((int)second["version"]!, (bool)second["isLatest"]!, (bool)second["isPublished"]!));

        var retracted = await program.PostAsync("/workflow-definitions/life/retract", new JsonObject());
        Same("22-life-retract", retracted);
        Assert.Equal((1, false, false), ((int)retracted.Json!["version"]!, (bool)retracted.Json["isLatest"]!, (bool)retracted.Json["isPublished"]!));
        Assert.Equal(400, (await program.PostAsync("/workflow-definitions/life/retract", new JsonObject())).Status);
        Assert.Equal(404, (await program.PostAsync("/workflow-definitions/life/dispatch", new JsonObject())).Status);

        Assert.Equal(2, (int)(await program.PostAsync("/workflow-definitions/life/publish", new JsonObject())).Json!["workflowDefinition"]!["version"]!);
        var reverted = await program.PostAsync("/workflow-definitions/life/revert/1");
        Same("27-life-revert", reverted);
        Assert.Equal($"/elsa/api/workflow-definitions/by-id/{reverted.Json!["id"]}", reverted.Header("Location"));
        Assert.Equal((3, "life"), ((int)reverted.Json["version"]!, (string)reverted.Json["name"]!));

        var imported = await program.PutAsync("/workflow-definitions/life/import", Model("imported", "another-id"));
        Same("28-life-import-put", imported);
        Assert.Equal(((string)reverted.Json["id"]!, "life", 3), ((string)imported.Json!["id"]!, (string)imported.Json["definitionId"]!, (int)imported.Json["version"]!));

        var posted = await program.PostAsync("/workflow-definitions/import", Model("imported-post", "life-imp"));
        Same("28-life-import-put", posted);
        Assert.Equal(204, (await program.DeleteAsync("/workflow-definitions/life-imp")).Status);
        var again = await program.DeleteAsync("/workflow-definitions/life-imp");
        Assert.Equal((404, ""), (again.Status, again.Text));

        var versions = await program.GetAsync("/workflow-definitions/life/versions");
        Same("05-definition-versions", versions);
        Assert.Equal([3, 2, 1], versions.Json!.AsArray().Select(v => (int)v!["version"]!));
    }

    [Fact]
    public async Task Lists_versions_and_parts_have_Elsas_shape()
    {
        using var program = await site.OperatorAsync();
        foreach (var trace in new[] { "01-sequence", "03-flow-branch-join-all", "29-child-sub", "35-composite-workflow-as-activity" })
            Assert.Equal(200, (await program.PostAsync("/workflow-definitions/import", RecordedAnswer.Definition(trace))).Status);

        Same("02-definitions-list", await program.GetAsync("/workflow-definitions?page=0&pageSize=5&versionOptions=LatestOrPublished"));
        Same("08-definition-consumers", await program.GetAsync("/workflow-definitions/29-child-sub/consumers"));
        var flow = await program.GetAsync("/workflow-definitions/by-definition-id/03-flow-branch-join-all");
        Same("09-definition-by-id", flow);
        Same("09-definition-by-id", await program.GetAsync($"/workflow-definitions/by-id/{flow.Json!["id"]}"));
        Same("11-subgraph-node", await program.GetAsync($"/workflow-definitions/subgraph/{flow.Json["id"]}?parentNodeId=Workflow1:root"));
        var segments = await program.GetAsync($"/workflow-definitions/subgraph/segments/{flow.Json["id"]}?childNodeId=Workflow1:root:b1");
        Same("12-subgraph-segments", segments);
        Assert.Equal(("Activities", "Workflow1", "Root"), ((string)segments.Json!["childNode"]!["port"]!, (string)segments.Json["container"]!["nodeId"]!, (string)segments.Json["container"]!["port"]!));
    }

    [Fact]
    public async Task Every_definition_that_Elsa_exported_comes_in_and_goes_out_with_the_same_meaning()
    {
        using var program = await site.OperatorAsync();
        foreach (var trace in RecordedAnswer.Traces)
        {
            var elsas = RecordedAnswer.Definition(trace);
            Assert.Equal(200, (await program.PostAsync("/workflow-definitions/import", elsas)).Status);
            var export = await program.GetAsync($"/workflow-definitions/{trace}/export?versionOptions=Latest");
            Assert.True(JsonNode.DeepEquals(Meaning.Of(elsas), Meaning.Of(export.Json!)), trace);
        }

        var listed = (await program.GetAsync("/workflow-definitions?versionOptions=Latest&IsSystem=False")).Json!["items"]!.AsArray().Select(i => (string)i!["definitionId"]!).ToList();
        Assert.Empty(RecordedAnswer.Traces.Except(listed));
    }

    [Fact]
    public async Task What_is_wrong_gets_the_status_and_body_that_Elsa_gives_and_writes_nothing()
    {
        using var program = await site.OperatorAsync();
        var before = await CountAsync(program);
        var malformed = await program.PostTextAsync("/workflow-definitions", "{\"model\":");
        Same("14-post-badjson", malformed);

        Assert.Equal(400, (await program.PostTextAsync("/workflow-definitions/import", "[1]")).Status);
        Assert.Equal(400, (await program.PostTextAsync("/workflow-definitions/import", "{\"name\":")).Status);
        Assert.Equal(400, (await program.PostAsync("/workflow-definitions/import")).Status);
        Assert.Equal(400, (await program.PostAsync("/workflow-definitions", new JsonObject { ["model"] = new JsonObject { ["name"] = "x", ["root"] = "y" } })).Status);
        Assert.Equal(400, (await program.PostAsync("/workflow-definitions", new JsonObject { ["model"] = new JsonObject { ["definitionId"] = new string('a', 200) } })).Status);
        Assert.Equal(413, (await program.PostTextAsync("/workflow-definitions/import", $"{{\"name\":\"{new string('a', 11 * 1024 * 1024)}\"}}")).Status);
        Assert.Equal(404, (await program.GetAsync("/workflow-definitions/by-definition-id/nope")).Status);
        Assert.Equal(404, (await program.GetAsync("/workflow-definitions/by-id/nope")).Status);
        Assert.Equal(404, (await program.GetAsync("/workflow-definitions/nope/export")).Status);
        Assert.Equal(404, (await program.PostAsync("/workflow-definitions/nope/publish", new JsonObject())).Status);
        Assert.Equal(404, (await program.PostAsync("/workflow-definitions/nope/revert/1")).Status);
        Assert.Equal(404, (await program.PostAsync("/workflow-definitions/company-project/revert/99")).Status);
        Assert.Equal(400, (await program.GetAsync("/workflow-definitions?versionOptions=Newest")).Status);
        Assert.Equal(before, await CountAsync(program));
    }

    private static async Task<int> CountAsync(ElsaClient program) => (int)(await program.GetAsync("/workflow-definitions?versionOptions=AllVersions")).Json!["totalCount"]!;

    private static void Same(string recorded, ElsaAnswer ours)
    {
        var elsas = RecordedAnswer.Read(recorded);
        Assert.Equal(elsas.Status, ours.Status);
        Assert.Empty(RecordedAnswer.Differences(elsas.Answer, ours.Json));
    }
}

/// <summary>What a definition means: without what its row says, without nulls and without what follows from where an activity stands.</summary>
public static class Meaning
{
    private static readonly string[] Row = ["$schema", "id", "createdAt", "version", "isLatest", "isPublished", "links", "toolVersion"];

    public static JsonNode Of(JsonNode definition)
    {
        var copy = definition.DeepClone().AsObject();
        foreach (var name in Row) copy.Remove(name);
        if (copy["options"] is JsonObject options && options["autoUpdateConsumingWorkflows"]?.GetValueKind() == System.Text.Json.JsonValueKind.False) options.Remove("autoUpdateConsumingWorkflows");
        foreach (var flag in new[] { "isReadonly", "isSystem" })
            if (copy[flag]?.GetValueKind() == System.Text.Json.JsonValueKind.False) copy.Remove(flag);
        return Without(copy);
    }

    private static JsonNode Without(JsonNode node)
    {
        if (node is JsonObject json)
        {
            foreach (var (name, value) in json.ToList())
                if (value is null || name == "nodeId" || (value is JsonArray { Count: 0 } or JsonObject { Count: 0 })) json.Remove(name);
                else Without(value);
        }
        else if (node is JsonArray array)
        {
            foreach (var item in array.OfType<JsonNode>()) Without(item);
        }

        return node;
    }
}
