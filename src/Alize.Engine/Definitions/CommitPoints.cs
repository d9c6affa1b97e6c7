using System.Text.Json.Nodes;

namespace Alize.Engine.Definitions;

/// <summary>
/// Where a burst is split into two transactions, by Elsa's names: <c>customProperties.commitStrategyName</c> of an activity, else
/// <c>options.commitStrategyName</c> of the definition. Without any a burst is one transaction, which is what Elsa's "commit after workflow
/// execution" asks for.
/// </summary>
/// <param name="Before">What was done so far is safe before the activity runs.</param>
/// <param name="After">What the activity did is safe before anything follows from it.</param>
internal sealed record CommitPoints(bool Before, bool After)
{
    private static readonly CommitPoints None = new(false, false);

    /// <summary>Of all activities of a definition.</summary>
    public static CommitPoints OfDefinition(JsonNode? options) => ActivityReader.Text(options?["commitStrategyName"]) switch
    {
        "ActivityExecuting" => new(true, false),
        "ActivityExecuted" => new(false, true),
        _ => None,
    };

    /// <summary>Whether the instance itself is safe before its first activity runs.</summary>
    public static bool BeforeFirst(JsonNode? options) => ActivityReader.Text(options?["commitStrategyName"]) == "WorkflowExecuting";

    /// <summary>Of one activity.</summary>
    public static CommitPoints OfActivity(JsonNode activity, CommitPoints otherwise) => ActivityReader.Text(activity["customProperties"]?["commitStrategyName"]) switch
    {
        "Executing" => new(true, false),
        "Executed" => new(false, true),
        "CommitAlways" => new(true, true),
        "CommitNever" => None,
        _ => otherwise,
    };
}
