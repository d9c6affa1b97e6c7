using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Alize.Data.People;
using Alize.Web.Tests.Shell;
using Alize.Workflows.Demo;

namespace Alize.Web.Tests.Elsa.Instances;

public class LiveInstancesTests(ElsaSite site) : IClassFixture<ElsaSite>
{
    [Fact]
    public async Task A_viewer_is_told_after_the_commit_what_the_instance_did()
    {
        await site.PublishAsync("attendre-go", Script.EventThenDelay);
        var id = await site.StartAsync("attendre-go");
        using var program = await site.OperatorAsync();
        await using var viewer = await Viewer.ConnectAsync(site, await TokenAsync(DemoTerritory.OperatorEmail, DemoTerritory.OperatorPassword));

        await viewer.CallAsync("ObserveInstanceAsync", id);
        Assert.Equal(id, (await viewer.ReadAsync("WorkflowInstanceUpdatedAsync"))["arguments"]![0].Text("workflowInstanceId"));
        await program.PostAsync("/events/Go/trigger", new JsonObject { ["workflowInstanceId"] = id });

        var stats = (await viewer.ReadAsync("ActivityExecutionLogUpdatedAsync"))["arguments"]![0]!["stats"]!.AsArray();
        Assert.Equal((1, 1), ((int)stats.Single(s => s.Text("activityId") == "ev")!["completedCount"]!, (int)stats.Single(s => s.Text("activityId") == "d")!["startedCount"]!));
        await viewer.ReadAsync("WorkflowExecutionLogUpdatedAsync");
    }

    [Fact]
    public async Task What_another_node_did_is_seen_at_the_next_look()
    {
        await site.PublishAsync("attendre-go", Script.EventThenDelay);
        var id = await site.StartAsync("attendre-go");
        await using var viewer = await Viewer.ConnectAsync(site, await TokenAsync(DemoTerritory.OperatorEmail, DemoTerritory.OperatorPassword));
        await viewer.CallAsync("ObserveInstanceAsync", id);
        await viewer.ReadAsync("WorkflowInstanceUpdatedAsync");

        await site.ReadAsync(async db =>
        {
            await Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.ExecuteUpdateAsync(
                db.WorkflowInstances.Where(i => i.Id == id), set => set.SetProperty(i => i.Revision, i => i.Revision + 1), TestSite.Cancel);
            return true;
        });
        site.Time.Advance(TimeSpan.FromSeconds(3));

        await viewer.ReadAsync("WorkflowInstanceUpdatedAsync");
    }

    [Fact]
    public async Task An_instance_out_of_reach_cannot_be_watched()
    {
        await site.PublishAsync("attendre-go", Script.EventThenDelay);
        var theirs = await site.StartAsync("attendre-go", Guid.NewGuid().ToString());
        await using var viewer = await Viewer.ConnectAsync(site, await TokenAsync(DemoTerritory.OperatorEmail, DemoTerritory.OperatorPassword));

        var refused = await viewer.CallAsync("ObserveInstanceAsync", theirs);

        Assert.Contains("n’existe pas", refused.Text("error"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_token_or_role_nobody_negotiates()
    {
        await site.AddAsync(ElsaSite.Controller, "Denis Aubert", MemberRole.Controller);
        Assert.Equal(401, await Viewer.NegotiateAsync(site, null));
        Assert.Equal(403, await Viewer.NegotiateAsync(site, await TokenAsync(ElsaSite.Controller, ElsaSite.Password)));
    }

    private async Task<string> TokenAsync(string email, string password)
    {
        using var stranger = site.Stranger();
        return (await stranger.PostAsync("/identity/login", new JsonObject { ["username"] = email, ["password"] = password })).Json.Text("accessToken");
    }

    /// <summary>A SignalR connection by hand, as the Studio's browser has it: the token in the address, JSON messages.</summary>
    private sealed class Viewer : IAsyncDisposable
    {
        private const char End = '\u001e';
        private readonly ClientWebSocket socket = new();
        private readonly Queue<JsonNode> read = new();
        private int calls;

        public static async Task<int> NegotiateAsync(ElsaSite site, string? token)
        {
            using var http = new HttpClient { BaseAddress = site.Address };
            if (token is not null) http.DefaultRequestHeaders.Authorization = new("Bearer", token);
            return (int)(await http.PostAsync("/elsa/hubs/workflow-instance/negotiate?negotiateVersion=1", null, TestSite.Cancel)).StatusCode;
        }

        public static async Task<Viewer> ConnectAsync(ElsaSite site, string token)
        {
            using var http = new HttpClient { BaseAddress = site.Address, DefaultRequestHeaders = { Authorization = new("Bearer", token) } };
            var negotiated = JsonNode.Parse(await (await http.PostAsync("/elsa/hubs/workflow-instance/negotiate?negotiateVersion=1", null, TestSite.Cancel)).Content.ReadAsStringAsync(TestSite.Cancel));
            Assert.Empty(Recorded.Differences(Recorded.Read("instances.json")["negotiate"], negotiated));
            var viewer = new Viewer();
            await viewer.socket.ConnectAsync(
                new Uri($"ws://{site.Address.Authority}/elsa/hubs/workflow-instance?id={negotiated.Text("connectionToken")}&access_token={Uri.EscapeDataString(token)}"), TestSite.Cancel);
            await viewer.SendAsync(new JsonObject { ["protocol"] = "json", ["version"] = 1 });
            await viewer.NextAsync();
            return viewer;
        }

        /// <summary>Calls the hub and waits for its answer; what comes meanwhile is kept.</summary>
        public async Task<JsonNode> CallAsync(string method, string argument)
        {
            var id = (++calls).ToString();
            await SendAsync(new JsonObject { ["type"] = 1, ["invocationId"] = id, ["target"] = method, ["arguments"] = new JsonArray(argument) });
            var others = new List<JsonNode>();
            while (true)
            {
                var message = await NextAsync();
                if (message.Text("invocationId") == id)
                {
                    foreach (var other in others) read.Enqueue(other);
                    return message;
                }

                others.Add(message);
            }
        }

        /// <summary>The next message of that name.</summary>
        public async Task<JsonNode> ReadAsync(string target)
        {
            while (true)
                if (await NextAsync() is var message && message.Text("target") == target)
                    return message;
        }

        public async ValueTask DisposeAsync()
        {
            if (socket.State == WebSocketState.Open) await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
            socket.Dispose();
        }

        private Task SendAsync(JsonObject message) => socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString() + End), WebSocketMessageType.Text, true, TestSite.Cancel);

        private async Task<JsonNode> NextAsync()
        {
            while (read.Count == 0)
            {
                var buffer = new MemoryStream();
                var part = new byte[16 * 1024];
                WebSocketReceiveResult result;
                do
                {
                    result = await socket.ReceiveAsync(part, TestSite.Cancel);
                    buffer.Write(part, 0, result.Count);
                }
                while (!result.EndOfMessage);
                foreach (var message in Encoding.UTF8.GetString(buffer.ToArray()).Split(End, StringSplitOptions.RemoveEmptyEntries))
                    if (JsonNode.Parse(message) is { } json && (int?)json["type"] != 6)
                        read.Enqueue(json);
            }

            return read.Dequeue();
        }
    }
}
