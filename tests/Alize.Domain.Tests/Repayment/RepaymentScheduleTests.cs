using Alize.Domain.Aid;
using Alize.Domain.Repayment;

namespace Alize.Domain.Tests.Repayment;

[Trait("Rule", "R6")]
public class RepaymentScheduleTests
{
    private static readonly FrenchCalendar Calendar = new();

    [Fact]
    public void Instalments_are_rounded_and_the_last_takes_the_rest()
    {
        var amounts = Amounts(new RepayableAdvance(Money.Euros(10_000), 36, 0));
        Assert.All(amounts.SkipLast(1), amount => Assert.Equal(new Money(277_78), amount));
        Assert.Equal(36, amounts.Count);
        Assert.Equal(new Money(277_70), amounts[^1]);
        Assert.Equal([new(333_33), new(333_33), new(333_34)], Amounts(new RepayableAdvance(Money.Euros(1_000), 3, 0)));
        Assert.Equal([.. Enumerable.Repeat(new Money(714_29), 20), new(714_20)], Amounts(new RepayableAdvance(Money.Euros(15_000), 24, 3)));
    }

    [Theory]
    [InlineData(100_01, 50_00, 50_01)]  // half a cent goes to the even cent, down here
    [InlineData(100_03, 50_02, 50_01)]  // and up here
    public void Half_a_cent_goes_to_the_even_cent(long principal, long first, long last) =>
        Assert.Equal([new(first), new(last)], Amounts(new RepayableAdvance(new Money(principal), 2, 0)));

    [Fact]
    public void The_day_of_the_payment_is_kept_through_short_months()
    {
        var due = Plan(new RepayableAdvance(Money.Euros(300), 3, 0), "2008-01-31").Select(installment => installment.DueOn);
        Assert.Equal([new(2008, 2, 29), new(2008, 3, 31), new(2008, 4, 30)], due);
    }

    [Fact]
    public void The_first_instalment_falls_one_month_after_the_deferral()
    {
        var plan = Plan(new RepayableAdvance(Money.Euros(30_000), 36, 6), "2026-01-15");
        Assert.Equal(30, plan.Count);
        Assert.All(plan, installment => Assert.Equal(Money.Euros(1_000), installment.Amount));
        Assert.Equal(new DateOnly(2026, 8, 15), plan[0].DueOn);
        Assert.Equal(new DateOnly(2029, 1, 15), plan[^1].DueOn);
    }

    [Fact]
    public void A_deferral_outside_the_duration_ends_later()
    {
        var plan = Plan(new RepayableAdvance(Money.Euros(36_000), 36, 6, DeferralCountsInside: false), "2026-01-15");
        Assert.Equal(36, plan.Count);
        Assert.Equal(new DateOnly(2029, 7, 15), plan[^1].DueOn);
    }

    [Fact]
    public void Quarterly_instalments_begin_three_months_after_the_deferral()
    {
        var plan = Plan(new RepayableAdvance(Money.Euros(10_000), 36, 6, Period: RepaymentPeriod.Quarterly), "2026-01-31");
        Assert.Equal(10, plan.Count);
        Assert.Equal([new(2026, 10, 31), new(2027, 1, 31), new(2027, 4, 30)], plan.Take(3).Select(installment => installment.DueOn));
        Assert.Equal(new DateOnly(2029, 1, 31), plan[^1].DueOn);
    }

    [Fact]
    public void A_due_date_on_a_holiday_is_kept_and_collected_the_next_working_day()
    {
        var plan = Plan(new RepayableAdvance(Money.Euros(3_000), 3, 0), "2026-04-01");
        Assert.Equal(new DateOnly(2026, 5, 1), plan[0].DueOn);
        Assert.Equal(new DateOnly(2026, 5, 4), plan[0].CollectOn);
        Assert.Equal(plan[1].DueOn, plan[1].CollectOn);
    }

    [Fact]
    public void Every_schedule_R6_allows_adds_up_to_the_principal_and_ends_in_time()
    {
        var random = new Random(2007);
        var paidOn = new DateOnly(2026, 1, 31);
        foreach (var period in Enum.GetValues<RepaymentPeriod>())
        {
            foreach (var inside in new[] { true, false })
            {
                for (var months = 1; months <= 36; months++)
                {
                    for (var deferral = 0; deferral <= 6; deferral++)
                    {
                        var advance = new RepayableAdvance(new Money(random.NextInt64(100_000, 10_000_000)), months, deferral, inside, period);
                        if (advance.Refusals().Any()) continue;
                        var plan = RepaymentSchedule.Plan(advance, paidOn, Calendar);
                        Assert.Equal(advance.Principal, Money.Sum(plan.Select(installment => installment.Amount)));
                        Assert.All(plan, installment => Assert.True(installment.Amount > Money.Zero && Calendar.IsWorkingDay(installment.CollectOn)));
                        Assert.True(plan[^1].DueOn <= paidOn.AddMonths(inside ? months : months + deferral));
                        Assert.Equal(Enumerable.Range(1, plan.Count), plan.Select(installment => installment.Number));
                    }
                }
            }
        }
    }

    [Fact]
    public void No_schedule_is_drawn_up_for_terms_the_convention_refuses() =>
        Assert.Throws<ArgumentException>(() => Plan(new RepayableAdvance(Money.Euros(1_000), 37, 0), "2026-01-01"));

    private static IReadOnlyList<PlannedInstallment> Plan(RepayableAdvance terms, string paidOn) =>
        RepaymentSchedule.Plan(terms, DateOnly.Parse(paidOn), Calendar);

    private static List<Money> Amounts(RepayableAdvance terms) => [.. Plan(terms, "2026-01-15").Select(installment => installment.Amount)];
}
