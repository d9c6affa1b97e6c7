using Alize.Domain.Committee;

namespace Alize.Domain.Tests.Committee;

[Trait("Rule", "R3")]
public class CommitteeChairTests
{
    [Theory]
    [InlineData(true, true, "")]
    [InlineData(false, true, "chair-not-active")]
    [InlineData(true, false, "chair-not-from-company")]
    [InlineData(false, false, "chair-not-from-company chair-not-active")]
    public void The_chair_is_an_active_representative_of_a_partner_company(bool isActive, bool representsCompany, string reasons) =>
        Assert.Equal(reasons, string.Join(' ', CommitteeChair.Refusals(isActive, representsCompany, "Mme Martin").Select(refusal => refusal.Reason)));

    [Fact]
    public void The_refusal_names_the_person() =>
        Assert.StartsWith("Mme Martin ne peut pas présider", CommitteeChair.Refusals(false, true, "Mme Martin").Single().ToString());
}
