using System.Text.Json;
using System.Text.Json.Nodes;
using Alize.Engine.Activities;
using Alize.Engine.Expressions;

namespace Alize.Engine.Definitions;

/// <summary>The part of <see cref="DefinitionCheck"/> that looks at one activity: its type, inputs, outputs and expressions.</summary>
internal sealed class DefinitionCheckActivity(
    JsonObject activity, ActivityRegistry registry, ExpressionEvaluator evaluator, DefinitionNames names, IReadOnlySet<string> definitionIds, string? ownId, DefinitionProblems found)
{
    /// <summary>What the designer and the containers write beside inputs and outputs.</summary>
    private static readonly HashSet<string> Structure = new(StringComparer.Ordinal)
    {
        "id", "nodeId", "name", "type", "version", "customProperties", "metadata", "variables", "activities", "connections", "start", "branches",
        "canStartWorkflow", "runAsynchronously", "source", "result", "syntheticProperties", "mergeMode",
    };

    /// <summary>Functions that only a script run as an activity has.</summary>
    private static readonly string[] OutcomeFunctions = ["setOutcome", "setOutcomes"];

    private readonly string id = DefinitionCheck.Id(activity);
    private readonly string type = ActivityReader.Text(activity["type"]) ?? "";

    /// <summary>The expressions of an activity by the input they stand in, conditions of switches included; those of activities within it are their own.</summary>
    public static IEnumerable<KeyValuePair<string, Expression>> Expressions(JsonObject activity)
    {
        foreach (var (name, value) in activity)
        {
            if (value is not JsonObject wrapped || DefinitionDocument.IsActivity(value)) continue;
            if (ActivityReader.Expression(wrapped["expression"]) is { } expression) yield return new(name, IsScript(activity, name, expression) ? new("JavaScript", expression.Value) : expression);
        }

        foreach (var item in (activity["cases"] as JsonArray ?? []).OfType<JsonObject>())
            if (ActivityReader.Expression(item["condition"]) is { } condition) yield return new($"cases.{ActivityReader.Text(item["label"])}", condition);
    }

    public void Run()
    {
        if (registry.TryFind(type, out var descriptor))
        {
            CheckProperties(descriptor);
            CheckInputs(descriptor);
        }
        else if (ActivityReader.Text(activity["workflowDefinitionId"]) is { } used)
        {
            CheckDefinition(used);
        }
        else
        {
            found.Add(id, "unknown-type", type, Sentence.DidYouMean(registry.NearestType(type)));
        }

        foreach (var (input, expression) in Expressions(activity)) CheckExpression(input, expression);
        CheckOutputs();
    }

    // The code editor writes scripts as literals.
    private static bool IsScript(JsonObject activity, string name, Expression expression) =>
        name == "script" && expression.Type == "Literal" && ActivityReader.Text(activity["type"]) == "Elsa.RunJavaScript";

    private void CheckProperties(ActivityDescriptor descriptor)
    {
        var known = descriptor.Inputs.Select(i => i.JsonName).Concat(descriptor.Outputs.Select(o => o.JsonName)).Concat(descriptor.Ports.Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name))).ToList();
        foreach (var (name, value) in activity)
        {
            if (value is null || name.StartsWith('$') || known.Contains(name) || Structure.Contains(name)) continue;
            var nearest = ActivityRegistry.Nearest(name, known);
            found.Add(id, "unknown-property", name, type, nearest is null ? new Sentence("it-has", string.Join(", ", known)) : Sentence.DidYouMean(nearest));
        }
    }

    private void CheckInputs(ActivityDescriptor descriptor)
    {
        foreach (var input in descriptor.Inputs)
        {
            var value = activity[input.JsonName];
            if (IsNothing(value))
            {
                if (input.IsRequired && !Structure.Contains(input.JsonName)) found.Add(id, "missing-input", input.JsonName, input.TypeName, type, input.Description is null ? Sentence.Nothing : new Sentence("it-means", input.Description));
                continue;
            }

            if (typeof(Variable).IsAssignableFrom(input.Type)) CheckVariable(input.JsonName, ActivityReader.Text(value?["id"]), ActivityReader.Text(value?["name"]));
            if (Constant(value) is not { } constant) continue;
            if (input.UIHint == InputUIHints.WorkflowDefinitionPicker && constant.Value is string definition) CheckDefinition(definition);
            if (input.IsWrapped && input.AutoEvaluate) CheckValue(input, constant);
        }
    }

    private void CheckValue(InputDescriptor input, Expression constant)
    {
        // What is no JSON is said with the expressions.
        if (evaluator.SyntaxProblem(constant) is not null) return;
        try
        {
            ValueConversion.To(constant.Value, input.Type);
        }
        catch (ExpressionException cause)
        {
            found.Add(id, "bad-value", input.JsonName, ExpressionException.Shown(ValueConversion.Text(constant.Value)), TypeAliases.NameOf(input.Type), cause.Problem);
        }
    }

    private void CheckDefinition(string definitionId)
    {
        if (definitionId.Length == 0 || definitionId == ownId || definitionIds.Contains(definitionId)) return;
        var nearest = ActivityRegistry.Nearest(definitionId, definitionIds);
        found.Add(id, "no-definition", definitionId, Sentence.DidYouMean(nearest));
    }

    private void CheckExpression(string input, Expression expression)
    {
        if (evaluator.SyntaxSentence(expression) is { } problem)
        {
            found.Add(id, "bad-expression", expression.Type, input, problem);
            return;
        }

        var (referredId, referredName) = expression.Type is "Variable" or "Input" ? ExpressionEvaluator.Reference(expression) : default;
        if (expression.Type == "Variable") CheckVariable(input, referredId, referredName);
        if (expression.Type == "Input" && referredName is not null && !names.Inputs.Contains(referredName))
            found.Add(id, "undeclared-input", input, referredName, Declared(names.Inputs));

        var references = evaluator.References(expression);
        foreach (var name in references.Variables) CheckVariable(input, null, name);
        foreach (var name in references.Globals) CheckGlobal(input, name);
    }

    private void CheckVariable(string input, string? variableId, string? name)
    {
        if ((variableId is null && name is null) || names.HasVariable(variableId, name)) return;
        found.Add(id, "undeclared-variable", input, name ?? variableId, names.Nearest(name ?? variableId ?? ""));
    }

    private void CheckGlobal(string input, string name)
    {
        if (OutcomeFunctions.Contains(name) && type == "Elsa.RunJavaScript") return;
        var accessors = Accessors().ToList();
        if (accessors.Contains(name)) return;
        // The output of an activity: getResultFromCompose1.
        if (name.StartsWith("get", StringComparison.Ordinal) && name.IndexOf("From", StringComparison.Ordinal) > 3) return;
        var nearest = ActivityRegistry.Nearest(name, accessors.Concat(ExpressionEvaluator.ScriptFunctionNames));
        found.Add(id, "unknown-name", input, name, Sentence.DidYouMean(nearest));
    }

    private IEnumerable<string> Accessors()
    {
        foreach (var name in names.Variables.SelectMany(n => new[] { n, ScriptFunctions.Pascal(n) }))
        {
            yield return "get" + name;
            yield return "set" + name;
        }

        foreach (var name in names.Inputs.SelectMany(n => new[] { n, ScriptFunctions.Pascal(n) })) yield return "get" + name;
    }

    private void CheckOutputs()
    {
        foreach (var (name, value) in activity)
        {
            if (value is not JsonObject wrapped || wrapped.ContainsKey("expression") || DefinitionDocument.IsActivity(value)) continue;
            if (ActivityReader.Text(wrapped["memoryReference"]?["id"]) is { Length: > 0 } target && !names.HasTarget(target)
                // Elsa's own place for an output that goes nowhere else.
                && !target.StartsWith(id + ":", StringComparison.Ordinal))
                found.Add(id, "unknown-target", name, target, names.Nearest(target));
        }
    }

    private static bool IsNothing(JsonNode? value) => value switch
    {
        null => true,
        JsonObject wrapped when wrapped.ContainsKey("expression") => wrapped["memoryReference"]?["id"] is null
            && (ActivityReader.Expression(wrapped["expression"]) is not { } e || e.Value is null || (e.Value is string text && string.IsNullOrWhiteSpace(text))),
        JsonArray list => list.Count == 0,
        _ => false,
    };

    /// <summary>The value of an input that is the same in every instance.</summary>
    private static Expression? Constant(JsonNode? value) => value switch
    {
        JsonObject wrapped => ActivityReader.Expression(wrapped["expression"]) is { Type: "Literal" or "Object" or "Json" } constant ? constant : null,
        JsonValue plain => new("Literal", ActivityReader.Scalar(plain)),
        _ => null,
    };

    private static Sentence Declared(HashSet<string> names) => names.Count == 0 ? new("declares-none") : new("declares", string.Join(", ", names));
}
