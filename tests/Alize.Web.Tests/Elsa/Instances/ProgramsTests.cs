using System.Text.Json.Nodes;
using Alize.Engine.Storage;
using Alize.Web.Tests.Shell;

namespace Alize.Web.Tests.Elsa.Instances;

public class ProgramsTests(ElsaSite site) : IClassFixture<ElsaSite>
{
    [Fact]
    public async Task An_event_goes_to_whoever_waits_for_it_and_is_in_the_trail()
    {
        await site.PublishAsync("attendre-go", Script.EventThenDelay);
        var id = await site.StartAsync("attendre-go");
        using var program = await site.OperatorAsync();

        var answer = await program.PostAsync("/events/Go/trigger", new JsonObject { ["workflowInstanceId"] = id, ["input"] = new JsonObject { ["n"] = 1 }, ["workflowExecutionMode"] = "Asynchronous" });

        Assert.Equal((200, ""), (answer.Status, answer.Text));
        Assert.Equal("Elsa.Timer", await WaitOfAsync(id));
        Assert.Contains(await site.TrailAsync("procedure-event"), e => e.Text.Contains("Go", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_event_that_nobody_awaits_is_kept_and_listed_until_somebody_does()
    {
        using var program = await site.OperatorAsync();
        Assert.Equal(200, (await program.PostAsync("/events/Tard/trigger", new JsonObject { ["workflowExecutionMode"] = "Synchronous" })).Status);

        var letters = await program.GetAsync("/bookmark-queue/dead-letters");
        Assert.Empty(Recorded.Differences(Recorded.Read("instances.json")["deadLetters"], letters.Json));
        Assert.Equal((1, "Elsa.Event"), ((int)letters.Json!["items"]![0]!["attempts"]!, letters.Json["items"]![0].Text("activityTypeName")));

        await site.PublishAsync("tard", Script.EventThenDelay.Replace("\"Go\"", "\"Tard\"", StringComparison.Ordinal));
        var id = await site.StartAsync("tard");
        Assert.Equal("Elsa.Timer", await WaitOfAsync(id));
    }

    [Fact]
    public async Task An_event_for_an_unknown_instance_is_refused()
    {
        using var program = await site.OperatorAsync();
        var answer = await program.PostAsync("/events/Go/trigger", new JsonObject { ["workflowInstanceId"] = "nope" });
        Assert.Equal(400, answer.Status);
        Assert.Contains("nope", answer.Json!["errors"]!["generalErrors"]![0]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_is_completed_with_its_result_once()
    {
        await site.PublishAsync("tache", Script.Task);
        var id = await site.StartAsync("tache");
        using var program = await site.OperatorAsync();
        var taskId = await site.ReadAsync(db => Task.FromResult(db.Bookmarks.Single(b => b.InstanceId == id).ActivityInstanceId));

        Assert.Equal(200, (await program.PostAsync($"/tasks/{Uri.EscapeDataString(taskId)}/complete", new JsonObject { ["result"] = new JsonObject { ["total"] = 3 } })).Status);
        Assert.Equal(200, (await program.PostAsync($"/tasks/{Uri.EscapeDataString(taskId)}/complete", new JsonObject { ["result"] = 4 })).Status);
        Assert.Equal((200, ""), ((await program.PostAsync("/tasks/nope/complete", new JsonObject())).Status, (await program.PostAsync("/tasks/nope/complete", new JsonObject())).Text));

        var variables = (await program.GetAsync($"/workflow-instances/{id}/variables")).Json!;
        Assert.Equal("""{"total":3}""", variables["items"]!.AsArray().Single(v => v.Text("name") == "R")!["value"]!.ToJsonString());
        Assert.Equal("Elsa.Event", await WaitOfAsync(id));
    }

    [Fact]
    public async Task A_bookmark_is_resumed_by_its_id_with_a_reason()
    {
        await site.PublishAsync("attendre-go", Script.EventThenDelay);
        var id = await site.StartAsync("attendre-go", await site.TenantAsync());
        using var program = await site.OperatorAsync();
        var bookmark = await site.ReadAsync(db => Task.FromResult(db.Bookmarks.Single(b => b.InstanceId == id).Id));

        Assert.Equal((200, ""), await AnswerOf(program.PostAsync("/bookmarks/resume", new JsonObject { ["bookmarkId"] = bookmark, ["reason"] = "Le partenaire a téléphoné." })));

        Assert.Equal("Elsa.Timer", await WaitOfAsync(id));
        Assert.Equal(404, (await program.PostAsync("/bookmarks/resume", new JsonObject { ["bookmarkId"] = bookmark })).Status);
        Assert.Equal(400, (await program.PostAsync("/bookmarks/resume", new JsonObject())).Status);
        Assert.Contains(await site.TrailAsync("procedure-resume"), e => e.Text.Contains("Le partenaire a téléphoné.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_step_that_waits_for_an_answer_is_not_resumed_without_it()
    {
        using var program = await site.OperatorAsync();
        var asked = await site.ReadAsync(db => Task.FromResult(db.Bookmarks.First(b => b.Name == "Alize.TaskAnswered").Id));

        var answer = await program.PostAsync("/bookmarks/resume", new JsonObject { ["bookmarkId"] = asked });

        Assert.Equal(409, answer.Status);
        Assert.True(await site.ReadAsync(db => Task.FromResult(db.Bookmarks.Any(b => b.Id == asked))));
    }

    [Fact]
    public async Task A_parked_step_is_retried_and_what_cannot_be_retried_says_why()
    {
        await site.PublishAsync("parquer", Script.Failing.Replace("STRATEGY", "Alize.RetryThenPark", StringComparison.Ordinal));
        await site.PublishAsync("echouer", Script.Failing.Replace("STRATEGY", "FaultStrategy", StringComparison.Ordinal));
        var (parked, ended) = (await site.StartAsync("parquer"), await site.StartAsync("echouer"));
        using var program = await site.OperatorAsync();

        var retried = await program.PostAsync($"/workflow-instances/{parked}/retry", new JsonObject { ["reason"] = "Corrigé." });
        Assert.Equal((200, 1), (retried.Status, (int)retried.Json!["incidentCount"]!));
        var lines = (await program.GetAsync($"/workflow-instances/{parked}/journal/bad")).Json;
        Assert.Equal("Faulted", lines.Text("eventName"));
        Assert.Single(await site.TrailAsync("procedure-retry"));

        Assert.Equal(409, (await program.PostAsync($"/workflow-instances/{ended}/retry", new JsonObject())).Status);
    }

    [Fact]
    public async Task The_runtime_says_that_it_takes_work()
    {
        using var program = await site.OperatorAsync();
        var status = await program.GetAsync("/admin/workflow-runtime/status");
        Assert.Empty(Recorded.Differences(Recorded.Read("instances.json")["status"], status.Json));
    }

    private static async Task<(int, string)> AnswerOf(Task<ElsaAnswer> asked)
    {
        var answer = await asked;
        return (answer.Status, answer.Text);
    }

    private Task<string> WaitOfAsync(string id) => site.ReadAsync(db => Task.FromResult(db.Bookmarks.Single(b => b.InstanceId == id).Name));
}
