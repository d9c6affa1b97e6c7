using Alize.Domain.Programmes;

namespace Alize.Domain.Tests.Programmes;

public class SubstitutionTests
{
    private static readonly Substitution August = new()
    {
        Id = Guid.NewGuid(),
        ProgrammeId = Guid.NewGuid(),
        AbsentContactId = Guid.NewGuid(),
        DelegateContactId = Guid.NewGuid(),
        From = new(2026, 8, 3),
        Until = new(2026, 8, 21),
    };

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(21, true)]
    [InlineData(22, false)]
    public void A_delegate_acts_from_the_first_day_to_the_last_both_included(int day, bool acts) =>
        Assert.Equal(acts, August.IsActiveOn(new(2026, 8, day)));

    [Theory]
    [InlineData(1, 2, false)]
    [InlineData(1, 3, true)]
    [InlineData(21, 30, true)]
    [InlineData(22, 30, false)]
    public void Two_absences_meet_when_they_share_a_day(int from, int until, bool meets) =>
        Assert.Equal(meets, August.Meets(new(2026, 8, from), new(2026, 8, until)));

    [Fact]
    public void A_request_is_answered_by_a_delegate() => Assert.True(Substitution.Allows(PersonalAct.Answer));

    [Fact, Trait("Rule", "R2")]
    public void A_vote_is_never_cast_by_a_delegate() => Assert.False(Substitution.Allows(PersonalAct.Vote));

    [Fact, Trait("Rule", "R8")]
    public void The_convention_is_never_signed_by_a_delegate() => Assert.False(Substitution.Allows(PersonalAct.Signature));

    [Fact]
    public void The_trail_names_who_acted_and_for_whom() =>
        Assert.Equal("Karim Benali, pour Hélène Marchand", Substitution.SignedAs("Karim Benali", "Hélène Marchand"));
}
