using System.Text.Json.Nodes;
using Alize.Engine.Activities;
using Alize.Engine.Definitions;
using Alize.Engine.Runtime;
using Alize.Engine.Tests.Expressions;

namespace Alize.Engine.Tests.Definitions;

public class DefinitionCheckTests
{
    private static readonly ActivityRegistry Registry = new ActivityRegistry().AddStandardActivities();

    private static IReadOnlyList<DefinitionProblem> Run(string json, string file = "greet.json") =>
        DefinitionCheck.Run(json, file, Registry, Evaluators.New(), new HashSet<string> { "greet", "repayment" });

    /// <summary>A definition of a start and these activities, one after the other.</summary>
    private static string Flow(params string[] activities)
    {
        var all = new JsonArray([JsonNode.Parse("""{"id":"start","type":"Elsa.Start","version":1}"""), .. activities.Select(a => JsonNode.Parse(a))]);
        var ids = all.Select(a => a?["id"]?.ToString() ?? "").ToList();
        var connections = ids.Zip(ids.Skip(1), (from, to) => Arrow(from, to)).ToArray<JsonNode>();
        return Definition(new JsonObject { ["id"] = "root", ["type"] = "Elsa.Flowchart", ["version"] = 1, ["activities"] = all, ["connections"] = new JsonArray(connections) });
    }

    private static string Definition(JsonObject root) => new JsonObject
    {
        ["definitionId"] = "greet",
        ["variables"] = JsonNode.Parse("""[{"id":"v-msg","name":"Message","typeName":"String"},{"id":"v-due","name":"due-day","typeName":"Int32"}]"""),
        ["inputs"] = JsonNode.Parse("""[{"name":"Customer","type":"String"}]"""),
        ["outputs"] = JsonNode.Parse("""[{"name":"Greeting","type":"String"}]"""),
        ["root"] = root,
    }.ToJsonString();

    private static JsonObject Arrow(string from, string to, string port = "Done") => new()
    {
        ["source"] = new JsonObject { ["activity"] = from, ["port"] = port },
        ["target"] = new JsonObject { ["activity"] = to, ["port"] = "In" },
    };

