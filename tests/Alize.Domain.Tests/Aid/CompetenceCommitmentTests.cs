using Alize.Domain.Aid;

namespace Alize.Domain.Tests.Aid;

[Trait("Rule", "R20")]
public class CompetenceCommitmentTests
{
    private static readonly DateOnly Signed = new(2026, 3, 16);
    private static readonly DateOnly Today = new(2026, 4, 1);
    private static readonly DateTime Now = new(2026, 4, 1, 9, 0, 0, DateTimeKind.Utc);

    private readonly CompetenceCommitment commitment = new()
    {
        Id = Guid.NewGuid(),
        ProgrammeId = Guid.NewGuid(),
        ProjectId = Guid.NewGuid(),
        DecisionId = Guid.NewGuid(),
        PartnerId = Guid.NewGuid(),
        Field = "Qualité",
        HalfDays = 10,
        DayRate = Money.Euros(700),
        MobiliseBy = new(2026, 4, 13),
    };

    private int written;

    [Fact]
    public void A_support_is_late_when_nobody_is_named_after_its_deadline()
    {
        Assert.Equal(Lateness.None, commitment.LatenessOn(new(2026, 4, 13)));
        Assert.Equal(Lateness.NotNamed, commitment.LatenessOn(new(2026, 4, 14)));
    }

    [Fact]
    public void A_support_is_late_when_it_is_not_finished_after_its_last_day()
    {
        commitment.Mobilise("Jean Petit", new(2026, 4, 1));
        commitment.Announce(new(2026, 4, 7), new(2026, 5, 15));

        Assert.Equal(Lateness.None, commitment.LatenessOn(new(2026, 5, 15)));
        Assert.Equal(Lateness.NotFinished, commitment.LatenessOn(new(2026, 5, 16)));
    }

    [Fact]
    public void A_finished_support_is_never_late()
    {
        commitment.Complete(new(2026, 4, 10));

        Assert.Equal(Lateness.None, commitment.LatenessOn(new(2027, 1, 1)));
    }

    [Fact]
    public void Days_are_agreed_once_the_company_says_so_and_anew_when_they_change()
    {
        commitment.Announce(new(2026, 4, 7), new(2026, 5, 15));
        Assert.Equal(0, commitment.HalfDaysAgreed);

        commitment.Agree(new(2026, 4, 2));
        Assert.Equal(10, commitment.HalfDaysAgreed);

        commitment.Announce(new(2026, 5, 4), new(2026, 6, 15));
        Assert.Equal(0, commitment.HalfDaysAgreed);
    }

    [Fact]
    public void A_support_does_not_end_before_it_begins() =>
        Assert.Throws<ArgumentException>(() => commitment.Announce(new(2026, 5, 2), new(2026, 5, 1)));

    [Fact]
    public void Nothing_is_agreed_on_before_days_are_announced() => Assert.Throws<InvalidOperationException>(() => commitment.Agree(Today));

    [Fact]
    public void Time_is_logged_from_the_last_signature_through_today()
    {
        Assert.Empty(Reasons(Signed));
        Assert.Empty(Reasons(Today));
        Assert.Equal(["time-before-convention"], Reasons(Signed.AddDays(-1)));
        Assert.Equal(["time-in-future"], Reasons(Today.AddDays(1)));
    }

    [Fact]
    public void Without_a_signed_convention_no_time_is_logged() =>
        Assert.Equal(["time-without-convention"], commitment.TimeRefusals(Today, 1, false, Today, inForceOn: null, closedThrough: null).Select(r => r.Reason));

    [Fact]
    public void No_time_is_logged_in_a_closed_period()
    {
        var refusal = Assert.Single(commitment.TimeRefusals(new(2026, 3, 31), 1, false, Today, Signed, closedThrough: new(2026, 3, 31)));

        Assert.Equal(("R15", "time-in-closed-period"), (refusal.Rule, refusal.Reason));
        Assert.Contains("01/04/2026", refusal.ToString(), StringComparison.Ordinal);
        Assert.Empty(commitment.TimeRefusals(new(2026, 4, 1), 1, false, Today, Signed, closedThrough: new(2026, 3, 31)));
    }

