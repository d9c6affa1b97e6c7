using Alize.Domain.Repayment;

namespace Alize.Domain.Tests.Repayment;

[Trait("Rule", "R6")]
public class AllocationTests
{
    private static readonly (int Number, Money Outstanding)[] Owed = [(3, Money.Euros(100)), (1, Money.Zero), (2, Money.Euros(40))];

    [Fact]
    public void The_oldest_instalment_is_paid_first()
    {
        var (parts, excess) = Allocation.OldestFirst(Owed, Money.Euros(90));
        Assert.Equal([(2, Money.Euros(40)), (3, Money.Euros(50))], parts);
        Assert.Equal(Money.Zero, excess);
    }

    [Fact]
    public void What_exceeds_all_that_is_owed_is_kept_as_excess()
    {
        var (parts, excess) = Allocation.OldestFirst(Owed, new Money(140_01));
        Assert.Equal(2, parts.Count);
        Assert.Equal(new Money(1), excess);
        Assert.Equal(Money.Euros(5), Allocation.OldestFirst([], Money.Euros(5)).Excess);
    }

    [Fact]
    public void Nothing_received_pays_nothing() => Assert.Empty(Allocation.OldestFirst(Owed, Money.Zero).Parts);

    [Fact]
    public void Not_a_cent_is_lost_or_made()
    {
        var random = new Random(1997);
        for (var i = 0; i < 500; i++)
        {
            var owed = Enumerable.Range(1, random.Next(0, 40)).Select(number => (number, new Money(random.Next(0, 50_000)))).ToList();
            var received = new Money(random.Next(0, 1_500_000));
            var (parts, excess) = Allocation.OldestFirst(owed, received);
            Assert.Equal(received, Money.Sum(parts.Select(part => part.Amount)) + excess);
            Assert.All(parts, part => Assert.True(part.Amount > Money.Zero && part.Amount <= owed[part.Number - 1].Item2));
            Assert.True(excess == Money.Zero || parts.Count == owed.Count(installment => installment.Item2 > Money.Zero));
        }
    }

    [Fact]
    public void A_negative_amount_is_a_bug() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Allocation.OldestFirst(Owed, new Money(-1)));
}
