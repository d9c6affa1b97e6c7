using Alize.Domain.Aid;

namespace Alize.Domain.Tests.Aid;

public class FinancialDecisionTests
{
    private static readonly FinancialRequest Sound = new(
        Advance: new RepayableAdvance(Money.Euros(30_000), Months: 36, DeferralMonths: 6),
        HasSubsidisedLoan: false,
        CompetenceHalfDays: 10,
        CreditsAvailable: Money.Euros(30_000),
        ProjectCost: Money.Euros(100_000),
        OwnShare: Money.Euros(25_000),
        MinimumOwnSharePercent: 25,
        DeMinimisRoom: Money.Euros(7_500),
        GrossGrant: Money.Euros(7_500));

    [Fact]
    [Trait("Rule", "R7")]
    public void A_decision_on_the_very_limits_may_be_put_to_the_vote() => Assert.Empty(Sound.Refusals());

    [Fact]
    [Trait("Rule", "R5")]
    public void Money_goes_only_with_competences()
    {
        Assert.Equal(["money-without-competences"], Reasons(Sound with { CompetenceHalfDays = 0 }));
        Assert.Equal(["money-without-competences"], Reasons(Sound with { Advance = null, HasSubsidisedLoan = true, CompetenceHalfDays = 0 }));
    }

    [Fact]
    [Trait("Rule", "R5")]
    public void Competences_go_without_money() =>
        Assert.Empty((Sound with { Advance = null, OwnShare = Money.Zero, CreditsAvailable = Money.Zero }).Refusals());

    [Fact]
    [Trait("Rule", "R7")]
    public void The_credits_are_available()
    {
        var refusal = (Sound with { CreditsAvailable = new Money(2_999_999) }).Refusals().Single();
        Assert.Equal("credits-not-available", refusal.Reason);
        Assert.Contains("il manque 0,01\u00A0€", refusal.ToString());
    }

    [Fact]
    [Trait("Rule", "R7")]
    public void A_subsidised_loan_does_not_draw_on_the_fund() =>
        Assert.Empty((Sound with { Advance = null, HasSubsidisedLoan = true, CreditsAvailable = Money.Zero }).Refusals());

    [Fact]
    [Trait("Rule", "R7")]
    public void A_significant_part_stays_with_the_holder()
    {
        var refusal = (Sound with { OwnShare = new Money(2_499_999) }).Refusals().Single();
        Assert.Equal("own-share-too-small", refusal.Reason);
        // A share refused for a cent is not shown as the 25 % it misses.
        Assert.Contains("soit 24,99\u00A0%", refusal.ToString());
        Assert.Contains("25\u202F000,00\u00A0€", refusal.ToString());
    }

    [Fact]
    [Trait("Rule", "R7")]
    public void A_financing_plan_must_add_up()
    {
        Assert.Equal(["project-cost-missing"], Reasons(Sound with { ProjectCost = Money.Zero }));
        Assert.Equal(["own-share-exceeds-cost"], Reasons(Sound with { OwnShare = Money.Euros(100_001) }));
    }

    [Fact]
    [Trait("Rule", "R7")]
    public void European_cumulation_is_respected() =>
        Assert.Equal(["de-minimis-exceeded"], Reasons(Sound with { GrossGrant = new Money(750_001) }));

    [Fact]
    [Trait("Rule", "R7")]
    public void All_refusals_are_said_at_once() =>
        Assert.Equal(
            ["advance-too-long", "money-without-competences", "credits-not-available", "own-share-too-small", "de-minimis-exceeded"],
            Reasons(new FinancialRequest(
                new RepayableAdvance(Money.Euros(50_000), 48, 0), false, 0, Money.Zero, Money.Euros(50_000), Money.Zero, 25, Money.Zero, Money.Euros(1))));

    private static IEnumerable<string> Reasons(FinancialRequest request) => request.Refusals().Select(refusal => refusal.Reason);
}