    [Fact]
    public void No_half_day_goes_beyond_the_commitment_unless_it_is_said()
    {
        Log(9);

        Assert.Empty(Reasons(Today, 1));
        var refusal = Assert.Single(commitment.TimeRefusals(Today, 2, saysBeyond: false, Today, Signed, null));
        Assert.Equal(["5,5", "5", "0,5"], refusal.Figures);
        Assert.Empty(commitment.TimeRefusals(Today, 2, saysBeyond: true, Today, Signed, null));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Time_is_half_a_day_at_least(int halfDays) => Assert.Equal(["time-not-positive"], Reasons(Today, halfDays));

    [Fact]
    [Trait("Rule", "R11")]
    public void Time_is_worth_the_rate_of_its_day_and_fulfils_the_commitment_at_the_rate_of_the_decision()
    {
        var line = Log(4, rate: 800);

        Assert.Equal((Money.Euros(1_600), 4, Money.Euros(1_400)), (line.Value, line.Fulfils, line.FulfilledValue));
        Assert.Equal((4, Money.Euros(1_600)), (commitment.HalfDaysLogged, commitment.ValueLogged));
        Assert.Equal((6, Money.Euros(2_100)), (commitment.HalfDaysLeft, commitment.ValueLeft));
    }

    [Fact]
    public void What_goes_beyond_fulfils_nothing()
    {
        Log(8);
        var line = Log(6);

        Assert.Equal((2, Money.Euros(700), Money.Euros(2_100)), (line.Fulfils, line.FulfilledValue, line.Value));
        Assert.Equal((14, 0, Money.Zero), (commitment.HalfDaysLogged, commitment.HalfDaysLeft, commitment.ValueLeft));
    }

    [Fact]
    [Trait("Rule", "R19")]
    public void A_wrong_line_is_taken_back_by_another_and_both_stay()
    {
        var wrong = Log(4);
        Log(2);

        commitment.TakeBack(wrong, Guid.NewGuid(), "Saisie deux fois", "Jean Petit", Now);

        Assert.Equal(3, commitment.Time.Count);
        Assert.Equal((2, Money.Euros(700), 8), (commitment.HalfDaysLogged, commitment.ValueLogged, commitment.HalfDaysLeft));
        Assert.True(commitment.IsTakenBack(wrong));
    }

    [Fact]
    [Trait("Rule", "R19")]
    public void A_line_is_taken_back_once_and_a_correction_never()
    {
        var wrong = Log(4);
        var correction = commitment.TakeBack(wrong, Guid.NewGuid(), "Erreur", "Jean Petit", Now);

        Assert.Throws<InvalidOperationException>(() => commitment.TakeBack(wrong, Guid.NewGuid(), "Encore", "Jean Petit", Now));
        Assert.Throws<InvalidOperationException>(() => commitment.TakeBack(correction, Guid.NewGuid(), "Encore", "Jean Petit", Now));
    }

    [Fact]
    public void After_a_correction_the_half_days_beyond_do_not_hide_what_is_left_to_spend()
    {
        var first = Log(10);
        Log(2);

        commitment.TakeBack(first, Guid.NewGuid(), "Erreur", "Jean Petit", Now);

        Assert.Equal((2, 10), (commitment.HalfDaysLogged, commitment.HalfDaysLeft));
        Assert.Equal(8, Log(8).Fulfils);
        Assert.Equal(2, commitment.HalfDaysLeft);
    }

    [Fact]
    public void Once_ended_nothing_more_is_fulfilled()
    {
        Log(4);
        commitment.Complete(Today);

        Assert.Equal((0, Money.Zero), (Log(2).Fulfils, commitment.Time[^1].FulfilledValue));
    }

    [Fact]
    [Trait("Rule", "R11")]
    public void The_parts_of_a_commitment_add_up_to_it_whatever_the_rate()
    {
        var odd = new CompetenceCommitment
        {
            Id = Guid.NewGuid(),
            ProgrammeId = Guid.NewGuid(),
            ProjectId = Guid.NewGuid(),
            DecisionId = Guid.NewGuid(),
            PartnerId = Guid.NewGuid(),
            Field = "Achats",
            HalfDays = 3,
            DayRate = new Money(203),
            MobiliseBy = Today,
        };
        for (var i = 0; i < 3; i++) odd.Log(Guid.NewGuid(), $"{i}", Today, 1, "", new Money(203), "Jean Petit", Now);

        Assert.Equal(odd.Value, Money.Sum(odd.Time.Select(t => t.FulfilledValue)));
        Assert.Equal(Money.Zero, odd.ValueLeft);
    }

    private IEnumerable<string> Reasons(DateOnly on, int halfDays = 1) =>
        commitment.TimeRefusals(on, halfDays, saysBeyond: false, Today, Signed, closedThrough: null).Select(r => r.Reason);

    private TimeLogged Log(int halfDays, int rate = 700) =>
        commitment.Log(Guid.NewGuid(), $"{++written}", Today, halfDays, "", Money.Euros(rate), "Jean Petit", Now);
}
