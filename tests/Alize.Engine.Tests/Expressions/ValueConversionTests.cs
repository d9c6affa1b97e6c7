using System.Text.Json.Nodes;
using Alize.Engine.Expressions;

namespace Alize.Engine.Tests.Expressions;

public class ValueConversionTests
{
    private enum Answer { Yes, No }

    private sealed record Person(string Name, int Age, DateOnly? Born = null);

    public static TheoryData<object?, Type, object?> Pairs() => new()
    {
        { "12", typeof(int), 12 },
        { 12L, typeof(int), 12 },
        { 12.0, typeof(int), 12 },
        { "12.5", typeof(decimal), 12.5m },
        { "0.1", typeof(decimal), 0.1m },
        { "79228162514264337593543950335", typeof(decimal), decimal.MaxValue },
        { 3L, typeof(double), 3.0 },
        { "", typeof(int), 0 },
        { "", typeof(int?), null },
        { null, typeof(bool), false },
        { null, typeof(string), null },
        { "true", typeof(bool), true },
        { "False", typeof(bool?), false },
        { 1L, typeof(bool), true },
        { "no", typeof(Answer), Answer.No },
        { 1L, typeof(Answer), Answer.No },
        { "0f8fad5b-d9cb-469f-a165-70867728950e", typeof(Guid), new Guid("0f8fad5b-d9cb-469f-a165-70867728950e") },
        { "2026-03-31", typeof(DateOnly), new DateOnly(2026, 3, 31) },
        { "2026-03-31T23:30:00+02:00", typeof(DateOnly), new DateOnly(2026, 3, 31) },
        { "2026-03-31T09:00:00", typeof(DateTimeOffset), new DateTimeOffset(2026, 3, 31, 9, 0, 0, TimeSpan.Zero) },
        { "2026-03-31T09:00:00+02:00", typeof(DateTimeOffset), new DateTimeOffset(2026, 3, 31, 9, 0, 0, TimeSpan.FromHours(2)) },
        { "2026-03-31T09:00:00+02:00", typeof(DateTime), new DateTime(2026, 3, 31, 7, 0, 0, DateTimeKind.Utc) },
        { "01:30:00", typeof(TimeSpan), TimeSpan.FromMinutes(90) },
        { "PT90M", typeof(TimeSpan), TimeSpan.FromMinutes(90) },
        { "P2D", typeof(TimeSpan), TimeSpan.FromDays(2) },
        { "2.00:00:00", typeof(TimeSpan), TimeSpan.FromDays(2) },
        { 12L, typeof(string), "12" },
        { 1.5, typeof(string), "1.5" },
        { true, typeof(string), "true" },
        { "  keep  ", typeof(string), "  keep  " },
        { "x", typeof(object), "x" },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Values_become_what_an_input_wants(object? value, Type type, object? expected) => Assert.Equal(expected, ValueConversion.To(value, type));

    [Fact]
    public void Json_scalars_are_their_values()
    {
        var json = JsonNode.Parse("""{"n":12,"p":0.1,"s":"x","b":true,"d":"2026-03-31","z":null}""")!.AsObject();

        Assert.Equal(12, ValueConversion.To<int>(json["n"]));
        Assert.Equal(0.1m, ValueConversion.To<decimal>(json["p"]));
        Assert.Equal("x", ValueConversion.To<object>(json["s"]));
        Assert.Equal(12L, ValueConversion.To<object>(json["n"]));
        Assert.Equal(true, ValueConversion.To<object>(json["b"]));
        Assert.Equal(new DateOnly(2026, 3, 31), ValueConversion.To<DateOnly>(json["d"]));
        Assert.Null(ValueConversion.To<string>(json["z"]));
        Assert.IsType<JsonNode>(ValueConversion.To<JsonNode>(json["n"]), exactMatch: false);
    }

    [Fact]
    public void Texts_that_are_json_become_lists_dictionaries_and_records()
    {
        Assert.Equal<string>(["a", "b"], ValueConversion.To<string[]>("[\"a\",\"b\"]") ?? []);
        Assert.Equal([15, 30], ValueConversion.To<List<int>>("[15, \"30\"]"));
        Assert.Equal(["alone"], ValueConversion.To<ICollection<string>>("alone"));
        Assert.Equal<int>([7], ValueConversion.To<int[]>(7L) ?? []);
        Assert.Equal(new Person("Zoé", 30, new(1996, 1, 2)), ValueConversion.To<Person>("{\"name\":\"Zoé\",\"age\":30,\"born\":\"1996-01-02\"}"));
        Assert.Equal(1L, ValueConversion.To<Dictionary<string, object?>>("{\"a\":1,\"b\":[1]}")?["a"]);
        Assert.IsType<JsonArray>(ValueConversion.To<IDictionary<string, object?>>("{\"b\":[1]}")?["b"]);
        Assert.IsType<JsonObject>(ValueConversion.To<JsonNode>("{\"a\":1}"));
        Assert.Equal("plain", ValueConversion.To<JsonNode>("plain")?.GetValue<string>());
    }

    [Fact]
    public void Values_become_json()
    {
        Assert.Null(ValueConversion.ToJson(null));
        Assert.Equal("{\"name\":\"Zoé\",\"age\":30,\"born\":null}", ValueConversion.ToJson(new Person("Zoé", 30))?.ToJsonString(ValueConversion.Json));
        Assert.Equal("\"No\"", ValueConversion.ToJson(Answer.No)?.ToJsonString());
        Assert.Equal("[1,\"x\",null]", ValueConversion.ToJson(new object?[] { 1, "x", null })?.ToJsonString());
        Assert.Equal("\"2026-03-31\"", ValueConversion.ToJson(new DateOnly(2026, 3, 31))?.ToJsonString());
        var node = new JsonObject();
        Assert.NotSame(node, ValueConversion.ToJson(node));
        Assert.Contains("JSON", Assert.Throws<ExpressionException>(() => ValueConversion.ToJson(double.NaN)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("twelve", typeof(int), "'twelve' (text) is not a Int32. Write a whole number, e.g. 12.")]
    [InlineData("2.5", typeof(int), "whole number")]
    [InlineData("99999999999", typeof(int), "whole number")]
    [InlineData("1,5", typeof(decimal), "with a point")]
    [InlineData("maybe", typeof(Answer), "Write one of: Yes, No.")]
    [InlineData("oui", typeof(bool), "true or false")]
    [InlineData("31/03/2026", typeof(DateOnly), "year-month-day")]
    [InlineData("3", typeof(TimeSpan), "ISO 8601 duration")]
    [InlineData("[1,", typeof(int[]), "JSON list")]
    [InlineData("[1]", typeof(Person), "JSON object")]
    public void A_failure_names_value_type_and_way_out(string value, Type type, string expected)
    {
        var failure = Assert.Throws<ExpressionException>(() => ValueConversion.To(value, type));

        Assert.Contains(value, failure.Message, StringComparison.Ordinal);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_value_is_cut_in_the_message()
    {
        var failure = Assert.Throws<ExpressionException>(() => ValueConversion.To<int>(new string('x', 5000)));

        Assert.InRange(failure.Message.Length, 1, 250);
    }

    [Theory]
    [InlineData("String", typeof(string))]
    [InlineData("Int32", typeof(int))]
    [InlineData("Long", typeof(long))]
    [InlineData("Object", typeof(object))]
    [InlineData("ObjectDictionary", typeof(Dictionary<string, object?>))]
    [InlineData("JsonNode", typeof(JsonNode))]
    [InlineData("String[]", typeof(string[]))]
    [InlineData("List<String>", typeof(List<string>))]
    [InlineData("System.String, System.Private.CoreLib", typeof(string))]
    public void Elsas_type_names_are_known(string name, Type type)
    {
        Assert.Equal(type, TypeAliases.Find(name));
        Assert.Equal(type, TypeAliases.Find(TypeAliases.NameOf(type)));
    }

    [Fact]
    public void Other_types_are_none_of_a_definitions_business()
    {
        Assert.Null(TypeAliases.Find("System.IO.File, System.Private.CoreLib"));
        Assert.Null(TypeAliases.Find(""));
    }
}
