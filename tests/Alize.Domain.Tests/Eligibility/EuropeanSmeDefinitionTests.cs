using Alize.Domain.Eligibility;

namespace Alize.Domain.Tests.Eligibility;

[Trait("Rule", "R1")]
public class EuropeanSmeDefinitionTests
{
    [Fact]
    public void A_partner_counts_for_its_share()
    {
        RelatedEnterprise[] holder = [new(Staff(200), ShareBasisPoints: 3_000)];
        Assert.Equal(180, EuropeanSmeDefinition.Consolidate(Staff(120), holder).Headcount);
        Assert.True(EuropeanSmeDefinition.IsSme(Staff(120), holder));
    }

    [Fact]
    public void The_same_company_is_not_eligible_by_the_convention()
    {
        var facts = new CompanyFacts(true, 120, Money.Euros(1), Money.Euros(1), LargestHolderBasisPoints: 3_000, true);
        Assert.True(EligibilityCriteria.Assess(facts).IsRefused);
    }

    [Theory]
    [InlineData(2_500, 250, false)]
    [InlineData(2_490, 240, true)]
    [InlineData(5_000, 260, false)]
    [InlineData(5_001, 280, false)]  // linked: all of it
    public void A_holder_of_40_persons_decides_by_its_share(int basisPoints, int total, bool isSme)
    {
        RelatedEnterprise[] holder = [new(Staff(40), basisPoints)];
        Assert.Equal(total, EuropeanSmeDefinition.Consolidate(Staff(240), holder).Headcount);
        Assert.Equal(isSme, EuropeanSmeDefinition.IsSme(Staff(240), holder));
    }

    [Fact]
    public void Control_links_whatever_the_share() =>
        Assert.Equal(300, EuropeanSmeDefinition.Consolidate(Staff(100), [new(Staff(200), 1_000, HasControl: true)]).Headcount);

    [Theory]
    [InlineData(5_000, 100)]
    [InlineData(5_001, 300)]
    public void An_investor_is_no_partner_up_to_half(int basisPoints, int total) =>
        Assert.Equal(total, EuropeanSmeDefinition.Consolidate(Staff(100), [new(Staff(200), basisPoints, IsExemptInvestor: true)]).Headcount);

    [Theory]
    [InlineData(50_000_000, 99_000_000, true)]   // the Recommendation says "at most", the convention "less than"
    [InlineData(99_000_000, 43_000_000, true)]
    [InlineData(50_000_001, 43_000_001, false)]
    public void Fifty_million_of_turnover_or_43_of_balance_sheet_at_most(long turnover, long balance, bool isSme) =>
        Assert.Equal(isSme, EuropeanSmeDefinition.IsSme(new EnterpriseFigures(249.5m, Money.Euros(turnover), Money.Euros(balance)), []));

    [Theory]
    [InlineData(9, 2_000_000, EnterpriseSize.Micro)]
    [InlineData(10, 2_000_000, EnterpriseSize.Small)]
    [InlineData(9, 2_000_001, EnterpriseSize.Small)]
    [InlineData(50, 2_000_000, EnterpriseSize.Medium)]
    [InlineData(250, 2_000_000, EnterpriseSize.Large)]
    public void Each_class_has_both_thresholds(int headcount, long turnover, EnterpriseSize size) =>
        Assert.Equal(size, EuropeanSmeDefinition.SizeOf(new EnterpriseFigures(headcount, Money.Euros(turnover), Money.Euros(turnover)), []));

    [Fact]
    public void A_quarter_held_by_public_bodies_makes_no_SME()
    {
        Assert.True(EuropeanSmeDefinition.IsSme(Staff(10), [], publicBodiesBasisPoints: 2_499));
        Assert.False(EuropeanSmeDefinition.IsSme(Staff(10), [], publicBodiesBasisPoints: 2_500));
    }

    private static EnterpriseFigures Staff(decimal headcount) => new(headcount, Money.Euros(1_000_000), Money.Euros(1_000_000));
}
