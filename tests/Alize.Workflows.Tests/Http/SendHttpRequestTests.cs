using System.Text;
using Alize.Engine.Definitions;
using Alize.Engine.Runtime;
using Alize.Engine.Storage;
using Alize.Workflows.Http;
using Alize.Workflows.Tests.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Tests.Http;

public sealed class SendHttpRequestTests(Territory territory) : IClassFixture<Territory>
{
    private static CancellationToken Cancel => Territory.Cancel;

    [Theory]
    [InlineData(200, "200")]
    [InlineData(404, "404")]
    [InlineData(500, "Unmatched status code")]
    public async Task The_flow_goes_on_by_the_status_that_came_back(int status, string outcome)
    {
        await using var server = new OtherServer();
        server.Answer = context => OtherServer.SayAsync(context, status, """{"name":"Menuiserie Aubry"}""");

        var (id, _) = await RunAsync(server.Address + "companies/1");

        var asked = Assert.Single(server.Asked);
        Assert.Equal(("POST", "/companies/1", "Bearer abc", """{"siren":"123"}"""), (asked.Method, asked.Path, asked.Authorization, asked.Body));
        Assert.StartsWith(id, asked.Key, StringComparison.Ordinal);
        Assert.Equal([outcome], await LinesAsync(id));
        Assert.Equal(WorkflowSubStatus.Finished, (await InstanceAsync(id))!.SubStatus);
        Assert.Contains("Menuiserie Aubry", Encoding.UTF8.GetString((await InstanceAsync(id))!.State), StringComparison.Ordinal);
        Assert.Empty(await territory.ReadAsync(db => db.OutboxRequests.ToListAsync(Cancel)));
    }

    [Fact]
    public async Task Nothing_is_sent_before_the_burst_is_committed_and_a_secret_is_kept_in_no_state()
    {
        await using var server = new OtherServer();
        var id = await StartAsync(server.Address);

        Assert.Empty(server.Asked);
        Assert.Equal(WorkflowSubStatus.Suspended, (await InstanceAsync(id))!.SubStatus);
        Assert.DoesNotContain("Bearer abc", Encoding.UTF8.GetString((await InstanceAsync(id))!.State), StringComparison.Ordinal);

        await SendAsync();
        Assert.Single(server.Asked);
    }

    [Fact]
    public async Task A_host_that_is_not_allowed_is_an_incident_at_the_step_and_nothing_leaves()
    {
        var id = await StartAsync("http://metadata.example/secrets");

        var instance = await InstanceAsync(id);
        Assert.Equal((WorkflowSubStatus.Faulted, 1), (instance!.SubStatus, instance.IncidentCount));
        Assert.Contains("not among the hosts allowed", Encoding.UTF8.GetString(instance.State), StringComparison.Ordinal);
        Assert.Empty(await territory.ReadAsync(db => db.OutboxRequests.ToListAsync(Cancel)));
    }

    [Fact]
    public void No_host_is_allowed_unless_a_setting_says_so()
    {
        var none = new HttpOptions();
        var some = new HttpOptions { AllowedHosts = { "api.example.org", "*.gouv.fr" } };

        Assert.False(none.Allows(new("https://api.example.org")));
        Assert.True(some.Allows(new("https://API.example.org/x")));
        Assert.True(some.Allows(new("https://entreprise.api.gouv.fr")));
        Assert.False(some.Allows(new("https://gouv.fr.evil.example")));
        Assert.False(some.Allows(new("https://notgouv.fr")));
        Assert.False(some.Allows(new("file://api.example.org/etc/passwd")));
    }

    [Fact]
    public async Task Nobody_there_is_an_outcome_of_its_own()
    {
        string gone;
        await using (var server = new OtherServer()) gone = server.Address;

        var (id, _) = await RunAsync(gone);

        Assert.Equal(["Failed to connect"], await LinesAsync(id));
    }

    [Fact]
    public async Task A_server_that_never_answers_is_a_timeout()
    {
        await using var server = new OtherServer();
        var end = new TaskCompletionSource();
        server.Answer = context => end.Task;

        var (id, _) = await RunAsync(server.Address);
        end.SetResult();

        Assert.Equal(["Timeout"], await LinesAsync(id));
    }

    [Fact]
    public async Task A_redirection_is_followed_on_the_same_server_only()
    {
        await using var server = new OtherServer();
        server.Answer = context => context.Request.Url!.AbsolutePath switch
        {
            "/old" => OtherServer.SayAsync(context, 302, "", location: "/new"),
            "/away" => OtherServer.SayAsync(context, 302, "", location: "http://localhost:1/stolen"),
            _ => OtherServer.SayAsync(context, 200, "{}"),
        };

        var (followed, _) = await RunAsync(server.Address + "old");
        var (notFollowed, _) = await RunAsync(server.Address + "away");

        Assert.Equal(["200"], await LinesAsync(followed));
        Assert.Equal(["Unmatched status code"], await LinesAsync(notFollowed));
        Assert.Equal(["/old", "/new", "/away"], server.Asked.Select(a => a.Path));
    }

