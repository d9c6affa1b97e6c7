using Alize.Domain.Programmes;

namespace Alize.Domain.Tests.Programmes;

[Trait("Rule", "R16")]
public sealed class RenewalTests
{
    private static readonly Renewal Open = new(new(2026, 1, 5), new(2029, 1, 4), RenewalDecision.Open, null);

    [Theory]
    [InlineData(2028, 4, 4, TermPhase.Running)]
    [InlineData(2028, 4, 5, TermPhase.RenewalStudy)]
    [InlineData(2029, 1, 4, TermPhase.RenewalStudy)]
    [InlineData(2029, 1, 5, TermPhase.ManagedToItsEnd)]
    public void The_renewal_is_studied_from_nine_months_before_the_end(int year, int month, int day, TermPhase phase) =>
        Assert.Equal(phase, Open.On(new(year, month, day)));

    [Fact]
    public void It_is_reminded_until_it_is_decided()
    {
        Assert.Equal([new(2028, 4, 5), new(2028, 7, 5), new DateOnly(2028, 10, 5)], Open.RemindOn);
        Assert.Empty((Open with { Decision = RenewalDecision.NotRenewed }).RemindOn);
    }

    [Fact]
    public void After_the_term_new_aid_needs_a_renewal()
    {
        Assert.Empty(Open.NewAidRefusals(new(2029, 1, 4)));
        Assert.Equal("aid-after-the-term", Assert.Single(Open.NewAidRefusals(new(2029, 1, 5))).Reason);
        Assert.Empty((Open with { Decision = RenewalDecision.Renewed }).NewAidRefusals(new(2029, 1, 5)));
        Assert.Equal(TermPhase.Continued, (Open with { Decision = RenewalDecision.Renewed }).On(new(2029, 1, 5)));
    }

    [Fact]
    public void It_is_decided_once_and_not_before_the_study()
    {
        Assert.Equal("renewal-before-study", Assert.Single(Open.DecisionRefusals(new(2028, 4, 4))).Reason);
        Assert.Empty(Open.DecisionRefusals(new(2028, 4, 5)));
        Assert.Empty(Open.DecisionRefusals(new(2029, 3, 1)));
        var decided = Open with { Decision = RenewalDecision.NotRenewed, DecidedOn = new(2028, 11, 20) };
        Assert.Equal("renewal-decided-already", Assert.Single(decided.DecisionRefusals(new(2028, 12, 1))).Reason);
    }
}
