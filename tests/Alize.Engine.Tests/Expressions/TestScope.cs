using Alize.Engine.Expressions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Alize.Engine.Tests.Expressions;

/// <summary>A scope with its variables in a dictionary; ids of variables are "v-" and the name.</summary>
internal sealed class TestScope : ExpressionScope
{
    public static readonly DateTimeOffset Now = new(2026, 3, 31, 9, 30, 0, TimeSpan.Zero);

    public Dictionary<string, object?> Variables { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, object?> Inputs { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, object?> Outputs { get; } = new(StringComparer.Ordinal);

    public Dictionary<(string Activity, string? Output), object?> ActivityOutputs { get; } = [];

    public FakeTimeProvider Clock { get; } = new(Now);

    public override string InstanceId => "instance-1";

    public override string DefinitionId => "definition-1";

    public override string DefinitionVersionId => "test:3";

    public override int DefinitionVersion => 3;

    public override string? CorrelationId { get; set; } = "project-7";

    public override string? InstanceName { get; set; }

    public override IReadOnlyDictionary<string, object?> Input => Inputs;

    public override IDictionary<string, object?> Output => Outputs;

    public override IEnumerable<string> VariableNames => Variables.Keys;

    public override object? LastResult => "last";

    public override TimeProvider Time => Clock;

    public override bool TryGetVariable(string name, out object? value) => Variables.TryGetValue(name, out value);

    public override void SetVariable(string name, object? value) => Variables[name] = value;

    public override bool TryGetVariableById(string id, out object? value) => Variables.TryGetValue(id.Replace("v-", "", StringComparison.Ordinal), out value);

    public override object? OutputOf(string activityIdOrName, string? outputName) => ActivityOutputs.GetValueOrDefault((activityIdOrName, outputName));
}

internal static class Evaluators
{
    public static ExpressionEvaluator New(ExpressionOptions? options = null) => new(Options.Create(options ?? new()), Templates(options), new CSharpExpressions(Options.Create(options ?? new())));

    public static LiquidTemplates Templates(ExpressionOptions? options = null) => new(Options.Create(options ?? new()), new FakeTimeProvider(TestScope.Now));

    public static async Task<T?> Script<T>(this TestScope scope, string script, ExpressionOptions? options = null) =>
        (T?)await New(options).EvaluateAsync(new("JavaScript", script), typeof(T), scope, TestContext.Current.CancellationToken);

    public static async Task<string?> Liquid(this TestScope scope, string template, ExpressionOptions? options = null) =>
        (string?)await New(options).EvaluateAsync(new("Liquid", template), typeof(string), scope, TestContext.Current.CancellationToken);
}
