using Alize.Domain.Aid;

namespace Alize.Domain.Tests.Aid;

[Trait("Rule", "R7")]
public class SingleUndertakingTests
{
    [Fact]
    public void A_single_undertaking_is_linked_by_control_and_chains_count()
    {
        Guid[] e = [.. Enumerable.Range(1, 6).Select(i => new Guid(i, 0, 0, new byte[8]))];
        EnterpriseLink[] links =
        [
            new(e[0], e[1], VotesBasisPoints: 5_001),
            new(e[1], e[2], VotesBasisPoints: 1_000, AppointsBoardMajority: true),
            new(e[3], e[2], VotesBasisPoints: 5_000),                           // exactly half: no control
            new(e[0], e[4], VotesBasisPoints: 0, HasDominantInfluence: true),
            new(e[5], e[3], VotesBasisPoints: 9_000),
        ];
        Assert.Equal([e[0], e[1], e[2], e[4]], SingleUndertaking.Of(e[2], links).Order());
        Assert.Equal([e[3], e[5]], SingleUndertaking.Of(e[3], links).Order());
    }
}
