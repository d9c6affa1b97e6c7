using System.Text.Json;
using System.Text.Json.Nodes;
using Alize.Engine.Activities;
using Alize.Engine.Expressions;

namespace Alize.Engine.Definitions;

/// <summary>Makes activities from their JSON: the only place that knows how the JSON looks.</summary>
public sealed class ActivityReader
{
    private static readonly JsonSerializerOptions Plain = new(JsonSerializerDefaults.Web)
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
    };

    private readonly DefinitionCompiler compiler;
    private readonly JsonObject json;
    private readonly ActivityNode node;

    internal ActivityReader(DefinitionCompiler compiler, JsonObject json, ActivityNode node)
    {
        this.compiler = compiler;
        this.json = json;
        this.node = node;
    }

    /// <summary>The activity's JSON.</summary>
    public JsonObject Json => json;

    /// <summary>Reads an embedded activity; null where there is none.</summary>
    public Activity? Activity(JsonNode? child) => DefinitionDocument.IsActivity(child) ? compiler.Materialise((JsonObject)child!, node) : null;

    /// <summary>Reads a list of embedded activities.</summary>
    internal List<Activity> Activities(string property) =>
        json[property] is JsonArray array ? [.. array.Select(Activity).OfType<Activity>()] : [];

    /// <summary>Reads an expression without a wrapper.</summary>
    internal static Expression? Expression(JsonNode? value) => value is JsonObject e && Text(e["type"]) is { } type ? new Expression(type, Scalar(e["value"])) : null;

    /// <summary>Variables that a container or the workflow declares.</summary>
    internal static List<Variable> Variables(JsonNode? list) => list is not JsonArray array ? [] :
        [.. array.OfType<JsonObject>().Select(v => new Variable
        {
            Id = Text(v["id"]) ?? Text(v["name"]) ?? "",
            Name = Text(v["name"]) ?? "",
            TypeName = Text(v["typeName"]),
            IsArray = v["isArray"] is JsonValue a && a.TryGetValue(out bool isArray) && isArray,
            Value = Scalar(v["value"]),
        })];

    internal static List<WorkflowArgument> Arguments(JsonNode? list) => list is not JsonArray array ? [] :
        [.. array.OfType<JsonObject>().Select(a => new WorkflowArgument(
            Text(a["name"]) ?? "", Text(a["type"]), a["isArray"] is JsonValue v && v.TryGetValue(out bool isArray) && isArray))];

    internal static string? Text(JsonNode? value) => value is JsonValue v && v.TryGetValue(out string? text) ? text : null;

    /// <summary>A JSON value as string, number or boolean; structures stay JSON.</summary>
    internal static object? Scalar(JsonNode? value) => ValueConversion.Plain(value);

    /// <summary>Fills inputs, outputs and ports that the descriptor knows.</summary>
    internal void Fill(Activity activity, ActivityDescriptor descriptor)
    {
        foreach (var input in descriptor.Inputs)
            if (input.IsWrapped)
                Wrapped(activity, input);
            else if (activity is not IReadsJson || input.Type.IsEnum)
                PlainValue(activity, input);

        foreach (var output in descriptor.Outputs)
        {
            var target = (Output?)output.Get(activity) ?? (Output)Activator.CreateInstance(typeof(Output<>).MakeGenericType(output.Type))!;
            target.Name = output.Name;
            target.Target = Text(json[output.JsonName]?["memoryReference"]?["id"]);
            output.Set(activity, target);
        }

        foreach (var port in descriptor.Ports)
            if (port.Set is { } set)
                set(activity, Activity(json[JsonNamingPolicy.CamelCase.ConvertName(port.Name)]));

        (activity as IReadsJson)?.Read(this);
    }

    /// <summary>Binds an input to what the JSON says.</summary>
    internal void Bind(Input input, InputDescriptor descriptor, JsonNode? value)
    {
        input.Name = descriptor.Name;
        var expression = value switch
        {
            JsonObject wrapped when wrapped["expression"] is JsonObject e => Expression(e),
            JsonObject wrapped when Text(wrapped["memoryReference"]?["id"]) is { } id => new Expression("Variable", id),
            JsonObject or null => null,
            _ => new Expression("Literal", Scalar(value)),
        };

        if (expression is not null)
        {
            input.Expression = expression;
            input.IsConstant = false;
            if (expression.Type == "Literal" && descriptor.AutoEvaluate)
                Settle(input, expression.Value);
        }
        else if (!input.IsGiven && descriptor.DefaultValue is { } fallback)
        {
            Settle(input, fallback);
        }

        input.Slot = node.Inputs.Count;
        node.Inputs.Add(new BoundInput(input, descriptor));
    }

    /// <summary>A literal is converted once. One that cannot be is left for the moment it is used: only then does it matter.</summary>
    private static void Settle(Input input, object? value)
    {
        try
        {
            input.Constant = ValueConversion.To(value, input.Type);
            input.IsConstant = input.Constant is null || input.Type.IsValueType || input.Constant is string;
        }
        catch (ExpressionException)
        {
            input.IsConstant = false;
        }
    }

    private void Wrapped(Activity activity, InputDescriptor descriptor)
    {
        var input = (Input?)descriptor.Get(activity) ?? (Input)Activator.CreateInstance(typeof(Input<>).MakeGenericType(descriptor.Type))!;
        descriptor.Set(activity, input);
        Bind(input, descriptor, json[descriptor.JsonName]);
    }

    private void PlainValue(Activity activity, InputDescriptor descriptor)
    {
        if (json[descriptor.JsonName] is not { } value)
            return;

        if (typeof(Variable).IsAssignableFrom(descriptor.Type))
            descriptor.Set(activity, Variables(new JsonArray(value.DeepClone())).FirstOrDefault());
        else
            descriptor.Set(activity, value.Deserialize(descriptor.Type, Plain));
    }
}
