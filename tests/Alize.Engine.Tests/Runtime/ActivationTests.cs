using Alize.Engine.Runtime;
using Alize.Engine.Storage;

namespace Alize.Engine.Tests.Runtime;

public sealed class ActivationTests
{
    private const string Singleton = "Elsa.Workflows.Runtime.ActivationValidators.SingletonStrategy, Elsa.Workflows.Runtime";
    private const string CorrelatedSingleton = "Elsa.Workflows.Runtime.ActivationValidators.CorrelatedSingletonStrategy, Elsa.Workflows.Runtime";
    private const string Correlation = "Elsa.Workflows.Runtime.ActivationValidators.CorrelationStrategy, Elsa.Workflows.Runtime";

    [Fact]
    public async Task A_singleton_starts_again_once_the_one_before_has_ended()
    {
        await using var engine = new TestEngine();
        await LoadAsync(engine, "one", Singleton);
        await engine.StartAsync("one", "first", correlationId: "a");

        var refusal = await Assert.ThrowsAsync<ActivationRefusedException>(() => engine.StartAsync("one", "second", correlationId: "b"));
        Assert.Contains("'one' was not started", refusal.Message, StringComparison.Ordinal);
        Assert.Null(await engine.InstanceAsync("second"));

        await engine.Runtime.CancelAsync("first", TestEngine.Cancel);
        Assert.Equal(WorkflowStatus.Running, (await engine.StartAsync("one", "second")).Status);
    }

    [Fact]
    public async Task A_correlated_singleton_stands_in_the_way_of_its_own_correlation_only()
    {
        await using var engine = new TestEngine();
        await LoadAsync(engine, "one", CorrelatedSingleton);
        await LoadAsync(engine, "other", CorrelatedSingleton);
        await engine.StartAsync("one", "a1", correlationId: "a");

        await engine.StartAsync("one", "b1", correlationId: "b");
        await engine.StartAsync("other", "a2", correlationId: "a");
        await Assert.ThrowsAsync<ActivationRefusedException>(() => engine.StartAsync("one", "a3", correlationId: "a"));
    }

    [Fact]
    public async Task A_correlation_is_looked_for_in_every_definition()
    {
        await using var engine = new TestEngine();
        await LoadAsync(engine, "free", null);
        await LoadAsync(engine, "alone", Correlation);
        await engine.StartAsync("free", "f", correlationId: "a");

        await Assert.ThrowsAsync<ActivationRefusedException>(() => engine.StartAsync("alone", "x", correlationId: "a"));
        await engine.StartAsync("alone", "y", correlationId: "b");
        await engine.StartAsync("free", "z", correlationId: "b");
    }

    [Fact]
    public async Task Two_that_start_at_the_same_moment_are_one()
    {
        await using var engine = new TestEngine();
        await LoadAsync(engine, "one", Singleton);

        var started = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(async () =>
        {
            try
            {
                await engine.StartAsync("one", $"i{n}");
                return true;
            }
            catch (ActivationRefusedException)
            {
                return false;
            }
        })));

        Assert.Single(started, s => s);
    }

    [Fact]
    public async Task A_refused_start_by_a_message_is_over_and_the_parent_that_waits_is_told()
    {
        await using var engine = new TestEngine();
        await LoadAsync(engine, "one", Singleton);
        await engine.LoadFlowAsync("parent",
            [""" "id":"x","type":"Elsa.ExecuteWorkflow","waitForCompletion":{"expression":{"type":"Literal","value":"true"} },"workflowDefinitionId":{"expression":{"type":"Literal","value":"one"}},"result":{"memoryReference":{"id":"r"}} """],
            [], """ "variables":[{"id":"r","name":"R","typeName":"Object"}],"outputs":[],""");
        await engine.StartAsync("one", "first");

        await engine.StartAsync("parent", "p");
        await engine.Runtime.DrainAsync(TestEngine.Cancel);

        Assert.Equal(WorkflowSubStatus.Finished, (await engine.InstanceAsync("p"))?.SubStatus);
        Assert.Contains("Cancelled", System.Text.Encoding.UTF8.GetString((await engine.InstanceAsync("p"))!.State), StringComparison.Ordinal);
        Assert.Empty(await engine.WithStoreAsync(s => s.StimuliDueAsync(DateTime.MaxValue, 10, TestEngine.Cancel)));
    }

    private static Task LoadAsync(TestEngine engine, string id, string? strategy) => engine.LoadFlowAsync(
        id, [""" "id":"e","type":"Elsa.Event","eventName":{"expression":{"type":"Literal","value":"E"}} """], [],
        strategy is null ? "" : $$""" "options":{"activationStrategyType":"{{strategy}}"},""");
}
