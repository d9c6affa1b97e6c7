using System.Text.Json;
using System.Text.Json.Nodes;

namespace Alize.Web.Tests.Elsa;

/// <summary>A request to a real Elsa 3.8 server and its answer: data, never edited.</summary>
public sealed record RecordedAnswer(string Path, JsonNode? Body, int Status, JsonNode? Answer)
{
    public static RecordedAnswer Read(string name)
    {
        var json = JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(AppContext.BaseDirectory, "Elsa", "Recorded", $"{name}.json")))!;
        return new((string)json["request"]!["path"]!, json["request"]!["body"]?.DeepClone(), (int)json["status"]!, json["response"]?.DeepClone());
    }

    /// <summary>A definition as Elsa exported it, by the name of its trace.</summary>
    public static JsonObject Definition(string trace) =>
        JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(AppContext.BaseDirectory, "Traces", $"{trace}.json")))!["definition"]!.DeepClone().AsObject();

    public static IEnumerable<string> Traces =>
        Directory.EnumerateFiles(System.IO.Path.Combine(AppContext.BaseDirectory, "Traces"), "*.json").Select(f => System.IO.Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal);

    /// <summary>
    /// Where two answers differ in names or types of properties. What activities hold is theirs and not compared; neither is what Elsa
    /// leaves out when it is null.
    /// </summary>
    public static IReadOnlyList<string> Differences(JsonNode? elsas, JsonNode? ours, string at = "$")
    {
        if (at.EndsWith(".root", StringComparison.Ordinal) || at.EndsWith(".activity", StringComparison.Ordinal)) return Activity(elsas, ours, at);
        return (elsas, ours) switch
        {
            (JsonObject left, JsonObject right) =>
            [
                .. left.Where(p => p.Value is not null && !right.ContainsKey(p.Key)).Select(p => $"{at}.{p.Key} is missing"),
                .. right.Where(p => !left.ContainsKey(p.Key) && !Optional.Contains(p.Key)).Select(p => $"{at}.{p.Key} is not Elsa's"),
                .. left.Where(p => p.Value is not null && right[p.Key] is not null).SelectMany(p => Differences(p.Value, right[p.Key], $"{at}.{p.Key}")),
            ],
            (JsonArray { Count: > 0 } left, JsonArray { Count: > 0 } right) => Differences(left[0], right[0], $"{at}[0]"),
            _ => Kind(elsas) == Kind(ours) ? [] : [$"{at} is {Kind(ours)} and at Elsa {Kind(elsas)}"],
        };
    }

    private static readonly string[] Optional = ["description", "toolVersion", "$schema"];

    private static IReadOnlyList<string> Activity(JsonNode? elsas, JsonNode? ours, string at) =>
        [.. new[] { "id", "nodeId", "type", "version" }.Where(p => Kind(elsas?[p]) != Kind(ours?[p])).Select(p => $"{at}.{p} is {Kind(ours?[p])}")];

    private static string Kind(JsonNode? node) => node?.GetValueKind() switch
    {
        null => "absent",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        var kind => kind.Value.ToString(),
    };
}
