namespace Alize.Domain.Tests;

public class SirenTests
{
    [Theory]
    [InlineData("732829320")]
    [InlineData("732 829 320")]
    [InlineData(" 732.829.320 ")]
    [InlineData("732\u202F829\u00A0320")]
    [InlineData("356000000")]
    public void A_right_SIREN_is_read_however_it_is_spaced(string text)
    {
        Assert.True(Siren.TryParse(text, out var siren, out var problem));
        Assert.Null(problem);
        Assert.Equal(9, siren.Digits.Length);
    }

    [Theory]
    [InlineData("732829321", "sa clé ne correspond pas")]
    [InlineData("73282932", "8 chiffres au lieu de 9")]
    [InlineData("73282932O", "9e caractère, «\u00A0O\u00A0»")]
    [InlineData("A32829320", "1er caractère, «\u00A0A\u00A0»")]
    [InlineData("73282932000074", "Gardez les 9 premiers\u00A0: 732\u00A0829\u00A0320")]
    [InlineData("000000000", "sa clé ne correspond pas")]
    [InlineData("٧٣٢٨٢٩٣٢٠", "n’est pas un chiffre")]
    [InlineData("", "Le SIREN manque")]
    [InlineData(null, "Le SIREN manque")]
    public void A_wrong_SIREN_says_what_is_wrong(string? text, string said)
    {
        Assert.False(Siren.TryParse(text, out _, out var problem));
        Assert.Contains(said, problem);
    }
}
