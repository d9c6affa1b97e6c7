using Alize.Domain.Committee;

namespace Alize.Domain.Tests.Committee;

[Trait("Rule", "R2")]
public class VoteCountTests
{
    [Fact]
    public void Abstentions_count_as_present()
    {
        var count = new VoteCount(Present: 9, Yes: 5, No: 1, Abstained: 3);
        Assert.False(count.IsCarried);
        Assert.Equal(6, count.VotesNeeded);
        Assert.Equal(
            "5 voix pour sur 9 membres présents (1 contre, 3 abstentions)\u00A0: 3 × 5 = 15 est inférieur à 2 × 9 = 18. Il fallait 6 voix\u00A0: la décision est rejetée.",
            count.Proof());
    }

    [Fact]
    public void Two_thirds_exactly_carry()
    {
        var count = new VoteCount(Present: 3, Yes: 2, No: 1, Abstained: 0);
        Assert.True(count.IsCarried);
        Assert.Equal(
            "2 voix pour sur 3 membres présents (1 contre, 0 abstention)\u00A0: 3 × 2 = 6 est au moins égal à 2 × 3 = 6. Il fallait 2 voix\u00A0: la décision est adoptée.",
            count.Proof());
    }

    [Fact]
    public void A_member_who_takes_no_part_counts_as_present()
    {
        var count = new VoteCount(Present: 4, Yes: 2, No: 0, Abstained: 0);
        Assert.False(count.IsCarried);
        Assert.Equal(2, count.TookNoPart);
        Assert.Contains("2 sans vote", count.Proof());
    }

    [Fact]
    public void A_recused_member_counts_as_present_only_where_the_minutes_count_him_in()
    {
        var countedIn = new VoteCount(Present: 9, Yes: 5, No: 3, Abstained: 0, RecusedPresent: 1);
        Assert.Equal(6, countedIn.VotesNeeded);
        Assert.Equal(0, countedIn.TookNoPart);
        Assert.False(countedIn.IsCarried);

        var away = new VoteCount(Present: 6, Yes: 4, No: 2, Abstained: 0, RecusedAway: 1);
        Assert.True(away.IsCarried);
        Assert.Contains("1 déport non compté", away.Proof());
    }

    [Fact]
    public void A_recused_member_cannot_be_counted_beyond_those_present() =>
        Assert.Equal("more-votes-than-present", Assert.Single(new VoteCount(Present: 3, Yes: 3, No: 0, Abstained: 0, RecusedPresent: 1).Refusals()).Reason);

    [Theory]
    [InlineData(3, 3, 1, 0, "more-votes-than-present")]
    [InlineData(3, 4, 0, 0, "more-votes-than-present")]
    [InlineData(0, 0, 0, 0, "nobody-present")]
    [InlineData(3, 3, -1, 0, "vote-negative")]
    [InlineData(-3, 0, 0, 0, "vote-negative")]
    public void An_impossible_count_carries_nothing(int present, int yes, int no, int abstained, string reason)
    {
        var count = new VoteCount(present, yes, no, abstained);
        Assert.Equal(reason, Assert.Single(count.Refusals()).Reason);
        Assert.False(count.IsCarried);
        Assert.Contains("ne peut pas être enregistré", count.Proof());
    }
}
