using Alize.Domain.Accounts;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Alize.Domain.Tests.Accounts;

[Trait("Rule", "R16")]
public sealed class FinalDistributionTests
{
    private static readonly DateOnly End = new(2029, 1, 4);

    public static Arbitrary<Money[]> Contributions => (
        from count in Gen.Choose(1, 13)
        from cents in Gen.ArrayOf(Gen.Choose(0, 30_000_000), count)
        where cents.Any(c => c > 0)
        select cents.Select(c => new Money(c)).ToArray()).ToArbitrary();

    [Fact]
    public void Losses_are_taken_from_all_in_proportion()
    {
        var shares = FinalDistribution.Of(Given(60_000, 45_000, 50_000, 45_000, 50_000), Money.Euros(250_000 - 17_500));

        Assert.Equal([55_800, 41_850, 46_500, 41_850, 46_500], shares.Select(s => s.Due.Cents / 100));
        Assert.Equal([4_200, 3_150, 3_500, 3_150, 3_500], shares.Select(s => s.Loss.Cents / 100));
    }

    [Fact]
    public void The_cent_that_does_not_divide_goes_to_one() =>
        Assert.Equal([new Money(3_334), new Money(3_333), new Money(3_333)], FinalDistribution.Of(Given(1, 1, 1), Money.Euros(100)).Select(s => s.Due));

    [Fact]
    public void The_largest_remainder_is_served_first() =>
        Assert.Equal([new Money(1), new Money(1), new Money(3)], FinalDistribution.Shares(new(5), [new(21), new(10), new(69)]));

    [Property(Arbitrary = [typeof(FinalDistributionTests)])]
    public void The_parts_make_the_whole_exactly(Money[] contributions, NonNegativeInt amount)
    {
        var parts = FinalDistribution.Shares(new(amount.Get), contributions);

        Assert.Equal(new Money(amount.Get), Money.Sum(parts));
        Assert.All(parts.Zip(contributions), pair => Assert.True(pair.First == Money.Zero || pair.Second > Money.Zero));
        var total = contributions.Sum(c => (decimal)c.Cents);
        Assert.All(parts.Zip(contributions), pair => Assert.True(Math.Abs(pair.First.Cents - (amount.Get * (decimal)pair.Second.Cents / total)) < 1));
    }

    [Property(Arbitrary = [typeof(FinalDistributionTests)])]
    public void What_comes_in_later_ends_at_the_same_cents(Money[] contributions, NonNegativeInt[] amounts)
    {
        var funders = contributions.Select(c => (Id: Guid.NewGuid(), Contribution: c, Returned: Money.Zero)).ToArray();
        foreach (var amount in amounts)
        {
            var shares = FinalDistribution.Of(funders, new(amount.Get));
            Assert.Equal(new Money(amount.Get), Money.Sum(shares.Select(s => s.Due)));
            Assert.All(shares, s => Assert.True(s.Due >= Money.Zero));
            funders = [.. funders.Zip(shares, (f, s) => (f.Id, f.Contribution, s.Share))];
        }

        var at = FinalDistribution.Shares(new(amounts.Sum(a => (long)a.Get)), contributions);
        Assert.All(funders.Zip(at), pair => Assert.InRange(Math.Abs((pair.First.Returned - pair.Second).Cents), 0, amounts.Length));
    }

    [Fact]
    public void What_is_the_companies_own_or_promised_is_not_given_away()
    {
        Assert.Equal(Money.Euros(70), FinalDistribution.Distributable(Money.Euros(100), Money.Euros(10), Money.Euros(20)));
        Assert.Equal(Money.Zero, FinalDistribution.Distributable(Money.Euros(100), Money.Euros(10), Money.Euros(200)));
    }

    [Fact]
    public void Nothing_is_given_back_before_the_end_nor_when_the_partners_go_on()
    {
        Assert.Equal(["distribution-before-the-end"], Reasons(FinalDistribution.Refusals(End, End, false, Money.Euros(1), Money.Euros(1))));
        Assert.Equal(["distribution-though-renewed"], Reasons(FinalDistribution.Refusals(End, End.AddDays(1), true, Money.Euros(1), Money.Euros(1))));
        Assert.Equal(["distribution-without-funders", "distribution-of-nothing"], Reasons(FinalDistribution.Refusals(End, End.AddDays(1), false, Money.Zero, Money.Zero)));
        Assert.Empty(FinalDistribution.Refusals(End, End.AddDays(1), false, Money.Euros(1), Money.Euros(1)));
    }

    [Fact]
    public void Nothing_is_given_back_while_companies_still_owe_unless_a_clause_says_so()
    {
        Assert.Equal(["distribution-while-outstanding"], Reasons(FinalDistribution.OutstandingRefusals(new(1), hasSpecificClause: false)));
        Assert.Empty(FinalDistribution.OutstandingRefusals(new(1), hasSpecificClause: true));
        Assert.Empty(FinalDistribution.OutstandingRefusals(Money.Zero, hasSpecificClause: false));
    }

    [Fact]
    public void A_local_structure_gets_it_only_with_the_steering_chairs_written_agreement()
    {
        var agreed = new TransferToLocalStructure("Initiative Ombrelle", "Isabelle Fontaine", End, "Courrier du 4 janvier 2029");

        Assert.Empty(agreed.Refusals("Isabelle Fontaine", End));
        foreach (var other in new[] { agreed with { AgreedBy = "Hélène Marchand" }, agreed with { AgreedOn = null }, agreed with { AgreedOn = End.AddDays(1) }, agreed with { Document = " " } })
            Assert.Equal(["transfer-without-agreement"], Reasons(other.Refusals("Isabelle Fontaine", End)));
        Assert.Equal(["transfer-without-structure"], Reasons((agreed with { Structure = "" }).Refusals("Isabelle Fontaine", End)));
    }

    private static IEnumerable<string> Reasons(IEnumerable<Refusal> refusals) => refusals.Select(r => r.Reason);

    private static (Guid, Money, Money)[] Given(params int[] euros) => [.. euros.Select(e => (Guid.NewGuid(), Money.Euros(e), Money.Zero))];
}
