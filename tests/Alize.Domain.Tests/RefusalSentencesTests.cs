using System.Text.RegularExpressions;

namespace Alize.Domain.Tests;

public partial class RefusalSentencesTests
{
    private static readonly string[] Figures = ["0a", "1b", "2c", "3d", "4e"];

    public static TheoryData<string> Reasons => [.. RefusalSentences.Reasons];

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Both_languages_quote_the_same_figures(string reason)
    {
        var refusal = new Refusal("R1", "6.1", reason, Figures);
        Assert.Equal(Quoted(RefusalSentences.French(refusal)), Quoted(RefusalSentences.English(refusal)));
    }

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Each_says_what_and_what_to_do_and_where_it_is_written(string reason)
    {
        var refusal = new Refusal("R1", "6.1", reason, Figures);
        var french = RefusalSentences.French(refusal);
        // The refusal and its reason, then the next step.
        Assert.True(french.Split(". ").Length >= 3, french);
        Assert.EndsWith("(art. 6.1, R1)", french);
        Assert.DoesNotContain("'", french);
        Assert.DoesNotContain(" :", french);
        Assert.Equal(french, refusal.ToString());
    }

    [Fact]
    public void A_reason_without_sentence_names_itself()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new Refusal("R9", "4", "nowhere").ToString());
        Assert.Contains("'nowhere' of rule R9", error.Message);
    }

    private static IEnumerable<string> Quoted(string sentence) => Figure().Matches(sentence).Select(match => match.Value).Distinct().Order();

    [GeneratedRegex("0a|1b|2c|3d|4e")]
    private static partial Regex Figure();
}
