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
