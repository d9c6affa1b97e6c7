using System.Text.Json.Nodes;
using Alize.Engine.Expressions;

namespace Alize.Engine.Tests.Expressions;

public class ScriptTests
{
    private readonly TestScope scope = new();

    [Fact]
    public async Task Variables_are_read_in_each_of_Elsas_ways()
    {
        scope.Variables["dueDay"] = 12L;
        scope.Variables["due-month"] = 3L;

        Assert.Equal(12, await scope.Script<int>("getVariable('dueDay')"));
        Assert.Equal(12, await scope.Script<int>("variables.dueDay"));
        Assert.Equal(12, await scope.Script<int>("getDueDay()"));
        Assert.Equal(3, await scope.Script<int>("getDueMonth()"));
        Assert.Null(await scope.Script<object>("getVariable('nothing')"));
    }

    [Fact]
    public async Task Variables_are_written_in_each_of_Elsas_ways()
    {
        scope.Variables["A"] = 1L;

        await scope.Script<object>("setVariable('A', 2)");
        Assert.Equal(2L, scope.Variables["A"]);
        await scope.Script<object>("setA('three')");
        Assert.Equal("three", scope.Variables["A"]);
        await scope.Script<object>("variables.A = 4.5");
        Assert.Equal(4.5, scope.Variables["A"]);
        await scope.Script<object>("variables.Made = [1, 'x']");
        Assert.Equal("[1,\"x\"]", Assert.IsType<JsonArray>(scope.Variables["Made"]).ToJsonString());
    }

    [Fact]
    public async Task A_list_changed_in_place_is_written_back()
    {
        var before = new JsonArray(1, 2);
        scope.Variables["List"] = before;

        Assert.Equal(3, await scope.Script<int>("variables.List.push(3); getList().length"));

        Assert.Equal("[1,2,3]", Assert.IsType<JsonArray>(scope.Variables["List"]).ToJsonString());
        Assert.Equal("[1,2]", before.ToJsonString());
    }

    [Fact]
    public async Task A_list_only_read_is_not_written()
    {
        var list = new JsonArray(1, 2);
        scope.Variables["List"] = list;

        Assert.Equal(2, await scope.Script<int>("variables.List.length"));

        Assert.Same(list, scope.Variables["List"]);
    }

    [Fact]
    public async Task Inputs_and_outputs_are_read()
    {
        scope.Inputs["In"] = 21L;
        scope.Variables["In"] = 5L;
        scope.ActivityOutputs[("Compose1", "Result")] = "composed";

        Assert.Equal(42, await scope.Script<int>("getIn() * 2"));
        Assert.Equal(21, await scope.Script<int>("getInput('in')"));
        Assert.Equal("composed", await scope.Script<string>("getOutputFrom('Compose1', 'Result')"));
        Assert.Equal("composed", await scope.Script<string>("getResultFromCompose1()"));
        Assert.Equal("last", await scope.Script<string>("getLastResult()"));
        await scope.Script<object>("setOutput('Out', {a: 1})");
        Assert.Equal(1, await scope.Script<int>("getOutput('Out').a"));
    }

    [Fact]
    public async Task The_instance_is_known_and_can_be_named()
    {
        Assert.Equal("instance-1 definition-1 3 project-7", await scope.Script<string>("[getWorkflowInstanceId(), getWorkflowDefinitionId(), getWorkflowDefinitionVersion(), getCorrelationId()].join(' ')"));

        await scope.Script<object>("setCorrelationId('project-8'); setWorkflowInstanceName('Eighth')");

        Assert.Equal("project-8", scope.CorrelationId);
        Assert.Equal("Eighth", scope.InstanceName);
    }

    [Theory]
    [InlineData("new Date().toISOString()", "2026-03-31T09:30:00.000Z")]
    [InlineData("new Date(Date.now()).toISOString()", "2026-03-31T09:30:00.000Z")]
    [InlineData("now().toISOString()", "2026-03-31T09:30:00.000Z")]
    [InlineData("today()", "2026-03-31")]
    [InlineData("addDays('2026-02-27', 2)", "2026-03-01")]
    [InlineData("addMonths('2026-01-31', 1)", "2026-02-28")]
    [InlineData("String(daysBetween('2026-03-01', today()))", "30")]
    [InlineData("addDays(now(), 1).toISOString()", "2026-04-01T09:30:00.000Z")]
    public async Task Time_comes_from_the_scope(string script, string expected) => Assert.Equal(expected, await scope.Script<string>(script));

    [Fact]
    public async Task Days_are_those_of_the_scopes_time_zone()
    {
        scope.Clock.SetLocalTimeZone(TimeZoneInfo.CreateCustomTimeZone("two", TimeSpan.FromHours(2), "two", "two"));
        scope.Clock.SetUtcNow(new(2026, 3, 31, 22, 30, 0, TimeSpan.Zero));

        Assert.Equal("2026-04-01", await scope.Script<string>("today()"));
        Assert.Equal(1, await scope.Script<int>("new Date().getDate()"));
    }

