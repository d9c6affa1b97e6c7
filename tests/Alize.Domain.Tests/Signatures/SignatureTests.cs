using Alize.Domain.Signatures;

namespace Alize.Domain.Tests.Signatures;

[Trait("Rule", "R8")]
public class RequiredSignatoriesTests
{
    private static readonly Guid Head = Id(1), Chair = Id(2), Anna = Id(3), Bruno = Id(4), PartnerA = Id(11), PartnerB = Id(12);

    [Fact]
    public void Head_chair_every_lender_and_the_lead_partner_sign_in_that_order() =>
        Assert.Equal(
            [
                (Head, SignatoryCapacity.CompanyHead), (Chair, SignatoryCapacity.CommitteeChair),
                (Anna, SignatoryCapacity.LendingPartner), (Bruno, SignatoryCapacity.LeadPartner),
            ],
            RequiredSignatories.Compute(Head, Chair, [(PartnerA, Anna)], (PartnerB, Bruno)));

    [Fact]
    public void A_lead_partner_that_lends_signs_once() =>
        Assert.DoesNotContain(
            RequiredSignatories.Compute(Head, Chair, [(PartnerA, Anna)], (PartnerA, Bruno)),
            signatory => signatory.Capacity == SignatoryCapacity.LeadPartner);

    [Fact]
    public void A_partner_that_lends_twice_signs_once() =>
        Assert.Equal(3, RequiredSignatories.Compute(Head, Chair, [(PartnerA, Anna), (PartnerA, Bruno)], lead: null).Count);

    [Fact]
    public void The_chair_signs_for_his_company_too_when_it_lends() =>
        Assert.Equal(
            [SignatoryCapacity.CommitteeChair, SignatoryCapacity.LendingPartner],
            RequiredSignatories.Compute(Head, Chair, [(PartnerA, Chair)], (PartnerA, Chair))
                .Where(signatory => signatory.Contact == Chair).Select(signatory => signatory.Capacity));

    [Fact]
    public void One_person_for_two_partners_is_asked_once() =>
        Assert.Equal(3, RequiredSignatories.Compute(Head, Chair, [(PartnerA, Anna), (PartnerB, Anna)], lead: null).Count);

    private static Guid Id(int number) => new(number, 0, 0, new byte[8]);
}

[Trait("Rule", "R8")]
public class PaymentInterlockTests
{
    private static readonly PaymentInterlock AllOpen = new(
        DecisionCarried: (true, "7 voix sur 10"),
        ConventionFullySigned: (true, "signée par 4 sur 4"),
        CompetenceCommitted: (true, "5 journées"),
        CreditsAvailable: (true, "40 000 € pour 30 000 €"),
        NotAlreadyPaid: (true, "aucun versement"));

    [Fact]
    public void The_operator_pays_when_all_five_locks_are_open()
    {
        Assert.True(AllOpen.IsOpen);
        Assert.Empty(AllOpen.Refusals());
        Assert.Equal(5, AllOpen.Locks.Select(shown => shown.Label).Distinct().Count());
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
        var shut = new PaymentInterlock((false, "a"), (false, "b"), (false, "c"), (false, "d"), (false, "e"));
        Assert.Equal(["R2", "R8", "R5", "R7", "R19"], shut.Refusals().Select(refusal => refusal.Rule));
        Assert.Equal(["a", "b", "c", "d", "e"], shut.Locks.Select(shown => shown.Evidence));
        Assert.All(shut.Refusals(), refusal => Assert.StartsWith("Le versement est refusé", refusal.ToString()));
    }
}