    [Fact]
    public async Task An_answer_without_end_is_cut_and_told()
    {
        await using var server = new OtherServer();
        server.Answer = context => OtherServer.SayAsync(context, 200, new string('x', 2_000_000), "text/plain");

        var (id, _) = await RunAsync(server.Address);

        Assert.Contains("longer than 1000000 bytes", Encoding.UTF8.GetString((await InstanceAsync(id))!.State), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_whose_instance_was_cancelled_is_not_sent()
    {
        await using var server = new OtherServer();
        var id = await StartAsync(server.Address);
        await territory.Runtime.CancelAsync(id, Cancel);

        Assert.Equal(0, await SendAsync());

        Assert.Empty(server.Asked);
        Assert.Empty(await territory.ReadAsync(db => db.OutboxRequests.ToListAsync(Cancel)));
    }

    [Fact]
    public async Task A_sender_that_was_stopped_sends_again_with_the_same_key_and_the_step_goes_on_once()
    {
        await using var server = new OtherServer();
        var id = await StartAsync(server.Address);

        // Claimed and sent, and the process ended before it could record the answer.
        await territory.ReadAsync(db => db.OutboxRequests.ExecuteUpdateAsync(s => s.SetProperty(r => r.Attempts, 1).SetProperty(r => r.NotBefore, r => r.NotBefore.AddSeconds(30)), Cancel));
        Assert.Equal(0, await SendAsync());
        territory.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, await SendAsync());

        Assert.Single(server.Asked.Select(a => a.Key).Distinct());
        Assert.Equal(["200"], await LinesAsync(id));
    }

    private async Task<(string Id, int Sent)> RunAsync(string url)
    {
        var id = await StartAsync(url);
        return (id, await SendAsync());
    }

    private async Task<int> SendAsync()
    {
        var sent = await territory.DoAsync<SendRequests, int>(s => s.RunAsync(Cancel));
        await territory.Runtime.DrainAsync(Cancel);
        return sent;
    }

    private async Task<string> StartAsync(string url)
    {
        var definition = $"ask-{Guid.NewGuid():N}";
        await territory.DoAsync<DefinitionLoader, LoadedFile>(l => l.LoadAsync(definition, Json(definition, url), Cancel));
        var id = $"i-{definition}";
        await territory.Runtime.StartAsync(new StartWorkflow { DefinitionId = definition, InstanceId = id }, Cancel);
        return id;
    }

    private Task<WorkflowInstance?> InstanceAsync(string id) => territory.DoAsync<IWorkflowStore, WorkflowInstance?>(s => s.FindInstanceAsync(id, Cancel));

    /// <summary>Which line was reached: its name is the outcome.</summary>
    private async Task<List<string?>> LinesAsync(string id) =>
        [.. (await territory.DoAsync<IWorkflowStore, IReadOnlyList<ActivityExecutionRecord>>(s => s.ExecutionsAsync(id, Cancel))).Where(e => e.ActivityType == "Elsa.WriteLine").Select(e => e.ActivityName)];

    private static string Json(string id, string url)
    {
        var outcomes = new[] { "200", "404", "Unmatched status code", "Failed to connect", "Timeout" };
        var lines = outcomes.Select((o, n) => $$"""{"id":"l{{n}}","name":"{{o}}","type":"Elsa.WriteLine","version":1}""");
        var arrows = outcomes.Select((o, n) => $$"""{"source":{"activity":"ask","port":"{{o}}"},"target":{"activity":"l{{n}}"} }""");
        return $$$"""
            {"definitionId":"{{{id}}}","variables":[{"id":"v","name":"Company","typeName":"Object"}],
             "root":{"id":"root","type":"Elsa.Flowchart","version":1,"activities":[
              {"id":"ask","type":"Elsa.FlowSendHttpRequest","version":1,
               "url":{"expression":{"type":"Literal","value":"{{{url}}}"}},"method":{"expression":{"type":"Literal","value":"POST"}},
               "content":{"expression":{"type":"Object","value":"{\"siren\":\"123\"}"}},
               "authorization":{"expression":{"type":"JavaScript","value":"'Bearer ' + 'abc'"}},
               "expectedStatusCodes":{"expression":{"type":"Object","value":"[200,404]"}},
               "parsedContent":{"typeName":"Object","memoryReference":{"id":"v"} } },
              {{{string.Join(",", lines)}}}],
             "connections":[{{{string.Join(",", arrows)}}}]} }
            """;
    }
}
