using Alize.Domain.Committee;

namespace Alize.Domain.Tests.Committee;

public class SessionOpeningTests
{
    [Theory]
    [Trait("Rule", "R3")]
    [InlineData(true, true, "")]
    [InlineData(false, true, "chair-not-active")]
    [InlineData(true, false, "chair-not-from-company")]
    [InlineData(false, false, "chair-not-from-company chair-not-active")]
    public void The_chair_is_an_active_representative_of_a_partner_company(bool isActive, bool representsCompany, string reasons) =>
        Assert.Equal(reasons, string.Join(' ', CommitteeChair.Refusals(isActive, representsCompany, "Mme Martin").Select(refusal => refusal.Reason)));

    [Fact]
    [Trait("Rule", "R3")]
    public void The_refusal_names_the_person() =>
        Assert.StartsWith("Mme Martin ne peut pas présider", CommitteeChair.Refusals(false, true, "Mme Martin").Single().ToString());

    [Fact]
    [Trait("Rule", "R4")]
    public void No_session_opens_unless_every_member_and_ASTREES_were_invited()
    {
        var refusals = SessionOpening.Refusals(["Mme Martin", "M. Petit"], astreesInvited: false).ToList();
        Assert.Equal(["members-not-invited", "astrees-not-invited"], refusals.Select(refusal => refusal.Reason));
        Assert.Contains("Mme Martin, M. Petit", refusals[0].ToString());
        Assert.Empty(SessionOpening.Refusals([], astreesInvited: true));
    }

    [Fact]
    [Trait("Rule", "R4")]
    public void Every_member_and_ASTREES_get_the_minutes()
    {
        var refusals = SessionOpening.ClosingRefusals(["M. Petit"], astreesHasMinutes: false);
        Assert.Equal(["minutes-not-sent", "minutes-not-sent-to-astrees"], refusals.Select(refusal => refusal.Reason));
        Assert.Empty(SessionOpening.ClosingRefusals([], astreesHasMinutes: true));
    }
}
