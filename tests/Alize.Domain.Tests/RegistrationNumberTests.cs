namespace Alize.Domain.Tests;

public class RegistrationNumberTests
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

    [Fact]
    public void What_is_stored_wrong_is_a_bug() =>
        Assert.Throws<FormatException>(() => Siret.Parse("73282932000079"));
}
