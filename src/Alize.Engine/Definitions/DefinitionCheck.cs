using System.Text.Json.Nodes;
using Alize.Engine.Expressions;

namespace Alize.Engine.Definitions;

/// <summary>Something that keeps a definition from running as it was meant.</summary>
/// <param name="File">Name of the file.</param>
/// <param name="ActivityId">The activity; empty for the definition itself.</param>
/// <param name="Sentence">What, why, and the way out.</param>
public sealed record DefinitionProblem(string File, string ActivityId, Sentence Sentence)
{
    /// <summary>In English, for logs and programs.</summary>
    public string Message => Whole.English;

    /// <summary>In French, for people.</summary>
    public string French => Whole.French;

    private Sentence Whole => ActivityId.Length == 0 ? Sentence : new("in-activity", ActivityId, Sentence);
}

/// <summary>
/// Reads a definition the way the engine will, without running it, and says everything that is wrong with it: before it is published, not in the night it is needed.
/// </summary>
public static class DefinitionCheck
{
    /// <summary>Everything wrong with a definition; empty when it can run.</summary>
    /// <param name="json">The definition's JSON.</param>
    /// <param name="file">Name of the file, without folders; its name without extension must be the definition's id.</param>
    /// <param name="registry">Activity types that exist.</param>
    /// <param name="evaluator">Parses the expressions.</param>
    /// <param name="knownDefinitionIds">Definitions that may be named by this one.</param>
    public static IReadOnlyList<DefinitionProblem> Run(string json, string file, ActivityRegistry registry, ExpressionEvaluator evaluator, IReadOnlySet<string> knownDefinitionIds)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(knownDefinitionIds);
        DefinitionDocument document;
        try
        {
            document = DefinitionDocument.Parse(json);
        }
        catch (DefinitionException cause)
        {
            return [new(file, "", cause.Sentence)];
        }

        var found = new DefinitionProblems(file);
        CheckIdentity(document, file, found);
        if (document.Root is not { } root)
        {
            found.Add("", "no-root");
            return found.All;
        }

        if (!DefinitionDocument.IsActivity(root))
        {
            found.Add("", "root-no-activity");
            return found.All;
        }

        var activities = document.Activities().ToList();
        foreach (var same in activities.GroupBy(Id).Where(g => g.Count() > 1))
            found.Add(same.Key, "same-id", same.Count(), same.Key, string.Join(", ", same.Select(a => ActivityReader.Text(a["type"]))));

        var names = DefinitionNames.Of(document, activities, evaluator);
        foreach (var activity in activities)
        {
            new DefinitionCheckActivity(activity, registry, evaluator, names, knownDefinitionIds, document.DefinitionId, found).Run();
            DefinitionCheckFlow.Run(activity, registry, found);
        }

        return found.All;
    }

    /// <summary>Id of an activity in the JSON.</summary>
    internal static string Id(JsonObject activity) => ActivityReader.Scalar(activity["id"])?.ToString() ?? "";

    private static void CheckIdentity(DefinitionDocument document, string file, DefinitionProblems found)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        if (string.IsNullOrWhiteSpace(document.DefinitionId))
            found.Add("", "no-id", name);
        else if (document.DefinitionId != name)
            found.Add("", "other-id", name, document.DefinitionId);
    }
}

/// <summary>The problems found so far.</summary>
internal sealed class DefinitionProblems(string file)
{
    private readonly List<DefinitionProblem> all = [];

    public IReadOnlyList<DefinitionProblem> All => all;

    public void Add(string activityId, string key, params object?[] arguments) => all.Add(new(file, activityId, new(key, arguments)));
}

/// <summary>Names that expressions of a definition may use, whatever the scope: a wrong name is found, a name out of its scope is not.</summary>
internal sealed class DefinitionNames
{
    /// <summary>What loops and started workflows declare while they run.</summary>
    private static readonly string[] Running = ["CurrentValue", "CurrentIndex", "ChildInstanceId", "Item"];

    private readonly HashSet<string> variableIds = new(StringComparer.Ordinal);

    public HashSet<string> Variables { get; } = new(Running, StringComparer.Ordinal);

    public HashSet<string> Inputs { get; } = new(StringComparer.OrdinalIgnoreCase);

    public HashSet<string> Outputs { get; } = new(StringComparer.Ordinal);

    public static DefinitionNames Of(DefinitionDocument document, IReadOnlyList<JsonObject> activities, ExpressionEvaluator evaluator)
    {
        var names = new DefinitionNames();
        foreach (var owner in activities.Prepend(document.Json))
        {
            foreach (var variable in ActivityReader.Variables(owner["variables"]))
            {
                names.variableIds.Add(variable.Id);
                names.Variables.Add(variable.Name);
            }
        }

        foreach (var input in ActivityReader.Arguments(document.Json["inputs"])) names.Inputs.Add(input.Name);
        foreach (var output in ActivityReader.Arguments(document.Json["outputs"])) names.Outputs.Add(output.Name);
        foreach (var expression in activities.SelectMany(DefinitionCheckActivity.Expressions)) names.Variables.UnionWith(evaluator.References(expression.Value).Written);
        foreach (var key in activities.Select(a => a["defaultItemInputKey"]?["expression"]?["value"]))
            if (ActivityReader.Text(key) is { } item) names.Variables.Add(item);
        return names;
    }

    public bool HasVariable(string? id, string? name) => (id is not null && (variableIds.Contains(id) || Variables.Contains(id))) || (name is not null && Variables.Contains(name));

    /// <summary>Where an activity's output may go.</summary>
    public bool HasTarget(string id) => HasVariable(id, null) || Outputs.Contains(id);

    public Sentence Nearest(string name) => Sentence.DidYouMean(ActivityRegistry.Nearest(name, Variables.Except(Running)));
}
