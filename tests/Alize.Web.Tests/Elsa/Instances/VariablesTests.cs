using System.Text.Json.Nodes;

namespace Alize.Web.Tests.Elsa.Instances;

/// <summary>Variables of a running instance, written by hand.</summary>
public sealed class VariablesTests(ElsaSite site) : IClassFixture<ElsaSite>
{
    private const string Waiting = """
        {"definitionId":"variables-a-ecrire","name":"Variables","options":{},
         "variables":[{"id":"v-text","name":"Texte","typeName":"String","value":"un"},{"id":"v-number","name":"Nombre","typeName":"Int32","value":"1"}],
         "root":{"id":"root","type":"Elsa.Flowchart","version":1,"connections":[],"activities":[
          {"id":"wait","type":"Elsa.Event","version":1,"eventName":{"typeName":"String","expression":{"type":"Literal","value":"Go"}}}]}}
        """;

    [Fact]
    public async Task A_variable_is_written_and_the_trail_says_who_did()
    {
        var (program, id) = await StartAsync();
        using var _ = program;

        var written = await program.PostAsync($"/workflow-instances/{id}/variables", Values(("v-text", "deux"), ("v-number", 2)));

        Assert.Equal(200, written.Status);
        var now = (await program.GetAsync($"/workflow-instances/{id}/variables")).Text;
        Assert.Contains("""{"id":"v-text","name":"Texte","value":"deux"}""", now, StringComparison.Ordinal);
        Assert.Contains("""{"id":"v-number","name":"Nombre","value":2}""", now, StringComparison.Ordinal);
        Assert.Equal(now, written.Text);
        Assert.Contains(await site.TrailAsync("procedure-variables"), e => e.Text.Contains("v-text, v-number", StringComparison.Ordinal));
        Assert.Contains("VariablesWritten", (await program.GetAsync($"/workflow-instances/{id}/journal")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_values_one_that_is_wrong_keeps_all_from_being_written()
    {
        var (program, id) = await StartAsync();
        using var _ = program;
        var before = (await program.GetAsync($"/workflow-instances/{id}/variables")).Text;

        Assert.Equal(400, (await program.PostAsync($"/workflow-instances/{id}/variables", Values(("v-text", "deux"), ("v-other", 2)))).Status);
        var wrong = await program.PostAsync($"/workflow-instances/{id}/variables", Values(("v-text", "deux"), ("v-number", "beaucoup")));
        Assert.Equal(400, wrong.Status);
        Assert.Contains("Nombre", wrong.Text, StringComparison.Ordinal);
        Assert.Equal(400, (await program.PostAsync($"/workflow-instances/{id}/variables", new JsonObject())).Status);
        Assert.Equal(404, (await program.PostAsync("/workflow-instances/nope/variables", Values(("v-text", "deux")))).Status);

        Assert.Equal(before, (await program.GetAsync($"/workflow-instances/{id}/variables")).Text);
    }

    [Fact]
    public async Task Nothing_is_written_into_an_instance_that_has_ended()
    {
        var (program, id) = await StartAsync();
        using var _ = program;
        await program.PostAsync($"/cancel/workflow-instances/{id}");

        Assert.Equal(409, (await program.PostAsync($"/workflow-instances/{id}/variables", Values(("v-text", "deux")))).Status);
    }

    [Fact]
    public async Task A_step_is_not_tried_alone_and_the_answer_says_where_its_procedure_is()
    {
        using var program = await site.OperatorAsync();

        var tried = await program.PostAsync("/tests/activities", new JsonObject { ["workflowDefinitionHandle"] = new JsonObject { ["definitionId"] = "repayment" }, ["activityHandle"] = new JsonObject { ["activityId"] = "list" } });

        Assert.Equal((200, "Faulted"), (tried.Status, (string?)tried.Json!["status"]));
        Assert.Contains("Ce qui se passerait", (string?)tried.Json["exception"]!["message"], StringComparison.Ordinal);
    }

    private static JsonObject Values(params (string Id, JsonNode? Value)[] values) =>
        new() { ["variables"] = new JsonArray([.. values.Select(v => (JsonNode)new JsonObject { ["id"] = v.Id, ["value"] = v.Value })]) };

    private async Task<(ElsaClient Program, string Id)> StartAsync()
    {
        await site.PublishAsync("variables-a-ecrire", Waiting);
        return (await site.OperatorAsync(), await site.StartAsync("variables-a-ecrire"));
    }
}
