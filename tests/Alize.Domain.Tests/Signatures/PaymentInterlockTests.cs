using Alize.Domain.Signatures;

namespace Alize.Domain.Tests.Signatures;

[Trait("Rule", "R8")]
public class PaymentInterlockTests
{
    private static readonly PaymentInterlock AllOpen = new(
        DecisionCarried: (true, "7 voix sur 10"),
        ConventionFullySigned: (true, "signée par 4 sur 4"),
        CompetenceCommitted: (true, "5 journées"),
        OwnShareKept: (true, "150 000 € sur 180 000 €"),
        StateAidRespected: (true, "4 072,25 € pour 300 000 €"),
        CreditsAvailable: (true, "40 000 € pour 30 000 €"),
        NotAlreadyPaid: (true, "aucun versement"));

    [Fact]
    public void The_operator_pays_when_all_seven_locks_are_open()
    {
        Assert.True(AllOpen.IsOpen);
        Assert.Empty(AllOpen.Refusals());
        Assert.Equal(7, AllOpen.Locks.Select(shown => shown.Label).Distinct().Count());
    }

    [Fact]
    public void The_operator_pays_only_after_the_last_signature()
    {
        var interlock = AllOpen with { ConventionFullySigned = (false, "signée par 3 sur 4") };
        Assert.False(interlock.IsOpen);
        var refusal = Assert.Single(interlock.Refusals());
        Assert.Equal(("R8", "6.2", "pay-before-signature"), (refusal.Rule, refusal.Article, refusal.Reason));
        Assert.Contains("signée par 3 sur 4", refusal.ToString());
    }

    [Fact]
    public void Every_lock_refuses_with_its_own_rule_and_evidence()
    {
        var shut = new PaymentInterlock((false, "a"), (false, "b"), (false, "c"), (false, "d"), (false, "e"), (false, "f"), (false, "g"));
        Assert.Equal(["R2", "R8", "R5", "R7", "R7", "R7", "R19"], shut.Refusals().Select(refusal => refusal.Rule));
        Assert.Equal(["a", "b", "c", "d", "e", "f", "g"], shut.Locks.Select(shown => shown.Evidence));
        Assert.All(shut.Refusals(), refusal => Assert.StartsWith("Le versement est refusé", refusal.ToString()));
    }
}