    private static string Write(string kind, string text, string id = "w") => new JsonObject
    {
        ["id"] = id,
        ["type"] = "Elsa.WriteLine",
        ["version"] = 1,
        ["text"] = new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = kind, ["value"] = text } },
    }.ToJsonString();

    private static void AssertOne(IReadOnlyList<DefinitionProblem> problems, string activityId, params string[] words)
    {
        var problem = Assert.Single(problems);
        Assert.Equal(activityId, problem.ActivityId);
        Assert.Equal("greet.json", problem.File);
        foreach (var word in words) Assert.Contains(word, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Literal", "Hello")]
    [InlineData("JavaScript", "let x = getMessage(); variables.Message + getVariable('Message') + getCustomer() + getInput('Customer') + getDueDay() + Math.max(1, x.length)")]
    [InlineData("JavaScript", "getResultFromCompose1() ?? getOutputFrom('Compose1', 'Result') ?? new Date().toISOString()")]
    [InlineData("JavaScript", "getVariable('CurrentValue').n")]
    [InlineData("JavaScript", "setVariable('Made', 1); getVariable('Made') + getMade()")]
    [InlineData("Liquid", "{{ Variables.Message }} {{ Input.Customer }}, Variables.Nothing is text here")]
    [InlineData("Variable", """{"id":"v-msg","name":"Message"}""")]
    [InlineData("Variable", "Message")]
    [InlineData("Input", """{"name":"Customer"}""")]
    public void A_sound_definition_has_no_problem(string kind, string text) => Assert.Empty(Run(Flow(Write(kind, text))));

    [Fact]
    public void Broken_json_is_told_with_its_line() => AssertOne(Run("{\n\"definitionId\": \"greet\",\n oops }"), "", "line 3", "export");

    [Fact]
    public void A_json_list_is_no_definition() => AssertOne(Run("[]"), "", "not a JSON object");

    [Fact]
    public void The_file_is_named_as_the_definition()
    {
        var problem = Assert.Single(Run(Flow(Write("Literal", "x")), "other.json"));

        Assert.Contains("'other'", problem.Message, StringComparison.Ordinal);
        Assert.Contains("'greet'", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_definition_needs_an_id_and_a_root()
    {
        var problems = Run("{}");

        Assert.Contains(problems, p => p.Message.Contains("Write \"definitionId\": \"greet\"", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Message.Contains("no root", StringComparison.Ordinal));
    }

    [Fact]
    public void Ids_are_given_once() => Assert.Contains(Run(Flow(Write("Literal", "a"), Write("Literal", "b"))), p => p.ActivityId == "w" && p.Message.Contains("2 activities have the id 'w'", StringComparison.Ordinal));

    [Fact]
    public void An_unknown_type_is_told_with_the_near_one() =>
        AssertOne(Run(Flow("""{"id":"w","type":"Elsa.WriteLin","version":1}""")), "w", "'Elsa.WriteLin', which is not registered", "Did you mean 'Elsa.WriteLine'?");

    [Fact]
    public void A_connection_leads_from_and_to_activities_that_exist()
    {
        var json = JsonNode.Parse(Flow(Write("Literal", "x")))!;
        json["root"]!["connections"]!.AsArray().Add(Arrow("w", "writ"));

        AssertOne(Run(json.ToJsonString()), "root", "from 'w' to 'writ'", "not in this flowchart");
    }

    [Fact]
    public void A_connection_leaves_by_a_port_the_activity_has()
    {
        var json = JsonNode.Parse(Flow("""{"id":"d","type":"Elsa.FlowDecision","version":1}""", Write("Literal", "x")))!;
        json["root"]!["connections"]![1]!["source"]!["port"] = "Tru";

        AssertOne(Run(json.ToJsonString()), "d", "'Tru'", "Did you mean 'True'?", "True, False");
    }

    [Theory]
    [InlineData("Elsa.FlowSwitch", """ "cases":[{"label":"Late","condition":{"type":"JavaScript","value":"true"}}] """, "Late", true)]
    [InlineData("Elsa.FlowSwitch", """ "cases":[{"label":"Late","condition":{"type":"JavaScript","value":"true"}}] """, "Default", true)]
    [InlineData("Elsa.FlowSwitch", """ "cases":[{"label":"Late","condition":{"type":"JavaScript","value":"true"}}] """, "Early", false)]
    [InlineData("Elsa.FlowFork", """ "branches":{"typeName":"Object","expression":{"type":"Object","value":"[\"L\",\"R\"]"}} """, "R", true)]
    [InlineData("Elsa.FlowFork", """ "branches":{"typeName":"Object","expression":{"type":"Object","value":"[\"L\",\"R\"]"}} """, "X", false)]
    [InlineData("Elsa.FlowFork", """ "branches":{"typeName":"Object","expression":{"type":"JavaScript","value":"['L']"}} """, "X", true)]
    public void Ports_may_come_from_an_input(string type, string inputs, string port, bool isThere)
    {
        var json = JsonNode.Parse(Flow($$"""{"id":"s","type":"{{type}}","version":1,{{inputs}}}""", Write("Literal", "x")))!;
        json["root"]!["connections"]![1]!["source"]!["port"] = port;

        var problems = Run(json.ToJsonString());

        if (isThere) Assert.Empty(problems);
        else AssertOne(problems, "s", $"'{port}'");
    }

    [Fact]
    public void Nothing_follows_the_end()
    {
        var problems = Run(Flow("""{"id":"end","type":"Elsa.End","version":1}""", Write("Literal", "x")));

        AssertOne(problems, "end", "nothing follows");
    }

    [Fact]
    public void An_activity_nothing_leads_to_is_found_in_nested_flowcharts_too()
    {
        var inner = new JsonObject { ["id"] = "inner", ["type"] = "Elsa.Flowchart", ["version"] = 1, ["activities"] = new JsonArray(JsonNode.Parse(Write("Literal", "a", "a")), JsonNode.Parse(Write("Literal", "b", "b")), JsonNode.Parse(Write("Literal", "c", "c"))), ["connections"] = new JsonArray(Arrow("b", "c")) };
        var loop = new JsonObject { ["id"] = "loop", ["type"] = "Elsa.ForEach", ["version"] = 1, ["items"] = JsonNode.Parse("""{"expression":{"type":"Object","value":"[1]"}}"""), ["body"] = inner };

        var problems = Run(Flow(loop.ToJsonString()));

        Assert.Equal(["b", "c"], problems.Select(p => p.ActivityId));
        Assert.Contains("starts at 'a'", problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trigger_is_a_start_of_its_own()
    {
        var json = JsonNode.Parse(Flow(Write("Literal", "x")))!;
        json["root"]!["activities"]!.AsArray().Add(JsonNode.Parse("""{"id":"e","type":"Elsa.Event","version":1,"customProperties":{"canStartWorkflow":true},"eventName":{"expression":{"type":"Literal","value":"Go"}}}"""));

        Assert.Empty(Run(json.ToJsonString()));
    }

    [Theory]
    [InlineData("JavaScript", "getMessage(", "does not parse", "line 1")]
    [InlineData("Liquid", "{% if %}", "does not parse", "line 1")]
    [InlineData("CSharp", "1", "runs only where Expressions:CSharp is allowed", "JavaScript")]
    [InlineData("JavaScript", "getVariable('Mesage')", "'Mesage'", "Did you mean 'Message'?")]
    [InlineData("JavaScript", "variables.Mesage", "'Mesage'", "Did you mean 'Message'?")]
    [InlineData("JavaScript", "getMesage()", "'getMesage'", "Did you mean 'getMessage'?")]
    [InlineData("JavaScript", "getVariabel('Message')", "'getVariabel'", "Did you mean 'getVariable'?")]
    [InlineData("Liquid", "{{ Variables.Mesage }}", "'Mesage'", "Did you mean 'Message'?")]
    [InlineData("Liquid", "{{ Variables.Message | upcas }}", "the filter 'upcas'", "Did you mean 'upcase'?")]
    [InlineData("Variable", """{"id":"gone","name":"Mesage"}""", "'Mesage'", "Did you mean 'Message'?")]
    [InlineData("Input", """{"name":"Custumer"}""", "'Custumer'", "It declares: Customer.")]
    public void A_wrong_expression_is_found_before_it_runs(string kind, string text, string what, string wayOut) => AssertOne(Run(Flow(Write(kind, text))), "w", "Activity 'w'", "'text'", what, wayOut);

    [Fact]
    public void An_unknown_filter_is_named_in_French_too()
    {
        var problem = Assert.Single(Run(Flow(Write("Liquid", "{{ Variables.Message | upcas }}"))));

        Assert.Equal(
            "Activité «\u00A0w\u00A0»\u00A0: l’expression Liquid de «\u00A0text\u00A0» emploie le filtre «\u00A0upcas\u00A0», ligne 1, colonne 24, qui n’existe pas. Vouliez-vous dire «\u00A0upcase\u00A0»\u202F? Corrigez le nom, ou préparez la valeur dans une activité.",
            problem.French);
    }

    [Fact]
    public void Conditions_of_a_switch_are_expressions_too() =>
        AssertOne(Run(Flow("""{"id":"s","type":"Elsa.FlowSwitch","version":1,"cases":[{"label":"Late","condition":{"type":"JavaScript","value":"getDue("}}]}""")), "s", "'cases.Late'", "does not parse");

    [Fact]
    public void Scripts_of_the_code_editor_are_scripts()
    {
        const string Script = """{"id":"s","type":"Elsa.RunJavaScript","version":1,"script":{"typeName":"String","expression":{"type":"Literal","value":"VALUE"}}}""";

        Assert.Empty(Run(Flow(Script.Replace("VALUE", "setOutcome('A'); setMessage('x')", StringComparison.Ordinal))));
        AssertOne(Run(Flow(Script.Replace("VALUE", "getMessage(", StringComparison.Ordinal))), "s", "does not parse");
    }

    [Theory]
    [InlineData("""{"id":"e","type":"Elsa.Event","version":1}""")]
    [InlineData("""{"id":"e","type":"Elsa.Event","version":1,"eventName":{"typeName":"String","expression":{"type":"Literal","value":""}}}""")]
    public void A_required_input_is_given(string activity) => AssertOne(Run(Flow(activity)), "e", "'eventName'", "is missing");

    [Activity("Test", "Test", "Says something to someone.")]
    private sealed class Say : CodeActivity
    {
        [Input]
        public Input<string> Words { get; set; } = default!;

        [Input]
        public Input<string?> EnglishWords { get; set; } = default!;

        [Input]
        public Input<Guid?> Subject { get; set; } = default!;

        [Input]
        public Input<string[]>? Copies { get; set; }

        protected override void Execute(ActivityExecutionContext context)
        {
        }
    }

    [Fact]
    public void An_input_whose_value_may_be_null_is_not_required()
    {
        var registry = new ActivityRegistry().AddStandardActivities().Add<Say>();

        var problems = DefinitionCheck.Run(Flow("""{"id":"s","type":"Test.Say","version":1}"""), "greet.json", registry, Evaluators.New(), new HashSet<string>());

        AssertOne(problems, "s", "'words'", "is missing");
    }

    [Fact]
    public void A_misspelt_input_is_told_with_the_right_one() =>
        AssertOne(Run(Flow("""{"id":"w","type":"Elsa.WriteLine","version":1,"text":{"expression":{"type":"Literal","value":"x"}},"txt":{"expression":{"type":"Literal","value":"x"}}}""")), "w", "'txt'", "Did you mean 'text'?");

    [Fact]
    public void A_value_the_input_cannot_take_is_found() =>
        AssertOne(Run(Flow("""{"id":"d","type":"Elsa.Delay","version":1,"timeSpan":{"typeName":"TimeSpan","expression":{"type":"Literal","value":"soon"}}}""")), "d", "'timeSpan'", "'soon'", "ISO 8601 duration");

    [Fact]
    public void A_started_workflow_exists()
    {
        const string Execute = """{"id":"x","type":"Elsa.ExecuteWorkflow","version":1,"workflowDefinitionId":{"typeName":"String","expression":{"type":"Literal","value":"ID"}}}""";

        Assert.Empty(Run(Flow(Execute.Replace("ID\"", "repayment\"", StringComparison.Ordinal))));
        AssertOne(Run(Flow(Execute.Replace("ID\"", "repaiment\"", StringComparison.Ordinal))), "x", "'repaiment'", "Did you mean 'repayment'?");
    }

    [Fact]
    public void A_workflow_used_as_an_activity_exists()
    {
        Assert.Empty(Run(Flow("""{"id":"x","type":"Repayment","version":1,"workflowDefinitionId":"repayment"}""")));
        AssertOne(Run(Flow("""{"id":"x","type":"Repayment","version":1,"workflowDefinitionId":"nothing-like-it"}""")), "x", "'nothing-like-it'", "does not exist");
    }

    [Fact]
    public void An_output_goes_to_a_variable_or_an_output_of_the_workflow()
    {
        const string Script = """{"id":"s","type":"Elsa.RunJavaScript","version":1,"script":{"expression":{"type":"Literal","value":"1"}},"result":{"typeName":"Object","memoryReference":{"id":"TARGET"}}}""";

        Assert.Empty(Run(Flow(Script.Replace("TARGET", "v-msg", StringComparison.Ordinal))));
        Assert.Empty(Run(Flow(Script.Replace("TARGET", "Greeting", StringComparison.Ordinal))));
        AssertOne(Run(Flow(Script.Replace("TARGET", "Greting", StringComparison.Ordinal))), "s", "'result'", "'Greting'");
    }

    [Fact]
    public void A_variable_to_set_is_declared()
    {
        const string Set = """{"id":"s","type":"Elsa.SetVariable","version":1,"variable":{"id":"ID","name":"NAME","typeName":"String"},"value":{"expression":{"type":"Literal","value":"x"}}}""";

        Assert.Empty(Run(Flow(Set.Replace("\"ID", "\"v-msg", StringComparison.Ordinal).Replace("NAME", "Message", StringComparison.Ordinal))));
        AssertOne(Run(Flow(Set.Replace("\"ID", "\"v-x", StringComparison.Ordinal).Replace("NAME", "Messsage", StringComparison.Ordinal))), "s", "'Messsage'", "Did you mean 'Message'?");
    }

    [Fact]
    public void People_are_told_in_French()
    {
        var problem = Assert.Single(Run(Flow(Write("JavaScript", "getMesage()"))));

        Assert.Equal("Activité « w »\u00A0: le JavaScript de « text » emploie « getMesage », qui n’est ni déclaré ni une fonction. Vouliez-vous dire « getMessage »\u202F? Une variable se lit par getVariable('Nom') ou getNom()\u202F; un nom à vous se déclare par let ou const.".Replace("« ", "«\u00A0", StringComparison.Ordinal).Replace(" »", "\u00A0»", StringComparison.Ordinal), problem.French);
    }

    [Fact]
    public void Both_languages_of_a_sentence_use_arguments_that_exist()
    {
        // Ten arguments are more than any sentence has: what is missing would throw, and a brace too many as well.
        var arguments = Enumerable.Range(1, 10).Select(n => (object?)$"a{n}").ToArray();

        Assert.All(DefinitionSentences.Keys, key =>
        {
            var sentence = new Sentence(key, arguments);
            Assert.Equal(sentence.French.Length == 0, sentence.English.Length == 0);
        });
    }
}
