using Alize.Domain.Repayment;

namespace Alize.Domain.Tests.Repayment;

[Trait("Rule", "R6")]
public class ReschedulingTests
{
    private static readonly DateOnly Paid = new(2026, 1, 31);
    private static readonly FrenchCalendar Calendar = new();

    private static Rescheduling Asked(int firstMonth, int count, int deferral = 0, bool inside = true, bool hasBegun = true, int euros = 10_000) =>
        new(Money.Euros(euros), Paid, deferral, inside, new DateOnly(2026, 6, 15), hasBegun, firstMonth, count);

    [Fact]
    public void New_instalments_keep_the_day_of_the_payment_through_short_months()
    {
        var plan = Asked(firstMonth: 12, count: 3).Plan(7, Calendar);

        Assert.Equal([7, 8, 9], plan.Select(p => p.Number));
        Assert.Equal([new(2027, 1, 31), new(2027, 2, 28), new DateOnly(2027, 3, 31)], plan.Select(p => p.DueOn));
        Assert.Equal(new DateOnly(2027, 2, 1), plan[0].CollectOn);   // 31 January 2027 is a Sunday
        Assert.Equal([new(333_333), new(333_333), new Money(333_334)], plan.Select(p => p.Amount));
    }

    [Theory]
    [InlineData(25, 12, true)]     // the last falls in the 36th month
    [InlineData(25, 13, false)]
    [InlineData(36, 1, true)]
    [InlineData(37, 1, false)]
    [InlineData(4, 1, false)]      // 31 May: before the decision
    [InlineData(5, 0, false)]
    public void It_stays_inside_the_36_months_and_after_the_decision(int firstMonth, int count, bool passes) =>
        Assert.Equal(passes, !Asked(firstMonth, count).Refusals().Any());

    [Fact]
    public void A_deferral_that_counts_outside_lengthens_the_term_by_itself()
    {
        Assert.Empty(Asked(firstMonth: 42, count: 1, deferral: 6, inside: false).Refusals());
        Assert.NotEmpty(Asked(firstMonth: 42, count: 1, deferral: 6, inside: true).Refusals());
    }

    [Theory]
    [InlineData(7, true)]
    [InlineData(8, false)]
    public void Before_anything_was_due_a_later_start_is_a_deferral_of_six_months_at_most(int firstMonth, bool passes) =>
        Assert.Equal(passes, !Asked(firstMonth, 6, hasBegun: false).Refusals().Any());

    [Fact]
    public void Nothing_owed_is_not_rescheduled_and_no_instalment_is_zero()
    {
        Assert.Contains(Asked(7, 6, euros: 0).Refusals(), r => r.Reason == "nothing-to-reschedule");
        Assert.Contains((Asked(7, 6) with { Outstanding = new(2) }).Refusals(), r => r.Reason == "advance-too-small");
    }

    [Theory]
    [InlineData(6, 9, true)]
    [InlineData(5, 9, false)]
    [InlineData(0, 0, false)]
    [InlineData(10, 9, false)]
    [Trait("Rule", "R2")]
    public void A_ruling_on_an_advance_needs_two_thirds_of_the_members_present(int yes, int present, bool carried) =>
        Assert.Equal(carried, !AdvanceRuling.Refusals(yes, present).Any());
}

[Trait("Rule", "R6")]
public class AdvancePositionTests
{
    [Theory]
    [InlineData(30_000, 5_000, 0, 0, 25_000, 5_000, 0, 0)]
    [InlineData(30_000, 31_000, 0, 0, 0, 30_000, 0, 1_000)]
    [InlineData(30_000, 31_000, 0, 1_000, 0, 30_000, 0, 0)]
    [InlineData(30_000, 5_000, 25_000, 0, 0, 5_000, 0, 0)]
    [InlineData(30_000, 8_000, 25_000, 0, 0, 5_000, 3_000, 0)]       // recovered after the loss
    [InlineData(30_000, 31_000, 25_000, 0, 0, 5_000, 25_000, 1_000)]
    [InlineData(40_000, 31_000, 0, 1_000, 10_000, 30_000, 0, 0)]     // what was given back repays no later part
    public void Outstanding_is_paid_out_less_repaid_less_lost(
        int paidOut, int received, int lost, int returned, int outstanding, int repaid, int recovered, int excess)
    {
        var position = new AdvancePosition(Money.Euros(paidOut), Money.Euros(received), Money.Euros(lost), Money.Euros(returned));

        Assert.Equal(
            (Money.Euros(outstanding), Money.Euros(repaid), Money.Euros(recovered), Money.Euros(excess)),
            (position.Outstanding, position.Repaid, position.Recovered, position.Excess));
    }
}
