using System.Text.Json.Nodes;
using Alize.Engine.Expressions;

namespace Alize.Web.Tests.Elsa.Descriptors;

public class DescriptorListsTests(ElsaSite site) : IClassFixture<ElsaSite>
{
    public static TheoryData<string> Routes => [.. Recorded.Read("lists.json").AsObject().Select(p => p.Key).Where(k => k != "/descriptors/output-converters")];

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_list_has_the_shape_of_Elsas(string route)
    {
        using var program = await site.OperatorAsync();
        var answer = await program.GetAsync(route);

        Assert.Equal(200, answer.Status);
        Assert.Empty(Recorded.Differences(Recorded.Read("lists.json")[route], answer.Json));
    }

    [Fact]
    public async Task Scripts_open_in_the_code_editor()
    {
        using var program = await site.OperatorAsync();
        var kinds = (await program.GetAsync("/descriptors/expression-descriptors")).Json!["items"]!.AsArray();

        Assert.Equal("javascript", (string?)kinds.Single(k => (string?)k!["type"] == "JavaScript")!["properties"]!["MonacoLanguage"]);

        // C# is offered only where the settings allow it.
        Assert.Equal(["Input", "JavaScript", "Json", "Liquid", "Literal", "Object", "Variable"], kinds.Select(k => (string)k!["type"]!).Order());
    }

    [Fact]
    public async Task Converters_of_outputs_ask_for_both_types_as_Elsa_does()
    {
        using var program = await site.OperatorAsync();
        var refused = await program.GetAsync("/descriptors/output-converters");

        Assert.Equal(400, refused.Status);
        Assert.Equal(Recorded.Read("lists.json")["/descriptors/output-converters"]!.ToJsonString(), refused.Json!.ToJsonString());
        Assert.Equal("""{"items":[],"count":0}""", (await program.GetAsync("/descriptors/output-converters?sourceType=String&destinationType=Int32")).Text);
    }

    [Fact]
    public async Task The_script_editor_knows_variables_inputs_outputs_and_functions()
    {
        using var program = await site.OperatorAsync();
        var answer = await program.PostAsync("/scripting/javascript/type-definitions/company-project", new JsonObject { ["workflowDefinitionId"] = "company-project", ["activityTypeName"] = "Elsa.RunJavaScript" });

        Assert.Equal((200, "application/x-typescript"), (answer.Status, answer.ContentType));
        Assert.Contains("declare function getVariable(name: string): any;", answer.Text, StringComparison.Ordinal);
        Assert.Contains("declare function setOutcome(name: string): void;", answer.Text, StringComparison.Ordinal);
        Assert.Contains("declare const variables: {", answer.Text, StringComparison.Ordinal);
        Assert.Matches("declare function get[A-Z][A-Za-z]+From[A-Z][A-Za-z]+\\(\\)", answer.Text);
    }

    [Fact]
    public void Every_function_of_scripts_has_a_signature() =>
        Assert.Equal(ExpressionEvaluator.ScriptFunctionNames.Where(n => n != "variables").Order(), ScriptSignatures.Functions.Keys.Order());
}
