using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Alize.Engine.Expressions;

namespace Alize.Engine.Tests.Expressions;

public class LiquidTests
{
    private readonly TestScope scope = new();

    [Fact]
    public async Task Variables_inputs_and_the_instance_are_named_as_Elsa_names_them()
    {
        scope.Variables["J"] = "hello";
        scope.Inputs["In"] = "there";

        Assert.Equal("hello-there project-7 instance-1 definition-1 3", await scope.Liquid("{{ Variables.J }}-{{ Input.In }} {{ CorrelationId }} {{ WorkflowInstanceId }} {{ WorkflowDefinitionId }} {{ WorkflowDefinitionVersion }}"));
        Assert.Equal("||", await scope.Liquid("{{ Variables.Nothing }}|{{ Variables.Nothing.deeper }}|{{ nothing }}"));
    }

    [Fact]
    public async Task Structures_can_be_walked()
    {
        scope.Variables["Node"] = JsonNode.Parse("""{"items":[{"n":1},{"n":2.5}]}""");
        scope.Variables["Who"] = new { Name = "Éléonore" };

        Assert.Equal("1,2.5,2,Éléonore", await scope.Liquid("{% for x in Variables.Node.items %}{{ x.n }},{% endfor %}{{ Variables.Node.items | size }},{{ Variables.Who.name }}"));
    }

    [Theory]
    [InlineData("{{ Variables.At | date: '%d/%m/%Y %H:%M' }}", "31/03/2026 09:30")]
    [InlineData("{{ Variables.At | date: 'dd/MM/yyyy' }}", "31/03/2026")]
    [InlineData("{{ Variables.At | date: '%-d/%-m %A %j' }}", "31/3 Tuesday 090")]
    [InlineData("{{ Variables.Day | date: '%d/%m/%Y' }}", "01/02/2026")]
    [InlineData("{{ '2026-02-01' | date: '%F' }}", "2026-02-01")]
    [InlineData("{{ 'now' | date: '%F %R' }}", "2026-03-31 09:30")]
    [InlineData("{{ Variables.None | date: '%F' }}", "")]
    [InlineData("{{ Variables.At }}", "2026-03-31T09:30:00+00:00")]
    [InlineData("{{ Variables.Day }}", "2026-02-01")]
    public async Task Dates_are_written_with_a_format(string template, string expected)
    {
        scope.Variables["At"] = TestScope.Now;
        scope.Variables["Day"] = new DateOnly(2026, 2, 1);

        Assert.Equal(expected, await scope.Liquid(template));
    }

    [Fact]
    public async Task Days_keep_their_date_and_times_move_to_the_scopes_zone()
    {
        scope.Clock.SetLocalTimeZone(TimeZoneInfo.CreateCustomTimeZone("minus", TimeSpan.FromHours(-5), "minus", "minus"));

        Assert.Equal("2026-02-01 31/03 04:30", await scope.Liquid("{{ '2026-02-01' | date: '%F' }} {{ '2026-03-31T09:30:00Z' | date: '%d/%m %R' }}"));
    }

    [Fact]
    public async Task The_machines_culture_changes_nothing()
    {
        // Invariant globalization knows no French: a culture of our own with a comma stands for it.
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        comma.DateTimeFormat.ShortDatePattern = "dd.MM.yyyy";
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = comma;
            scope.Variables["N"] = 1234.5;

            Assert.Equal("1234.5 2.5", await scope.Liquid("{{ Variables.N }} {{ 5 | divided_by: 2.0 }}"));
            Assert.Equal("1234.5", await scope.Script<string>("'' + getN()"));
            Assert.Equal(1234.5m, ValueConversion.To<decimal>("1234.5"));
            Assert.Equal("1234.5", ValueConversion.To<string>(1234.5));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("line 1\n{% if %}", "line 2")]
    [InlineData("{{ a | }}", "does not parse")]
    [InlineData("{% for x in y %}", "does not parse")]
    public void A_syntax_problem_names_the_place(string template, string expected) =>
        Assert.Contains(expected, Evaluators.New().SyntaxProblem(new("Liquid", template)), StringComparison.Ordinal);

