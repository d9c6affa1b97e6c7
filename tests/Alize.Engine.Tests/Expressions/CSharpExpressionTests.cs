using Alize.Engine.Expressions;
using Microsoft.Extensions.Options;

namespace Alize.Engine.Tests.Expressions;

/// <summary>C# where the settings allow it: in a process of its own, which a hostile expression may end.</summary>
public sealed class CSharpExpressionTests : IDisposable
{
    private static readonly ExpressionOptions Limits = new() { CSharp = true, Time = TimeSpan.FromSeconds(2) };
    private readonly TestScope scope = new();
    private readonly CSharpExpressions csharp = new(Options.Create(Limits));
    private readonly ExpressionEvaluator evaluator;

    public CSharpExpressionTests() => evaluator = new(Options.Create(Limits), Evaluators.Templates(), csharp);

    public void Dispose() => csharp.Dispose();

    [Fact]
    public async Task Variables_inputs_and_outputs_are_read_and_written_by_Elsas_names()
    {
        scope.SetVariable("Amount", 30_000L);
        scope.Inputs["customer"] = "Dupont";

        Assert.Equal(60_000L, await EvaluateAsync<long>("Variable.Amount * 2"));
        Assert.Equal("Dupont : 30000", await EvaluateAsync<string>("$\"{Input.Customer} : {Variable.Get<decimal>(\"Amount\")}\""));
        Assert.Equal(45_000L, await EvaluateAsync<long>("Variable.Amount = 45000L; Variables.Set(\"Name\", \"avance\"); return Variable.Amount;"));
        Assert.True(scope.TryGetVariable("Amount", out var amount));
        Assert.Equal(45_000L, amount);
        Assert.True(scope.TryGetVariable("Name", out var name));
        Assert.Equal("avance", name);
        Assert.Equal("[1,4,9]", await EvaluateAsync<string>("Enumerable.Range(1, 3).Select(n => n * n).ToArray()"));
        Assert.Equal("project-7", await EvaluateAsync<string>("CorrelationId = \"project-7\"; return CorrelationId;"));
        Assert.Equal("project-7", scope.CorrelationId);
    }

    [Fact]
    public async Task What_does_not_compile_is_said_with_its_place_before_anything_runs()
    {
        Assert.Null(evaluator.SyntaxProblem(new("CSharp", "1 + 1")));
        var problem = evaluator.SyntaxProblem(new("CSharp", "var x = 1;\nreturn x +;"));
        Assert.Contains("line 2, column", problem, StringComparison.Ordinal);
        Assert.Contains("CSharp", evaluator.Kinds);
        await FailsAsync("nothing.ToString()", "does not compile");
    }

    [Theory]
    [InlineData("int Down(int n) => Down(n + 1) + 1; return Down(0);", "calls itself too deeply")]
    [InlineData("while (true) { }", "takes too long")]
    [InlineData("Environment.Exit(0); return 1;", "exits")]
    [InlineData("var all = new List<byte[]>(); while (true) all.Add(new byte[1 << 20]);", "uses too much memory")]
    [InlineData("Console.WriteLine(\"{\\\"result\\\": 3}\"); throw new InvalidOperationException(\"Non.\");", "Non.")]
    [InlineData("new System.Threading.Thread(() => { throw new Exception(); }).Start(); System.Threading.Thread.Sleep(60000); return 1;", "ended the process")]
    public async Task A_hostile_expression_fails_alone_and_the_next_one_runs(string text, string says)
    {
        await FailsAsync(text, says);

        Assert.Equal(4L, await EvaluateAsync<long>("2 + 2"));
    }

    [Fact]
    public async Task The_services_own_settings_are_not_in_its_environment()
    {
        Environment.SetEnvironmentVariable("ALIZE_TEST_SECRET", "secret");

        Assert.Equal("", await EvaluateAsync<string>("Environment.GetEnvironmentVariable(\"ALIZE_TEST_SECRET\") ?? \"\""));
    }

    [Fact]
    public async Task Several_at_once_take_turns_and_each_sees_its_own_values()
    {
        var scopes = Enumerable.Range(0, 8).Select(n => new TestScope { Inputs = { ["n"] = (long)n } }).ToList();

        var results = await Task.WhenAll(scopes.Select(async s => (long)(await evaluator.EvaluateAsync(new("CSharp", "Input.Get<long>(\"n\") * 10"), typeof(long), s, TestContext.Current.CancellationToken))!));

        Assert.Equal([0, 10, 20, 30, 40, 50, 60, 70], results);
    }

    private async Task FailsAsync(string text, string says)
    {
        var failure = await Assert.ThrowsAsync<ExpressionException>(() => EvaluateAsync<object>(text));
        Assert.Contains(says, failure.Message, StringComparison.Ordinal);
    }

    private async Task<T?> EvaluateAsync<T>(string text) => (T?)await evaluator.EvaluateAsync(new("CSharp", text), typeof(T), scope, TestContext.Current.CancellationToken);
}
