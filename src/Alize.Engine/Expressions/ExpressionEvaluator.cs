using System.Text.Json;
using System.Text.Json.Nodes;
using Alize.Engine.Definitions;
using Microsoft.Extensions.Options;

namespace Alize.Engine.Expressions;

/// <summary>Evaluates the expressions of a definition, each kind within its limits. One for the whole process; safe for use by many threads.</summary>
public sealed class ExpressionEvaluator
{
    private static readonly string[] AlwaysKnown = ["Literal", "Object", "Json", "Variable", "Input", "JavaScript", "Liquid"];
    private static readonly Dictionary<string, Func<object?[], object?>> NoFunctions = [];

    private readonly ExpressionOptions limits;
    private readonly LiquidTemplates templates;
    private readonly ParsedCache<Script> scripts;
    private readonly CSharpExpressions csharp;

    /// <summary>One for the whole process.</summary>
    public ExpressionEvaluator(IOptions<ExpressionOptions> options, LiquidTemplates templates, CSharpExpressions csharp)
    {
        ArgumentNullException.ThrowIfNull(options);
        limits = options.Value;
        this.templates = templates;
        this.csharp = csharp;
        Kinds = limits.CSharp ? [.. AlwaysKnown, CSharpExpressions.Kind] : AlwaysKnown;
        scripts = new(limits.Cached);
    }

    /// <summary>The kinds that can be evaluated here, by Elsa's names.</summary>
    public IReadOnlyList<string> Kinds { get; }

    /// <summary>Functions a script can call, by name, beside the accessors of variables, inputs and outputs.</summary>
    public static IReadOnlyCollection<string> ScriptFunctionNames => ScriptFunctions.Names;

    /// <summary>Parses and runs one script: the first of a process takes about a second, which a host spends where nobody waits for it.</summary>
    public void WarmUp()
    {
        const string script = "[1, 2].map(n => `${n}`).join()";
        SyntaxSentence(new Expression(Script.Kind, script));
        using var engine = new Jint.Engine();
        engine.Evaluate(script);
    }

    /// <summary>Evaluates an expression and converts the value.</summary>
    /// <exception cref="ExpressionException">It does not parse, fails, reaches a limit, or its value is not of that type.</exception>
    public ValueTask<object?> EvaluateAsync(Expression expression, Type targetType, ExpressionScope scope, CancellationToken cancel) =>
        EvaluateAsync(expression, targetType, scope, NoFunctions, cancel);

    /// <summary>Evaluates an expression whose script may also call these functions, e.g. the outcomes of an activity that runs scripts.</summary>
    /// <param name="expression">What to evaluate.</param>
    /// <param name="targetType">Type of the value wanted; <see cref="object"/> for as it comes.</param>
    /// <param name="scope">What the expression can see and change.</param>
    /// <param name="functions">Functions by name; they get and give null, bool, string, long, double, DateTimeOffset or JsonNode.</param>
    /// <param name="cancel">Ends the evaluation.</param>
    /// <exception cref="ExpressionException">It does not parse, fails, reaches a limit, or its value is not of that type.</exception>
    public async ValueTask<object?> EvaluateAsync(Expression expression, Type targetType, ExpressionScope scope, IReadOnlyDictionary<string, Func<object?[], object?>> functions, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentNullException.ThrowIfNull(scope);
        cancel.ThrowIfCancellationRequested();
        var value = expression.Type switch
        {
            "Literal" => expression.Value,
            "Object" or "Json" => Structure(expression, targetType),
            "Variable" => Variable(expression, scope),
            "Input" => Input(expression, scope),
            Script.Kind => Text(expression) is { } script && !string.IsNullOrWhiteSpace(script) ? scripts.Get(script, Parse).Run(scope, functions, limits, cancel) : null,
            LiquidTemplates.Kind => templates.Render(Text(expression) ?? "", Model(scope), null, scope.Time, cancel),
            CSharpExpressions.Kind when limits.CSharp => Text(expression) is { } text && !string.IsNullOrWhiteSpace(text) ? await csharp.RunAsync(text, scope, cancel) : null,
            _ => throw new ExpressionException(expression.Type, UnknownKind(expression.Type).English),
        };

        try
        {
            return ValueConversion.To(value, targetType);
        }
        catch (ExpressionException cause)
        {
            throw new ExpressionException(expression.Type, cause.Problem, cause);
        }
    }

    /// <summary>Why the expression cannot be evaluated whatever the values, with line and column and the way out; null when it can.</summary>
    public string? SyntaxProblem(Expression expression) => SyntaxSentence(expression)?.English;

    /// <summary>As <see cref="SyntaxProblem"/>, to be said in French or in English.</summary>
    public Sentence? SyntaxSentence(Expression expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return expression.Type switch
        {
            "Literal" => null,
            "Object" or "Json" => StructureProblem(expression),
            "Variable" or "Input" => Reference(expression) is { Id: null, Name: null } ? NoReference(expression.Type) : null,
            Script.Kind => Text(expression) is { } script && !string.IsNullOrWhiteSpace(script) ? scripts.Get(script, Parse).Problem : null,
            LiquidTemplates.Kind => templates.SyntaxSentence(Text(expression) ?? ""),
            CSharpExpressions.Kind when limits.CSharp => Text(expression) is { } text && !string.IsNullOrWhiteSpace(text) ? csharp.Problem(text) : null,
            _ => UnknownKind(expression.Type),
        };
    }

