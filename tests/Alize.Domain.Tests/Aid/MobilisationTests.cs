using Alize.Domain.Aid;

namespace Alize.Domain.Tests.Aid;

[Trait("Rule", "R20")]
public class MobilisationTests
{
    [Fact]
    public void Competences_are_mobilised_within_twenty_working_days()
    {
        var deadline = Mobilisation.Deadline(new DateOnly(2026, 4, 30), new FrenchCalendar());
        Assert.Equal(new DateOnly(2026, 6, 3), deadline);
        Assert.False(Mobilisation.IsLate(deadline, mobilisedOn: null, today: deadline));
        Assert.True(Mobilisation.IsLate(deadline, mobilisedOn: null, today: deadline.AddDays(1)));
        Assert.False(Mobilisation.IsLate(deadline, mobilisedOn: deadline, today: deadline.AddDays(90)));
        Assert.True(Mobilisation.IsLate(deadline, mobilisedOn: deadline.AddDays(1), today: deadline.AddDays(90)));
    }

    [Fact]
    public void The_programme_may_agree_on_another_deadline() =>
        Assert.Equal(new DateOnly(2026, 5, 7), Mobilisation.Deadline(new DateOnly(2026, 4, 30), new FrenchCalendar(), workingDays: 4));
}
