using System.Text.Json;
using System.Text.Json.Nodes;

namespace Alize.Engine.Tests.Conformance;

/// <summary>A definition and what a real Elsa 3.8 server did with it.</summary>
public sealed record Trace(string Name, JsonObject Definition, JsonObject? Expected)
{
    public string Json => Definition.ToJsonString();

    public IReadOnlyList<string> Journal => [.. (Expected?["journal"]?.AsArray() ?? []).Select(j => j!.GetValue<string>())];

    public IEnumerable<JsonArray> Steps => (Expected?["steps"]?.AsArray() ?? []).Select(s => s!.AsArray());

    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal);

    public static IEnumerable<string> RunNames => Names.Where(n => Read(n).Expected is not null);

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Traces");

    public static Trace Read(string name)
    {
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, $"{name}.json")))!.AsObject();
        var definition = json["definition"]!.DeepClone().AsObject();
        return new Trace(name, definition, json["expected"]?.DeepClone() as JsonObject);
    }

    public string Text(string name) => Expected?[name]?.ToString() ?? "";

    public static string Compact(JsonNode? node) => node?.ToJsonString(new JsonSerializerOptions()) ?? "null";
}
