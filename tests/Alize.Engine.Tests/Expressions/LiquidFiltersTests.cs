using System.Text.Json.Nodes;
using Alize.Engine.Expressions;

namespace Alize.Engine.Tests.Expressions;

public class LiquidFiltersTests
{
    private readonly TestScope scope = new()
    {
        Variables =
        {
            ["Jobs"] = JsonNode.Parse("""
                [{"title":"welder","town":"Arles","open":true,"pay":12.5,"at":{"zip":"13200"}},
                 {"title":"Baker","town":"Tarascon","open":false,"pay":11,"at":{"zip":"13150"}},
                 {"title":"cook","town":"Arles","pay":11,"at":null}]
                """),
            ["Tags"] = JsonNode.Parse("""["urgent","night shift"]"""),
            ["Numbers"] = JsonNode.Parse("[1, 2.5, \"3\", null, [4, 5]]"),
            ["At"] = TestScope.Now,
            ["Day"] = new DateOnly(2026, 2, 1),
            ["Html"] = "1 < 2 & 3 &lt; 4 &#38; &unknown",
        },
    };

    /// <summary>Every filter that Elsa's templates have without being told: those of Fluid, and Elsa's own three.</summary>
    [Theory]
    [InlineData("join first last concat map reverse size sort sort_natural uniq where sum find find_index has reject compact")]
    [InlineData("append capitalize downcase lstrip rstrip newline_to_br prepend remove_first remove remove_last replace_first replace replace_last slice split strip strip_newlines truncate truncatewords upcase")]
    [InlineData("abs at_least at_most ceil divided_by floor minus modulo plus round times")]
    [InlineData("default date raw url_encode url_decode base64_encode base64_decode base64_url_safe_encode base64_url_safe_decode strip_html escape escape_once handle handleize json time_zone format_number format_string format_date md5 sha1 sha256 hmac_sha1 hmac_sha256")]
    [InlineData("base64 keys")]
    public void Every_filter_of_Elsa_is_there(string names) =>
        Assert.Equal("", string.Join(' ', names.Split(' ').Where(name => Evaluators.Templates().SyntaxProblem("{{ x | " + name + ": 'a' }}") is not null)));

    [Theory]
    [InlineData("Jobs | where: 'town', 'Arles' | map: 'title' | join", "welder cook")]
    [InlineData("Jobs | where: 'open' | map: 'title' | join", "welder")]
    [InlineData("Jobs | where: 'pay', 11.0 | map: 'title' | join", "Baker cook")]
    [InlineData("Jobs | where: 'open', true | size", "1")]
    [InlineData("Jobs | where: 'at.zip', '13150' | map: 'title' | join", "Baker")]
    [InlineData("Jobs | where: 'pay', '11' | size", "0")]
    [InlineData("Nothing | where: 'town', 'Arles' | size", "0")]
    [InlineData("Jobs | reject: 'open' | map: 'title' | join", "Baker cook")]
    [InlineData("Jobs | reject: 'town', 'Arles' | map: 'title' | join", "Baker")]
    [InlineData("Jobs | sort_natural: 'title' | map: 'title' | join", "Baker cook welder")]
    [InlineData("Tags | sort_natural | join: ','", "night shift,urgent")]
    [InlineData("Jobs | sum: 'pay'", "34.5")]
    [InlineData("Numbers | sum", "15.5")]
    [InlineData("Nothing | sum", "0")]
    [InlineData("Jobs | has: 'town', 'Arles'", "true")]
    [InlineData("Jobs | has: 'town', 'Nice'", "false")]
    [InlineData("Tags | has: 'urgent'", "true")]
    [InlineData("Tags | has: 'day'", "false")]
    [InlineData("Jobs | find_index: 'town', 'Tarascon'", "1")]
    [InlineData("Jobs | find_index: 'town', 'Nice'", "")]
    [InlineData("Jobs | uniq: 'town' | map: 'title' | join", "welder Baker")]
    [InlineData("Jobs | compact: 'open' | map: 'title' | join", "welder Baker")]
    [InlineData("Numbers | compact | size", "5")]
    [InlineData("Tags | concat: Variables.Tags | uniq | join: ','", "urgent,night shift")]
    public async Task Lists_are_filtered_by_their_properties(string expression, string expected) =>
        Assert.Equal(expected, await scope.Liquid("{{ Variables." + expression + " }}"));