    [Theory]
    [InlineData("{% for i in (1..1000000000) %}x{% endfor %}", "TemplateLoops")]
    [InlineData("{% for i in (1..900) %}{% for j in (1..900) %}x{% endfor %}{% endfor %}", "TemplateLoops")]
    [InlineData("{% assign s = 'xxxxxxxxxx' %}{% for i in (1..40) %}{% assign s = s | append: s %}{% endfor %}{{ s | size }}", "TemplateLength")]
    [InlineData("{% assign s = 'xxxxxxxxxx' %}{% for i in (1..40) %}{% capture s %}{{s}}{{s}}{% endcapture %}{% endfor %}{{ s | size }}", "TemplateLength")]
    [InlineData("{% assign s = 'aaaaaaaaaa' %}{% for i in (1..40) %}{% assign s = s | replace: 'a', s %}{% endfor %}{{ s | size }}", "TemplateLength")]
    [InlineData("{% include 'secrets' %}", "")]
    [InlineData("{{ 'a' | nosuch }}", "nosuch")]
    [InlineData("{{ object.eval '1' }}", "")]
    [InlineData("{{ '2026-01-01' | date: '%Q' }}", "%Q")]
    [InlineData("{{ 'soon' | date: '%F' }}", "ISO 8601")]
    public async Task A_hostile_template_fails_alone(string template, string named)
    {
        var failure = await Assert.ThrowsAsync<ExpressionException>(() => scope.Liquid(template));

        Assert.StartsWith("Liquid expression: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.Equal("2", await scope.Liquid("{{ 1 | plus: 1 }}"));
    }

    [Fact]
    public async Task A_slow_template_is_stopped_by_the_clock()
    {
        var options = new ExpressionOptions { TemplateLoops = int.MaxValue, Time = TimeSpan.FromMilliseconds(100) };

        var failure = await Assert.ThrowsAsync<ExpressionException>(() => scope.Liquid("{% for i in (1..2000000000) %}{% endfor %}", options));

        Assert.Contains("takes too long", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{% if true %}", "{% endif %}", "")]
    [InlineData("{{ a", " }}", "[a]")]
    public void Deep_nesting_is_a_syntax_problem(string open, string close, string inner) =>
        Assert.Contains("does not parse", Evaluators.Templates().SyntaxProblem(inner.Length == 0
            ? string.Concat(Enumerable.Repeat(open, 3000)) + string.Concat(Enumerable.Repeat(close, 3000))
            : open + string.Concat(Enumerable.Repeat(inner, 3000)) + close), StringComparison.Ordinal);

    [Fact]
    public void Values_are_encoded_and_the_templates_own_text_is_not()
    {
        var model = new Dictionary<string, object?> { ["name"] = "<b>Dupont & Fils</b>", ["body"] = new EncodedText("<p>ok</p>") };

        Assert.Equal("<i>&lt;b&gt;Dupont &amp; Fils&lt;/b&gt;</i><p>ok</p>", Render("<i>{{ name }}</i>{{ body }}", model));
        Assert.Equal("&lt;b&gt;Dupont &amp; Fils&lt;/b&gt;", Render("{% capture x %}{{ name }}{% endcapture %}{{ x }}", model));
        Assert.Equal("<B>DUPONT &amp; FILS</B>", Render("{{ name | upcase }}", model).Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal));

        static string Render(string template, Dictionary<string, object?> model) => Evaluators.Templates().Render(template, model, WebUtility.HtmlEncode, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void The_host_may_add_filters()
    {
        var options = new ExpressionOptions();
        options.Filters["money"] = (value, arguments) => $"{value} {arguments[0]}";
        var templates = Evaluators.Templates(options);

        Assert.Equal("700 €", templates.Render("{{ amount | money: '€' }}", new Dictionary<string, object?> { ["amount"] = 700L }, null, TestContext.Current.CancellationToken));
        var hidden = Assert.Throws<ExpressionException>(() => templates.Render("{{ money }}", new Dictionary<string, object?> { ["money"] = 1L }, null, TestContext.Current.CancellationToken));
        Assert.Contains("Rename", hidden.Message, StringComparison.Ordinal);
    }
}
