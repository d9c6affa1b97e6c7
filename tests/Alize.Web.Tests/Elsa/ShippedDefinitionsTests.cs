using System.Text.Json.Nodes;
using Alize.Web.Hosting;

namespace Alize.Web.Tests.Elsa;

/// <summary>The procedures delivered with the service, opened and saved as the Studio does.</summary>
public sealed class ShippedDefinitionsTests(ElsaSite site) : IClassFixture<ElsaSite>
{
    public static TheoryData<string> Shipped => [.. Directory.GetFiles(AlizeHost.WorkflowsFolder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Shipped))]
    public async Task A_procedure_that_is_opened_saved_and_exported_says_what_its_file_says(string id)
    {
        using var program = await site.OperatorAsync();
        var opened = await program.GetAsync($"/workflow-definitions/by-definition-id/{id}?versionOptions=Latest");

        var saved = await program.PostAsync("/workflow-definitions", new JsonObject { ["model"] = opened.Json!.DeepClone(), ["publish"] = false });
        var export = await program.GetAsync($"/workflow-definitions/{id}/export?versionOptions=Latest");

        Assert.Equal(200, saved.Status);
        Assert.Equal((int)opened.Json["version"]!, (int)saved.Json!["workflowDefinition"]!["version"]!);   // nothing changed: no draft was made
        var file = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AlizeHost.WorkflowsFolder, $"{id}.json"), Shell.TestSite.Cancel))!;
        Assert.True(JsonNode.DeepEquals(Meaning.Of(file), Meaning.Of(export.Json!)), id);
    }

    [Fact]
    public async Task A_save_from_a_stale_version_makes_the_next_draft_and_changes_no_version_there_is()
    {
        using var program = await site.OperatorAsync();
        var made = new JsonObject
        {
            ["definitionId"] = "essai-perime",
            ["name"] = "Essai périmé",
            ["root"] = JsonNode.Parse("""{"id":"root","type":"Elsa.Flowchart","version":1,"connections":[],"activities":[{"id":"a","type":"Elsa.WriteLine","version":1}]}"""),
        };
        var first = (await program.PostAsync("/workflow-definitions", new JsonObject { ["model"] = made, ["publish"] = true })).Json!["workflowDefinition"]!;
        var draft = first.DeepClone();
        draft["description"] = "Une première retouche";
        var second = (await program.PostAsync("/workflow-definitions", new JsonObject { ["model"] = draft, ["publish"] = true })).Json!["workflowDefinition"]!;

        // Somebody else still has the first version open.
        var stale = first.DeepClone();
        stale["description"] = "Une retouche de l’ancienne version";
        var third = (await program.PostAsync("/workflow-definitions", new JsonObject { ["model"] = stale, ["publish"] = false })).Json!["workflowDefinition"]!;

        Assert.Equal((int)second["version"]! + 1, (int)third["version"]!);
        Assert.Equal("Une première retouche", (string?)(await program.GetAsync($"/workflow-definitions/by-id/{second["id"]}")).Json!["description"]);
        Assert.True((bool)(await program.GetAsync($"/workflow-definitions/by-id/{second["id"]}")).Json!["isPublished"]!);
        Assert.Equal((string?)first["description"], (string?)(await program.GetAsync($"/workflow-definitions/by-id/{first["id"]}")).Json!["description"]);
    }
}