    /// <summary>Where the template library means something else by a filter's name, e.g. 3333 by 3 times 4.</summary>
    [Theory]
    [InlineData("'3' | times: 4", "12")]
    [InlineData("'3' | plus: 4", "7")]
    [InlineData("x | plus: 1", "1")]
    [InlineData("0.1 | plus: 0.2", "0.3")]
    [InlineData("183.357 | minus: 12", "171.357")]
    [InlineData("2.5 | times: 2 | divided_by: 2", "2.5")]
    [InlineData("20 | divided_by: 7", "2")]
    [InlineData("20 | divided_by: 7.0", "2.857142857142857")]
    [InlineData("183.357 | modulo: 12", "3.357")]
    [InlineData("'-19.86' | abs", "19.86")]
    [InlineData("'3.5' | ceil", "4")]
    [InlineData("'2.7' | floor", "2")]
    [InlineData("2.5 | round", "3")]
    [InlineData("183.357 | round: 2", "183.36")]
    [InlineData("700 | round: 2", "700")]
    [InlineData("1234567890123456789 | plus: 1", "1234567890123456790")]
    [InlineData("false | default: 2.99", "2.99")]
    [InlineData("false | default: 2.99, allow_false: true", "false")]
    [InlineData("x | default: 'none'", "none")]
    [InlineData("'a' | default: 'none'", "a")]
    [InlineData("'a,b' | split: ',' | join", "a b")]
    [InlineData("Variables.Numbers | join: ','", "1,2.5,3,,4,5")]
    [InlineData("'a,b,c,d' | split: ',' | slice: 1, 2 | join: ','", "b,c")]
    [InlineData("'Liquid' | slice: 2", "q")]
    [InlineData("'Liquid' | slice: 2, 50", "quid")]
    [InlineData("'Liquid' | slice: from, 2", "ui")]
    [InlineData("'Liquid' | slice: 9, 2", "")]
    [InlineData("'Ground control to Major Tom.' | truncate: 20", "Ground control to...")]
    [InlineData("'Ground control to Major Tom.' | truncate: 25, ', and so on'", "Ground control, and so on")]
    [InlineData("'Ground control to Major Tom.' | truncate", "Ground control to Major Tom.")]
    [InlineData("'Ground control to Major Tom.' | truncatewords: 3, '--'", "Ground control to--")]
    [InlineData("'Ground control' | truncatewords", "Ground control")]
    public async Task Filters_mean_what_Liquid_says(string expression, string expected) =>
        Assert.Equal(expected, await scope.Liquid("{% assign from = -3 %}{{ " + expression + " }}"));

    [Fact]
    public async Task A_found_item_is_the_item_itself() =>
        Assert.Equal("Baker", await scope.Liquid("{% assign job = Variables.Jobs | find: 'town', 'Tarascon' %}{{ job.title }}"));

