using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Engine.Definitions;
using Alize.Engine.Storage;
using Alize.Web.Tests.Shell;

namespace Alize.Web.Tests.Elsa.Descriptors;

public class ActivityDescriptorsTests(ElsaSite site) : IClassFixture<ElsaSite>
{
    /// <summary>What Elsa describes and this service deliberately has not.</summary>
    private static readonly string[] NotHere =
    [
        "Elsa.Inline",                                           // code inside the server's program
        "Elsa.RunCSharp",                                        // compiles what a definition says: off for good
        "Elsa.Workflows.Activities.DynamicActivity",             // bases of classes, never drawn
        "Elsa.Workflows.Management.Activities.HostMethod.HostMethodActivity",
        "Elsa.Workflows.Management.Activities.WorkflowDefinitionActivity.WorkflowDefinitionActivity",
        "Ref.AppendLine", "Ref.Noop",                            // the recording host's own
    ];

    /// <summary>Where we describe otherwise on purpose.</summary>
    private static readonly string[] Otherwise =
    [
        // A list of nothing cannot be chosen from: names with their values are written as JSON.
        "Elsa.BulkDispatchWorkflows 1 inputs Input", "Elsa.DispatchWorkflow 1 inputs Input", "Elsa.ExecuteWorkflow 1 inputs Input", "Elsa.RunTask 1 inputs Payload",
        "Elsa.ForEach 1 inputs Items",              // whatever can be gone through, written as an expression
        "Elsa.StartAt 1 inputs DateTime",           // a moment is picked in a calendar
        "Elsa.ExecuteWorkflow 1 outputs Result",    // plain JSON, which scripts read without a class of the server's
        "Elsa.Workflow 1", "Elsa.Flowchart 1 ports Start",   // never shown
        "Elsa.WriteHttpResponse 1 inputs StatusCode uiSpecifications",   // the names of .NET's enum, all of them
        "Elsa.FlowSendHttpRequest 1 ports",                  // the Studio draws them by itself; here the check of definitions reads them
    ];

    /// <summary>What is being built, or has no meaning yet.</summary>
    private static readonly string[] NotYet = ["Elsa.DownloadHttpFile", "Elsa.FlowNode", "Elsa.Parallel", "Elsa.StateMachine", "Elsa.WriteFileHttpResponse"];

    /// <summary>Classes of Elsa's server; here they are plain JSON, which expressions read.</summary>
    private static readonly string[] PlainHere = ["FormFile", "FormFile[]", "HttpHeaders", "HttpRequest", "HttpResponseMessage"];

    [Fact]
    public async Task Every_activity_of_Elsas_that_we_have_is_described_as_Elsa_does()
    {
        var ours = (await ListAsync()).ToDictionary(Key);
        var differences = new List<string>();
        foreach (var recorded in Recorded.Read("activities.json")["items"]!.AsArray().Select(i => i!.AsObject()).Where(i => ours.ContainsKey(Key(i))))
            differences.AddRange(Differences(recorded, ours[Key(recorded)]).Select(d => $"{Key(recorded)} {d}"));

        differences.RemoveAll(d => Otherwise.Any(o => d.StartsWith(o, StringComparison.Ordinal)));
        Assert.True(differences.Count == 0, string.Join(Environment.NewLine, differences));
    }

