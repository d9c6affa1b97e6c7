using System.Text.Json.Nodes;
using Alize.Engine.Definitions;
using Alize.Engine.Expressions;
using Alize.Engine.Runtime;
using Alize.Engine.Storage;

namespace Alize.Engine.Tests.Conformance;

/// <summary>Every recorded definition does here what it did in Elsa.</summary>
public sealed class ElsaConformanceTests
{
    public static TheoryData<string> Runs => [.. Trace.RunNames];

    public static TheoryData<string> All => [.. Trace.Names];

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task A_recorded_definition_runs_as_it_did_in_Elsa(string name)
    {
        await using var engine = new TestEngine();
        foreach (var child in new[] { "29-child-sub", "30-child-blocking" })
            await engine.LoadAsync(child, Trace.Read(child).Json);
        var trace = Trace.Read(name);
        await engine.LoadAsync(name, Ours(trace));

        var id = await PlayAsync(engine, trace);

        var instance = await engine.InstanceAsync(id);
        Assert.NotNull(instance);
        Assert.Equal(DeliberateDifferences.Journal(trace), await engine.JournalAsync(id));
        Assert.Equal(trace.Text("status"), instance.Status.ToString());
        Assert.Equal(trace.Text("subStatus"), instance.SubStatus.ToString());
        Assert.Equal(trace.Text("correlationId"), instance.CorrelationId ?? "");
        Assert.Equal(trace.Text("name"), instance.Name ?? "");
        Assert.Equal(trace.Expected!["incidents"]!.AsArray().Count, instance.IncidentCount);

        var executions = await engine.ExecutionsAsync(id);
        Assert.Equal(
            DeliberateDifferences.Statuses(trace).Order(StringComparer.Ordinal),
            executions.Select(e => $"{e.ActivityId}:{e.Status}").Order(StringComparer.Ordinal));
        Assert.Equal(
            trace.Expected["nodeIds"]!.AsArray().Select(n => n!.GetValue<string>()).Order(StringComparer.Ordinal),
            executions.Select(e => e.NodeId).Distinct().Order(StringComparer.Ordinal));

        var result = await engine.Runtime.StartAsync(new StartWorkflow { DefinitionId = name, InstanceId = id }, TestEngine.Cancel);
        Assert.Equal(Trace.Compact(trace.Expected["output"]), Trace.Compact(ValueConversion.ToJson(result.Output)));
        if (result.Status == WorkflowStatus.Finished)
            Assert.Empty(await engine.BookmarksAsync(id));
        await AssertVariablesAsync(trace, instance);
        foreach (var incident in trace.Expected["incidents"]!.AsArray())
            Assert.StartsWith(incident![1]!.GetValue<string>(), Incidents(instance).Single(i => i.ActivityId == incident[0]!.GetValue<string>()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_definition_is_written_with_everything_that_was_read(string name)
    {
        var definition = Trace.Read(name).Definition;
        definition["unknown"] = new JsonObject { ["deep"] = new JsonArray(1, "two", null) };
        definition["root"]!["customProperties"]!["ours"] = "kept";
        var before = definition.ToJsonString();

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(before), JsonNode.Parse(DefinitionDocument.Parse(before).Normalise().ToJson())));
    }

    [Fact]
    public void Every_deliberate_difference_belongs_to_a_trace() =>
        Assert.All(DeliberateDifferences.Reasons.Keys, name => Assert.Contains(name, Trace.Names));

    private static string Ours(Trace trace)
    {
        // C# is off here (DeliberateDifferences): the same value in JavaScript.
        if (trace.Name == "28-expressions")
            trace.Definition["root"]!["activities"]![2]!["value"]!["expression"] = new JsonObject { ["type"] = "JavaScript", ["value"] = "getL() + '-cs-' + getIn()" };
        return trace.Json;
    }

    private static async Task<string> PlayAsync(TestEngine engine, Trace trace)
    {
        var id = "traced";
        foreach (var step in trace.Steps)
        {
            var name = step.Count > 2 ? step[1]!.GetValue<string>() : "";
            switch (step[0]!.GetValue<string>())
            {
                case "execute":
                    await engine.StartAsync(trace.Name, id, Input(trace.Name));
                    break;
                case "event" or "eventany" or "trigger":
                    var sent = await engine.SendEventAsync(name, step.Count > 3 ? step[2] : null);
                    if (step[0]!.GetValue<string>() == "trigger")
                        id = $"{sent.Id}.trg.{trace.Name}";
                    break;
                case "cancel":
                    await engine.Runtime.CancelAsync(id, TestEngine.Cancel);
                    break;
            }

            await engine.Runtime.DrainAsync(TestEngine.Cancel);
        }

        // The delays of the recordings last seconds.
        for (var i = 0; i < 3; i++)
        {
            engine.Time.Advance(TimeSpan.FromSeconds(10));
            await engine.Runtime.SweepAsync(TestEngine.Cancel);
        }

        return id;
    }

    private static Dictionary<string, object?>? Input(string name) => name switch
    {
        "28-expressions" => new() { ["In"] = "hello" },
        "29-child-sub" => new() { ["In"] = 4 },
        _ => null,
    };

    private static List<(string ActivityId, string Message)> Incidents(WorkflowInstance instance) =>
        [.. (JsonNode.Parse(instance.State)!["inc"]?.AsArray() ?? []).Select(i => (i!["a"]!.GetValue<string>(), i["m"]!.GetValue<string>()))];

    private static Task AssertVariablesAsync(Trace trace, WorkflowInstance instance)
    {
        var cells = JsonNode.Parse(instance.State)!["ctx"]![0]!["v"]?.AsArray() ?? [];
        var ours = cells.ToDictionary(c => c![1]!.GetValue<string>(), c => c![2]);
        foreach (var (name, expected) in trace.Expected!["variables"]!.AsObject())
        {
            if (trace.Name.StartsWith("31", StringComparison.Ordinal) || trace.Name.StartsWith("32", StringComparison.Ordinal))
                Assert.Equal(trace.Name.StartsWith("31", StringComparison.Ordinal) ? "42" : "child-done", ours[name]!["Output"]!["Out"]!.ToString());
            else if (trace.Name == "28-expressions" && name == "O")
                Assert.Equal(expected!.GetValue<string>(), Trace.Compact(ours[name]));
            else
                Assert.Equal(Trace.Compact(expected), Trace.Compact(ours[name]));
        }

        return Task.CompletedTask;
    }
}
