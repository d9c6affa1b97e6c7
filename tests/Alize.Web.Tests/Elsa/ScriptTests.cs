using System.Text.Json.Nodes;
using Alize.Workflows.Demo;

namespace Alize.Web.Tests.Elsa;

/// <summary>A script's whole work with a definition that was exported from a real Elsa server.</summary>
public class ScriptTests(ElsaSite site) : IClassFixture<ElsaSite>
{
    [Fact]
    public async Task A_script_imports_publishes_dispatches_drives_and_reads_a_definition()
    {
        using var program = await site.OperatorAsync();
        var definition = Recorded.Read("event-delay.json").AsObject();
        var id = definition.Text("definitionId");

        Assert.InRange((await program.PostAsync("/workflow-definitions/import", definition.DeepClone())).Status, 200, 201);

        // Its last step stands behind the end: Elsa publishes that, here the check says it.
        var refused = await program.PostAsync($"/workflow-definitions/{id}/publish", new JsonObject());
        Assert.Equal(400, refused.Status);
        Assert.Contains("never", refused.Json!["errors"]!.ToJsonString(), StringComparison.Ordinal);

        var root = definition["root"]!;
        root["activities"]!.AsArray().RemoveAll(a => a.Text("id") == "never");
        root["connections"]!.AsArray().RemoveAll(c => c!["target"].Text("activity") == "never");
        Assert.InRange((await program.PostAsync("/workflow-definitions/import", definition.DeepClone())).Status, 200, 201);
        Assert.Equal(200, (await program.PostAsync($"/workflow-definitions/{id}/publish", new JsonObject())).Status);
        var dispatched = await program.PostAsync($"/workflow-definitions/{id}/dispatch", new JsonObject { ["correlationId"] = "c-77" });
        Assert.Equal(200, dispatched.Status);
        var instance = dispatched.Json.Text("workflowInstanceId");
        await site.SettleAsync();

        Assert.Equal("Suspended", (await program.GetAsync($"/workflow-instances/{instance}/execution-state")).Json.Text("subStatus"));
        Assert.Equal(200, (await program.PostAsync("/events/Go/trigger", new JsonObject { ["workflowInstanceId"] = instance })).Status);
        JsonNode state;
        var looks = 0;
        do
        {
            await site.WaitAsync(TimeSpan.FromSeconds(1));
            state = (await program.GetAsync($"/workflow-instances/{instance}/execution-state")).Json!;
        }
        while (state.Text("status") == "Running" && ++looks < 10);

        Assert.Equal(("Finished", "Finished"), (state.Text("status"), state.Text("subStatus")));
        var journal = (await program.PostAsync($"/workflow-instances/{instance}/journal?skip=0&take=100", new JsonObject
        {
            ["filter"] = new JsonObject { ["excludedActivityTypes"] = new JsonArray("Elsa.Workflow", "Elsa.Flowchart") },
        })).Json!["items"]!.AsArray().Select(l => $"{l.Text("activityId")} {l.Text("eventName")}").ToList();
        Assert.Equal(
            ["co Started", "co Completed", "sn Started", "sn Completed", "ev Started", "ev Suspended", "ev Resumed", "ev Completed", "d Started", "d Suspended", "d Resumed", "d Completed", "fin Started", "fin Completed"],
            journal);
        Assert.Contains(await site.TrailAsync("procedure-event"), e => e.Actor == DemoTerritory.OperatorName);
    }
}
