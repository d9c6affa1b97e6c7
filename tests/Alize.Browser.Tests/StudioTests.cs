using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Alize.Browser.Tests;

/// <summary>The real Elsa Studio against this service: from an empty canvas to an answered mail.</summary>
public class StudioTests(AlizeProgram program, Chromium chromium) : BrowserTests(program, chromium), IClassFixture<AlizeProgram>
{
    private const string Name = "Question du Studio";

    [Fact]
    public async Task The_Studio_lists_the_procedures_and_lays_out_a_projects_whole_life()
    {
        var page = await SignedInAsync();
        var studio = new Studio(page);
        await studio.OpenListAsync();
        await Expect(await studio.FindAsync("company-project")).ToContainTextAsync("Vie d’un projet");
        await Expect(page.GetByText("Camille Roussel")).ToBeVisibleAsync();
        await KeepAsync(page, "studio-list");

        var drawn = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AlizeProgram.Artifacts, "..", "workflows", "company-project.json"), TestContext.Current.CancellationToken))!["root"]!;
        await studio.OpenAsync("company-project", drawn["activities"]!.AsArray().Count);
        await Expect(studio.Nodes).ToHaveCountAsync(drawn["activities"]!.AsArray().Count);
        await Expect(studio.Connections).ToHaveCountAsync(drawn["connections"]!.AsArray().Count);
        await KeepAsync(page, "studio-company-project");
    }

    [Fact]
    public async Task Every_procedure_is_sent_back_by_the_Studio_as_it_was_given()
    {
        var page = await SignedInAsync();
        var studio = new Studio(page);
        foreach (var path in Directory.EnumerateFiles(Path.Combine(AlizeProgram.Artifacts, "..", "workflows"), "*.json").Order(StringComparer.Ordinal))
        {
            var file = JsonNode.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))!;
            await studio.OpenAsync(Path.GetFileNameWithoutExtension(path), file["root"]!["activities"]!.AsArray().Count);
            await Expect(page.Locator("button.mud-icon-button.mud-success-text").First).ToBeEnabledAsync();

            var sent = JsonNode.Parse(await studio.SaveAsync())!["model"]!;

            Assert.True(JsonNode.DeepEquals(Meaning(file), Meaning(sent)), $"{Path.GetFileName(path)} came back as {sent.ToJsonString()}");
        }
    }

    [Fact]
    public async Task A_procedure_is_drawn_published_run_answered_by_mail_exported_deleted_and_brought_back()
    {
        var page = await SignedInAsync();
        var studio = new Studio(page);
        var project = await ProjectAsync(page);
        await studio.OpenListAsync();
        await studio.CreateAsync(Name);
        await studio.DropAsync("Primitives", "Correlate", 60, 60);
        await studio.DropAsync("Partenaires", "Demander à un partenaire", 60, 240);
        await studio.ConnectAsync("Correlate1", "AskPartner1");
        await studio.SelectAsync("Correlate1");
        await studio.WriteAsync("Correlation Id", project);
        await studio.SelectAsync("AskPartner1");
        await studio.PickAsync("À qui", "L’opérateur local");
        await studio.WriteAsync("Titre", "Une question du Studio");
        await studio.WriteAsync("Message", "Pouvez-vous confirmer ?");
        await studio.WriteAsync("Réponses", "Accepted", "Enter");
        await Expect(studio.Node("AskPartner1")).ToContainTextAsync("Accepted");
        await studio.PublishAsync();
        await Expect(page.GetByText("Workflow published")).ToBeVisibleAsync();
        await KeepAsync(page, "studio-drawn");

        await studio.RunAsync();
        var instance = page.Url;
        await Expect(page.GetByText("Suspended").First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await KeepAsync(page, "studio-waiting");
        await FollowMailAsync(page, "operateur@alize.example", "Une question du Studio");
        await page.Locator("button[name=outcome][value=Accepted]").ClickAsync();
        await page.WaitForURLAsync(url => !url.EndsWith("/answer", StringComparison.Ordinal));

        await page.GotoAsync(instance);
        await studio.Nodes.First.WaitForAsync(new() { Timeout = 120_000 });
        await UntilShownAsync(page, page.GetByText("Finished").First);
        await Expect(page.Locator("elsa-workflow-instance-viewer").GetByText("Completed")).Not.ToHaveCountAsync(0, new() { Timeout = 60_000 });
        await Expect(studio.Nodes.Locator(".mud-badge").First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await KeepAsync(page, "studio-finished");

        var file = await ExportAsync(page, studio);
        var exported = JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!;
        Assert.Equal(["Accepted"], Outcomes(exported));

        // While an instance shows its drawing a definition is not deleted, and the page says why.
        await studio.ChooseAsync(studio.Row(Name), "Delete");
        await studio.ConfirmAsync("Delete");
        await Expect(page.Locator("#studio-said")).ToContainTextAsync("a une instance");
        await studio.OpenInstancesAsync();
        await studio.ChooseAsync(studio.Row(Name), "Delete");
        await studio.ConfirmAsync("Delete");
        await Expect(studio.Row(Name)).ToHaveCountAsync(0);
        await studio.OpenListAsync();
        await studio.ChooseAsync(studio.Row(Name), "Delete");
        await studio.ConfirmAsync("Delete");
        await Expect(studio.Row(Name)).ToHaveCountAsync(0);

        await page.Locator(".mud-button-group-root button").Last.ClickAsync();
        var chooser = await page.RunAndWaitForFileChooserAsync(() => page.Locator(".mud-popover-open .mud-menu-item").GetByText("Import").ClickAsync());
        await chooser.SetFilesAsync(file);
        await studio.Row(Name).WaitForAsync(new() { Timeout = 60_000 });
        var again = JsonNode.Parse(await File.ReadAllTextAsync(await ExportAsync(page, studio), TestContext.Current.CancellationToken))!;
        Assert.True(JsonNode.DeepEquals(Content(exported), Content(again)), again.ToJsonString());
    }

    /// <summary>A project of the demonstration, as a program finds one.</summary>
    private static Task<string> ProjectAsync(IPage page) => page.EvaluateAsync<string>("""
        async () => {
          const token = (await (await fetch('/studio/token')).json()).accessToken;
          const answer = await fetch('/elsa/api/workflow-instances?pageSize=100', { headers: { Authorization: 'Bearer ' + token } });
          return (await answer.json()).items.find(i => i.definitionId === 'company-project').correlationId;
        }
        """);

    private static async Task<string> ExportAsync(IPage page, Studio studio)
    {
        await studio.OpenListAsync();
        await studio.ChooseAsync(studio.Row(Name), "Export");
        var download = await page.RunAndWaitForDownloadAsync(() => studio.ConfirmAsync("Export"));
        var file = Path.Combine(Inspection.Pictures, download.SuggestedFilename);
        await download.SaveAsAsync(file);
        return file;
    }

    private static IEnumerable<string> Outcomes(JsonNode definition)
    {
        var step = definition["root"]!["activities"]!.AsArray().Single(a => (string)a!["type"]! == "Alize.AskPartner")!;
        return JsonNode.Parse((string)step["outcomes"]!["expression"]!["value"]!)!.AsArray().Select(o => (string)o!);
    }

    /// <summary>Without what is another one's after an import: the version's id, number, day and state.</summary>
    private static JsonObject Content(JsonNode definition)
    {
        var copy = definition.DeepClone().AsObject();
        foreach (var name in new[] { "id", "version", "createdAt", "isLatest", "isPublished" }) copy.Remove(name);
        return copy;
    }

    /// <summary>What a definition means: without its row, nulls, flags that are off, sizes on the screen, and the order of activities.</summary>
    private static JsonNode Meaning(JsonNode definition)
    {
        var copy = Content(definition);
        foreach (var name in new[] { "$schema", "links", "toolVersion" }) copy.Remove(name);
        foreach (var flag in new[] { "isReadonly", "isSystem" })
            if (copy[flag]?.ToString() == "false") copy.Remove(flag);
        return Plain(copy);
    }

    private static JsonNode Plain(JsonNode node)
    {
        if (node is JsonArray array) return new JsonArray([.. array.Select(i => i is null ? null : Plain(i))]);
        if (node is not JsonObject json) return node.DeepClone();
        var plain = new JsonObject();
        foreach (var (name, value) in json)
        {
            if (value is null or JsonArray { Count: 0 } or JsonObject { Count: 0 } || name is "nodeId" or "size") continue;
            plain[name] = name == "activities" ? Plain(new JsonArray([.. value.AsArray().OrderBy(a => (string)a!["id"]!, StringComparer.Ordinal).Select(a => a!.DeepClone())])) : Plain(value);
        }

        foreach (var empty in plain.Where(p => p.Value is JsonObject { Count: 0 }).Select(p => p.Key).ToList()) plain.Remove(empty);
        return plain;
    }

    private static async Task KeepAsync(IPage page, string name) => await page.ScreenshotAsync(new() { Path = Path.Combine(Inspection.Pictures, $"{name}.png") });
}
