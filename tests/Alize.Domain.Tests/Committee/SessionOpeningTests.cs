using Alize.Domain.Committee;

namespace Alize.Domain.Tests.Committee;

[Trait("Rule", "R4")]
public class SessionOpeningTests
{
    [Fact]
    public void No_session_opens_unless_every_member_and_ASTREES_were_invited()
    {
        var refusals = SessionOpening.Refusals(["Mme Martin", "M. Petit"], astreesInvited: false).ToList();
        Assert.Equal(["members-not-invited", "astrees-not-invited"], refusals.Select(refusal => refusal.Reason));
        Assert.Contains("Mme Martin, M. Petit", refusals[0].ToString());
        Assert.Empty(SessionOpening.Refusals([], astreesInvited: true));
    }

    [Fact]
    public void Every_member_and_ASTREES_get_the_minutes()
    {
        var refusals = SessionOpening.ClosingRefusals(["M. Petit"], astreesHasMinutes: false);
        Assert.Equal(["minutes-not-sent", "minutes-not-sent-to-astrees"], refusals.Select(refusal => refusal.Reason));
        Assert.Empty(SessionOpening.ClosingRefusals([], astreesHasMinutes: true));
    }
}
