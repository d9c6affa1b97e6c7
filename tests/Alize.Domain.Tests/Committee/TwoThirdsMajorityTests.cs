using Alize.Domain.Committee;

namespace Alize.Domain.Tests.Committee;

[Trait("Rule", "R2")]
public class TwoThirdsMajorityTests
{
    [Theory]
    [InlineData(2, 3, true)]    // exactly two thirds
    [InlineData(6, 10, false)]  // 6.66 members needed
    [InlineData(7, 10, true)]
    [InlineData(5, 9, false)]
    [InlineData(6, 9, true)]
    public void Needs_two_thirds_of_the_members_present(int yes, int present, bool carried) =>
        Assert.Equal(carried, TwoThirdsMajority.IsReached(yes, present));

    [Fact]
    public void Nothing_is_carried_in_an_empty_room()
    {
        Assert.False(TwoThirdsMajority.IsReached(yes: 0, present: 0));
        Assert.Equal(1, TwoThirdsMajority.VotesNeeded(0));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    [InlineData(5, 4)]
    [InlineData(7, 5)]
    [InlineData(9, 6)]
    [InlineData(10, 7)]
    [InlineData(15, 10)]
    [InlineData(int.MaxValue, 1_431_655_765)]
    public void The_votes_needed_are_the_fewest_that_carry(int present, int needed) =>
        Assert.Equal(needed, TwoThirdsMajority.VotesNeeded(present));

    [Fact]
    public void In_every_room_the_votes_needed_carry_and_one_less_does_not()
    {
        for (var present = 1; present <= 300; present++)
        {
            for (var yes = 0; yes <= present; yes++)
                Assert.Equal(yes >= TwoThirdsMajority.VotesNeeded(present), TwoThirdsMajority.IsReached(yes, present));
        }
    }

    [Fact]
    public void More_yes_votes_than_members_present_is_a_counting_bug() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TwoThirdsMajority.IsReached(yes: 4, present: 3));
}
