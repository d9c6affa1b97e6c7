namespace Alize.Domain.Tests;

public class FrenchVatNumberTests
{
    [Fact]
    public void The_VAT_number_follows_from_the_SIREN()
    {
        var vat = FrenchVatNumber.Of(Siren.Parse("732829320"));
        Assert.Equal("FR44732829320", vat.Compact);
        Assert.Equal("FR\u00A044\u00A0732\u00A0829\u00A0320", vat.ToString());
        Assert.Equal(vat, FrenchVatNumber.Parse("fr 44 732 829 320"));
    }

    [Theory]
    [InlineData("FR45732829320", "la clé usuelle est 44")]
    [InlineData("DE44732829320", "ne commence pas par FR")]
    [InlineData("FR4473282932", "12 caractères au lieu de 13")]
    [InlineData("FR44732829321", "ne forment pas un SIREN")]
    [InlineData("FRIO732829320", "signe interdit")]
    [InlineData("", "manque")]
    public void A_wrong_VAT_number_says_what_is_wrong(string text, string said)
    {
        Assert.False(FrenchVatNumber.TryParse(text, out _, out var problem));
        Assert.Contains(said, problem);
    }

    [Fact]
    public void A_VAT_key_may_hold_a_letter() =>
        Assert.True(FrenchVatNumber.TryParse("FR K7 399859412", out _, out _));
}
