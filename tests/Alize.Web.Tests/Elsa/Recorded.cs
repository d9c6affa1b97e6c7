using System.Text.Json.Nodes;

namespace Alize.Web.Tests.Elsa;

/// <summary>Answers of a real Elsa 3.8 server, and how ours differ from them in shape.</summary>
public static class Recorded
{
    /// <summary>A file of the folder beside this one.</summary>
    public static JsonNode Read(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Elsa", "Recorded", name)))!;

    /// <summary>
    /// Names of properties that are missing or of another kind in ours. A list is compared by the first thing in it; what Elsa leaves
    /// empty says nothing about what would be in it.
    /// </summary>
    public static IReadOnlyList<string> Differences(JsonNode? recorded, JsonNode? ours, params string[] except) => [.. Compare("", recorded, ours, except)];

    private static IEnumerable<string> Compare(string path, JsonNode? recorded, JsonNode? ours, string[] except)
    {
        if (recorded is null || except.Contains(path)) yield break;
        if (Kind(recorded) != Kind(ours))
        {
            yield return $"{path}: {Kind(recorded)} at Elsa, {Kind(ours)} here";
            yield break;
        }

        var inner = (recorded, ours) switch
        {
            (JsonObject theirs, JsonObject mine) => theirs.SelectMany(p => Compare($"{path}/{p.Key}", p.Value, mine[p.Key], except)),
            (JsonArray { Count: > 0 } theirs, JsonArray { Count: > 0 } mine) => Compare($"{path}/*", theirs[0], mine[0], except),
            _ => [],
        };
        foreach (var difference in inner) yield return difference;
    }

    private static string Kind(JsonNode? node) => node switch
    {
        null => "nothing",
        JsonObject => "object",
        JsonArray => "list",
        _ => node.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => "boolean",
            System.Text.Json.JsonValueKind.Number => "number",
            _ => "text",
        },
    };
}