    [Fact]
    public async Task The_activities_of_Elsas_that_are_missing_are_known()
    {
        var ours = (await ListAsync()).Select(Key).ToHashSet();
        var missing = Recorded.Read("activities.json")["items"]!.AsArray().Select(i => (string)i!["typeName"]!).Where(t => !ours.Contains($"{t} 1")).Except(NotHere).Except(NotYet);
        Assert.True(!missing.Any(), string.Join(Environment.NewLine, missing.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task The_Studio_can_key_every_description_by_type_and_version()
    {
        var keys = (await ListAsync()).Select(Key).ToList();
        Assert.Equal(keys.Count, keys.Distinct().Count());
    }

    [Fact]
    public async Task Alizes_activities_speak_French_in_every_field()
    {
        foreach (var activity in (await ListAsync()).Where(a => ((string)a["typeName"]!).StartsWith("Alize.", StringComparison.Ordinal)))
        {
            var key = Key(activity);
            Assert.False(string.IsNullOrWhiteSpace((string?)activity["description"]), $"{key} has no description");
            Assert.NotEqual((string?)activity["name"], (string?)activity["displayName"]);
            Assert.NotEqual("Alize", (string?)activity["category"]);
            foreach (var part in activity["inputs"]!.AsArray().Concat(activity["outputs"]!.AsArray()))
            {
                Assert.True((string?)part!["displayName"] != (string?)part["name"] || (string?)part["name"] == "Message", $"{key} {part["name"]} has no French label");
                Assert.False(string.IsNullOrWhiteSpace((string?)part["description"]), $"{key} {part["name"]} says not what it means");
            }

            foreach (var port in activity["ports"]!.AsArray())
                Assert.True((string?)port!["displayName"] != (string?)port["name"], $"{key}: the way out '{port["name"]}' has no French name");
        }
    }

    [Fact]
    public async Task Enums_in_specifications_are_names_or_numbers_an_editor_can_read()
    {
        // A text where the Studio expects a number of an enum (editorHeight) takes the whole panel down.
        foreach (var activity in await ListAsync())
            foreach (var input in activity["inputs"]!.AsArray())
                Assert.Null(input!["uiSpecifications"]!["code-editor"]?["editorHeight"]);
    }

    [Fact]
    public async Task A_step_that_addresses_somebody_offers_the_roles_the_partners_and_what_stands_in_definitions()
    {
        var assignee = Input(await FindAsync("Alize.AskPartner"), "Assignee");
        var items = Items(assignee);

        Assert.Contains(("Le dirigeant de l’entreprise", "company"), items);
        Assert.Contains(("Les membres du comité d’agrément", "members"), items);
        Assert.Contains(("Les membres du comité de pilotage et d’évaluation", "steering-members"), items);
        var partner = await site.ReadAsync(db => Task.FromResult(db.Partners.OrderBy(p => p.Name).First()));
        Assert.Contains((partner.Name, $"partner:{partner.Id}"), items);

        var several = Items(Input(await FindAsync("Alize.Notify"), "To"));
        Assert.Contains(("Le dirigeant de l’entreprise ; Le partenaire qui a détecté le projet", "company,detecting-partner"), several);
    }

    [Fact]
    public async Task A_stage_is_chosen_by_its_French_name()
    {
        Assert.Contains(("Comité d’agrément", "Committee"), Items(Input(await FindAsync("Alize.EnterStage"), "Stage")));
    }

    [Fact]
    public async Task The_fixed_outcome_of_a_question_stands_beside_the_answers()
    {
        var outcomes = Input(await FindAsync("Alize.AskPartner"), "Outcomes");
        Assert.Equal("""{"DynamicOutcomesOptions":{"fixedOutcomes":["Expired"]}}""", outcomes["uiSpecifications"]!.ToJsonString());
    }

    [Fact]
    public async Task A_definition_usable_as_an_activity_is_in_the_toolbox_with_its_inputs_and_outcomes()
    {
        await AddAsync("relance-simple", "Relance simple", 1, """
            {"definitionId":"relance-simple","name":"Relance simple","options":{"usableAsActivity":true},"outcomes":["Faite","Refusée"],
             "inputs":[{"name":"Jours","type":"Int32","isArray":false,"uiHint":"singleline","displayName":"Jours d’attente"}],
             "outputs":[{"name":"Reponse","type":"String","isArray":true}],"variables":[],"root":{"id":"f","type":"Elsa.Flowchart","version":1,"activities":[],"connections":[]}}
            """);

        var activity = await FindAsync("RelanceSimple");

        Assert.Equal("relance-simple", (string?)activity["constructionProperties"]!["WorkflowDefinitionId"]);
        Assert.Equal("WorkflowDefinitionActivity", (string?)activity["customProperties"]!["RootType"]);
        Assert.Equal(("Int32", "Jours d’attente"), ((string)Input(activity, "Jours")["typeName"]!, (string)Input(activity, "Jours")["displayName"]!));
        Assert.Equal("String[]", (string?)activity["outputs"]![0]!["typeName"]);
        Assert.Equal(["Faite", "Refusée"], activity["ports"]!.AsArray().Select(p => (string)p!["name"]!));
    }

    [Fact]
    public async Task A_type_that_is_drawn_but_unknown_has_a_description_so_that_the_Studio_does_not_empty_the_definition()
    {
        await AddAsync("ancienne", "Ancienne", 1, """{"definitionId":"ancienne","name":"Ancienne","root":{"id":"f","type":"Elsa.Flowchart","version":1,"activities":[{"id":"a","type":"Autrefois.Chose","version":3}],"connections":[]}}""");

        var lost = await FindAsync("Autrefois.Chose");

        Assert.Equal((3, false), ((int)lost["version"]!, (bool)lost["isBrowsable"]!));
    }

    [Fact]
    public async Task One_activity_and_the_options_of_one_input_can_be_asked_for()
    {
        using var program = await site.OperatorAsync();

        Assert.Equal("Branching", (string?)(await program.GetAsync("/descriptors/activities/Elsa.If")).Json!["category"]);
        Assert.Equal("""{"items":{}}""", (await program.PostAsync("/descriptors/activities/Elsa.If/options/Condition", new JsonObject())).Text);
        Assert.Equal(404, (await program.GetAsync("/descriptors/activities/Elsa.Nothing")).Status);
        Assert.Equal(404, (await program.PostAsync("/descriptors/activities/Elsa.If/options/Nothing", new JsonObject())).Status);
    }

    private static IEnumerable<string> Differences(JsonObject recorded, JsonObject ours)
    {
        foreach (var property in new[] { "namespace", "name", "category", "displayName", "kind", "isContainer", "isStart", "isTerminal", "isBrowsable", "runAsynchronously" })
            if (!JsonNode.DeepEquals(recorded[property], ours[property]))
                yield return $"{property}: {recorded[property]} at Elsa, {ours[property]} here";

        foreach (var list in new[] { "inputs", "outputs", "ports" })
        {
            var mine = ours[list]!.AsArray().ToDictionary(i => (string)i!["name"]!, i => i!.AsObject());
            foreach (var theirs in recorded[list]!.AsArray().Select(i => i!.AsObject()))
            {
                var name = (string)theirs["name"]!;
                if (!mine.TryGetValue(name, out var part))
                {
                    yield return $"{list} {name}: not here";
                    continue;
                }

                foreach (var (property, value) in theirs)
                {
                    // Descriptions are our own words; what Elsa has no name for it calls by .NET's.
                    if (property is "description" or "isSerializable" || (property == "typeName" && PlainHere.Contains((string?)value)) || value?.ToString().StartsWith("UnregisteredClrType:", StringComparison.Ordinal) == true) continue;
                    if (!Same(property, value, part[property])) yield return $"{list} {name} {property}: {value?.ToJsonString()} at Elsa, {part[property]?.ToJsonString()} here";
                }
            }

            foreach (var extra in mine.Keys.Except(recorded[list]!.AsArray().Select(i => (string)i!["name"]!)))
                yield return $"{list} {extra}: not at Elsa";
        }
    }

    /// <summary>An address of the recording server is not ours; items of lists may come in another order.</summary>
    private static bool Same(string property, JsonNode? recorded, JsonNode? ours) => property switch
    {
        "uiSpecifications" => Keys(recorded).SequenceEqual(Keys(ours)) && Values(recorded).Order(StringComparer.Ordinal).SequenceEqual(Values(ours).Order(StringComparer.Ordinal)),
        _ => JsonNode.DeepEquals(recorded, ours),
    };

    private static IEnumerable<string> Keys(JsonNode? specification) => specification!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Values(JsonNode? specification) =>
        (specification?["dropdown"]?["selectList"]?["items"] ?? specification?["checklist"]?["checkList"]?["items"])?.AsArray().Select(i => (string)i!["value"]!) ?? [];

    private static string Key(JsonObject activity) => $"{activity["typeName"]} {activity["version"]}";

    private static JsonObject Input(JsonObject activity, string name) => activity["inputs"]!.AsArray().Single(i => (string?)i!["name"] == name)!.AsObject();

    private static List<(string Text, string Value)> Items(JsonObject input) =>
        [.. input["uiSpecifications"]!["dropdown"]!["selectList"]!["items"]!.AsArray().Select(i => ((string)i!["text"]!, (string)i["value"]!))];

    private async Task<IReadOnlyList<JsonObject>> ListAsync()
    {
        using var program = await site.OperatorAsync();
        var answer = await program.GetAsync("/descriptors/activities?Refresh=True");
        Assert.Equal(200, answer.Status);
        Assert.Equal(answer.Json!["items"]!.AsArray().Count, (int)answer.Json["count"]!);
        return [.. answer.Json["items"]!.AsArray().Select(i => i!.AsObject())];
    }

    private async Task<JsonObject> FindAsync(string type) => (await ListAsync()).Single(a => (string?)a["typeName"] == type);

    private Task<bool> AddAsync(string id, string name, int version, string json) => site.DoAsync<IWorkflowStore, bool>(store => store.AddDefinitionAsync(
        new StoredDefinition { Id = $"{id}-{version}", DefinitionId = id, Version = version, Name = name, Json = json, IsLatest = true, IsPublished = true, CreatedAt = site.Time.GetUtcNow().UtcDateTime },
        [],
        TestSite.Cancel));
}
