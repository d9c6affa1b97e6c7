using Alize.Engine.Runtime;
using Alize.Engine.Storage;

namespace Alize.Engine.Tests.Runtime;

public sealed class ChildWorkflowTests
{
    private const string Waiting = """ "id":"e","type":"Elsa.Event","eventName":{"expression":{"type":"Literal","value":"Go"}} """;
    private const string Output = """ "id":"o","type":"Elsa.SetOutput","outputName":{"expression":{"type":"Literal","value":"Out"}},"outputValue":{"expression":{"type":"JavaScript","value":"getIn() * 2"}} """;
    private const string Declares = """ "inputs":[{"name":"In","type":"Int32"}],"outputs":[{"name":"Out","type":"Int32"}],""";
    private const string Show = """ "id":"show","type":"Ref.AppendLine","line":{"expression":{"type":"JavaScript","value":"'' + getR().Output.Out"}} """;

    private static readonly string Execute =
        """ "id":"x","type":"Elsa.ExecuteWorkflow","waitForCompletion":{"expression":{"type":"Literal","value":"true"} },"workflowDefinitionId":{"expression":{"type":"Literal","value":"child"}},"input":{"expression":{"type":"Object","value":"{\"In\":21}"}},"result":{"memoryReference":{"id":"r"}} """;

    [Fact]
    public async Task A_parent_waits_for_its_child_and_reads_its_output()
    {
        await using var engine = await FamilyAsync();
        await engine.StartAsync("parent", "p");
        await engine.Runtime.DrainAsync(TestEngine.Cancel);
        var child = Assert.Single(await engine.WithStoreAsync(s => s.ChildrenAsync("p", TestEngine.Cancel)));
        Assert.Equal(WorkflowSubStatus.Suspended, (await engine.InstanceAsync("p"))?.SubStatus);

        await engine.SendEventAsync("Go", instanceId: child.Id);
        await engine.Runtime.DrainAsync(TestEngine.Cancel);

        Assert.Equal(WorkflowSubStatus.Finished, (await engine.InstanceAsync("p"))?.SubStatus);
        Assert.Equal(["42"], engine.Effects.Lines);
    }

    [Fact]
    public async Task Cancelling_a_parent_cancels_the_child_it_waits_for()
    {
        await using var engine = await FamilyAsync();
        await engine.StartAsync("parent", "p");
        await engine.Runtime.DrainAsync(TestEngine.Cancel);

        await engine.Runtime.CancelAsync("p", TestEngine.Cancel);
        await engine.Runtime.DrainAsync(TestEngine.Cancel);

        Assert.Equal(WorkflowSubStatus.Cancelled, Assert.Single(await engine.WithStoreAsync(s => s.ChildrenAsync("p", TestEngine.Cancel))).SubStatus);
    }

    [Fact]
    public async Task An_unknown_child_is_an_incident_of_the_parent_with_its_name()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("parent", [Execute], []);
        var result = await engine.StartAsync("parent", "p");
        Assert.Equal(WorkflowSubStatus.Faulted, result.SubStatus);
        var journal = await engine.WithStoreAsync(s => s.JournalAsync("p", 0, 100, TestEngine.Cancel));
        Assert.Contains(journal, j => j.EventName == "Faulted" && j.Message!.Contains("'child'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Bulk_dispatch_waits_for_every_child()
    {
        await using var engine = new TestEngine();
        await engine.LoadFlowAsync("child", [""" "id":"l","type":"Ref.AppendLine","line":{"expression":{"type":"JavaScript","value":"'child ' + getItem()"}} """], [], """ "inputs":[{"name":"Item","type":"Int32"}],""");
        await engine.LoadFlowAsync("parent",
            [""" "id":"b","type":"Elsa.BulkDispatchWorkflows","workflowDefinitionId":{"expression":{"type":"Literal","value":"child"}},"items":{"expression":{"type":"JavaScript","value":"[1,2,3]"}} """,
             """ "id":"l","type":"Ref.AppendLine","line":{"expression":{"type":"Literal","value":"all done"}} """],
            ["b:Completed->l"]);
        await engine.StartAsync("parent", "p");
        await engine.Runtime.DrainAsync(TestEngine.Cancel);

        Assert.Equal(["child 1", "child 2", "child 3", "all done"], engine.Effects.Lines);
        Assert.Equal(WorkflowSubStatus.Finished, (await engine.InstanceAsync("p"))?.SubStatus);
    }

    private static async Task<TestEngine> FamilyAsync()
    {
        var engine = new TestEngine();
        await engine.LoadFlowAsync("child", [Waiting, Output], ["e:Done->o"], Declares);
        await engine.LoadFlowAsync("parent", [Execute, Show], ["x:Done->show"], """ "variables":[{"id":"r","name":"R","typeName":"Object"}],""");
        return engine;
    }
}
