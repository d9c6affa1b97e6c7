using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Alize.Engine.Definitions;
using Alize.Engine.Storage;
using Alize.Web.Tests.Shell;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Tests.Elsa;

public sealed class HttpEndpointTests(TestSite site) : IClassFixture<TestSite>
{
    private static CancellationToken Cancel => TestSite.Cancel;

    [Fact]
    public async Task A_request_starts_the_workflow_and_gets_what_the_workflow_says()
    {
        var path = await PublishAsync("orders/{id}", """["POST"]""", extra: Respond);
        using var client = Client();

        var answer = await client.PostAsJsonAsync($"/elsa/http/{path.Replace("{id}", "A7", StringComparison.Ordinal)}?lang=fr", new { amount = 3 }, Cancel);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("""{"id":"A7","lang":"fr","amount":3}""", await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("yes", answer.Headers.GetValues("X-Ours").Single());
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Without_an_answer_the_caller_gets_the_instances_id()
    {
        var path = await PublishAsync("silent", """["POST"]""");
        using var client = Client();

        var answer = await client.PostAsync($"/elsa/http/{path}", null, Cancel);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var id = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!["workflowInstanceIds"]![0]!.ToString();
        Assert.Equal(WorkflowStatus.Finished, await site.ReadAsync(db => db.WorkflowInstances.Where(i => i.Id == id).Select(i => i.Status).SingleAsync(Cancel)));
    }

    [Fact]
    public async Task An_instance_that_waits_at_the_endpoint_is_woken_once()
    {
        var path = await PublishAsync("begin", """["POST"]""", extra: """,{"id":"again","type":"Elsa.HttpEndpoint","version":1,"path":{"expression":{"type":"Literal","value":"PATH/confirm"}},"supportedMethods":{"expression":{"type":"Object","value":"[\"PUT\"]"}}}""" + Respond.Replace("getVariable('Route').id", "'confirmed'", StringComparison.Ordinal));
        using var client = Client();

        // It waits at the second endpoint, so nothing is said yet: the wait of this site is short.
        Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsync($"/elsa/http/{path}", null, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsync($"/elsa/http/{path}/confirm", null, Cancel)).StatusCode);
        var confirmed = await client.PutAsJsonAsync($"/elsa/http/{path}/confirm", new { amount = 4 }, Cancel);
        Assert.Equal(HttpStatusCode.Created, confirmed.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.PutAsJsonAsync($"/elsa/http/{path}/confirm", new { amount = 4 }, Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_request_that_takes_longer_than_its_endpoint_allows_is_answered_408_and_the_workflow_goes_on()
    {
        // Less than any burst takes: the limit is over as soon as the burst has said it.
        var path = await PublishAsync("hurry", """["POST"]""", extra: Respond, timeout: "00:00:00.0000001");
        using var client = Client();

        var answer = await client.PostAsync($"/elsa/http/{path}", null, Cancel);

        Assert.Equal(HttpStatusCode.RequestTimeout, answer.StatusCode);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!;
        Assert.Contains("Elle continue", problem["message"]!.ToString(), StringComparison.Ordinal);
        var id = problem["workflowInstanceIds"]![0]!.ToString();
        await EndAsync(id);
        Assert.Equal(WorkflowSubStatus.Finished, await site.ReadAsync(db => db.WorkflowInstances.Where(i => i.Id == id).Select(i => i.SubStatus).SingleAsync(Cancel)));
    }

    [Fact]
    public async Task An_instance_woken_late_answers_408_too_and_was_woken()
    {
        var path = await PublishAsync("begin", """["POST"]""", extra: """,{"id":"again","type":"Elsa.HttpEndpoint","version":1,"path":{"expression":{"type":"Literal","value":"PATH/confirm"}},"requestTimeout":{"expression":{"type":"JavaScript","value":"'00:00:00.0000001'"}},"supportedMethods":{"expression":{"type":"Object","value":"[\"PUT\"]"}}}""");
        using var client = Client();
        var begun = await client.PostAsync($"/elsa/http/{path}", null, Cancel);
        var id = JsonNode.Parse(await begun.Content.ReadAsStringAsync(Cancel))!["workflowInstanceIds"]![0]!.ToString();

        var confirmed = await client.PutAsync($"/elsa/http/{path}/confirm", null, Cancel);

        Assert.Equal(HttpStatusCode.RequestTimeout, confirmed.StatusCode);
        await EndAsync(id);
    }

    [Theory]
    [InlineData("00:05:00")]
    [InlineData("90000.00:00:00")]
    [InlineData("00:00:00")]
    [InlineData("")]
    public async Task A_request_within_its_endpoints_time_is_answered_as_ever(string timeout)
    {
        var path = await PublishAsync("calm", """["POST"]""", extra: Respond, timeout: timeout);
        using var client = Client();

        Assert.Equal(HttpStatusCode.Created, (await client.PostAsync($"/elsa/http/{path}", null, Cancel)).StatusCode);
    }

    [Fact]
    public async Task Unknown_paths_and_methods_are_not_found_and_leave_nothing()
    {
        var path = await PublishAsync("known", """["POST"]""");
        var before = await site.ReadAsync(db => db.WorkflowInstances.CountAsync(Cancel));
        using var client = Client();

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/elsa/http/never-heard-of", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/elsa/http/{path}", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsync($"/elsa/http/{path}/deeper", null, Cancel)).StatusCode);
        Assert.Equal(before, await site.ReadAsync(db => db.WorkflowInstances.CountAsync(Cancel)));
    }

    [Fact]
    public async Task An_endpoint_for_those_who_are_signed_in_answers_nobody_else()
    {
        var path = await PublishAsync("private", """["POST"]""", authorize: true);
        using var client = Client();

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.PostAsync($"/elsa/http/{path}", null, Cancel)).StatusCode);
    }

