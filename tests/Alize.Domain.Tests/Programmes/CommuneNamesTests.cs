using Alize.Domain.Programmes;

namespace Alize.Domain.Tests.Programmes;

public class CommuneNamesTests
{
    private static readonly string[] Territory = ["Saint-Aubin-sur-Ombrelle", "L’Étang", "Vœuil"];

    [Theory]
    [InlineData("Saint-Aubin-sur-Ombrelle")]
    [InlineData("SAINT AUBIN SUR OMBRELLE")]
    [InlineData("St-Aubin sur Ombrelle")]
    [InlineData(" l'etang ")]
    [InlineData("Voeuil")]
    public void A_commune_is_known_however_it_is_written(string typed) => Assert.True(CommuneNames.Contain(Territory, typed));

    [Theory]
    [InlineData("Saint-Aubin")]
    [InlineData("Étangs")]
    [InlineData("")]
    public void Another_commune_is_not(string typed) => Assert.False(CommuneNames.Contain(Territory, typed));

    [Fact]
    public void A_list_is_read_line_by_line_each_commune_once_in_order() =>
        Assert.Equal(["Aulnes", "Étang", "Val"], CommuneNames.Read("Val\r\nÉtang; Aulnes\nVAL, \n"));

    [Fact]
    public void A_territory_that_is_not_described_leaves_no_commune_outside()
    {
        var programme = new Programme { Id = Guid.NewGuid(), Slug = "t", Name = "T", Territory = "T", SignedOn = new(2026, 1, 5) };

        Assert.True(programme.Covers("Ailleurs"));

        programme.Communes = ["Val"];
        Assert.False(programme.Covers("Ailleurs"));
        Assert.True(programme.Covers("VAL"));
    }
}