    [Theory]
    [InlineData("4 | at_least: 5", "5")]
    [InlineData("4 | at_least: 3.5", "4")]
    [InlineData("4 | at_most: 3.5", "3.5")]
    [InlineData("'7' | at_most: 10", "7")]
    [InlineData("1234.5 | format_number: 'N2'", "1,234.50")]
    [InlineData("0.256 | format_number: '0.0%'", "25.6%")]
    [InlineData("\"line 1\nline 2\" | newline_to_br", "line 1<br />\nline 2")]
    [InlineData("'a-b-c' | replace_last: '-', '+'", "a-b+c")]
    [InlineData("'a-b-c' | remove_last: '-'", "a-bc")]
    [InlineData("'a' | remove_last: 'x'", "a")]
    [InlineData("'john@liquid.com & é (1)' | url_encode", "john%40liquid.com+%26+%C3%A9+%281%29")]
    [InlineData("'%27Stop%21%27+said+Fred' | url_decode", "'Stop!' said Fred")]
    [InlineData("'one two ?>' | base64_encode", "b25lIHR3byA/Pg==")]
    [InlineData("'b25lIHR3byA/Pg==' | base64_decode", "one two ?>")]
    [InlineData("'one two ?>' | base64_url_safe_encode", "b25lIHR3byA_Pg")]
    [InlineData("'b25lIHR3byA_Pg' | base64_url_safe_decode", "one two ?>")]
    [InlineData("'b25lIHR3byA_Pg==' | base64_url_safe_decode", "one two ?>")]
    [InlineData("Variables.Html | escape_once", "1 &lt; 2 &amp; 3 &lt; 4 &#38; &amp;unknown")]
    [InlineData("'100% M & Ms!!!' | handleize", "100-m-ms")]
    [InlineData("'HelloWorld 2' | handle", "hello-world-2")]
    [InlineData("'<b>' | raw", "<b>")]
    [InlineData("'abc' | md5", "900150983cd24fb0d6963f7d28e17f72")]
    [InlineData("'abc' | sha1", "a9993e364706816aba3e25717850c26c9cd0d89d")]
    [InlineData("'abc' | sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("'what do ya want for nothing?' | hmac_sha1: 'Jefe'", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")]
    [InlineData("'what do ya want for nothing?' | hmac_sha256: 'Jefe'", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")]
    [InlineData("'{0} of {1,4}, {2:0.00} {{x}}' | format_string: 'a', 'b', 1.5", "a of    b, 1.50 {x}")]
    [InlineData("'{0:dd/MM}' | format_string: Variables.At", "31/03")]
    [InlineData("Variables.At | format_date: 'dd/MM/yyyy HH:mm'", "31/03/2026 09:30")]
    [InlineData("Variables.At | format_date: 'd'", "03/31/2026")]
    [InlineData("Variables.At | time_zone: 'Europe/Paris' | date: '%d/%m %H:%M %z'", "31/03 11:30 +0200")]
    [InlineData("Variables.At | time_zone: 'Indian/Reunion'", "2026-03-31T13:30:00+04:00")]
    [InlineData("Variables.Day | time_zone: 'America/Cayenne' | date: '%F'", "2026-02-01")]
    public async Task Texts_numbers_and_days_come_out_as_the_reference_says(string expression, string expected)
    {
        // Braces within a text would close the tag.
        scope.Variables["Whole"] = "";
        var template = expression.StartsWith("'{", StringComparison.Ordinal)
            ? $"{{{{ Variables.Whole | {expression[(expression.IndexOf('|', StringComparison.Ordinal) + 2)..]} }}}}"
            : $"{{{{ {expression} }}}}";
        scope.Variables["Whole"] = expression[1..].Split("' |")[0];

        Assert.Equal(expected, await scope.Liquid(template));
    }

    [Theory]
    [InlineData("{{ Variables.Jobs | where }}", "needs to be told with what")]
    [InlineData("{{ Variables.Endless | where: 'x' | size }}", "ListLength")]
    [InlineData("{% assign s = 'aaaaaaaaaa' %}{% for i in (1..40) %}{% assign s = s | replace_last: 'a', s %}{% endfor %}{{ s | size }}", "TemplateLength")]
    [InlineData("{{ 5 | divided_by: 0 }}", "got 0 to divide by")]
    [InlineData("{% assign l = Variables.Long | split: 'y' %}{{ l | concat: l | concat: l | concat: l | join: ',' }}", "TemplateLength")]
    [InlineData("{{ 1 | format_number: 'N999999999' }}", "99 are allowed")]
    [InlineData("{{ 1 | format_number: 'Q' }}", "no format of a number")]
    [InlineData("{{ 1 | format_number: 'N2', 'fr-FR' }}", "this service has none")]
    [InlineData("{{ Variables.At | format_date: 'd', 'fr-FR' }}", "this service has none")]
    [InlineData("{{ Variables.At | time_zone: 'Europe/Ys' }}", "Europe/Paris")]
    [InlineData("{{ 'no!' | base64_decode }}", "no Base64")]
    [InlineData("{{ Variables.Wide | format_string: 'x' }}", "at most 200 wide")]
    [InlineData("{{ Variables.Two | format_string: 'x' }}", "has 1 arguments")]
    [InlineData("{{ Variables.Many | format_string: Variables.Long }}", "TemplateLength")]
    public async Task A_filter_that_cannot_do_it_says_why(string template, string expected)
    {
        scope.Variables["Wide"] = "{0,999999999}";
        scope.Variables["Two"] = "{0} {1}";
        scope.Variables["Many"] = string.Concat(Enumerable.Repeat("{0}", 1000));
        scope.Variables["Endless"] = Enumerable.Range(0, 60_000).ToArray();
        scope.Variables["Long"] = new string('x', 500_000);

        var failure = await Assert.ThrowsAsync<ExpressionException>(() => scope.Liquid(template));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_variable_may_have_a_filters_name()
    {
        Assert.Equal("[]", await scope.Liquid("[{{ sum }}{{ find }}]"));
        Assert.Equal("6", await scope.Liquid("{% assign sum = 0 %}{% for n in (1..3) %}{% assign sum = sum | plus: n %}{% endfor %}{{ sum }}"));
    }

    [Theory]
    [InlineData("{{ x | wherre: 'a' }}", "uses the filter 'wherre' at line 1, column 8, which does not exist. Did you mean 'where'?")]
    [InlineData("\n{% assign y = x | upcase | sort_naturel | join %}", "'sort_naturel' at line 2, column 28, which does not exist. Did you mean 'sort_natural'?")]
    [InlineData("{% if true %}{% for x in (list | qwertyuiop) %}{{ x | append: 'a' }}{% endfor %}{% endif %}", "'qwertyuiop'")]
    [InlineData("{{ 'x' | include_join }}", "'include_join'")]
    public void A_filter_that_is_not_there_is_named_before_anything_runs(string template, string expected) =>
        Assert.Contains(expected, Evaluators.Templates().SyntaxProblem(template), StringComparison.Ordinal);

    [Fact]
    public void The_hosts_filters_are_known()
    {
        var options = new ExpressionOptions();
        options.Filters["money"] = (value, _) => value;

        Assert.Null(Evaluators.Templates(options).SyntaxProblem("{{ 1 | money }}"));
        Assert.Contains("Did you mean 'money'?", Evaluators.Templates(options).SyntaxProblem("{{ 1 | mony }}"), StringComparison.Ordinal);
    }
}