    [Theory]
    [InlineData("application/json", "{ oops", HttpStatusCode.BadRequest)]
    [InlineData("application/octet-stream", "x", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("text/plain", null, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_body_that_cannot_be_taken_is_refused_with_the_reason_and_nothing_starts(string type, string? body, HttpStatusCode status)
    {
        var path = await PublishAsync("bodies", """["POST"]""");
        var before = await site.ReadAsync(db => db.WorkflowInstances.CountAsync(Cancel));
        using var client = Client();

        using var content = new StringContent(body ?? new string('x', 1_100_000), System.Text.Encoding.UTF8, type);
        var answer = await client.PostAsync($"/elsa/http/{path}", content, Cancel);

        Assert.Equal(status, answer.StatusCode);
        Assert.NotEmpty(JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!["message"]!.ToString());
        Assert.Equal(before, await site.ReadAsync(db => db.WorkflowInstances.CountAsync(Cancel)));
    }

    private const string Respond = """
        ,{"id":"say","type":"Elsa.WriteHttpResponse","version":1,
          "statusCode":{"expression":{"type":"Literal","value":"Created"}},
          "content":{"expression":{"type":"JavaScript","value":"({ id: getVariable('Route').id, lang: getVariable('Query').lang, amount: (getVariable('Body') || {}).amount })"}},
          "responseHeaders":{"expression":{"type":"Object","value":"{\"X-Ours\":\"yes\",\"Set-Cookie\":\"alize.session=stolen\"}"}}}
        """;

    private HttpClient Client() => new() { BaseAddress = site.Address };

    /// <summary>Lets what runs without a caller run to its end.</summary>
    private async Task EndAsync(string id)
    {
        while (await site.ReadAsync(db => db.WorkflowInstances.AnyAsync(i => i.Id == id && i.Status == WorkflowStatus.Finished, Cancel)) is false) await site.SettleAsync();
    }

    private async Task<string> PublishAsync(string path, string methods, bool authorize = false, string extra = "", string timeout = "")
    {
        var id = $"http-{Guid.NewGuid():N}";
        path = $"{id}/{path}";
        var json = $$$"""
            {"definitionId":"{{{id}}}",
             "variables":[{"id":"r","name":"Route","typeName":"Object"},{"id":"q","name":"Query","typeName":"Object"},{"id":"b","name":"Body","typeName":"Object"}],
             "root":{"id":"root","type":"Elsa.Sequence","version":1,"activities":[
              {"id":"in","type":"Elsa.HttpEndpoint","version":1,"customProperties":{"canStartWorkflow":true},
               "path":{"expression":{"type":"Literal","value":"{{{path}}}"}},
               "supportedMethods":{"expression":{"type":"Object","value":{{{System.Text.Json.JsonSerializer.Serialize(methods)}}} }},
               "authorize":{"expression":{"type":"Literal","value":{{{(authorize ? "true" : "false")}}} }},
               "requestTimeout":{"expression":{"type":"Literal","value":"{{{timeout}}}"} },
               "routeData":{"memoryReference":{"id":"r"}},"queryStringData":{"memoryReference":{"id":"q"}},"parsedContent":{"memoryReference":{"id":"b"} } }
              {{{extra.Replace("PATH", path, StringComparison.Ordinal)}}}]} }
            """;
        await site.DoAsync<DefinitionLoader, LoadedFile>(l => l.LoadAsync(id, json, Cancel));
        return path;
    }
}
