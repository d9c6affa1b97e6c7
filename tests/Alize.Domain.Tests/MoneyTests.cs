namespace Alize.Domain.Tests;

public class MoneyTests
{
    [Theory]
    [InlineData("15000", 1_500_000)]
    [InlineData("15 000,50 €", 1_500_050)]
    [InlineData("15\u202F000,5", 1_500_050)]
    [InlineData("15000.5", 1_500_050)]
    [InlineData("-3,10", -310)]
    public void Amounts_are_read_as_people_type_them(string text, long cents)
    {
        Assert.True(Money.TryParse(text, out var money));
        Assert.Equal(cents, money.Cents);
    }

    [Theory]
    [InlineData("15.000")]      // fifteen euros or fifteen thousand?
    [InlineData("15.000,50")]
    [InlineData("1,234")]
    [InlineData("79228162514264337593543950335")]
    [InlineData("douze")]
    [InlineData("")]
    [InlineData(null)]
    public void What_could_be_misread_is_refused(string? text) => Assert.False(Money.TryParse(text, out _));

    [Theory]
    [InlineData(0)]
    [InlineData(123_456_789)]
    [InlineData(-5)]
    public void What_is_written_can_be_read_back(long cents)
    {
        Assert.True(Money.TryParse(new Money(cents).ToString(), out var money));
        Assert.Equal(cents, money.Cents);
    }

    [Fact]
    public void Amounts_are_written_in_French() => Assert.Equal("1\u202F234\u202F567,89\u00A0€", new Money(123_456_789).ToString());
}
