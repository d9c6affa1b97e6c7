using Alize.Domain.Accounts;
using FsCheck.Xunit;

namespace Alize.Domain.Tests.Accounts;

public sealed class SepaTextTests
{
    [Theory]
    [InlineData("Mécanique de l’Ombrelle", "Mecanique de l'Ombrelle")]
    [InlineData("SARL Béton & Fils", "SARL Beton + Fils")]
    [InlineData("Œuvres d’Île-de-France – Noël", "OEuvres d'Ile-de-France - Noel")]
    [InlineData("ALIZÉ® Vallée", "ALIZE Vallee")]
    [InlineData("  Deux   espaces\u00A0: ", "Deux espaces :")]
    [InlineData("株式会社", "....")]
    public void What_banks_do_not_take_is_written_with_what_they_take(string text, string written) => Assert.Equal(written, SepaText.Of(text, 70));

    [Fact]
    public void A_name_is_cut_where_the_field_ends() => Assert.Equal(70, SepaText.Of(new string('é', 100), 70).Length);

    [Theory]
    [InlineData("/AV//2026/", "AV/2026")]
    [InlineData("AV-2026-003", "AV-2026-003")]
    public void A_reference_has_no_slash_at_its_ends_nor_two_in_a_row(string text, string written) => Assert.Equal(written, SepaText.Reference(text, 35));

    [Property]
    public bool Nothing_but_allowed_characters_comes_out(string? text) => SepaText.IsAllowed(SepaText.Of(text ?? "", 140)) && SepaText.IsAllowed(SepaText.Reference(text ?? "", 35));
}
