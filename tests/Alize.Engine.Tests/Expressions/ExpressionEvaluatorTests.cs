using System.Text.Json.Nodes;
using Alize.Engine.Expressions;

namespace Alize.Engine.Tests.Expressions;

public class ExpressionEvaluatorTests
{
    private readonly TestScope scope = new();

    private async Task<T?> Evaluate<T>(string kind, object? value) =>
        (T?)await Evaluators.New().EvaluateAsync(new(kind, value), typeof(T), scope, TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_literal_becomes_the_inputs_type()
    {
        Assert.Equal(12, await Evaluate<int>("Literal", "12"));
        Assert.Equal(true, await Evaluate<bool?>("Literal", "true"));
        Assert.Equal("x", await Evaluate<string>("Literal", JsonValue.Create("x")));
        Assert.Null(await Evaluate<string>("Literal", null));
    }

    [Fact]
    public async Task An_object_is_json_in_a_text_or_a_node()
    {
        Assert.Equal<string>(["L", "R"], await Evaluate<string[]>("Object", "[\"L\", \"R\"]") ?? []);
        Assert.Equal(21L, (await Evaluate<Dictionary<string, object?>>("Object", JsonNode.Parse("{\"In\":21}")))?["In"]);
        Assert.IsType<JsonObject>(await Evaluate<object>("Json", "{\"a\":1,\"b\":[1,2]}"));
        Assert.Equal("{\"a\": 1}", await Evaluate<string>("Object", "{\"a\": 1}"));
        Assert.Null(await Evaluate<string[]>("Object", ""));
    }

    [Theory]
    [InlineData("""{"id":"v-Seen","name":"Renamed","typeName":"String"}""")]
    [InlineData("""{"id":"gone","name":"Seen"}""")]
    [InlineData("Seen")]
    public async Task A_variable_is_found_by_id_then_by_name(string reference)
    {
        scope.Variables["Seen"] = "yes";

        Assert.Equal("yes", await Evaluate<string>("Variable", reference));
        if (reference.StartsWith('{')) Assert.Equal("yes", await Evaluate<string>("Variable", JsonNode.Parse(reference)));
    }

    [Fact]
    public async Task An_unknown_variable_fails_with_the_known_ones()
    {
        scope.Variables["Seen"] = "yes";

        var failure = await Assert.ThrowsAsync<ExpressionException>(() => Evaluate<string>("Variable", "Sen"));

        Assert.Equal("Variable expression: there is no variable 'Sen' here. Known here: Seen.", failure.Message);
    }

    [Fact]
    public async Task An_input_is_found_by_name()
    {
        scope.Inputs["Customer"] = "Dupont";

        Assert.Equal("Dupont", await Evaluate<string>("Input", """{"name":"Customer","type":"String"}"""));
        Assert.Equal("Dupont", await Evaluate<string>("Input", "customer"));
        Assert.Null(await Evaluate<string>("Input", "Other"));
    }

    [Fact]
    public async Task A_value_of_the_wrong_type_is_said_with_the_kind()
    {
        var failure = await Assert.ThrowsAsync<ExpressionException>(() => Evaluate<int>("JavaScript", "'x'"));

        Assert.Equal("JavaScript expression: 'x' (text) is not a Int32. Write a whole number, e.g. 12.", failure.Message);
    }

    [Fact]
    public async Task CSharp_is_refused_with_the_way_out()
    {
        var failure = await Assert.ThrowsAsync<ExpressionException>(() => Evaluate<object>("CSharp", "1"));

        Assert.Contains("JavaScript", failure.Message, StringComparison.Ordinal);
        Assert.NotNull(Evaluators.New().SyntaxProblem(new("CSharp", "1")));
    }

    [Theory]
    [InlineData("Literal", "anything {{", null)]
    [InlineData("Object", "{\"a\":\n 1,, }", "line 2")]
    [InlineData("Object", "{\"a\": 1}", null)]
    [InlineData("Variable", "", "Pick one")]
    [InlineData("Variable", "{broken", "Pick one")]
    [InlineData("JavaScript", "getX() > 5", null)]
    [InlineData("Liquid", "{{ Variables.X }}", null)]
    public void Syntax_is_checked_without_values(string kind, string value, string? expected)
    {
        var problem = Evaluators.New().SyntaxProblem(new(kind, value));

        if (expected is null) Assert.Null(problem);
        else Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_cache_is_bounded_and_goes_on_after()
    {
        var evaluator = Evaluators.New(new() { Cached = 10 });
        for (var i = 0; i < 100; i++) Assert.Null(evaluator.SyntaxProblem(new("JavaScript", $"{i} + 1")));
    }
}
