namespace Alize.Domain.Tests;

public class SiretTests
{
    [Fact]
    public void A_right_SIRET_names_its_enterprise_and_its_establishment()
    {
        Assert.True(Siret.TryParse("732 829 320 00074", out var siret, out _));
        Assert.Equal("73282932000074", siret.Digits);
        Assert.Equal("732829320", siret.Siren.Digits);
        Assert.Equal("00074", siret.Nic);
        Assert.Equal("732\u00A0829\u00A0320\u00A000074", siret.ToString());
    }

    [Fact]
    public void A_SIRET_with_a_wrong_key_says_so_in_a_sentence()
    {
        Assert.False(Siret.TryParse("73282932000079", out _, out var problem));
        Assert.Equal(
            "Le SIRET 732\u00A0829\u00A0320\u00A000079 est faux\u00A0: sa clé ne correspond pas. Vérifiez les 14 chiffres sur l’extrait Kbis.",
            problem);
    }

    [Theory]
    [InlineData("732829320", "Ajoutez les 5 chiffres")]
    [InlineData("7328293200007", "13 chiffres au lieu de 14")]
    [InlineData("73282932100074", "ne forment pas un SIREN")]
    public void A_wrong_SIRET_says_what_is_wrong(string text, string said)
    {
        Assert.False(Siret.TryParse(text, out _, out var problem));
        Assert.Contains(said, problem);
    }

    [Theory]
    [InlineData("35600000000048", true)]   // head office, by Luhn; its digits make 26
    [InlineData("35600000049837", true)]   // digits make 45
    [InlineData("35600000049838", false)]
    [InlineData("35600000000010", true)]   // digits make 15
    [InlineData("35600000000011", false)]
    public void La_Poste_has_its_own_key(string text, bool isRight) =>
        Assert.Equal(isRight, Siret.TryParse(text, out _, out _));

    [Fact]
    public void Any_one_digit_mistyped_is_found()
    {
        const string right = "73282932000074";
        for (var place = 0; place < right.Length; place++)
        {
            foreach (var digit in "0123456789".Where(digit => digit != right[place]))
                Assert.False(Siret.TryParse(string.Concat(right.AsSpan(0, place), digit.ToString(), right.AsSpan(place + 1)), out _, out _));
        }
    }

    [Fact]
    public void What_is_stored_wrong_is_a_bug() =>
        Assert.Throws<FormatException>(() => Siret.Parse("73282932000079"));
}