    [Fact]
    public async Task Values_come_out_as_ours()
    {
        Assert.Equal(3L, await scope.Script<object>("1 + 2"));
        Assert.Equal(0.5, await scope.Script<object>("1 / 2"));
        Assert.Equal(true, await scope.Script<object>("1 < 2"));
        Assert.Null(await scope.Script<object>("undefined"));
        Assert.Null(await scope.Script<object>("  "));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero), await scope.Script<object>("new Date('2026-01-02')"));
        Assert.Equal("{\"a\":[1,2.5,null,\"x\",true],\"d\":\"2026-01-02T00:00:00.000Z\"}", Assert.IsType<JsonObject>(await scope.Script<object>("({a: [1, 2.5, null, 'x', true], d: new Date('2026-01-02'), f() {}, u: undefined})")).ToJsonString());
        Assert.Equal(["a", "b"], await scope.Script<List<string>>("['a', 'b']"));
    }

    [Fact]
    public async Task Values_of_ours_go_in()
    {
        scope.Variables["Day"] = new DateOnly(2026, 3, 31);
        scope.Variables["At"] = TestScope.Now;
        scope.Variables["Price"] = 12.5m;
        scope.Variables["Who"] = new { Name = "Éléonore", Roles = new[] { "chair" } };
        scope.Variables["Node"] = JsonNode.Parse("""{"a":{"b":[10,20]}}""");

        Assert.Equal("2026-03-31", await scope.Script<string>("getDay()"));
        Assert.Equal(2026, await scope.Script<int>("getAt().getFullYear()"));
        Assert.Equal(25, await scope.Script<decimal>("getPrice() * 2"));
        Assert.Equal("Éléonore chair", await scope.Script<string>("getWho().name + ' ' + getWho().roles[0]"));
        Assert.Equal(20, await scope.Script<int>("getNode().a.b[1]"));
    }

    [Theory]
    [InlineData("isNullOrWhiteSpace('  ')", "true")]
    [InlineData("isNullOrEmpty(' ')", "false")]
    [InlineData("toJson({é: [1]})", "{\"é\":[1]}")]
    [InlineData("parseJson('[1,2]')[1]", "2")]
    [InlineData("stringToBase64('é')", "w6k=")]
    [InlineData("stringFromBase64('w6k=')", "é")]
    [InlineData("bytesToString(bytesFromString('é'))", "é")]
    [InlineData("parseGuid('0F8FAD5B-D9CB-469F-A165-70867728950E')", "0f8fad5b-d9cb-469f-a165-70867728950e")]
    [InlineData("newGuid().length", "36")]
    [InlineData("'a-b-c'.replace(/-/g, '+').replaceAll('b', '$')", "a+$+c")]
    [InlineData("'a,b'.split(',').concat(['c']).join(';')", "a;b;c")]
    [InlineData("['b','a'].includes('a') && 'abc'.indexOf('c') === 2", "true")]
    [InlineData("'7'.padStart(3, '0')", "007")]
    [InlineData("JSON.stringify({a: [1]})", "{\"a\":[1]}")]
    [InlineData("'x-12'.match(/\\d+/)[0]", "12")]
    [InlineData("(async () => 'later')()", "later")]
    [InlineData("let n = 0; for (const x of [1, 2]) n += x; n", "3")]
    [InlineData("return 5", "5")]
    [InlineData("(1234.5).toString()", "1234.5")]
    public async Task Common_functions_work(string script, string expected) => Assert.Equal(expected, await scope.Script<string>(script));

    [Fact]
    public async Task An_activity_may_add_functions()
    {
        string? outcome = null;
        var functions = new Dictionary<string, Func<object?[], object?>> { ["setOutcome"] = a => outcome = (string?)a[0] };

        await Evaluators.New().EvaluateAsync(new("JavaScript", "setOutcome('Signed')"), typeof(object), scope, functions, TestContext.Current.CancellationToken);

        Assert.Equal("Signed", outcome);
    }

    [Fact]
    public async Task Two_evaluations_share_nothing()
    {
        var evaluator = Evaluators.New();
        await evaluator.EvaluateAsync(new("JavaScript", "globalThis.leak = 1; Array.prototype.leak = 1"), typeof(object), scope, TestContext.Current.CancellationToken);

        Assert.Equal("undefined undefined", await evaluator.EvaluateAsync(new("JavaScript", "typeof leak + ' ' + typeof [].leak"), typeof(string), scope, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Many_threads_may_evaluate_the_same_expression()
    {
        var evaluator = Evaluators.New();
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), TestContext.Current.CancellationToken, async (i, cancel) =>
        {
            var own = new TestScope();
            own.Variables["X"] = (long)i;
            Assert.Equal(i * 2, await evaluator.EvaluateAsync(new("JavaScript", "[getX(), getX()].reduce((a, b) => a + b)"), typeof(int), own, cancel));
        });
    }

    [Theory]
    [InlineData("1 +\n  ;)", "line 2, column 3")]
    [InlineData("getX(", "does not parse")]
    [InlineData("10n ** 2n", "BigInt")]
    public void A_syntax_problem_names_the_place(string script, string expected)
    {
        var problem = Evaluators.New().SyntaxProblem(new("JavaScript", script));

        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nosuch.foo", "nosuch is not defined")]
    [InlineData("let a = null;\n a.b", "line 2")]
    [InlineData("throw new Error('boom')", "boom")]
    [InlineData("() => 5", "write f() instead of f")]
    [InlineData("Symbol('x')", "String(…)")]
    [InlineData("new Date('no date')", "ISO 8601")]
    [InlineData("({n: 1 / 0})", "division by zero")]
    [InlineData("Promise.reject('no')", "no")]
    public async Task A_failing_script_says_why(string script, string expected)
    {
        var failure = await Assert.ThrowsAsync<ExpressionException>(() => scope.Script<object>(script));

        Assert.StartsWith("JavaScript expression: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_evaluation_is_cancelled_and_not_failed() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Evaluators.New().EvaluateAsync(new("JavaScript", "1"), typeof(object), scope, new CancellationToken(canceled: true)));
}
