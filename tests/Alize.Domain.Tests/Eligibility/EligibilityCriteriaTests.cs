using Alize.Domain.Eligibility;

namespace Alize.Domain.Tests.Eligibility;

[Trait("Rule", "R1")]
public class EligibilityCriteriaTests
{
    private static readonly CompanyFacts Eligible = new(
        IsRegistered: true, Headcount: 42, Money.Euros(6_000_000), Money.Euros(3_000_000), LargestHolderBasisPoints: 0, CreatesJobs: true);

    [Fact]
    public void A_company_that_meets_the_five_criteria_is_eligible()
    {
        var verdict = EligibilityCriteria.Assess(Eligible);
        Assert.True(verdict.IsEligible);
        Assert.Equal(5, verdict.Criteria.Count);
        Assert.Empty(verdict.Refusals());
        Assert.Empty(verdict.Missing());
    }

    [Theory]
    [InlineData(249, CriterionAnswer.Met)]
    [InlineData(250, CriterionAnswer.NotMet)]
    [InlineData(null, CriterionAnswer.Unknown)]
    public void It_employs_fewer_than_250_persons(int? headcount, CriterionAnswer answer) =>
        Assert.Equal(answer, Answer(Eligible with { Headcount = headcount }, EligibilityCriterion.Headcount));

    [Theory]
    [InlineData(4_999_999_999, 4_300_000_000, CriterionAnswer.Met)]
    [InlineData(5_000_000_000, 4_299_999_999, CriterionAnswer.Met)]
    [InlineData(5_000_000_000, 4_300_000_000, CriterionAnswer.NotMet)]
    [InlineData(4_999_999_999, null, CriterionAnswer.Met)]
    [InlineData(null, 4_299_999_999, CriterionAnswer.Met)]
    [InlineData(5_000_000_000, null, CriterionAnswer.Unknown)]
    [InlineData(null, 4_300_000_000, CriterionAnswer.Unknown)]
    [InlineData(null, null, CriterionAnswer.Unknown)]
    public void Its_turnover_or_its_balance_sheet_is_below_the_threshold(long? turnoverCents, long? balanceCents, CriterionAnswer answer)
    {
        var facts = Eligible with
        {
            Turnover = turnoverCents is { } turnover ? new Money(turnover) : null,
            BalanceSheetTotal = balanceCents is { } balance ? new Money(balance) : null,
        };
        Assert.Equal(answer, Answer(facts, EligibilityCriterion.Size));
    }

    [Theory]
    [InlineData(2_499, CriterionAnswer.Met)]
    [InlineData(2_500, CriterionAnswer.NotMet)]
    [InlineData(null, CriterionAnswer.Unknown)]
    public void Less_than_25_percent_is_held_by_one_other_enterprise(int? basisPoints, CriterionAnswer answer) =>
        Assert.Equal(answer, Answer(Eligible with { LargestHolderBasisPoints = basisPoints }, EligibilityCriterion.Independence));

    [Fact]
    public void What_is_unknown_never_passes_and_is_asked()
    {
        var verdict = EligibilityCriteria.Assess(Eligible with { IsRegistered = null, CreatesJobs = null });
        Assert.False(verdict.IsEligible);
        Assert.True(verdict.IsUndecided);
        Assert.Equal(
            [EligibilityCriterion.Registered, EligibilityCriterion.CreatesJobs], verdict.Missing().Select(missing => missing.Criterion));
    }

    [Fact]
    public void A_verdict_on_four_criteria_makes_nobody_eligible()
    {
        var verdict = EligibilityCriteria.Assess(Eligible);
        Assert.False(new EligibilityVerdict([.. verdict.Criteria.Skip(1)]).IsEligible);
        Assert.False(new EligibilityVerdict([]).IsEligible);
    }

    [Fact]
    public void One_criterion_missed_refuses_whatever_is_still_unknown()
    {
        var verdict = EligibilityCriteria.Assess(new CompanyFacts(null, 300, null, null, null, null));
        Assert.True(verdict.IsRefused);
        Assert.False(verdict.IsUndecided);
        Assert.Equal("headcount-too-high", Assert.Single(verdict.Refusals()).Reason);
    }

    [Fact]
    public void All_refusals_are_said_at_once_with_their_figures()
    {
        var refusals = EligibilityCriteria
            .Assess(new CompanyFacts(false, 260, Money.Euros(60_000_000), Money.Euros(50_000_000), 3_000, false)).Refusals().ToList();
        Assert.Equal(
            ["not-registered", "headcount-too-high", "company-too-large", "not-independent", "creates-no-job"],
            refusals.Select(refusal => refusal.Reason));
        Assert.Contains("60\u202F000\u202F000,00\u00A0€", refusals[2].ToString());
        Assert.Contains("30\u00A0%", RefusalSentences.English(refusals[3]));
    }

    [Fact]
    public void The_evidence_shows_the_figure_and_the_threshold() =>
        Assert.Equal(
            "Emploie 42 personnes (seuil\u00A0: moins de 250).",
            EligibilityCriteria.Assess(Eligible).Criteria[1].Evidence);

    [Fact]
    public void A_negative_figure_is_a_bug()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => EligibilityCriteria.Assess(Eligible with { Headcount = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => EligibilityCriteria.Assess(Eligible with { Turnover = new Money(-1) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => EligibilityCriteria.Assess(Eligible with { LargestHolderBasisPoints = 10_001 }));
    }

    private static CriterionAnswer Answer(CompanyFacts facts, EligibilityCriterion criterion) =>
        EligibilityCriteria.Assess(facts).Criteria.Single(result => result.Criterion == criterion).Answer;
}