    /// <summary>What an expression names; nothing for kinds that name nothing, and for what does not parse.</summary>
    internal ExpressionReferences References(Expression expression) => expression.Type switch
    {
        Script.Kind when Text(expression) is { } script && !string.IsNullOrWhiteSpace(script) => scripts.Get(script, Parse).References,
        LiquidTemplates.Kind => ExpressionReferences.OfLiquid(Text(expression) ?? ""),
        _ => ExpressionReferences.None,
    };

    /// <summary>Id and name a Variable or Input expression refers to: JSON text or an object with id and name, or the plain name.</summary>
    public static (string? Id, string? Name) Reference(Expression expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        var value = ValueConversion.Plain(expression.Value);
        if (value is string text)
        {
            if (!text.TrimStart().StartsWith('{')) return (null, string.IsNullOrWhiteSpace(text) ? null : text.Trim());
            try
            {
                value = JsonNode.Parse(text);
            }
            catch (JsonException)
            {
                return (null, null);
            }
        }

        return value is JsonObject reference ? (Member(reference, "id"), Member(reference, "name")) : (null, null);
    }

    private Script Parse(string text) => Script.Parse(text, limits);

    private static object? Variable(Expression expression, ExpressionScope scope)
    {
        var (id, name) = Reference(expression);
        if (id is not null && scope.TryGetVariableById(id, out var byId)) return byId;
        if (name is not null && scope.TryGetVariable(name, out var byName)) return byName;
        if (id is null && name is null) throw new ExpressionException(expression.Type, NoReference(expression.Type).English);
        throw new ExpressionException(expression.Type, $"there is no variable '{name ?? id}' here. {Known(scope.VariableNames)}");
    }

    private static object? Input(Expression expression, ExpressionScope scope)
    {
        var (_, name) = Reference(expression);
        if (name is null) throw new ExpressionException(expression.Type, NoReference(expression.Type).English);
        if (scope.Input.TryGetValue(name, out var value)) return value;
        return scope.Input.Keys.FirstOrDefault(key => key.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } key ? scope.Input[key] : null;
    }

    private static object? Structure(Expression expression, Type targetType)
    {
        if (ValueConversion.Plain(expression.Value) is not string text) return expression.Value;
        // A text is wanted: the JSON as it was written, not written anew.
        if (targetType == typeof(string) || string.IsNullOrWhiteSpace(text)) return string.IsNullOrWhiteSpace(text) ? null : text;
        try
        {
            return JsonNode.Parse(text, documentOptions: Reading);
        }
        catch (JsonException cause)
        {
            throw new ExpressionException(expression.Type, NotJson(text, cause).English, cause);
        }
    }

    private static Sentence? StructureProblem(Expression expression)
    {
        if (ValueConversion.Plain(expression.Value) is not string text || string.IsNullOrWhiteSpace(text)) return null;
        try
        {
            JsonNode.Parse(text, documentOptions: Reading);
            return null;
        }
        catch (JsonException cause)
        {
            return NotJson(text, cause);
        }
    }

    private static JsonDocumentOptions Reading => new() { MaxDepth = 64, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    private static Dictionary<string, object?> Model(ExpressionScope scope) => new(StringComparer.Ordinal)
    {
        ["Variables"] = LiquidValues.Named(name => (scope.TryGetVariable(name, out var value), value)),
        ["Input"] = LiquidValues.Named(name => scope.Given(name) is { } given ? (true, given) : (scope.Input.TryGetValue(name, out var value), value)),
        ["Output"] = LiquidValues.Named(name => (scope.Output.TryGetValue(name, out var value), value)),
        ["CorrelationId"] = scope.CorrelationId,
        ["WorkflowInstanceId"] = scope.InstanceId,
        ["WorkflowInstanceName"] = scope.InstanceName,
        ["WorkflowDefinitionId"] = scope.DefinitionId,
        ["WorkflowDefinitionVersion"] = scope.DefinitionVersion,
        ["WorkflowDefinitionVersionId"] = scope.DefinitionVersionId,
    };

    private static string? Text(Expression expression) => expression.Value is null ? null : ValueConversion.Text(expression.Value);

    private static string? Member(JsonObject reference, string name)
    {
        var found = reference.FirstOrDefault(m => m.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
        return ValueConversion.Plain(found) is string { Length: > 0 } text ? text : null;
    }

    private static string Known(IEnumerable<string> names)
    {
        var known = names.Take(20).ToList();
        return known.Count == 0 ? "The definition declares none: add it there." : $"Known here: {string.Join(", ", known)}.";
    }

    private static Sentence NotJson(string text, JsonException cause) => new("no-structure", cause.LineNumber + 1, cause.BytePositionInLine + 1, ExpressionException.Shown(text));

    private static Sentence NoReference(string kind) => new("no-reference", kind.ToLowerInvariant());

    private Sentence UnknownKind(string kind) => kind == CSharpExpressions.Kind ? new("csharp-off") : new("unknown-kind", string.Join(", ", Kinds));
}
